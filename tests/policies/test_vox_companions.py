"""Voxvalley's policy and the three documents beside it, published together into a database."""

from pathlib import Path

import pytest

from consent.db import Tx
from consent.policies import service
from consent.policies.findings import BadPack
from tests.policies.house import ORGANIZATION, Office
from tests.policies.packs_vox import NOW, parts, policy


def test_vox_01_the_policy_and_its_companions_are_published_in_one_breath(tmp_path: Path, database_url: str) -> None:
    office = Office.build(tmp_path, database_url)
    organization, versions, _ = parts()

    def work(tx: Tx) -> list[object]:
        service.apply_organization(tx, office.keyring, ORGANIZATION, organization, NOW)
        return [service.publish(tx, office.keyring, ORGANIZATION, one, NOW, beside=versions) for one in versions]

    try:
        with pytest.raises(BadPack, match="technical-documentation"):
            office.db.write(lambda tx: _alone(tx, office), ORGANIZATION)
        assert all(office.db.write(work, ORGANIZATION))
        with office.db.read(ORGANIZATION) as tx:
            binding = service.rulebook_at(tx, ORGANIZATION, NOW).policy_version
        assert binding[:2] == ("privacy-policy", "2020-02-18")
    finally:
        office.db.close()


def _alone(tx: Tx, office: Office) -> None:
    """The policy without the documents it names is refused."""
    service.apply_organization(tx, office.keyring, ORGANIZATION, parts()[0], NOW)
    service.publish(tx, office.keyring, ORGANIZATION, policy(), NOW)
