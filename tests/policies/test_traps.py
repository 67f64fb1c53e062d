"""The traps a naive reading falls into, as far as the rulebook can show them. Each test carries the trap's number."""

from dataclasses import replace as changed
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from consent.policies.check import check
from consent.policies.kinds.consent import controls_refused
from consent.policies.kinds.notices import lead_of
from consent.policies.kinds.retention import kept_for
from consent.policies.kinds.sharing import forbids
from consent.policies.rulebook import ConsentDraft, ConsentFact, Question, Standing, StopFact, compile_rulebook
from tests.policies.house import NOW, TEXTS, ask, codes, copy_of_valley, fact, named, replace, rulebook, stop, valley

ANNA, BERT = UUID(int=1), UUID(int=2)


def standing(*facts: ConsentFact, stopped: StopFact | None = None) -> Standing:
    return Standing(stopped, facts)


def test_t_01_a_marketing_consent_never_unlocks_promotion_by_text() -> None:
    everything = [fact(program=program) for program in (TEXTS, "marketing-email", "marketing-calls")]
    for program in (TEXTS, "marketing-email", "marketing-calls"):
        denied = ask(program, "promotion", "sms", standing(*everything))
        assert denied.answer == "deny"
        assert "VSH-26" in named(denied)


def test_t_01_there_is_no_marketing_by_text_to_consent_to() -> None:
    draft = ConsentDraft(
        "marketing-email", "sms", "+15095550142", "given", NOW, "web-form", "Offers, please.", "en", "192.0.2.7"
    )
    (only,) = rulebook().consent_findings(draft)
    assert (only.field, only.commitment) == ("channel", "VSH-26")


