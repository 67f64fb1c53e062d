"""The API to what is promised: versions and commitments, for keys of their organization alone."""

from tests.support.systems import Systems


def test_the_versions_of_a_policy_are_listed_with_where_each_stands(systems: Systems) -> None:
    (version,) = systems.get("policies").get_json()["policies"]
    assert (version["policy"], version["version"], version["status"]) == ("privacy-policy", "2025-01-02", "in_force")


def test_every_commitment_in_force_is_told_from_clause_to_proof(systems: Systems) -> None:
    told = {one["id"]: one for one in systems.get("commitments").get_json()["commitments"]}
    assert len(told) == 63
    ban = told["VSH-26"]
    assert ban["heading"] == 'SMS/MMS › Sharing and "No Marketing" Data Use'
    assert "never send promotion" in ban["sentence"]
    assert {door["door"] for door in ban["doors"] if door["built"]} >= {"api.decisions", "outbox.dispatch"}
    assert any("test_vsh_26" in test for test in ban["tests"])
    assert ban["open"]["value"]
    assert set(ban["evidence_30_days"]) == {"E-CFG", "E-SEND"}


def test_one_commitment_can_be_asked_for_and_an_unknown_one_is_not_there(systems: Systems) -> None:
    assert [one["id"] for one in systems.get("commitments?id=VSH-17").get_json()["commitments"]] == ["VSH-17"]
    assert systems.get("commitments?id=VAL-24").status_code == 404
