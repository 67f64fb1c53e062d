"""The API base: what it refuses before a view sees it, and what its OpenAPI document says."""

from typing import Any

import openapi_spec_validator
import pytest
from flask.testing import FlaskClient

from consent.app import create_app
from consent.house import House

MAY = {"Authorization": "Bearer things:write"}


def test_a_right_body_reaches_the_view_and_comes_back_in_utc(browser: FlaskClient) -> None:
    answer = browser.post("/api/v1/things", json={"number": 3, "at": "2026-05-03T09:30:00-07:00"}, headers=MAY)
    assert answer.status_code == 201
    assert answer.json == {"number": 3, "at": "2026-05-03T16:30:00Z"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"number":1,"number":2}', 400),
        (b"{", 400),
        (b"[1]", 422),
        (b"{}", 422),
        (b'{"number":"1"}', 422),
        (b'{"number":true}', 422),
        (b'{"number":1,"title":"\\u0000"}', 422),
        (b'{"number":1,"title":' + b'"x"' + b" " * 262_144 + b"}", 413),
    ],
)
def test_a_bad_body_is_an_error_of_the_caller(post: Any, body: bytes, status: int) -> None:
    assert post(body).status_code == status
    if status != 422:
        assert post(body, "/api/v1/things/fast").status_code == status


def test_form_data_is_not_read_as_an_empty_body(browser: FlaskClient) -> None:
    for path in ("/api/v1/things", "/api/v1/things/fast"):
        assert browser.post(path, data={"number": "1"}, headers=MAY).status_code == 415


def test_the_media_type_does_not_hide_that_a_path_or_method_is_wrong(browser: FlaskClient) -> None:
    assert browser.post("/api/v1/nothing", data={"number": "1"}).status_code == 404
    assert browser.put("/api/v1/things", data={"number": "1"}).status_code == 405


def test_a_stranger_is_refused_before_the_body_is_looked_at(browser: FlaskClient) -> None:
    assert browser.post("/api/v1/things", data=b"{", content_type="application/json").status_code == 401


def test_a_repeated_query_parameter_is_refused(browser: FlaskClient) -> None:
    for query in ("limit=1&limit=1", "limit=1&l%69mit=2"):
        assert browser.get(f"/api/v1/things?{query}").status_code == 400


def test_an_unknown_query_parameter_is_refused_and_named(browser: FlaskClient) -> None:
    for answer in (
        browser.get("/api/v1/things?limits=1"),
        browser.post("/api/v1/things?limits=1", json={"number": 1}, headers=MAY),
    ):
        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["errors"][0]["parameter"] == "limits"


@pytest.mark.parametrize("limit", ["0", "11", "1.0", "x", "+5", "٣", ""])
def test_a_query_number_is_digits_within_its_bounds(browser: FlaskClient, limit: str) -> None:
    assert browser.get("/api/v1/things", query_string={"limit": limit}).status_code == 422
    assert browser.get("/api/v1/things?limit=10").status_code == 200


def test_a_door_can_take_more_and_other_media(post: Any) -> None:
    body = b"{}\n" * 200_000
    assert post(body, "/api/v1/things/wide", content_type="application/x-ndjson").json == {"bytes": 600_000}
    assert post(b"x" * 1_000_001, "/api/v1/things/wide", content_type="application/x-ndjson").status_code == 413
    assert post(body, "/api/v1/things/wide", content_type="text/csv").status_code == 415


def test_a_body_of_unannounced_length_is_bounded_too(browser: FlaskClient) -> None:
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    answer = browser.post(
        "/api/v1/things/fast",
        data=b" " * 300_000,
        content_type="application/json",
        environ_overrides=chunked,
    )
    assert answer.status_code == 413


def test_the_openapi_document_is_valid_and_describes_refusals_as_they_are(browser: FlaskClient) -> None:
    document = browser.get("/api/openapi.json").json
    assert document is not None
    openapi_spec_validator.validate(document)
    assert document["openapi"].startswith("3.1")
    make = document["paths"]["/api/v1/things"]["post"]
    assert make["security"] == [{"bearer": ["things:write"]}]
    assert {"400", "401", "403", "413", "415", "422", "default"} <= set(make["responses"])
    for name, response in document["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name
    assert {"$ref": "#/components/parameters/IdempotencyKey"} in make["parameters"]
    assert document["components"]["schemas"]["Thing"]["additionalProperties"] is False


def test_the_reference_page_runs_from_our_own_files_alone(browser: FlaskClient) -> None:
    answer = browser.get("/api/docs")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "connect-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert answer.text.count(f'nonce="{nonce}"') == answer.text.count("<script") == 2
    assert "https://" not in answer.text
    with browser.get("/api/docs/swagger-ui-bundle.js") as script:
        assert script.status_code == 200
    assert browser.get("/api/docs/oauth2-redirect.html").status_code == 404


def test_the_reference_page_is_not_public_in_production() -> None:
    from tests.web.conftest import make_site

    production = make_site(production=True).test_client()
    assert production.get("/api/docs").status_code == 404
    assert production.get("/api/docs/swagger-ui.css").status_code == 404


def test_the_description_is_made_when_it_is_first_asked_for(house: House) -> None:
    app = create_app(house)  # one that nobody has asked yet
    api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    assert api.undescribed
    first, second = (app.test_client().get("/api/openapi.json").get_json() for _ in range(2))
    assert first == second
    assert "/api/v1/decisions" in first["paths"]
    assert not api.undescribed
