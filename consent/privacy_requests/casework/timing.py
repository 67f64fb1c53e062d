"""More time, where a law gives it: one extension, told with its reason in time, and pauses that the law has."""

import json
import uuid
from datetime import datetime

from consent.db import Tx
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.errors import BadInput, Filled
from consent.outbox.mail import Mail
from consent.privacy_requests import service
from consent.privacy_requests.casework import clocks, letters
from consent.privacy_requests.casework.cases import Case, Desk, Hand, move, stream_of, take
from consent.privacy_requests.moves import NotNow
from consent.web.messages import N_

SHORTEST_REASON, LONGEST_REASON = 10, 1000  # characters


def extend(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, reason: str, *, told: str = letters.MAIL,
    letter: Mail | None = None, version: int | None = None,
) -> Case:  # fmt: skip
    """The one extension that the law gives is told to the person, with its reason, before the first period ends.

    Raises NotNow where no law gives one, where it was used, or where the time to tell it is over; BadInput without a
    reason that says something.
    """
    case = take(tx, desk, request_id, version)
    if case.extended_due_on is not None:
        raise NotNow(
            Filled(N_("It was extended once, to %(day)s; nothing gives a second time."), day=case.extended_due_on)
        )
    times = clocks.reckoned(desk.rulebook, case, extension=True)
    if times.extended_due is None or times.extension_notice_due is None:
        raise NotNow(N_("No law gives an extension here: the promise, or the law of this place, binds as it stands."))
    today = local_date(now, zones.zone(desk.rulebook.organization.zone))
    if today > times.extension_notice_due:
        raise NotNow(
            Filled(N_("An extension had to be told by %(day)s: that day is past."), day=times.extension_notice_due)
        )
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise BadInput(
            N_("Give the reason in a sentence that the person will read, of up to 1,000 characters."), field="reason"
        )
    letters.send(tx, desk, case, told, letter, "extend", now)
    key = stream_of(tx, desk, case).key
    sealed = service.seal(key, case.organization_id, case.id, reason, service.EXTENSION)
    values = {"extended_due_on": times.extended_due, "answer_by": times.extended_due, "extended_at": now}
    laws = [one.name for one in times.each if one.what == "extended"]
    return move(
        tx, desk, case, "extend", by, now, values=values | {"sealed_extension": sealed, "escalated": ""},
        data={"from": _iso(case.answer_by), "until": _iso(times.extended_due), "told": told, "law": ", ".join(laws)},
        words=reason,
    )  # fmt: skip


def pause(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, reason: str, *, told: str = letters.MAIL,
    letter: Mail | None = None, version: int | None = None,
) -> Case:  # fmt: skip
    """The clock of the laws that know a pause stands still from today on; promises go on as they are.

    Raises NotNow where no law here knows one.
    """
    case = take(tx, desk, request_id, version)
    asker = clocks.asker(desk.rulebook, case)
    laws = desk.rulebook.requests.pausing(case.request_type, asker)
    if not laws:
        raise NotNow(N_("No law lets the clock of this request stand still: it goes on while you wait for an answer."))
    if case.paused_since is not None:
        raise NotNow(N_("The clock stands still already."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadInput(N_("Say what you asked the person, in a sentence."), field="reason")
    letters.send(tx, desk, case, told, letter, "pause", now)
    today = local_date(now, zones.zone(desk.rulebook.organization.zone))
    data = {"law": ", ".join(one.id for one in laws), "since": _iso(today), "told": told}
    return move(tx, desk, case, "pause", by, now, values={"paused_since": today}, data=data, words=reason.strip())


def resume(tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, *, version: int | None = None) -> Case:
    """The answer came: the clock goes on, and the days of the pause, both ends included, do not count."""
    case = take(tx, desk, request_id, version)
    if case.paused_since is None:
        raise NotNow(N_("The clock runs: there is no pause to end."))
    today = local_date(now, zones.zone(desk.rulebook.organization.zone))
    pauses = (*case.pauses, (case.paused_since, max(today, case.paused_since)))
    values = clocks.answer_by(desk.rulebook, case, verified_at=case.verified_at, pauses=pauses)
    kept = json.dumps([[begins.isoformat(), ends.isoformat()] for begins, ends in pauses])
    days = (pauses[-1][1] - pauses[-1][0]).days + 1
    return move(
        tx, desk, case, "resume", by, now, values=values | {"paused_since": None, "pauses": kept, "escalated": ""},
        data={"days": days, "until": str(values["answer_by"] or "")},
    )  # fmt: skip


def _iso(day: object) -> str:
    return str(day or "")
