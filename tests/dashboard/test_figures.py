"""What came and what was decided is counted by day, once, off the hot paths."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from consent.dashboard.figures import jobs, queries, rules
from consent.house import House
from consent.ids import new_id
from consent.ledger import bodies
from consent.ledger import jobs as ledger_jobs
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import Tenant

AT = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def entry(took: timedelta, source: str = "webhook", **data: object) -> bodies.Leaf:
    """An entry written `took` after it happened."""
    body = bodies.build(
        log="valley.example/1", id=new_id(AT), stream=new_id(AT), seq=1, prev=b"", type="message.received",
        recorded_at=AT, occurred_at=AT - took, source=source, channel="sms", data=data,
    )  # fmt: skip
    return bodies.parse(body)


@pytest.mark.parametrize(
    ("took", "part"),
    [(0.0, "1s"), (1.0, "1s"), (1.1, "10s"), (60.0, "1m"), (300.0, "5m"), (301.0, "later"), (-0.9, "1s")],
)
def test_a_stop_counts_by_how_it_was_said_and_how_fast_it_was_blocked(took: float, part: str) -> None:
    said = entry(timedelta(seconds=took), intent="stop", method="sentence")
    assert list(rules.of_entry(said)) == [("wording", "stop-sentence"), ("block", part)]


def test_only_texts_that_came_are_counted() -> None:
    assert list(rules.of_entry(entry(timedelta(0), intent="help"))) == [("wording", "help")]
    assert list(rules.of_entry(entry(timedelta(0), source="staff", intent="stop"))) == []
    assert list(rules.of_entry(entry(timedelta(0)))) == []


def test_a_decision_counts_by_its_answer_and_the_reason_it_gives_first() -> None:
    answer = {"answer": "deny", "reasons": [{"code": "suppressed"}, {"code": "no-consent"}]}
    assert rules.of_decision(answer) == ("decision", "deny/suppressed")


def test_figures_are_counted_once_however_often_the_clock_calls(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent()
    systems.decide()
    twilio.text("STOP", sid="SM1")
    systems.decide()
    twilio.text("what is this?", sid="SM2", sender="+15095550143")
    time.go(minutes=5)
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    assert jobs.count_figures(house.db, valley.id, time.now()) > 0
    assert jobs.count_figures(house.db, valley.id, time.now()) == 0
    found: Callable[[str], dict[str, int]] = lambda figure: read(house, valley, figure)  # noqa: E731
    assert found("wording") == {"other": 1, "stop-keyword": 1}
    assert found("block") == {"1s": 1}
    allowed, denied = sorted(found("decision"))
    assert allowed.startswith("allow/") and denied == "deny/suppressed"


def read(house: House, valley: Tenant, figure: str) -> dict[str, int]:
    """The counted parts of a day."""
    with house.db.read(valley.id) as tx:
        assert queries.parts(tx, valley.id, figure, TODAY - timedelta(days=9), TODAY - timedelta(days=1)) == {}
        return dict(queries.parts(tx, valley.id, figure, TODAY, TODAY))
