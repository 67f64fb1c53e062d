"""Mail leaves the house: to a real server, once, only while it may, and what cannot arrive is not tried again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from consent import clock
from consent.db import Sql
from consent.gateways.email.file import recent
from consent.house import House
from consent.outbox import service as outbox
from consent.outbox import tokens
from consent.outbox.mail import Mail
from consent.outbox.pages import MAILS
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.support.mail_server import Server, serving
from tests.support.mailing import ANA, NEWS, Post, add_account
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import Tenant

SERVICE = {"program": "service-email", "message_class": "invoice"}
ASKED = {**SERVICE, "channel": "email", "address": ANA}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server()) as one:
        yield one


@pytest.fixture
def post(house: House, valley: Tenant, server: Server, now: datetime) -> Post:
    add_account(house, valley, server, now)
    return Post(house, valley)


def test_a_mail_to_a_stranger_leaves_and_puts_nobody_on_record(house: House, server: Server, post: Post) -> None:
    job = post.write(known=False, kind="mail.code")
    post.deliver()
    assert post.stands(job) == ("sent", None)
    assert [to for _, to, _ in server.taken] == [ANA]
    with house.db.read(post.tenant.id) as tx:
        assert tx.all(Sql("SELECT 1 FROM contact_point WHERE organization_id = :org"), {"org": post.tenant.id}) == []
        logged = tx.all(Sql("SELECT tag64 FROM message_log WHERE organization_id = :org"), {"org": post.tenant.id})
    assert logged == [(subjects.tagged(house.keyring, post.tenant.id, canonical("email", ANA)).tag64,)]
    assert post.events("message.sent") == []


def test_what_waits_is_sealed(house: House, post: Post) -> None:
    post.write(known=False)
    with house.db.read(post.tenant.id) as tx:
        (row,) = tx.all(Sql("SELECT payload FROM job WHERE organization_id = :org"), {"org": post.tenant.id})
    assert not any(word in bytes(row[0]) for word in (b"example.com", b"News of the house"))


@pytest.mark.parametrize("answer", ["250 OK", "550 5.1.1 nobody", "554 no"])
def test_nothing_is_kept_of_what_went_to_a_stranger(house: House, server: Server, post: Post, answer: str) -> None:
    server.says("rcpt", answer)
    job = post.write(known=False, kind="mail.code")
    post.deliver()
    with house.db.read(post.tenant.id) as tx:
        (row,) = tx.all(Sql("SELECT payload FROM job WHERE organization_id = :org"), {"org": post.tenant.id})
    assert bytes(row[0]) == b""
    assert not house.db.write(lambda tx: outbox.revive(tx, post.tenant.id, job, clock.now()), post.tenant.id)


def test_what_left_stands_in_the_ledger_of_whom_it_went_to(post: Post) -> None:
    job = post.write(**SERVICE)
    post.deliver()
    (event,) = post.events("message.sent")
    assert (event["kind"], event["job"]) == ("mail.news", str(job))


def test_a_mail_is_tried_again_under_the_same_id_after_a_4xx(server: Server, post: Post, time: Time) -> None:
    server.says("data", "451 4.3.0 busy")
    job = post.write(**SERVICE)
    post.deliver()
    assert post.stands(job) == ("waiting", "smtp-451 4.3.0")
    time.go(seconds=3)
    post.deliver()
    assert post.stands(job) == ("sent", None)
    (message,) = server.messages
    token = message["Message-ID"].strip("<>").partition("@")[0]
    assert tokens.read(post.house.keyring, post.tenant.id, token, tokens.MESSAGE_ID) == job
    assert tokens.read(post.house.keyring, post.tenant.id, token) is None, "not the one by which it comes back"


def test_a_bounce_closes_the_address_and_what_waited_for_it(server: Server, post: Post, systems: Systems) -> None:
    server.says("rcpt", "550 5.1.1 no such user")
    job, waiting = post.write(**SERVICE), None
    waiting = post.write(unique_key="later", **SERVICE)
    post.deliver()
    assert post.stands(job) == ("refused", "smtp-550 5.1.1")
    assert post.stands(waiting)[0] in ("cancelled", "refused")
    assert [one["kind"] for one in post.events("number.reported")] == ["bounced"]
    assert codes(systems.decide(**ASKED)) == ["address-bounced"]
    assert server.taken == []


def test_an_answer_still_goes_to_an_address_that_bounced(server: Server, post: Post) -> None:
    server.says("rcpt", "550 5.1.1 no such user")
    post.write(**SERVICE)
    post.deliver()
    job = post.write(kind="mail.receipt")
    post.deliver()
    assert post.stands(job) == ("sent", None)


@pytest.mark.parametrize("answer", ["552 5.2.2 full", "550 5.7.1 policy", "554 no"])
def test_what_does_not_speak_of_the_address_closes_nothing(
    server: Server, post: Post, systems: Systems, answer: str
) -> None:
    server.says("data" if answer == "554 no" else "rcpt", answer)
    job = post.write(**SERVICE)
    post.deliver()
    assert post.stands(job)[0] == "dead"
    assert systems.may(**ASKED)


def test_three_soft_failures_close_nothing(server: Server, post: Post, systems: Systems, time: Time) -> None:
    server.says("rcpt", *["450 4.2.1 try later"] * 3)
    job = post.write(**SERVICE)
    for _ in range(4):
        post.deliver()
        time.go(minutes=10)
    assert post.stands(job) == ("sent", None)
    assert systems.may(**ASKED)


def test_a_server_that_is_gone_uses_up_no_attempt(
    house: House, valley: Tenant, now: datetime, time: Time, server: Server
) -> None:
    with serving(Server()) as gone:
        add_account(house, valley, gone, now)
    post = Post(house, valley)
    job = post.write(**SERVICE)
    for _ in range(outbox.ATTEMPTS + 2):
        post.deliver()
        time.go(minutes=6)
    assert post.stands(job) == ("waiting", "the server cannot be reached")
    add_account(house, valley, server, now + timedelta(days=1))
    post.deliver()
    assert post.stands(job) == ("sent", None)


def test_one_mail_that_cannot_be_composed_does_not_stop_the_others(
    server: Server, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consent.outbox.mail.refuse_what_no_header_holds", lambda mail: None)
    bad = post.write(words=Mail("Hi\nBcc: x@example.com", "t", "h"))
    good = post.write()
    post.deliver()
    assert post.stands(bad) == ("waiting", "ValueError")
    assert post.stands(good)[0] == "sent"


def test_a_withdrawal_takes_back_what_waits(post: Post, systems: Systems, server: Server) -> None:
    job = post.write(**SERVICE)
    letter = {"address": ANA, "channels": ["email"], "received_at": "2026-11-20T18:15:00Z", "how": "email"}
    assert systems.post("revocations", letter | {"entered_by": "Ana"}).status_code == 201
    post.deliver()
    assert (post.stands(job)[0], server.taken) == ("cancelled", [])


def test_a_mail_that_comes_too_late_is_not_sent(post: Post, server: Server, time: Time) -> None:
    job = post.write(kind="mail.code", known=False, expires_at=clock.now() + timedelta(minutes=10))
    time.go(minutes=11)
    post.deliver()
    assert (post.stands(job)[0], server.taken) == ("expired", [])


def test_a_mail_of_a_program_without_a_class_is_refused(post: Post, server: Server) -> None:
    job = post.write(program="service-email")
    post.deliver()
    assert (post.stands(job)[0], server.taken) == ("refused", [])


def test_in_development_mails_without_an_account_lie_in_a_file(house: House, valley: Tenant) -> None:
    post = Post(house, valley)
    job = post.write(words=NEWS)
    post.deliver()
    assert post.stands(job) == ("sent", None)
    (shown,) = recent(house.config.data_dir / MAILS)
    assert (shown["subject"], shown["recipient"]) == (NEWS.subject, ANA)


def test_in_production_mails_without_an_account_wait_untouched(
    house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(house.config), "production", property(lambda self: True))
    post = Post(house, valley)
    job = post.write()
    post.deliver()
    assert post.stands(job) == ("waiting", None)


def test_a_token_opens_for_its_organization_alone(house: House, valley: Tenant) -> None:
    job, other = UUID(int=7), UUID(int=8)
    token = tokens.make(house.keyring, valley.id, job)
    assert tokens.read(house.keyring, valley.id, token) == job
    assert tokens.read(house.keyring, other, token) is None
    changed = ("b" if token[0] == "a" else "a") + token[1:]
    assert tokens.read(house.keyring, valley.id, changed) is None
    assert tokens.found_in(f"<{token.upper()}@mail.example>") == [token]
