"""What the pages say while the last of the data still waits: what, why and until when; and done only once it is."""

# ruff: noqa: F811

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from uuid import UUID

import pytest

from consent.commands.demo.requests import first_deletion
from consent.db import Sql
from consent.ledger import bodies, queries
from tests.flows.test_requests_of_every_kind import ANA, Company, company, text_of  # noqa: F401
from tests.support.at_the_desk import LIST
from tests.support.organizations import VALTT
from tests.support.valley import PUBLIC_URL

PHONE = "+12125550177"
_LEFT = Sql(
    "UPDATE job SET done_at = :now, outcome = :outcome WHERE organization_id = :organization_id AND kind = :kind"
)
WORDS = "Read it to her at noon"


def entered(at: Company, address: str = ANA, **more: str) -> str:
    """A deletion that came by letter and is Cleo's, known to be theirs; where it is."""
    sent = {"wish": "deletion", "how": "letter", "arrived_on": "2026-11-21", "address": address, "language": "en"}
    answer = at.clerk.browser.post(f"{LIST}/new", data={"csrf": at.clerk.who.csrf()} | sent | more)
    where = answer.headers["Location"]
    at.clerk.presses(where, "assignment", to="me")
    return where


def answered(at: Company, address: str = ANA) -> str:
    """The same, with everything deleted, up to its answer."""
    where = entered(at, address)
    at.clerk.presses(where, "verification", methods="in-person")
    at.clerk.decides(where, "do")
    at.officer.presses(where, "approval")
    at.runs()
    return where


def mail_ends(at: Company, outcome: str = "sent") -> None:
    """The certificate left, or no server took it."""
    place: dict[str, object] = {"organization_id": at.tenant.id, "kind": "mail.certificate", "outcome": outcome}
    now: datetime = at.time.now()
    assert at.house.db.write(lambda tx: tx.run(_LEFT, place | {"now": now}), at.tenant.id) == 1


def parts(page: str) -> dict[str, str]:
    """The sections of the page as plain words, by the id of their title."""
    found = re.findall(r'<section[^>]*aria-labelledby="([a-z]+)-title">(.*?)</section>', page, re.DOTALL)
    said = {name: " ".join(re.sub(r"<[^>]+>", " ", text).split()) for name, text in found}
    head = page.partition("<h1>")[2].partition('<section class="case-next"')[0]
    return said | {"head": " ".join(re.sub(r"<[^>]+>", " ", head).split())}


def step(page: str, title: str) -> str:
    """A line of the list: its box and what stands beside it."""
    line = re.search(rf'<li><span aria-hidden="true">(.)</span> <div>{title}(.*?)</div></li>', page, re.DOTALL)
    assert line is not None, title
    return line[1] + " " + " ".join(re.sub(r"<[^>]+>", " ", line[2]).split())


def certificate(at: Company, page: str) -> str:
    """What its page says now."""
    address = re.search(r'href="(/[^"]+/requests/certificates/[^"]+)"', page)
    assert address is not None
    return at.app.test_client().get(address[1], base_url=PUBLIC_URL).get_data(as_text=True)


