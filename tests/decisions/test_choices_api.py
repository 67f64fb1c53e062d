"""The door of a company's own banner: what was chosen is on record, proved, withdrawn, and outweighed by a signal."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from consent.house import House
from consent.preferences import rebuild
from tests.support.organizations import SMARTT, VALTT, VOX, found_shipped
from tests.support.systems import Systems
from tests.support.time import Time

VISITOR = "9c1f4e7a-2b36-4d58-8a0e-5f7d13c2b694"
OTHER = "Zq3vR7yK1mN8pL5tW2xB9c"
TEXT = "May we count visits and measure advertising? You may say no to each."
VERSION = "2025-01-02"
Json = dict[str, Any]


def pressed(systems: Systems, status: int = 201, **more: Any) -> Json:
    """What the site's server sends when somebody pressed a button of the banner."""
    sent: Json = {
        "visitor": VISITOR,
        "surface": "website",
        "choices": {"analytics": True, "ad-measurement": False},
        "policy_version": VERSION,
        "banner": "autumn-2",
        "wording": {"text": TEXT, "language": "en"},
    } | more
    said = systems.post("trackers/choices", {name: value for name, value in sent.items() if value is not None})
    assert said.status_code == status, said.get_data(as_text=True)
    found: Json = said.get_json()
    return found


def looked_up(systems: Systems, **more: Any) -> Json:
    """What is on before anything is set."""
    said = systems.post("trackers/choices/lookup", {"visitor": VISITOR, "surface": "website"} | more)
    assert said.status_code == 200, said.get_data(as_text=True)
    found: Json = said.get_json()
    return found


def on(said: Json) -> dict[str, tuple[str, str, str]]:
    """By purpose: the choice, what the site may set itself, and what others may."""
    return {one["purpose"]: (one["choice"], one["own"], one["others"]) for one in said["choices"]}


def test_t_86_each_choice_is_on_record_and_the_answer_says_what_is_on(systems: Systems) -> None:
    nothing = ("none", "deny", "deny")
    assert on(looked_up(systems)) == {"analytics": nothing, "ad-measurement": nothing}
    said = pressed(systems)
    chosen = {"analytics": ("given", "allow", "allow"), "ad-measurement": ("refused", "deny", "deny")}
    assert on(said) == on(looked_up(systems)) == chosen
    assert {(one["type"], *one["purposes"]) for one in said["entries"]} == {
        ("consent.given", "analytics"),
        ("consent.refused", "ad-measurement"),
    }
    refused = next(one for one in said["choices"] if one["purpose"] == "ad-measurement")
    assert {one["commitment"] for one in refused["reasons"]} == {"VSH-36"}


def test_vsh_36_the_entry_holds_words_version_and_surface_and_nothing_of_the_visitor_but_the_id(
    systems: Systems,
) -> None:
    pressed(systems, dnt=True)
    given = next(one for one in systems.history(VISITOR, "web") if one["type"] == "consent.given")
    assert given["programs"] == ["cookies.website.analytics"]
    assert given["wording"] == {"text": TEXT, "language": "en"}
    told = given["data"]
    assert (told["method"], told["surface"], told["banner"], told["signals"]) == (
        "banner", "website", "autumn-2", ["dnt"],
    )  # fmt: skip
    assert (told["policy_version"], told["banner_version"], told["rests_on"]) == (VERSION, VERSION, ["VSH-36"])
    assert VISITOR not in str(told)
    assert set(given["facts"]) == {"address", "ip_absent_reason"}
    assert given["facts"]["address"] == VISITOR


def test_a_choice_has_a_receipt_and_can_be_withdrawn_at_once_and_without_words(systems: Systems) -> None:
    entry = next(one["entry"] for one in pressed(systems)["entries"] if one["type"] == "consent.given")
    assert systems.get(f"receipts/{entry}").status_code == 200
    said = pressed(systems, choices={"analytics": False}, wording=None)
    assert [one["type"] for one in said["entries"]] == ["consent.withdrawn"]
    assert on(looked_up(systems))["analytics"] == ("refused", "deny", "deny")


def test_the_same_again_writes_nothing(systems: Systems) -> None:
    pressed(systems)
    assert pressed(systems, 200)["entries"] == []
    assert len(systems.history(VISITOR, "web")) == 2


def test_another_browser_another_surface_and_another_purpose_are_not_meant(systems: Systems) -> None:
    pressed(systems, choices={"analytics": True})
    assert on(looked_up(systems))["ad-measurement"][0] == "none"
    assert on(looked_up(systems, visitor=OTHER))["analytics"][0] == "none"
    assert on(looked_up(systems, surface="billing"))["analytics"][0] == "none"


