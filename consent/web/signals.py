"""What a browser says by itself: `Sec-GPC: 1`, the Global Privacy Control. Do Not Track is another header, not this."""

from flask import request


def refuses_sale() -> bool:
    """Does the browser of this request refuse sale and sharing? The specification knows the value 1 and no other."""
    return is_sent(request.environ.get("HTTP_SEC_GPC"))


def is_sent(value: str | None) -> bool:
    """Does this value of the header refuse?"""
    return value is not None and value.strip() == "1"
