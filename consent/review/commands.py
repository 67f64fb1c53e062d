"""`consent policies impact | try | trace`: policies held against what is stored."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from consent import clock
from consent.command_line import as_json, print_json, says_what_is_wrong
from consent.errors import BadInput, NotFound
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.policies import service as policies
from consent.policies.check import check as check_packs
from consent.policies.commands_diff import change_json
from consent.policies.findings import BadPack
from consent.policies.organization import OrganizationPack
from consent.policies.packs import load_organization, load_version
from consent.policies.version import PolicyVersionPack
from consent.review import service
from consent.review.impact import Impact, drafted
from consent.review.impact import impact as impact_of
from consent.review.trace import CommitmentTrace, Trace
from consent.review.trying import Tried, tried

_A_DRAFT = click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False))


@click.command("impact")
@_A_DRAFT
@as_json
@says_what_is_wrong
def impact(path: Path, as_json: bool) -> None:
    """Say whom and what the version in PATH would touch, by trying it on what is stored. Nothing is written.

    PATH is a version folder of a pack; the organization.toml of that pack counts with it.

    \b
    Example:
      consent policies impact policies/valtt/privacy-policy/2026-12-01
    """
    organization, draft = _draft(path)
    now = clock.now()
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization.slug)
        with house.db.read(tenant.id) as tx:
            found = impact_of(tx, tenant.id, organization, draft, now)
    if as_json:
        print_json(_impact_json(found))
        return
    click.echo(f"{organization.name}, {draft.policy}: {found.difference.before} → {draft.version}")
    for change in found.difference.commitments:
        click.echo(f"  {change}")
    click.echo(
        f"\nOn record: {found.contact_points:,} contact points, {found.consents:,} consents,"
        f" {found.persons:,} people known by name, {found.messages_waiting:,} messages waiting."
    )
    click.echo(f"Contact points for which an answer changes: {found.touched_count:,}.")
    for one in found.turned:
        click.echo(
            f"  {one.count:,} x {one.program} / {one.message_class} on {one.channel}: {one.before} → {one.after}."
            f" {one.because}"
        )
    if found.messages_stopped:
        click.echo(f"Waiting messages that would no longer go: {found.messages_stopped:,}.")


@click.command("try")
@_A_DRAFT
@click.option("--days", default=30, show_default=True, type=click.IntRange(1), help="How far back decisions are tried.")
@click.option("--most", default=50, show_default=True, type=click.IntRange(0), help="Differing decisions to list.")
@as_json
@says_what_is_wrong
def try_(path: Path, days: int, most: int, as_json: bool) -> None:
    """Ask every stored decision again under the version in PATH, and list what would differ. Nothing is written.

    The question, and what was on record, are those that were stored with the decision. What a message said is never
    stored, so offers inside a text are not looked for again.

    \b
    Example:
      consent policies try policies/valtt/privacy-policy/2026-12-01 --days 90
    """
    organization, draft = _draft(path)
    now = clock.now()
    total, differing = 0, list[Tried]()
    counted: Counter[tuple[str, str, str, str, str]] = Counter()
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization.slug)
        with house.db.read(tenant.id) as tx:
            book = drafted(policies.rulebook_at(tx, tenant.id, now), organization, draft, now)
            for one in tried(tx, tenant.id, book, now - timedelta(days=days)):
                total += 1
                if one.differs:
                    place = (one.program, one.message_class, one.channel)
                    counted[(*place, one.before["answer"], one.after.answer)] += 1
                    if len(differing) < most:
                        differing.append(one)
    if as_json:
        print_json({"tried": total, "differ": sum(counted.values()), "decisions": [_tried_json(x) for x in differing]})
        return
    click.echo(f"{total:,} decisions of the last {days} days tried; {sum(counted.values()):,} would differ.")
    for (program, message_class, channel, before, after), count in sorted(counted.items()):
        click.echo(f"  {count:,} x {program} / {message_class} on {channel}: {before} → {after}")
    for one in differing:
        why = one.after.reasons[0].text if one.after.reasons else ""
        click.echo(f"  {one.id} of {one.asked_at:%Y-%m-%d %H:%M}: {one.before['answer']} → {one.after.answer}. {why}")


@click.command("trace")
@click.argument("organization", required=False)
@click.argument("commitment", required=False)
@click.option(
    "--missing", is_flag=True, help="Only what lacks a door, a test or evidence; exit status 1 when any does."
)
@as_json
@says_what_is_wrong
def trace(organization: str | None, commitment: str | None, missing: bool, as_json: bool) -> None:
    """Follow each commitment of ORGANIZATION from its clause to rule, doors, tests and evidence; or one COMMITMENT.

    With --missing of every organization served here, unless one is named. Evidence is counted from what happened in
    the last thirty days, not from what the program says it could leave.

    \b
    Example:
      consent policies trace valley-smart-homes
      consent policies trace valley-smart-homes VSH-26
      consent policies trace --missing
    """
    with opened() as house:
        with house.db.read() as tx:
            tenants = [organizations.find(tx, organization)] if organization else organizations.every(tx)
        if not missing and not organization:
            raise BadInput("Name the organization, or ask for all with --missing.", field="organization")
        made = []
        for tenant in tenants:
            with house.db.read(tenant.id) as tx:
                made.append((tenant.slug, service.trace_of(tx, tenant.id, clock.now())))
    if missing:
        _print_missing(made, commitment, as_json)
        return
    ((_slug, only),) = made
    if commitment is None:
        print_json(service.trace_json(only)) if as_json else _print_trace(only)
        return
    found = next((one for policy in only.policies for one in policy.commitments if one.id == commitment.upper()), None)
    if found is None:
        raise NotFound(f"{organization} promises nothing under {commitment}. List all: policies trace {organization}")
    print_json(service.commitment_json(found)) if as_json else _print_commitment(found)


def _print_missing(made: list[tuple[str, Trace]], commitment: str | None, as_json: bool) -> None:
    """Each promise that lacks something; nothing where none does."""
    found = [
        {"organization": slug, "commitment": one.id, "kind": one.kind, "lacks": list(one.lacks)}
        for slug, trace in made
        for policy in trace.policies
        for one in policy.commitments
        if one.lacks and commitment in (None, one.id)
    ]
    if as_json:
        print_json(found)
    else:
        for one in found:
            click.echo(f"{one['organization']} {one['commitment']} ({one['kind']}): no {', no '.join(one['lacks'])}")
    if found:
        raise click.ClickException(f"{len(found)} commitments lack something.")


def _draft(path: Path) -> tuple[OrganizationPack, PolicyVersionPack]:
    if not (path / "commitments.toml").is_file():
        raise NotFound(f"{path} is no version folder: it holds no commitments.toml.")
    if findings := check_packs(path):
        raise BadPack(findings)
    return load_organization(path.resolve().parent.parent), load_version(path)


def _impact_json(found: Impact) -> dict[str, Any]:
    return {
        "commitments": [change_json(one) for one in found.difference.commitments],
        "touched_aspects": list(found.difference.aspects),
        "on_record": {
            "contact_points": found.contact_points,
            "consents": found.consents,
            "persons": found.persons,
            "records": found.records._asdict(),
            "messages_waiting": found.messages_waiting,
        },
        "contact_points_touched": found.touched_count,
        "answers": [{name: getattr(one, name) for name in one.__slots__} for one in found.turned],
        "messages_stopped": found.messages_stopped,
        "contact_points": [str(one) for one in found.touched],
    }


def _tried_json(one: Tried) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "asked_at": _instant(one.asked_at),
        "program": one.program,
        "message_class": one.message_class,
        "channel": one.channel,
        "before": one.before["answer"],
        "after": one.after.answer,
        "reasons_before": [reason["code"] for reason in one.before["reasons"]],
        "reasons_after": [reason.code for reason in one.after.reasons],
    }


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _print_trace(made: Trace) -> None:
    for policy in made.policies:
        click.echo(f"{policy.title} {policy.version}: {policy.covered} of {policy.clauses} clauses carry a promise")
        for one in policy.commitments:
            planned = " (planned)" if one.planned else ""
            doors = ", ".join(door.name for door in one.doors if door.built) or "no door yet"
            left = sum(one.evidence.values())
            tests = f"{len(one.tests)} test{'' if len(one.tests) == 1 else 's'}"
            click.echo(f"  {one.id:8} {one.sentence}")
            click.echo(f"  {'':8} {doors}{planned} · {tests} · {left:,} pieces of evidence in 30 days")


def _print_commitment(one: CommitmentTrace) -> None:
    click.echo(f"{one.id} ({one.kind}, {one.mode}), under: {one.heading}")
    click.echo(f"  {one.sentence}")
    if one.question:
        click.echo(f"  Open in the wording: {one.question}\n  Settled: {one.value}\n  Because: {one.reason}")
    for door in one.doors:
        click.echo(f"  Door: {door.title} ({door.name}){'' if door.built else ', planned'}")
    for test in one.tests:
        click.echo(f"  Test: {test}")
    for code, count in one.evidence.items():
        click.echo(f"  Evidence {code}: {count:,} in the last 30 days")
