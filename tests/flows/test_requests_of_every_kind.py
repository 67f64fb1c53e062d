"""Requests of every kind from the person's page to its end, over the pages of staff and by the jobs of the clock."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.house import House
from consent.staff.roles import Role
from consent.timed import requests as timed_requests
from tests.conftest import FOUNDED
from tests.privacy_requests.test_pages import Asker, text_of
from tests.support import staff
from tests.support.agent import ADA, AuthorizedAgent
from tests.support.at_the_desk import LIST, At, clock_strikes, hidden
from tests.support.organizations import SMARTT, VALLEY, VALTT, found_shipped
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL, Tenant

ANA = "ana@people.example"


class Company:
    """A person before the pages of one organization, and its clerk and officer before theirs."""

    def __init__(self, app: Flask, house: House, tenant: Tenant, time: Time) -> None:
        self.app, self.house, self.tenant, self.time = app, house, tenant, time
        self.client = app.test_client()
        self.asker = Asker(self.client, house, tenant)
        self.sit()

    def sit(self) -> None:
        """Clerk and officer are there, signed in just now."""
        seated = [staff.member(self.house, self.tenant.id, self.time.now(), one) for one in (Role.CLERK, Role.OFFICER)]
        self.clerk, self.officer = (At(self.app, one) for one in seated)

    def asks(self, wish: str, **fields: str) -> str:
        """The person proves their address and sends the form; where the clerk finds it."""
        self.asker.come_in(ANA)
        answer = self.asker.send(f"/{wish}", **fields)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self.clerk.newest()

    def decides(self, where: str, what: str = "", **more: str) -> None:
        """The clerk takes it and decides, the usual case or all alike, and the officer approves."""
        self.clerk.presses(where, "assignment", to="me")
        if what:
            self.clerk.decides(where, what, **more)
        else:
            self.clerk.presses(where, "usual-decision")
        self.officer.presses(where, "approval")

    def runs(self, **later: float) -> None:
        """Time passes, and what the clock calls was called."""
        self.time.go(**later)
        clock_strikes(self.house)

    def fetches(self) -> bytes:
        """The file behind a fresh code, found by the list of one's own requests."""
        self.asker.come_in(ANA)
        found = re.search(r'href="(/[^"]+/requests/answers/[^"]+)"', text_of(self.asker.page("/status")))
        assert found is not None
        self.time.go(minutes=11)
        assert self.client.get(found[1], base_url=PUBLIC_URL).status_code == 303, "the code is old"
        self.asker.come_in(ANA)
        file = self.client.post(found[1], base_url=PUBLIC_URL, data={"csrf": self.asker.csrf()})
        assert (file.status_code, file.mimetype) == (200, "application/zip")
        return file.data


@pytest.fixture
def company(app: Flask, house: House, valley: Tenant, time: Time) -> Callable[[str], Company]:
    """One of the sample organizations, with its own people."""

    def at(slug: str) -> Company:
        tenant = valley if slug == VALLEY else found_shipped(house, slug, FOUNDED)
        return Company(app, house, tenant, time)

    return at


def test_data_is_seen_and_taken_along_behind_a_fresh_code(company: Callable[[str], Company]) -> None:
    for slug, wish, inside, outside in (
        (VALLEY, "access", b"answer.html", b"nothing"),
        (VALTT, "portability", b"answer.csv", b"answer.html"),
    ):
        at = company(slug)
        where = at.asks(wish)
        at.decides(where)
        at.runs()
        assert "Nothing: it is done." in at.clerk.reads(where)
        zipped = at.fetches()
        assert inside in zipped and outside not in zipped, slug


def test_in_the_evening_the_day_is_still_that_of_the_company(company: Callable[[str], Company]) -> None:
    at = company(VALLEY)
    at.time.go(hours=8)  # five in the afternoon of November 21 there, and the 22nd by UTC
    at.sit()
    where = at.asks("access")
    at.decides(where)
    at.runs()
    page = text_of(at.asker.page("/status"))
    assert page.count("November 21, 2026") >= 2 and "November 22" not in page
    with zipfile.ZipFile(BytesIO(at.fetches())) as answer:
        head = answer.read("answer.html").decode().partition("<section")[0]
    assert "November 21, 2026" in head and "November 22" not in head


