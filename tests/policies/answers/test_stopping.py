"""How far a STOP reaches, on both sides of each date of the law."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from consent.policies.answers.stopping import Answered, Stopping
from consent.policies.law import LawRule
from consent.policies.organization import MessageClass, OrganizationPack, Program
from consent.policies.stop_settings import StopSettings
from tests.policies.house import rulebook, valley

PACK, VERSIONS, LAW = valley()
ALERTS, OWED, OFFERS, CLUB = "alerts", "deliveries", "offers", "club-offers"
EVERYTHING = (ALERTS, CLUB, OWED, OFFERS)
DAY_BEFORE, REVOKE_ALL = date(2027, 1, 30), date(2027, 1, 31)


def program(key: str, footing: str, message_class: str, category: str | None = None) -> Program:
    """A text program of the invented caller."""
    marketing = message_class == "promotion"
    made = replace(PACK.programs[0], key=key, footing=footing, message_classes=(message_class,), marketing=marketing)
    return replace(made, category=category)


def caller(reach: str = "program") -> OrganizationPack:
    """A caller with four text programs who reads stops as narrowly as `reach`."""
    programs = (
        program(ALERTS, "opt-in", "outage"),
        program(OWED, "required", "invoice"),
        program(OFFERS, "opt-in", "promotion"),
        program(CLUB, "opt-in", "promotion", "club"),
    )
    classes = tuple(MessageClass(key, key, key == "promotion") for key in ("outage", "invoice", "promotion"))
    stop = StopSettings(reach, "P30D")
    return replace(PACK, programs=programs, message_classes=classes, stop=stop)


def law_of(day: date, law: Iterable[LawRule] = LAW) -> list[LawRule]:
    """What binds in Washington on that day."""
    return [one for one in law if one.binds(day, ["US-WA"]) and one.id in ("US-TCPA-SCOPE", "US-FCC-26-67")]


def ended(about: str, message_class: str, day: date = DAY_BEFORE, reach: str = "program") -> tuple[str, ...]:
    """The programs that a STOP ends which answers a text of this program."""
    asked = Stopping(caller(reach), law_of(day))
    return asked.reach("sms", "main", Answered(about, message_class)).programs


def test_under_the_waiver_a_stop_to_marketing_ends_marketing_alone() -> None:
    assert ended(OFFERS, "promotion") == (CLUB, OFFERS)


def test_under_the_waiver_a_stop_to_an_informational_text_ends_its_category() -> None:
    assert ended(ALERTS, "outage") == (ALERTS,)


def test_under_the_waiver_a_stop_to_an_exempt_text_ends_everything() -> None:
    assert ended(OWED, "invoice") == EVERYTHING


@pytest.mark.parametrize("about", [(ALERTS, "outage"), (OWED, "invoice"), (OFFERS, "promotion")])
def test_from_the_last_day_of_january_2027_every_stop_ends_everything(about: tuple[str, str]) -> None:
    assert ended(*about, day=REVOKE_ALL) == EVERYTHING


def switched(first_day: date) -> list[LawRule]:
    """The law as docs/law.md says to change it when FCC 26-67 is published: it begins, both older entries end."""
    changed = []
    for one in LAW:
        if one.id == "US-FCC-26-67":
            changed.append(replace(one, in_force_from=first_day))
        elif one.id == "US-TCPA-SCOPE" and one.in_force_from != date(2027, 1, 31):
            changed.append(replace(one, in_force_until=first_day))
        elif one.id != "US-TCPA-SCOPE":
            changed.append(one)
    return changed


@pytest.mark.parametrize(
    ("day", "programs"), [(date(2026, 12, 9), EVERYTHING), (date(2026, 12, 10), (OWED,)), (REVOKE_ALL, (OWED,))]
)
def test_the_pending_rule_acts_from_the_day_it_is_given(day: date, programs: tuple[str, ...]) -> None:
    """A stop to a text without consent ends all under the old rule and its category under the new one."""
    asked = Stopping(caller(), law_of(day, switched(date(2026, 12, 10))))
    assert asked.reach("sms", "main", Answered(OWED, "invoice")).programs == programs
    marketing = asked.reach("sms", "main", Answered(OFFERS, "promotion"))
    assert marketing.programs == (CLUB, OFFERS)


def test_without_a_day_the_pending_rule_changes_nothing() -> None:
    assert [one.id for one in law_of(REVOKE_ALL)] == ["US-TCPA-SCOPE"]


def test_what_the_organization_chose_widens_and_never_narrows() -> None:
    assert ended(ALERTS, "outage", reach="everything") == EVERYTHING
    assert ended(CLUB, "promotion", reach="category") == (CLUB, OFFERS)
    assert ended(OWED, "invoice", reach="program") == EVERYTHING


@pytest.mark.parametrize(
    ("sender", "answered", "everything"),
    [("main", None, False), ("+15095550177", Answered(ALERTS, "outage"), False),
     ("main", Answered("gone", "outage"), False), ("main", Answered(ALERTS, "gone"), False),
     ("main", Answered(ALERTS, ""), False), ("main", Answered(ALERTS, "outage"), True)],
)  # fmt: skip
def test_what_is_not_known_is_read_in_the_widest_way(sender: str, answered: Answered | None, everything: bool) -> None:
    reach = Stopping(caller(), law_of(DAY_BEFORE)).reach("sms", sender, answered, everything=everything)
    assert (reach.everything, reach.programs) == (True, EVERYTHING)


def test_where_nobody_says_how_far_a_stop_reaches_it_ends_everything() -> None:
    assert Stopping(caller(), ()).reach("sms", "main", Answered(ALERTS, "outage")).everything


def test_a_promise_of_the_whole_channel_outweighs_a_narrower_law() -> None:
    """VSH-25 promises all text programs; no choice of the operator narrows that."""
    narrow = replace(rulebook().organization, stop=StopSettings("program", "P30D"))
    reach = Stopping(narrow, rulebook().promises).reach("sms", "main", Answered(PACK.programs[0].key, "outage"))
    assert (reach.reach, reach.rests_on) == ("everything", ("VSH-25",))


def test_an_answer_names_the_law_it_rests_on() -> None:
    reach = Stopping(caller(), law_of(DAY_BEFORE)).reach("sms", "main", Answered(OFFERS, "promotion"))
    assert (reach.reach, reach.rests_on) == ("all-marketing", ("US-TCPA-SCOPE",))
