"""The public page of each program: what reviewers look for, and no box where nothing is asked."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from consent.policies import shown
from tests.conftest import Prepared
from tests.support.organizations import FIVE, POLICIES, SMARTT, VALET, VALLEY, VALTT, VOX, load_organization

ADDRESS = re.compile(r'href="(/[^"]*)"')


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    """The page as a reader sees its characters."""
    answer = client.get(address)
    assert answer.status_code == status, address
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    return unescape(answer.get_data(as_text=True))


def test_every_program_of_every_organization_has_its_page_in_three_languages(client: FlaskClient) -> None:
    for slug in FIVE:
        listed = page(client, f"/{slug}/programs")
        for program in load_organization(POLICIES / slug).programs:
            assert f'href="/{slug}/programs/{program.key}"' in listed
            for language in ("en", "fr", "es"):
                text = page(client, f"/{slug}/programs/{program.key}?lang={language}")
                assert text.count("<h1>") == 1
                assert f'<html lang="{language}">' in text


def test_vsh_24_and_vsh_31_the_page_of_the_texts_has_what_reviewers_of_carriers_look_for(client: FlaskClient) -> None:
    text = page(client, f"/{VALLEY}/programs/account-service-notifications")
    for words in (
        "Valley Smart Homes",
        "Message frequency may vary.",
        "Message and data rates may apply.",
        "Reply STOP to any text",
        "Reply HELP to any text",
        "You are unsubscribed and will get no more texts from us.",
        "+15095550100",
        "Valley Smart Homes: An outage affects your address.",
        "You can buy from us without agreeing to this.",
        "If it is urgent, call 509-557-0508.",
        "People who are 13 or older.",
        f'href="/{VALLEY}/privacy"',
        "sales@valleysmarthomes.com",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("slug", "program", "said"),
    [
        (VALET, "third-party-marketing", "This is never sent"),
        (VALLEY, "service-email", "nothing to agree to"),
        (VALLEY, "marketing-email", "until you refuse it"),
        (VOX, "administrative-email", "nothing to agree to"),
        (SMARTT, "service-notices", "nothing to agree to"),
    ],
)
def test_where_nothing_is_asked_the_page_says_so_and_has_no_box(
    client: FlaskClient, slug: str, program: str, said: str
) -> None:
    text = page(client, f"/{slug}/programs/{program}")
    assert said in text
    assert 'type="checkbox"' not in text


def test_a_program_that_does_not_exist_is_a_friendly_404_with_the_list(client: FlaskClient) -> None:
    for wrong in ("no-such-program", "x" * 3000, "%E2%80%AEspoofed", "<b>"):
        text = page(client, f"/{VALLEY}/programs/{wrong}", 404)
        assert "There is no such program here" in text
        assert f'href="/{VALLEY}/programs/account-service-notifications"' in text
        assert "<b>" not in text
    page(client, "/nobody/programs", 404)


def test_the_form_of_the_companys_own_site_leads_to_the_page_without_an_address_in_the_url(client: FlaskClient) -> None:
    answer = client.get(f"/{VALTT}/programs?program=offers&lang=fr")
    assert (answer.status_code, answer.location) == (303, f"/{VALTT}/programs/offers?lang=fr")
    away = client.get(f"/{VALTT}/programs?program=//evil.example")
    assert away.location.startswith(f"/{VALTT}/programs/")


@pytest.mark.parametrize("program", ["account-service-notifications", "service-calls"])
def test_vsh_24_a_page_that_would_leave_out_a_statement_does_not_go_out(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    owes = program == "account-service-notifications"
    monkeypatch.setattr(shown, "render_template", lambda *_args, **_context: "<h1>Agree!</h1>")
    answer = client.get(f"/{VALLEY}/programs/{program}")
    assert answer.status_code == (500 if owes else 200)
    assert ("Agree!" in answer.get_data(as_text=True)) is not owes


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        (VALLEY, "Sites that we link to follow their own policies"),
        (VALET, "Other websites have privacy policies of their own."),
        (VALET, "We sell no personal information"),
        (VOX, "alone responsible for their breaches"),
        (SMARTT, "here for reference and learning"),
    ],
)
def test_vsh_38_1v_36_1v_54_vox_34_smt_34_the_privacy_page_says_it_or_does_not_go_out(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, slug: str, words: str
) -> None:
    assert words in page(client, f"/{slug}/privacy?lang=en")
    monkeypatch.setattr(shown, "render_template", lambda *_args, **_context: "<h1>Privacy</h1>")
    assert client.get(f"/{slug}/privacy").status_code == 500
