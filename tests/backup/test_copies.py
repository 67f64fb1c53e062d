"""Copies of checkpoints go to others once a day and before people are erased, and what they say is checked."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from consent.backup import copies
from consent.db import Sql
from consent.evidence import bundles, offline, service
from consent.evidence.offline import DoesNotHold
from consent.gateways.callbacks.calls import Answer
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.ledger.notes import read_vkey
from consent.ledger.verify import verify
from consent.policies.findings import BadPack
from consent.policies.organization import parse_organization
from consent.policies.outside_settings import OutsideSettings
from tests.support.authority import Authority
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PACK, PUBLIC_URL, Tenant

EVERY_WAY = OutsideSettings("compliance@valley.example", "https://hooks.example.com/log", "https://tsa.example.com/")
ANCHORS = Sql("SELECT tree_size, kind, data FROM ledger_anchor WHERE organization_id = :id ORDER BY tree_size, kind")
MAILS = Sql("SELECT kind, unique_key FROM job WHERE organization_id = :id AND queue = 'email'")


def test_every_way_gets_the_newest_checkpoint_daily_and_a_time_stamp_goes_into_the_evidence(
    house: House, valley: Tenant, systems: Systems, time: Time, tmp_path: Path
) -> None:
    authority: Any = Authority(tmp_path / "tsa")
    folder = tmp_path / "written-once"
    messenger = copies.Messenger(house.db, house.keyring, authority, folder)
    organization = replace(house.governing.now(valley.id, time.now()).rulebook.organization, outside=EVERY_WAY)

    def hand_over(**more: Any) -> list[str]:
        return copies.hand_over(messenger, organization, valley.id, time.now(), **more)

    assert hand_over() == []  # nothing is sealed yet
    given = systems.consent()
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    assert hand_over() == ["mail", "webhook", "folder", "rfc3161"]
    assert [host for host, _body in authority.asked] == ["hooks.example.com", "tsa.example.com"]
    assert b'"note"' in authority.asked[0][1] and not any(b"+1509" in body for _host, body in authority.asked)
    (written,) = folder.glob("*/1/*.note")
    assert written.stat().st_mode & 0o222 == 0
    systems.consent(address="+15095550177")
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    assert hand_over() == []  # not before tomorrow
    assert hand_over(at_once=True) == ["mail", "webhook", "folder", "rfc3161"]
    time.go(hours=24)
    assert hand_over() == []  # nothing new to say
    with house.db.read(valley.id) as tx:
        kept, mails = tx.all(ANCHORS, {"id": valley.id}), tx.all(MAILS, {"id": valley.id})
        assert verify(tx, house.keyring, valley.id, time.now(), log_only=True).findings == []
        bundle = service.bundle(tx, house.keyring, valley.id, UUID(given["entry"]), PUBLIC_URL)
    assert [row[1] for row in kept] == ["mail", "rfc3161", "witness", "witness"] * 2
    assert {row[1] for row in mails} == {f"checkpoint:1:{size}" for size in {row[0] for row in kept}}
    jwks, vkeys = keys_of(systems)
    checked = offline.verify(bundle, jwks, vkeys)
    assert checked.unchecked == () and checked.checkpoint is not None and checked.checkpoint.size == kept[0][0]
    later = replace(bundle, anchors=({"kind": "rfc3161", "token": bundle.anchors[0]["token"][:-8] + "AAAAAAAA"},))
    with pytest.raises(DoesNotHold):
        offline.verify(bundles.read(_json(later)), jwks, vkeys)
    # A stamp that stands beside a checkpoint it is not over is found.
    stray = {"id": valley.id, "size": kept[-1][0], "data": kept[1][2], "now": time.now()}
    insert = Sql(
        "INSERT INTO ledger_anchor (organization_id, log_id, tree_size, kind, obtained_at, data)"
        " VALUES (:id, 1, :size, 'rfc3161', :now, :data)"
    )
    house.db.write(lambda tx: tx.run(insert, stray), valley.id)
    with house.db.read(valley.id) as tx:
        (found,) = verify(tx, house.keyring, valley.id, time.now(), log_only=True).findings
    assert found.check == "V12" and "over something else" in found.problem


def keys_of(systems: Systems) -> tuple[Any, Any]:
    """The published keys."""
    jwks = systems.client.get("/.well-known/jwks.json").get_json()
    lines = systems.client.get("/.well-known/log-keys.txt").get_data(as_text=True).split()
    return jwks, [read_vkey(line) for line in lines]


def _json(bundle: bundles.Bundle) -> bytes:
    return json.dumps(bundles.as_data(bundle)).encode()


def test_one_way_that_fails_keeps_no_other_from_going(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    authority: Any = SimpleNamespace(post=lambda *_: Answer(204), ask=lambda *_: Answer(200, body=b"0\x03no."))
    systems.consent()
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    organization = replace(house.governing.now(valley.id, time.now()).rulebook.organization, outside=EVERY_WAY)
    messenger = copies.Messenger(house.db, house.keyring, authority)
    assert copies.hand_over(messenger, organization, valley.id, time.now()) == ["mail", "webhook"]


def test_where_copies_go_is_said_in_the_pack_and_read_strictly() -> None:
    text = (PACK / "organization.toml").read_text("utf-8")
    said = '\n[outside]\nmail = "c@valley.example"\ntimestamp = "https://tsa.example.com/stamp"\n'
    assert parse_organization(text + said).outside == OutsideSettings(
        "c@valley.example", None, "https://tsa.example.com/stamp"
    )
    assert parse_organization(text).outside == OutsideSettings()
    for wrong in ('mail = "nobody"', 'webhook = "http://hooks.example.com/"', 'stamp = "x"'):
        with pytest.raises(BadPack):
            parse_organization(f"{text}\n[outside]\n{wrong}\n")
