"""Valtt's promises about messages: what goes on which of six ways, on what footing, and how a person ends it."""

from typing import Any

import pytest

from consent.policies.examine import examine
from consent.policies.findings import BadPack
from consent.policies.kinds import messaging, sentence
from consent.policies.questions import ConsentDraft, Facts, Missing
from consent.policies.rulebook import Rulebook, Standing, compile_rulebook
from tests.policies.house import codes, fact, named, stop
from tests.policies.house import rulebook as valley_rulebook
from tests.policies.packs_val import (
    ALL_SIX,
    NOW,
    ask,
    by_policy_alone,
    parts,
    policy,
    rulebook,
    undecided,
    val,
    with_organization,
)


def findings(**changes: Any) -> tuple[Missing, ...]:
    """What is wrong with a consent that is complete but for these changes."""
    whole = ConsentDraft(
        program="offers",
        channel="email",
        address="+12125550142",
        state="given",
        occurred_at=NOW,
        method="web-form",
        wording_text="I agree to get offers.",
        wording_language="en",
        ip="192.0.2.7",
    )
    return rulebook().consent_findings(whole._replace(**changes))


SERVICE = [
    ("service-messages", "email"),
    ("service-messages", "voice"),
    ("service-messages", "chat"),
    ("service-texts", "sms"),
    ("automated-service-texts", "sms"),
    ("automated-service-calls", "voice"),
]
ORDER = Facts(reference="order 4711")


def agreed(program: str) -> Standing:
    return Standing(None, (fact(program=program),))


@pytest.mark.parametrize(("program", "channel"), SERVICE)
@pytest.mark.parametrize("message_class", ["transactional", "service-related"])
def test_val_10_a_message_about_something_bought_goes_on_all_six_ways_and_names_it(
    program: str, channel: str, message_class: str
) -> None:
    allowed = ask(program, message_class, channel, agreed(program), facts=ORDER)
    assert allowed.answer == "allow"
    assert "VAL-10" in named(allowed)
    unnamed = ask(program, message_class, channel, agreed(program))
    assert (unnamed.answer, codes(unnamed)) == ("deny", ["fact-missing"])


@pytest.mark.parametrize("channel", ["email", "voice", "chat"])
def test_val_10_needs_no_consent_where_a_person_writes_or_calls(channel: str) -> None:
    free = ask("service-messages", "transactional", channel, facts=ORDER)
    assert (free.answer, codes(free), free.reasons[0].basis) == ("allow", ["no-consent-needed"], "contract")
    assert messaging.needs_no_consent(val(10), channel)
    assert messaging.allowed_classes(val(10), channel) == frozenset({"transactional", "service-related"})
    (nothing_to_ask,) = findings(program="service-messages", channel=channel, address="a person's address")
    assert (nothing_to_ask.field, nothing_to_ask.commitment) == ("program", "VAL-10")


def test_val_10_an_offer_in_a_service_message_is_held_back() -> None:
    sale = ask("service-messages", "transactional", "email", facts=ORDER, content="Your order: 20% off the next one!")
    assert (sale.answer, codes(sale)) == ("deny", ["content-promotional"])


@pytest.mark.parametrize(("program", "channel"), SERVICE[4:])
def test_val_10_machines_call_and_text_only_people_who_opted_in(program: str, channel: str) -> None:
    asked = ask(program, "transactional", channel, facts=ORDER, book=by_policy_alone())
    assert (asked.answer, codes(asked), named(asked)) == ("deny", ["no-consent"], {"VAL-10"})
    # A yes to the call or text of a person is none to that of a machine.
    assert ask(program, "transactional", channel, agreed("service-texts"), facts=ORDER).answer == "deny"


def test_val_10_is_sent_by_the_company_or_its_provider_and_by_mail_first() -> None:
    assert "sent by valtt and provider" in sentence(val(10))
    assert val(10).decided == {"first_channel": ["email"], "opt_in_for": ["automated-call", "automated-text"]}
    assert val(10).parameters["channel"] == ALL_SIX


OFFERS = [("offers", "email"), ("offers", "sms"), ("offers", "voice"), ("offers", "chat"),
          ("automated-offer-texts", "sms"), ("automated-offer-calls", "voice")]  # fmt: skip


@pytest.mark.parametrize(("program", "channel"), OFFERS)
def test_val_11_no_offer_goes_on_any_way_without_a_consent_to_that_program(program: str, channel: str) -> None:
    denied = ask(program, "offer", channel, book=by_policy_alone())
    assert (denied.answer, codes(denied)) == ("deny", ["no-consent"])
    allowed = ask(program, "offer", channel, agreed(program))
    assert (allowed.answer, allowed.reasons[0].code, allowed.reasons[0].basis) == ("allow", "consent-given", "consent")
    assert "VAL-11" in {one.commitment for one in ask("offers", "offer", channel, agreed("offers")).reasons}
    assert ask(program, "offer", channel, agreed("newsletter")).answer == "deny"


