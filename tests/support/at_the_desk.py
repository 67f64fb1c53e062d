"""A member of the staff before the pages of requests, without a browser: reads a page and presses its buttons."""

import re

from flask import Flask
from flask.testing import FlaskClient

from consent.house import House
from consent.timed import requests as timed_requests
from consent.timed import upkeep
from tests.support.staff import Seated

LIST = "/staff/requests"


class At:
    """A member of the staff at their browser."""

    def __init__(self, app: Flask, who: Seated) -> None:
        self.browser: FlaskClient = who.client(app)
        self.who = who

    def reads(self, path: str) -> str:
        """The page there."""
        answer = self.browser.get(path)
        assert answer.status_code == 200, path
        return answer.get_data(as_text=True)

    def newest(self) -> str:
        """Where the one request in the queue is."""
        found = set(re.findall(rf'href="({LIST}/[0-9a-f-]{{36}})"', self.reads(LIST)))
        assert len(found) == 1, found
        return found.pop()

    def presses(self, where: str, noun: str, **sent: str) -> None:
        """The button of that form, as the page shows it now."""
        page = self.reads(f"{where}/{noun}" if noun.startswith("letters/") else where)
        known = {name: hidden(page, name) for name in ("version", "seen") if f'name="{name}"' in page}
        if noun == "usual-decision":
            known["digest"] = hidden(page, "digest")
        answer = self.browser.post(f"{where}/{noun}", data={"csrf": self.who.csrf()} | known | sent)
        assert answer.status_code == 303, answer.get_data(as_text=True)

    def writes(self, where: str, letter: str, **more: str) -> None:
        """The letter goes out, with the step that goes with it."""
        said = {"language": "en", "subject": "Your request", "text": "{{reference}} {{reason}}", "reason": "As told."}
        self.presses(where, f"letters/{letter}", **(said | {"told": "call", "step": "send"} | more))

    def decides(self, where: str, what: str, **more: str) -> None:
        """The same for each class of data on the form: the first choice that begins with `what`."""
        form = self.reads(f"{where}/decision")
        chosen = re.search(rf'value="({what}:[a-z-]*)"', form)
        assert chosen is not None, what
        rows = re.findall(r'name="what-(\d+)"', form)
        sent = {f"what-{row}": chosen[1] for row in rows}
        sent |= {f"{name}-{row}": value for row in rows for name, value in more.items()}
        self.presses(where, "decision", **sent)


def clock_strikes(house: House) -> None:
    """What carries requests out, seals and tells was called, as the clock does."""
    for job in (
        timed_requests.carry_out,
        timed_requests.give_answers,
        upkeep.seal,
        timed_requests.mail_certificates,
    ):
        job(house)


def hidden(page: str, name: str) -> str:
    """The value that the forms of a page carry unseen."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]
