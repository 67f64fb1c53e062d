"""The company's own sign-in, before a real provider process: it leads to an account that is there, and to no other."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from consent.errors import SetupProblem
from consent.house import House
from consent.staff import company
from consent.staff.company import Provider
from tests.staff.joining import Person, invited
from tests.support import staff
from tests.support.oidc import CLIENT, SECRET
from tests.support.time import Time
from tests.support.valley import Tenant

GO = "/staff/sign-in/company"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "tests.support.oidc", "0"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()


def come(client: FlaskClient, issuer: str, **claims: object) -> tuple[int, str]:
    """There and back; what the last page says."""
    requests.post(f"{issuer}/plan", json=claims, timeout=10)
    there = client.get(f"{GO}?then=/staff/account").headers["Location"]
    assert there.startswith(f"{issuer}/authorize?")
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=10).headers["Location"])
    answer = client.get(f"{back.path}?{back.query}")
    return answer.status_code, answer.get_data(as_text=True)


def test_the_providers_word_leads_to_an_account_that_is_there_and_every_bad_token_stays_outside(
    app: Flask, house: House, valley: Tenant, time: Time, issuer: str
) -> None:
    assert app.test_client().get(GO).status_code == 404  # not offered
    company.init_app(app, Provider(issuer, CLIENT, SECRET))
    ana: Person = invited(app, house, valley.id, valley.slug, time)
    said = {"email": ana.email, "email_verified": True}
    assert come(app.test_client(), issuer, **said)[0] == 403  # invited only
    assert ana.join(app.test_client()).status_code == 200
    bad: list[dict[str, object]] = [
        {"email": "nobody@valley.example"}, {"email": "no address"}, {"email_verified": False},
        {"email_verified": "true"}, {"email": None}, {"aud": "others"}, {"aud": "others", "azp": CLIENT},
        {"iss": "https://elsewhere.example"}, {"exp": 1}, {"nonce": "another"}, {"sub": ""},
    ]  # fmt: skip
    for claims in bad:
        client = app.test_client()
        assert come(client, issuer, **said | {"amr": ["mfa"]} | claims)[0] == 403, claims
        assert client.get("/staff/account").status_code == 303
    client = app.test_client()
    status, page = come(client, issuer, **said, amr=["pwd", "mfa"])
    assert (status, 'content="0; url=/staff/account"' in page) == (200, True)
    assert client.get("/staff/account").status_code == 200


def test_without_a_second_factor_there_ours_is_asked_for_here(
    app: Flask, house: House, valley: Tenant, time: Time, issuer: str
) -> None:
    company.init_app(app, Provider(issuer, CLIENT, SECRET))
    ana = invited(app, house, valley.id, valley.slug, time)
    ana.join(app.test_client())
    client = app.test_client()
    assert "/staff/sign-in/code" in come(client, issuer, email=ana.email, email_verified=True, amr=["pwd"])[1]
    assert client.get("/staff/account").status_code == 303
    form = {"csrf": staff.token_in(client.get("/staff/sign-in/code").get_data(as_text=True))}
    assert client.post("/staff/sign-in/code", data=form | {"code": "000000"}).status_code == 403
    assert client.post("/staff/sign-in/code", data=form | {"code": ana.code()}).status_code == 200
    assert client.get("/staff/account").status_code == 200
    late = app.test_client()
    come(late, issuer, email=ana.email, email_verified=True)
    time.go(minutes=6)
    assert late.get("/staff/sign-in/code").headers["Location"] == "/staff/sign-in"
    back = app.test_client().get(f"{GO}/back?code=x&state=y")
    assert back.status_code == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_provider_out_of_reach_leaves_the_other_ways_in(app: Flask, client: FlaskClient) -> None:
    company.init_app(app, Provider("http://127.0.0.1:1", CLIENT, SECRET))
    answer = client.get(GO)
    assert (answer.status_code, "does not answer" in answer.get_data(as_text=True)) == (503, True)


def test_half_a_setting_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of the provider\n")
    made = company.provider("https://id.example", CLIENT, tmp_path / "secret", production=True)
    assert made == Provider("https://id.example", CLIENT, "of the provider")
    assert "of the provider" not in repr(made)
    assert company.provider("", "", None, production=True) is None
    for issuer, client, file in (("https://id.example", "", None), ("http://id.example", CLIENT, None),
                                 ("https://id.example", CLIENT, tmp_path / "gone")):  # fmt: skip
        with pytest.raises(SetupProblem):
            company.provider(issuer, client, file, production=True)
