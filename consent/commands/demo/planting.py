"""What a seed file of the demo describes, planted part by part, each once: through the services and doors of all users.

Nothing here knows any organization: a seed is named like its pack, and a part that a seed does not have is empty.
"""

import secrets
import tomllib
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

from consent.commands.demo import acts, calls, requests
from consent.disclosures import carriers
from consent.errors import SetupProblem
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.organizations import service as organizations
from consent.policies.rulebook import ConsentDraft
from consent.preferences import consents
from consent.review import jobs as review_jobs
from consent.staff import demo as staff
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.verification import links

KEY_NAME = "demo"
STAFF_AT = "staff.example"
Notes = dict[str, Any]


@dataclass
class Plot:
    """An organization and its seed: the house it is served in, and what stands in the notes of the demo so far."""

    house: House
    seed: Path
    notes: Notes
    now: datetime

    @cached_property
    def planned(self) -> Mapping[str, Any]:
        """The seed file."""
        return tomllib.loads(self.seed.read_text(encoding="utf-8"))

    @cached_property
    def tenant(self) -> organizations.Tenant:
        """The organization, which was founded before."""
        with self.house.db.read() as tx:
            return organizations.find(tx, self.seed.stem)

    def rows(self, part: str) -> list[dict[str, Any]]:
        """The entries of one part; none where the seed has no such part."""
        found: list[dict[str, Any]] = self.planned.get(part, [])
        return found


def grow(plot: Plot, *, brief: bool = False) -> bool:
    """The next part that is missing is planted and noted; False where nothing was missing."""
    for part, plant in (_PARTS if brief else _PARTS | _HISTORY).items():
        if part not in plot.notes:
            plot.notes |= {part: plant(plot)}
            return True
    return False


def _key(plot: Plot) -> str:
    db, keyring, tenant = plot.house.db, plot.house.keyring, plot.tenant
    return db.write(
        lambda tx: organizations.create_key(tx, keyring, tenant.id, KEY_NAME, organizations.SCOPES, plot.now), tenant.id
    )


def _endpoint(plot: Plot) -> str:
    """A gateway account whose texts are lines in a file, for the numbers of the seed; "" where it has none."""
    house, numbers = plot.house, plot.planned.get("gateway", {}).get("numbers")
    if not numbers:
        return ""
    settings = {"path": str(house.config.data_dir / "dev-outbox.jsonl"), "auth_token": secrets.token_hex(16)}
    return house.db.write(
        lambda tx: organizations.create_account(
            tx, house.keyring, plot.tenant.id, gateway="console", can_send=True, name="demo", settings=settings,
            numbers=numbers, now=plot.now,
            recipient=carriers.OWN,  # the console: nothing leaves the machine
        ),
        plot.tenant.id,
    )  # fmt: skip


def _people(plot: Plot) -> str:
    """What people said before the service was there is taken over; the path of the first one's page of choices."""
    house, tenant = plot.house, plot.tenant
    for person in plot.rows("people"):
        draft = ConsentDraft(
            person["program"],
            person["channel"],
            person["address"],
            person["state"],
            person["occurred_at"],
            person["method"],
            person.get("wording"),
            person.get("language"),
            person.get("ip"),
            person.get("ip_absent_reason"),
            granted_by=person.get("granted_by"),
        )
        in_force = house.governing.at(tenant.id, draft.occurred_at or plot.now)
        consents.check(in_force.rulebook, draft, plot.now)
        address = canonical(person["channel"], person["address"])
        said = consents.Said(draft, subjects.tagged(house.keyring, tenant.id, address), person.get("reference"))
        house.db.write(
            lambda tx, given=said, rules=in_force: consents.record(  # type: ignore[misc]
                tx, house.keyring, rules.log, rules.rulebook, given, "import", plot.now
            ),
            tenant.id,
        )
    return _choices(plot, plot.rows("people")[0])


def _choices(plot: Plot, person: Mapping[str, Any]) -> str:
    """The path of the link that a message to this person would carry."""
    house, tenant = plot.house, plot.tenant
    tagged = subjects.tagged(house.keyring, tenant.id, canonical(person["channel"], person["address"]))
    with house.db.read(tenant.id) as tx:
        contact = subjects.find(tx, tenant.id, tagged)
    if contact is None:
        raise SetupProblem("The people of the seeds are not on record.")
    link = links.Link(tenant.id, contact, links.PREFERENCES, None, None, None, plot.now)
    return f"/{tenant.slug}/preferences/for/{links.make(house.keyring, link)}"


def _requests(plot: Plot) -> int:
    return requests.plant(plot.house.db, plot.house.keyring, plot.tenant.id, plot.rows("requests"), plot.now)


def _deletion(plot: Plot) -> dict[str, str] | None:
    return requests.first_deletion(plot.house.db, plot.house.keyring, plot.tenant.id, plot.tenant.zone, plot.now)


def _calls(plot: Plot) -> int:
    """What the organization's systems tell the API, and what people text to its numbers."""
    from consent.app import create_app  # loaded when there is something to plant: a second start goes without

    house, now = plot.house, plot.now
    with redirect_stderr(StringIO()):  # nobody reads the access lines of this application
        app = create_app(house)
    made = calls.Systems(app, house.config, plot.notes["key"], now).call(plot.rows("calls"))
    if plot.rows("texts"):
        with house.db.read(plot.tenant.id) as tx:
            (account,) = organizations.accounts(tx, house.keyring, plot.tenant.id)
        made += calls.text(app, house.config, account, plot.rows("texts"), now)
    return made


def _acts(plot: Plot) -> int:
    return acts.plant(plot.house, plot.tenant.id, plot.rows("acts"), plot.now)


def _counted(plot: Plot) -> int:
    """What was planted is sealed and counted, so that the first look at the trace tells of it."""
    house, tenant = plot.house, plot.tenant
    ledger_jobs.seal_organization(house.db, house.keyring, tenant.id, plot.now)
    return review_jobs.count_evidence(house.db, tenant.id, plot.now)


# What is noted under which name, in the order in which one thing needs the other.
_PARTS: dict[str, Callable[[Plot], Any]] = {
    "name": lambda plot: plot.tenant.name,
    "key": _key,
    "endpoint": _endpoint,
    "number": lambda plot: next(iter(plot.planned.get("gateway", {}).get("numbers", {})), ""),
    "person": lambda plot: plot.rows("people")[0]["address"],
    "choices": _people,
    "question": lambda plot: plot.planned.get("question"),
    "staff": lambda plot: staff.members(plot.house.db, plot.house.keyring, plot.tenant.id, STAFF_AT, plot.now),
}
# What happened around the people since.
_HISTORY: dict[str, Callable[[Plot], Any]] = {
    "requests": _requests,
    "deletion": _deletion,
    "calls": _calls,
    "acts": _acts,
    "counted": _counted,
}
