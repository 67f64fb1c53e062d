"""What is a burst of opt-outs, and what is only many people."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from consent.preferences.unsubscribe import figures
from consent.preferences.unsubscribe.rules import FORM, ONE_CLICK, Figures, Limit, Press, bursts

AT = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
FIGURES = Figures(Limit(4, timedelta(minutes=2)), Limit(3, timedelta(minutes=2)), timedelta(days=14))


def press(second: int, *, who: int | None = None, how: str = FORM, mail: str = "", network: str = "") -> Press:
    """A press that many seconds after the first; each of another person unless said otherwise."""
    contact = uuid.UUID(int=1000 + second if who is None else who)
    return Press(
        uuid.uuid4(), contact, AT + timedelta(seconds=second), how, mail.encode() or None, network.encode() or None
    )


def test_enough_people_by_one_mail_within_the_time_are_a_burst() -> None:
    presses = [press(30 * n, mail="spring") for n in range(4)]
    found = bursts(presses, FIGURES)
    assert set(found) == {one.id for one in presses}
    assert {(one.why, one.people) for one in found.values()} == {("one-mail", 4)}


def test_one_person_fewer_is_none() -> None:
    assert not bursts([press(n, mail="spring") for n in range(3)], FIGURES)


def test_the_same_people_more_slowly_are_none() -> None:
    assert not bursts([press(41 * n, mail="spring") for n in range(4)], FIGURES)


def test_one_person_who_presses_often_is_none() -> None:
    assert not bursts([press(n, who=1, mail="spring") for n in range(9)], FIGURES)


def test_different_mails_are_counted_each_by_itself() -> None:
    assert not bursts([press(n, mail=f"mail-{n % 2}") for n in range(6)], FIGURES)


def test_one_network_is_a_burst_by_itself() -> None:
    found = bursts([press(n, mail=f"mail-{n}", network="office") for n in range(3)], FIGURES)
    assert {one.why for one in found.values()} == {"one-network"}
    assert len(found) == 3


def test_what_mail_programs_send_for_their_readers_comes_from_one_network_for_everybody() -> None:
    assert not bursts([press(n, how=ONE_CLICK, network="provider") for n in range(9)], FIGURES)


def test_presses_long_before_the_burst_are_not_drawn_in() -> None:
    early = press(-300, mail="spring")
    found = bursts([early, *(press(n, mail="spring") for n in range(4))], FIGURES)
    assert early.id not in found
    assert len(found) == 4


def test_the_shipped_figures_can_be_read() -> None:
    assert figures.shipped().one_mail.people > 1
    assert figures.shipped().grace > timedelta(days=1)


@pytest.mark.parametrize(("was", "becomes"), [("people = 10", "people = 1"), ("PT2M", "soon"), ("grace", "gnade")])
def test_figures_that_make_no_sense_are_refused(was: str, becomes: str) -> None:
    good = """
        one_mail = { people = 10, within = "PT2M" }
        one_network = { people = 5, within = "PT2M" }
        grace = { period = "P14D" }
    """
    assert figures.read(good).one_network.people == 5
    with pytest.raises((ValueError, KeyError)):
        figures.read(good.replace(was, becomes, 1))
