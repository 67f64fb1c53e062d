"""What every answer tells the browser."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.web import headers
from tests.web.conftest import make_site


def test_a_page_allows_only_its_own_style_and_marked_scripts(browser: FlaskClient) -> None:
    policy = browser.get("/page").headers["Content-Security-Policy"]
    assert re.fullmatch(
        r"default-src 'none'; script-src 'nonce-[A-Za-z0-9_-]{24}'; style-src 'self'; img-src 'self'; "
        r"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
        policy,
    )


def test_no_two_answers_share_a_nonce(browser: FlaskClient) -> None:
    policies = {browser.get("/page").headers["Content-Security-Policy"] for _ in range(5)}
    assert len(policies) == 5


@pytest.mark.parametrize("path", ["/page", "/api/v1/things", "/nothing", "/api/nothing", "/public", "/problems/"])
def test_every_answer_carries_the_headers(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert len(answer.headers.getlist("Content-Security-Policy")) == 1
    assert not {"Access-Control-Allow-Origin", "Server", "X-Powered-By"} & set(answer.headers.keys())


def test_a_page_with_a_form_may_tell_our_own_site_where_it_came_from(browser: FlaskClient) -> None:
    assert browser.get("/form").headers["Referrer-Policy"] == "same-origin"


def test_no_cache_keeps_what_nobody_marked_as_public(browser: FlaskClient) -> None:
    for path in ("/page", "/api/v1/things", "/nothing"):
        assert browser.get(path).headers.getlist("Cache-Control") == ["no-store"]
    assert browser.get("/public").headers.getlist("Cache-Control") == ["public, max-age=60"]


def test_only_production_promises_https(browser: FlaskClient) -> None:
    for path in ("/page", "/api/v1/things"):
        assert "Strict-Transport-Security" not in browser.get(path).headers
        promise = make_site(production=True).test_client().get(path).headers["Strict-Transport-Security"]
        assert int(re.search(r"max-age=(\d+)", promise)[1]) >= 31_536_000  # type: ignore[index]
        assert "includeSubDomains" in promise


def test_the_request_id_of_a_caller_is_not_taken_over(browser: FlaskClient) -> None:
    answer = browser.get("/page", headers={"X-Request-Id": "+15095550142"})
    assert "5550142" not in answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("sent", "ours"),
    [
        ({}, True),
        ({"Origin": "https://consent.example"}, True),
        ({"Origin": "https://consent.example.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
    ],
)
def test_a_post_from_another_site_is_recognised(site: Flask, sent: dict[str, str], ours: bool) -> None:
    with site.test_request_context("/form", method="POST", headers=sent):
        assert headers.same_site("https://consent.example/") is ours
