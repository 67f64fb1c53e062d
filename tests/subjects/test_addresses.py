"""One spelling for each address; what cannot be right is refused without being repeated."""

import idna
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consent.subjects.addresses import Address, BadAddress, Kind, as_received, canonical, masked


@pytest.mark.parametrize(
    "raw",
    [
        "+15095550142",
        " +1 509 555 0142 ",
        "+1 (509) 555-0142",
        "+1.509.555.0142",
        "＋１５０９５５５０１４２",
        "tel:+1-509-555-0142",
    ],
)
def test_a_number_has_one_spelling(raw: str) -> None:
    assert canonical("sms", raw).value == "+15095550142"


@pytest.mark.parametrize("raw", ["(509) 555-0142", "509-555-0142", "5095550142", "1 509 555 0142"])
def test_a_number_without_country_code_needs_a_region(raw: str) -> None:
    assert canonical("sms", raw, "US").value == "+15095550142"
    with pytest.raises(BadAddress):
        canonical("sms", raw)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("+15095550142", Kind.E164),
        ("12345", Kind.SHORT_CODE),
        ("+442079460958", Kind.E164),
        ("VALLEY", Kind.SENDER_NAME),
    ],
)
def test_the_kind_of_a_number_is_known(raw: str, kind: Kind) -> None:
    found = canonical("sms", raw)
    assert (found.kind, found.value) == (kind, raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "+",
        "12",
        "hello, my number is",
        "+1509555014",
        "+150955501423",
        "+10095550142",
        "+15090550142",
        "+0123456789",
        "+1234567",
        "+1234567890123456",
        "+1 509 555 0142 x5",
        "+١٥٠٩٥٥٥",
        "+1509\x005550142",
        "+1509\n5550142",
        "\ud800",
        "9" * 1000,
    ],
)
def test_a_number_that_cannot_be_right_is_refused(raw: str) -> None:
    with pytest.raises(BadAddress) as refused:
        canonical("sms", raw)
    assert refused.value.field == "address"
    assert refused.value.status == 422


def test_a_voice_number_is_spelled_as_a_text_number() -> None:
    assert canonical("voice", "+1 509 555 0142").value == canonical("sms", "+15095550142").value


@pytest.mark.parametrize("raw", ["A.Person@Example.COM", " a.person@example.com ", "a.person@EXAMPLE.com"])
def test_an_email_address_has_one_spelling(raw: str) -> None:
    assert canonical("email", raw).value == "a.person@example.com"


def test_mail_goes_to_the_name_as_it_was_written() -> None:
    assert canonical("email", "A.Person@Example.COM").deliver_to == "A.Person@example.com"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("e\u0301te@example.com", "\u00e9te@example.com"),
        ("a@b\u00fccher.example", "a@xn--bcher-kva.example"),
        ("a@stra\u00dfe.example", "a@xn--strae-oqa.example"),
        ("a@\uff45xample.com", "a@example.com"),
        ("a+b_c-d.e@mail.example", "a+b_c-d.e@mail.example"),
    ],
)
def test_letters_beyond_ascii_have_one_spelling_too(raw: str, value: str) -> None:
    assert canonical("email", raw).value == value


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "@",
        "a@",
        "@example.com",
        "a",
        "a b@example.com",
        "a@b@example.com",
        "a@example",
        "a@exa mple.com",
        "a@-example.com",
        "a@example..com",
        "a\r\nBcc: b@example.com",
        "a\x00@example.com",
        '"a"@example.com',
        "x" * 65 + "@example.com",
        "a@" + "x" * 250 + ".com",
        "a@" + "x" * 64 + ".com",
        "\ud800@example.com",
        "a@\ud800.example",
    ],
)
def test_an_email_address_that_cannot_be_right_is_refused(raw: str) -> None:
    with pytest.raises(BadAddress):
        canonical("email", raw)


@pytest.mark.parametrize(
    ("channel", "raw"), [("sms", "+1509555014"), ("email", "a.person at example"), ("sms", "5095550143")]
)
def test_a_refusal_does_not_repeat_the_address(channel: str, raw: str) -> None:
    with pytest.raises(BadAddress) as refused:
        canonical(channel, raw)
    assert raw not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_other_channels_keep_what_is_printable_in_one_line() -> None:
    assert canonical("post", "1 Main  Street\n98801 Wenatchee").value == "1 Main Street 98801 Wenatchee"
    with pytest.raises(BadAddress):
        canonical("post", " \n ")


@pytest.mark.parametrize(
    ("raw", "value"),
    [("+15095550142", "+15095550142"), ("+1509555014", "+1509555014"), ("+1\x00509", "+1509"), ("", "")],
)
def test_whatever_sent_a_text_has_an_address(raw: str, value: str) -> None:
    assert as_received("sms", raw).value == value


def test_who_opted_in_and_who_texted_stop_are_the_same() -> None:
    assert as_received("sms", "+15095550142") == canonical("sms", "(509) 555-0142", "US")


@pytest.mark.parametrize(
    ("channel", "value", "shown"),
    [
        ("sms", "+15095550142", "•••• 0142"),
        ("voice", "+15095550142", "•••• 0142"),
        ("sms", "12345", "12345"),
        ("sms", "VALLEYSMART", "VALLEYSMART"),
        ("email", "person@example.com", "p•••@example.com"),
        ("email", "ab@example.com", "•••@example.com"),
        ("post", "1 Main Street", "••••"),
    ],
)
def test_a_masked_address_shows_too_little_to_use(channel: str, value: str, shown: str) -> None:
    assert masked(channel, value) == shown
    assert Address(channel, value, Kind.OTHER).masked == shown


def test_a_repr_shows_no_address() -> None:
    assert "555" not in repr(canonical("sms", "+15095550142"))
    assert "person" not in repr(canonical("email", "person@example.com"))


@pytest.mark.parametrize(
    ("raw", "value"), [(" Ada_L ", "Ada_L"), ("+15095550142", "+15095550142"), ("a" * 128, "a" * 128)]
)
def test_a_messenger_address_keeps_its_case_and_spelling(raw: str, value: str) -> None:
    found = canonical("chat", raw)
    assert (found.channel, found.value, found.deliver_to) == ("chat", value, value)
    assert found.masked == "••••"


@pytest.mark.parametrize("raw", ["", "  ", "a" * 129, "a\u0000b"])
def test_a_messenger_address_is_neither_empty_nor_endless(raw: str) -> None:
    with pytest.raises(BadAddress):
        canonical("chat", raw)


LABELS = st.text("aZ09-éßxn.", min_size=1, max_size=70)


@given(LABELS)
@example("aa--b")
@example("a-" * 40 + "a")
@example("a..b")
@example("-a")
@example("a-")
@example("xn--e1afmkfd")
@example("xn--a")
@example("a" * 63)
@example("a" * 64)
@example("a-" * 40 + "a")
@example("a..b")
def test_a_domain_is_spelt_as_idna_spells_it(domain: str) -> None:
    domain = f"{domain}.example"
    try:
        spelt = idna.encode(domain, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        with pytest.raises(BadAddress):
            canonical("email", f"a@{domain}")
    else:
        assert canonical("email", f"a@{domain}").value == f"a@{spelt}"
