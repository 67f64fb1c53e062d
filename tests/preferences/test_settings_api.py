"""Settings through the API and at the gate: what a person wants holds at once, and reads the same when rebuilt."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from consent.cli import main
from consent.db import Sql, Tx
from consent.decisions import outgoing
from consent.house import House
from consent.ids import new_id
from consent.outbox import message_log
from consent.outbox.leave import GO, Leave, Whither
from consent.outbox.message_log import Sent
from consent.outbox.service import Claimed
from consent.preferences import rebuild, settings
from consent.preferences import service as preferences
from consent.review import trying
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from tests.support.databases import ON_POSTGRESQL, ON_SQLITE
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

MAIL = "ana@mail.example"
NEWS = {"program": "marketing-email", "message_class": "promotion", "channel": "email", "address": MAIL}
PAUSE = {"until": "2026-12-01"}
BEGINS = "2026-12-01T08:00:00.000Z"  # midnight in Washington
ENTRIES = Sql("SELECT count(*) FROM ledger_event WHERE organization_id = :organization_id")


class Person:
    """A contact point whose settings are changed by the organization's systems."""

    def __init__(self, systems: Systems, address: str, channel: str) -> None:
        self.systems, self.id = systems, systems.lookup(address, channel)

    @property
    def path(self) -> str:
        return f"/api/v1/contact-points/{self.id}/settings"

    def put(self, **said: Any) -> Any:
        return self.systems.client.put(self.path, json={"method": "call"} | said, headers=self.systems.headers)

    def set(self, **said: Any) -> dict[str, Any]:
        answer = self.put(**said)
        assert answer.status_code == 200, answer.get_json()
        found: dict[str, Any] = answer.get_json()
        assert found == self.shown()
        return found

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = self.systems.client.get(self.path, headers=self.systems.headers).get_json()
        return found


@pytest.fixture
def ana(systems: Systems) -> Person:
    systems.consent(program="marketing-email", channel="email", address=MAIL, person="customer-1")
    return Person(systems, MAIL, "email")


@pytest.fixture
def texted(systems: Systems) -> Person:
    systems.consent(person="customer-1")
    return Person(systems, PERSON, "sms")


def entries(house: House, valley: Tenant) -> int:
    with house.db.read(valley.id) as tx:
        row = tx.one(ENTRIES, {"organization_id": valley.id})
    assert row is not None
    return int(row[0])


def differences(house: House, valley: Tenant) -> list[object]:
    with house.db.read(valley.id) as tx:
        return list(rebuild.check(tx, valley.id))


def test_a_pause_holds_mail_back_until_its_day_begins_where_the_company_is(
    systems: Systems, ana: Person, time: Time
) -> None:
    assert systems.may(**NEWS)
    assert ana.set(pause=PAUSE)["paused_until"] == BEGINS
    held = systems.decide(**NEWS)
    assert (codes(held), held["next_allowed"]) == (["paused"], BEGINS)
    time.at = datetime.fromisoformat(BEGINS)
    assert systems.may(**NEWS)
    assert ana.shown()["paused_until"] is None


def test_a_pause_of_one_program_and_its_end(systems: Systems, ana: Person) -> None:
    assert ana.set(pause=PAUSE | {"programs": ["marketing-email"]})["paused_programs"] == {"marketing-email": BEGINS}
    assert not systems.may(**NEWS)
    assert ana.set(pause=None)["paused_programs"] == {}
    assert systems.may(**NEWS)


def test_required_messages_go_during_a_pause(systems: Systems, ana: Person) -> None:
    ana.set(pause=PAUSE)
    assert systems.may(program="service-email", message_class="outage", channel="email", address=MAIL)


def test_after_a_stop_a_pause_that_ends_brings_nothing_back(
    systems: Systems, twilio: Twilio, texted: Person, time: Time
) -> None:
    texted.set(pause=PAUSE)
    twilio.text("STOP")
    time.at = datetime.fromisoformat(BEGINS) + timedelta(days=1)
    assert codes(systems.decide())[0] == "suppressed"
    texted.set(pause=None)
    assert not systems.may()


