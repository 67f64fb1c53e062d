"""The usual case: what the promises and the law say becomes of each class of data, ready to be accepted. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.policies.answers.asking import Item, ItemOutcome
from consent.policies.answers.refusals import ELSEWHERE, Ground
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import types
from consent.privacy_requests.casework import classes, clocks
from consent.privacy_requests.casework.cases import Case
from consent.privacy_requests.casework.outcomes import SPLIT, SUPPRESSION, WHOLE, Outcome

LOOK_AGAIN = timedelta(days=30)  # how often we look whether a deferral is over; nothing is promised by it


def proposed(rulebook: Rulebook, case: Case, holdings: Iterable[Item], now: datetime) -> tuple[Outcome, ...]:
    """The outcome of each class of data that is held; what a person has to weigh is left out, to be decided."""
    items = list(holdings)
    kind = types.of(case.request_type)
    if not kind.by_category:
        return (Outcome(WHOLE, "do"),)
    if not kind.erases:
        return tuple(Outcome(one, "do") for one in dict.fromkeys(one.category for one in items))
    asker = clocks.asker(rulebook, case)
    known = {one.code: one for one in rulebook.requests.grounds(case.request_type, asker)}
    answers = rulebook.requests.delete(items, case.received_at, asker)
    today = local_date(now, zones.zone(rulebook.organization.zone))
    by_category: dict[str, list[tuple[Item, Outcome | None]]] = {}
    for item, answer in zip(items, answers, strict=True):
        by_category.setdefault(item.category, []).append((item, _outcome(item, answer, known, today)))
    found = [one for group in by_category.values() for one in _merged(group)]
    return classes.joined(found, classes.here(rulebook.organization))


def left_over(proposal: Sequence[Outcome], holdings: Iterable[Item]) -> tuple[str, ...]:
    """The classes of data for which nothing is proposed: a person weighs them."""
    named = {one.category.split(SPLIT)[0] for one in proposal}
    return tuple(dict.fromkeys(one.category for one in holdings if one.category not in named))


def _outcome(item: Item, answer: ItemOutcome, known: Mapping[str, Ground], today: date) -> Outcome | None:
    at, said = item.category, answer.outcome
    if at == SUPPRESSION and said in ("deleted", "anonymized", "live-deleted-backup-pending"):
        return Outcome(at, "keep", SUPPRESSION)
    if said == "deleted":
        return Outcome(at, "do")
    if said == "anonymized":
        return Outcome(at, "anonymize")
    if said == "live-deleted-backup-pending":
        return Outcome(at, "do", backup_until=answer.until)
    if said == "outside-the-right":
        ground = known.get(ELSEWHERE)
        return Outcome(at, "refuse", ELSEWHERE, source=ground.source) if ground else None
    ground = _ground(item, answer, known)
    if ground is None:
        return None
    if said == "deferred":
        recheck = max(answer.until or today + LOOK_AGAIN, today + timedelta(days=1))
        return Outcome(at, "defer", ground.code, recheck_on=recheck, source=ground.source, recheck=answer.recheck)
    if said == "kept" and (answer.until is not None or ground.code == SUPPRESSION):
        return Outcome(at, "keep", ground.code, keep_until=answer.until, source=ground.source)
    return None


def _ground(item: Item, answer: ItemOutcome, known: Mapping[str, Ground]) -> Ground | None:
    """Which of the known grounds the answer rests on: of the same promise, by the item's own word for it."""
    sources = {one.commitment or one.law for one in answer.reasons}
    words = (answer.ground, *sorted(item.grounds), *sorted(item.open_gates), item.category)
    return next((known[one] for one in words if one in known and known[one].source in sources), None)


def _merged(group: Sequence[tuple[Item, Outcome | None]]) -> Iterable[Outcome]:
    """One outcome for the class where all its items agree; else one by source, and none where those disagree too."""
    if len({one for _, one in group}) == 1:
        only = group[0][1]
        return [only] if only is not None else []
    sources: dict[str, set[Outcome | None]] = {}
    for item, one in group:
        sources.setdefault(item.source or "unknown", set()).add(one)
    found = []
    for source, ones in sources.items():
        one = next(iter(ones))
        if len(ones) == 1 and one is not None:
            found.append(
                Outcome(f"{one.category}{SPLIT}{source}", one.what, one.ground, None, one.recheck_on, one.keep_until,
                        one.backup_until, one.source, one.recheck)
            )  # fmt: skip
    return found
