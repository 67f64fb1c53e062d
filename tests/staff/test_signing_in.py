"""From the invitation to signing out: each secret opens once, wrong ones are slowed, and nothing tells who is known."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.app import create_app
from consent.db import Sql
from consent.house import House
from consent.ledger import service as ledger
from consent.staff import attempts, entering, passwords, rules, sign_ins
from consent.staff.roles import Role
from tests.staff.joining import PASSWORD, Person, invited
from tests.support import staff
from tests.support.time import Time
from tests.support.valley import Tenant

ACCOUNT = "/staff/account"


@pytest.fixture
def ana(app: Flask, house: House, valley: Tenant, time: Time) -> Person:
    """An administrator with an invitation."""
    return invited(app, house, valley.id, valley.slug, time)


@pytest.fixture
def joined(ana: Person, app: Flask) -> Person:
    """The same, who has set up the account."""
    assert ana.join(app.test_client()).status_code == 200
    return ana


def is_in(client: FlaskClient) -> bool:
    return client.get(ACCOUNT).status_code == 200


def events(house: House, valley: Tenant) -> list[str]:
    """The types of the organization's own stream."""
    with house.db.read(valley.id) as tx:
        bodies = ledger.bodies_of(tx, valley.id, valley.id)
    return [found[1] for body in bodies if (found := re.search(r'"type":"([a-z_.]+)"', body.decode()))]


def test_an_invitation_opens_an_account_once_and_only_by_sending_its_form(
    ana: Person, app: Flask, house: House, valley: Tenant
) -> None:
    client = app.test_client()
    for _look in range(2):
        assert client.get(ana.link).status_code == 200
    slips = {"password": "too short", "again": "copper lantern drifted", "code": "000000"}
    for field, slip in slips.items():
        answer = ana.join(client, **{field: slip})
        assert (answer.status_code, f'id="{field}-wrong"' in answer.get_data(as_text=True)) == (422, True)
        assert PASSWORD not in answer.get_data(as_text=True)
    answer = ana.join(client)
    assert (answer.status_code, len(ana.codes)) == (200, 10)
    assert is_in(client)
    assert client.get(ana.link).status_code == app.test_client().get("/staff/join/nothing").status_code == 404
    assert events(house, valley)[-3:] == ["staff.invited", "staff.joined", "staff.signed_in"]


def test_a_link_works_for_three_days_and_a_newer_one_ends_it(ana: Person, app: Flask, time: Time) -> None:
    time.go(hours=71, minutes=59)
    assert app.test_client().get(ana.link).status_code == 200
    time.go(minutes=2)
    assert app.test_client().get(ana.link).status_code == 404
    assert app.test_client().get(ana.link[:-4] + "AAAA").status_code == 404


def test_whoever_shows_password_and_code_is_in_and_where_they_wanted_to_go(
    joined: Person, client: FlaskClient, valley: Tenant
) -> None:
    answer = joined.sign_in(client, then="/staff/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/account")
    page = client.get(ACCOUNT).get_data(as_text=True)
    assert "Oriel Canary" in page
    assert valley.name in page
    assert client.get("/staff/sign-in").headers["Location"] == "/staff"


def test_nothing_in_the_answer_tells_what_was_wrong_or_whether_the_account_is_known(
    joined: Person, app: Flask, time: Time
) -> None:
    def said(**changes: str) -> tuple[int, str]:
        answer = joined.sign_in(app.test_client(), **changes)
        page = re.sub(r'(?:value|nonce|data-passkey)="[^"]*"', "", answer.get_data(as_text=True))
        return answer.status_code, page

    wrong = said(password="copper lantern drifted")
    assert wrong[0] == 403
    for changes in ({"code": "000000"}, {"email": "nobody@valley.example"}, {"email": "no address"},
                    {"code": "3-abcd-efgh-jkmn-pqrs"}):  # fmt: skip
        assert said(**changes) == wrong


def test_a_code_of_the_app_opens_once_and_a_recovery_code_once(joined: Person, app: Flask) -> None:
    code = joined.code()
    assert joined.sign_in(app.test_client(), code=code).status_code == 303
    assert joined.sign_in(app.test_client(), code=code).status_code == 403
    spare = joined.codes[3]
    assert joined.sign_in(app.test_client(), code=spare.upper().replace("-", " ")).status_code == 303
    assert joined.sign_in(app.test_client(), code=spare).status_code == 403
    assert joined.sign_in(app.test_client(), code=joined.codes[4]).status_code == 303


