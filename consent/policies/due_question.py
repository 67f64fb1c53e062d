"""Reads the question "when is this due?": every key checked, each mistake named with its way out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from consent.deadlines import Facts, Period, zone, zones
from consent.errors import BadInput
from consent.policies.findings import nearest

KEYS = (
    "rule",
    "received_at",
    "timezone",
    "jurisdiction",
    "region",
    "extension",
    "pauses",
    "relevant_time",
    "verified_at",
    "purpose_satisfied",
    "delivery",
    "period",
    "policy_period",
    "law_rule",
)
LONGEST = 200  # characters of a value
YEARS = range(1900, 2201)  # of a date that is asked about; calendars of holidays reach no further
DELIVERIES = ("electronic", "mail")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Question:
    """One question, with its values read."""

    rule: str
    zone: ZoneInfo
    facts: Facts
    jurisdiction: str | None = None
    delivery: str | None = None
    period: Period | None = None
    policy_period: Period | None = None
    law_rule: str | None = None

    @property
    def day(self) -> date:
        """The local date of receipt: the law of that day judges."""
        return zones.local_date(self.facts.received_at, self.zone)


def read(asked: object) -> Question:
    """The question in `asked`; refused with the field at fault."""
    if not isinstance(asked, Mapping):
        raise BadInput('a question is one JSON object, such as {"rule": …, "received_at": …, "timezone": …}')
    for key in asked:
        if key not in KEYS:
            named = str(key)[:LONGEST]
            raise BadInput(f'"{named}" is not known here; {nearest(named, KEYS)}', field=named)
    rule = _text(asked, "rule", "the id of a rule, such as US-CA-RESPOND")
    received = _instant(_text(asked, "received_at", "a time with its offset"), "received_at")
    where = zone(_text(asked, "timezone", "a zone such as America/Los_Angeles"))
    delivery = _maybe(asked, "delivery")
    if delivery not in (None, *DELIVERIES):
        raise BadInput(f'"{delivery}" is not a way of delivery; write electronic or mail', field="delivery")
    jurisdiction = _place(_maybe(asked, "jurisdiction"))
    region = _maybe(asked, "region")
    if jurisdiction and region and "-" not in region and region.upper() != jurisdiction:
        region = f"{jurisdiction.split('-')[0]}-{region}" if len(region) <= 3 else region
    facts = Facts(
        received_at=received,
        verified_at=_moment(asked, "verified_at"),
        relevant_time=_moment(asked, "relevant_time"),
        purpose_satisfied=_moment(asked, "purpose_satisfied"),
        extension=_flag(asked, "extension"),
        pauses=_pauses(asked.get("pauses"), where),
        by_mail=delivery == "mail",
        region=region,
    )
    return Question(
        rule=rule,
        zone=where,
        facts=facts,
        jurisdiction=jurisdiction,
        delivery=delivery,
        period=_period(asked, "period"),
        policy_period=_period(asked, "policy_period"),
        law_rule=_maybe(asked, "law_rule"),
    )


def _text(asked: Mapping[str, object], key: str, named: str) -> str:
    value = asked.get(key)
    if value is None:
        raise BadInput(f'"{key}" is missing; it must be {named}', field=key)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f'"{key}" must be {named}, as a text', field=key)
    if len(value) > LONGEST:
        raise BadInput(f'"{key}" is longer than {LONGEST} characters', field=key)
    return value.strip()


def _maybe(asked: Mapping[str, object], key: str) -> str | None:
    return None if asked.get(key) is None else _text(asked, key, "written out")


def _place(value: str | None) -> str | None:
    """A jurisdiction in capitals; the United Kingdom goes by GB, as in ISO 3166."""
    place = value.upper() if value else None
    return f"GB{place[2:]}" if place and (place == "UK" or place.startswith("UK-")) else place


def _flag(asked: Mapping[str, object], key: str) -> bool:
    value = asked.get(key)
    if value is not None and not isinstance(value, bool):
        raise BadInput(f'"{key}" must be true or false', field=key)
    return bool(value)


def _period(asked: Mapping[str, object], key: str) -> Period | None:
    value = _maybe(asked, key)
    return None if value is None else Period.parse(value, key)


def _instant(value: str, field: str) -> datetime:
    """A time with its offset; one without is refused, and so is a date alone."""
    if not _TIME.fullmatch(value):
        what = "a date without a time" if _DATE.fullmatch(value) else "not a time"
        raise BadInput(f'"{field}" is {what}; write it like 2026-11-20T09:00:00-08:00, or with Z', field=field)
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        raise BadInput(f'"{field}" is no time of the calendar: {value}', field=field) from None
    zones.aware(moment, field)
    _within(moment, field)
    return moment


def _moment(asked: Mapping[str, object], field: str) -> datetime | date | None:
    value = _maybe(asked, field)
    if value is None:
        return None
    return _date(value, field) if _DATE.fullmatch(value) else _instant(value, field)


def _date(value: str, field: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise BadInput(f'"{field}" is no date of the calendar: {value}', field=field) from None
    _within(day, field)
    return day


def _within(day: date, field: str) -> None:
    if day.year not in YEARS:
        raise BadInput(f'"{field}" lies outside the years {YEARS[0]} to {YEARS[-1]}', field=field)


def _pauses(value: object, where: ZoneInfo) -> tuple[tuple[date, date], ...]:
    if value is None:
        return ()
    shape = '"pauses" must be a list of [start, end] dates, such as [["2026-11-03", "2026-11-09"]]'
    if not isinstance(value, list):
        raise BadInput(shape, field="pauses")
    found: list[tuple[date, date]] = []
    for one in value:
        if not isinstance(one, list) or len(one) != 2 or not all(isinstance(end, str) for end in one):
            raise BadInput(shape, field="pauses")
        begins, ends = (
            _date(end, "pauses") if _DATE.fullmatch(end) else zones.local_date(_instant(end, "pauses"), where, "pauses")
            for end in one
        )
        found.append((begins, ends))
    return tuple(found)
