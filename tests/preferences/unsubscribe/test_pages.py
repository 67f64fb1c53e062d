"""The unsubscribe of a mail: a look changes nothing, one press ends it, and nothing else is asked."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent import clock
from consent.db import Sql, Tx
from consent.house import House
from consent.ledger import service as ledger
from consent.outbox import service as outbox
from consent.policies.answers.statements import Statement, Statements
from consent.preferences import wordings
from consent.preferences.unsubscribe import figures, jobs, queries, service
from consent.preferences.unsubscribe.rules import Figures, Limit
from consent.staff.roles import Role
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.verification import links
from consent.verification.links import UNSUBSCRIBE, Link
from tests.support import staff
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL, Tenant
from tests.support.visiting import Visitor

ADA = "ada@people.example"
OFFERS = "marketing-email"
CALLER = "203.0.113.9"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FIGURES = Figures(Limit(3, timedelta(minutes=2)), Limit(3, timedelta(minutes=2)), timedelta(days=14))


def contact(house: House, valley: Tenant, address: str = ADA, channel: str = "email") -> UUID:
    """The id of a contact point that is on record."""
    tagged = subjects.tagged(house.keyring, valley.id, canonical(channel, address))

    def make(tx: Tx) -> UUID:
        found = subjects.contact(tx, house.keyring, valley.id, tagged, clock.now())
        if found.is_new:
            log = house.governing.now(valley.id, clock.now()).log
            ledger.append(tx, log, found.stream, ledger.Event("message.sent", "system", channel), clock.now())
        return found.id

    return house.db.write(make, valley.id)


def token(
    house: House, valley: Tenant, address: str = ADA, program: str | None = OFFERS, purpose: str = UNSUBSCRIBE
) -> str:
    """What stands in the address of a mail's unsubscribe."""
    who = contact(house, valley, address)
    return links.make(house.keyring, Link(valley.id, who, purpose, None, program, "spring", clock.now()))


def at(valley: Tenant, sent: str) -> str:
    """The address of the page."""
    return f"/{valley.slug}/unsubscribe/{sent}"


def press(
    client: FlaskClient, valley: Tenant, sent: str, data: Mapping[str, str] = ONE_CLICK, caller: str = CALLER
) -> TestResponse:
    """A POST as a mail program makes it: no cookie, nothing fetched before."""
    client.delete_cookie("session")
    return client.post(at(valley, sent), data=data, headers={"X-Forwarded-For": caller})


def rows(house: House, valley: Tenant, question: str) -> list[tuple[Any, ...]]:
    """What stands in Valley's tables."""
    with house.db.read(valley.id) as tx:
        return [tuple(row) for row in tx.all(Sql(question), {})]


def entries(house: House, valley: Tenant) -> int:
    """How many entries there are in the ledger."""
    return int(rows(house, valley, "SELECT count(*) FROM ledger_event")[0][0])


def may(systems: Systems) -> bool:
    """Whether an offer may go to Ada by mail."""
    return systems.may(program=OFFERS, message_class="promotion", channel="email", address=ADA)


