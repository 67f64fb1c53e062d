"""A mail as bytes: text and HTML beside each other, attachments behind them, headers that machines understand."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from consent.gateways.email.base import Mail, Parcel, Sender

# Base64 and quoted-printable instead of eight bits: no server on the way has to change it, and signatures stay whole.
_PLAIN, _WIDE = SMTP.clone(cte_type="7bit"), SMTPUTF8.clone(cte_type="7bit")


def compose(mail: Mail, sender: Sender, to: str, token: str, at: datetime, *, back: str = "") -> Parcel:
    """The mail, ready to be handed over. The same `token` gives the same Message-ID, so that a repeat is recognised.

    `back` is the token of the address that it comes back to; `token` stands there, too, where none is given.
    """
    message = EmailMessage(policy=_PLAIN if to.isascii() else _WIDE)
    message["From"] = _person(sender.address, sender.name)
    message["To"] = _person(to)
    if sender.reply_to is not None:
        message["Reply-To"] = _person(sender.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers it
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for one in mail.attachments:
        main, _, sub = one.media_type.partition("/")
        message.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    message_id = f"<{token}@{sender.address.rpartition('@')[2]}>"
    return Parcel(_return_path(sender, back or token), to, _ahead(mail, message_id) + message.as_bytes(), message_id)


def _ahead(mail: Mail, message_id: str) -> bytes:
    """Headers written by hand: the library breaks what is longer than a line into pieces that few programs read."""
    lines = [f"Message-ID: {message_id}"]
    if mail.unsubscribe_url is not None:
        lines += [
            f"List-Unsubscribe: <{mail.unsubscribe_url}>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",  # RFC 8058, section 3.1
        ]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _return_path(sender: Sender, token: str) -> str:
    if sender.returns_to is None:
        return sender.address
    name, _, domain = sender.returns_to.rpartition("@")
    return f"{name}+{token}@{domain}"


def _person(address: str, name: str = "") -> Address:
    username, _, domain = address.rpartition("@")
    return Address(name, username, domain)
