"""Mail against a real server: what arrives, what is refused, what never leaves."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from consent.errors import BadInput, SetupProblem
from consent.gateways.email import Attachment, Mail, NotSent, Parcel, load, smtp
from consent.gateways.email.base import refuse_what_no_header_holds
from consent.gateways.email.composing import compose
from consent.gateways.email.smtp import Settings
from consent.gateways.email.statuses import is_dead_address
from tests.support.mail_server import HOST, PASSWORD, USER, Server, certificate, serving

AT = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
TOKEN = "a" * 52
UNSUBSCRIBE = f"https://consent.example/valley-smart-homes/unsubscribe/{'t' * 120}"
SENDER = {
    "from_address": "news@mail.valley.example",
    "from_name": "Vallée, «Maisons»",
    "reply_to": "help@valley.example",
    "returns_to": "back@mail.valley.example",
}
MAIL = Mail("Ihre Quittung – ça va?", "Grüße\n.a dot begins this line\n", "<p>Grüße</p>")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server()) as one:
        yield one


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[Server, dict[str, Any]]]:
    """A server that takes mail only over STARTTLS from who has signed in; and what an account needs for it."""
    context, trusted = certificate(tmp_path / "right", HOST)
    with serving(Server(), tls_context=context, require_starttls=True, auth_required=True) as one:
        yield (
            one,
            {
                "host": HOST,
                "port": one.port,
                "username": USER,
                "password": PASSWORD,
                "ca_file": str(trusted),
            },
        )


def parcel(settings: dict[str, Any], mail: Mail = MAIL, to: str = "ana@example.com") -> tuple[Any, Parcel]:
    mailer = load("smtp", SENDER | settings, "development")
    return mailer, compose(mail, mailer.sender, to, TOKEN, AT)


def send(settings: dict[str, Any], mail: Mail = MAIL, to: str = "ana@example.com") -> None:
    mailer, composed = parcel(settings, mail, to)
    mailer.send(composed)


def plain(server: Server) -> dict[str, Any]:
    return {"host": HOST, "port": server.port, "security": "none"}


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_what_arrives_is_what_was_written(server: Server) -> None:
    receipt = Attachment("reçu.json", "application/json", b'{"a": 1}')
    send(plain(server), Mail(MAIL.subject, MAIL.text, MAIL.html, (receipt,), UNSUBSCRIBE))
    (message,) = server.messages
    assert message["Subject"] == MAIL.subject
    assert body(message, "plain").replace("\r\n", "\n") == MAIL.text
    assert body(message, "html").strip() == MAIL.html
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        receipt.name,
        receipt.media_type,
        receipt.content,
    )


def test_its_headers_say_who_what_and_how_to_end_it(server: Server) -> None:
    send(plain(server), Mail(MAIL.subject, MAIL.text, MAIL.html, (), UNSUBSCRIBE))
    (returns_to, to, content), (message,) = server.taken[0], server.messages
    assert (returns_to, to) == (f"back+{TOKEN}@mail.valley.example", "ana@example.com")
    sender = message["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == (SENDER["from_name"], SENDER["from_address"])
    assert message["Reply-To"] == SENDER["reply_to"]
    assert message["Message-ID"] == f"<{TOKEN}@mail.valley.example>"
    assert message["Date"].datetime == AT
    assert message["Auto-Submitted"] == "auto-generated"
    assert f"List-Unsubscribe: <{UNSUBSCRIBE}>\r\n".encode() in content, "in one piece"
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content


def test_every_line_is_ascii_and_of_a_length_that_servers_take(server: Server) -> None:
    send(plain(server), Mail("ä" * 240, "ö" * 5000, "<p>" + "ü" * 5000 + "</p>", (), UNSUBSCRIBE))
    send(plain(server))
    content = server.taken[0][2]
    assert content.isascii()
    assert server.taken[1][2].isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert server.messages[0]["Subject"] == "ä" * 240


def test_a_mail_without_a_link_to_end_it_says_nothing_of_one(server: Server) -> None:
    send(plain(server))
    assert server.messages[0]["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("hostile", "field"),
    [
        (Mail("Hi\r\nBcc: all@example.com", "t", "h"), "subject"),
        (Mail("Hi\nthere", "t", "h"), "subject"),
        (Mail("Hi\x00", "t", "h"), "subject"),
        (Mail("Hi\u2028there", "t", "h"), "subject"),
        (Mail("x" * 100_000, "t", "h"), "subject"),
        (Mail("  ", "t", "h"), "subject"),
        (Mail("Hi", "t\x00", "h"), "text"),
        (Mail("Hi", "t", "\ud800"), "html"),
        (Mail("Hi", "t", "h", (), "https://a.example/\r\nBcc:"), "unsubscribe_url"),
        (Mail("Hi", "t", "h", (), "https://a.example/> <x"), "unsubscribe_url"),
        (Mail("Hi", "t", "h", (Attachment("a\r\nb", "text/plain", b""),)), "attachments"),
        (Mail("Hi", "t", "h", (Attachment("a", "text/plain", b"x" * 6_000_000),)), "attachments"),
    ],
    ids=range(12),
)
def test_s07_what_could_end_a_header_is_refused(hostile: Mail, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        refuse_what_no_header_holds(hostile)
    assert refused.value.field == field


def test_starttls_and_a_password(secured: tuple[Server, dict[str, Any]]) -> None:
    server, settings = secured
    send(settings | {"hello": "consent.valley.example"})
    assert (len(server.taken), server.signed_in) == (1, [USER])
    assert server.greeted_as[-1] == "consent.valley.example"


def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    context, trusted = certificate(tmp_path / "right", HOST)
    with serving(Server(), context) as server:
        send({"host": HOST, "port": server.port, "security": "tls", "ca_file": str(trusted)})
        assert len(server.taken) == 1


def failed(settings: dict[str, Any], to: str = "ana@example.com") -> NotSent:
    with pytest.raises(NotSent) as caught:
        send(settings, to=to)
    return caught.value


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["name", "issuer"])
def test_a_wrong_certificate_ends_it_before_a_word_is_said(tmp_path: Path, security: str, wrong: str) -> None:
    context, trusted = certificate(tmp_path / "server", "another.example" if wrong == "name" else HOST)
    if wrong == "issuer":
        _, trusted = certificate(tmp_path / "other", HOST)
    implicit: ssl.SSLContext | None = context if security == "tls" else None
    with serving(Server(), implicit, **({} if implicit else {"tls_context": context})) as server:
        settings = {"host": HOST, "port": server.port, "security": security, "ca_file": str(trusted)}
        error = failed(settings | {"username": USER, "password": PASSWORD})
        assert (error.code, error.account, error.retryable) == ("the server's certificate is not valid", True, True)
        assert (server.taken, server.signed_in) == ([], [])


def test_a_server_that_takes_starttls_back_gets_no_mail(server: Server) -> None:
    error = failed({"host": HOST, "port": server.port, "username": USER, "password": PASSWORD})
    assert (error.code, error.account) == ("the server offers no TLS or no way to sign in", True)
    assert (server.taken, server.signed_in) == ([], [])


def test_a_refused_password_is_the_accounts_fault(secured: tuple[Server, dict[str, Any]]) -> None:
    _server, settings = secured
    error = failed(settings | {"password": "another"})
    assert (error.code, error.account, error.bounced) == ("smtp-535: the server refused the password", True, False)


def test_a_server_that_is_gone_is_the_accounts_fault(server: Server) -> None:
    with serving(Server()) as gone:
        settings = plain(gone)
    error = failed(settings)
    assert (error.code, error.account, error.retryable) == ("the server cannot be reached", True, True)


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "ONE_STEP", 0.2)
    with socket.create_server((HOST, 0)) as silent:
        error = failed({"host": HOST, "port": silent.getsockname()[1], "security": "none"})
    assert (error.retryable, error.account) == (True, True)


def test_a_server_that_falls_silent_in_the_middle_uses_up_an_attempt(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "ONE_STEP", 0.5)
    server.says("data", "silence")
    error = failed(plain(server))
    assert (error.retryable, error.account, error.bounced) == (True, False, False)


@pytest.mark.parametrize(
    ("step", "answer", "code", "retryable", "bounced"),
    [
        ("mail", "451 4.3.0 later", "smtp-451 4.3.0", True, False),
        ("rcpt", "450 4.2.0 greylisted, ana@example.com", "smtp-450 4.2.0", True, False),
        ("data", "452 full", "smtp-452", True, False),
        ("mail", "550 who are you", "smtp-550", False, False),
        ("rcpt", "550 5.1.1 no such user ana@example.com", "smtp-550 5.1.1", False, True),
        ("rcpt", "550 no such user", "smtp-550", False, True),
        ("rcpt", "552 5.2.2 mailbox full", "smtp-552 5.2.2", False, False),
        ("rcpt", "550 5.7.1 your address is on a list", "smtp-550 5.7.1", False, False),
        ("data", "554 5.7.1 spam", "smtp-554 5.7.1", False, False),
    ],
)
def test_what_the_server_says_decides_what_follows(
    server: Server, step: str, answer: str, code: str, retryable: bool, bounced: bool
) -> None:
    server.says(step, answer)
    error = failed(plain(server))
    assert (error.code, error.retryable, error.bounced, error.account) == (code, retryable, bounced, False)
    assert "ana" not in repr(error)


def test_an_address_of_other_letters_goes_where_the_server_takes_it() -> None:
    with serving(Server(), enable_SMTPUTF8=False) as older:
        error = failed(plain(older), "josé@xn--bcher-kva.example")
    assert (error.code, error.retryable) == ("the server takes no such address (SMTPUTF8)", False)
    with serving(Server(), enable_SMTPUTF8=True) as modern:
        send(plain(modern), to="josé@xn--bcher-kva.example")
        assert modern.taken[0][1] == "josé@xn--bcher-kva.example"
        assert "To: josé@xn--bcher-kva.example\r\n".encode() in modern.taken[0][2]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"host": None}, "host"),
        ({"security": "maybe"}, "security"),
        ({"port": 0}, "port"),
        ({"from_address": "nobody"}, "from_address"),
        ({"from_address": "a\r\n@b.example"}, "from_address"),
        ({"from_name": "Valley\r\nBcc: x@example.com"}, "from_name"),
        ({"returns_to": "much-too-long-a-name@b.example"}, "returns_to"),
        ({"password": "alone"}, "password"),
        ({"username": USER, "password": "pässword"}, "password"),
        ({"username": USER, "password": PASSWORD, "security": "none"}, "security"),
        ({"security": "none"}, "security"),
        ({"ca_file": "/nowhere.pem"}, "ca_file"),
        ({"hosts": "x"}, "hosts"),
    ],
)
def test_settings_that_cannot_be_right_are_named(changes: dict[str, Any], field: str) -> None:
    given = {name: value for name, value in ({"host": "mail.example"} | SENDER | changes).items() if value is not None}
    with pytest.raises(SetupProblem) as refused:
        load("smtp", given, "production")
    assert refused.value.field == field
    assert PASSWORD not in refused.value.detail


def test_a_sender_of_other_letters_is_written_as_servers_look_it_up() -> None:
    mailer = load("smtp", SENDER | {"host": "mail.example", "from_address": "news@bücher.example"})
    assert mailer.sender.address == "news@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("status", "dead"),
    [
        *((one, True) for one in ("5.1.1", "5.1.10", "5.2.1", "5.4.4", "5.0.0")),
        *((one, False) for one in ("4.1.1", "5.2.2", "5.7.1", "5.1.8", "5.5.0", "15.1.1")),
    ],
)
def test_only_what_speaks_of_the_address_for_good_is_a_dead_address(status: str, dead: bool) -> None:
    assert is_dead_address(status) is dead


def test_its_settings_are_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "gateways" / "smtp.md").read_text()
    assert not [name for name in Settings().fields if f"`{name}`" not in page]
