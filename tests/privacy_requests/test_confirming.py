"""A request that came another way than by a proven form: who asks shows it with a code, and says that it was they."""

import re

import pytest

from consent.house import House
from consent.staff.roles import Role
from tests.privacy_requests.test_pages import ADA, Asker, asker, requests_at, text_of  # noqa: F401
from tests.support import staff
from tests.support.at_the_desk import LIST, At
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

# ruff: noqa: F811
BUTTON = "Yes, I asked for this"


@pytest.fixture
def clerk(asker: Asker, house: House, valley: Tenant, time: Time) -> At:
    """Somebody who works on requests."""
    return At(asker.client.application, staff.member(house, valley.id, time.now(), Role.CLERK, "Cleo"))


def entered(clerk: At, **changed: str) -> str:
    """The id of a deletion that came by telephone or letter."""
    sent = {"wish": "deletion", "how": "letter", "arrived_on": "2026-11-20", "address": ADA, "language": "en"} | changed
    answer = clerk.browser.post(f"{LIST}/new", data={"csrf": clerk.who.csrf()} | sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"]).rpartition("/")[2]


@pytest.mark.parametrize("address", [ADA, PERSON])
def test_a_code_and_one_press_make_sure_who_asks_and_the_clerk_reads_how(
    asker: Asker, clerk: At, systems: Systems, address: str
) -> None:
    where = entered(clerk, address=address)
    clerk.presses(f"{LIST}/{where}", "assignment", to="me")
    assert "make sure who asks" in clerk.reads(f"{LIST}/{where}")
    asker.come_in(address)
    page = text_of(asker.page("/status"))
    assert BUTTON in page and f'action="/valley-smart-homes/requests/status/{where}"' in page
    assert not requests_at(systems)[0]["verified"]  # looking at a page says nothing
    assert asker.send(f"/status/{where}").headers["Location"].endswith("/requests/status?done=shown")
    page = text_of(asker.page("/status?done=shown"))
    assert "It is on record that it is you who asks." in page and BUTTON not in page
    assert requests_at(systems)[0]["verified"]
    told = clerk.reads(f"{LIST}/{where}")
    assert "They entered a code that went to the address on record, and said it was they" in told
    assert "make sure who asks" not in told
    (entry,) = (one for one in systems.history(address, "email" if "@" in address else "sms")
                if one["type"] == "privacy_request.verified")  # fmt: skip
    assert (entry["source"], entry["data"]["methods"]) == ("page", ["code"])
    assert asker.send(f"/status/{where}").status_code == 303  # once more changes nothing
    kinds = [one["type"] for one in systems.history(address, "email" if "@" in address else "sms")]
    assert kinds.count("privacy_request.verified") == 1


def test_nobody_says_so_for_somebody_else(asker: Asker, clerk: At, systems: Systems) -> None:
    theirs, mine = entered(clerk, address=PERSON), entered(clerk)
    stranger = asker.send(f"/status/{theirs}")
    assert stranger.headers["Location"].endswith("/preferences/code")  # without a code it asks for one
    asker.come_in(ADA)
    assert asker.send(f"/status/{theirs}").status_code == 404
    assert asker.send("/status/00000000-0000-0000-0000-000000000000").status_code == 404
    assert theirs not in text_of(asker.page("/status")) and mine in text_of(asker.page("/status"))
    assert not any(one["verified"] for one in requests_at(systems))


def test_who_acts_for_another_shows_more_than_a_code(asker: Asker, clerk: At, systems: Systems) -> None:
    where = entered(clerk, authority="agent", asked_by="Al Agent")
    asker.come_in(ADA)
    assert BUTTON not in text_of(asker.page("/status"))
    assert asker.send(f"/status/{where}").status_code == 303
    assert not requests_at(systems)[0]["verified"]


def test_the_letter_that_asks_for_a_proof_leads_to_that_page(clerk: At) -> None:
    where = entered(clerk)
    letter = clerk.reads(f"{LIST}/{where}/letters/proof")
    assert re.search(r"open \{\{status_page\}\}, choose to get a code, enter it, and say there that it was you", letter)
