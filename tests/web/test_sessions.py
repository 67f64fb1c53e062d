"""Our cookies of sessions are Flask's own, read and written with less work."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import SignatureExpired
from markupsafe import Markup

from consent.web.sessions import Sessions

SAID = {"csrf": "é", "acts": [["mark", "", 1]], "until": 1.5, "of": {"a b": None}}
# What JSON does not know, alone and deep inside, and keys that look like Flask's marks.
MARKED: list[dict[str, object]] = [
    {"pair": (1, 2)},
    {"bytes": b"x"},
    {"deep": [{"in": [(1,)]}]},
    {"mark": {" t": [1, 2]}},
    {" t": "a"},
    {"html": Markup("<b>")},
    {"id": UUID(int=7), "at": datetime(2026, 11, 22, tzinfo=UTC)},
]
AN_HOUR = 3600


@pytest.fixture
def app() -> Flask:
    made = Flask("sessions")
    made.secret_key = "s" * 32
    return made


@pytest.mark.parametrize("said", [SAID, *MARKED])
def test_a_cookie_of_ours_is_one_of_flasks_and_the_other_way_round(app: Flask, said: dict[str, object]) -> None:
    ours = Sessions().get_signing_serializer(app)
    flasks = SecureCookieSessionInterface().get_signing_serializer(app)
    assert flasks is not None
    for writes, reads in ((ours, flasks), (flasks, ours), (ours, ours)):
        found = reads.loads(writes.dumps(said), max_age=AN_HOUR)
        assert found == said and repr(found) == repr(said)


def test_a_cookie_that_was_changed_cut_or_made_with_another_secret_is_none(app: Flask) -> None:
    sessions = Sessions()
    cookie = sessions.get_signing_serializer(app).dumps(SAID)
    with app.test_request_context(headers={"Cookie": f"session={cookie}"}) as context:
        assert dict(sessions.open_session(app, context.request)) == SAID
    flipped = cookie[:-3] + ("A" if cookie[-3] != "A" else "B") + cookie[-2:]
    for other in (flipped, cookie[:-1], cookie[1:], "", "."):
        with app.test_request_context(headers={"Cookie": f"session={other}"}) as context:
            assert not sessions.open_session(app, context.request)
    app.secret_key = "t" * 32
    with app.test_request_context(headers={"Cookie": f"session={cookie}"}) as context:
        assert not sessions.open_session(app, context.request)


def test_a_cookie_made_with_the_secret_before_still_opens(app: Flask) -> None:
    cookie = Sessions().get_signing_serializer(app).dumps(SAID)
    app.config["SECRET_KEY_FALLBACKS"] = [app.secret_key]
    app.secret_key = "t" * 32
    assert Sessions().get_signing_serializer(app).loads(cookie, max_age=AN_HOUR) == SAID


def test_a_site_without_a_secret_has_no_sessions() -> None:
    assert Sessions().get_signing_serializer(Flask("sessions")) is None


def test_a_cookie_that_is_too_old_is_none(app: Flask) -> None:
    ours = Sessions().get_signing_serializer(app)
    with pytest.raises(SignatureExpired):
        ours.loads(ours.dumps(SAID), max_age=-1)


def test_what_is_long_is_compressed_and_opens_again(app: Flask) -> None:
    ours, long = Sessions().get_signing_serializer(app), {"on": ["email:the-same-again"] * 50}
    assert ours.dumps(long).startswith(".") and not ours.dumps(SAID).startswith(".")
    assert ours.loads(ours.dumps(long), max_age=AN_HOUR) == long


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("said", [{}, {"csrf": "a"}])
@pytest.mark.parametrize("permanent", [False, True])
def test_what_is_set_is_what_flask_sets(app: Flask, said: dict[str, object], secure: bool, permanent: bool) -> None:
    app.config |= {"SESSION_COOKIE_SECURE": secure, "SESSION_COOKIE_SAMESITE": "Lax"}
    app.config["SESSION_COOKIE_NAME"] = "__Host-session" if secure else "session"
    headers = []
    with app.test_request_context():
        for sessions in (SecureCookieSessionInterface(), Sessions()):
            session, answer = SecureCookieSession(said), app.make_response("")
            session.modified, session.accessed, session.permanent = True, True, permanent and bool(said)
            sessions.save_session(app, session, answer)
            cookie = answer.headers["Set-Cookie"]
            headers.append((cookie.partition("=")[0], cookie.partition("; ")[2], answer.headers["Vary"]))
    assert headers[0] == headers[1]
