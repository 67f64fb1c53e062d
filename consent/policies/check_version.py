"""Checks of one policy version: kinds, parameters, clauses, open points, references, dates."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from consent.policies.findings import nearest
from consent.policies.kinds import KINDS, Kind
from consent.policies.kinds import shapes as s
from consent.policies.reading import Source
from consent.policies.version import Commitment, PolicyVersionPack
from consent.policies.wording import sections, stands_in

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def check_version(version: PolicyVersionPack, source: Source) -> None:
    """Note in `source` everything wrong with the version that the version alone can show."""
    bodies = sections(version.text)
    ids = {one.id for one in version.commitments}
    for commitment in version.commitments:
        if wrong := s.commitment_id(commitment.id):
            source.wrong((*commitment.path, "id"), f'"{commitment.id}" {wrong}')
        kind = KINDS.get(commitment.kind)
        if kind is None:
            wrong = f'"{commitment.kind}" is not a kind of commitment; {nearest(commitment.kind, KINDS)}'
            source.wrong((*commitment.path, "kind"), wrong)
            continue
        _parameters(commitment, kind, source)
        _clause(commitment, bodies, source)
        _open_point(commitment, source)
        _enforced(commitment, kind, source)
        _references(commitment, ids, source)
    _printed_date(version, source)


def check_order(versions: Sequence[tuple[PolicyVersionPack, Source]]) -> None:
    """Note each version that is not newer than the one before it (VSH-61: the date is the version mark)."""
    for (before, _), (after, source) in pairwise(versions):
        if after.last_updated <= before.last_updated:
            wrong = (
                f'version "{after.version}" is dated {after.last_updated}, which is not later than '
                f'{before.last_updated} of version "{before.version}" before it'
            )
            source.wrong((*_header(after).path, "parameters", "last_updated"), wrong)
        if after.text_sha256 == before.text_sha256:
            source.wrong(_header(after).path, f'the wording is that of version "{before.version}", word for word')


def _parameters(commitment: Commitment, kind: Kind, source: Source) -> None:
    for key, wrong in kind.problems(commitment.parameters):
        source.wrong((*commitment.path, "parameters", key), f"{commitment.id}: {wrong}")
    for key, wrong in kind.problems_decided(commitment.parameters, commitment.decided):
        source.wrong((*commitment.path, "decided", key), f"{commitment.id}: {wrong}")


def _clause(commitment: Commitment, bodies: dict[str, str], source: Source) -> None:
    clause = commitment.clause
    for heading in (clause.heading, *clause.also):
        if heading not in bodies:
            wrong = f'{commitment.id}: text.md has no heading "{heading}"; {nearest(heading, bodies)}'
            source.wrong((*commitment.path, "clause", "heading"), wrong)
    body = bodies.get(clause.heading)
    if body is not None and not stands_in(clause.anchor, body):
        wrong = f'{commitment.id}: the words "{clause.anchor}" do not stand under the heading "{clause.heading}"'
        source.wrong((*commitment.path, "clause", "anchor"), wrong)


def _open_point(commitment: Commitment, source: Source) -> None:
    if commitment.decided and commitment.open is None:
        wrong = f"{commitment.id}: a value was decided, but nothing says what was open, what was chosen and why"
        source.wrong((*commitment.path, "open"), wrong)
    if commitment.open is not None and not commitment.decided:
        wrong = f'{commitment.id}: the chosen value must also stand under "decided", in a form that can be executed'
        source.wrong((*commitment.path, "open"), wrong)


def _enforced(commitment: Commitment, kind: Kind, source: Source) -> None:
    if not kind.doors and not kind.planned:
        source.wrong((*commitment.path, "kind"), f'{commitment.id}: nothing enforces the kind "{kind.name}"')
    asked = {"channel", "feature", "data", "message_classes", "program", "trackers"}
    if kind.name == "consent-required" and not asked & set(commitment.parameters):
        wrong = f"{commitment.id}: it names neither a channel nor a feature, so nothing would ever ask it"
        source.wrong((*commitment.path, "parameters"), wrong)
    for code in commitment.evidence:
        if code not in kind.evidence:
            wrong = f'{commitment.id}: the kind "{kind.name}" leaves no {code}; {nearest(code, kind.evidence)}'
            source.wrong((*commitment.path, "evidence"), wrong)


def _references(commitment: Commitment, ids: set[str], source: Source) -> None:
    for key in ("governed_by", "gate", "exceptions"):
        for value in s.as_list(commitment.parameters.get(key)):
            if s.commitment_id(value) is None and value not in ids:
                wrong = f"{commitment.id}: there is no commitment {value}; {nearest(value, ids)}"
                source.wrong((*commitment.path, "parameters", key), wrong)


def _printed_date(version: PolicyVersionPack, source: Source) -> None:
    """The date in the commitments is the one printed on the wording, in the style it names (T-45)."""
    header = _header(version)
    style = header.parameters.get("date_format")
    printed = _in_style(version.last_updated, str(style)) if style else None
    if printed is not None and not any(stands_in(printed, body) for body in sections(version.text).values()):
        wrong = f'the wording does not carry the date "{printed}"'
        source.wrong((*header.path, "parameters", "last_updated"), f"{header.id}: {wrong}")


def _in_style(day: date, style: str) -> str | None:
    return {
        "Month DD, YYYY": f"{_MONTHS[day.month - 1]} {day.day:02d}, {day.year}",
        "Month D, YYYY": f"{_MONTHS[day.month - 1]} {day.day}, {day.year}",
        "YYYY-MM-DD": day.isoformat(),
        "MM-DD-YYYY": f"{day.month:02d}-{day.day:02d}-{day.year}",
        "DDth Mon YYYY": f"{day.day}{_ordinal(day.day)} {_MONTHS[day.month - 1][:3]} {day.year}",
    }.get(style)


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _header(version: PolicyVersionPack) -> Commitment:
    return next(one for one in version.commitments if one.kind == "policy-metadata")
