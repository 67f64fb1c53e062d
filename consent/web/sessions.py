"""Cookie sessions for pages; programs have none, so their requests pay for none."""

from typing import Any

from flask import Flask, Request
from flask.sessions import NullSession, SecureCookieSessionInterface, SessionMixin

from consent.web.problems import FOR_PROGRAMS


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookies, except at the doors where programs stand."""

    def __init__(self) -> None:
        self._of_secret: tuple[Any, Any] | None = None

    def open_session(self, app: Flask, request: Request) -> Any:
        """The session of a person, or one that holds nothing and refuses to be written."""
        if request.environ.get("PATH_INFO", "").startswith(FOR_PROGRAMS):
            return _NOTHING
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> Any:
        """The one of this secret: made once, for it costs as much as reading a session."""
        known = self._of_secret
        if known is None or known[0] != app.secret_key:
            known = self._of_secret = app.secret_key, super().get_signing_serializer(app)
        return known[1]

    def is_null_session(self, obj: SessionMixin) -> bool:  # type: ignore[override]
        """Whether there is nothing to save."""
        return obj is _NOTHING or isinstance(obj, NullSession)


_NOTHING = NullSession()
