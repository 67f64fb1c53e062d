"""Calls to a gateway's own API: one session, always a timeout, failures in our words."""

import json
from typing import Any

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from consent.gateways.sms.base import HttpResponse, HttpSession, SendFailed

# Seconds to connect and to wait for the answer.
TIMEOUT = (5.0, 15.0)


def new_session() -> HttpSession:
    """A session without retries of its own: trying again is for the jobs, which know what was sent."""
    return requests.Session()


def call(http: HttpSession, method: str, url: str, *, changes: bool, **options: Any) -> HttpResponse:
    """The gateway's answer, whatever its status. `changes`: a second call would do it twice."""
    try:
        answer: HttpResponse = http.request(method, url, timeout=TIMEOUT, allow_redirects=False, **options)
    # The causes' texts repeat the URL, which may hold a number: they are cut off.
    except requests.ConnectTimeout:
        raise SendFailed("connect-timeout", retryable=True) from None
    except requests.Timeout:
        raise SendFailed("timeout", retryable=not changes, maybe_sent=changes) from None
    except requests.ConnectionError as problem:
        unsent = _never_connected(problem)
        raise SendFailed("connection", retryable=unsent or not changes, maybe_sent=changes and not unsent) from None
    except requests.RequestException:
        raise SendFailed("call", retryable=not changes, maybe_sent=changes) from None
    return answer


def _never_connected(problem: requests.ConnectionError) -> bool:
    """Whether it failed before a byte of the request left."""
    if isinstance(problem, requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return True
    cause = problem.args[0] if problem.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def json_of(answer: HttpResponse) -> dict[str, Any]:
    """The JSON object in the answer, or an empty one."""
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def retry_after(answer: HttpResponse) -> float | None:
    """The seconds the gateway asks us to wait, as far as it gives them as a number."""
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) <= 6 else None
