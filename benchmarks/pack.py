"""How long a pack of evidence takes for a number with 500 events: report, PDF, proofs and checker included."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Figure
from benchmarks.ledger import seal
from consent import clock
from consent.db import Tx
from consent.evidence.packs import about, building, check, service
from consent.ledger import service as ledger
from consent.organizations import service as organizations
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person

if TYPE_CHECKING:
    from benchmarks.service import Ready

EVENTS, TURNS = 500, 3
MOST = 10.0  # seconds
NUMBER = "+12125550188"  # nobody's in the run: imports count on from another one
TYPES = ("message.sent", "message.received", "consent.withdrawn")


def made(ready: "Ready", database: str) -> Figure:
    """Seconds until the ZIP is whole; the median of some."""
    house, tenant_id = ready.house, ready.tenant.id
    house.db.write(lambda tx: _live(tx, ready), tenant_id)
    seal(ready)
    with house.db.read() as tx:
        tenant = organizations.find(tx, ready.tenant.slug)
    spent = []
    for _ in range(TURNS):
        with tempfile.TemporaryDirectory(prefix="bench-pack-", dir="/var/tmp") as folder:
            began, out = time.perf_counter(), Path(folder) / "pack.zip"
            with house.db.read(tenant_id) as tx:
                whom = about.of_address(tx, house.keyring, tenant_id, NUMBER)
            ground = service.ground(house.db, house.keyring, tenant_id, house.config.public_url, None, clock.now())
            head = building.Head(clock.now(), "bench", "bench")
            with out.open("wb") as file:
                counted = building.build(ground, tenant, whom, head, file, Path(folder) / "aside")
            spent.append(time.perf_counter() - began)
            if counted["entries"] != EVENTS or check.check(str(out))[0]:
                raise SystemExit("the pack is not whole")
    return Figure(f"evidence pack of {EVENTS} events", database, statistics.median(spent), "s", MOST)


def _live(tx: Tx, ready: "Ready") -> None:
    house, organization_id = ready.house, ready.tenant.id
    log = ledger.log_of(tx, organization_id)
    assert log is not None
    cited = house.governing.now(organization_id, clock.now()).rulebook.policy_version.cited()
    tagged = subjects.tagged(house.keyring, organization_id, of_person("sms", NUMBER))
    contact = subjects.contact(tx, house.keyring, organization_id, tagged, clock.now())
    for number in range(EVENTS):
        kind = TYPES[number % len(TYPES)]
        facts = {"address": NUMBER}
        event = ledger.Event(kind, "api", "sms", (), cited, None, facts, f"text {number}" if number % 4 else None)
        ledger.append(tx, log, contact.stream, event, clock.now())