@pytest.mark.parametrize("until", ["2026-11-20", "2020-01-01", "2027-12-31"])
def test_a_pause_that_cannot_be_is_refused_and_nothing_is_written(
    house: House, valley: Tenant, ana: Person, until: str
) -> None:
    before = entries(house, valley)
    answer = ana.put(pause={"until": until}, language="fr")
    assert (answer.status_code, answer.get_json()["field"]) == (422, "paused_until")
    assert entries(house, valley) == before


def test_a_chosen_frequency_is_counted_from_what_was_sent_one_by_one_and_in_bulk(
    house: House, valley: Tenant, systems: Systems, ana: Person, now: datetime
) -> None:
    tag64 = subjects.tagged(house.keyring, valley.id, of_person("email", MAIL)).tag64
    one = Sent(new_id(now), "email", tag64, now - timedelta(days=2), "marketing-email", "promotion")
    house.db.write(lambda tx: message_log.record(tx, valley.id, one), valley.id)
    assert systems.may(**NEWS)
    assert ana.set(frequencies={"marketing-email": "1/P7D"})["frequencies"] == {"marketing-email": "1/P7D"}
    held = systems.decide(**NEWS)
    assert codes(held) == ["frequency-chosen"]
    assert datetime.fromisoformat(held["next_allowed"]) == (now + timedelta(days=5)).replace(microsecond=0)
    asked = {key: value for key, value in NEWS.items() if key != "address"}
    batch = systems.post("decisions/batch", asked | {"addresses": [MAIL, "ben@mail.example"]}).get_json()["answers"]
    assert [one["answer"] for one in batch] == ["deny", "allow"]
    assert codes(batch[0]) == ["frequency-chosen"]
    ana.set(frequencies={"marketing-email": None})
    assert systems.may(**NEWS)


def test_what_the_program_does_not_offer_cannot_be_chosen(ana: Person) -> None:
    for said in ({"marketing-email": "7/P1D"}, {"service-email": "1/P7D"}, {"no-such": None}):
        assert ana.put(frequencies=said).status_code == 422
    assert ana.put(language="xx").status_code == 422


def test_a_refusal_of_one_person_is_seen_wherever_this_person_is_reached(
    house: House, valley: Tenant, ana: Person, texted: Person, systems: Systems, time: Time
) -> None:
    since = ana.set(sale_refused=True, use_limited=True, person="customer-1")["sale_refused_since"]
    assert since
    assert (texted.shown()["sale_refused_since"], texted.shown()["use_limited_since"]) == (since, since)
    systems.consent(address="+15095550177", person="customer-2")
    assert Person(systems, "+15095550177", "sms").shown()["sale_refused_since"] is None
    assert systems.preferences()["settings"]["sale_refused_since"] == since


@pytest.fixture
def says(house: House, valley: Tenant, time: Time) -> Callable[..., int]:
    """Ana says something on the page of her number; how many entries that made comes back."""

    def say(*wishes: settings.Wish, channel: str = "sms") -> int:
        tagged = subjects.tagged(house.keyring, valley.id, of_person(channel, PERSON))
        in_force = house.governing.now(valley.id, time.at)

        def act(tx: Tx) -> int:
            person = subjects.person(tx, house.keyring, valley.id, "customer-1", time.at)
            how = settings.How("page", "preference-page", None, person)
            log, rulebook = in_force.log, in_force.rulebook
            return len(settings.record(tx, house.keyring, log, rulebook, tagged, wishes, how, time.at))

        return house.db.write(act, valley.id)

    return say


def test_the_newest_word_of_a_person_counts_through_whatever_address_it_came(
    house: House, valley: Tenant, ana: Person, texted: Person, time: Time, says: Callable[..., int]
) -> None:
    ana.set(sale_refused=True, person="customer-1")
    time.at += timedelta(minutes=1)
    assert says(settings.refuse_sale()) == 0  # it is refused already
    assert says(settings.permit_sale()) == 1
    assert ana.shown()["sale_refused_since"] is texted.shown()["sale_refused_since"] is None
    assert says(settings.permit_sale()) == 0
    time.at += timedelta(minutes=1)
    assert ana.set(sale_refused=True, person="customer-1")["sale_refused_since"] is not None
    assert texted.shown()["sale_refused_since"] is not None
    assert differences(house, valley) == []


