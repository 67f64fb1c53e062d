"""The door of recorded calls: asked before each recording, its answers on record with those who gave them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from consent.house import House
from consent.policies import governing
from consent.policies import service as policies
from consent.policies.packs import load_organization, load_versions, parse_organization, with_logo
from consent.review.rules import evidence_of_entry
from tests.support.organizations import POLICIES, SMARTT, consent_to, found_shipped
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import PACK, PERSON, Tenant

OTHER = "+15095550143"
Json = dict[str, Any]
TOLD: Json = {"told": True}


@pytest.fixture
def recorded(systems: Systems, house: House, valley: Tenant, time: Time) -> Systems:
    """Valley, whose officer has switched its support line on."""
    file = PACK / "organization.toml"
    text = with_logo(file.read_text("utf-8").replace("on = false", "on = true", 1), file)
    pack = parse_organization(text, str(file))
    house.db.write(lambda tx: policies.apply_organization(tx, house.keyring, valley.id, pack, time.now()), valley.id)
    return systems


@pytest.fixture
def smartt(house: House, client: FlaskClient, time: Time) -> Systems:
    """Smartt records at random and says so."""
    return Systems(client, found_shipped(house, SMARTT, time.now()))


def asked(systems: Systems, *parties: Json, status: int = 200, **more: Any) -> Json:
    """The answer to a call with these people on it."""
    sent = {"line": "support", "parties": list(parties)} | more
    said = systems.post("recordings/decisions", sent)
    assert said.status_code == status, said.get_data(as_text=True)
    found: Json = said.get_json()
    return found


def person(agreed: bool | None = None, address: str = PERSON) -> Json:
    """Somebody whose number is known, and what they answered."""
    return {"told": True, "address": address} | ({} if agreed is None else {"agreed": agreed})


def happened(systems: Systems, address: str = PERSON) -> list[str]:
    """What is on record for the number, oldest first."""
    return [one["type"] for one in reversed(systems.history(address, "voice"))]


def test_vsh_48_off_as_shipped_whatever_people_say(systems: Systems) -> None:
    said = asked(systems, person(True))
    assert (said["answer"], codes(said), said["entries"]) == ("deny", ["line-off"], [])
    assert said["reasons"][0]["commitment"] == "VSH-48"


def test_vsh_48_each_yes_is_a_consent_with_the_words_and_the_call_is_on_record(recorded: Systems) -> None:
    said = asked(recorded, person(True), {"told": True, "agreed": True}, purpose="disputes", reference="rec-1")
    assert (said["answer"], said["keep_for"], len(said["entries"])) == ("allow", "P90D", 2)
    assert "keep_unless" not in said
    consent, call = reversed(recorded.history(PERSON, "voice"))
    assert (consent["type"], consent["programs"]) == ("consent.given", ["call-recording"])
    assert "Nothing is recorded unless everybody" in consent["wording"]["text"]
    assert consent["data"]["line"] == call["data"]["line"] == "support"
    assert (call["type"], call["data"]["serves"], call["data"]["people"]) == ("call.recorded", ["disputes"], 2)
    assert call["data"]["rests_on"] == ["VSH-48"]
    assert call["facts"] == {"address": PERSON, "reference": "rec-1"}
    gate = {"feature": "call-recording", "channel": "voice", "address": PERSON}
    assert recorded.post("features/decisions", gate).get_json()["answer"] == "allow"


def test_vsh_48_one_no_stops_it_is_on_record_and_is_remembered(recorded: Systems) -> None:
    said = asked(recorded, person(False), person(True, OTHER))
    assert (said["answer"], codes(said)) == ("deny", ["party-refused"])
    assert (happened(recorded), happened(recorded, OTHER)) == (["consent.refused"], ["consent.given"])
    again = asked(recorded, person(), store=False)
    assert codes(again) == ["party-not-asked", "feature-refused"]
    assert asked(recorded, person(True))["answer"] == "allow"  # asked anew, and a newer yes
    assert asked(recorded, person(False))["answer"] == "deny"
    assert happened(recorded) == ["consent.refused", "consent.given", "call.recorded", "consent.withdrawn"]


def test_a_second_call_asks_again_and_writes_no_second_consent(recorded: Systems) -> None:
    asked(recorded, person(True))
    assert codes(asked(recorded, person())) == ["party-not-asked"]
    asked(recorded, person(True))
    assert happened(recorded) == ["consent.given", "call.recorded", "call.recorded"]


def test_asking_without_storing_writes_nothing(recorded: Systems) -> None:
    said = asked(recorded, person(True), store=False)
    assert (said["answer"], said["entries"]) == ("allow", [])
    assert recorded.post("contact-points/lookup", {"channel": "voice", "address": PERSON}).status_code == 404


def test_smt_11_a_call_that_was_announced_is_on_record_without_asking_anybody(smartt: Systems) -> None:
    said = asked(smartt, TOLD, {"told": True, "address": "+16045550142", "agreed": True}, ticket="T-17")
    assert (said["answer"], said["keep_for"], said["keep_unless"]) == ("allow", "P180D", "open-ticket")
    assert happened(smartt, "+16045550142") == ["call.recorded"]
    call = smartt.history("+16045550142", "voice")[0]
    assert (call["data"]["told_by"], call["facts"]["ticket"]) == ("announcement", "T-17")
    assert call["wording"]["text"].startswith("Some calls on this line are recorded at random")
    assert codes(asked(smartt, {"told": False})) == ["not-announced"]


def test_a_line_that_asks_keeps_what_people_said_and_remembers_a_no_though_no_promise_asks(
    smartt: Systems, house: House, time: Time
) -> None:
    file = POLICIES / SMARTT / "organization.toml"
    text = file.read_text("utf-8").replace('told_by = "announcement"', 'told_by = "consent"', 1)
    before, feature, after = text.partition("[features.call-recording]")
    text = before + feature + after.replace('footing = "required"', 'footing = "opt-in"', 1)
    pack = parse_organization(with_logo(text, file), str(file))
    tenant = smartt.tenant.id
    house.db.write(lambda tx: policies.apply_organization(tx, house.keyring, tenant, pack, time.now()), tenant)
    (line,) = smartt.get("recordings/lines").get_json()["lines"]
    assert (line["told_by"], line["asks_everybody"]) == ("consent", True)
    caller = "+16045550142"
    assert codes(asked(smartt, person(False, caller))) == ["party-refused"]
    assert happened(smartt, caller) == ["consent.refused"]
    assert codes(asked(smartt, person(address=caller), store=False)) == ["party-not-asked", "feature-refused"]
    assert asked(smartt, person(True, caller))["answer"] == "allow"
    assert happened(smartt, caller) == ["consent.refused", "consent.given", "call.recorded"]


def test_smt_11_a_call_of_people_nobody_knows_stands_in_the_companys_own_stream(smartt: Systems) -> None:
    said = asked(smartt, TOLD)
    assert (said["answer"], len(said["entries"])) == ("allow", 1)
    assert smartt.get(f"receipts/{said['entries'][0]}").status_code == 404  # it is about no consent


def test_smt_11_vsh_48_a_recorded_call_is_evidence_of_what_it_rests_on() -> None:
    for slug, code, promise in ((SMARTT, "E-SHOWN", "SMT-11"), (PACK.name, "E-CONSENT", "VSH-48")):
        versions = load_versions(POLICIES / slug)
        data = {"rests_on": [promise]}
        assert (promise, code) in set(evidence_of_entry(versions, "call.recorded", "voice", (), data)), slug


def test_the_register_is_told_to_systems(recorded: Systems, client: FlaskClient) -> None:
    told = recorded.get("recordings/lines").get_json()
    assert told["rests_on"] == ["VSH-48"]
    (line,) = told["lines"]
    assert (line["line"], line["on"], line["told_by"], line["asks_everybody"]) == ("support", True, "consent", True)
    assert set(line["words"]) == set(load_organization(PACK).page_languages)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"line": "cellar"}, "line"),
        ({"parties": []}, "parties"),
        ({"parties": None}, "parties"),
        ({"parties": [{"told": "yes"}]}, "parties.0.told"),
        ({"parties": [person(True), person(False)]}, "parties.1.address"),
        ({"parties": [TOLD, {"told": True, "address": "0142"}]}, "parties.1.address"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(recorded: Systems, wrong: Json, field: str) -> None:
    sent = {"line": "support", "parties": [TOLD]} | wrong
    said = recorded.post("recordings/decisions", {name: value for name, value in sent.items() if value is not None})
    assert (said.status_code, said.get_json()["field"]) == (422, field)


def test_a_company_without_lines_is_told_so(systems: Systems, house: House, client: FlaskClient, time: Time) -> None:
    valtt = Systems(client, found_shipped(house, "valtt", time.now()))
    assert "recorded_lines" in asked(valtt, TOLD, status=422)["detail"]


def test_a_kept_yes_is_not_repeated_after_a_no_and_writes_no_second_yes(recorded: Systems, time: Time) -> None:
    sent = {"line": "support", "parties": [person(True), person(True, OTHER)], "reference": "call-1"}

    def told() -> tuple[Json, bool]:
        said = recorded.post("recordings/decisions", sent, Idempotency_Key="k")
        return said.get_json(), "Idempotent-Replayed" in said.headers

    first, _ = told()
    assert (first["answer"], told()) == ("allow", (first, True))
    asked(recorded, person(False, OTHER))
    before = happened(recorded), happened(recorded, OTHER)
    again, repeated = told()
    assert (again["answer"], codes(again), repeated) == ("deny", ["feature-withdrawn"], False)
    assert (again["entries"], "keep_for" in again) == (first["entries"], False)
    time.go(hours=20)
    assert told() == (again, True)
    assert (happened(recorded), happened(recorded, OTHER)) == before


def test_a_kept_yes_outlives_a_no_that_was_there_before_it(recorded: Systems) -> None:
    no = consent_to(
        "call-recording", "voice", PERSON, person="ann", state="refused", occurred_at="2026-11-20T10:00:00Z"
    )
    assert recorded.post("consents", no).status_code == 201
    sent = {"line": "support", "parties": [person(True)]}
    first, again = (recorded.post("recordings/decisions", sent, Idempotency_Key="k").get_json() for _ in range(2))
    assert (first["answer"], again) == ("allow", first)
    asked(recorded, person(False))
    assert recorded.post("recordings/decisions", sent, Idempotency_Key="k").get_json()["answer"] == "deny"


def test_a_kept_yes_is_not_repeated_once_the_line_is_off(
    recorded: Systems, house: House, valley: Tenant, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {"line": "support", "parties": [person(True)]}
    assert recorded.post("recordings/decisions", sent, Idempotency_Key="k").get_json()["answer"] == "allow"
    pack = load_organization(PACK)
    time.go(seconds=1)
    house.db.write(lambda tx: policies.apply_organization(tx, house.keyring, valley.id, pack, time.now()), valley.id)
    monkeypatch.setattr(governing, "FRESH_FOR", -1.0)
    again = recorded.post("recordings/decisions", sent, Idempotency_Key="k").get_json()
    assert (again["answer"], codes(again)) == ("deny", ["line-off"])


def test_a_call_told_twice_is_recorded_once(recorded: Systems) -> None:
    sent = {"line": "support", "parties": [person(True)]}
    for _ in range(2):
        assert recorded.post("recordings/decisions", sent, Idempotency_Key="call-1").status_code == 200
    assert happened(recorded) == ["consent.given", "call.recorded"]
