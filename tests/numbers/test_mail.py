"""Bounces and complaints that come back: believed by our token alone, on record once, and the gate knows them."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from consent.cli import main
from consent.house import House
from consent.outbox import tokens
from consent.preferences import rebuild
from tests.conftest import FOUNDED
from tests.support.mailing import ANA, Post
from tests.support.organizations import found_shipped
from tests.support.reports import bounce, complaint
from tests.support.systems import Systems, codes
from tests.support.time import Time

Receive = Callable[..., Result]
NEWS: dict[str, Any] = {"program": "newsletter", "message_class": "newsletter"}
ASKED: dict[str, Any] = {**NEWS, "channel": "email", "address": ANA}


@pytest.fixture
def receive(house: House, monkeypatch: pytest.MonkeyPatch) -> Receive:
    """`consent email receive`, fed with a report."""
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)

    def run(report: bytes, *options: str) -> Result:
        back = re.search(rb"^To: (back\+\S+)", report, re.MULTILINE)
        to = ("--to", back[1].decode()) if back is not None and "--to" not in options else ()
        return CliRunner().invoke(main, ["email", "receive", *to, *options], input=report)

    return run


@pytest.fixture
def systems(house: House, client: FlaskClient, time: Time) -> Systems:
    """Smartt, whose newsletter Ana has signed up for."""
    systems = Systems(client, found_shipped(house, "smartt", FOUNDED))
    agree(systems)
    return systems


def agree(systems: Systems, **more: Any) -> None:
    """Ana signs up, at the form."""
    words = "I agree to get the newsletter by e-mail. I may end it at any time."
    systems.consent(
        **{"program": "newsletter", "channel": "email", "address": ANA, "wording": {"text": words, "language": "en"}}
        | more
    )


@pytest.fixture
def post(house: House, systems: Systems) -> Post:
    return Post(house, systems.tenant)


def sent(post: Post, **more: Any) -> tuple[UUID, str]:
    """A mail that left, and its token."""
    job = post.write(**(NEWS | more))
    post.deliver()
    assert post.stands(job) == ("sent", None)
    return job, tokens.make(post.house.keyring, post.tenant.id, job)


def test_news_that_nobody_agreed_to_are_refused_right_before_they_leave(post: Post) -> None:
    job = post.write(to="bo@example.com", **NEWS)
    post.deliver()
    assert post.stands(job) == ("refused", "not allowed any more")


def test_a_bounce_ends_what_goes_by_mail(receive: Receive, post: Post, systems: Systems, house: House) -> None:
    job, token = sent(post)
    waiting = post.write(**NEWS)
    done = receive(bounce(token))
    assert (done.exit_code, done.output) == (0, "A bounce, on record.\n")
    (event,) = post.events("number.reported")
    assert (event["kind"], event["code"], event["job"]) == ("bounced", "5.1.1", str(job))
    assert codes(systems.decide(**ASKED)) == ["address-bounced"]
    assert post.stands(waiting)[0] == "cancelled"
    with house.db.read(post.tenant.id) as tx:
        assert list(rebuild.check(tx, post.tenant.id)) == []


def test_who_agrees_anew_is_written_to_again(receive: Receive, post: Post, systems: Systems, time: Time) -> None:
    _, token = sent(post)
    receive(bounce(token))
    agree(systems, occurred_at=time.now().isoformat())
    assert systems.may(**ASKED)
    assert receive(bounce(token)).output == "A bounce that changes nothing.\n", "the same bounce, come again"
    assert systems.may(**ASKED)
    _, another = sent(post)
    assert receive(bounce(another)).output == "A bounce, on record.\n", "the mail after it bounced, too"
    assert not systems.may(**ASKED)


def test_a_complaint_is_a_stop_to_mail(receive: Receive, post: Post, systems: Systems, time: Time) -> None:
    job, _ = sent(post)
    token = tokens.make(post.house.keyring, post.tenant.id, job, tokens.MESSAGE_ID)
    for said in ("A complaint, on record.\n", "A complaint that changes nothing.\n"):
        assert receive(complaint(token)).output == said
    assert codes(systems.decide(**ASKED))[0] == "suppressed"
    (event,) = post.events("suppression.set")
    assert (event["reason"], event["scope"]) == ("complaint", "channel")
    agree(systems, occurred_at=time.now().isoformat())
    assert systems.may(**ASKED)


def test_an_address_in_the_body_alone_closes_nothing(receive: Receive, post: Post, systems: Systems) -> None:
    sent(post)
    forged = "a" * 52
    assert receive(bounce(forged, about=ANA)).output == "A bounce that changes nothing.\n"
    assert receive(complaint(forged, about=ANA)).output == "A complaint that changes nothing.\n"
    assert systems.may(**ASKED)


def test_a_bounce_closes_the_address_of_our_own_record_whoever_the_report_names(
    receive: Receive, post: Post, systems: Systems
) -> None:
    _, token = sent(post)
    agree(systems, address="bo@example.com")
    receive(bounce(token, about="bo@example.com"))
    assert systems.may(**{**ASKED, "address": "bo@example.com"})
    assert not systems.may(**ASKED)


def test_the_address_it_came_back_to_may_come_from_the_mail_server(receive: Receive, post: Post) -> None:
    _, token = sent(post)
    report = bounce("x" * 52, returned_to="postmaster@mail.example", quoted="")
    assert receive(report, "--to", f"back+{token.upper()}@mail.example").output == "A bounce, on record.\n"


def test_what_a_forwarded_mail_shows_closes_nothing_however_a_bounce_quotes_it(
    receive: Receive, post: Post, systems: Systems
) -> None:
    job, back = sent(post)
    seen = tokens.make(post.house.keyring, post.tenant.id, job, tokens.MESSAGE_ID)
    for forged in (
        receive(bounce(seen)),
        receive(bounce(seen), "--to", "bounces@mail.valley.example"),
        receive(bounce(back, returned_to="bounces@mail.valley.example"), "--to", ""),
    ):
        assert forged.exit_code == 0
        assert forged.output.startswith("A bounce that changes nothing.")
    assert "(--to) names no mail of ours" in forged.output
    assert post.events("number.reported") == []
    assert systems.may(**ASKED)


def test_a_code_to_a_stranger_that_bounces_puts_nobody_on_record(receive: Receive, post: Post) -> None:
    job = post.write(to="bo@example.com", known=False, kind="mail.code")
    post.deliver()
    assert receive(bounce(tokens.make(post.house.keyring, post.tenant.id, job))).exit_code == 0
    assert post.events("number.reported") == []


def test_soft_failures_and_other_mail_are_left_alone(receive: Receive, post: Post, systems: Systems) -> None:
    _, token = sent(post)
    for report in (
        bounce(token, status="4.2.2"),
        bounce(token, status="5.2.2"),
        complaint(token, "not-spam"),
        b"Hello",
    ):
        assert receive(report).output == "Neither a bounce nor a complaint.\n"
    assert systems.may(**ASKED)


def test_nothing_quoted_is_kept(receive: Receive, post: Post, house: House) -> None:
    _, token = sent(post)
    receive(bounce(token, diagnostic="smtp; 550 5.1.1 <ana@example.com> lives in Rue Haute"))
    assert "Haute" not in str(post.events("number.reported"))


def test_while_the_database_is_away_the_mail_server_keeps_the_report(
    receive: Receive, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = sent(post)
    monkeypatch.setenv("CONSENT_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert receive(bounce(token)).exit_code == 75
