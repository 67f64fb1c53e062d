"""`consent policies law`: the rules of law in the files, and where they stand on a day."""

import json
from collections.abc import Iterable, Sequence
from datetime import date

import click

from consent import clock
from consent.command_line import as_json, print_table, says_what_is_wrong
from consent.errors import BadInput
from consent.policies.law import LawRule
from consent.policies.law_status import Change, LawStatus, law_status
from consent.policies.packs import load_law, packs_root

_RULE = ("id", "where", "tag", "title")
_CHANGE = ("day", "what", "id", "where", "title")


@click.group()
def law() -> None:
    """The law as dated rules: what there is, what binds, what is coming.

    \b
    Example:
      consent policies law status --on 2027-01-31
    """


@law.command("list")
@as_json
@says_what_is_wrong
def list_rules(as_json: bool) -> None:
    """List every rule: id, places, kind, first and last day, title. With --json one rule a line.

    \b
    Example:
      consent policies law list
    """
    rules = sorted(_shipped(), key=lambda one: (one.id, one.jurisdictions, one.in_force_from or date.max))
    if as_json:
        for one in rules:
            click.echo(json.dumps(_as_data(one), ensure_ascii=False))
        return
    rows = [(one.id, _where(one), one.kind, one.in_force_from or "pending", one.in_force_until or "", one.title)
            for one in rules]  # fmt: skip
    print_table(rows, ("id", "where", "kind", "from", "until", "title"), "There are no rules of law.")


@law.command("status")
@click.option("--on", "day", help="The day to look at, such as 2027-01-31; today (UTC) if left out.")
@as_json
@says_what_is_wrong
def status(day: str | None, as_json: bool) -> None:
    """Say what is in force, what changes within a year, and what has not been checked for 90 days.

    \b
    Example:
      consent policies law status --on 2026-11-21
    """
    found = law_status(_shipped(), _day(day))
    if as_json:
        click.echo(json.dumps(_status_as_data(found), ensure_ascii=False))
        return
    click.echo(f"In force on {found.on}: {len(found.in_force)}")
    _print_rules(found.in_force, "No rule is in force on this day.")
    click.echo("\nChanges within a year from then:")
    rows = [(one.day or "no date", one.move, one.rule.id, _where(one.rule), one.rule.title) for one in found.changes]
    print_table(rows, _CHANGE, "Nothing begins or ends, and nothing is pending.")
    click.echo("\nNot checked for 90 days or more by then:")
    _print_rules(found.unchecked, "Every rule was checked within 90 days.")


def _shipped() -> tuple[LawRule, ...]:
    """The law that came with the program."""
    return load_law(packs_root() / "law")


def _day(said: str | None) -> date:
    """The day asked for. Only the written-out form is taken: 20270131 or 31.1.2027 may be slips."""
    if said is None:
        return clock.now().date()
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = None
    if day is None or day.isoformat() != said or day.year > 9000:
        raise BadInput(f'"{said}" is not a date; write it as year-month-day, such as 2027-01-31', field="--on")
    return day


def _print_rules(rules: Sequence[LawRule], empty: str) -> None:
    print_table([(one.id, _where(one), one.tag, one.title) for one in rules], _RULE, empty)


def _where(rule: LawRule) -> str:
    """The places, cut where a list would fill the screen."""
    shown = rule.jurisdictions[:4]
    return ",".join(shown) + ("" if len(shown) == len(rule.jurisdictions) else f",+{len(rule.jurisdictions) - 4}")


def _status_as_data(found: LawStatus) -> dict[str, object]:
    return {
        "on": found.on.isoformat(),
        "in_force": _each(found.in_force),
        "changes": [_change_as_data(one) for one in found.changes],
        "unchecked": _each(found.unchecked),
    }


def _each(rules: Iterable[LawRule]) -> list[dict[str, object]]:
    return [_as_data(one) for one in rules]


def _change_as_data(change: Change) -> dict[str, object]:
    day = change.day.isoformat() if change.day else None
    return {"change": change.move, "day": day, **_as_data(change.rule)}


def _as_data(rule: LawRule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "kind": rule.kind,
        "jurisdictions": list(rule.jurisdictions),
        "in_force_from": rule.in_force_from.isoformat() if rule.in_force_from else None,
        "in_force_until": rule.in_force_until.isoformat() if rule.in_force_until else None,
        "cite": rule.cite,
        "source": rule.source,
        "checked_on": rule.checked_on.isoformat(),
        "tag": rule.tag,
        "note": rule.note,
    }
