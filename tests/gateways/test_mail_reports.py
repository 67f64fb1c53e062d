"""Delivery reports and complaints as other servers write them: the kind, a number, our token, and nothing else."""

import pytest

from consent.gateways.email.reports import Kind, read
from tests.support.reports import bounce, complaint

TOKEN = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst"


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2 (no such domain)", "5.2.1", "5.4.4", "5.0.0"])
def test_a_failure_for_good_is_a_bounce(status: str) -> None:
    report = read(bounce(TOKEN, status=status))
    assert (report.kind, report.code) == (Kind.BOUNCE, status[:5])
    assert TOKEN in report.named


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "4.2.2"},
        {"status": "5.2.2"},
        {"status": "5.7.1"},
        {"action": "delayed", "status": "4.4.1"},
        {"action": "delivered", "status": "2.0.0"},
        {"action": "relayed", "status": "5.1.1"},
        {"status": "5.0.0", "diagnostic": "smtp; 552 5.2.2 mailbox full"},
        {"status": ""},
        {"status": "garbage"},
    ],
)
def test_a_soft_failure_is_nothing(changes: dict[str, str]) -> None:
    assert read(bounce(TOKEN, **changes)).kind is Kind.NOTHING


def test_the_servers_own_words_count_where_the_status_says_no_more() -> None:
    assert read(bounce(TOKEN, status="5.0.0", diagnostic="smtp; 550 5.1.1 who?")).code == "5.1.1"


@pytest.mark.parametrize("quoted", ["message/rfc822", "text/rfc822-headers"])
def test_the_token_stands_in_what_is_quoted(quoted: str) -> None:
    assert TOKEN in read(bounce(TOKEN, returned_to="postmaster@mail.example", quoted=quoted)).named


def test_the_token_stands_in_the_address_it_came_back_to() -> None:
    report = read(bounce("x" * 52, returned_to=f"back+{TOKEN}@mail.example", quoted=""))
    assert TOKEN in report.named


def test_no_address_of_the_report_is_named() -> None:
    assert "ana" not in read(bounce(TOKEN)).named


@pytest.mark.parametrize("kind", ["abuse", "Fraud", "other", "opt-out"])
def test_a_complaint_is_one(kind: str) -> None:
    report = read(complaint(TOKEN, kind))
    assert (report.kind, report.code) == (Kind.COMPLAINT, kind.lower())
    assert TOKEN in report.named


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus", ""])
def test_what_no_person_complains_of_is_nothing(kind: str) -> None:
    assert read(complaint(TOKEN, kind)).kind is Kind.NOTHING


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x00\xff" * 1000,
        b"Subject: I am away\r\n\r\nBack on Monday\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nno parts",
        b"Content-Type: multipart/report; boundary=\r\n\r\n--\r\n\r\n",
        b"Content-Type: text/plain\r\n\r\n" + bounce(TOKEN),
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
        bounce(TOKEN)[:400],
    ],
    ids=range(8),
)
def test_whatever_else_comes_is_nothing(hostile: bytes) -> None:
    assert read(hostile).kind is Kind.NOTHING