def test_of_two_words_of_one_instant_the_no_counts(
    house: House, valley: Tenant, texted: Person, says: Callable[..., int]
) -> None:
    assert says(settings.refuse_sale(), settings.permit_sale()) == 2
    assert texted.shown()["sale_refused_since"] is not None
    assert differences(house, valley) == []


def test_a_browsers_signal_is_recorded_once_and_shown_as_what_it_is(
    house: House, valley: Tenant, texted: Person, time: Time, says: Callable[..., int]
) -> None:
    signal = settings.refuse_sale(by_signal=True)
    assert (says(signal), says(signal), says(settings.refuse_sale())) == (1, 0, 0)
    assert texted.shown()["sale_refused_by_signal"] is True
    newest = texted.systems.get(f"contact-points/{texted.id}/history").get_json()["events"][0]
    assert (newest["type"], newest["source"], newest["data"]["signal"]) == ("sale.refused", "page", settings.GPC)


def test_whoever_asks_not_to_be_called_is_listed_until_a_later_consent(
    systems: Systems, time: Time, says: Callable[..., int]
) -> None:
    call = {"program": "marketing-calls", "message_class": "promotion", "channel": "voice", "address": PERSON}
    assert "on-do-not-call-list" not in codes(systems.decide(**call))
    assert says(settings.refuse_calls("preference-page"), channel="voice") == 1
    assert "on-do-not-call-list" in codes(systems.decide(**call))
    assert says(settings.refuse_calls("preference-page"), channel="voice") == 0
    assert Person(systems, PERSON, "voice").shown()["do_not_call_since"] is not None
    time.at += timedelta(minutes=1)
    at = time.at.isoformat()
    systems.consent(program="marketing-calls", channel="voice", occurred_at=at)
    assert "on-do-not-call-list" not in codes(systems.decide(**call))


def test_only_the_person_takes_a_refusal_back(ana: Person) -> None:
    ana.set(sale_refused=True)
    for key in ("sale_refused", "use_limited"):
        answer = ana.put(**{key: False})
        assert (answer.status_code, answer.get_json()["field"]) == (422, key)


def test_the_same_again_writes_nothing(house: House, valley: Tenant, ana: Person) -> None:
    said: dict[str, Any] = {"pause": PAUSE, "language": "fr", "frequencies": {"marketing-email": "1/P7D"}}
    ana.set(**said, sale_refused=True, use_limited=True)
    before = entries(house, valley)
    ana.set(**said, sale_refused=True, use_limited=True)
    assert entries(house, valley) == before
    ana.set(language="es")
    assert entries(house, valley) == before + 1


def test_what_was_said_earlier_and_arrives_later_does_not_win(ana: Person, now: datetime) -> None:
    ana.set(language="fr")
    assert ana.set(language="es", occurred_at="2026-11-19T12:00:00Z")["language"] == "fr"


def test_settings_are_the_fold_of_the_ledger(house: House, valley: Tenant, ana: Person, texted: Person) -> None:
    ana.set(pause=PAUSE, language="fr", frequencies={"marketing-email": "1/P7D"}, sale_refused=True)
    texted.set(pause=PAUSE | {"programs": [TEXTS]}, occurred_at="2026-11-19T12:00:00Z", use_limited=True)
    assert differences(house, valley) == []
    assert rebuild.rebuild(house.db, valley.id) == 0


def test_a_message_that_waits_is_held_by_a_pause_and_leaves_when_it_is_over(
    house: House, valley: Tenant, systems: Systems, ana: Person, time: Time
) -> None:
    tag64 = subjects.tagged(house.keyring, valley.id, of_person("email", MAIL)).tag64
    there = Whither("email", tag64, MAIL, UUID(ana.id))
    about = (UUID(ana.id), "marketing-email", "promotion")
    lease = (time.at, None, 1, 5, time.at, "worker", time.at + timedelta(minutes=1))
    job = Claimed(valley.id, UUID(int=9), "email", "mail.news", b"", None, *about, *lease)
    ana.set(pause=PAUSE)
    with house.db.read(valley.id) as tx:
        assert outgoing.may_go(tx, house.governing, job, there, time.at) == Leave(
            "wait", datetime.fromisoformat(BEGINS)
        )
    time.at = datetime.fromisoformat(BEGINS)
    with house.db.read(valley.id) as tx:
        assert outgoing.may_go(tx, house.governing, job, there, time.at) == GO


