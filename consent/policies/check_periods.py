"""Times that could not be counted as they are to be counted, found before anybody asks for the date."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from consent.deadlines import zones
from consent.deadlines.promises import add
from consent.errors import BadInput
from consent.policies.kinds import KINDS
from consent.policies.kinds import shapes as s
from consent.policies.kinds.incidents import period_of
from consent.policies.organization import OrganizationPack
from consent.policies.reading import Source
from consent.policies.version import Commitment, PolicyVersionPack

_ANY_TIME = datetime(2024, 2, 29, 12, tzinfo=UTC)
_DAYS = "calendar-day"
_PERIODS = ("decided", "periods")
# Settled times, each with the word beside it that says how it is counted; retention and holds count calendar days.
_SETTLED = {
    "deadline": "deadline_basis",
    "staff_deadline": "deadline_basis",
    "acknowledge_within": "acknowledge_within_basis",
    "suspend_within": "suspend_within_basis",
    "fallback_after": "fallback_after_basis",
    "retention": None,
    "hold_for": None,
}
# Times that are no periods, and are counted by nobody.
_NO_PERIODS = ("unset", "unlimited", "at-once", "none")

Counted = tuple[tuple[str, ...], str, str]  # where, the period, how it is counted


def check_periods(organization: OrganizationPack, versions: Sequence[tuple[PolicyVersionPack, Source]]) -> None:
    """Note every time whose end nobody could say: hours counted in days, months in business days, places unknown.

    And every class of data about messages sent that would be gone while a cap still counts them.
    """
    try:
        zone = zones.zone(organization.zone)
    except BadInput:
        return  # a finding of its own
    longest = max(_looks_back(organization), default=timedelta())
    counted_from = {one.key for one in organization.data_categories if one.here == "delivery"}
    for version, source in versions:
        for one in version.commitments:
            kind = KINDS.get(one.kind)
            if kind is None or not kind.can_be_asked(one.parameters, one.decided):
                continue
            for where, period, basis in _counted(one):
                try:
                    ends = add(period, basis, _ANY_TIME, zone, organization.jurisdictions)
                except BadInput as bad:
                    source.wrong((*one.path, *where), f"{one.id}: {bad.detail}")
                    continue
                if where[:2] == _PERIODS and where[2] in counted_from and _stays(ends.due) < longest:
                    wrong = (
                        f"{one.id}: a cap counts messages {longest.days} days back, and they are gone after {period}"
                    )
                    source.wrong((*one.path, *where), wrong)


def _looks_back(organization: OrganizationPack) -> Iterator[timedelta]:
    """How far caps, and frequencies that people may choose, count what was sent; those of laws count one day."""
    yield from (one.per.elapsed for one in organization.caps)
    yield from (each.per.elapsed for one in organization.programs for each in one.frequencies)


def _stays(due: date | datetime) -> timedelta:
    """How long something surely stays: it goes the day before the last one, and may have come late on the first."""
    last = due.date() if isinstance(due, datetime) else due
    return last - _ANY_TIME.date() - timedelta(days=2)


def _counted(one: Commitment) -> Iterator[Counted]:
    """Every time of this commitment that is counted to a date."""
    found = [*_in_tables(one), *_settled(one), *_stated(one)]
    yield from (each for each in found if each[1] not in _NO_PERIODS)


def _in_tables(one: Commitment) -> Iterator[Counted]:
    for category, entry in one.decided.get("periods", {}).items():
        yield (*_PERIODS, category), str(entry["for"]), str(entry.get("basis", _DAYS))


def _settled(one: Commitment) -> Iterator[Counted]:
    for key, basis in _SETTLED.items():
        if key in one.decided:
            yield ("decided", key), str(one.decided[key]), _basis(one, basis)


def _stated(one: Commitment) -> Iterator[Counted]:
    stated = one.parameters
    if one.kind == "breach-notice" and (limit := period_of(stated, one.decided)) is not None:
        yield ("parameters",), *limit
    elif one.kind in ("request-right", "self-service", "legal-process-notice") and "deadline" in stated:
        named = "period_basis" if one.kind == "legal-process-notice" else "deadline_basis"
        period = one.decided.get("period", "unset") if stated["deadline"] == "unset" else stated["deadline"]
        yield ("parameters", "deadline"), str(period), _basis(one, named)
    elif one.kind == "request-scope" and "window" in stated:
        yield ("parameters", "window"), str(stated["window"]), _DAYS
    elif one.kind == "retention-limit":
        yield ("parameters", "period"), str(stated["period"]), str(stated.get("period_basis", _DAYS))
    elif one.kind == "deadline" and "remove-data" in s.as_list(stated.get("actions")):
        period = one.decided.get("period", "unset") if stated["period"] == "unset" else stated["period"]
        yield ("parameters", "period"), str(period), _basis(one, "period_basis")


def _basis(one: Commitment, key: str | None) -> str:
    return str((one.parameters.get(key) or one.decided.get(key) if key else None) or _DAYS)
