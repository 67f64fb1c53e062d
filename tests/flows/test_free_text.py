"""What an organization keeps out of free text is kept out at every door: of people, staff, systems and files."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from consent.house import House
from consent.imports import mapping as mappings
from consent.imports import queries
from tests.imports.files import HEADING, bring, no, row, text
from tests.support.systems import Systems
from tests.support.valley import PERSON, Tenant
from tests.support.visiting import Visitor

CARD, CODE = "4111 1111 1111 1111", "cvv 987"
WORDS = f"Delete what you have. I paid with {CARD}, {CODE}."
URL = "https://mail.shop.example/inbox/7"


def letter(**changes: str) -> dict[str, object]:
    complete: dict[str, object] = {
        "address": PERSON, "channels": ["sms"], "received_at": "2026-11-20T12:00:00-08:00", "how": "letter",
        "entered_by": "Ana",
    }  # fmt: skip
    return complete | changes


def stored(systems: Systems) -> str:
    return str(systems.history())


def test_t_80_vsh_51_a_system_is_told_which_field_holds_a_card_and_never_hears_it_again(systems: Systems) -> None:
    refused = systems.post("revocations", letter(note=f"Paid with {CARD}"))
    assert refused.status_code == 422
    said = refused.get_json()
    assert said["errors"][0]["field"] == "note" if "errors" in said else "note" in str(said)
    assert "4111" not in str(said) and "last four" in str(said)
    taken = systems.post("revocations", letter(words=WORDS))
    assert taken.status_code == 201
    assert "4111" not in stored(systems) and "987" not in stored(systems)
    assert "Delete what you have" in stored(systems)


def test_t_83_vsh_13_a_note_of_a_system_names_no_whole_web_address(systems: Systems) -> None:
    refused = systems.post("revocations", letter(note=f"seen at {URL}"))
    assert (refused.status_code, "domain" in refused.get_data(as_text=True)) == (422, True)
    assert systems.post("revocations", letter(words=f"You wrote to me from {URL}")).status_code == 201
    assert "inbox/7" in stored(systems)  # the person's own words are no data taken from a network (VSH-06)


def test_a_persons_own_form_goes_through_without_the_card(
    client: FlaskClient, house: House, valley: Tenant, systems: Systems
) -> None:
    visitor = Visitor(client, house, valley)
    visitor.come_in(PERSON)
    data = {"csrf": visitor.csrf(), "words": WORDS}
    sent = client.post(f"/{valley.slug}/requests/complaint", data=data, base_url="https://consent.example")
    assert sent.status_code == 303
    assert "4111" not in stored(systems) and "987" not in stored(systems)
    assert "Delete what you have" in stored(systems)


def test_a_file_keeps_its_noes_and_loses_its_cards(
    house: House, valley: Tenant, systems: Systems, tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    rows = [no(proof_note=f"Card {CARD}"), row(address="+15095550143", state="perhaps", proof_note=f"{CARD}")]
    file.write_text(text(rows, (*HEADING, "proof_note")), "utf-8")
    run = bring(house, valley, file, mappings.from_dict({}))
    assert "4111" not in stored(systems)
    assert not systems.may()
    with house.db.read(valley.id) as tx:
        (apart,) = queries.quarantine(tx, house.keyring, valley.id, run)
    assert "4111" not in str(apart.cells) and "+15095550143" in apart.cells


@pytest.mark.parametrize("words", ["My number is +15095550142.", "Invoice 1234567890123456, please"])
def test_numbers_that_are_no_cards_stay(systems: Systems, words: str) -> None:
    assert systems.post("revocations", letter(words=words, note="Folder 7")).status_code == 201
    assert words in stored(systems)