ENTRY = '[[programs.offers.bases]]\nchannel = "email"\njurisdiction = "US"\nbasis = "consent"\n'


def interest(channel: str = "email", more: str = 'for = "customers"\n') -> Rulebook:
    """Valtt with a written interest of its own on that channel in New York."""
    entry = (
        ENTRY.replace('"email"', f'"{channel}"')
        .replace('"US"', '"US-NY"')
        .replace('"consent"', '"legitimate-interest"')
    )
    organization = with_organization(ENTRY, f'{ENTRY}\n{entry}assessment = "Own customers expect it."\n{more}')
    return compile_rulebook(organization, (policy(),), parts()[2], NOW)


def test_val_11_t_19_an_interest_carries_mail_to_customers_in_the_place_it_was_written_down_for() -> None:
    customer = Facts(jurisdiction="US-NY", registered=True)
    allowed = ask("offers", "offer", "email", facts=customer, book=interest())
    assert (allowed.answer, allowed.reasons[0].basis) == ("allow", "legitimate-interest")
    for facts in (Facts(jurisdiction="US-TX", registered=True), Facts(jurisdiction="CA-ON", registered=True),
                  Facts(registered=True), Facts(jurisdiction="US-NY", registered=False)):  # fmt: skip
        assert ask("offers", "offer", "email", facts=facts, book=interest()).answer == "deny"


@pytest.mark.parametrize("channel", ["sms", "voice", "chat"])
def test_val_11_t_19_no_interest_carries_an_offer_on_another_channel(channel: str) -> None:
    customer = Facts(jurisdiction="US-NY", registered=True)
    denied = ask("offers", "offer", channel, facts=customer, book=interest(channel))
    assert (denied.answer, codes(denied)[0]) == ("deny", "no-consent")


def test_val_11_an_interest_in_people_who_are_no_customers_carries_nothing() -> None:
    customer = Facts(jurisdiction="US-NY", registered=True)
    assert ask("offers", "offer", "email", facts=customer, book=interest(more="")).answer == "deny"


@pytest.mark.parametrize(
    ("place", "refusal"),
    [('jurisdiction = "*"', "holds nowhere in particular"), ("", '"jurisdiction" is missing')],
)
def test_val_11_t_19_there_is_no_switch_for_every_place(place: str, refusal: str) -> None:
    with pytest.raises(BadPack, match=refusal.replace("*", r"\*")):
        with_organization('jurisdiction = "US"\nbasis = "consent"\n\n[[programs.offers.bases]]\nchannel = "sms"',
                          f'{place}\nbasis = "consent"\n\n[[programs.offers.bases]]\nchannel = "sms"')  # fmt: skip


def test_val_11_an_interest_needs_its_written_assessment() -> None:
    with pytest.raises(BadPack, match="needs its written assessment"):
        with_organization(ENTRY, ENTRY.replace('"consent"', '"legitimate-interest"'))
    assert undecided(11, "legitimate_interest_for") == ["legitimate_interest_for"]
    assert val(11).decided["needs_assessment"] is True
    assert "on one of these bases: consent and legitimate interest where allowed" in sentence(val(11))


@pytest.mark.parametrize(("program", "channel"), OFFERS)
@pytest.mark.parametrize("design", ["mandatory", "pre_ticked"])
def test_val_12_t_20_a_box_that_is_demanded_or_preset_gives_no_consent_on_any_of_six_ways(
    program: str, channel: str, design: str
) -> None:
    assert findings(program=program, channel=channel) == ()
    (only,) = findings(program=program, channel=channel, **{design: True})
    assert (only.field, only.commitment) == (design, "VAL-12")


@pytest.mark.parametrize("design", ["mandatory", "pre_ticked"])
def test_val_12_a_form_that_demands_or_presets_an_offer_is_refused_at_check(design: str) -> None:
    box = f'opt_in_box = {{ {design} = true }}\nchannels = ["email", "sms", "voice", "chat"]'
    organization = with_organization('channels = ["email", "sms", "voice", "chat"]', box)
    found = examine(organization, "organization.toml", [(policy(), "commitments.toml")], parts()[2])
    assert {one.key for one in found} == {f"programs.offers.opt_in_box.{design}"}
    assert all("VAL-12 rules out" in one.message for one in found)


def test_val_12_says_what_is_never_used_and_where() -> None:
    assert sentence(val(12)) == (
        "Buying never depends on agreeing to email, SMS, phone call, messenger App, automated call and automated text; "
        "never used: mandatory checkbox, preset checkbox and order blocked without consent."
    )
    for program in ("offers", "automated-offer-texts"):
        assert "no condition to purchase" in rulebook().keyword_wording(program)[0]