def test_a_correction_is_written_down_confirmed_by_hand_and_certified(company: Callable[[str], Company]) -> None:
    at = company(VALLEY)
    where = at.asks("correction", words="My street is Elm Street.")
    changed = {"category-0": "account-contact", "name-0": "street", "shall-0": "1 Elm Street"}
    at.clerk.presses(f"{where}", "changes", **changed)
    at.decides(where)
    at.runs()
    page = at.clerk.reads(where)
    task = re.search(rf'action="{where}/(tasks/[^"]+/confirmation)"', page)
    assert task is not None and "Elm Street" not in page.replace("My street is Elm Street.", "")
    at.clerk.presses(where, task[1], words="The location is changed.", count="1")
    at.runs()
    assert "/requests/certificates/" in at.clerk.reads(where)


def test_an_agent_asks_the_person_confirms_and_the_agent_hears_of_the_end(
    company: Callable[[str], Company], client: FlaskClient, house: House, valley: Tenant, time: Time
) -> None:
    agent = AuthorizedAgent(client, valley).registered(house, time.now())
    agent.set_up()
    asked = agent.ask("deletion").get_json()
    at = company(VALLEY)
    at.asker.come_in(ADA)
    path = asked["user_verification_url"].removeprefix(PUBLIC_URL)
    said = {"csrf": at.asker.csrf(), "answer": "mine"}
    assert at.client.post(path, data=said, base_url=PUBLIC_URL).status_code == 303
    where = at.clerk.newest()
    at.decides(where)
    for _ in range(2):
        at.runs()
    told = agent.call("GET", f"/data-rights-request/{asked['request_id']}").get_json()
    assert told["status"] == "fulfilled"


def test_it_takes_longer_is_refused_on_a_ground_and_an_appeal_is_answered(company: Callable[[str], Company]) -> None:
    at = company("1valet")
    where = at.asks("access", place="US-CA")
    before = at.clerk.reads(LIST)
    at.clerk.writes(where, "extension", reason="Two systems have to be asked by hand, which takes us longer.")
    assert "in 45 days" in before and "in 90 days" in at.clerk.reads(LIST)
    at = company(VALLEY)
    where = at.asks("deletion")
    assert "in 30 days" in at.clerk.reads(LIST) and f"{where}/letters/extension" not in at.clerk.reads(where)
    at.decides(where, "refuse", words="Somebody else has this mailbox now.")
    at.runs()
    page = at.clerk.reads(where)
    assert "Nothing: it was refused, and the person was told why." in page
    assert "Refused" in text_of(at.asker.page("/status"))
    again = at.asks("appeal", words="The mailbox is mine and nobody else's.")
    at.clerk.presses(again, "assignment", to="me")
    with pytest.raises(AssertionError, match="You had a hand in the answer"):
        at.clerk.presses(again, "usual-decision")
    at.sit()
    at.decides(again)
    at.clerk.writes(again, "done")
    at.clerk.presses(again, "closing")
    assert "Nothing: it is done." in at.clerk.reads(again)


def test_a_deferral_opens_itself_on_its_day(company: Callable[[str], Company]) -> None:
    at = company(VALTT)
    where = at.asks("deletion")
    at.decides(where, "defer", day="2026-12-01")
    at.runs()
    assert "It opens again by itself on December 1, 2026" in at.clerk.reads(where)
    for days, waits in ((8, True), (2, False)):
        at.time.go(days=days)
        timed_requests.look_after_requests(at.house)
        at.sit()
        assert ("It opens again by itself" in at.clerk.reads(where)) is waits
    at.decides(where)
    at.runs()
    page = at.clerk.reads(where)
    assert "the certificate is on its way by mail" in page and "It opens again by itself" not in page