def test_by_mail_it_waits_for_the_mail_to_leave_then_for_minutes_and_only_then_it_is_done(
    company: Callable[[str], Company],
) -> None:
    at = company(VALTT)
    where = answered(at)
    page = at.clerk.reads(where)
    said = parts(page)
    assert "Answered · The last data still goes" in said["head"] and "Closed" not in said["head"]
    assert "certificate is on its way by mail" in said["next"] and f'href="{where}">Look again' in page
    assert said["words"].endswith("Nothing besides the request itself.")
    assert "goes last, once the certificate has left by mail" in said["tasks"]
    assert "To be deleted, last of all" in said["decision"] and "Deleted done" not in said["decision"]
    assert step(page, "Carry it out").startswith("☐") and step(page, "Tell them how it ended").startswith("☐")
    assert "Everything is done" not in page and "cannot be undone" not in page
    assert "cannot be called back" in said["more"]
    told = certificate(at, page)
    assert "To be deleted, last of all." in told and "as soon as you have been told" in told
    assert "<dt>Answered</dt>" in told and "Closed" not in told
    assert "<h2>What is done</h2>" in told and "What was done" not in told
    assert "say that it is to go, and not that it has gone" in told
    queue = at.clerk.reads(f"{LIST}?state=fulfilled")
    assert "The last data still goes" in queue and "Nothing: the rest goes by itself" in queue and "✓" not in queue
    mail_ends(at)
    page = at.clerk.reads(where)
    assert "the person was told. The last of the data goes within minutes, by itself" in parts(page)["next"]
    assert "goes within minutes, by itself; there is nothing to do" in parts(page)["tasks"]
    assert step(page, "Tell them how it ended").startswith("☑") and step(page, "Carry it out").startswith("☐")
    at.runs(minutes=6)
    page = at.clerk.reads(where)
    said = parts(page)
    assert "✓ Closed · Done" in said["head"] and "Nothing: it is done." in said["next"]
    assert "Deleted done" in said["decision"] and "The last of the data here is gone" in said["timeline"]
    assert said["words"].endswith("Whatever they wrote was erased with the rest.")
    assert step(page, "Carry it out").startswith("☑") and "cannot be undone" in said["more"]
    assert step(page, "Tell them how it ended").startswith("☑"), "what went with the person is not forgotten"
    assert "The person was told" in said["timeline"] and "By e-mail" in said["timeline"]
    assert "leaves by mail" not in said["next"]
    told = certificate(at, page)
    assert "It went last, on November 21, 2026." in told and "To be deleted" not in told
    assert "<dt>Answered</dt>" in told and "<dt>Closed</dt>" in told and "<h2>What was done</h2>" in told
    assert "and not that it has gone, nor the day" in told
    entries = re.search(r"<dt>Entries about it</dt>\s*<dd[^>]*>(.*?)</dd>", told, re.DOTALL)
    assert entries is not None
    for one in entries[1].split():
        with at.house.db.read(at.tenant.id) as tx:
            stored = queries.event(tx, at.tenant.id, UUID(one))
        assert stored is not None
        entry = bodies.parse(stored.body)
        assert (entry.type, entry.data["case"]) == ("erasure.done", where.rpartition("/")[2])
    queue = at.clerk.reads(f"{LIST}?state=fulfilled")
    assert "The last data still goes" not in queue and "✓" in queue


def test_a_mail_that_no_server_took_has_told_nobody(company: Callable[[str], Company]) -> None:
    at = company(VALTT)
    where = answered(at)
    mail_ends(at, "dead")
    page = at.clerk.reads(where)
    assert "No mail server took the certificate: tell them another way." in parts(page)["next"]
    assert "the person was told." not in parts(page)["next"]
    assert step(page, "Tell them how it ended").startswith("☐")
    at.runs(minutes=6)
    page = at.clerk.reads(where)
    assert "Nothing: it is done. No mail server took the certificate" in parts(page)["next"]
    assert step(page, "Tell them how it ended").startswith("☐")
    assert "The certificate did not leave by mail" in parts(page)["timeline"]


def test_without_a_mailbox_somebody_tells_them_and_says_how_and_the_rest_goes_at_once(
    company: Callable[[str], Company],
) -> None:
    at = company(VALTT)
    where = answered(at, PHONE)
    page = at.clerk.reads(where)
    said = parts(page)
    assert "Answered · Nobody has told them yet" in said["head"] and "still to be told" in said["next"]
    assert step(page, "Tell them how it ended").startswith("☐") and "cannot be undone" not in page
    assert "Tell the person" in at.clerk.reads(f"{LIST}?state=fulfilled")
    task = re.search(rf'action="{where}/(tasks/[^"]+/confirmation)"', page)
    assert task is not None
    at.clerk.presses(where, task[1], words=WORDS, count="1", told="call")
    page = at.clerk.reads(where)
    said = parts(page)
    assert WORDS in said["tasks"] and WORDS in said["timeline"] and "The person was told" in said["timeline"]
    assert "goes within minutes, by itself" in said["tasks"] and "Nothing" not in said["next"]
    assert step(page, "Tell them how it ended").startswith("☑") and step(page, "Carry it out").startswith("☐")
    at.runs()
    page = at.clerk.reads(where)
    said = parts(page)
    assert "Nothing: it is done." in said["next"], "it did not wait for the next look"
    assert WORDS not in page and "went with the person" in said["tasks"] and "By telephone" in said["timeline"]


