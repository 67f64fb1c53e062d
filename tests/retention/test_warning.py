"""The mail before a limit passes: once a week for each class of data that needs somebody."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from consent import clock
from consent.db import Sql
from consent.gateways.stores.base import Awaited, StoreFailed
from consent.house import House
from consent.outbox import lists
from consent.policies.packs import load_organization
from consent.retention import warning
from consent.retention.disposing import Run
from consent.retention.warning import Near
from consent.timed import retention
from tests.policies.house import POLICIES
from tests.retention.shelf import Shelf
from tests.retention.support import NYC, Shelves, rows
from tests.support.organizations import VALET
from tests.support.time import Time
from tests.support.valley import Tenant

KEYS = Sql(
    "SELECT unique_key FROM job WHERE organization_id = :organization_id AND unique_key LIKE 'limit-near:%'"
    " ORDER BY unique_key"
)


def test_whoever_has_to_see_to_a_limit_is_told_once_a_week_for_each_class(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run], time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def told() -> list[str]:
        retention.warn_of_limits(house)
        return [str(row[0]) for row in rows(house, valet, KEYS)]

    today = clock.now().date()
    near = (today - timedelta(days=86)).isoformat()  # 90 days: gone within a week
    shelves.register(store="own", collected_at=f"{near}T12:00:00-04:00")
    assert told() == []  # it goes by itself
    shelves.register(store="shelf", collected_at=f"{today.isoformat()}T09:00:00-05:00", jurisdiction=NYC)
    assert told() == []  # nor does what is far from its limit need anybody
    shelves.register(store="shelf", collected_at=f"{near}T12:00:00-04:00")
    with monkeypatch.context() as without:
        without.setattr(lists, "mailbox", lambda _address: None)
        assert told() == []
    (first,) = told()
    assert first.startswith("limit-near:authentication-data:2026-")
    assert told() == [first]
    time.go(days=5)
    shelf.first = [Awaited("", by_hand=True)]
    assert run().by_hand == 1
    assert len(told()) == 2  # another week, and it waits still
    shelf.first = [StoreFailed("away")]
    with house.db.read(valet.id) as tx:
        (one,) = warning.near(tx, house.keyring, valet.id, clock.now().date())["authentication-data"]
    assert (one.store, one.why, one.count) == ("shelf", "by-hand", 1)


def test_the_mail_names_stores_numbers_and_days_in_the_language_of_the_house() -> None:
    pack = load_organization(POLICIES / VALET)
    some = [
        Near("authentication-data", "paper", "coming", date(2026, 12, 1), 3),
        Near("authentication-data", "own", "silent", date(2026, 12, 2), 1),
    ]
    for language, words in (
        ("en", ("comes near its last day", "paper: 3 records, gone by December 1, 2026. By hand.", "1 record, gone")),
        ("fr", ("approche de son dernier jour", "1er décembre 2026", "1 enregistrement,")),
        ("es", ("se acerca a su último día", "1 de diciembre de 2026", "1 registro,")),
    ):
        said = warning.letter(pack, some, "https://staff.example/staff/retention", language)
        (name,) = [one.name_in(language) for one in pack.data_categories if one.key == "authentication-data"]
        assert all(word in f"{said.subject} {said.text}" for word in (*words, name)), said.text
        assert "authentication-data" not in f"{said.subject} {said.text}" and "own:" not in said.text
        assert 'href="https://staff.example/staff/retention"' in said.html