def test_log_files_go_out_after_their_fee_is_paid(company: Callable[[str], Company]) -> None:
    at = company(SMARTT)
    where = at.asks("usage-log-file", role="officer", ground="internal-audit")
    at.clerk.presses(where, "assignment", to="me")
    page = at.clerk.reads(where)
    assert f"{where}/steps/eligibility" in page and f"{where}/steps/fee" not in page
    token = {"csrf": at.clerk.who.csrf()}
    ticked = at.clerk.browser.post(f"{where}/checks", data=token | _known(page) | {"item": "eligibility"})
    assert ticked.status_code == 409 and "A tick does not do this step" in ticked.get_data(as_text=True)
    early = at.clerk.browser.post(f"{where}/steps/payment", data=token | _known(page) | {"payment": "INV-7"})
    assert early.status_code == 409 and "150.00" not in at.clerk.reads(where)
    at.clerk.presses(where, "steps/eligibility")
    unsaid = at.clerk.browser.post(f"{where}/steps/authority", data=token | _known(at.clerk.reads(where)))
    assert unsaid.status_code == 422 and 'href="#on_file"' in unsaid.get_data(as_text=True)
    at.clerk.presses(where, "steps/authority", on_file="yes", reasons="Their auditors need it, and the board agreed.")
    at.clerk.presses(where, "steps/fee", amount="150.00", currency="CAD", card="2026")
    draft = {"language": "en", "subject": "Yours", "text": "It costs {{fee}}.", "told": "call", "step": "read"}
    letter = at.clerk.browser.post(f"{where}/letters/fee", data=token | _known(at.clerk.reads(where)) | draft)
    assert "It costs 150.00 CAD (2026)." in text_of(letter)
    assert "150.00 CAD" in at.clerk.reads(f"{where}/steps/payment")
    at.clerk.presses(where, "steps/payment", payment="INV-7")
    at.clerk.presses(where, "steps/tabulation")
    counting = f"{where}/steps/isolation-check"
    without = at.clerk.browser.post(counting, data=token | _known(at.clerk.reads(where)) | {"owners": "1"})
    assert without.status_code == 422 and 'href="#file"' in without.get_data(as_text=True)
    for owners, status in (("2", 422), ("1", 303)):
        counted = {"owners": owners, "file": (BytesIO(b"row 1"), "log.txt")}
        answer = at.clerk.browser.post(counting, data=token | _known(at.clerk.reads(where)) | counted)
        assert answer.status_code == status and ("goes to nobody" in answer.get_data(as_text=True)) is (owners == "2")
    assert "discretion" in at.clerk.reads(where) or "the board agreed" in at.clerk.reads(where)
    at.clerk.presses(where, "usual-decision")
    assert "officer approves it" in at.clerk.reads(f"{where}/steps/release")
    at.officer.presses(where, "approval")
    assert f'href="{where}/steps/release"' in at.clerk.reads(where)
    other = {"on_file": "yes", "file": (BytesIO(b"row 2"), "log.txt")}
    refused = at.clerk.browser.post(f"{where}/steps/release", data=token | _known(at.clerk.reads(where)) | other)
    assert refused.status_code == 422 and "not the file in which" in refused.get_data(as_text=True)
    file = {"on_file": "yes", "file": (BytesIO(b"row 1"), "log.txt")}
    gone = at.clerk.browser.post(f"{where}/steps/release", data=token | _known(at.clerk.reads(where)) | file)
    assert gone.status_code == 303, text_of(gone)
    page = at.clerk.reads(where)
    assert "Nothing: it is done." in page and "/requests/certificates/" in page
    assert b"usage-log.txt" in at.fetches()


def test_who_got_data_for_marketing_is_told_from_the_register(company: Callable[[str], Company]) -> None:
    at = company("1valet")
    where = at.asks("direct-marketing-disclosure", place="US-CA")
    page = at.clerk.reads(where)
    assert "no list of persons is kept of that" in page and "By our register, nothing" not in page
    assert "Advertisers on the Website" in page and "We keep no register" in page
    assert "Nothing limits how often this is asked" in page  # T-42
    at.decides(where)
    assert f"{where}/letters/marketing" in at.clerk.reads(where)
    at.clerk.writes(where, "marketing", text="{{handed_over}}")
    at.clerk.presses(where, "closing")
    assert "Nothing: it is done." in at.clerk.reads(where)


def test_log_files_that_are_refused_close_by_themselves(company: Callable[[str], Company]) -> None:
    at = company(SMARTT)
    where = at.asks("usage-log-file", role="officer", ground="internal-audit")
    at.decides(where, "refuse")
    at.runs()
    page = at.clerk.reads(where)
    assert "Nothing: it was refused" in page and "/requests/certificates/" in page


def _known(page: str) -> dict[str, str]:
    return {name: hidden(page, name) for name in ("version", "seen")}
