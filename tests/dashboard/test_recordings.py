"""Every recorded line stands on a register with its rule, its owner, its evidence and its next review."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from consent.dashboard import words
from consent.dashboard.recordings.register import places
from consent.house import House
from consent.policies import service as policies
from consent.policies.packs import load_organization, load_versions, parse_organization, with_logo
from consent.policies.recorded_lines import SELECTIONS, TOLD
from consent.policies.rulebook import compile_rulebook
from consent.staff.roles import Role
from tests.dashboard.conftest import Browser
from tests.policies.house import NOW, POLICIES
from tests.support.time import Time
from tests.support.valley import PACK, Tenant

LIST = "/staff/recordings"
KEY = "recording:support"


def switch_on(house: House, valley: Tenant, time: Time) -> None:
    """The officer's settings say that the support line is recorded."""
    file = PACK / "organization.toml"
    text = with_logo(file.read_text("utf-8").replace("on = false", "on = true", 1), file)
    pack = parse_organization(text, str(file))
    house.db.write(lambda tx: policies.apply_organization(tx, house.keyring, valley.id, pack, time.now()), valley.id)


def test_t_81_vsh_48_smt_11_smt_12_smt_13_lines_that_are_on_stand_on_the_register_with_their_promises() -> None:
    found = {}
    for slug in ("smartt", "valley-smart-homes", "valtt"):
        rulebook = compile_rulebook(load_organization(POLICIES / slug), load_versions(POLICIES / slug), (), NOW)
        on = places(rulebook, datetime(2026, 11, 22, tzinfo=UTC))
        found[slug] = [(one.key, one.named_by, one.most_days) for one in on]
    assert found == {
        "smartt": [(KEY, ("SMT-11", "SMT-13", "SMT-12"), 365)],  # SMT-12 is reviewed once a year
        "valley-smart-homes": [],
        "valtt": [],
    }


def test_a_line_that_is_off_is_shown_and_asks_nothing_of_anybody(officer: Browser) -> None:
    page = officer.get(LIST)
    assert "No call of this company is recorded." in page
    assert "Lines that are not recorded" in page and "Support line" in page and "disputes" in page
    assert "Recorded lines need a review" not in officer.get("/staff/home")


def test_a_line_shows_its_rule_needs_an_owner_and_evidence_and_is_in_the_queue_when_overdue(
    seat: Callable[[Role], Browser], house: House, valley: Tenant, time: Time
) -> None:
    switch_on(house, valley, time)
    officer = seat(Role.OFFICER)
    page = officer.get(LIST)
    for said in ("Support line", "keeping up quality, settling disputes", "everybody has to say yes", "own equipment",
                 "90 days", "Nothing is recorded unless", "trace#VSH-48", "Nobody answers for it"):  # fmt: skip
        assert said in page, said
    assert "Recorded lines need a review" in officer.get("/staff/home")
    owner = {"contact": KEY, "watched_by": str(officer.seated.id), "every_days": "90"}
    assert officer.post(f"{LIST}/check", contact=KEY, note="Looked.").status_code == 409
    assert officer.post(f"{LIST}/watch", **owner).status_code == 303
    assert officer.post(f"{LIST}/check", contact=KEY).status_code == 422
    assert officer.post(f"{LIST}/check", contact=KEY, note="Ten calls heard; list in folder 4.").status_code == 303
    assert "Recorded lines need a review" not in officer.get("/staff/home")
    assert "recording.checked" in officer.get("/staff/audit?type=recording")
    assert officer.post("/staff/safeguards/check", contact=KEY, note="x").status_code == 404
    time.go(days=91)
    later = seat(Role.OFFICER)
    assert "Overdue" in later.get(LIST)
    assert "Recorded lines need a review" in later.get("/staff/home")


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("P90D", "90 days"), ("P1D", "1 day"), ("P2W", "14 days"), ("P6M", "6 months"), ("P1Y", "1 year"),
        ("P18M", "1 year, 6 months"), ("PT72H", "72 hours"), ("PT1H30M", "1 hour, 30 minutes"), ("PT5S", "5 seconds"),
    ],
)  # fmt: skip
def test_a_period_is_said_in_words(app: Flask, period: str, said: str) -> None:
    with app.test_request_context():
        assert words.lasting(period) == said


def test_every_choice_of_a_line_has_words() -> None:
    assert set(words.TOLD_BY) == set(TOLD)
    assert set(words.SELECTIONS) == set(SELECTIONS)


def test_the_page_speaks_french_and_spanish(officer: Browser, house: House, valley: Tenant, time: Time) -> None:
    switch_on(house, valley, time)
    assert "Ligne d’assistance" in officer.get(f"{LIST}?lang=fr")
    assert "90 jours" in officer.get(f"{LIST}?lang=fr")
    assert "¿Podemos grabar esta llamada" in officer.get(f"{LIST}?lang=es")