def test_guessing_is_slowed_for_known_and_unknown_alike_and_ends_by_itself(
    joined: Person, app: Flask, time: Time, house: House, valley: Tenant
) -> None:
    for email in (joined.email, "nobody@valley.example"):
        answers = [
            joined.sign_in(app.test_client(), email=email, password="wrong", code="000000").status_code
            for _ in range(rules.HERE.free + 1)
        ]
        assert answers == [403] * rules.HERE.free + [429]
    assert joined.sign_in(app.test_client(), code=joined.codes[5]).status_code == 429  # right, but too soon
    time.go(minutes=2)
    assert joined.sign_in(app.test_client()).status_code == 303
    assert joined.sign_in(app.test_client(), password="wrong").status_code == 403  # what was mistyped is forgiven
    network = attempts.who(house.keyring, valley.id, b"a" * 32, "198.51.100.7")
    for _ in range(rules.NETWORK.free):
        who = replace(network, account=_.to_bytes(32, "big"))
        assert house.db.write(lambda tx, who=who: attempts.count(tx, who, time.now()), valley.id) == timedelta(0)
    assert house.db.write(lambda tx: attempts.count(tx, network, time.now()), valley.id) > timedelta(0)


def test_eight_threads_guess_no_more_often_than_one(joined: Person, house: House, valley: Tenant, time: Time) -> None:
    now = time.now()

    def guess(number: int) -> bool:
        """Whether the try was heard at all."""
        came = entering.sign_in(
            house.db, house.keyring, valley.id, email=joined.email, password=f"wrong {number}", code="000000",
            network="198.51.100.7", browser="Firefox", now=now,
        )  # fmt: skip
        assert came.ticket is None
        return came.wait == timedelta(0)

    with ThreadPoolExecutor(8) as pool:
        heard = sum(pool.map(guess, range(24)))
    assert heard == rules.HERE.free
    right = {"email": joined.email, "password": PASSWORD, "network": "198.51.100.7", "browser": "Firefox"}
    soon = entering.sign_in(house.db, house.keyring, valley.id, **right, code=joined.codes[4], now=now)
    assert soon.ticket is None and soon.wait > timedelta(0)
    later = entering.sign_in(house.db, house.keyring, valley.id, **right, code=joined.codes[4], now=now + soon.wait)
    assert later.ticket is not None  # delayed, never locked out


