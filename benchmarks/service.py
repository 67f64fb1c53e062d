"""Our own service under test: set up through its own services, then served by its own command."""

import itertools
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks import page, servers, twilio
from benchmarks.measure import Side
from consent import clock
from consent.config import Config, load
from consent.db import Sql, Tx, migrations
from consent.house import House
from consent.ledger import keyfiles
from consent.organizations import service as organizations
from consent.policies import founding
from consent.policies.packs import packs_root
from consent.policies.rulebook import ConsentDraft
from consent.preferences import consents
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical

OF_PAGE = "smartt"  # its page shows ten programs by e-mail
SLUG, SENDER = "valley-smart-homes", "+15095550100"
PROGRAM, MESSAGE_CLASS = "account-service-notifications", "outage"
HOST = "texts.example"
TOKEN = "f" * 24 + "0123456789abcdef"
WORDING = "I agree to get account and service texts from Valley Smart Homes. Reply STOP to end them."
JOBS_BESIDE = ("sh", "-c", '"$0" -m benchmarks.served & exec "$0" "$@"')  # then python and its arguments
BATCH = 500  # consents in one transaction of the set-up
AGO = timedelta(days=30)  # when the people of the bench agreed, so that every STOP is later

_EVENTS = Sql("SELECT count(*) FROM ledger_event WHERE organization_id = :organization_id")
_DECISIONS = Sql("SELECT count(*) FROM decision WHERE organization_id = :organization_id")


@dataclass(frozen=True)
class Sides:
    """Our side of every path that is driven over HTTP."""

    webhook: Side
    decision_stored: Side
    decision_explained: Side
    page_read: Side
    page_save: Side


@dataclass(frozen=True)
class Ready:
    """An installation with people in it, not yet served."""

    environment: dict[str, str]
    house: House
    tenant: organizations.Tenant
    of_page: organizations.Tenant  # one with ten programs by e-mail
    endpoint: str
    api_key: str


@dataclass(frozen=True)
class Service:
    """Our service, running."""

    sides: Sides
    server: servers.Server
    ready: Ready


def set_up(database_url: str, data_dir: Path, settings: servers.Settings) -> Ready:
    """Tables, keys, the organization with its policy in force, and a gateway account; nobody has agreed yet."""
    environment = {
        "CONSENT_DATABASE_URL": database_url,
        "CONSENT_DATA_DIR": str(data_dir),
        "CONSENT_PUBLIC_URL": f"https://{HOST}",
        "CONSENT_THREADS": str(settings.threads),
        "MALLOC_ARENA_MAX": "2",  # as `consent serve` sets it
    }
    data_dir.mkdir(parents=True, exist_ok=True)
    config = load(environment)
    migrations.upgrade(config.migration_url)
    keyfiles.create_root(data_dir)
    _cookie_secret(config)
    house, now = House.open(config), clock.now() - AGO
    keyring = house.keyring
    tenant = founding.found(config, house.db, keyring, packs_root() / SLUG, now)
    of_page = founding.found(config, house.db, keyring, packs_root() / OF_PAGE, now)
    endpoint = house.db.write(
        lambda tx: organizations.create_account(
            tx,
            keyring,
            tenant.id,
            gateway="twilio",
            can_send=True,
            name="bench",
            settings={"auth_token": TOKEN, "account_sid": twilio.ACCOUNT},
            numbers={SENDER: "self"},
            now=now,
        ),
        tenant.id,
    )
    scopes = ("decisions:read", "decisions:write", "consents:write")
    api_key = house.db.write(
        lambda tx: organizations.create_key(tx, keyring, tenant.id, "bench", scopes, now), tenant.id
    )
    return Ready(environment, house, tenant, of_page, endpoint, api_key)


def agree(ready: Ready, numbers: Sequence[str]) -> None:
    """Everybody at these numbers has given consent to the service texts."""
    for start in range(0, len(numbers), BATCH):
        _agree(ready, numbers[start : start + BATCH])


@contextmanager
def serving(ready: Ready, numbers: Sequence[str], settings: servers.Settings, folder: Path) -> Iterator[Service]:
    """The installation served as `consent serve` does, with its timed jobs."""
    port = servers.free_port()
    command = servers.granian("benchmarks.served:application", port, settings)
    if ready.house.db.is_postgresql:
        command = [*JOBS_BESIDE, *command]
    server = servers.Server("service", command, ready.environment, port, folder / f"service-{port}.log")
    with servers.running(server):
        yield Service(_sides(ready, server, numbers), server, ready)


def _sides(ready: Ready, server: servers.Server, numbers: Sequence[str]) -> Sides:
    serial, texting, asked = itertools.count(1), itertools.cycle(numbers), itertools.cycle(numbers)
    host = f"{server.address[0]}:{server.address[1]}"
    url = f"https://{HOST}/webhooks/sms/{ready.endpoint}"
    run = secrets.token_hex(8)
    bearer = {"Authorization": f"Bearer {ready.api_key}"}

    def stops(count: int) -> list[bytes]:
        return [
            twilio.inbound(TOKEN.encode(), url, host, next(texting), f"SM{run}{next(serial):016x}", "STOP", SENDER)
            for _ in range(count)
        ]

    def questions(extra: dict[str, bool]) -> Callable[[int], list[bytes]]:
        def build(count: int) -> list[bytes]:
            return [
                twilio.post("/api/v1/decisions", host, _question(next(asked), extra), "application/json", bearer)
                for _ in range(count)
            ]

        return build

    ok = frozenset({200, 201})
    visitors = page.visitors(ready)
    return Sides(
        webhook=Side(server, stops, ok, _counting(ready, _EVENTS)),
        decision_stored=Side(server, questions({}), ok, _counting(ready, _DECISIONS)),
        decision_explained=Side(server, questions({"store": False}), ok),
        page_read=page.reading(ready, server, visitors),
        page_save=page.saving(ready, server, visitors),
    )


def _counting(ready: Ready, sql: Sql) -> Callable[[], int]:
    def count() -> int:
        organization_id = ready.tenant.id
        with ready.house.db.read(organization_id) as tx:
            row = tx.one(sql, {"organization_id": organization_id})
            return int(row[0]) if row else 0

    return count


def _agree(ready: Ready, numbers: Sequence[str]) -> None:
    house, organization_id = ready.house, ready.tenant.id
    now = clock.now() - AGO / 2
    in_force = house.governing.at(organization_id, now)

    def work(tx: Tx) -> None:
        for number in numbers:
            draft = ConsentDraft(PROGRAM, "sms", number, "given", now, "web-form", WORDING, "en", ip="192.0.2.7")
            tagged = subjects.tagged(house.keyring, organization_id, canonical("sms", number))
            said = consents.Said(draft, tagged)
            consents.record(tx, house.keyring, in_force.log, in_force.rulebook, said, "import", now)

    house.db.write(work, organization_id)


def _question(number: str, extra: dict[str, bool]) -> bytes:
    asked = {"program": PROGRAM, "message_class": MESSAGE_CLASS, "channel": "sms", "address": number}
    return json.dumps(asked | extra).encode()


def _cookie_secret(config: Config) -> None:
    path = config.data_dir / "keys" / "cookie.key"
    path.write_bytes(secrets.token_hex(32).encode())
    path.chmod(0o600)
