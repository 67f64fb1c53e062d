"""A mail server for tests: takes what it is given, says the number that was planned, keeps the bytes that arrived."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
USER, PASSWORD = "valley", "a password of the tests"


@dataclass
class Server:
    """What arrived, and what the server says next at each step instead of yes."""

    port: int = 0
    planned: dict[str, list[str]] = field(default_factory=dict)
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    greeted_as: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)

    def says(self, step: str, *answers: str) -> None:
        """The next answers at this step: mail, rcpt or data."""
        self.planned.setdefault(step, []).extend(answers)

    @property
    def messages(self) -> list[EmailMessage]:
        """What arrived, read as a mail program reads it."""
        return [message_from_bytes(content, _class=EmailMessage, policy=SMTPUTF8) for _, _, content in self.taken]

    def _next(self, step: str) -> str | None:
        return self.planned[step].pop(0) if self.planned.get(step) else None

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: Any) -> Any:
        """Who calls."""
        self.greeted_as.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:
        """From whom."""
        if (said := self._next("mail")) is not None:
            return said
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """To whom."""
        if (said := self._next("rcpt")) is not None:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """The mail itself."""
        said = self._next("data")
        if said == "silence":
            await asyncio.sleep(3)
        if said is not None:
            return said
        self.taken.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.original_content))
        return "250 OK"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        """One account, one password."""
        assert isinstance(data, LoginPassword)
        self.signed_in.append(data.login.decode())
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


@contextmanager
def serving(server: Server, context: ssl.SSLContext | None = None, **options: Any) -> Iterator[Server]:
    """The server answers on a port of this machine; with a `context` alone it speaks TLS from the first byte."""
    if "tls_context" in options:
        options |= {"authenticator": server.authenticate}
    with socket.create_server((HOST, 0)) as free:
        server.port = free.getsockname()[1]
    controller = Controller(server, HOST, server.port, ssl_context=context, **options)
    controller.start()
    try:
        yield server
    finally:
        controller.stop(no_assert=True)


def certificate(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """A certificate of these names that vouches for itself, and the file by which a client may trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of the tests")])
    now = datetime.now(UTC)
    alternatives: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(one)) if one[0].isdigit() else x509.DNSName(one) for one in names
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    public, private = folder / "server.pem", folder / "server.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    return context, public
