"""An organization that none of the shipped ones resembles, written from the pages alone, served over HTTP."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from consent.errors import ConsentError
from consent.house import House
from consent.organizations import service as organizations
from consent.policies import service as policies
from consent.policies.check import check
from consent.policies.founding import found
from consent.policies.packs import load_organization, load_version
from tests.support.systems import Systems, codes
from tests.support.twilio import Twilio
from tests.support.valley import PUBLIC_URL, TOKEN, Tenant, make_key

PACK = Path(__file__).resolve().parents[1] / "packs" / "kestrel-ferries"
VERSION = "privacy-notice/2026-05-04"
NUMBER, PASSENGER, ADDRESS = "+19025550142", "+19025550177", "passenger@example.org"
MAIL = {"channel": "email", "address": ADDRESS}


@pytest.fixture
def kestrel(house: House, client: FlaskClient, now: datetime) -> Iterator[Systems]:
    """Kestrel Ferries, beside Valley in the house."""
    tenant = found(house.config, house.db, house.keyring, PACK, now)
    key = make_key(house, tenant.id, now, *organizations.SCOPES)
    endpoint = house.db.write(
        lambda tx: organizations.create_account(
            tx, house.keyring, tenant.id, gateway="twilio", can_send=True, name="tests",
            settings={"auth_token": TOKEN, "account_sid": "AC" + "0" * 32}, numbers={NUMBER: "self"}, now=now,
        ),
        tenant.id,
    )  # fmt: skip
    yield Systems(client, Tenant(tenant.id, tenant.slug, tenant.name, key, endpoint, number=NUMBER))


def alert(**changes: Any) -> dict[str, Any]:
    asked = {"program": "sailing-alerts", "message_class": "sailing-change", "channel": "sms", "address": PASSENGER}
    return asked | changes


def tips(**facts: Any) -> dict[str, Any]:
    return {"program": "tips", "message_class": "tips", **MAIL, "facts": facts}


def test_its_pack_holds_no_mistake() -> None:
    assert check(PACK) == []


def test_a_passenger_joins_by_start_and_leaves_by_stop(kestrel: Systems, client: FlaskClient) -> None:
    gateway = Twilio(client, PUBLIC_URL, f"/webhooks/sms/{kestrel.tenant.endpoint}", TOKEN, NUMBER)
    assert codes(kestrel.decide(**alert(facts={"jurisdiction": "CA-NS"}))) == ["no-consent"]
    gateway.text("START", From=PASSENGER)
    joined = kestrel.decide(**alert())
    assert (joined["answer"], joined["reasons"][0]["commitment"]) == ("allow", "KF-07")
    gateway.text("STOP", From=PASSENGER)
    stopped = kestrel.decide(**alert())
    assert (stopped["answer"], stopped["reasons"][0]["commitment"]) == ("deny", "KF-08")


def test_calls_by_a_machine_need_a_consent_of_their_own(kestrel: Systems) -> None:
    kestrel.consent(program="sailing-alerts", address=PASSENGER)
    call = alert(program="robot-calls", channel="voice")
    refused = kestrel.decide(**call)
    assert (refused["answer"], refused["reasons"][0]["commitment"]) == ("deny", "KF-10")
    kestrel.consent(program="robot-calls", channel="voice", address=PASSENGER)
    assert kestrel.may(**call)


def test_booking_messages_go_whatever_was_refused_and_name_the_booking(kestrel: Systems) -> None:
    booking = {"program": "bookings", "message_class": "booking", **MAIL}
    assert codes(kestrel.decide(**booking)) == ["fact-missing"]
    named = kestrel.decide(**booking, facts={"reference": "K-1088"})
    assert (named["answer"], named["reasons"][0]["commitment"]) == ("allow", "KF-11")
    chat = booking | {"channel": "chat", "address": PASSENGER}
    assert kestrel.may(**chat, facts={"reference": "K-1088"})


def test_tips_reach_travellers_of_nova_scotia_for_eighteen_months(kestrel: Systems) -> None:
    """KF-13: a crossing on 21 May 2025 counts through 21 November 2026, which is today; one the day before no more."""
    assert kestrel.may(**tips(jurisdiction="CA-NS", last_purchase_on="2025-05-21"))
    assert not kestrel.may(**tips(jurisdiction="CA-NS", last_purchase_on="2025-05-20"))
    assert not kestrel.may(**tips(jurisdiction="US-ME", last_purchase_on="2026-11-01"))
    kestrel.consent(program="tips", **MAIL)
    assert kestrel.may(**tips(jurisdiction="US-ME"))


def test_club_offers_are_for_members_who_have_not_refused_them(kestrel: Systems) -> None:
    offer = {"program": "club", "message_class": "club-offer", **MAIL}
    assert kestrel.may(**offer, facts={"member": True})
    assert not kestrel.may(**offer, facts={"member": False})
    kestrel.consent(program="club", state="refused", **MAIL)
    assert not kestrel.may(**offer, facts={"member": True})


def test_the_camera_waits_for_its_person_and_the_cabin_terms(kestrel: Systems) -> None:
    asked = {"feature": "berth-camera", **MAIL}
    off = kestrel.post("features/decisions", asked).get_json()
    assert (off["answer"], off["reasons"][0]["commitment"]) == ("deny", "KF-15")
    kestrel.consent(program="berth-camera", granted_by="person", **MAIL)
    assert kestrel.post("features/decisions", asked).get_json()["answer"] == "allow"


def test_nobody_under_sixteen_consents(kestrel: Systems) -> None:
    assert kestrel.refused(program="tips", declared_age=15, **MAIL)["field"] == "declared_age"
    kestrel.consent(program="tips", declared_age=16, **MAIL)


def test_a_material_change_waits_forty_five_full_days(
    kestrel: Systems, house: House, now: datetime, tmp_path: Path
) -> None:
    """KF-23: announced on Saturday 21 November 2026, so 5 January is the 45th full day and 6 January the first."""
    pack = shutil.copytree(PACK, tmp_path / "kestrel-ferries")
    place = shutil.copytree(pack / VERSION, pack / "privacy-notice" / "2026-12-01")
    for name, pairs in {
        "text.md": [("4th May 2026", "1st Dec 2026"), ("two days later", "one day later")],
        "text.fr.md": [],
        "commitments.toml": [("2026-05-04", "2026-12-01"), ("4th May 2026", "1st Dec 2026"), ('"P2D"', '"P1D"'),
                             ("gone two days later", "gone one day later")],
    }.items():  # fmt: skip
        said = (place / name).read_text("utf-8")
        for old, new in pairs:
            assert old in said
            said = said.replace(old, new)
        (place / name).write_text(said, "utf-8")
    declared = '\n[change]\nmaterial = {}\nreason = "Pictures go after one day."\n'
    written = (place / "commitments.toml").read_text("utf-8")
    begins = datetime.fromisoformat("2027-01-06T00:00:00-04:00")

    def publish(at: datetime) -> None:
        version = load_version(place)
        house.db.write(
            lambda tx: policies.publish(tx, house.keyring, kestrel.tenant.id, version, now, at, [version]),
            kestrel.tenant.id,
        )

    with pytest.raises(ConsentError, match="KF-23 tells material changes from others"):
        publish(begins)
    (place / "commitments.toml").write_text(written + declared.format("false"), "utf-8")
    with pytest.raises(ConsentError, match="touches retention"):
        publish(begins)
    (place / "commitments.toml").write_text(written + declared.format("true"), "utf-8")
    with pytest.raises(ConsentError, match=r"KF-23 promises notice.*2027-01-06"):
        publish(begins - timedelta(days=1))
    publish(begins)
    assert check(pack) == []
    assert load_organization(pack).slug == "kestrel-ferries"
    shown = kestrel.client.get("/kestrel-ferries/privacy/2026-12-01").get_data(as_text=True)
    assert "one day later" in shown


def test_readers_of_french_get_the_translation(kestrel: Systems) -> None:
    shown = kestrel.client.get("/kestrel-ferries/privacy?lang=fr").get_data(as_text=True)
    assert "Les images disparaissent deux jours" in shown
