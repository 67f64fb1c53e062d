"""What another version would do to the days of records, seen before it is published."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from consent import clock
from consent.commands import retention as commands
from consent.house import House
from consent.policies.rulebook import compile_rulebook
from consent.retention import jobs, looking_again, planning
from tests.retention.support import Shelves
from tests.support.systems import Systems
from tests.support.valley import Tenant


def test_a_shorter_period_is_seen_in_the_records_before_it_is_published(
    house: House, valley: Tenant, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelves, plain = Shelves(systems), {"jurisdiction": None, "role": None, "source": None, "site": None}
    for category in ("invoices", "message-text-in-out", "message-text-in-out"):
        shelves.register(**plain, category=category, collected_at="2026-03-01T12:00:00-08:00")
    today = house.governing.now(valley.id, clock.now()).rulebook
    shorter = [
        replace(
            one,
            commitments=tuple(
                replace(two, decided={**two.decided, "periods": {**two.decided["periods"], **SHORT}})
                if two.id == "VSH-30"
                else two
                for two in one.commitments
            ),
            commitments_sha256=b"another".ljust(32),
        )
        for one in today.versions
    ]
    then = compile_rulebook(today.organization, shorter, today.law, clock.now())
    with house.db.read(valley.id) as tx:
        assert planning.moved(tx, valley.id, today, then) == planning.Moved(3, 2, 0)
        assert planning.moved(tx, valley.id, then, today) == planning.Moved(3, 0, 2)
        assert planning.moved(tx, valley.id, today, today) == planning.Moved(3, 0, 0)
    monkeypatch.setattr(looking_again, "AT_ONCE", 2)
    stored = lambda: [one["dispose_on"] for one in systems.get("records").get_json()["records"]]  # noqa: E731
    before = stored()
    for rulebook, moved in ((today, 0), (then, 2), (then, 0)):  # once it is in force, the stored days move, once
        in_force = replace(house.governing.now(valley.id, clock.now()), rulebook=rulebook)
        governing: Any = SimpleNamespace(now=lambda _organization, _now, one=in_force: one)
        assert jobs.look_again(house.db, house.keyring, governing, valley.id, clock.now()) == moved
    assert [one < other for one, other in zip(stored(), before, strict=True)] == [False, True, True]


SHORT = {"message-text-in-out": {"for": "P12M", "from": "recorded"}}


def test_the_commands_say_what_goes_and_let_it_go_for_an_organization_that_is_named(
    house: House, valley: Tenant, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {"jurisdiction": None, "role": None, "source": None, "site": None, "category": "message-text-in-out"}
    shelves = Shelves(systems)
    shelves.register(**plain, reference="old", collected_at="2024-01-05T12:00:00-08:00")
    shelves.register(**plain, reference="new")
    opened: list[House] = []
    monkeypatch.setattr(commands, "_open", lambda: opened.append(house) or house)
    monkeypatch.setattr(House, "close", lambda _house: None)

    def told(*arguments: str) -> Any:
        result = CliRunner().invoke(commands.retention, [*arguments, "--organization", valley.slug])
        assert result.exit_code == 0, result.output
        return (
            [json.loads(line) for line in result.output.splitlines()]
            if "--each" in arguments
            else json.loads(result.output)
        )

    (line,) = told("plan", "--json")["lines"]
    assert (line["category"], line["store"], line["records"]) == ("message-text-in-out", "own", 1)
    assert [one["reference"] for one in told("plan", "--each", "--as-of", "2030-12-31")] == ["old", "new"]
    assert shelves.left() == ["old", "new"]  # a plan changes nothing
    assert told("run", "--json") == {
        "disposed": 1,
        "waiting": 0,
        "by_hand": 0,
        "missed": 0,
        "texts": 0,
        "deliveries": 0,
    }
    assert shelves.left() == ["new"]
    assert CliRunner().invoke(commands.retention, ["plan"]).exit_code == 2  # nobody's records are meant by default