@pytest.mark.parametrize(
    ("language", "subject", "waits", "done"),
    [
        ("en", "is answered", "To be deleted, last of all. It goes by itself", "is done"),
        ("fr", "a reçu sa réponse", "À supprimer, en tout dernier. Elle s’efface d’elle-même", "C’est fait"),
        ("es", "está respondida", "Por eliminar, al final de todo. Se borra sola", "está hech"),
    ],
    ids=["en", "fr", "es"],
)
def test_a_letter_that_tells_the_end_says_of_what_goes_last_that_it_is_still_to_go(
    company: Callable[[str], Company], language: str, subject: str, waits: str, done: str
) -> None:
    at = company(VALTT)
    where = answered(at, PHONE)
    page = at.clerk.reads(f"{where}/letters/done?language={language}")
    typed = {name: re.search(rf'id="{name}"[^>]*?(?:value="|>)([^"<]*)', page)[1] for name in ("subject", "text")}  # type: ignore[index]
    known = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("csrf", "version", "seen")}  # type: ignore[index]
    sent = known | typed | {"language": language, "told": "letter", "step": "read"}
    read = at.clerk.browser.post(f"{where}/letters/done", data=sent).get_data(as_text=True)
    letter = unescape(read.partition('<article class="letter"')[2].partition("</article>")[0])
    assert subject in typed["subject"] and waits in letter and done not in typed["subject"] + letter, letter


def test_a_letter_by_post_that_tells_the_end_is_the_telling(company: Callable[[str], Company]) -> None:
    at = company(VALTT)
    where = answered(at, PHONE)
    at.clerk.writes(where, "other", told="letter")
    assert "still to be told" in parts(at.clerk.reads(where))["next"], "this letter told something else"
    at.clerk.writes(where, "done", told="letter")
    page = at.clerk.reads(f"{where}?done=told")
    assert "It is noted that you told them." in page and "on its way" not in parts(page)["head"]
    assert "the person was told" in parts(page)["next"] and "By letter" in parts(page)["timeline"]
    at.runs()
    assert "Nothing: it is done." in parts(at.clerk.reads(where))["next"]


def test_whoever_was_told_by_hand_is_noted_and_who_gets_mail_has_a_letter_on_its_way(
    company: Callable[[str], Company],
) -> None:
    at = company(VALTT)
    for address, told, where_to in ((PHONE, "call", "told"), (ANA, "mail", "letter")):
        where = entered(at, address)
        page = at.clerk.reads(where)
        known = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("version", "seen")}  # type: ignore[index]
        draft = {"language": "en", "subject": "Yours", "text": "Who are you?", "told": told, "step": "send"}
        answer = at.clerk.browser.post(f"{where}/letters/proof", data={"csrf": at.clerk.who.csrf()} | known | draft)
        assert answer.headers["Location"] == f"{where}?done={where_to}"
        said = parts(at.clerk.reads(where))["next"]
        assert "They were asked on November 21, 2026 to show who they are" in said, "it is not asked for again"
        assert "They have answered: note it" in said and "before anything" not in said.lower()
        at.clerk.presses(where, "verification", methods="in-person")
        assert "They were asked" not in parts(at.clerk.reads(where))["next"]


