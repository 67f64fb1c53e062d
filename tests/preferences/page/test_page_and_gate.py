"""What the page shows is what the gate answers, whatever was texted, pressed, reported and brought in before."""

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from uuid import UUID

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent import clock
from consent.house import House
from consent.preferences import service as preferences
from consent.preferences.page import saving
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.verification import links
from consent.verification.links import UNSUBSCRIBE, Link
from tests.imports.files import bring, no, number, row, write
from tests.preferences.page.acting import Somebody
from tests.preferences.page.gate import contradictions
from tests.preferences.page.visiting import Browser
from tests.support.organizations import SMARTT, found_shipped
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON

NUMBERS = count(1)  # nobody of an earlier example
Step = tuple[str, str]
STEPS = st.one_of(
    st.tuples(st.just("text"), st.sampled_from(["STOP", "START", "no more please, thanks?"])),
    st.tuples(st.just("press"), st.sampled_from(["on", "off", saving.EVERYTHING, saving.MARKETING, "undo"])),
    st.tuples(st.just("report"), st.sampled_from(["changed", "recycled", "ported", "landline", "confirmed"])),
    st.tuples(st.just("bring"), st.sampled_from(["given", "withdrawn"])),
    st.tuples(st.just("unsubscribe"), st.just("")),
    st.tuples(st.just("refuse calls"), st.just("")),
)


class Life:
    """Somebody with a telephone and a mailbox of their own, and what happens to them."""

    def __init__(self, systems: Systems, twilio: Twilio, house: House, time: Time, folder: Path) -> None:
        self.systems, self.twilio, self.house, self.time, self.folder = systems, twilio, house, time, folder
        which = next(NUMBERS)
        self.phone, self.mail = number(which), f"person{which}@people.example"
        by_phone = Somebody(house, systems.tenant, (("sms", self.phone), ("voice", self.phone)))
        self.people = (by_phone, Somebody(house, systems.tenant, (("email", self.mail),)))
        self.marks: dict[int, str] = {}

    def happens(self, step: Step) -> None:
        """One step, a minute after the one before."""
        self.time.go(minutes=1)
        what, how = step
        match what:
            case "text":
                self.twilio.text(how, self.phone)
            case "press":
                self._press(how)
            case "report":
                told = {"channel": "sms", "address": self.phone, "kind": how, "source": "person"}
                told |= {"occurred_at": clock.now().isoformat()}
                assert self.systems.post("contact-points/lifecycle", told).status_code == 201
            case "bring":
                self._bring(row if how == "given" else no)
            case "unsubscribe":
                self._unsubscribe()
            case _:
                asked = {"address": self.phone, "received_at": clock.now().isoformat(), "how": "call"}
                assert self.systems.post("do-not-call/requests", asked).status_code == 201

    def _press(self, how: str) -> None:
        for place, one in enumerate(self.people):
            page = one.page()
            if how in ("on", "off"):
                one.save(page, **{field: how for field, each in page.switches.items() if not each.feature})
            elif how != "undo":
                mark = one.stop(how)
                self.marks |= {place: mark} if mark is not None else {}
            elif place in self.marks:
                one.undo(self.marks.pop(place))

    def _bring(self, line: Callable[..., dict[str, str]]) -> None:
        at = clock.now().isoformat()
        file = write(self.folder, [line(address=self.phone, occurred_at=at)], f"{at}.csv".replace(":", ""))
        bring(self.house, self.systems.tenant, file)

    def _unsubscribe(self) -> None:
        self.systems.consent("marketing-email", channel="email", address=self.mail, occurred_at=clock.now().isoformat())
        who = UUID(self.systems.lookup(self.mail, "email"))
        link = Link(self.systems.tenant.id, who, UNSUBSCRIBE, None, "marketing-email", "spring", clock.now())
        token = links.make(self.house.keyring, link)
        said = {"List-Unsubscribe": "One-Click"}
        answer = self.systems.client.post(f"/{self.systems.tenant.slug}/unsubscribe/{token}", data=said)
        assert answer.status_code == 200

    def contradictions(self) -> list[str]:
        """Where page and gate tell different stories now."""
        found = []
        for one in self.people:
            book = self.house.governing.now(one.tenant.id, clock.now()).rulebook
            with self.house.db.read(one.tenant.id) as tx:
                states = {channel: self._state(tx, channel, address) for channel, address in one.addresses}
            found += contradictions(book, states, one.page(), clock.now())
        return found

    def _state(self, tx: subjects.Tx, channel: str, address: str) -> preferences.State:
        tagged = subjects.tagged(self.house.keyring, self.systems.tenant.id, of_person(channel, address))
        return preferences.read(tx, self.systems.tenant.id, channel, tagged.tag64)


def test_after_any_life_the_page_shows_what_the_gate_answers(
    systems: Systems, twilio: Twilio, house: House, time: Time, tmp_path: Path
) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(st.lists(STEPS, min_size=1, max_size=6))
    def lives(steps: list[Step]) -> None:
        life = Life(systems, twilio, house, time, tmp_path)
        for step in steps:
            life.happens(step)
        assert life.contradictions() == [], steps

    lives()


def test_of_a_number_that_changed_hands_nothing_is_called_always_on(
    client: FlaskClient, house: House, systems: Systems
) -> None:
    told = {"channel": "sms", "address": PERSON, "kind": "changed", "source": "person"}
    browser = Browser(client, house, systems.tenant)
    browser.proves("phone", PERSON)
    assert "Always on" in browser.looks()
    systems.post("contact-points/lifecycle", told | {"occurred_at": clock.now().isoformat()})
    page = browser.looks()
    assert "Always on" not in page
    assert "Not sent at present" in page
    assert "has changed hands" in page


def test_what_a_no_leaves_is_said_beside_the_switch(client: FlaskClient, house: House, time: Time) -> None:
    browser = Browser(client, house, found_shipped(house, SMARTT, time.at))
    browser.proves("email", "ana@customer.example")
    kept = re.search(r"some comes all the same[^<]*(.*?)</p>", browser.looks(), re.DOTALL)
    assert kept is not None
    assert [word in kept[1].lower() for word in ("offer", "campaign", "price")] == [False, False, True]
