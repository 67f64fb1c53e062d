"""`consent policies diff`: what a reader of one version must know about another."""

import json
from typing import Any

import click

from consent import clock
from consent.command_line import as_json, says_what_is_wrong
from consent.ledger.opened import opened
from consent.policies import named
from consent.policies.diff import Change, Difference, Rewording, compare
from consent.policies.kinds.notices import settled_material
from consent.policies.packs import load_version
from consent.policies.version import PolicyVersionPack

_MARKS = {"gone": ("[-", "-]"), "new": ("{+", "+}"), "kept": ("", "")}
_AROUND = 6  # words of the unchanged text shown on each side of a change


@click.command("diff")
@click.argument("versions", nargs=-1, required=True)
@click.option("--wording/--no-wording", default=True, help="Show changed words, too.")
@as_json
@says_what_is_wrong
def diff(versions: tuple[str, ...], wording: bool, as_json: bool) -> None:
    """Say what differs between two versions: commitments first, words after them.

    Each version is a folder of a pack, or organization/policy/version of a published one. With one folder alone it
    is compared with the version in force.

    \b
    Example:
      consent policies diff policies/valtt/privacy-policy/2026-12-01
      consent policies diff valtt/privacy-policy/2020-07-21 valtt/privacy-policy/2026-12-01
    """
    before, after = _pair(versions)
    difference = compare(before, after)
    material = sorted(settled_material(before.commitments) & set(difference.aspects))
    if as_json:
        click.echo(json.dumps(_as_json(difference, material), ensure_ascii=False, default=str))
        return
    click.echo(f"{after.policy}: {before.version} → {after.version}")
    if not difference.commitments and not difference.wording:
        click.echo("Nothing differs.")
        return
    click.echo(f"\nCommitments: {len(difference.commitments) or 'no'} change{_s(len(difference.commitments))}")
    for one in difference.commitments:
        click.echo(f"  {one}")
    touched = ", ".join(difference.aspects) or "none of the sides of people's lives that promises are about"
    click.echo(f"  Touched: {touched}.")
    if material:
        click.echo(f"  The policy in force settles as material: {', '.join(material)}.")
    if wording:
        click.echo(f"\nWording: {len(difference.wording) or 'no'} section{_s(len(difference.wording))} changed")
        for section in difference.wording:
            click.echo(f"  {section.heading} ({section.what})")
            click.echo(f"    {_words(section)}")


def _pair(versions: tuple[str, ...]) -> tuple[PolicyVersionPack, PolicyVersionPack]:
    if len(versions) > 2:
        raise click.UsageError("Name two versions, or one folder to compare with the version in force.")
    places = [named.in_folder(one) for one in versions]
    if len(versions) == 1:
        if places[0] is None:
            raise click.UsageError("To compare with the version in force, name the folder of the other version.")
        after = load_version(places[0])
        return _stored(f"{named.organization_of(places[0])}/{after.policy}"), after
    before, after = (
        load_version(place) if place else _stored(one) for one, place in zip(versions, places, strict=True)
    )
    return before, after


def _stored(name: str) -> PolicyVersionPack:
    with opened() as house:
        return named.version(house.db, name, clock.now())


def _words(section: Rewording) -> str:
    """The changed words with a few unchanged ones around them."""
    said = []
    last = len(section.pieces) - 1
    for place, (what, words) in enumerate(section.pieces):
        opening, closing = _MARKS[what]
        shown = words if what != "kept" else _shortened(words, place == 0, place == last)
        said.append(f"{opening}{shown}{closing}")
    return " ".join(said)


def _shortened(words: str, first: bool, last: bool) -> str:
    each = words.split()
    if len(each) <= 2 * _AROUND:
        return words
    head = [] if first else each[:_AROUND]
    tail = [] if last else each[-_AROUND:]
    return " ".join([*head, "…", *tail])


def _as_json(difference: Difference, material: list[str]) -> dict[str, Any]:
    return {
        "before": difference.before,
        "after": difference.after,
        "commitments": [change_json(one) for one in difference.commitments],
        "touched": list(difference.aspects),
        "material": material,
        "wording": [
            {"heading": one.heading, "what": one.what, "pieces": [list(piece) for piece in one.pieces]}
            for one in difference.wording
        ],
    }


def change_json(one: Change) -> dict[str, Any]:
    """One change with the members it has."""
    shown = {"what": one.what, "commitment": one.commitment, "kind": one.kind, "says": str(one)}
    extra = {"key": one.key or None, "before": one.before, "after": one.after, "aspect": one.aspect}
    return shown | {key: value for key, value in extra.items() if value is not None}


def _s(count: int) -> str:
    return "" if count == 1 else "s"
