"""Every page below an organization's name wears its mark and its name in the header: no page forgets it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from consent.house import House
from tests.preferences.page.visiting import Browser
from tests.support.systems import Systems
from tests.support.valley import PERSON, TEXTS, Tenant

# What stands in the place of each variable; whatever is not found still wears the frame.
VALUES = {
    "entry": "00000000-0000-7000-8000-000000000000",
    "program": TEXTS,
    "token": "x" * 43,
    "version": "2025-01-02",
    "reference": "ABCD-EFGH",
    "request_id": "00000000-0000-7000-8000-000000000000",
}
_HEADER = re.compile(r"<header>(.*?)</header>", re.DOTALL)


def pages(app: Flask) -> list[Rule]:
    return [one for one in app.url_map.iter_rules() if one.rule.startswith("/<organization>") and "GET" in one.methods]


@pytest.mark.parametrize("known", [False, True])
def test_every_page_of_an_organization_shows_its_mark_and_name(
    app: Flask, client: FlaskClient, house: House, valley: Tenant, systems: Systems, known: bool
) -> None:
    systems.consent()
    if known:
        Browser(client, house, valley).proves("phone", PERSON)
    seen = set()
    for rule in pages(app):
        values = {name: VALUES.get(name, "x") for name in rule.arguments} | {"organization": valley.slug}
        address = app.url_map.bind("localhost").build(rule.endpoint, values)
        answer = client.get(address)
        if answer.mimetype != "text/html" or answer.status_code == 303 or "attachment" in str(answer.headers):
            continue
        header = _HEADER.search(answer.get_data(as_text=True))
        assert header is not None, rule.rule
        assert f"<span>{valley.name}</span>" in header[1], (rule.rule, answer.status_code)
        assert re.search(rf'<img src="/{valley.slug}/logo\.svg\?v=\w+" alt=""', header[1]), rule.rule
        seen.add(rule.rule.removeprefix("/<organization>").split("/<")[0])
    wanted = {"", "/privacy", "/programs", "/cookies", "/unsubscribe", "/requests", "/preferences/code"}
    assert wanted | ({"/preferences", "/preferences/history"} if known else set()) <= seen, seen