def test_while_it_is_carried_out_nothing_is_offered_that_cannot_be_done(company: Callable[[str], Company]) -> None:
    at = company(VALTT)
    where = entered(at)
    at.clerk.presses(where, "verification", methods="in-person")
    at.clerk.decides(where, "do")
    before = at.clerk.reads(where)
    assert "Hand it over" in before and "The person took it back" in before
    at.officer.presses(where, "approval")
    page = at.clerk.reads(where)
    said = parts(page)
    assert "begins by itself, within a minute" in said["next"] and f'href="{where}">Look again' in page
    assert "Nothing can be changed while it is carried out." in said["more"]
    for gone in ("Hand it over", "The person took it back", f"{where}/letters/received", f"{where}/letters/proof"):
        assert gone not in page, gone


def test_what_is_demanded_is_asked_for_first_and_what_is_not_says_so(company: Callable[[str], Company]) -> None:
    at = company("1valet")
    where = entered(at, place="US-CA", arrived_on="2026-11-20")
    page = at.clerk.reads(where)
    assert "Tell the person by December 4, 2026 that the request has arrived." in parts(page)["next"]
    assert "Acknowledge it" in at.clerk.reads(LIST)
    assert where not in at.clerk.reads(f"{LIST}?next=decide")
    at.time.go(days=20)
    at.sit()
    late = parts(at.clerk.reads(where))["next"]
    assert "should have been told by December 4, 2026" in late, "a demand does not lapse with its day"
    assert "Acknowledge it" in at.clerk.reads(LIST)
    at.clerk.writes(where, "received", told="mail")
    page = at.clerk.reads(where)
    assert step(page, "Confirm its receipt").startswith("☑") and "make sure who asks" in parts(page)["next"]
    at = company(VALTT)
    page = at.clerk.reads(entered(at))
    assert step(page, "Confirm its receipt") == "– not needed: no promise or law asks for it here"
    assert "Acknowledge" not in parts(page)["next"]


def test_a_closing_with_an_open_step_says_which_and_facts_tick_the_others(company: Callable[[str], Company]) -> None:
    at = company(VALTT)
    where = entered(at)
    at.clerk.presses(where, "verification", methods="in-person")
    assert "Still open on the list: Make sure they know" in parts(at.clerk.reads(where))["next"]
    at.clerk.decides(where, "do")
    page = at.officer.reads(where)
    assert step(page, "Look up what is held").startswith("☑"), "each class that is held was decided"
    assert "Still open on the list: Make sure they know" in parts(page)["next"]
    at.officer.presses(where, "return", why="Once more, please")
    assert step(at.clerk.reads(where), "Look up what is held").startswith("☐")
    at.clerk.decides(where, "do")
    at.officer.presses(where, "approval")
    at.runs()
    mail_ends(at)
    at.runs(minutes=6)
    page = at.clerk.reads(where)
    assert "Never ticked on the list: Make sure they know" in parts(page)["next"]
    assert "was not ticked" in step(page, "Make sure they know")


def test_the_person_reads_that_the_last_of_it_still_goes(company: Callable[[str], Company]) -> None:
    at = company(VALTT)
    where = at.asks("deletion")
    at.clerk.presses(where, "assignment", to="me")
    at.clerk.decides(where, "do")
    at.officer.presses(where, "approval")
    at.runs()
    said = " ".join(text_of(at.asker.page("/status")).split())
    assert "the last of it still goes" in said and "is deleted last, once you were told" in said
    assert "Nothing: it is closed." not in said


def test_the_demo_names_a_deletion_to_try_only_while_one_is_under_way(company: Callable[[str], Company]) -> None:
    at = company(VALTT)

    def named() -> dict[str, str] | None:
        return first_deletion(at.house.db, at.house.keyring, at.tenant.id, "America/Los_Angeles", at.time.now())

    assert named() is None
    where = entered(at, PHONE)
    found = named()
    assert found is not None and where.endswith(found["id"]) and PHONE not in found["who"]
    at.clerk.presses(where, "verification", methods="in-person")
    at.clerk.decides(where, "do")
    at.officer.presses(where, "approval")
    at.runs()
    assert "Nobody has told them yet" in at.clerk.reads(LIST), "it still waits for a person"
    assert named() is None