def test_words_that_were_told_once_are_named_by_their_hash(systems: Systems) -> None:
    pressed(systems)
    given = next(one for one in systems.history(VISITOR, "web") if one["type"] == "consent.given")
    by_hash = {"sha256": given["data"]["wording_sha256"], "language": "en"}
    pressed(systems, visitor=OTHER, wording=by_hash)
    again = next(one for one in systems.history(OTHER, "web") if one["type"] == "consent.given")
    assert again["wording"]["text"] == TEXT


@pytest.fixture
def valtt(house: House, client: FlaskClient, time: Time) -> Systems:
    """A company that obeys the signal (VAL-04) and asks its visitors."""
    return Systems(client, found_shipped(house, VALTT, time.now()))


COUNTED: Json = {"choices": {"analytics": True}, "policy_version": "2020-07-21"}
SIGNAL: Json = {"choices": {}, "policy_version": "2020-07-21", "gpc": True, "wording": None}


def test_t_85_the_signal_outweighs_an_older_yes_and_a_newer_one(valtt: Systems) -> None:
    assert on(pressed(valtt, **COUNTED))["analytics"] == ("given", "allow", "allow")
    said = pressed(valtt, **SIGNAL)
    assert [(one["type"], one["purposes"]) for one in said["entries"]] == [("sale.refused", [])]
    assert on(said)["analytics"] == ("given", "allow", "deny")
    # The refusal stands where the browser does not send it for once, and a yes without it does not lift it.
    assert on(looked_up(valtt))["analytics"] == ("given", "allow", "deny")
    assert on(pressed(valtt, 200, **COUNTED))["analytics"] == ("given", "allow", "deny")


def test_gpc_of_a_known_person_follows_to_their_other_browsers(valtt: Systems) -> None:
    pressed(valtt, visitor=OTHER, **COUNTED)
    pressed(valtt, person="customer-7", **SIGNAL)
    mine = looked_up(valtt, visitor=OTHER, person="customer-7")
    assert (mine["sale_refused"], on(mine)["analytics"]) == (True, ("given", "allow", "deny"))
    somebody = looked_up(valtt, visitor=OTHER, person="customer-8")
    assert (somebody["sale_refused"], on(somebody)["analytics"][2]) == (False, "allow")


def test_vox_17_vox_33_a_choice_rests_on_what_asks_for_it_and_on_what_asks_for_any_consent(
    house: House, client: FlaskClient, time: Time
) -> None:
    vox = Systems(client, found_shipped(house, VOX, time.now()))
    pressed(vox, surface="voxvalley.com", choices={"monitoring": True}, policy_version="2020-02-18")
    assert vox.history(VISITOR, "web")[0]["data"]["rests_on"] == ["VOX-17", "VOX-33"]


def test_smt_09_where_no_switch_is_promised_no_choice_is_recorded_and_a_signal_still_is(
    house: House, client: FlaskClient, time: Time
) -> None:
    smartt = Systems(client, found_shipped(house, SMARTT, time.now()))
    sent: Json = {"policy_version": "2023-10-13", "wording": None}
    assert pressed(smartt, 422, choices={"monitoring": False}, **sent)["field"] == "choices"
    said = pressed(smartt, choices={}, gpc=True, **sent)
    assert (said["choices"], said["sale_refused"]) == ([], True)


def test_do_not_track_is_kept_and_is_no_refusal_of_sale(systems: Systems) -> None:
    assert pressed(systems, dnt=True)["sale_refused"] is False  # T-85: one signal says nothing about the other


def test_a_yes_counts_for_half_a_year_and_a_no_for_good(systems: Systems, time: Time) -> None:
    """P182D from COMPANY-TRACKER-CHOICE."""
    pressed(systems)
    time.go(days=181, hours=23)
    assert on(looked_up(systems))["analytics"][0] == "given"
    time.go(hours=2)
    nothing, no = ("none", "deny", "deny"), ("refused", "deny", "deny")
    assert on(looked_up(systems)) == {"analytics": nothing, "ad-measurement": no}
    assert [one["type"] for one in pressed(systems)["entries"]] == ["consent.given"]


def test_a_late_yes_does_not_outlive_the_no_after_it(systems: Systems, time: Time) -> None:
    before = time.now() - timedelta(hours=1)
    pressed(systems, choices={"analytics": False}, wording=None)
    said = pressed(systems, choices={"analytics": True}, occurred_at=before.isoformat())
    assert on(looked_up(systems))["analytics"][0] == "refused"
    assert said["asked_anew"] == []  # whoever said no is not asked again for an older yes


