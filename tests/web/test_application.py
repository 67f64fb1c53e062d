"""Our application answers as Flask does, hook for hook, whatever comes."""

from typing import Any

import pytest
from flask import Blueprint, Flask, after_this_request, g, request, session, url_for

from consent.web.application import Application

Told = list[str]

ASKED: dict[str, dict[str, Any]] = {
    "a view": {"path": "/inner/shown/7?b=%C3%A9"},
    "a view of the site": {"path": "/"},
    "no such door": {"path": "/nowhere"},
    "another method": {"path": "/", "method": "DELETE"},
    "only the headers": {"path": "/", "method": "HEAD"},
    "the methods": {"path": "/inner/shown/7", "method": "OPTIONS"},
    "a redirect to the right address": {"path": "/folder?b=%C3%A9", "headers": {"Host": "Texts.Example:8443"}},
    "slashes": {"path": "//inner//shown/7"},
    "a fault": {"path": "/inner/broken"},
    "a refusal by a hook": {"path": "/inner/shown/7", "headers": {"X-Refuse": "1"}},
    "a hook that answers": {"path": "/inner/shown/7", "headers": {"X-Answer": "1"}},
    "no name a host can have": {"path": "/", "headers": {"Host": "a..example"}},
    "no host": {"path": "/", "headers": {"Host": ""}},
    "characters of no host": {"path": "/", "headers": {"Host": "a<b"}},
    "a mounted site": {"path": "/inner/shown/7", "environ_overrides": {"SCRIPT_NAME": "/under"}},
    "no path": {"path": "/", "environ_overrides": {"PATH_INFO": ""}},
    "a socket": {"path": "/", "headers": {"Connection": "Upgrade", "Upgrade": "websocket"}},
    "a path of other bytes": {"path": "/", "environ_overrides": {"PATH_INFO": "/inner/\xff\xfe"}},
}


def site(kind: type[Flask], told: Told) -> Flask:
    app = kind("tests.web.application", static_folder=None)
    app.secret_key = "x" * 32
    inner = Blueprint("inner", __name__, url_prefix="/inner")

    def tells(name: str, said: Any = None) -> Any:
        def hook(*_given: Any) -> Any:
            told.append(f"{name} {request.host} {request.path} {request.endpoint}")
            return _given[0] if name.startswith("after") else said

        return hook

    def answers() -> Any:
        if "X-Refuse" in request.headers:
            raise ValueError("no")
        return "instead" if "X-Answer" in request.headers else None

    for place, name in ((app, "app"), (inner, "inner")):
        for number in (1, 2):
            place.before_request(tells(f"before {name} {number}"))
            place.after_request(tells(f"after {name} {number}"))
            place.teardown_request(tells(f"over {name} {number}"))
    inner.before_request(answers)
    inner.before_request(tells("never after an answer"))
    app.register_error_handler(ValueError, lambda error: (f"refused {error}", 403))

    @app.get("/")
    def root() -> str:
        session["seen"] = True
        return url_for("root", _external=True)

    @app.get("/folder/")
    def folder() -> str:
        return "folder"

    @inner.route("/shown/<int:number>", methods=["GET", "POST"])
    def shown(number: int) -> tuple[str, int, dict[str, str]]:
        g.number = number
        after_this_request(tells("after this"))
        return f"{number} {request.args.get('b')}", 202, {"X-Number": str(g.number)}

    @inner.get("/broken")
    def broken() -> str:
        raise ValueError("broken")

    app.register_blueprint(inner)
    return app


@pytest.mark.parametrize("name", ASKED)
def test_answers_and_hooks_are_those_of_flask(name: str) -> None:
    answers = []
    for kind in (Application, Flask):
        told: Told = []
        client = site(kind, told).test_client()
        for _ in range(2):  # what the first request taught changes nothing for the next
            answer = client.open(**ASKED[name])
            told.append(f"{answer.status} {answer.data!r} {sorted((k, v) for k, v in answer.headers if k != 'Allow')}")
            told.append(f"{sorted(answer.headers.get('Allow', '').split(', '))}")
        answers.append(told)
    assert answers[0] == answers[1]


def test_a_host_is_named_to_each_request_as_it_sent_it() -> None:
    client = site(Application, []).test_client()
    said = [client.get("/", headers={"Host": host}).text for host in ("a.example", "b.example", "a.example:81")]
    assert said == ["http://a.example/", "http://b.example/", "http://a.example:81/"]
