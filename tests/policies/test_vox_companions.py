"""Voxvalley's policy and the three documents beside it, published together into a database."""

from pathlib import Path

import pytest

from consent.db import Tx
from consent.policies import service
from consent.policies.findings import BadPack
from consent.policies.kinds import documents
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


@pytest.mark.parametrize(
    ("identity", "policy", "title"),
    [
        ("VOX-TOS-01", "terms-of-service", "Terms of Service"),
        ("VOX-MSA-01", "master-services-agreement", "Master Services Agreement"),
        ("VOX-TD-01", "technical-documentation", "Technical Documentation"),
    ],
)
def test_vox_tos_01_and_vox_msa_01_and_vox_td_01_say_of_which_day_they_are(
    identity: str, policy: str, title: str
) -> None:
    (version,) = [one for one in parts()[1] if one.policy == policy]
    (header,) = version.commitments
    assert (header.id, version.title, str(version.last_updated)) == (identity, title, "2020-02-18")
    assert str(documents.effective_day(header)) == "2020-02-18"
    assert header.parameters == {
        "title": title,
        "last_updated": "2020-02-18",
        "date_format": "YYYY-MM-DD",
        "effective_date": "2020-02-18",
    }
