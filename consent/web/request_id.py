"""The one name of a request: in its log lines, in its X-Request-Id header, on its error page."""

from random import getrandbits

from flask import g


def request_id() -> str:
    """Sixteen random hexadecimal digits, made at first use; never the caller's: it could hold data.

    Nobody gains by guessing one, so no system call is made for it; a forked process draws others (`random` sees to it).
    """
    try:
        known: str = g.request_id
    except AttributeError:
        known = g.request_id = f"{getrandbits(64):016x}"
    except RuntimeError:  # outside of any application
        return "-"
    return known
