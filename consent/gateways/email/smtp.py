"""SMTP (RFC 5321): one server that takes every mail of the organization, over TLS whose certificate is checked."""

import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from consent.errors import SetupProblem
from consent.gateways.email import statuses
from consent.gateways.email.base import NotSent, Parcel
from consent.gateways.email.senders import SenderSettings, sender_of
from consent.gateways.sms.settings import secret

PORTS = {"starttls": 587, "tls": 465, "none": 25}  # RFC 6409, RFC 8314, RFC 5321
LOOPBACK = ("localhost", "127.0.0.1", "::1")
ONE_STEP = 15.0  # seconds for one word of the server
ALL_STEPS = 40.0  # seconds from the first to the last: the lease of the job must outlast them


class Settings(SenderSettings):
    """Where the server is, how it is spoken to, and who signs in."""

    host = fields.String(required=True, validate=validate.Length(min=1, max=253))
    port = fields.Integer(validate=validate.Range(min=1, max=65535))
    security = fields.String(load_default="starttls", validate=validate.OneOf(tuple(PORTS)))
    username = fields.String(validate=validate.Length(min=1, max=256))
    password = secret()
    hello = fields.String(validate=validate.Length(min=1, max=253))
    ca_file = fields.String(validate=validate.Length(min=1, max=4096))

    @validates_schema
    def sign_in_whole_and_hidden(self, data: Mapping[str, Any], **_: Any) -> None:
        """A name and a password belong together, and no password goes over a line that anybody may read."""
        if ("username" in data) != ("password" in data):
            raise ValidationError("username and password belong together.", field_name="password")
        if "password" in data and not (data["username"] + data["password"]).isascii():
            raise ValidationError("Only ASCII can be sent to sign in.", field_name="password")
        if "password" in data and data["security"] == "none":
            raise ValidationError("A password is sent over TLS only: starttls or tls.", field_name="security")


class Smtp:
    """A mail account; each mail has a connection of its own."""

    name: ClassVar[str] = "smtp"
    Settings = Settings

    def __init__(self, settings: Mapping[str, Any], env: str = "production") -> None:
        self.sender = sender_of(settings)
        self._host, self._security = settings["host"], settings["security"]
        self._port = settings.get("port", PORTS[self._security])
        self._sign_in = (settings["username"], settings["password"]) if "password" in settings else None
        self._hello = settings.get("hello", self.sender.address.rpartition("@")[2])
        if env != "development" and self._security == "none" and self._host not in LOOPBACK:
            raise SetupProblem("Gateway smtp, setting security: without TLS only to this machine.", field="security")
        self._context = _context(settings.get("ca_file"))

    def send(self, parcel: Parcel) -> None:
        """The server has taken the mail over. Raises NotSent."""
        until = time.monotonic() + ALL_STEPS
        connection = self._connected(until)
        try:
            self._hand_over(connection, parcel, until)
        finally:
            connection.close()  # not quit(): whatever the server still had to say changes nothing

    def _connected(self, until: float) -> smtplib.SMTP:
        """A connection that is encrypted and signed in, as the account says."""
        connection: smtplib.SMTP | None = None
        try:
            if self._security == "tls":
                connection = smtplib.SMTP_SSL(
                    self._host, self._port, self._hello, timeout=ONE_STEP, context=self._context
                )
            else:
                connection = smtplib.SMTP(self._host, self._port, self._hello, timeout=ONE_STEP)
            if self._security == "starttls":
                _step(connection, until)
                connection.starttls(context=self._context)
            if self._sign_in is not None:
                _step(connection, until)
                connection.login(*self._sign_in)
            _step(connection, until)
            connection.ehlo_or_helo_if_needed()
        except Exception as error:
            if connection is not None:
                connection.close()
            raise _account_problem(error) from None
        return connection

    def _hand_over(self, connection: smtplib.SMTP, parcel: Parcel, until: float) -> None:
        options = []
        if not parcel.to.isascii():
            if not connection.has_extn("smtputf8"):  # RFC 6531: the name before the @ is not ASCII
                raise NotSent("the server takes no such address (SMTPUTF8)")
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        _said(connection, until, lambda: connection.mail(parcel.returns_to, options))
        _said(connection, until, lambda: connection.rcpt(parcel.to), recipient=True)
        _said(connection, until, lambda: connection.data(parcel.content))


def _said(
    connection: smtplib.SMTP, until: float, speak: Callable[[], tuple[int, bytes]], *, recipient: bool = False
) -> None:
    """The server agreed. Raises NotSent: 4xx may be tried again, 5xx to the recipient's address is a bounce."""
    try:
        _step(connection, until)
        code, text = speak()
    except smtplib.SMTPDataError as error:
        code, text = error.smtp_code, _bytes(error.smtp_error)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # In the middle of a mail: it may be this mail that the server cannot bear, so its attempts are counted.
        raise NotSent(_account_problem(error).code, retryable=True) from None
    if 200 <= code < 300:
        return
    status = statuses.enhanced(text.decode("utf-8", "replace"))
    word = f"smtp-{code}" if status is None else f"smtp-{code} {status}"
    if not 500 <= code < 600:
        raise NotSent(word, retryable=True)
    raise NotSent(word, bounced=recipient and (status is None or statuses.is_dead_address(status)))


def _account_problem(error: Exception) -> NotSent:
    """Why no mail of this account leaves now, in a word; the server's own words may hold names and are left out."""
    if isinstance(error, ssl.SSLCertVerificationError):
        word = "the server's certificate is not valid"
    elif isinstance(error, ssl.SSLError):
        word = "no TLS with this server"
    elif isinstance(error, smtplib.SMTPAuthenticationError):
        word = f"smtp-{error.smtp_code}: the server refused the password"
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        word = "the server offers no TLS or no way to sign in"
    elif isinstance(error, TimeoutError):
        word = "the server did not answer in time"
    elif isinstance(error, smtplib.SMTPResponseException):
        word = f"smtp-{error.smtp_code}"
    else:
        word = "the server cannot be reached"
    return NotSent(word, retryable=True, account=True)


def _step(connection: smtplib.SMTP, until: float) -> None:
    """The next word may take what is left of the whole time, and no longer than one word."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    if connection.sock is not None:
        connection.sock.settimeout(min(left, ONE_STEP))


def _context(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError):
        raise SetupProblem("Gateway smtp, setting ca_file: the file holds no certificates.", field="ca_file") from None


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")