@pytest.mark.parametrize(("program", "channel"), SERVICE)
def test_val_13_names_six_ways_and_no_other(program: str, channel: str) -> None:
    assert ask(program, "transactional", channel, agreed(program), facts=ORDER).answer == "allow"
    assert val(13).parameters["channel"] == ALL_SIX


@pytest.mark.parametrize("channel", ["post", "push"])
def test_val_13_a_letter_or_a_push_message_is_blocked(channel: str) -> None:
    organization = with_organization('channels = ["email", "voice", "chat"]', f'channels = ["email", "{channel}"]')
    book = compile_rulebook(organization, (policy(),), parts()[2], NOW)
    denied = ask("service-messages", "transactional", channel, facts=ORDER, book=book)
    assert (denied.answer, named(denied)) == ("deny", {"VAL-13"})


REFUSABLE = [*OFFERS, *SERVICE[3:], ("newsletter", "email")]


@pytest.mark.parametrize(("program", "channel"), REFUSABLE)
def test_val_13_t_18_whoever_says_stop_hears_nothing_more_although_the_text_offers_no_way(
    program: str, channel: str
) -> None:
    message_class = parts()[0].program(program).message_classes[0]  # type: ignore[union-attr]
    for book in (rulebook(), by_policy_alone()):
        denied = ask(
            program, message_class, channel, Standing(stop(), (fact(program=program),)), facts=ORDER, book=book
        )
        assert (denied.answer, codes(denied)[0]) == ("deny", "suppressed")
        withdrawn = Standing(None, (fact("withdrawn", program=program),))
        assert ask(program, message_class, channel, withdrawn, facts=ORDER, book=book).answer == "deny"
        # At once: of a consent and a stop of the same instant the stop wins.
        tie = Standing(stop(-3), (fact(days=-3, program=program),))
        assert ask(program, message_class, channel, tie, facts=ORDER, book=book).answer == "deny"


@pytest.mark.parametrize("program", ["service-texts", "automated-service-texts", "offers", "automated-offer-texts"])
def test_val_13_t_18_every_text_program_answers_stop_and_help(program: str) -> None:
    assert "unsubscribed" in rulebook().reply("stop", program)
    assert "Reply STOP" in rulebook().reply("help", program)
    assert program in rulebook().stop_scope("texts")
    assert program in rulebook().renewable_by_start("texts")


def test_val_13_t_18_every_refusable_program_says_how_to_refuse() -> None:
    ways = {"email": "unsubscribe link", "sms": "STOP", "voice": "during a call", "chat": "messenger"}
    for program in parts()[0].programs:
        said = str(program.receipt["withdrawal_method"])
        assert program.footing == "required" or all(ways[one] in said for one in program.channels)


def test_val_13_no_way_to_refuse_is_stated_so_the_operator_settles_them() -> None:
    assert undecided(13, "mechanisms") == ["mechanisms"]
    assert "reply keyword, unsubscribe in message, spoken and dashboard" in sentence(val(13))
    assert (val(13).decided["keywords"], val(13).decided["effect"]) == (["STOP", "HELP"], "at-receipt")
    assert val(13).parameters["help_reply"] == "not-stated"


def test_t_28_a_stop_to_one_company_ends_and_reveals_nothing_at_another() -> None:
    ours = {one.key for one in parts()[0].programs}
    assert ours.isdisjoint(valley_rulebook().stop_scope("main"))
    elsewhere = Standing(None, (fact("withdrawn", program="account-service-notifications"), fact(program="offers")))
    assert ask("offers", "offer", "sms", elsewhere).answer == "allow"


def test_val_21_t_90_somebody_of_18_is_old_enough_and_somebody_of_17_is_not() -> None:
    assert findings(program="offers", channel="email", declared_age=18) == ()
    (young,) = findings(program="offers", channel="email", declared_age=17)
    assert (young.field, young.commitment) == ("declared_age", "VAL-21")
    assert "younger than 18; that holds for purchase and targeting" in sentence(val(21))


def test_val_21_an_offer_never_goes_to_somebody_known_to_be_a_minor() -> None:
    denied = ask("offers", "offer", "email", agreed("offers"), facts=Facts(minor=True))
    assert (denied.answer, codes(denied), named(denied)) == ("deny", ["minor"], {"VAL-21"})
    assert ask("offers", "offer", "email", agreed("offers"), facts=Facts(minor=False)).answer == "allow"
    kept_going = Facts(reference="order 4711", minor=True)
    assert ask("service-messages", "transactional", "email", facts=kept_going).answer == "allow"
