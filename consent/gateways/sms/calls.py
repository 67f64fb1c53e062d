"""Calls to a gateway's own API: one session, always a timeout, failures in our words."""

import json
from collections.abc import Callable
from typing import Any

from consent.gateways.sms.base import HttpResponse, HttpSession, SendFailed

# Seconds to connect and to wait for the answer.
TIMEOUT = (5.0, 15.0)


class _Session:
    """A session that is made, and its library loaded, with the first call: most processes never call anybody."""

    def __init__(self) -> None:
        self._call: Callable[..., Any] | None = None

    @property
    def request(self) -> Callable[..., Any]:
        if self._call is None:
            import requests

            self._call = requests.Session().request
        return self._call


def new_session() -> HttpSession:
    """A session without retries of its own: trying again is for the jobs, which know what was sent."""
    return _Session()


def call(http: HttpSession, method: str, url: str, *, changes: bool, **options: Any) -> HttpResponse:
    """The gateway's answer, whatever its status. `changes`: a second call would do it twice."""
    try:
        answer: HttpResponse = http.request(method, url, timeout=TIMEOUT, allow_redirects=False, **options)
    except OSError as problem:  # as every failure of requests is
        failed = _failed(problem, changes=changes)
        if failed is None:
            raise
        # The causes' texts repeat the URL, which may hold a number: they are cut off.
        raise failed from None
    return answer


def _failed(problem: OSError, *, changes: bool) -> SendFailed | None:
    """What a failure of requests means for us; None for any other."""
    import requests

    if isinstance(problem, requests.ConnectTimeout):
        return SendFailed("connect-timeout", retryable=True)
    if isinstance(problem, requests.Timeout):
        return SendFailed("timeout", retryable=not changes, maybe_sent=changes)
    if isinstance(problem, requests.ConnectionError):
        unsent = _never_connected(problem)
        return SendFailed("connection", retryable=unsent or not changes, maybe_sent=changes and not unsent)
    if isinstance(problem, requests.RequestException):
        return SendFailed("call", retryable=not changes, maybe_sent=changes)
    return None


def _never_connected(problem: OSError) -> bool:
    """Whether it failed before a byte of the request left."""
    from requests.exceptions import ProxyError, SSLError
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    if isinstance(problem, SSLError | ProxyError):
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


def failure(answer: HttpResponse, code: str | None = None) -> SendFailed:
    """What an answer that is neither yes nor a refusal of this message means: 429 and 5xx may be tried again."""
    status = answer.status_code
    retryable = status == 429 or status >= 500
    return SendFailed(code or f"http-{status}", retryable=retryable, retry_after=retry_after(answer))
