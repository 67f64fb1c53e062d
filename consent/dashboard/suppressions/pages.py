"""/staff/suppressions: by channel, reason and day; one number is found by itself on the page of people."""

from datetime import UTC, date, datetime, time
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, request

from consent.dashboard.people import words
from consent.dashboard.seats import Seat, seat
from consent.dashboard.suppressions import queries
from consent.db import Database
from consent.deadlines import zones
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web.fields import parse_instant
from consent.web.messages import N_
from consent.web.paging import cursor, place_of

NO_DAY, NO_CHOICE = N_("Give a day, such as 2026-11-22."), N_("Choose one of these.")
Page = str | tuple[str, int]


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/suppressions."""
    pages = Blueprint("staff_suppressions", __name__, template_folder="../templates")

    @pages.get("/staff/suppressions")
    @require(Act.SUPPRESSIONS_SEE)
    def listing() -> Page:
        here = seat(governing)
        kind, channel, wrong = request.args.get("reason", ""), request.args.get("channel", ""), dict[str, str]()
        if kind and kind not in queries.KINDS:
            kind, wrong["reason"] = "", NO_CHOICE
        if channel and channel not in words.CHANNELS:
            channel, wrong["channel"] = "", NO_CHOICE
        try:
            since = _since(here)
        except ValueError:
            since, wrong["since"] = queries.OLDEST, NO_DAY
        before = place_of(request.args["after"], _place) if "after" in request.args else queries.NEWEST
        with db.read(here.organization_id) as tx:
            found, then = queries.page(
                tx, keyring, here.organization_id, kind=kind, channel=channel, since=since, before=before
            )
            counts = queries.counts(tx, here.organization_id)
        kept = {"reason": kind, "channel": channel, "since": request.args.get("since", "")}
        asked = {name: value for name, value in kept.items() if value}
        more = urlencode(asked | {"after": cursor(instant(then[0]), then[1], then[2])}) if then is not None else None
        page = doors.render(
            "dashboard/suppressions.html", here=here, found=found, counts=counts, counted=queries.COUNTED, asked=kept,
            more=more, wrong=wrong, reasons=words.REASONS, channels=words.CHANNELS,
        )  # fmt: skip
        return (page, 422) if wrong else page

    return pages


def _since(here: Seat) -> datetime:
    """Midnight of the day that is asked for, by the organization's clock."""
    value = request.args.get("since", "")
    if not value:
        return queries.OLDEST
    day = date.fromisoformat(value)
    if not 1971 <= day.year <= 9000:
        raise ValueError(value)
    return datetime.combine(day, time(), zones.zone(here.pack.zone)).astimezone(UTC)


def _place(at: str, contact: str, kind: str) -> queries.Place:
    return parse_instant(at), UUID(contact), kind
