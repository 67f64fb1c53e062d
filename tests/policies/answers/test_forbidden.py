"""What each organization keeps out of free text, by its own promises and the floor for all."""

import pytest

from consent.policies.answers.forbidden import FILES, PEOPLE, STAFF, SYSTEMS, Forbidden
from tests.policies.answers.companies import promises

CARD = "4111 1111 1111 1111"
TEXT = f"My card is {CARD}, cvv 123, please."
ADDRESS = "Opened https://mail.shop.example/inbox/7?q=private at noon."


def kinds(prefix: str, text: str, origin: str = PEOPLE, field: str = "") -> tuple[str, ...]:
    return Forbidden(promises(prefix)).clean(text, origin, field).kinds


def test_t_80_vsh_51_1v_32_smt_05_cards_are_a_matter_of_the_policy_and_their_codes_of_nobody() -> None:
    assert {prefix: kinds(prefix, TEXT) for prefix in ("VSH", "1V", "SMT", "VAL", "VOX")} == {
        "VSH": ("card", "cvv"),
        "1V": ("card", "cvv"),
        "SMT": ("cvv",),
        "VAL": ("cvv",),
        "VOX": ("cvv",),
    }
    smartt = Forbidden(promises("SMT")).clean(TEXT, PEOPLE)
    assert CARD in smartt.text and "123" not in smartt.text
    assert Forbidden(promises("VSH")).rests_on("cvv") == ("VSH-51",)
    assert Forbidden(()).kinds(PEOPLE) == {"cvv"}


def test_t_83_vsh_13_destinations_are_no_finer_than_the_domain_in_what_the_company_writes() -> None:
    valley = Forbidden(promises("VSH"))
    for origin in (STAFF, SYSTEMS, FILES):
        cleaned = valley.clean(ADDRESS, origin)
        assert cleaned.kinds == ("url",)
        assert "shop.example" in cleaned.text
        assert not any(word in cleaned.text for word in ("mail.", "inbox", "private", "https"))
    assert valley.clean("See https://shop.example today", STAFF).kinds == ()
    assert kinds("SMT", ADDRESS, STAFF) == ()


def test_what_a_person_writes_is_no_data_taken_from_a_network() -> None:
    assert Forbidden(promises("VSH")).clean(ADDRESS, PEOPLE) == (ADDRESS, ())


def test_vsh_06_a_field_that_says_it_holds_messages_keeps_nothing() -> None:
    cleaned = Forbidden(promises("VSH")).clean("See you at eight", FILES, "message_body")
    assert cleaned == ("", ("message",))
    assert kinds("VAL", "See you at eight", FILES, "message_body") == ()


@pytest.mark.parametrize("text", ["", "Call +15095550142 about invoice 123456789.", "Ticket 2026-11-21 17:00:00"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    for origin in (PEOPLE, STAFF, SYSTEMS, FILES):
        assert Forbidden(promises("VSH")).clean(text, origin) == (text, ())