def test_the_same_work_is_done_for_an_account_that_nobody_has(
    joined: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []
    real = passwords.matches

    def counted(kept: str | None, password: str) -> bool:
        asked.append(kept)
        return real(kept, password)

    monkeypatch.setattr(passwords, "matches", counted)
    joined.sign_in(app.test_client(), email="nobody@valley.example")
    joined.sign_in(app.test_client(), email="nobody@valley.example", code=joined.codes[1])
    assert asked == [None, None, None]  # the password twice, the recovery code once


def test_a_sign_in_ends_unused_or_after_twelve_hours_and_looking_keeps_it(
    joined: Person, app: Flask, time: Time
) -> None:
    client = app.test_client()
    joined.sign_in(client)
    for _ in range(25):
        time.go(minutes=28)
        assert is_in(client)
    time.go(minutes=25)
    assert not is_in(client)
    joined.sign_in(client)
    time.go(minutes=31)
    assert not is_in(client)


def test_each_browser_is_listed_and_can_be_signed_out_from_another(
    app: Flask, house: House, valley: Tenant, time: Time
) -> None:
    clerk = staff.member(house, valley.id, time.now(), Role.CLERK)
    stranger = staff.member(house, valley.id, time.now(), Role.ADMIN)
    here, there = clerk.client(app), app.test_client()
    ticket = house.db.write(
        lambda tx: sign_ins.begin(tx, valley.id, clerk.id, "Safari, iPhone", "app", time.now()), valley.id
    )
    there.set_cookie("staff", sign_ins.cookie_value(house.keyring, ticket))
    page = here.get(ACCOUNT).get_data(as_text=True)
    assert "Safari, iPhone" in page
    assert str(stranger.ticket.id) not in page
    form = {"csrf": clerk.csrf()}
    assert here.post(f"{ACCOUNT}/sign-ins/{stranger.ticket.id}", data=form).status_code == 404
    assert is_in(stranger.client(app))
    assert here.post(f"{ACCOUNT}/sign-ins/{ticket.id}", data=form).status_code == 303
    assert (is_in(here), is_in(there)) == (True, False)
    answer = here.post("/staff/sign-out", data=form)
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache", "storage"')
    assert not is_in(clerk.client(app))  # the cookie opens nothing, wherever it was kept


def test_another_password_app_or_codes_sign_out_everywhere_else(joined: Person, app: Flask, time: Time) -> None:
    def post(client: FlaskClient, path: str, **form: str) -> Any:
        token = staff.token_in(client.get(ACCOUNT).get_data(as_text=True))
        return client.post(f"{ACCOUNT}/{path}", data={"csrf": token, **form})

    here, there = app.test_client(), app.test_client()
    other = "wooden harbour sings"
    changes = [("password", {"now": PASSWORD, "password": other, "again": other}, 303), ("recovery-codes", {}, 200)]
    joined.sign_in(there)
    for path, form, status in changes:
        joined.sign_in(here) if path == "password" else None
        assert post(here, path, **form).status_code == status
        assert (is_in(here), is_in(there)) == (True, False)
        assert joined.sign_in(there, password=other).status_code == 303
    assert joined.sign_in(app.test_client(), password=PASSWORD).status_code == 403
    assert joined.sign_in(app.test_client(), code=joined.codes[0], password=other).status_code == 403
    shown = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', here.get(f"{ACCOUNT}/app").get_data(as_text=True))
    assert shown is not None
    before, joined.secret = joined.secret, shown[1].replace(" ", "")
    assert post(here, "app", code="000000").status_code == 422
    assert is_in(there)
    assert post(here, "app", code=joined.code()).status_code == 303
    assert (is_in(here), is_in(there)) == (True, False)
    new, joined.secret = joined.secret, before
    assert joined.sign_in(app.test_client(), password=other).status_code == 403
    joined.secret = new
    assert joined.sign_in(app.test_client(), password=other).status_code == 303
    assert post(here, "password", now="wrong", password="short", again="x").status_code == 422


def test_what_needs_a_fresh_factor_asks_for_one_and_goes_on(joined: Person, app: Flask, time: Time) -> None:
    client = app.test_client()
    joined.sign_in(client)
    time.go(minutes=5)
    asked = client.get(f"{ACCOUNT}/password")
    assert asked.headers["Location"] == f"/staff/again?then={ACCOUNT}/password"
    page = client.get(asked.headers["Location"]).get_data(as_text=True)
    form = {"csrf": staff.token_in(page), "then": f"{ACCOUNT}/password", "code": "000000"}
    assert client.post("/staff/again", data=form).status_code == 403
    answer = client.post("/staff/again", data=form | {"code": joined.code()})
    assert answer.headers["Location"] == f"{ACCOUNT}/password"
    assert client.get(f"{ACCOUNT}/password").status_code == 200
    stale = client.post("/staff/again", data=form | {"code": joined.codes[0], "then": "https://elsewhere.example/"})
    assert stale.headers["Location"] == "/staff"


def test_the_cookie_is_bound_to_the_host_hidden_and_sent_by_our_own_pages_alone(
    house: House, valley: Tenant, time: Time
) -> None:
    config = replace(house.config, environment="production", public_url="https://consent.example")
    app = create_app(replace(house, config=config))
    who = staff.member(house, valley.id, time.now())
    time.go(minutes=2)
    answer = who.client(app).get(ACCOUNT, base_url="https://consent.example")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if "staff" in one)
    name, _, rest = cookie.partition("=")
    assert name == "__Host-staff"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(rest.split("; "))
    assert "Domain" not in rest
    for spoilt in (who.cookie[:-1] + "_", who.cookie.split(".")[1], f"{valley.id.hex}.", "x" * 2000, "é"):
        client = app.test_client()
        client.set_cookie("__Host-staff", spoilt, domain="consent.example")
        assert client.get(ACCOUNT, base_url="https://consent.example").status_code == 303, spoilt


def test_nothing_readable_of_staff_lies_in_their_tables(joined: Person, house: House, valley: Tenant) -> None:
    with house.db.read(valley.id) as tx:
        rows = [tx.all(Sql(f"SELECT * FROM {table}"), {}) for table in ("staff_account", "staff_recovery_code")]
    kept = repr(rows)
    for secret in ("Oriel", joined.email, joined.secret, PASSWORD, joined.codes[0]):
        assert secret not in kept
        assert secret.encode().hex() not in kept