@pytest.mark.parametrize("late", [True, False], ids=["a-yes", "a-no"])
@pytest.mark.parametrize("who", [{}, {"person": "customer-7"}], ids=["nobody", "by-name"])
def test_a_late_choice_is_written_once_however_often_it_is_told(
    systems: Systems, time: Time, late: bool, who: Json
) -> None:
    then = [(time.now() - timedelta(minutes=one)).isoformat() for one in (20, 10, 5)]
    pressed(systems, choices={"analytics": not late, "ad-measurement": not late}, occurred_at=then[1], **who)
    first = pressed(systems, choices={"analytics": late}, occurred_at=then[0], **who)
    assert len(first["entries"]) == 1
    for _ in range(3):
        assert pressed(systems, 200, choices={"analytics": late}, occurred_at=then[0], **who)["entries"] == []
    both = pressed(systems, choices={"analytics": late, "ad-measurement": late}, occurred_at=then[0], **who)
    assert [one["purposes"] for one in both["entries"]] == [["ad-measurement"]]  # which nobody told of that time yet
    assert on(looked_up(systems, **who))["analytics"][0] == ("refused" if late else "given")
    assert pressed(systems, choices={"analytics": late}, occurred_at=then[2], **who)["entries"] != []


def test_the_gate_of_trackers_asks_the_record_and_nobody_vouches_for_a_yes(valtt: Systems) -> None:
    asked = {"purpose": "analytics", "surface": "website", "visitor": VISITOR}

    def answer(**more: Any) -> str:
        said = valtt.post("trackers/decisions", asked | more)
        assert said.status_code == 200
        found: str = said.get_json()["answer"]
        return found

    assert answer(consent=True) == "deny"
    pressed(valtt, **COUNTED)
    assert answer() == "allow"
    assert answer(consent=False) == "deny"
    assert answer(third_party=True) == "allow"
    pressed(valtt, **SIGNAL)
    assert answer(third_party=True) == "deny"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"choices": {"profiling": True}}, "choices.profiling"),
        ({"choices": {"analytics": "yes"}}, "choices.analytics"),
        ({"choices": {}}, "choices"),
        ({"surface": "billboard"}, "surface"),
        ({"policy_version": "2031-01-01"}, "policy_version"),
        ({"policy_version": None}, "policy_version"),
        ({"visitor": "+15095550142"}, "visitor"),
        ({"visitor": "somebody@example.com.example"}, "visitor"),
        ({"visitor": "0" * 32}, "visitor"),
        ({"wording": None}, "wording"),
        ({"wording": {"text": TEXT}}, "wording.language"),
        ({"wording": {"sha256": "A" * 43, "language": "en"}}, "wording.sha256"),
        ({"wording": {"language": "en"}}, "wording"),
        ({"occurred_at": "2031-01-01T00:00:00Z"}, "occurred_at"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field_and_nothing_is_written(
    systems: Systems, wrong: Json, field: str
) -> None:
    said = pressed(systems, 422, **wrong)
    assert said["field"].startswith(field), said
    assert systems.post("contact-points/lookup", {"channel": "web", "address": VISITOR}).status_code == 404


def test_what_holds_is_the_fold_of_what_happened(valtt: Systems, house: House) -> None:
    pressed(valtt, **COUNTED)
    pressed(valtt, **SIGNAL)
    pressed(valtt, choices={"analytics": False}, policy_version="2020-07-21", wording=None)
    with house.db.read(valtt.tenant.id) as tx:
        assert list(rebuild.check(tx, valtt.tenant.id)) == []


def test_a_repeated_post_is_done_once(systems: Systems) -> None:
    sent = {"visitor": VISITOR, "surface": "website", "choices": {"analytics": False}, "policy_version": VERSION}
    first = systems.post("trackers/choices", sent, Idempotency_Key="press-1")
    again = systems.post("trackers/choices", sent, Idempotency_Key="press-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()


def test_a_repeated_yes_tells_the_no_that_came_after_it(systems: Systems) -> None:
    wording = {"text": TEXT, "language": "en"}
    sent = {"visitor": VISITOR, "surface": "website", "choices": {"analytics": True}, "policy_version": VERSION}
    first = systems.post("trackers/choices", sent | {"wording": wording}, Idempotency_Key="press-1").get_json()
    pressed(systems, choices={"analytics": False}, wording=None)
    again = systems.post("trackers/choices", sent | {"wording": wording}, Idempotency_Key="press-1")
    assert (on(first)["analytics"][0], on(again.get_json())["analytics"]) == ("given", ("refused", "deny", "deny"))
    assert (again.status_code, again.get_json()["entries"]) == (201, first["entries"])
    assert "Idempotent-Replayed" not in again.headers
    assert on(looked_up(systems))["analytics"][0] == "refused"


def test_a_repeated_answer_may_be_relied_on_from_now(systems: Systems, time: Time) -> None:
    sent = {"visitor": VISITOR, "surface": "website", "choices": {"analytics": False}, "policy_version": VERSION}
    first = systems.post("trackers/choices", sent, Idempotency_Key="press-1").get_json()
    time.go(seconds=61)
    again = systems.post("trackers/choices", sent, Idempotency_Key="press-1").get_json()
    assert again["valid_until"] > first["valid_until"]
