"""Mails of strangers: what is read out of them, and what is not."""

from datetime import UTC, datetime, timedelta

from consent.intake.reading import MOST_TEXT, Letter, read
from consent.intake.rules import Read, Verdict, triage

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
HEAD = "From: Ada <ada@people.example>\r\nTo: privacy@valley.example\r\n"


def mail(body: str, head: str = "Subject: Hello\r\n") -> Letter:
    """A plain mail from Ada."""
    return read((HEAD + head + "\r\n" + body).encode(), NOW)


def asked(body: str, head: str = "Subject: Hello\r\n") -> Read:
    """What it is read as."""
    return triage(mail(body, head), frozenset({"privacy@valley.example"}))


def test_what_mails_ask_is_told_apart_by_their_words() -> None:
    table = {
        "Please delete my data.": (Verdict.REQUEST, ("deletion",), False),
        "What data do you have on me?": (Verdict.REQUEST, ("access",), False),
        "Supprimez mes données et corrigez mon adresse": (Verdict.REQUEST, ("deletion", "correction"), False),
        "stop emailing me": (Verdict.UNSUBSCRIBE, (), True),
        "Stop emailing me and delete my data": (Verdict.REQUEST, ("deletion",), True),
        "I want to file a complaint about how you handle data": (Verdict.COMPLAINT, ("complaint",), False),
        "Quiero presentar una queja": (Verdict.COMPLAINT, ("complaint",), False),
        "When do you open on Monday?": (Verdict.UNKNOWN, (), False),
        "START": (Verdict.UNKNOWN, (), False),
        "": (Verdict.UNKNOWN, (), False),
    }
    for body, (verdict, wishes, stops) in table.items():
        found = asked(body)
        assert (found.verdict, found.wishes, found.stops) == (verdict, wishes, stops), body
    assert asked("see below", "Subject: Re: =?utf-8?q?Borren_mis_datos?=\r\n").wishes == ("deletion",)
    assert asked("", "Subject: unsubscribe\r\n").verdict is Verdict.UNSUBSCRIBE


def test_what_is_quoted_signed_or_written_by_a_machine_asks_nothing() -> None:
    quoted = "Thanks, that is fine.\r\n\r\nOn Monday, Valley wrote:\r\n> Reply STOP, or: delete my data"
    assert mail(quoted).own_words.strip() == "Thanks, that is fine."
    assert asked(quoted).verdict is Verdict.UNKNOWN
    assert asked("Fine.\r\n-- \r\nTo unsubscribe: stop emailing me").verdict is Verdict.UNKNOWN
    for header in ("Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <x.example>", "Return-Path: <>"):
        assert asked("delete my data", f"{header}\r\n").verdict is Verdict.AUTOMATIC, header
    own = read(b"From: privacy@valley.example\r\n\r\ndelete my data", NOW)
    assert triage(own, frozenset({"privacy@valley.example"})).verdict is Verdict.UNKNOWN


def test_the_clock_starts_when_the_companys_server_had_it_and_no_wrong_clock_is_believed() -> None:
    def at(stamp: str) -> datetime:
        return mail(
            "x", f"Received: from a by b; {stamp}\r\nReceived: from c; Fri, 1 Jan 2010 00:00:00 +0000\r\n"
        ).received_at

    assert at("Fri, 20 Nov 2026 09:00:00 -0800") == NOW - timedelta(days=1)
    for wrong in ("Fri, 20 Nov 2037 09:00:00 -0800", "Mon, 1 Jan 1990 00:00:00 +0000", "yesterday", "", "99 Foo"):
        assert at(wrong) == NOW, wrong


def test_attachments_are_left_out_with_a_note_and_pages_are_read_as_words() -> None:
    both = (
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n'
        "<style>p{}</style><p>Please <b>delete</b> my data</p><script>stop()</script>\r\n--b\r\n"
        'Content-Type: application/zip; name="bomb.zip"\r\nContent-Disposition: attachment\r\n\r\nUEsDBA==\r\n--b--\r\n'
    )
    letter = read((HEAD + both).encode(), NOW)
    assert " ".join(letter.text.split()) == "Please delete my data"
    assert letter.notes == ("attachment:application/zip",)
    assert triage(letter, frozenset()).wishes == ("deletion",)


def test_hostile_mails_are_read_as_far_as_they_go() -> None:
    deep = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(2000))
    many = 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + "--b\r\n\r\nx\r\n" * 5000 + "--b--"
    for content in (
        b"",
        b"\x00\xff" * 1000,
        (HEAD + deep).encode(),
        (HEAD + many).encode(),
        (HEAD + "Content-Type: text/plain; charset=x-no-such\r\n\r\n\xe9").encode("latin-1"),
        (HEAD + "Content-Transfer-Encoding: base64\r\n\r\n!!!not base64").encode(),
        (HEAD + "Subject: =?utf-8?b?////?=\r\n\r\nx").encode(),
        (HEAD + "Subject: =?no-such?q?x?=\r\n\r\nx").encode(),
        (HEAD + "\r\n" + "<" * 100_000).encode(),
        (HEAD + "Content-Type: text/html\r\n\r\n" + "<p " * 50_000).encode(),
        b"From: a@b.example, c@d.example\r\n\r\nx",
        b"From: \xff\xfe\r\n\r\nx",
        b"Content-Type: multipart/mixed\r\n\r\n",
        b"Received: a; Fri, 31 Dec 9999 23:59:59 -2359\r\n\r\nx",
        (HEAD + "Content-Type: text/html\r\n\r\n" + "<![x" * 20_000).encode(),
    ):
        letter = read(content, NOW)
        assert letter.received_at == NOW
        assert len(letter.text) <= MOST_TEXT
        triage(letter, frozenset())
    assert read(b"From: a@b.example, c@d.example\r\n\r\nx", NOW).sender is None
    assert mail("hi \u202etxt.exe\u202c <script>").text == "hi txt.exe <script>"
    page = HEAD + "Content-Type: text/html\r\n\r\n<![x[ ]>Please <![if !mso]>delete<![endif]> my data"
    assert " ".join(read(page.encode(), NOW).text.split()) == "Please delete my data"