def test_a_stored_decision_is_tried_again_with_the_settings_of_its_time(
    house: House, valley: Tenant, systems: Systems, ana: Person, now: datetime
) -> None:
    tag64 = subjects.tagged(house.keyring, valley.id, of_person("email", MAIL)).tag64
    one = Sent(new_id(now), "email", tag64, now - timedelta(days=2), "marketing-email", "promotion")
    house.db.write(lambda tx: message_log.record(tx, valley.id, one), valley.id)
    ana.set(pause=PAUSE, frequencies={"marketing-email": "1/P7D"})
    assert codes(systems.decide(**NEWS)) == ["paused", "frequency-chosen"]
    ana.set(pause=None, frequencies={"marketing-email": None})
    book = house.governing.now(valley.id, now).rulebook
    with house.db.read(valley.id) as tx:
        (again,) = trying.tried(tx, valley.id, book, now - timedelta(days=1))
    assert [one.code for one in again.after.reasons] == ["paused", "frequency-chosen"]
    assert not again.differs


def test_what_is_set_stands_in_the_dump_beside_what_was_agreed_to(
    house: House, ana: Person, says: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    ana.set(pause=PAUSE, language="fr", frequencies={"marketing-email": "1/P7D"}, sale_refused=True)
    says(settings.limit_use())
    done = CliRunner().invoke(main, ["preferences", "dump"])
    lines = {one["channel"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert lines["email"]["program"] == "marketing-email"
    assert lines["email"]["settings"] == {
        "pause": BEGINS,
        "language": "fr",
        "frequency.marketing-email": "1/P7D",
        "sale": "refused",
    }
    assert lines["sms"]["settings"] == {"use": "refused"}
    assert lines["sms"]["program"] is None


def test_a_contact_point_nobody_has_and_a_key_without_the_scope_are_refused(systems: Systems, ana: Person) -> None:
    path = "/api/v1/contact-points/0199c0de-0000-4000-8000-00000000beef/settings"
    assert systems.client.get(path, headers=systems.headers).status_code == 404
    assert systems.client.put(path, json={"method": "call"}, headers=systems.headers).status_code == 404
    assert systems.client.put(ana.path, json={"method": "call"}).status_code == 401


@ON_SQLITE
def test_the_refusals_of_a_person_are_found_by_their_index(house: House, valley: Tenant) -> None:
    asked = {"organization_id": valley.id.bytes, "person_id": UUID(int=1).bytes}
    with house.db.read(valley.id) as tx:
        driver = tx.connection.connection.driver_connection
        plan = list(driver.execute("EXPLAIN QUERY PLAN " + preferences.OF_PERSON.sqlite, asked))  # type: ignore[union-attr]
    assert "ix_preference_of_person (organization_id=? AND person_id=?)" in str(plan)


MANY_CONSENTS = Sql("""
    INSERT INTO preference
    SELECT :organization_id, 'sms', one, 'updates', gen_random_uuid(), 'given', now(), gen_random_uuid(),
           gen_random_uuid(), 'privacy', '1', '*', false, ''
    FROM generate_series(1, 5000) AS one
""")


@ON_POSTGRESQL
def test_on_postgresql_too(house: House, valley: Tenant) -> None:
    asked = {"organization_id": valley.id, "person_id": UUID(int=1)}
    house.db.write(lambda tx: tx.run(MANY_CONSENTS, asked), valley.id)  # an empty table has no better index
    with house.db.read(valley.id) as tx:
        explain = Sql("EXPLAIN " + preferences.OF_PERSON.sqlite.replace(" INDEXED BY ix_preference_of_person", ""))
        plan = str(tx.all(explain, asked))
    assert "ix_preference_of_person" in plan


def test_times_are_those_of_the_clock(ana: Person, now: datetime) -> None:
    since = datetime.fromisoformat(ana.set(sale_refused=True)["sale_refused_since"])
    assert since == now.astimezone(UTC).replace(microsecond=since.microsecond)
