"""How the API tells of an incident."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from consent.db import Tx
from consent.incidents import queries, rules, service
from consent.incidents.schemas import WORDS
from consent.ledger.bodies import instant


def as_json(tx: Tx, at: service.Desk, found: queries.Incident) -> dict[str, Any]:
    """The incident as the API tells it; of the people, how many."""
    people = queries.people(tx, at.organization_id, found.id)
    how = queries.how_done(tx, at.organization_id, found)
    facts = {one.name: getattr(found.facts, one.name) for one in fields(rules.Facts)}
    return {
        "id": str(found.id),
        "kind": found.kind,
        "state": found.state,
        "version": found.version,
        "opened_at": _plain(found.opened_at),
        "closed_at": _plain(found.closed_at),
        "telling": found.telling,
        **{name: _plain(value) for name, value in facts.items()},
        **{name: getattr(found.words, name) for name in WORDS},
        "people": {
            "all": people.all,
            "told": people.told,
            "without_mail": people.without_mail,
            "erased": people.erased,
            "waiting": people.waiting,
            "former": people.former,
        },
        "duties": [
            {
                "duty": one.key,
                "title": one.title,
                "state": "done" if one.done_at else one.state,
                "due": _plain(one.due),
                "due_at": _plain(one.due_at),
                "audience": list(one.audience),
                "channels": list(one.channels),
                "reasons": [
                    {name: value for name, value in reason._asdict().items() if value} for reason in one.reasons
                ],
                "steps": list(one.steps),
                "done_at": _plain(one.done_at),
                "by_telling": one.by_telling,
                "how": how.get(one.key, ""),
            }
            for one in queries.duties(tx, at.in_force.rulebook, at.organization_id, found, people)
        ],
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
