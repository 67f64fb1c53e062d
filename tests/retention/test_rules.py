"""What an answer of the rulebook means for a record, which records a query finds, and which holds reach one."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from consent.policies.answers.holdings import Disposal, Hold
from consent.policies.questions import Reason
from consent.retention.rules import (
    Kept,
    Placed,
    Query,
    Terms,
    Thing,
    event_named,
    holds_of,
    is_address,
    method_of,
    terms_of,
)

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAY = date(2026, 11, 30)
THING = Thing("identifiers", None, "CA-ON", None, AT)
ONE = Kept(UUID(int=1), UUID(int=2), "shelf", "building-1", "letting in", THING)


def answer(**said: object) -> Disposal:
    """Due on that day, deleted or anonymized."""
    usual = {"state": "running", "due": DAY, "target": DAY - timedelta(days=1), "outcomes": ("anonymized", "deleted")}
    return Disposal(**{**usual, "reasons": (), "steps": (), **said})  # type: ignore[arg-type]


def test_a_record_goes_the_day_before_its_last_but_never_before_what_keeps_it_is_over() -> None:
    held, kept = date(2026, 12, 20), date(2027, 1, 31)
    cases = (
        (answer(), date(2026, 11, 29), DAY),
        (answer(target=None), DAY, DAY),
        (answer(held_until=held), held, held),
        (answer(keep_until=kept), date(2027, 2, 1), date(2027, 2, 1)),
        (answer(keep_until=date(2026, 1, 1), held_until=date(2026, 1, 1)), date(2026, 11, 29), DAY),
        (answer(due=None, state="waiting"), None, None),
    )
    for disposal, on, due in cases:
        terms = terms_of(disposal)
        assert (terms.dispose_on, terms.due_on) == (on, due), disposal


def test_terms_name_each_promise_and_law_once_and_fit_their_column() -> None:
    reasons = (Reason("a", "", "VSH-1"), Reason("b", "", "VSH-1"), Reason("c", "", None, "CA-LAW"), Reason("d", ""))
    assert terms_of(answer(reasons=reasons)).because == "VSH-1 CA-LAW"
    many = tuple(Reason("a", "", f"VSH-{number}") for number in range(100))
    assert len(terms_of(answer(reasons=many)).because) == 200


def test_what_goes_stays_until_its_day() -> None:
    for on, stays in ((None, True), (DAY, False), (DAY - timedelta(days=1), False), (DAY + timedelta(days=1), True)):
        assert Terms("running", on, DAY, "deleted", "").stays(DAY) is stays, on


def test_it_is_deleted_wherever_that_is_promised_and_kept_apart_only_where_nothing_else_is() -> None:
    cases = {
        (): "deleted",
        ("anonymized", "deleted"): "deleted",
        ("removed", "anonymized"): "deleted",
        ("isolated-pending-deletion", "deleted"): "deleted",
        ("anonymized",): "anonymized",
        ("isolated-pending-deletion",): "isolated-pending-deletion",
    }
    for outcomes, method in cases.items():
        assert method_of(outcomes) == method, outcomes


def test_a_query_finds_what_agrees_in_everything_it_names() -> None:
    found = (
        Query(category="identifiers"), Query(store="shelf", place="CA-ON"), Query(site="building-1"),
        Query(purpose="letting in"), Query(collected_from=AT), Query(collected_until=AT + timedelta(seconds=1)),
    )  # fmt: skip
    missed = (
        Query(category="commercial"), Query(store="shelf", place="CA"), Query(site="building-2"),
        Query(purpose="billing"), Query(collected_from=AT + timedelta(seconds=1)), Query(collected_until=AT),
    )  # fmt: skip
    assert [one.finds(ONE) for one in found] == [True] * len(found)
    assert [one.finds(ONE) for one in missed] == [False] * len(missed)
    assert Query().is_empty


def test_the_holds_on_a_record_are_its_own_those_of_its_person_and_those_that_find_it() -> None:
    ids, hold = UUID(int=9), [Hold(ground) for ground in ("own", "person", "query", "elsewhere")]
    placed = (
        Placed(ids, ONE.id, None, None, hold[0]),
        Placed(ids, None, ONE.person_id, None, hold[1]),
        Placed(ids, None, None, Query(store="shelf"), hold[2]),
        Placed(ids, None, None, Query(store="own"), hold[3]),
        Placed(ids, None, None, Query(), hold[3]),
        Placed(ids, UUID(int=7), None, None, hold[3]),
    )
    assert ONE.person_id is not None
    on = holds_of(placed, [ONE.person_id], DAY).on(ONE)
    assert [one.ground for one in on] == ["own", "person", "open-request", "query"]
    assert on[2] == Hold("open-request", until=DAY + timedelta(days=1), open_request=True)
    assert holds_of(placed, [], DAY).on(ONE._replace(person_id=None, store="own")) == (hold[0], hold[3])


def test_events_have_plain_names_and_an_address_is_no_reference() -> None:
    assert (event_named("vacated"), event_named("service-end")) == ("permanent-vacate", "service-end")
    for text, address in {
        "ana@mail.example": True, "+1 509 555 0142": True, "(509) 555-0142": True, "+15095550142": True,
        "entry-142": False, "table/5095550142": False, "2026-09-01": False,
    }.items():  # fmt: skip
        assert is_address(text) is address, text
