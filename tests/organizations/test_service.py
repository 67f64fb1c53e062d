"""Tenants, their keys and gateway accounts: secrets are shown once and kept as hashes or ciphertext."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from consent.db import Sql
from consent.errors import BadInput, NotFound
from consent.house import House
from consent.organizations import service
from tests.support.valley import NUMBER, TOKEN, Tenant, make_account, make_key

KEYS = Sql("SELECT key_hash, hint, scopes FROM api_key WHERE organization_id = :organization_id")
ACCOUNTS = Sql("SELECT endpoint_hash, sealed_settings FROM gateway_account WHERE organization_id = :organization_id")


def test_a_key_is_kept_as_its_hash_and_a_hint(house: House, valley: Tenant, now: datetime) -> None:
    key = make_key(house, valley.id, now, "decisions:write", "decisions:read", "decisions:read")
    with house.db.read(valley.id) as tx:
        rows = tx.all(KEYS, {"organization_id": valley.id})
        found = service.key_at_door(tx, key)
    assert found is not None
    assert found.organization_id == valley.id
    assert sorted(found.scopes) == ["decisions:read", "decisions:write"]
    assert key.startswith(service.KEY_PREFIX)
    assert all(key not in str(row) and key.encode() not in bytes(row[0]) for row in rows)


def test_a_revoked_key_is_nobodys_and_is_revoked_once(house: House, valley: Tenant, now: datetime) -> None:
    key = make_key(house, valley.id, now, "decisions:read")
    with house.db.read(valley.id) as tx:
        found = service.key_at_door(tx, key)
    assert found is not None
    key_id = found.id

    def revoke() -> None:
        house.db.write(lambda tx: service.revoke_key(tx, house.keyring, valley.id, key_id, now), valley.id)

    revoke()
    with house.db.read(valley.id) as tx:
        assert service.key_at_door(tx, key) is None
        listed = {one["id"]: one["revoked_at"] for one in service.list_keys(tx, valley.id)}
    assert listed[str(key_id)] is not None
    with pytest.raises(NotFound):
        revoke()


@pytest.mark.parametrize("scopes", [(), ("everything",), ("decisions:read", "admin")])
def test_a_scope_that_is_none_is_refused_by_name(
    house: House, valley: Tenant, now: datetime, scopes: tuple[str, ...]
) -> None:
    with pytest.raises(BadInput) as refused:
        make_key(house, valley.id, now, *scopes)
    assert refused.value.field == "scopes"
    assert all(one in refused.value.detail for one in scopes)


def test_an_accounts_secrets_are_encrypted_and_open_only_for_their_organization(
    house: House, valley: Tenant, now: datetime
) -> None:
    endpoint = make_account(house, valley.id, now)
    with house.db.read(valley.id) as tx:
        rows = tx.all(ACCOUNTS, {"organization_id": valley.id})
        found = service.account_at_door(tx, house.keyring, endpoint)
    assert found is not None
    assert (found.settings["auth_token"], found.numbers) == (TOKEN, {NUMBER: "self"})
    for row in rows:
        assert TOKEN.encode() not in bytes(row[1])
        assert endpoint.encode() not in bytes(row[0]) + bytes(row[1])


def test_an_endpoint_nobody_has_is_nobodys(house: House) -> None:
    with house.db.read() as tx:
        assert service.account_at_door(tx, house.keyring, "x" * 32) is None


def test_a_name_is_taken_once(house: House, valley: Tenant, now: datetime) -> None:
    identity: UUID = uuid4()
    place = {"slug": valley.slug, "name": "Again", "zone": "UTC", "origin": "consent.example/log/again/1"}
    with pytest.raises(BadInput) as refused:
        house.db.write(
            lambda tx: service.create_organization(tx, house.keyring, now=now, id=identity, **place), identity
        )
    assert refused.value.field == "slug"
    with house.db.read() as tx:
        assert [one.id for one in service.every(tx)] == [valley.id]


def test_an_organization_is_found_by_its_short_name(house: House, valley: Tenant) -> None:
    with house.db.read() as tx:
        assert service.find(tx, valley.slug).id == valley.id
        with pytest.raises(NotFound):
            service.find(tx, "nobody")
