"""Somebody before the doors, and a page behind them that says who came in."""

from collections.abc import Callable

import pytest
from flask import Flask, jsonify
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from consent import clock
from consent.app import create_app
from consent.house import House
from consent.verification import visits
from tests.support import sharing
from tests.support.valley import Tenant
from tests.support.visiting import Visitor


@pytest.fixture
def app(house: House, valley: Tenant) -> Flask:
    """The application with a page that tells what visit it sees."""
    app = sharing.share(create_app(house))

    def who() -> Response:
        visit = visits.current(house.db, house.keyring, valley.id, clock.now())
        if visit is None:
            return jsonify(None)
        return jsonify(
            level=visit.level,
            masked=visit.masked,
            channels=[one.tagged.address.channel for one in visit.places],
            known=[one.contact_point_id is not None for one in visit.places],
            person=str(visit.person_id) if visit.person_id else None,
            language=visit.language,
            id=str(visit.id),
        )

    app.add_url_rule(f"/{valley.slug}/preferences/who", "who", who)
    return app


@pytest.fixture
def new_visitor(app: Flask, house: House, valley: Tenant) -> Callable[[], Visitor]:
    """Somebody with a browser of their own."""
    return lambda: Visitor(app.test_client(), house, valley)


@pytest.fixture
def visitor(client: FlaskClient, house: House, valley: Tenant) -> Visitor:
    """Somebody before Valley's doors."""
    return Visitor(client, house, valley)
