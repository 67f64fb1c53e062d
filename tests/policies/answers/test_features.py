"""Features: off until allowed, ended at once, allowed anew only by a new permission, untouched by STOP."""

from datetime import timedelta
from typing import Any

import pytest

from consent.policies.packs import load_law, load_organization, load_versions
from consent.policies.rulebook import ConsentDraft, Facts, Rulebook, compile_rulebook
from tests.policies.house import NOW, POLICIES, codes, fact


def book(slug: str, *, without: str = "") -> Rulebook:
    """The rulebook of a shipped pack; `without` leaves one of its documents out."""
    folder = POLICIES / slug
    versions = tuple(one for one in load_versions(folder) if one.policy != without)
    return compile_rulebook(load_organization(folder), versions, load_law(POLICIES / "law"), NOW)


VALLEY, VALET = book("valley-smart-homes"), book("1valet")


@pytest.mark.parametrize("feature", ["managed-networking", "autopay", "call-recording", "voicemail"])
def test_a_feature_is_off_until_somebody_allows_it(feature: str) -> None:
    off = VALLEY.features.may_run(feature)
    assert (off.answer, codes(off)) == ("deny", ["feature-off"])
    on = VALLEY.features.may_run(feature, [fact(program=feature)])
    assert (on.answer, on.reasons[0].basis) == ("allow", "consent")


def test_a_permission_names_the_commitment_that_asks_for_it() -> None:
    assert VALLEY.features.may_run("managed-networking").reasons[0].commitment == "VSH-10"
    assert VALLEY.features.may_run("autopay").reasons[0].commitment == "VSH-52"
    assert VALET.features.may_run("facial-entry").reasons[0].commitment == "1V-09"


def test_a_permission_for_one_feature_says_nothing_about_another() -> None:
    assert VALLEY.features.may_run("autopay", [fact(program="voicemail")]).answer == "deny"


def test_t_65_what_was_switched_off_needs_a_new_permission() -> None:
    given, ended = fact(days=-9, program="managed-networking"), fact("withdrawn", -5, "managed-networking")
    off = VALLEY.features.may_run("managed-networking", [given, ended])
    assert [(one.code, one.commitment, one.entry) for one in off.reasons] == [
        ("feature-withdrawn", "VSH-11", ended.event_id)
    ]
    again = fact(days=-1, program="managed-networking")
    assert VALLEY.features.may_run("managed-networking", [given, ended, again]).answer == "allow"


def test_ending_shows_what_follows_and_may_not_be_refused() -> None:
    ending = VALLEY.features.ending("managed-networking")
    assert ending is not None
    assert ending.consequence is not None
    assert (ending.effect, ending.finished_within, ending.finished_within_basis) == (
        "at-receipt",
        "P2D",
        "business-day",
    )
    assert ending.refusal_allowed is False
    voicemail = VALLEY.features.ending("voicemail")
    assert voicemail is not None
    assert voicemail.purge_after == "P30D"


def test_a_gate_that_is_known_to_be_closed_closes_the_feature() -> None:
    allowed = [fact(program="managed-networking")]
    gate = ("active-subscription", "supported-equipment")
    assert VALLEY.features.may_run("managed-networking", allowed, present=gate).answer == "allow"
    closed = VALLEY.features.may_run("managed-networking", allowed, present=gate[:1])
    assert (codes(closed), closed.reasons[0].commitment) == (["gate-closed"], "VSH-07")


def test_t_91_a_child_is_not_enrolled_whatever_was_clicked() -> None:
    denied = VALET.features.may_run("facial-entry", [fact(program="facial-entry")], Facts(minor=True))
    assert [(one.code, one.commitment) for one in denied.reasons] == [("minor", "1V-34")]


def _facial(**changes: Any) -> ConsentDraft:
    draft = ConsentDraft(
        "facial-entry", "email", "ada@tenant.example", "given", NOW - timedelta(hours=1), "app-switch",
        "Let my face open the door.", "en", "192.0.2.7", granted_by="person",
    )  # fmt: skip
    return draft._replace(**changes)


def test_t_29_consent_to_entry_by_face_needs_the_second_document_in_force() -> None:
    assert VALET.consent_findings(_facial()) == ()
    companion = VALET.features.companion("facial-entry")
    assert companion is not None
    assert companion.policy == "facial-entry-policy"
    lone = book("1valet", without="facial-entry-policy")
    assert [(one.field, one.commitment) for one in lone.consent_findings(_facial())] == [("program", "1V-09")]
    assert lone.consent_findings(_facial(state="withdrawn")) == ()


def test_nobody_else_and_no_preset_switches_a_feature_on() -> None:
    assert [one.field for one in VALET.consent_findings(_facial(granted_by="property-manager"))] == ["granted_by"]
    assert [one.field for one in VALET.consent_findings(_facial(granted_by=None))] == ["granted_by"]
    assert [one.field for one in VALET.consent_findings(_facial(pre_ticked=True))] == ["pre_ticked"]
    for method in ("use", "account-creation", "portal-registration", "Continued use"):
        assert [(one.field, one.commitment) for one in VALET.consent_findings(_facial(method=method))] == [
            ("method", "1V-57")
        ]


def test_what_is_part_of_the_service_is_neither_given_nor_withdrawn() -> None:
    smartt = book("smartt")
    draft = _facial(program="cookies", channel="web")
    assert [one.field for one in smartt.consent_findings(draft)] == ["program"]
    assert codes(smartt.features.may_run("cookies")) == ["feature-required"]
    assert codes(smartt.features.may_run("nonsense")) == ["unknown-feature"]
    assert codes(smartt.features.may_run("portals")) == ["feature-not-refused"]
