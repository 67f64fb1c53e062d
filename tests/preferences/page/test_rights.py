"""Switches over data: where one is owed, what stands in its place elsewhere, and refusals from other addresses."""

from collections.abc import Callable
from dataclasses import replace
from weakref import WeakKeyDictionary

import pytest
from flask.testing import FlaskClient

from consent.house import House
from consent.policies.answers.privacy_switches import PrivacySwitches, Switches
from consent.policies.answers.trackers import Trackers
from consent.preferences import settings
from consent.preferences.page import offered, trackers
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from tests.policies.answers.companies import organization, with_law
from tests.preferences.page.visiting import Browser
from tests.support.organizations import SMARTT, VALET, found_shipped
from tests.support.statements import seen
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

BASE = "/valley-smart-homes/preferences"
AT_VALET = f"/{VALET}/preferences"
MAIL = "ana@customer.example"
SELLING = "Do not sell my data"
REFUSED = "Your data is neither sold nor shared for advertising."


@pytest.fixture
def visitor(client: FlaskClient, house: House, valley: Tenant) -> Browser:
    """Who has shown that the number of PERSON is theirs."""
    browser = Browser(client, house, valley)
    browser.proves("phone", PERSON)
    return browser


@pytest.fixture
def at_valet(client: FlaskClient, house: House, time: Time) -> Browser:
    """Who has shown 1VALET that a mailbox is theirs."""
    browser = Browser(client, house, found_shipped(house, VALET, time.at))
    browser.proves("email", MAIL)
    return browser


