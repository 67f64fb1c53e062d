"""What a draft would change for those on record, and for decisions already made. Nothing is written."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent.commands.policies import policies
from consent.house import House
from consent.policies.organization import OrganizationPack, parse_organization
from consent.policies.packs import PolicyVersionPack, parse_version
from consent.policies.service import rulebook_at
from consent.review.impact import Impact, drafted, impact
from consent.review.trying import Tried, tried
from tests.policies.house import copy_of_valley, replace, valley
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import TEXTS, Tenant

OTHER = "+15095550143"


def without_outages() -> tuple[OrganizationPack, PolicyVersionPack]:
    """Valley, had it never promised outage texts."""
    organization, (version,), _law = valley()
    at = version.commitments_toml.index('id = "VSH-18"')
    head, tail = version.commitments_toml[:at], version.commitments_toml[at:]
    draft = parse_version("privacy-policy", "2026-12-01", version.text, head + tail.replace('  "outage",\n', "", 1))
    start = organization.source.index(f"[programs.{TEXTS}]")
    settings = organization.source[:start] + organization.source[start:].replace('  "outage",\n', "", 1)
    settings = settings.replace('class = "outage"', 'class = "invoice"', 1)  # nor shown a sample of one
    return parse_organization(settings), draft


def effect(house: House, valley: Tenant, time: Time) -> Impact:
    organization, draft = without_outages()
    with house.db.read(valley.id) as tx:
        return impact(tx, valley.id, organization, draft, time.now())


def again(house: House, valley: Tenant, time: Time) -> list[Tried]:
    organization, draft = without_outages()
    now = time.now()
    with house.db.read(valley.id) as tx:
        book = drafted(rulebook_at(tx, valley.id, now), organization, draft, now)
        return list(tried(tx, valley.id, book, now.replace(year=2020)))


def test_the_impact_counts_whom_a_dropped_class_would_no_longer_reach(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent()
    systems.consent(address=OTHER)
    twilio.text("STOP", sender=OTHER)
    found = effect(house, valley, time)
    assert (found.contact_points, found.touched_count) == (2, 1)  # who said stop gets nothing either way
    turned = {(one.program, one.message_class, one.before, one.after): one.count for one in found.turned}
    assert turned == {(TEXTS, "outage", "allow", "deny"): 1}
    assert [one.commitment for one in found.difference.commitments] == ["VSH-18"]


def test_where_nobody_is_on_record_nothing_is_touched(house: House, valley: Tenant, time: Time) -> None:
    found = effect(house, valley, time)
    assert (found.contact_points, found.touched_count, found.turned) == (0, 0, [])


def test_stored_decisions_are_asked_again_on_the_facts_they_rested_on(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent()
    systems.decide()
    systems.decide(message_class="invoice")
    twilio.text("STOP")
    systems.decide(message_class="invoice")
    found = again(house, valley, time)
    assert [(one.message_class, one.before["answer"], one.after.answer) for one in found] == [
        ("outage", "allow", "deny"),
        ("invoice", "allow", "allow"),  # as it stood before the STOP
        ("invoice", "deny", "deny"),
    ]
    assert [one.differs for one in found] == [True, False, False]


def test_the_same_version_answers_every_stored_decision_as_it_was(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent()
    for message_class in ("outage", "invoice", "promotion", "price-quote"):
        systems.decide(message_class=message_class, facts={"reference": "T-1"})
    twilio.text("STOP")
    systems.decide()
    with house.db.read(valley.id) as tx:
        book = rulebook_at(tx, valley.id, time.now())
        found = list(tried(tx, valley.id, book, time.now().replace(year=2020)))
    assert len(found) == 5
    for one in found:
        assert [reason["code"] for reason in one.before["reasons"]] == [reason.code for reason in one.after.reasons]


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The commands on this house."""
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.db.url)
    return CliRunner()


def a_draft(folder: Path) -> Path:
    pack = copy_of_valley(folder)
    version = pack / "privacy-policy" / "2025-01-02"
    draft = version.rename(pack / "privacy-policy" / "2026-12-01")
    for old, new in (('last_updated = "2025-01-02"', 'last_updated = "2026-12-01"'), ("January 02, 2025",) * 2):
        replace(draft / "commitments.toml", old, new.replace("January 02, 2025", "December 01, 2026"))
    replace(draft / "text.md", "January 02, 2025", "December 01, 2026")
    replace(draft / "commitments.toml", 'network-diagnostics = { for = "P180D"', 'network-diagnostics = { for = "P90D"')
    return draft


def test_the_commands_print_what_a_draft_changes(run: CliRunner, systems: Systems, tmp_path: Path) -> None:
    systems.consent()
    systems.decide()
    draft = a_draft(tmp_path)
    said = run.invoke(policies, ["impact", str(draft)])
    assert said.exit_code == 0, said.output
    assert "VSH-09: periods.network-diagnostics.for changed from P180D to P90D" in said.output
    assert "Contact points for which an answer changes: 0." in said.output
    told = json.loads(run.invoke(policies, ["try", str(draft), "--json"]).output)
    assert (told["tried"], told["differ"]) == (1, 0)


def test_a_folder_that_is_no_version_is_refused_in_a_sentence(run: CliRunner, tmp_path: Path) -> None:
    said = run.invoke(policies, ["impact", str(tmp_path)])
    assert said.exit_code == 1
    assert "no version folder" in said.output


def test_the_trace_of_one_commitment_names_door_test_and_evidence(run: CliRunner) -> None:
    said = run.invoke(policies, ["trace", "valley-smart-homes", "vsh-26"])
    assert said.exit_code == 0, said.output
    assert "Door: Asking whether a message may go (api.decisions)" in said.output
    assert "Test: tests/" in said.output
    assert "Evidence E-SEND" in said.output
    unknown = run.invoke(policies, ["trace", "valley-smart-homes", "VSH-99"])
    assert (unknown.exit_code, "promises nothing under VSH-99" in unknown.output) == (1, True)
