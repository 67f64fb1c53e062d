"""A whole organization goes to another installation and database, and everything holds there as before."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from consent.evidence import bundles, offline
from consent.leaving import rules
from consent.ledger import keyfiles, published
from consent.ledger.notes import read_vkey
from consent.organizations import service as organizations
from consent.privacy_requests.tasks import people, shredding
from consent.privacy_requests.tasks.shredding import Shredder
from consent.tables import METADATA
from consent.timed.requests import every_table
from tests.leaving.conftest import NEW_URL, PASSPHRASE, Place, parts_of, rows_of
from tests.support import journey, snapshot
from tests.support.databases import ON_SQLITE
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

DOCS = Path(__file__).resolve().parents[2] / "docs" / "leaving.md"
AGREED, STOPPED, ERASED = PERSON, "+15095550151", "+15095550152"


def live(place: Place, valley: Tenant, time: Time) -> tuple[str, bytes]:
    """Somebody agrees, somebody stops, somebody stops and is erased; the first entry and the bundle that proves it."""
    client = place.app().test_client()
    systems, twilio = Systems(client, valley), valley.gateway(client)
    entry = systems.consent(address=AGREED, person="customer-1")["entry"]
    for address in (STOPPED, ERASED):
        systems.consent(address=address)
        assert twilio.text("STOP", sender=address).status_code == 200
    erase(place, systems, ERASED, time)
    place.run("ledger", "checkpoint")
    systems = place.systems(valley)
    return entry, systems.get(f"receipts/{entry}/bundle").get_data()


def erase(place: Place, systems: Systems, address: str, time: Time) -> None:
    """Nothing of them is left but the no."""
    house, organization = place.open(), systems.tenant.id
    with house.db.read(organization) as tx:
        person = people.of_contact(tx, house.keyring, organization, UUID(systems.lookup(address)))
    assert person is not None
    shredder = Shredder(house.db, house.keyring, place.config.data_dir, every_table, house.spooling.spool)
    shredding.erase_all(shredder, person, uuid4(), time.now())


def export_while_something_waits(place: Place, file: Path) -> None:
    """Valley in a file, with entries that came after the last sealing."""
    with place.monkeypatch.context() as patch:
        patch.setattr("consent.ledger.jobs.seal_organization", lambda *_anything: 0)
        place.export(file)


def holds(place: Place, organization_id: UUID, bundle: bytes) -> offline.Verified:
    """The bundle, checked with nothing but what this place publishes."""
    keyring = place.open().keyring
    vkeys = [read_vkey(one) for one in published.log_vkeys(keyring, [organization_id])]
    return offline.verify(bundles.read(bundle), published.jwks(keyring, [organization_id]), vkeys)


def test_t_79_vox_21_1v_18_val_09_consents_suppressions_proofs_and_old_policy_bindings_travel_with_the_data(
    old: Place, new: Place, prepared: Any, time: Time, tmp_path: Path
) -> None:
    valley: Tenant = prepared.tenant
    entry, bundle = live(old, valley, time)
    before = old.run("preferences", "dump").output
    bound = Systems(old.app().test_client(), valley).history(AGREED)
    export_while_something_waits(old, tmp_path / "valley.consent")

    told = new.take_over(tmp_path / "valley.consent")
    assert told["verified"]["holds"], told["verified"]
    assert told["from"] == "consent.example"
    assert {one["what"] for one in told["left_behind"]} == {rules.STAYS["api_key"].title, rules.GATEWAYS.title}
    assert new.run("preferences", "dump").output == before
    here = new.moved_in(valley, time)
    systems = new.systems(here)
    assert (
        systems.client.get("/api/v1/policies", headers=valley.headers).status_code == 401
    )  # the old key opens nothing
    assert systems.may(address=AGREED)
    assert not systems.may(address=STOPPED)
    assert not systems.may(address=ERASED)
    assert [one["data"] for one in systems.history(AGREED)] == [one["data"] for one in bound]
    assert bound[0]["data"]["policy_version"] in systems.client.get(f"/{valley.slug}/privacy").get_data(as_text=True)

    # What was handed out before holds with the keys published here; what is asked for anew is signed here.
    assert holds(new, valley.id, bundle).leaf.id == UUID(entry)
    again = systems.get(f"receipts/{entry}/bundle").get_data()
    assert holds(new, valley.id, again).index == holds(new, valley.id, bundle).index
    assert json.loads(again)["receipt"] != json.loads(bundle)["receipt"]

    # Life goes on under the next log, whose first entry names the last checkpoint of the old one.
    twilio = Twilio(systems.client, NEW_URL, f"/webhooks/sms/{here.endpoint}", here.token, here.number)
    assert twilio.text("STOP", sender=AGREED).status_code == 200
    assert not systems.may(address=AGREED)
    fresh = systems.consent(address="+15095550153")["entry"]
    notes = new.run("ledger", "checkpoint").output
    assert "new.example/log/valley-smart-homes/2" in notes
    verified = new.run("ledger", "verify")
    assert verified.exit_code == 0, verified.output
    made_here = new.systems(here).get(f"receipts/{fresh}/bundle").get_data()
    assert holds(new, valley.id, made_here).checkpoint is not None
    house = new.open()
    with house.db.read(valley.id) as tx:
        left, _anew = organizations.accounts(tx, house.keyring, valley.id)
    assert (left.settings, left.endpoint, dict(left.numbers)) == ({}, "", {valley.number: "self"})
    assert left.closed_at is not None


def test_a_table_with_everything_comes_whole_and_what_opens_doors_stays_behind(
    old: Place, new: Place, prepared: Any, time: Time, tmp_path: Path
) -> None:
    valley: Tenant = prepared.tenant
    client = old.app().test_client()
    journey.live(old.open(), client, valley, valley.gateway(client), time.now())
    export_while_something_waits(old, tmp_path / "one")
    result = new.run("organizations", "import", str(tmp_path / "one"), *new.passphrase())
    assert "served here as valley-smart-homes" in result.output  # the made-up rows of the journey are found, too
    counts = snapshot.counts(new.open(), valley.id)
    assert {name for name, count in counts.items() if count} == rules.TRAVELS
    new.export(tmp_path / "two")

    went, came = parts_of(tmp_path / "one"), parts_of(tmp_path / "two")
    # The next log, and that it came and went again, is what is new; nothing else differs.
    for table in sorted(rules.TRAVELS):
        lost = [one for one in rows_of(went, table) if one not in rows_of(came, table)]
        if table == "ledger_log":
            assert [one["log_id"] for one in lost] == [1]
        elif table == "stream_head":
            assert [one["stream_id"] for one in lost] == [str(valley.id)]
        elif table == "gateway_account":  # sealed once more
            assert [one["endpoint_hash"] for one in lost] == [one["endpoint_hash"] for one in rows_of(came, table)]
        else:
            assert lost == [], table
    assert {one["outcome"] for one in rows_of(came, "job") if one["last_error"] == rules.SET_ASIDE} <= {"dead"}
    assert all(one["done_at"] for one in rows_of(came, "job"))


@ON_SQLITE
def test_the_file_names_nobody_without_its_passphrase_and_everybody_with_it(
    old: Place, prepared: Any, time: Time, tmp_path: Path
) -> None:
    valley: Tenant = prepared.tenant
    live(old, valley, time)
    sealed, clear = tmp_path / "sealed", tmp_path / "clear"
    old.export(sealed)
    digits = PERSON.removeprefix("+").encode()
    assert not [name for name, content in parts_of(sealed).items() if digits in content or b"customer-1" in content]
    old.export(clear, "--readable")
    told = parts_of(clear)
    assert f'"\'{PERSON}","customer-1"' in told["readable/consents.csv"].decode()
    stops = [one for one in told["readable/suppressions.csv"].decode().splitlines() if '"stop","withdrawn"' in one]
    assert [STOPPED in one for one in stops].count(True) == 1
    assert len(stops) == 2  # of the person who was erased the no alone
    assert not [name for name, one in told.items() if digits in one and not name.startswith("readable/")]
    exports = [one for one in rows_of(told, "ledger_event") if "organization.exported" in _body(one)]
    assert ["true" in _body(one) for one in exports] == [False, True]
    page = re.search(r"```python\n(.+?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert page is not None
    done = subprocess.run(
        [sys.executable, "-c", page[1], str(sealed), PASSPHRASE], capture_output=True, text=True, check=True
    )
    assert sorted(done.stdout.split()) == sorted(["sms", AGREED, "sms", STOPPED])
    packs = [name for name in told if name.startswith(f"policies/{valley.slug}/")]
    assert f"policies/{valley.slug}/organization.toml" in packs
    assert [name for name in packs if name.endswith("/text.md")]


def _body(row: dict[str, str]) -> str:
    return base64.b64decode(row["body"]).decode()


@ON_SQLITE
def test_nothing_is_exported_or_imported_where_that_would_lose_or_replace_something(
    old: Place, beside: Place, prepared: Any, time: Time, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    valley: Tenant = prepared.tenant
    file = tmp_path / "valley.consent"
    short = tmp_path / "short.txt"
    short.write_text("too short\n")
    export = ("organizations", "export", valley.slug, str(file))
    assert "at least 12 characters" in old.run(*export, "--passphrase-file", str(short)).output
    assert (
        "no organization of this name"
        in old.run("organizations", "export", "nobody", str(file), *old.passphrase()).output
    )
    assert not file.exists()
    old.export(file)
    assert "is not replaced" in old.run(*export, *old.passphrase()).output
    here = old.run("organizations", "import", str(file), *old.passphrase())
    assert here.exit_code == 1 and "is served here already" in here.output

    assert beside.take_over(file, "--check")["imported"] is False
    assert nothing_came(beside)
    # Killed when everything is in but not committed: nothing is served, and a second run brings it.
    with monkeypatch.context() as patch:

        def stop(*_anything: object, **_more: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("consent.ledger.epochs.open_next", stop)
        assert beside.run("organizations", "import", str(file), *beside.passphrase()).exit_code != 0
    assert served(beside) == []
    assert beside.take_over(file)["verified"]["holds"]
    assert served(beside) == [valley.slug]
    keys = beside.open().keyring.signing_keys(valley.id)
    assert sorted((key.use, key.is_held) for key in keys) == [
        ("log", False), ("log", True), ("receipts", False), ("receipts", True),
    ]  # fmt: skip
    assert all(key.retired_at is not None for key in keys if not key.is_held)

    # It may come home: where its own keys still are, they stay what they are.
    back = tmp_path / "back.consent"
    beside.export(back)
    # A database that is lost brings no second log of the same name: what was published of the first stands outside.
    beside.close()
    Path(beside.config.database_url.removeprefix("sqlite:///")).rename(tmp_path / "lost.sqlite3")
    beside.run("db", "upgrade")
    again = beside.run("organizations", "import", str(file), *beside.passphrase(), "--check")
    assert "were published here before" in again.output
    moved = tmp_path / "gone.sqlite3"
    old.close()
    Path(old.config.database_url.removeprefix("sqlite:///")).rename(moved)
    old.run("db", "upgrade")
    assert old.take_over(back)["verified"]["holds"]
    assert sum(key.is_held for key in keyfiles.read_signing_keys(old.config.data_dir, valley.id)) == 3


def test_each_table_travels_or_stays_and_none_is_forgotten() -> None:
    owned = {one.name for one in METADATA.sorted_tables if "organization_id" in one.columns}
    assert owned == rules.TRAVELS | rules.STAYS.keys()
    assert not rules.TRAVELS & rules.STAYS.keys()


def served(place: Place) -> list[str]:
    """The organizations of a place."""
    return [one["slug"] for one in place.done("organizations", "list")]


def nothing_came(place: Place) -> bool:
    """No organization and no key."""
    return served(place) == [] and not keyfiles.organizations_with_keys(place.config.data_dir)
