"""Errors: one handler, words a reader can use, nothing of the inside."""

import importlib
import pkgutil

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_smorest.exceptions import NotModified

import consent
from consent.errors import ConsentError
from consent.web import problems
from consent.web.problem_types import TYPES
from consent.web.problems import fields_at_fault, pointer


def test_a_missing_api_path_answers_a_problem_document(browser: FlaskClient) -> None:
    answer = browser.get("/api/v1/nothing")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json is not None
    assert answer.json["type"] == "/problems/not-found"
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_a_missing_page_answers_a_page(browser: FlaskClient) -> None:
    answer = browser.get("/nothing")
    assert answer.status_code == 404
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_wrong_method_names_the_right_ones(browser: FlaskClient) -> None:
    answer = browser.put("/api/v1/things")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_refused_webhook_gets_an_empty_body(browser: FlaskClient) -> None:
    for method, path in (("POST", "/webhooks/sms/any"), ("POST", "/webhooks/unknown"), ("GET", "/webhooks/sms/x")):
        answer = browser.open(path, method=method)
        assert answer.status_code in (403, 404, 405)
        assert answer.data == b""


@pytest.mark.parametrize("path", ["/api/api/broken", "/pages/broken"])
def test_a_fault_of_ours_shows_the_request_id_and_nothing_else(site: Flask, path: str) -> None:
    answer = site.test_client().get(path)
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    for inside in ("RuntimeError", "no row", "5550142", "Traceback", "conftest"):
        assert inside not in answer.text


def test_a_fault_is_logged_with_its_place_but_without_values(site: Flask, log: object) -> None:
    answer = site.test_client().get("/api/api/broken")
    written = log.getvalue()  # type: ignore[attr-defined]
    assert answer.headers["X-Request-Id"] in written
    assert "RuntimeError" in written
    assert "broken" in written
    assert "5550142" not in written


def test_tests_see_an_unforeseen_exception(site: Flask) -> None:
    site.testing = True
    with pytest.raises(RuntimeError):
        site.test_client().get("/api/api/broken")


def test_a_set_up_problem_does_not_tell_the_path(browser: FlaskClient) -> None:
    answer = browser.get("/api/unset")
    assert answer.status_code == 500
    assert "/srv" not in answer.text


def test_an_unavailable_answer_says_when_to_retry(browser: FlaskClient) -> None:
    answer = browser.get("/api/away")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


def test_without_a_key_the_answer_says_how_to_send_one(browser: FlaskClient) -> None:
    answer = browser.post("/api/v1/things", json={"number": 1})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_without_the_scope_is_told_which_one(browser: FlaskClient) -> None:
    answer = browser.post("/api/v1/things", json={"number": 1}, headers={"Authorization": "Bearer things:read"})
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["scope"] == "things:write"


def test_every_field_at_fault_is_named_with_a_pointer(browser: FlaskClient) -> None:
    answer = browser.post(
        "/api/v1/things",
        json={"number": "3", "channel": "fax", "extra": 1},
        headers={"Authorization": "Bearer things:write"},
    )
    assert answer.status_code == 422
    assert answer.json is not None
    assert {error["pointer"] for error in answer.json["errors"]} == {"/number", "/channel", "/extra"}
    assert answer.json["field"] == answer.json["errors"][0]["field"]


def test_pointers_escape_as_rfc_6901_says() -> None:
    assert pointer(["a/b", "m~n", "0"]) == "/a~1b/m~0n/0"


def test_nested_messages_become_a_flat_list() -> None:
    found = fields_at_fault({"wording": {"text": ["Too long."]}, "items": {0: {"_schema": ["Odd."]}}})
    assert [(one["pointer"], one["message"]) for one in found] == [
        ("/wording/text", "Too long."),
        ("/items/0", "Odd."),
    ]


def test_every_error_of_the_code_has_a_page(browser: FlaskClient) -> None:
    for module in pkgutil.walk_packages(consent.__path__, "consent."):
        importlib.import_module(module.name)

    def below(kind: type[ConsentError]) -> set[type[ConsentError]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    for kind in below(ConsentError):
        assert kind.slug in TYPES, f"{kind.__name__} has the slug {kind.slug}, which has no page"
        assert "slug" not in vars(kind) or TYPES[kind.slug].status == kind.status


@pytest.mark.parametrize("slug", TYPES)
def test_each_problem_type_has_its_page(browser: FlaskClient, slug: str) -> None:
    answer = browser.get(f"/problems/{slug}")
    assert answer.status_code == 200
    assert TYPES[slug].title in answer.text
    assert slug in browser.get("/problems/").text


def test_an_unknown_problem_type_is_a_plain_404(browser: FlaskClient) -> None:
    assert browser.get("/problems/unheard-of").status_code == 404


def test_a_redirect_of_the_framework_stays_a_redirect(browser: FlaskClient) -> None:
    answer = browser.get("/problems")
    assert (answer.status_code, answer.headers["Location"]) == (308, "http://localhost/problems/")


def test_what_is_no_error_passes_as_it_is(site: Flask) -> None:
    with site.test_request_context("/api/x"):
        assert problems.answer_http(NotModified()).status_code == 304


def test_a_host_no_one_trusts_is_refused_in_words() -> None:
    from tests.web.conftest import make_site

    site = make_site()
    site.config["TRUSTED_HOSTS"] = ["consent.example"]
    for path, content_type in (("/page", "text/html; charset=utf-8"), ("/api/x", "application/problem+json")):
        answer = site.test_client().get(path, base_url="https://other.example")
        assert (answer.status_code, answer.content_type) == (400, content_type)
