"""A mail to somebody of the house: a sentence, a list, and the page where to go on. Nothing about a person is in it."""

import html
from collections.abc import Sequence

from consent.outbox.mail import Mail
from consent.subjects.addresses import Address, BadAddress, Kind, canonical


def mailbox(address: str) -> Address | None:
    """The mailbox of this address; None for one that takes no mail."""
    try:
        found = canonical("email", address, None)
    except BadAddress:
        return None
    return found if found.kind is Kind.EMAIL else None


def letter(language: str, subject: str, introduction: str, lines: Sequence[str], url: str, closing: str = "") -> Mail:
    """The mail, as text and as a page; every word of it is in that language already."""
    text = "\n".join((introduction, "", *(f"- {one}" for one in lines), "", *([closing] if closing else []), url, ""))
    items = "".join(f"<li>{html.escape(one)}</li>" for one in lines)
    link = html.escape(url)
    body = f"<p>{html.escape(introduction)}</p><ul>{items}</ul>"
    body += f'<p>{html.escape(f"{closing} " if closing else "")}<a href="{link}">{link}</a></p>'
    head = f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(subject)}</title>'
    return Mail(subject, text, f"{head}</head><body>{body}</body></html>")