@pytest.mark.parametrize("data", [ONE_CLICK, {"unsubscribe": "1"}])
def test_one_press_ends_the_offers_at_once_without_cookie_and_redirect(
    data: dict[str, str], house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    assert may(systems)
    answer = press(client, valley, token(house, valley), data)
    assert (answer.status_code, answer.headers.get("Location"), answer.headers.get("Set-Cookie")) == (200, None, None)
    assert "Offers by E-mail" in answer.get_data(as_text=True)
    assert not may(systems)
    newest = systems.history(ADA, "email")[0]
    assert (newest["type"], newest["data"]["method"], newest["data"]["how"]) == (
        "consent.withdrawn",
        "unsubscribe",
        "one-click" if data == ONE_CLICK else "form",
    )
    assert newest["data"]["rests_on"] == ["VSH-41"]
    assert newest["facts"]["reference"] == "spring"
    assert newest["facts"]["ip"] == CALLER


@pytest.fixture
def owed(monkeypatch: pytest.MonkeyPatch) -> Statement:
    """A promise wants something said to whoever unsubscribes on a page."""
    one = Statement("closing", {"en": "Bills still come by post."}, ("VSH-38",), ("unsubscribe-page",))
    monkeypatch.setattr(Statements, "required", lambda _, surface, *__: (one,) if surface == "unsubscribe-page" else ())
    return one


def test_what_must_be_said_beside_the_button_is_said_and_kept_by_hash_with_the_press(
    owed: Statement, house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    sent, words = token(house, valley), owed.texts["en"]
    assert words in client.get(at(valley, sent)).get_data(as_text=True)
    before = entries(house, valley)
    assert words in press(client, valley, sent, {"unsubscribe": "1"}).get_data(as_text=True)
    ended, shown = systems.history(ADA, "email")[:2]
    assert (ended["type"], shown["type"]) == ("consent.withdrawn", "notice.shown")
    assert (shown["data"]["surface"], shown["data"]["rests_on"]) == ("unsubscribe-page", ["VSH-38"])
    assert shown["data"]["statements"] == [["closing", "en", wordings.hash_text(words)]]
    assert [row[0] for row in rows(house, valley, "SELECT text FROM wording WHERE text LIKE 'Bills%'")] == [words]
    assert entries(house, valley) == before + 2


@pytest.mark.usefixtures("owed")
def test_a_press_in_a_mail_program_was_shown_nothing(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    press(client, valley, token(house, valley))
    assert "notice.shown" not in [one["type"] for one in systems.history(ADA, "email")]


def test_a_page_without_what_it_must_say_is_not_shown(
    owed: Statement, house: House, valley: Tenant, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert owed
    monkeypatch.setattr("consent.policies.shown.render_template", lambda *_, **__: "<h1>Stop</h1>")
    answer = client.get(at(valley, token(house, valley)))
    assert (answer.status_code, "<h1>Stop</h1>" in answer.get_data(as_text=True)) == (500, False)


def test_a_form_in_parts_counts_as_rfc_8058_allows(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    answer = client.post(at(valley, token(house, valley)), data=ONE_CLICK, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert not may(systems)


def test_pressed_again_it_says_the_same_and_writes_nothing(house: House, valley: Tenant, client: FlaskClient) -> None:
    sent = token(house, valley)
    first, before = press(client, valley, sent).get_data(), entries(house, valley)
    again = press(client, valley, sent)
    assert (again.status_code, entries(house, valley)) == (200, before)
    assert [line for line in again.get_data().splitlines() if b"nonce" not in line] == first.splitlines()


def test_looking_changes_nothing_however_often(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    sent = token(house, valley)
    before = entries(house, valley)
    for method in ("GET", "HEAD", "OPTIONS") * 30:
        assert client.open(at(valley, sent), method=method).status_code == 200
    assert entries(house, valley) == before
    assert may(systems)
    shown = client.get(at(valley, sent))
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    page = shown.get_data(as_text=True)
    assert ADA not in page
    assert "a•••@people.example" in page


def test_a_mail_that_cannot_be_refused_ends_the_offers_and_says_what_still_comes(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    """T-21, at Valley."""
    sent = token(house, valley, program="service-email")
    assert "It goes on; offers end." in client.get(at(valley, sent)).get_data(as_text=True)
    page = press(client, valley, sent).get_data(as_text=True)
    assert "What still comes, and why" in page
    assert "Account and Service E-mail" in page
    assert not may(systems)
    assert systems.may(program="service-email", message_class="invoice", channel="email", address=ADA)


def test_an_offer_that_waits_to_be_sent_is_taken_back(house: House, valley: Tenant, client: FlaskClient) -> None:
    who = contact(house, valley)

    def wait(tx: Tx) -> UUID:
        stream = ledger.stream(tx, house.keyring, valley.id, who)
        draft = outbox.Draft("email", "mail.offer", None, {}, who, OFFERS, "promotion")
        return outbox.enqueue(tx, valley.id, stream.key, draft, clock.now())

    house.db.write(wait, valley.id)
    press(client, valley, token(house, valley))
    assert rows(house, valley, "SELECT outcome FROM job") == [("cancelled",)]


@pytest.mark.parametrize("spoil", ["short", "changed", "purpose", "empty", "long", "bidi"])
def test_a_token_that_is_not_ours_is_met_with_a_friendly_page(
    spoil: str, house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    good = token(house, valley)
    sent = {
        "short": good[:20],
        "changed": good[:-2] + ("AA" if good[-2:] != "AA" else "BB"),
        "purpose": token(house, valley, purpose="preferences"),
        "empty": "-",
        "long": "A" * 100_000,
        "bidi": "\u202ecba",
    }[spoil]
    before = entries(house, valley)
    for answer in (client.get(at(valley, sent)), press(client, valley, sent)):
        assert answer.status_code == 404
        assert "This link does not work" in answer.get_data(as_text=True)
        assert f"/{valley.slug}/preferences" in answer.get_data(as_text=True)
    assert entries(house, valley) == before
    assert may(systems)


def test_another_organization_s_address_opens_nothing(house: House, valley: Tenant, client: FlaskClient) -> None:
    assert client.post(f"/nobody/unsubscribe/{token(house, valley)}", data=ONE_CLICK).status_code == 404


@pytest.mark.parametrize("data", [{}, {"List-Unsubscribe": "Two-Clicks"}, {"x": "y" * 100_000}])
def test_a_post_that_is_neither_ours_nor_a_mail_program_s_changes_nothing(
    data: dict[str, str], house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    answer = press(client, valley, token(house, valley), data)
    assert answer.status_code == 422
    assert "Stop these e-mails" in answer.get_data(as_text=True)
    assert may(systems)


def burst(house: House, valley: Tenant, client: FlaskClient, people: int = 3) -> int:
    """A scanner has opened the mails of so many people; returns how many were noticed."""
    for address in (ADA, *(f"person-{n}@people.example" for n in range(people - 1))):
        press(client, valley, token(house, valley, address), {"unsubscribe": "1"})
    return jobs.notice(house.db, house.keyring, valley.id, FIGURES, clock.now())


def test_a_burst_holds_and_is_marked_in_the_ledger_and_listed(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    assert burst(house, valley, client) == 3
    assert not may(systems)
    newest = systems.history(ADA, "email")[0]
    assert newest["type"] == "consent.questioned"
    assert newest["data"] == {"about": systems.history(ADA, "email")[1]["entry"], "reason": "one-mail", "people": 3}
    assert jobs.notice(house.db, house.keyring, valley.id, FIGURES, clock.now()) == 0
    listed = systems.get("unsubscribes?noticed=true").get_json()["unsubscribes"]
    assert len(listed) == 3
    assert listed[0]["burst"] == {"by": "one-mail", "people": 3}
    assert "people.example" not in str(listed)


def test_few_presses_are_people_and_listed_without_a_mark(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    assert burst(house, valley, client, 2) == 0
    assert len(systems.get("unsubscribes").get_json()["unsubscribes"]) == 2
    assert systems.get("unsubscribes?noticed=true").get_json()["unsubscribes"] == []


def test_the_list_goes_on_where_the_page_before_ended(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    burst(house, valley, client)
    first = systems.get("unsubscribes?limit=2").get_json()
    rest = systems.get(f"unsubscribes?limit=2&cursor={first['next']}").get_json()
    assert len({one["id"] for one in first["unsubscribes"] + rest["unsubscribes"]}) == 3
    assert "next" not in rest


def undo(house: House, valley: Tenant, who: UUID, press_id: UUID) -> bool:
    """The person, whose address it is, takes it back."""
    in_force = house.governing.now(valley.id, clock.now())
    said = service.Undoing("Yes, send me these e-mails again.", "en", "203.0.113.77")
    return house.db.write(
        lambda tx: service.undo(
            tx, house.keyring, in_force.log, in_force.rulebook, who, press_id, said, FIGURES, clock.now()
        ),
        valley.id,
    )


def questioned(house: House, valley: Tenant, who: UUID) -> list[queries.Questioned]:
    """What the page asks the person about."""
    with house.db.read(valley.id) as tx:
        return queries.questioned(tx, valley.id, [who, None], FIGURES, clock.now())


def test_an_undo_gives_back_what_the_press_took_with_evidence_of_its_own(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    burst(house, valley, client)
    who = contact(house, valley)
    (asked,) = questioned(house, valley, who)
    assert asked.programs == (OFFERS,)
    assert undo(house, valley, who, asked.id)
    assert may(systems)
    newest = systems.history(ADA, "email")[0]
    assert (newest["type"], newest["data"]["undoes"], newest["facts"]["ip"]) == (
        "consent.renewed",
        str(asked.id),
        "203.0.113.77",
    )
    assert newest["data"]["wordings"][0][:2] == [OFFERS, "en"]
    assert questioned(house, valley, who) == []
    assert not undo(house, valley, who, asked.id)


def test_nobody_undoes_for_somebody_else(house: House, valley: Tenant, client: FlaskClient, systems: Systems) -> None:
    burst(house, valley, client)
    (asked,) = questioned(house, valley, contact(house, valley))
    assert not undo(house, valley, contact(house, valley, "person-0@people.example"), asked.id)
    assert not may(systems)


def test_after_the_grace_period_nothing_is_asked_and_nothing_undone(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems, time: Time
) -> None:
    burst(house, valley, client)
    who = contact(house, valley)
    (asked,) = questioned(house, valley, who)
    time.go(days=15)
    assert questioned(house, valley, who) == []
    assert not undo(house, valley, who, asked.id)
    assert not may(systems)


def test_what_was_refused_since_by_the_person_is_not_undone(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems
) -> None:
    burst(house, valley, client)
    who = contact(house, valley)
    (asked,) = questioned(house, valley, who)
    systems.consent(OFFERS, channel="email", address=ADA, state="withdrawn", occurred_at=clock.now().isoformat())
    assert not undo(house, valley, who, asked.id)
    assert not may(systems)


def test_after_a_day_no_press_can_be_told_by_mail_or_network(
    house: House, valley: Tenant, client: FlaskClient, time: Time
) -> None:
    burst(house, valley, client)
    time.go(days=2)
    jobs.forget(house.db, valley.id, clock.now())
    assert set(rows(house, valley, "SELECT mail_tag, network_tag FROM unsubscription")) == {(None, None)}


def test_the_page_asks_whether_it_was_the_person_and_one_press_undoes_it(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "shipped", lambda: FIGURES)
    burst(house, valley, client)
    visitor = Visitor(client, house, valley)
    visitor.come_in(ADA)
    page = visitor.get("").get_data(as_text=True)
    assert "Was it you?" in page
    found = re.search(r'name="press" value="([^"]+)"', page)
    assert found is not None
    data = {"csrf": visitor.csrf(), "press": found[1]}
    answer = client.post(f"/{valley.slug}/unsubscribe/undo", data=data, base_url=PUBLIC_URL)
    assert answer.headers["Location"].endswith("/preferences")
    assert may(systems)
    assert "Was it you?" not in visitor.get("").get_data(as_text=True)


def test_without_a_code_nothing_is_undone(house: House, valley: Tenant, client: FlaskClient, systems: Systems) -> None:
    burst(house, valley, client)
    visitor = Visitor(client, house, valley)
    (asked,) = questioned(house, valley, contact(house, valley))
    data = {"csrf": visitor.csrf(), "press": str(asked.id)}
    answer = client.post(f"/{valley.slug}/unsubscribe/undo", data=data, base_url=PUBLIC_URL)
    assert answer.headers["Location"].endswith("/preferences/code")
    assert not may(systems)


def switched_back(house: House, valley: Tenant, client: FlaskClient) -> str:
    """A scanner pressed in a burst by the mail program's way, and Ada took hers back; returns the token of her mail."""
    sent = token(house, valley)
    for n in range(2):
        press(client, valley, token(house, valley, f"person-{n}@people.example"))
    press(client, valley, sent)
    assert jobs.notice(house.db, house.keyring, valley.id, FIGURES, clock.now()) == 3
    (asked,) = questioned(house, valley, contact(house, valley))
    assert undo(house, valley, contact(house, valley), asked.id)
    return sent


def test_a_machine_that_presses_again_what_the_person_took_back_ends_nothing_and_is_on_record_once(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems, time: Time
) -> None:
    sent = switched_back(house, valley, client)
    time.go(hours=30)
    jobs.forget(house.db, valley.id, clock.now())
    for _ in range(3):
        assert press(client, valley, sent).status_code == 200
        time.go(minutes=1)
    assert may(systems)
    newest, before = systems.history(ADA, "email")[:2]
    assert (newest["type"], newest["data"]["reason"]) == ("consent.questioned", "repeat")
    assert before["type"] == "consent.renewed"


@pytest.mark.parametrize("other", ["form", "network", "mail", "grace"])
def test_whatever_may_be_the_person_s_own_no_counts_after_an_undo(
    other: str, house: House, valley: Tenant, client: FlaskClient, systems: Systems, time: Time
) -> None:
    sent = switched_back(house, valley, client)
    time.go(days=15 if other == "grace" else 1)
    if other == "mail":
        sent = token(house, valley)  # the same program and reference, sent a day later
    data = {"unsubscribe": "1"} if other == "form" else ONE_CLICK
    press(client, valley, sent, data, "198.51.100.7" if other == "network" else CALLER)
    assert not may(systems)


def test_without_an_undo_a_second_press_after_a_new_consent_counts(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems, time: Time
) -> None:
    sent = token(house, valley)
    press(client, valley, sent)
    time.go(minutes=5)
    systems.consent(OFFERS, channel="email", address=ADA, occurred_at=clock.now().isoformat())
    time.go(minutes=5)
    press(client, valley, sent)
    assert not may(systems)


def test_presses_of_one_burst_are_seen_together_with_their_mail(
    house: House, valley: Tenant, client: FlaskClient
) -> None:
    burst(house, valley, client)
    with house.db.read(valley.id) as tx:
        (seen,) = queries.seen(tx, valley.id, FIGURES)
    assert (seen.people, seen.undone, seen.programs, seen.why) == (3, 0, (OFFERS,), "one-mail")
    assert seen.mail_of is not None


def test_staff_see_bursts_and_have_no_button_to_undo_them(
    house: House, valley: Tenant, client: FlaskClient, time: Time
) -> None:
    burst(house, valley, client)
    clerk = staff.member(house, valley.id, time.now(), Role.CLERK).client(client.application)
    page = clerk.get("/staff/revocations").get_data(as_text=True)
    assert "Ended in bursts" in page
    assert "3 people" in page
    assert "All by one mail, of November 21, 2026" in page
    assert "/undo" not in page
    assert "people.example" not in page
