"""Cookie sessions for pages; programs have none, so their requests pay for none."""

import hmac
import json
from typing import Any

from flask import Flask, Request
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import NullSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from itsdangerous.signer import SigningAlgorithm

from consent.web.problems import FOR_PROGRAMS


class _Json(TaggedJSONSerializer):
    """Flask's JSON of sessions: what JSON does not know is an object with one key, which begins with a blank."""

    def loads(self, value: str) -> Any:
        """The value; looked through for such objects only where there can be one."""
        return super().loads(value) if '{" ' in value else json.loads(value)

    def dumps(self, value: Any) -> str:
        """The text; what JSON knows by itself is not asked value by value whether it needs a mark."""
        return json.dumps(value, separators=(",", ":")) if _is_plain(value) else super().dumps(value)


def _is_plain(value: Any) -> bool:
    """Does JSON give this back as it was, and nothing in it looks like a mark? Subclasses may mean something else."""
    kind = type(value)
    if kind is dict:
        return all(type(key) is str and key[:1] != " " and _is_plain(one) for key, one in value.items())
    if kind is list:
        return all(_is_plain(one) for one in value)
    return value is None or kind in _PLAIN


_PLAIN = frozenset({str, int, float, bool})


class _Sha1(SigningAlgorithm):
    """HMAC with SHA-1, as Flask signs its cookies, in one call instead of an object for each cookie."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The signature of these bytes."""
        return hmac.digest(key, value, "sha1")


class _Signer(TimestampSigner):
    """Derives each key once: deriving took longer than signing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys: dict[bytes, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """The key behind one of the secrets, the newest unless told otherwise."""
        secret = self.secret_keys[-1] if secret_key is None else secret_key
        secret = secret.encode() if isinstance(secret, str) else secret
        known = self._keys.get(secret)
        if known is None:
            known = self._keys[secret] = super().derive_key(secret)
        return known


class _Serializer(URLSafeTimedSerializer):
    """Has one signer, for all cookies."""

    _made: _Signer | None = None

    def make_signer(self, salt: str | bytes | None = None) -> TimestampSigner:
        """The one of its own salt."""
        if salt is not None and salt != self.salt:
            return _Signer(self.secret_keys, salt=salt, **self.signer_kwargs)
        if self._made is None:
            self._made = _Signer(self.secret_keys, salt=self.salt, **self.signer_kwargs)
        return self._made


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookies, except at the doors where programs stand."""

    serializer = _Json()

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
            known = self._of_secret = app.secret_key, self._made(app)
        return known[1]

    def _made(self, app: Flask) -> Any:
        if not app.secret_key:
            return None
        return _Serializer(
            [*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key],
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={"key_derivation": self.key_derivation, "algorithm": _Sha1()},
        )

    def is_null_session(self, obj: SessionMixin) -> bool:  # type: ignore[override]
        """Whether there is nothing to save."""
        return obj is _NOTHING or isinstance(obj, NullSession)


_NOTHING = NullSession()