@pytest.fixture
def sold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every organization sells, so that the law owes a switch."""
    owed = PrivacySwitches(with_law("1V")).of("US-CA").limit_use
    monkeypatch.setattr(PrivacySwitches, "of", lambda *_: Switches(owed, None, owed, (), ()))
    monkeypatch.setattr(offered, "_MADE", WeakKeyDictionary())  # worked out once for each rulebook, of all tests


@pytest.fixture
def elsewhere(house: House, valley: Tenant, time: Time) -> Callable[[str, settings.Wish], None]:
    """A customer says something about their data by mail."""

    def say(reference: str, wish: settings.Wish) -> None:
        in_force = house.governing.now(valley.id, time.at)
        tagged = subjects.tagged(house.keyring, valley.id, of_person("email", MAIL))

        def act(tx: subjects.Tx) -> None:
            person = subjects.person(tx, house.keyring, valley.id, reference, time.at)
            how = settings.How("page", "web-form", person_id=person)
            log, rulebook = in_force.log, in_force.rulebook
            settings.record(tx, house.keyring, log, rulebook, tagged, [wish], how, time.at)

        house.db.write(act, valley.id)

    return say


def types(systems: Systems) -> list[str]:
    return [one["type"] for one in systems.history()]


def test_vsh_nobody_is_offered_a_switch_that_nothing_owes(visitor: Browser) -> None:
    page = visitor.looks()
    assert SELLING not in page
    assert 'name="less_use"' not in page
    visitor.presses(f"{BASE}/settings", page, no_sale="1", less_use="1", sale_again="1", use_again="1")
    assert REFUSED not in visitor.looks()


def test_1v_54_the_statement_stands_where_a_switch_would_and_sensitive_data_has_its_own(at_valet: Browser) -> None:
    page = at_valet.looks()
    assert "We sell no personal information, so there is no way to opt out of its sale here." in page
    assert "No vendemos datos personales" in at_valet.looks("?lang=es")
    assert 'name="no_sale"' not in page
    limited = at_valet.follows(at_valet.presses(f"{AT_VALET}/settings", page, less_use="1"))
    assert "Sensitive data serves only what you asked for" in limited
    assert "Your sensitive data serves only what you asked for." in limited
    assert 'name="less_use"' not in limited
    again = at_valet.follows(at_valet.presses(f"{AT_VALET}/settings", limited, use_again="1"))
    assert 'name="less_use"' in again


@pytest.mark.usefixtures("sold")
def test_a_refused_sale_is_one_entry_for_a_person_and_can_be_taken_back(
    visitor: Browser, systems: Systems, house: House
) -> None:
    systems.consent(person="customer-1")
    page = visitor.looks()
    assert SELLING in page
    assert f"{SELLING} checked" not in page
    with seen(house.db) as statements:
        refused = visitor.follows(visitor.presses(f"{BASE}/settings", page, no_sale="1"))
    assert statements.commits == 1
    assert (REFUSED in refused, SELLING in refused) == (True, False)
    assert types(systems).count("sale.refused") == 1
    assert "person" in systems.history()[0]["data"]
    visitor.follows(visitor.presses(f"{BASE}/settings", refused, sale_again="1"))
    assert types(systems)[0] == "sale.permitted"
    again = visitor.looks()
    assert SELLING in again
    # What the person said counts for calls, too, without an entry there; and calls can still be stopped.
    visitor.follows(visitor.presses(f"{BASE}/stop", again, scope="everything"))
    assert systems.preferences(channel="voice")["stopped"]


@pytest.mark.usefixtures("sold")
def test_from_a_link_a_sale_is_refused_at_once_and_permitted_only_after_a_code(
    visitor: Browser, systems: Systems
) -> None:
    systems.consent()
    visitor.comes_by_link(systems.lookup())
    refused = visitor.follows(visitor.presses(f"{BASE}/settings", visitor.looks(), no_sale="1"))
    assert REFUSED in refused
    assert 'name="sale_again"' not in refused
    answer = visitor.presses(f"{BASE}/settings", refused, sale_again="1")
    assert answer.headers["Location"] == f"{BASE}/code"
    assert "sale.permitted" not in types(systems)


def test_a_refusal_at_another_address_of_the_person_is_shown_to_who_has_proven_this_one(
    visitor: Browser, systems: Systems, elsewhere: Callable[[str, settings.Wish], None]
) -> None:
    systems.consent(person="customer-1")
    elsewhere("customer-1", settings.refuse_sale())
    page = visitor.looks()
    assert REFUSED in page
    assert "at another of your addresses" in page
    visitor.comes_by_link(systems.lookup())
    assert REFUSED not in visitor.looks()


def test_a_refusal_of_somebody_else_at_the_address_is_not_shown(
    visitor: Browser, systems: Systems, elsewhere: Callable[[str, settings.Wish], None]
) -> None:
    systems.consent(person="customer-1")
    systems.consent(person="customer-2")
    elsewhere("customer-2", settings.refuse_sale())
    assert REFUSED not in visitor.looks()


def test_where_nothing_is_sold_a_refusal_stands_and_nothing_asks_to_permit_a_sale(
    visitor: Browser, systems: Systems, elsewhere: Callable[[str, settings.Wish], None]
) -> None:
    systems.consent(person="customer-1")
    elsewhere("customer-1", settings.refuse_sale())
    page = visitor.looks()
    assert REFUSED in page
    assert 'name="sale_again"' not in page
    visitor.presses(f"{BASE}/settings", page, sale_again="1", use_again="1")
    assert not {"sale.permitted", "use.permitted"} & set(types(systems))


@pytest.mark.usefixtures("sold")
def test_settings_sent_unchanged_still_hear_the_signal_of_the_browser(visitor: Browser, systems: Systems) -> None:
    systems.consent()
    visitor.client.environ_base["HTTP_SEC_GPC"] = "1"
    page = visitor.looks()
    assert "sale.refused" not in types(systems)
    shown = visitor.follows(visitor.presses(f"{BASE}/settings", page))
    assert types(systems).count("sale.refused") == 1
    assert "Your browser asked for it by its signal." in shown
    assert 'name="sale_again"' not in shown  # it would stand again at once
    visitor.presses(f"{BASE}/settings", shown, sale_again="1")
    assert "sale.permitted" not in types(systems)
    del visitor.client.environ_base["HTTP_SEC_GPC"]
    visitor.presses(f"{BASE}/settings", visitor.looks(), sale_again="1")
    assert types(systems)[0] == "sale.permitted"


def test_without_a_signal_unchanged_settings_write_nothing(visitor: Browser, house: House) -> None:
    page = visitor.looks()
    with seen(house.db) as statements:
        visitor.presses(f"{BASE}/settings", page)
    assert statements.changes == []


def test_smt_09_the_page_leads_to_help_with_the_browser_and_promises_no_switch(
    client: FlaskClient, house: House, time: Time
) -> None:
    """T-86."""
    browser = Browser(client, house, found_shipped(house, SMARTT, time.at))
    browser.proves("email", MAIL)
    page = browser.looks()
    assert "offers no switch of its own for cookies" in page
    assert f'href="/{SMARTT}/cookies"' in page


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("VSH", trackers.CHOSEN_THERE),
        ("VAL", trackers.CHOSEN_THERE),
        ("VOX", trackers.CHOSEN_THERE),
        ("1V", trackers.LISTED),
        ("SMT", trackers.BY_BROWSER),
    ],
)
def test_each_organization_says_what_it_offers_for_cookies(prefix: str, said: str) -> None:
    assert trackers.sentence(Trackers(organization(prefix), with_law(prefix))) == said
    silent = replace(organization(prefix))
    assert trackers.sentence(Trackers(silent, ())) == trackers.NOTHING_SAID
