"""Requests of every kind in Chromium: whoever asks, the clerk and the officer, each at pages of their own."""

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, FilePayload, Page, expect

from consent.house import House
from consent.staff.roles import Role
from consent.timed import requests as timed_requests
from tests.browser.site import listening
from tests.conftest import FOUNDED
from tests.support import staff
from tests.support.agent import ADA, AuthorizedAgent
from tests.support.at_the_desk import clock_strikes
from tests.support.organizations import SMARTT, VALLEY, VALTT, found_shipped
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL, Tenant
from tests.support.visiting import Visitor

ANA = "ana@people.example"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Company:
    """A person's browser at the pages of one organization, and its clerk's and officer's at theirs."""

    def __init__(self, browser: Browser, address: str, house: House, tenant: Tenant, time: Time) -> None:
        self.browser, self.address, self.house, self.tenant, self.time = browser, address, house, tenant, time
        self.person = browser.new_page()
        self.sit()

    def sit(self) -> None:
        """Clerk and officer are there, signed in just now."""
        self.clerk, self.officer = self._seat(Role.CLERK), self._seat(Role.OFFICER)

    def _seat(self, role: Role) -> Page:
        context = self.browser.new_context()
        staff.member(self.house, self.tenant.id, self.time.now(), role).sit(context, self.address)
        return context.new_page()

    def proves(self, contact: str = ANA) -> None:
        """The code of a mail, typed where it is asked for."""
        self.person.locator("[name=contact]").fill(contact)
        self.person.get_by_role("button", name="Send me a code").click()
        code = self.person.locator("[name=code]")
        code.wait_for()  # the mail is written by then
        code.fill(Visitor(None, self.house, self.tenant).code())  # type: ignore[arg-type]
        self.person.locator("main form button").first.click()

    def asks(self, wish: str, **fields: str) -> None:
        """The person proves their address and sends the form; the clerk finds it in the queue and opens it."""
        self.person.goto(f"{self.address}/{self.tenant.slug}/requests/{wish}")
        code = self.person.get_by_role("button", name="Get a code")
        if code.count():
            code.click()
            self.proves()
        for name, value in fields.items():
            self._answers(name, value)
        self.person.get_by_role("button", name="Send the request").click()
        expect(self.person.get_by_role("heading", level=1)).to_have_text("We have your request")
        self.opens()

    def _answers(self, name: str, value: str) -> None:
        field = self.person.locator(f"main [name={name}]").first
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "radio":
            self.person.locator(f"main [name={name}][value={value}]").check()
        else:
            field.fill(value)

    def opens(self) -> None:
        """Clerk and officer have the one request of the queue before them."""
        self.clerk.goto(f"{self.address}/staff/requests")
        self.clerk.locator("[data-request] th a").click()
        self.officer.goto(self.clerk.url)

    def looks(self) -> None:
        """Both load the page of the request anew."""
        where = self.clerk.url.split("?")[0].split("#")[0]
        where = where[: where.index("/staff/requests/") + len("/staff/requests/") + 36]
        self.clerk.goto(where)
        self.officer.goto(where)

    def clerk_presses(self, name: str) -> None:
        """A button or a link of the page that looks like one."""
        button = self.clerk.get_by_role("button", name=name, exact=True)
        button.or_(self.clerk.get_by_role("link", name=name, exact=True)).first.click()

    def approves(self) -> None:
        """The officer looks and approves."""
        self.looks()
        self.officer.get_by_role("button", name="Approve", exact=True).click()
        expect(self.officer.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
        self.looks()

    def usual(self) -> None:
        """Taken, decided as the usual case, approved."""
        self.clerk_presses("Take it")
        self.clerk_presses("Decide the usual case")
        expect(self.clerk.get_by_text("waits for an officer")).to_be_visible()
        self.approves()

    def decides(self, what: str, day: str = "", words: str = "") -> None:
        """The same for each class of data: the first choice of the list that begins with `what`."""
        self.clerk_presses("Take it")
        where = self.clerk.get_by_role("link", name="Decide differently").or_(
            self.clerk.get_by_role("link", name="Decide", exact=True)
        )
        where.first.click()
        self.clerk.get_by_role("button", name="Decide so").wait_for()
        for number, chosen in enumerate(self.clerk.locator("select[name^=what-]").all()):
            value = chosen.locator(f"option[value^='{what}:']").first.get_attribute("value")
            chosen.select_option(value)
            if day:
                self.clerk.locator(f"[name=day-{number}]").fill(day)
            if words:
                self.clerk.locator("fieldset.outcome details summary").nth(number).click()
                self.clerk.locator(f"[name=words-{number}]").fill(words)
        self.clerk_presses("Decide so")
        self.approves()

    def writes(self, reason: str = "", text: str = "") -> None:
        """The letter that is open: read as it will arrive, and sent."""
        self.clerk.get_by_role("button", name="Read it as it will arrive").wait_for()
        told = self.clerk.locator("select[name=told]")
        if told.count():
            told.select_option("call")
        asked_why = self.clerk.locator("textarea[name=reason]")
        if asked_why.count():
            asked_why.fill(reason)
        if text:
            self.clerk.locator("textarea[name=text]").fill(text)
        self.clerk_presses("Read it as it will arrive")
        sent = self.clerk.get_by_role("button", name="Send it by e-mail")
        sent.or_(self.clerk.get_by_role("button", name="I told them so")).click()

    def runs(self, **later: float) -> None:
        """Time passes, what the clock calls was called, and both look again."""
        self.time.go(**later)
        clock_strikes(self.house)
        self.looks()

    def is_next(self, sentence: str) -> None:
        """What the clerk's page says is to be done next."""
        expect(self.clerk.locator(".case-next")).to_contain_text(sentence)

    def fetches(self) -> zipfile.ZipFile:
        """The file behind a fresh code, from the person's own list."""
        self.time.go(minutes=11)
        page = self.person
        page.goto(f"{self.address}/{self.tenant.slug}/requests/status")
        self._proves_again()
        page.locator("a[href*='/requests/answers/']").first.click()
        self._proves_again()
        with page.expect_download() as saved:
            page.locator("main form button").first.click()
        return zipfile.ZipFile(BytesIO(saved.value.path().read_bytes()))

    def _proves_again(self) -> None:
        self.person.wait_for_load_state("load")
        code = self.person.get_by_role("button", name="Get a code")
        if code.count():
            code.click()
            self.person.wait_for_load_state("load")
        if self.person.locator("[name=contact]").count():
            self.proves()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where they are served."""
    with listening(app) as where:
        yield where


@pytest.fixture
def company(
    browser: Browser, address: str, house: House, valley: Tenant, time: Time
) -> Iterator[Callable[[str], Company]]:
    """One of the sample organizations, with its own people; their browsers are closed afterwards."""
    made: list[Company] = []

    def at(slug: str) -> Company:
        tenant = valley if slug == VALLEY else found_shipped(house, slug, FOUNDED)
        made.append(Company(browser, address, house, tenant, time))
        return made[-1]

    yield at
    for context in browser.contexts:
        context.close()


def test_somebody_sees_their_data_and_takes_it_along(company: Callable[[str], Company]) -> None:
    for slug, wish, inside, outside in (
        (VALLEY, "access", "answer.html", "nothing"),
        (VALTT, "portability", "answer.csv", "answer.html"),
    ):
        at = company(slug)
        at.asks(wish)
        at.usual()
        at.runs()
        at.is_next("Nothing: it is done.")
        names = at.fetches().namelist()
        assert inside in names and outside not in names, slug


def test_a_correction_is_written_down_confirmed_by_hand_and_certified(company: Callable[[str], Company]) -> None:
    at = company(VALLEY)
    at.asks("correction", words="My street is Elm Street.")
    at.clerk_presses("Take it")
    at.clerk_presses("Write down what changes")
    at.clerk.get_by_label("Kind of data").first.select_option("account-contact")
    at.clerk.get_by_label("Name of the field").first.fill("street")
    at.clerk.get_by_label("What shall stand there", exact=True).first.fill("1 Elm Street")
    at.clerk_presses("Write it down")
    at.looks()
    at.clerk_presses("Decide the usual case")
    at.approves()
    at.runs()
    at.clerk.get_by_label("What did you do?").first.fill("The location is changed.")
    at.clerk.get_by_label("How many records?").first.fill("1")
    at.clerk.get_by_role("button", name="It is done").first.click()
    at.runs()
    expect(at.clerk.get_by_role("link", name="The certificate")).to_be_visible()


def test_an_agent_asks_the_person_says_yes_and_the_agent_hears_of_the_end(
    company: Callable[[str], Company], client: FlaskClient, house: House, valley: Tenant, time: Time
) -> None:
    agent = AuthorizedAgent(client, valley).registered(house, time.now())
    agent.set_up()
    asked = agent.ask("deletion").get_json()
    at = company(VALLEY)
    at.person.goto(at.address + asked["user_verification_url"].removeprefix(PUBLIC_URL))
    at.person.get_by_role("button", name="Get a code").click()
    at.proves(ADA)
    at.person.get_by_role("button", name="Yes, I asked for this").click()
    expect(at.person.get_by_role("status")).to_contain_text("You said that this is right")
    at.opens()
    at.usual()
    for _ in range(2):
        at.runs()
    told = agent.call("GET", f"/data-rights-request/{asked['request_id']}").get_json()
    assert told["status"] == "fulfilled"


def test_more_time_is_taken_with_a_reason_and_the_queue_says_so(company: Callable[[str], Company]) -> None:
    at = company("1valet")
    at.asks("access", place="US-CA")
    at.clerk_presses("Take it")
    at.clerk.goto(at.clerk.url.split("?")[0] + "/letters/extension")
    at.writes(reason="Two systems have to be asked by hand, which takes us longer.")
    at.clerk.goto(f"{at.address}/staff/requests")
    expect(at.clerk.locator("[data-request]")).to_contain_text("in 90 days")


def test_a_refusal_names_its_ground_and_an_appeal_is_answered_by_others(company: Callable[[str], Company]) -> None:
    at = company(VALLEY)
    at.asks("deletion")
    at.decides("refuse", words="Somebody else has this mailbox now.")
    at.runs()
    at.is_next("Nothing: it was refused, and the person was told why.")
    at.person.goto(f"{at.address}/{VALLEY}/requests/status")
    expect(at.person.locator("main")).to_contain_text("Refused")
    at.asks("appeal", words="The mailbox is mine and nobody else's.")
    at.clerk_presses("Take it")
    at.clerk_presses("Decide the usual case")
    expect(at.clerk.locator("main")).to_contain_text("You had a hand in the answer")
    at.sit()
    at.opens()
    at.clerk_presses("Decide the usual case")
    at.approves()
    at.clerk_presses("Write the answer")
    at.writes()
    at.looks()
    at.clerk_presses("Close it")
    at.is_next("Nothing: it is done.")


def test_a_deferral_opens_itself_on_its_day(company: Callable[[str], Company]) -> None:
    at = company(VALTT)
    at.asks("deletion")
    at.decides("defer", day="2026-12-01")
    at.runs()
    at.is_next("It opens again by itself on December 1, 2026")
    where = at.clerk.url
    for days, waits in ((8, True), (2, False)):
        at.time.go(days=days)
        timed_requests.look_after_requests(at.house)
        at.sit()
        at.clerk.goto(where)
        assert ("It opens again by itself" in at.clerk.content()) is waits
    at.clerk_presses("Decide the usual case")
    at.approves()
    at.runs()
    at.is_next("the certificate is on its way by mail")


def test_log_files_go_out_after_their_fee_is_paid(company: Callable[[str], Company]) -> None:
    at = company(SMARTT)
    at.asks("usage-log-file", role="officer", ground="internal-audit")
    at.clerk_presses("Take it")
    file = FilePayload(name="log.txt", mimeType="text/plain", buffer=b"row 1")
    page = at.clerk

    def notes(*fields: tuple[str, str], ticks: str = "", uploads: FilePayload | None = None) -> None:
        at.looks()
        at.clerk_presses("Do this step")
        if ticks:
            page.locator(f"#{ticks}").check()
        for name, value in fields:
            page.locator(f"main [name={name}]").fill(value)
        if uploads:
            page.locator("[name=file]").set_input_files(uploads)
        at.clerk_presses("Note it")

    notes()
    notes(("reasons", "Their auditors need it."), ticks="on_file")
    notes(("amount", "150.00"), ("currency", "CAD"), ("card", "2026"))
    notes(("payment", "INV-7"))
    notes()
    notes(("owners", "1"), uploads=file)
    at.looks()
    at.clerk_presses("Decide the usual case")
    at.approves()
    at.clerk_presses("Hand the file over")
    at.clerk.locator("#on_file").check()
    at.clerk.locator("[name=file]").set_input_files(file)
    at.clerk_presses("Hand it over and close the request")
    at.looks()
    at.is_next("Nothing: it is done.")
    at.runs()
    expect(at.clerk.get_by_role("link", name="The certificate")).to_be_visible()
    assert any("usage-log" in one for one in at.fetches().namelist())