def test_t_01_a_promotion_inside_the_text_program_is_refused_at_check(tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    replace(pack / "organization.toml", '  "service-communication",\n', '  "service-communication",\n  "promotion",\n')
    assert any("VSH-26 bans promotion on sms" in one.message for one in check(pack))


def test_t_02_a_quote_answers_an_inquiry_and_feedback_follows_finished_work() -> None:
    commitment = valley()[1][0].commitment("VSH-18")
    assert commitment is not None
    assert commitment.decided == {"price_quote_needs": "own-inquiry", "feedback_request_needs": "finished-service"}


@pytest.mark.parametrize(
    "text",
    [
        "Your invoice of $80 is ready. Use discount code SAVE10 for TV.",
        "Outage over. Upgrade today: 20% off!",
        "How did we do? Refer a friend and get a free month.",
        "Your quote is ready. LIMITED-TIME OFFER inside.",
    ],
)
def test_t_02_an_offer_inside_a_service_text_is_held_back(text: str) -> None:
    question = Question(TEXTS, "invoice", "sms", NOW, content=text)
    denied = rulebook().may_contact(question, standing(fact()))
    assert (denied.answer, codes(denied), named(denied)) == ("deny", ["content-promotional"], {"VSH-26"})
    by_mail = rulebook().may_contact(question._replace(program="service-email", channel="email"), standing())
    assert (by_mail.answer, named(by_mail)) == ("deny", {"VSH-39"})


@pytest.mark.parametrize(
    "text",
    [
        "Your invoice of $80.00 is ready. Autopay will be charged on 5 May.",
        "Your quote for the cabling you asked about: $300. Call 509-557-0508.",
        "An outage affects your area. We switched off node 4 and work on it.",
        "Your technician Kim arrives between 2 and 4.",
    ],
)
def test_t_02_plain_service_texts_pass(text: str) -> None:
    question = Question(TEXTS, "invoice", "sms", NOW, content=text)
    assert rulebook().may_contact(question, standing(fact())).answer == "allow"


def test_t_02_our_own_answers_hold_no_offer_and_an_answer_with_one_is_held_back() -> None:
    for kind in ("stop", "help", "start", "already", "how_to_opt_in"):
        question = Question(TEXTS, "keyword-reply", "sms", NOW, rulebook().reply(kind), True)
        assert rulebook().may_contact(question, standing(stopped=stop())).answer == "allow"
    selling = Question(TEXTS, "keyword-reply", "sms", NOW, "You are out. Come back for 20% off!", True)
    assert rulebook().may_contact(selling, standing(stopped=stop())).answer == "deny"


@pytest.mark.parametrize("design", ["pre_ticked", "bundled", "mandatory"])
def test_t_03_a_preset_bundled_or_mandatory_box_is_refused_at_check(tmp_path: Path, design: str) -> None:
    pack = copy_of_valley(tmp_path)
    file = pack / "organization.toml"
    replace(file, 'footing = "opt-in"\n', f'footing = "opt-in"\nopt_in_box = {{ {design} = true }}\n')
    assert any(one.key == f"programs.{TEXTS}.opt_in_box.{design}" for one in check(pack))


def test_t_03_a_number_alone_is_no_consent() -> None:
    assert codes(ask(standing=standing())) == ["no-consent"]


def test_t_04_a_single_text_needs_the_opt_in_too() -> None:
    assert {one: ask(message_class=one).answer for one in ("outage", "technician-update", "invoice")} == {
        "outage": "deny",
        "technician-update": "deny",
        "invoice": "deny",
    }


def test_t_04_only_a_direct_answer_goes_without_opt_in_and_never_with_promotion() -> None:
    assert ask(TEXTS, "keyword-reply", answers_keyword=True).answer == "allow"
    assert ask(TEXTS, "keyword-reply", answers_keyword=False).answer == "deny"
    assert ask(TEXTS, "promotion", answers_keyword=True).answer == "deny"


def test_t_05_help_is_answered_although_stopped() -> None:
    answer = ask(TEXTS, "keyword-reply", standing=standing(stopped=stop()), answers_keyword=True)
    assert answer.answer == "allow"
    assert {"VSH-25", "VSH-27", "US-TCPA-CONFIRM"} == named(answer)


def test_t_07_one_person_of_a_shared_number_saying_no_is_enough() -> None:
    both = standing(fact(person=ANNA), fact("refused", person=BERT, days=-20))
    assert codes(ask(standing=both)) == ["persons-disagree"]
    assert ask(standing=standing(fact(person=ANNA), fact(person=BERT))).answer == "allow"


def test_t_07_a_consent_of_one_program_says_nothing_about_another() -> None:
    assert ask(standing=standing(fact(program="marketing-email"))).answer == "deny"


def test_t_07_stop_binds_the_number_whoever_consented() -> None:
    both = standing(fact(person=ANNA), fact(person=BERT), stopped=stop())
    assert codes(ask(standing=both)) == ["suppressed", "on-suppression-list"]


def test_t_08_stop_by_text_leaves_service_mail_and_calls_alone() -> None:
    # Standing is of one contact point: even a stop on the address itself leaves what nobody can refuse.
    assert ask("service-email", "outage", "email", standing(stopped=stop())).answer == "allow"
    assert ask("service-calls", "outage", "voice", standing(stopped=stop())).answer == "allow"


def test_t_09_the_same_outage_may_go_by_mail_but_a_marketing_call_may_not() -> None:
    assert ask(message_class="outage", standing=standing(stopped=stop())).answer == "deny"
    assert ask("service-email", "outage", "email").answer == "allow"
    assert ask("service-calls", "outage", "voice").answer == "allow"
    assert ask("marketing-calls", "promotion", "voice").answer == "deny"
    assert ask("service-calls", "promotion", "voice").answer == "deny"


def test_t_10_only_a_strictly_later_consent_lifts_a_stop() -> None:
    stopped = stop(-5)
    assert ask(standing=standing(fact(days=-5.001), stopped=stopped)).answer == "deny"
    assert ask(standing=standing(fact(days=-5), stopped=stopped)).answer == "deny"
    assert ask(standing=standing(fact(days=-4.999), stopped=stopped)).answer == "allow"


def test_t_10_a_later_consent_to_another_program_lifts_nothing() -> None:
    assert ask(standing=standing(fact(days=-1, program="marketing-email"), stopped=stop())).answer == "deny"


def test_t_10_the_withdrawals_that_a_stop_wrote_do_not_outlive_it() -> None:
    stopped = stop(-5)
    ended = fact("withdrawn", days=-5, person=BERT)._replace(event_id=stopped.event_id)
    assert ask(standing=standing(ended, fact(days=-1, person=ANNA), stopped=stopped)).answer == "allow"


def test_t_10_start_names_what_it_agrees_to() -> None:
    wording, language = rulebook().keyword_wording(TEXTS)
    assert language == "en"
    assert "START" in wording
    assert rulebook().renewable_by_start("main") == (TEXTS,)
    assert rulebook().keyword_programs("main") == ()


@pytest.mark.parametrize("method", ["keyword", "sms-keyword", "paper", "voice", "phone_call", "staff"])
def test_t_11_an_ip_that_cannot_be_the_persons_is_refused(method: str) -> None:
    draft = ConsentDraft(TEXTS, "sms", "+15095550142", "given", NOW, method, "I agree.", "en", "192.0.2.7")
    (only,) = rulebook().consent_findings(draft)
    assert (only.field, only.commitment) == ("ip", "VSH-20")
    (reason,) = rulebook().consent_findings(draft._replace(ip=None))
    assert reason.field == "ip_absent_reason"
    assert rulebook().consent_findings(draft._replace(ip=None, ip_absent_reason="sent from a phone")) == ()


def test_t_12_of_a_stop_and_a_consent_of_the_same_instant_the_stop_wins() -> None:
    assert ask(standing=standing(fact(days=-3), stopped=stop(-3))).answer == "deny"


def test_t_13_and_t_14_the_list_survives_deletion_closure_and_import() -> None:
    commitment = valley()[1][0].commitment("VSH-23")
    assert commitment is not None
    assert commitment.parameters["survives"] == ["deletion-request", "account-closure", "number-import"]
    assert commitment.decided["keep"] == ["number-or-keyed-hash", "date", "source"]


def test_t_15_proof_of_consent_outlasts_the_text_of_messages() -> None:
    commitment = valley()[1][0].commitment("VSH-30")
    assert commitment is not None
    assert kept_for(commitment, "message-text-in-out") == ("P24M", "recorded")
    assert kept_for(commitment, "consent-records") == ("P5Y", "enrollment-end")


def test_t_18_a_refusal_counts_even_where_no_policy_offers_the_way() -> None:
    organization, versions, _ = valley()
    silent = [one for one in versions[0].commitments if one.kind not in ("opt-out-channel", "suppression-record")]

    version = changed(versions[0], commitments=tuple(silent), commitments_sha256=uuid4().bytes * 2)
    book = compile_rulebook(organization, (version,), (), NOW)
    assert ask("marketing-email", "promotion", "email", standing(stopped=stop()), book=book).answer == "deny"
    assert ask(standing=standing(fact(), stopped=stop()), book=book).answer == "deny"


def test_t_20_no_condition_of_purchase_covers_texts_and_not_mail() -> None:

    commitment = valley()[1][0].commitment("VSH-19")
    assert commitment is not None
    assert controls_refused(commitment, "sms")
    assert not controls_refused(commitment, "email")


def test_t_70_three_bans_of_different_reach_are_never_merged() -> None:

    version = valley()[1][0]
    platforms, texts, billing = (version.commitment(one) for one in ("VSH-15", "VSH-28", "VSH-63"))
    assert platforms and texts and billing
    assert forbids(texts, "mobile-number", "affiliates", "marketing")
    assert not forbids(billing, "billing", "affiliates", "marketing")
    assert not forbids(platforms, "billing", "affiliates", "marketing")


def test_t_92_no_notice_is_invented_where_only_a_date_is_promised() -> None:

    notices = [one for one in valley()[1][0].commitments if one.kind == "notice-of-change"]
    assert [lead_of(one.parameters, one.decided) for one in notices] == [None]
