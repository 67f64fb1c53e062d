"""What a file is, is told from its content; what it is called must agree."""

import pytest

from consent.errors import BadInput
from consent.preferences.proof_types import KINDS, ending_of, media_type_of
from tests.support import files


def test_there_is_an_example_of_each_kind() -> None:
    assert set(files.OF_TYPE) == set(KINDS)


@pytest.mark.parametrize("media_type", KINDS)
def test_each_kind_is_known_by_its_content(media_type: str) -> None:
    assert media_type_of(media_type, files.OF_TYPE[media_type]) == media_type
    assert ending_of(media_type).isalnum()


@pytest.mark.parametrize("said", KINDS)
@pytest.mark.parametrize("media_type", KINDS)
def test_a_file_passes_for_no_other_kind(media_type: str, said: str) -> None:
    if said == media_type or (said, media_type) == ("text/plain", "message/rfc822"):  # mail is text, too
        return
    if (said, media_type) == ("text/plain", "application/pdf"):  # so is a PDF without compressed parts
        return
    with pytest.raises(BadInput, match=f"said to be {said}, and its content is {media_type}") as refused:
        media_type_of(said, files.OF_TYPE[media_type], at="proof.")
    assert refused.value.field == "proof.type"


@pytest.mark.parametrize(
    ("said", "media_type"),
    [
        ("image/jpg", "image/jpeg"),
        ("IMAGE/PNG", "image/png"),
        ("audio/x-wav", "audio/wav"),
        ("audio/mp3", "audio/mpeg"),
        ("audio/x-m4a", "audio/mp4"),
        ("text/plain; charset=utf-8", "text/plain"),
    ],
)
def test_a_kind_may_be_called_by_its_other_names(said: str, media_type: str) -> None:
    assert media_type_of(said, files.OF_TYPE[media_type]) == media_type


def test_a_tagged_recording_is_a_recording() -> None:
    assert media_type_of("audio/mpeg", files.MP3_TAGGED) == "audio/mpeg"


@pytest.mark.parametrize(
    "said", ["text/html", "image/svg+xml", "application/zip", "application/octet-stream", "", "pdf", "a/b\r\nX: y"]
)
def test_other_kinds_are_not_kept(said: str) -> None:
    with pytest.raises(BadInput, match="A proof is one of: application/pdf") as refused:
        media_type_of(said, files.PDF)
    assert refused.value.field == "type"


@pytest.mark.parametrize(
    ("said", "content"),
    [
        ("application/pdf", b"<html>%PDF-1.7 %%EOF"),  # not at the beginning: two readers would see two files
        ("application/pdf", files.PDF[:30]),  # cut off
        ("image/png", files.PNG[:-4]),
        ("image/png", b"\x89PNG\r\n\x1a\n<script>"),
        ("image/jpeg", b"\xff\xd8\xff"),
        ("image/jpeg", b"GIF89a\xff\xd8\xff\xd9"),
        ("audio/wav", b"RIFF\0\0\0\0AVI LIST"),
        ("audio/mpeg", b"\xff\xfe<\x00h\x00"),  # UTF-16
        ("audio/mpeg", b"ID3\x09\x00"),
        ("audio/mp4", b"\0\0\0\x14ftypqt  "),
        ("audio/ogg", b"OggS"),
        ("message/rfc822", b"Subject: no sender\r\n\r\nhello"),
        ("message/rfc822", b"<html>\r\nFrom: a\r\nDate: b\r\n\r\n"),
        ("message/rfc822", b" From: a\r\nDate: b\r\n\r\n"),
        ("text/plain", b"MZ\x90\x00\x03"),
        ("text/plain", "Sí".encode("latin-1")),
        ("text/plain", b"\x1b[2J"),
    ],
)
def test_what_only_looks_like_its_kind_is_refused(said: str, content: bytes) -> None:
    with pytest.raises(BadInput, match="said to be"):
        media_type_of(said, content)


@pytest.mark.parametrize("media_type", KINDS)
def test_an_empty_file_is_said_to_be_empty(media_type: str) -> None:
    with pytest.raises(BadInput, match="empty"):
        media_type_of(media_type, b"")
