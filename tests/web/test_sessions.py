"""Our cookies of sessions are Flask's own, read and written with less work."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
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
