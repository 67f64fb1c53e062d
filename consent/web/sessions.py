"""Cookie sessions for pages; programs have none, so their requests pay for none."""

import hmac
import json
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import NullSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.signer import SigningAlgorithm
from werkzeug.http import dump_cookie

from consent.web.headers import vary
from consent.web.problems import FOR_PROGRAMS

# Bytes up to which a session is not compressed: random marks hardly get shorter, and a compressor takes longer to set
# up than all the rest of a cookie. A cookie has room for some 3,000.
SHORT = 1024


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
        for key in value:
            if type(key) is not str or key[:1] == " ":
                return False
        value = value.values()
    elif kind is not list:
        return kind in _PLAIN
    return all(type(one) in _PLAIN or _is_plain(one) for one in value)


_PLAIN = frozenset({str, int, float, bool, type(None)})


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

    def loads(  # type: ignore[override] # as the library's own class for signatures with a time
        self, s: str | bytes, max_age: int | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """The value behind a cookie; BadData for one that is none of ours, or too old."""
        value, known = self._newest(s, max_age) if isinstance(s, str) and not args and not kwargs else (None, False)
        return value if known else super().loads(s, max_age, *args, **kwargs)

    def _newest(self, cookie: str, max_age: int | None) -> tuple[Any, bool]:
        """The value, where the cookie was signed with the newest secret and is not too old: how it mostly is.

        Whatever is wrong with any other cookie is found out, and said, by the library itself.
        """
        signed, _, signature = cookie.rpartition(".")
        payload, _, since = signed.rpartition(".")
        if not payload or payload[0] == "." or not cookie.isascii():
            return None, False
        signer: Any = self.make_signer()
        if not hmac.compare_digest(signer.get_signature(signed), signature.encode()):
            return None, False
        try:
            age = signer.get_timestamp() - int.from_bytes(base64_decode(since), "big")
            if max_age is not None and not 0 <= age <= max_age:
                return None, False
            return self.serializer.loads(base64_decode(payload).decode()), True
        except (BadData, ValueError):
            return None, False

    def dump_payload(self, obj: Any) -> bytes:
        """The value as it stands in a cookie; compressed only where it is long."""
        written = self.serializer.dumps(obj).encode()
        return base64_encode(written) if len(written) <= SHORT else super().dump_payload(obj)


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

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask does it; what stands around the value of each cookie is written once."""
        if not session or session.permanent:
            return super().save_session(app, session, response)
        if session.accessed:
            vary(response, "Cookie")
        if session.modified:
            before, after = _around(
                self.get_cookie_name(app),
                self.get_cookie_domain(app),
                self.get_cookie_path(app),
                self.get_cookie_secure(app),
                self.get_cookie_samesite(app),
                self.get_cookie_httponly(app),
                self.get_cookie_partitioned(app),
            )
            value = self.get_signing_serializer(app).dumps(dict(session))
            response.headers.add("Set-Cookie", f"{before}{value}{after}")
        return None

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


@lru_cache(maxsize=8)
def _around(
    name: str, domain: str | None, path: str, secure: bool, samesite: str | None, httponly: bool, partitioned: bool
) -> tuple[str, str]:
    """What stands before and after the value in the header of such a cookie."""
    there = "value"
    written = dump_cookie(
        name, there, domain=domain, path=path, secure=secure, samesite=samesite, httponly=httponly,
        partitioned=partitioned,
    )  # fmt: skip
    before, _, after = written.partition(f"{name}={there}")
    return f"{before}{name}=", after


_NOTHING = NullSession()
