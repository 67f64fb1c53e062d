"""Publishing: what is refused, what is stored, which version binds an event."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consent.db import Sql
from consent.errors import NotFound
from consent.ledger import bodies
from consent.ledger import service as ledger
from consent.policies import moving, queries, service
from consent.policies.findings import BadPack
from consent.policies.packs import PolicyVersionPack, parse_organization, parse_version
from consent.policies.rulebook import Rulebook
from tests.policies.house import NOW, ORGANIZATION, VALLEY, Office, valley

TEXT = (VALLEY / "privacy-policy" / "2025-01-02" / "text.md").read_text("utf-8")
COMMITMENTS = (VALLEY / "privacy-policy" / "2025-01-02" / "commitments.toml").read_text("utf-8")
# Pacific time is eight hours behind UTC in January.
EFFECTIVE = datetime(2025, 1, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Iterator[Office]:
    made = Office.build(tmp_path, database_url)
    yield made
    made.db.close()


def apply(office: Office, now: datetime = NOW) -> object:
    return office.db.write(
        lambda tx: service.apply_organization(tx, office.keyring, ORGANIZATION, valley()[0], now), ORGANIZATION
    )


def publish(office: Office, pack: PolicyVersionPack, now: datetime = NOW, at: datetime | None = None) -> object:
    return office.db.write(lambda tx: service.publish(tx, office.keyring, ORGANIZATION, pack, now, at), ORGANIZATION)


def book_at(office: Office, at: datetime) -> Rulebook:
    with office.db.read(ORGANIZATION) as tx:
        return service.rulebook_at(tx, ORGANIZATION, at)


def successor(day: str = "2026-12-01", printed: str = "December 01, 2026", **changes: str) -> PolicyVersionPack:
    commitments = COMMITMENTS.replace('last_updated = "2025-01-02"', f'last_updated = "{day}"').replace(
        "Last Updated: January 02, 2025", f"Last Updated: {printed}"
    )
    for old, new in changes.items():
        commitments = commitments.replace(old, new)
    return parse_version("privacy-policy", day, TEXT.replace("January 02, 2025", printed), commitments)


def test_an_event_is_bound_to_the_version_in_force_when_it_happened(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    publish(office, successor())
    begins = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert book_at(office, begins - timedelta(milliseconds=1)).policy_version.version == "2025-01-02"
    assert book_at(office, begins).policy_version.version == "2026-12-01"


def test_an_event_older_than_the_first_version_is_held_to_the_first(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    assert book_at(office, datetime(2019, 1, 1, tzinfo=UTC)).policy_version.version == "2025-01-02"


def test_vsh_01_takes_effect_at_local_midnight_of_the_date_it_was_last_updated(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    with office.db.read(ORGANIZATION) as tx:
        (version,) = queries.published(tx, ORGANIZATION)
    assert version.effective_at == EFFECTIVE


def test_publishing_is_an_entry_of_the_ledger_with_both_hashes(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    with office.db.read(ORGANIZATION) as tx:
        (version,) = queries.published(tx, ORGANIZATION)
        (body,) = ledger.bodies_of(tx, ORGANIZATION, version.stream_id)
    leaf = json.loads(body)
    assert leaf["type"] == "policy.published"
    assert leaf["data"]["policy_sha256"] == book_at(office, NOW).policy_version.sha256
    assert leaf["data"]["effective_at"] == "2025-01-02T08:00:00Z"


def test_publishing_the_same_again_changes_nothing(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    assert publish(office, valley()[1][0]) is None
    assert apply(office) is None
    with office.db.read(ORGANIZATION) as tx:
        assert len(queries.published(tx, ORGANIZATION)) == 1
        assert len(queries.settings(tx, ORGANIZATION)) == 1


def test_a_published_wording_that_changed_is_refused(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    changed = parse_version("privacy-policy", "2025-01-02", TEXT + "\nOne more line.\n", COMMITMENTS)
    with pytest.raises(service.PublishRefused, match="wording"):
        publish(office, changed)


def test_a_published_commitment_that_changed_is_refused(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    changed = parse_version("privacy-policy", "2025-01-02", TEXT, COMMITMENTS + "\n# a remark\n")
    with pytest.raises(service.PublishRefused, match="commitments"):
        publish(office, changed)


def test_vsh_61_refuses_a_changed_text_whose_date_is_not_newer(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    same_day = parse_version("privacy-policy", "2025-01-02b", TEXT + "\nMore.\n", COMMITMENTS)
    with pytest.raises(service.PublishRefused, match="newer date"):
        publish(office, same_day)


def test_a_successor_never_reaches_back_behind_its_publication(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    publish(office, successor("2026-11-01", "November 01, 2026"))
    assert book_at(office, NOW - timedelta(seconds=1)).policy_version.version == "2025-01-02"
    assert book_at(office, NOW).policy_version.version == "2026-11-01"


def test_a_promised_lead_time_is_kept_and_the_first_possible_date_named(office: Office) -> None:
    promising = parse_version(
        "privacy-policy", "2025-01-02", TEXT, COMMITMENTS.replace('lead_time = "none"', 'lead_time = "P30D"')
    )
    apply(office)
    publish(office, promising)
    # Announced on 21 November in Washington: thirty full days end with 21 December.
    with pytest.raises(service.PublishRefused, match="2026-12-22"):
        publish(office, successor())
    publish(office, successor("2026-12-22", "December 22, 2026"))
    assert book_at(office, datetime(2026, 12, 22, 8, 0, tzinfo=UTC)).policy_version.version == "2026-12-22"


def test_an_announced_version_moves_on_by_its_dates(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    publish(office, successor())
    with office.db.read(ORGANIZATION) as tx:
        assert [one.status for one in queries.listed(tx, ORGANIZATION, NOW)] == ["in_force", "announced"]
    later = NOW + timedelta(days=30)
    changed = office.db.write(lambda tx: service.activate(tx, ORGANIZATION, later), ORGANIZATION)
    assert changed == [("privacy-policy", "2025-01-02"), ("privacy-policy", "2026-12-01")]
    again = office.db.write(lambda tx: service.activate(tx, ORGANIZATION, later), ORGANIZATION)
    assert again == []


def test_a_pack_with_a_mistake_is_not_published(office: Office) -> None:
    apply(office)
    wrong = parse_version(
        "privacy-policy", "2025-01-02", TEXT, COMMITMENTS.replace('"marketing-ban"', '"marketing-bann"')
    )
    with pytest.raises(BadPack, match='did you mean "marketing-ban"'):
        publish(office, wrong)
    with office.db.read(ORGANIZATION) as tx:
        assert queries.published(tx, ORGANIZATION) == []


def test_nothing_is_published_before_the_organization_is_known(office: Office) -> None:
    with pytest.raises(service.PublishRefused, match="settings first"):
        publish(office, valley()[1][0])


def test_settings_that_contradict_the_published_policy_are_refused(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    spoiled = parse_organization(
        valley()[0]
        .source.replace('message_classes = ["promotion"]', 'message_classes = ["outage", "promotion"]', 1)
        .replace('channels = ["email"]\nmessage_classes = ["outage"', 'channels = ["sms"]\nmessage_classes = ["outage"')
    )
    with pytest.raises(BadPack, match="VSH-26 bans promotion on sms"):
        office.db.write(
            lambda tx: service.apply_organization(tx, office.keyring, ORGANIZATION, spoiled, NOW), ORGANIZATION
        )


def test_there_is_no_rulebook_before_something_is_published(office: Office) -> None:
    with pytest.raises(NotFound):
        book_at(office, NOW)


def test_the_compiled_rulebook_is_shared_while_its_content_is_the_same(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    assert book_at(office, NOW) is book_at(office, NOW - timedelta(days=1))


def test_the_wording_in_force_can_be_read_back_to_the_byte(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    with office.db.read(ORGANIZATION) as tx:
        line, identity = queries.version_of(tx, ORGANIZATION, NOW, "privacy-policy")
        text, _ = queries.sources(tx, ORGANIZATION, identity)
        assert (line.version, text) == ("2025-01-02", TEXT)
        with pytest.raises(NotFound):
            queries.version_of(tx, ORGANIZATION, NOW, "privacy-policy", "1999-01-01")


def test_settings_of_today_do_not_rewrite_what_counted_yesterday(office: Office) -> None:
    apply(office, NOW - timedelta(days=2))
    publish(office, valley()[1][0], NOW - timedelta(days=2))
    renamed = parse_organization(valley()[0].source.replace('en = "Outage"', 'en = "Outage of the network"'))
    assert renamed.sha256 != replace(valley()[0]).sha256
    office.db.write(lambda tx: service.apply_organization(tx, office.keyring, ORGANIZATION, renamed, NOW), ORGANIZATION)
    assert book_at(office, NOW).organization.message_classes[0].name == "Outage of the network"
    assert book_at(office, NOW - timedelta(days=1)).organization.message_classes[0].name == "Outage"


def test_a_version_whose_day_came_leaves_an_entry_once(office: Office) -> None:
    apply(office)
    publish(office, valley()[1][0])
    publish(office, successor())
    later = NOW + timedelta(days=30)
    moved = [
        office.db.write(lambda tx: moving.move_on(tx, office.keyring, ORGANIZATION, later), ORGANIZATION)
        for _ in range(2)
    ]
    assert moved == [[("privacy-policy", "2025-01-02"), ("privacy-policy", "2026-12-01")], []]
    with office.db.read(ORGANIZATION) as tx:
        stored = [bodies.parse(bytes(row[0])) for row in tx.all(Sql("SELECT body FROM ledger_event"), {})]
    said = [(leaf.data["policy_version"], leaf.data["status"]) for leaf in stored if leaf.type == "policy.moved"]
    assert sorted(said) == [("2025-01-02", "superseded"), ("2026-12-01", "in_force")]
