"""The queue of a clerk with 10,000 open requests: its page against its bare questions and the same page without any."""

import statistics
import time
from datetime import timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from flask.testing import FlaskClient

from benchmarks.figures import Figure
from consent import clock
from consent.app import create_app
from consent.db import Sql, Tx
from consent.ids import new_id, new_stream_id
from consent.organizations.service import Tenant
from consent.privacy_requests.rules import UNDER_WAY
from consent.staff import accounts, sign_ins
from consent.staff.roles import Role

if TYPE_CHECKING:
    from benchmarks.service import Ready

OPEN, ROUNDS, LIST = 10_000, 30, "/staff/requests"
AT_MOST = 1.5  # of the two together (issue of the dashboard, point 5)
TYPES, STATES, DAYS = ("deletion", "access", "correction", "portability"), ("open", "in_progress"), 60
_CONTACTS = Sql("SELECT id FROM contact_point WHERE organization_id = :organization_id LIMIT :most")
_INSERT = Sql(
    "INSERT INTO privacy_request (organization_id, id, request_type, state, how, contact_point_id, entry_id,"
    " received_at, binding, steps, answer_by) VALUES (:organization_id, :id, :type, :state, 'form', :contact, :entry,"
    " :received, '', '[]', :due)"
)
# What the page has to know, in the fewest words: the first fifty by their day, and how many there are of each sort.
_FIRST = Sql(
    "SELECT id, request_type, state, contact_point_id, answer_by, assigned_to FROM privacy_request"
    f" WHERE organization_id = :organization_id AND {UNDER_WAY} ORDER BY answer_by, id LIMIT 51"
)
_COUNTS = Sql(
    "SELECT state, request_type, place, assigned_to, answer_by, count(*) FROM privacy_request"
    f" WHERE organization_id = :organization_id AND {UNDER_WAY} GROUP BY 1, 2, 3, 4, 5"
)


def queue(ready: "Ready", database: str) -> Figure:
    """How many times the bare questions and the empty page the full page takes; medians, in turns."""
    _fill(ready)
    app = create_app(ready.house)
    full, empty = (_seated(ready, app.test_client(), tenant) for tenant in (ready.tenant, ready.of_page))
    assert full.get(LIST).get_data(as_text=True).count("<tr") >= 50, "the queue shows its first page"
    spent: dict[str, list[float]] = {"full": [], "empty": [], "bare": []}
    for _ in range(ROUNDS):
        for name, act in (
            ("full", lambda: _look(full)),
            ("empty", lambda: _look(empty)),
            ("bare", lambda: _ask(ready)),
        ):
            began = time.perf_counter()
            act()
            spent[name].append(time.perf_counter() - began)
    page, nothing, bare = (statistics.median(spent[name]) for name in ("full", "empty", "bare"))
    name = f"queue page of {OPEN:,} requests / (bare questions + empty page)"
    return Figure(name, database, page / (bare + nothing), "times", AT_MOST)


def _look(client: FlaskClient) -> None:
    answer = client.get(LIST)
    assert answer.status_code == 200, answer.status


def _ask(ready: "Ready") -> None:
    asked = {"organization_id": ready.tenant.id}
    with ready.house.db.read(ready.tenant.id) as tx:
        tx.gather((_FIRST, asked), (_COUNTS, asked))


def _fill(ready: "Ready") -> None:
    organization_id, now = ready.tenant.id, clock.now()
    kinds, states = cycle(TYPES), cycle(STATES)

    def work(tx: Tx) -> None:
        known = [row[0] for row in tx.all(_CONTACTS, {"organization_id": organization_id, "most": OPEN})]
        rows: list[dict[str, Any]] = []
        for number, contact in enumerate(islice(cycle(known), OPEN)):
            # Of one contact point each type is under way once; there are enough of either.
            kind = TYPES[number // len(known) % len(TYPES)] if len(known) < OPEN else next(kinds)
            received = now - timedelta(days=number % DAYS, minutes=number % 1000)
            rows.append(
                {
                    "organization_id": organization_id, "id": new_id(received), "type": kind, "state": next(states),
                    "contact": contact, "entry": new_stream_id(), "received": received,
                    "due": (received + timedelta(days=45)).date().isoformat(),
                }
            )  # fmt: skip
        tx.many(_INSERT, rows)

    ready.house.db.write(work, organization_id)


def _seated(ready: "Ready", client: FlaskClient, tenant: Tenant) -> FlaskClient:
    """A browser at which an administrator of this organization is signed in."""
    house, now = ready.house, clock.now()

    def work(tx: Tx) -> sign_ins.Ticket:
        place = {"email": f"bench@{tenant.slug}.example", "name": "Ana", "role": Role.ADMIN, "language": "en"}
        account = accounts.create(tx, house.keyring, tenant.id, now=now, **place)  # type: ignore[arg-type]
        accounts.set_state(tx, tenant.id, account, "active")
        return sign_ins.begin(tx, tenant.id, account, "bench", "app", now)

    ticket = house.db.write(work, tenant.id)
    client.set_cookie("staff", sign_ins.cookie_value(house.keyring, ticket))
    return client
