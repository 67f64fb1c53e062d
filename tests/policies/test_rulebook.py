"""The rulebook as a whole: unknown things, several reasons at once, answers, receipts, sharing of what was compiled."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from consent.policies.check_texts import length
from consent.policies.packs import load_law, packs_root, parse_organization
from consent.policies.rulebook import ConsentDraft, Missing, Question, Standing, compile_rulebook
from tests.policies.house import NOW, POLICIES, TEXTS, ask, codes, fact, named, rulebook, stop, valley

ANNA, BERT = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("program", "message_class", "channel", "code"),
    [
        ("newsletter", "outage", "sms", "unknown-program"),
        (TEXTS, "lottery", "sms", "unknown-message-class"),
        (TEXTS, "outage", "fax", "unknown-channel"),
    ],
)
def test_what_the_pack_does_not_know_is_denied(program: str, message_class: str, channel: str, code: str) -> None:
    denied = ask(program, message_class, channel, Standing(None, (fact(),)))
    assert (denied.answer, codes(denied)) == ("deny", [code])


def test_a_program_does_not_reach_into_another_channel() -> None:
    assert codes(ask(TEXTS, "outage", "email", Standing(None, (fact(),)))) == ["channel-not-in-program"]


def test_reasons_stand_in_the_order_of_the_gates() -> None:
    both = ask(TEXTS, "promotion", "sms", Standing(stop(), (fact(),)))
    assert codes(both) == ["suppressed", "on-suppression-list", "marketing-banned", "class-not-in-program"]
    assert codes(ask(TEXTS, "promotion")) == ["marketing-banned", "class-not-in-program", "no-consent"]


def test_a_suppression_names_the_entry_that_proves_it() -> None:
    stopped = stop()
    assert {one.entry for one in ask(standing=Standing(stopped, (fact(),))).reasons} == {stopped.event_id}


def test_an_allow_names_the_consent_it_rests_on() -> None:
    given = fact()
    allowed = ask(standing=Standing(None, (given,)))
    assert allowed.reasons[0].entry == given.event_id
    assert named(allowed) == {"VSH-17", "US-TCPA-PEC", "VSH-18"}


def test_a_reason_names_the_clause_in_the_wording() -> None:
    assert ask().reasons[0].clause == "SMS/MMS › Opt-In and Consent"


@pytest.mark.parametrize("state", ["refused", "withdrawn", "expired"])
def test_only_a_given_consent_lets_a_text_go(state: str) -> None:
    denied = ask(standing=Standing(None, (fact(state),)))
    assert (denied.answer, codes(denied)) == ("deny", [f"consent-{state}"])


def test_a_person_may_change_their_mind_again() -> None:
    again = (fact("withdrawn", days=-5, person=ANNA), fact("given", days=-1, person=ANNA))
    assert ask(standing=Standing(None, again)).answer == "allow"
    assert ask(standing=Standing(None, again[::-1])).answer == "allow"


def test_a_consent_for_the_number_does_not_undo_what_a_person_withdrew() -> None:
    words = (fact("withdrawn", days=-5, person=ANNA), fact("given", days=-1))
    assert codes(ask(standing=Standing(None, words))) == ["persons-disagree"]


def test_a_withdrawal_for_the_number_is_undone_by_a_later_consent_only() -> None:
    assert ask(standing=Standing(None, (fact("withdrawn", days=-5), fact(days=-1, person=ANNA)))).answer == "allow"
    assert ask(standing=Standing(None, (fact("withdrawn", days=-1), fact(days=-5, person=ANNA)))).answer == "deny"
    assert ask(standing=Standing(None, (fact("withdrawn", days=-3), fact(days=-3, person=ANNA)))).answer == "deny"


def test_an_expired_consent_of_one_person_does_not_spoil_anothers() -> None:
    assert ask(standing=Standing(None, (fact("expired", person=ANNA), fact(person=BERT)))).answer == "allow"


def test_the_order_in_which_facts_are_handed_over_does_not_matter() -> None:
    words = (fact("refused", days=-9, person=BERT), fact("given", days=-3, person=ANNA), fact("expired", days=-20))
    answers = {codes(ask(standing=Standing(None, order)))[0] for order in (words, words[::-1], words[1:] + words[:1])}
    assert answers == {"persons-disagree"}


def test_marketing_calls_go_once_a_legal_basis_is_recorded_and_stop_when_refused() -> None:
    organization, versions, law = valley()
    basis = organization.source.replace(
        '# Off until the operator writes here why such calls are permitted: legal_basis = "…"',
        'legal_basis = "written agreement on file"',
    )
    book = compile_rulebook(parse_organization(basis), versions, law, NOW)
    assert ask("marketing-calls", "promotion", "voice", book=book).answer == "allow"
    denied = ask("marketing-calls", "promotion", "voice", Standing(stop(), ()), book=book)
    assert (denied.answer, "VSH-42" in named(denied)) == ("deny", True)


def test_a_program_that_calls_itself_softer_than_the_promise_is_still_asked_for_consent() -> None:
    organization, versions, law = valley()
    softer = parse_organization(organization.source.replace('footing = "opt-in"', 'footing = "opt-out"'))
    for rules in (law, ()):
        book = compile_rulebook(softer, versions, rules, NOW)
        assert codes(ask(book=book)) == ["no-consent"]


def test_the_law_alone_asks_for_consent_where_the_policy_is_silent() -> None:
    organization, versions, law = valley()
    silent = tuple(one for one in versions[0].commitments if one.kind != "consent-required")
    version = replace(versions[0], commitments=silent, commitments_sha256=b"\2" * 32)
    book = compile_rulebook(organization, (version,), law, NOW)
    assert named(ask(book=book)) == {"US-TCPA-PEC"}


def test_a_text_takes_its_place_in_the_gsm_alphabet() -> None:
    assert [length(one) for one in ("STOP", "a€b", "naïve", "ñ")] == [4, 4, None, 1]


@pytest.mark.parametrize(("kind", "most"), [("stop", 160), ("already", 160), ("help", 306), ("start", 306),
                                            ("how_to_opt_in", 306)])  # fmt: skip
def test_every_answer_fits_and_names_the_company(kind: str, most: int) -> None:
    text = rulebook().reply(kind, TEXTS, "en")
    assert "Valley Smart Homes" in text
    assert "{{" not in text
    places = length(text)
    assert places is not None and places <= most


def test_an_answer_in_a_language_that_is_not_spoken_comes_in_the_first() -> None:
    assert rulebook().reply("help", None, "fr") == rulebook().reply("help", TEXTS, "en")
    assert rulebook().keyword_wording(TEXTS, "fr")[1] == "en"


def test_the_confirmation_of_a_stop_neither_sells_nor_persuades() -> None:
    text = rulebook().reply("stop").casefold()
    assert "unsubscribed" in text
    assert not any(word in text for word in ("offer", "sale", "deal", "http", "sorry", "stay"))


def test_receipt_facts_say_what_the_policy_says() -> None:
    facts = rulebook().receipt_facts(TEXTS)
    (processing,) = facts["processing"]
    assert processing["retention_period"] == "P5Y"
    assert processing["lawful_basis"] == "dpv:Consent"
    assert facts["notice"]["sha256"] == rulebook().policy_version.sha256
    names = {one["party_id"]: one["name"] for one in facts["parties"]}
    assert [names[one] for one in processing["recipients"]] == [
        "Messaging platforms", "Message aggregators", "Wireless carriers",
    ]  # fmt: skip
    assert names["p1"] == "Valley Smart Homes"


def test_receipts_exist_for_every_program() -> None:
    for program in valley()[0].programs:
        assert rulebook().receipt_facts(program.key)["processing"][0]["purpose_code"] == program.key


def test_the_same_content_is_compiled_once() -> None:
    assert rulebook(NOW) is rulebook(NOW - timedelta(days=30))


def test_any_change_of_content_gives_another_hash() -> None:
    organization, versions, law = valley()
    base = rulebook().content_hash
    renamed = parse_organization(organization.source + "\n# a remark\n")
    assert compile_rulebook(renamed, versions, law, NOW).content_hash != base
    changed = replace(versions[0], commitments_sha256=b"\1" * 32)
    assert compile_rulebook(organization, (changed,), law, NOW).content_hash != base
    fewer = [one for one in law if one.id != "US-TCPA-PEC"]
    assert compile_rulebook(organization, versions, fewer, NOW).content_hash != base


def test_the_shipped_law_is_read_once() -> None:
    assert packs_root() == POLICIES
    assert load_law(packs_root() / "law") is load_law(packs_root() / "law")


@pytest.mark.parametrize("state", ["maybe", None, "expired"])
def test_a_state_that_nobody_can_say_is_refused(state: str | None) -> None:
    draft = ConsentDraft(TEXTS, "sms", "+15095550142", state, NOW, "web-form", "I agree.", "en", "192.0.2.7")
    assert [one.field for one in rulebook().consent_findings(draft)] == ["state"]


@pytest.mark.parametrize(
    ("program", "channel", "field"),
    [("newsletter", "sms", "program"), (TEXTS, "email", "channel"), (TEXTS, None, "channel"),
     ("service-email", "email", "program"), ("service-calls", "voice", "program")],
)  # fmt: skip
def test_a_consent_to_what_does_not_exist_or_needs_none_is_refused(
    program: str, channel: str | None, field: str
) -> None:
    draft = ConsentDraft(program, channel, "+15095550142", "given", NOW, "web-form", "I agree.", "en", "192.0.2.7")
    assert [one.field for one in rulebook().consent_findings(draft)] == [field]


def test_an_ip_and_a_reason_for_its_absence_do_not_go_together() -> None:
    draft = ConsentDraft(TEXTS, "sms", "+15095550142", "given", NOW, "web-form", "I agree.", "en", "192.0.2.7", "none")
    assert [one.field for one in rulebook().consent_findings(draft)] == ["ip_absent_reason"]


def test_an_empty_draft_is_told_everything_at_once() -> None:
    empty = ConsentDraft(TEXTS, "sms", None, "given", None, None)
    fields = [one.field for one in rulebook().consent_findings(empty)]
    assert sorted(fields) == ["address", "ip", "method", "occurred_at", "wording"]
    assert all(isinstance(one, Missing) and one.sentence.endswith(".") for one in rulebook().consent_findings(empty))


def test_no_reason_or_finding_repeats_an_address() -> None:
    number = "+15095550142"
    draft = ConsentDraft(TEXTS, "sms", number, "given", NOW, "keyword", "I agree.", "en", "192.0.2.7")
    said = str(rulebook().consent_findings(draft))
    assert number not in said
    assert "192.0.2.7" not in said
    question = Question(TEXTS, "outage", "sms", NOW, content=f"call {number}")
    assert number not in str(rulebook().may_contact(question, Standing(stop(), ())))


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_a_no_is_taken_however_the_form_was_made_and_however_young_the_person(state: str) -> None:
    said = ConsentDraft(TEXTS, "sms", "+15095550142", state, NOW, "web-form")
    told = said._replace(pre_ticked=True, bundled=True, mandatory=True, declared_age=9)
    assert rulebook().consent_findings(told) == ()


@pytest.mark.parametrize(("period", "minutes"), [("PT5M", 5), ("PT2M", 2)])
def test_how_late_a_stop_may_be_confirmed_is_what_the_law_file_says(period: str, minutes: int) -> None:
    organization, versions, law = valley()
    told = [
        replace(one, parameters={**one.parameters, "period": period}, sha256=period.encode())
        if one.id == "US-TCPA-CONFIRM"
        else one
        for one in law
    ]
    assert compile_rulebook(organization, versions, told, NOW).stop_confirmed_within == timedelta(minutes=minutes)


def test_where_nothing_is_said_of_it_a_stop_is_confirmed_within_five_minutes_too() -> None:
    organization, versions, _ = valley()
    assert compile_rulebook(organization, versions, [], NOW).stop_confirmed_within == timedelta(minutes=5)
