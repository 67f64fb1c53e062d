"""The traps that a naive reading of 1VALET's policy falls into, each by its number.

The figures are literals, worked out by hand.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from consent.deadlines import window_back
from consent.policies.answers.features import Features
from consent.policies.answers.incidents import Delay
from consent.policies.answers.notices import Change
from consent.policies.answers.retention import Hold
from consent.policies.kinds import documents, sharing
from consent.policies.kinds.notices import lead_of
from consent.policies.questions import Facts
from consent.policies.rulebook import ConsentDraft, Standing, StopFact
from tests.policies.packs_1v import (
    ASKED,
    CALIFORNIAN,
    CANADIAN,
    COMMITMENTS,
    NOW,
    NYC,
    OTTAWA,
    STOPPED,
    about,
    ages,
    agreed,
    ask,
    asking,
    breached,
    by,
    codes,
    counted,
    deleted,
    features,
    found_in,
    gathering,
    goes,
    grounds_of,
    inventory,
    named,
    notices,
    offers,
    parts,
    policy,
    rulebook,
    share,
    tracker,
    trackers,
    v1,
    word,
)


def test_t_18_texts_stop_although_the_wording_offers_no_stop_and_no_help() -> None:
    for program, sender in (("information-texts", "news"), ("service-texts", "service")):
        for one in ("stop", "help", "start", "already", "how_to_opt_in"):
            for language in ("en", "fr"):
                assert "1VALET" in rulebook().reply(one, program, language)
        assert program in rulebook().stop_scope(sender)
    texted = Facts(reference="order 4711")
    joined = agreed("service-texts")
    assert ask("service-texts", "requested-service", "sms", joined, facts=texted).answer == "allow"
    stopped = Standing(StopFact(NOW, uuid4()), joined.consents)
    assert codes(ask("service-texts", "requested-service", "sms", stopped, facts=texted)) == ["suppressed"]


def test_t_20_nothing_here_says_that_buying_is_free_of_consent_but_the_law_does_by_text() -> None:
    assert not [one for one in policy().commitments if one.kind == "consent-not-condition"]


def test_t_22_important_updates_can_be_refused_and_the_persons_own_service_cannot() -> None:
    assert ask("information", "important-update", "email", STOPPED).answer == "deny"
    assert about("requested-service", "email", STOPPED).answer == "allow"
    # The label does not help: an update is no message of the service program.
    facts = Facts(reference="order 4711")
    mislabelled = ask("service-messages", "important-update", "email", STOPPED, facts=facts)
    assert "class-not-in-program" in codes(mislabelled)


def test_t_23_the_vendor_never_gets_the_audience_of_an_offer() -> None:
    for chosen in (False, True):
        refused = share("identifiers", "chosen-third-party-vendors", "marketing", chosen=chosen)
        assert (codes(refused), named(refused)) == (["banned"], {"1V-14"})
    assert share("identifiers", "chosen-third-party-vendors", chosen=True).answer == "allow"
    assert codes(share("identifiers", "chosen-third-party-vendors")) == ["not-chosen"]


def test_t_25_an_offer_inside_a_service_message_makes_it_an_offer() -> None:
    text = "Your parcel is in the lobby. Exclusive offer: free month of cleaning."
    refused = about("received-service", "email", content=text)
    assert (codes(refused), named(refused)) == (["content-promotional"], {"1V-13"})
    assert about("received-service", "email", content="Your parcel is in the lobby.").answer == "allow"


def test_t_27_using_the_services_agrees_to_no_text_no_offer_and_no_face_and_a_visitor_agreed_to_nothing() -> None:
    for program in ("service-texts", "information-texts", "facial-entry"):
        draft = ConsentDraft(
            program, "sms", "+16135550142", "given", NOW, "use", "By using this I agree.", "en", "192.0.2.7"
        )
        assert "1V-57" in {one.commitment for one in rulebook().consent_findings(draft)}
    at_the_door = gathering(person="visitor", moment="entry-or-visit-public-door", source="automatic")
    assert inventory().may_collect("sensory-image", at_the_door).answer == "allow"  # on notice, not on consent
    assert features().may_run("facial-entry").answer == "deny"


def test_t_29_facial_entry_is_agreed_to_with_its_own_policy_and_not_while_that_is_missing() -> None:
    companion = features().companion("facial-entry")
    assert companion is not None
    assert (companion.policy, companion.version) == ("facial-entry-policy", "2022-06-29")
    assert companion.text_sha256 != policy().text_sha256
    alone = Features(parts()[0], policy().commitments, (policy(),))
    assert alone.companion_missing("facial-entry")
    assert not alone.companion_missing("keyless-entry")


def test_t_30_new_york_city_has_two_clocks_of_90_days() -> None:
    ages_ago, moved = date(2024, 1, 15), date(2024, 5, 31)
    entry = goes("authentication-data", {"collected": ages_ago, "permanent-vacate": moved})
    assert (entry.due, grounds_of(entry)) == (date(2024, 4, 14), ["1V-27"])  # three months would be a day late
    face = goes("reference-data", {"collected": ages_ago, "permanent-vacate": moved})
    assert (face.due, grounds_of(face)) == (date(2024, 8, 29), ["1V-28"])


def test_t_31_moving_out_is_an_event_of_its_building_and_the_place_is_the_buildings() -> None:
    assert goes("reference-data", {"notice-given": date(2024, 5, 1)}).due is None
    assert goes("reference-data", {"permanent-vacate": date(2024, 8, 31)}).due == date(2024, 11, 29)
    assert goes("reference-data", {"permanent-vacate": date(2024, 8, 31)}, "US-NJ").due is None


def test_t_32_tax_contract_and_law_do_not_extend_new_york_city_data_and_a_person_decides() -> None:
    for ground in ("tax", "perform-contract", "legal-obligation", "other-legal", "complete-transaction"):
        refused = goes(
            "authentication-data",
            {"collected": date(2024, 1, 15)},
            NYC,
            Hold(ground, date(2024, 4, 1), date(2030, 1, 1)),
        )
        assert refused.due == date(2024, 4, 14)
        assert [one.code for one in refused.escalate] == ["ground-not-admitted"]


def test_t_33_an_open_request_freezes_ordinary_data_and_never_new_york_city_data() -> None:
    asked = Hold("access-request", date(2024, 4, 1), date(2024, 6, 30), open_request=True)
    frozen = goes("identifiers", {"account-end": date(2024, 1, 15)}, NYC, asked)
    assert frozen.due == date(2024, 6, 30)
    entry = goes("authentication-data", {"collected": date(2024, 1, 15)}, NYC, asked)
    assert (entry.due, [one.code for one in entry.escalate]) == (date(2024, 4, 14), ["request-does-not-hold"])


def test_t_34_ten_business_days_and_ninety_calendar_days_each_name_their_basis() -> None:
    assert v1(33).parameters["period_basis"] == "business-day"
    assert v1(27).parameters["period_basis"] == "calendar-day"
    places = parts()[0].jurisdictions
    assert by("P10D", "business-day", date(2024, 6, 28), *places) == date(2024, 7, 12)
    assert by("P10D", "calendar-day", date(2024, 6, 28)) == date(2024, 7, 8)


def test_t_35_only_holidays_that_both_countries_share_are_skipped() -> None:
    places = parts()[0].jurisdictions
    assert by("P10D", "business-day", date(2024, 6, 28), *places) == date(2024, 7, 12)
    # Labour Day 2026 is a holiday in both: it is skipped.
    assert by("P10D", "business-day", date(2026, 8, 31), *places) == date(2026, 9, 15)


def test_t_36_within_rounds_down_and_a_window_rounds_outwards() -> None:
    assert by("P90D", "calendar-day", date(2024, 1, 15)) == date(2024, 4, 14)
    assert window_back("P12M", date(2024, 2, 29), OTTAWA).first == date(2023, 2, 28)


def test_t_37_the_breach_clock_starts_at_detection_with_a_written_reason() -> None:
    found = datetime(2024, 6, 28, 14, 0, tzinfo=UTC)
    notice = breached(
        found, occurred_at=datetime(2024, 5, 1, tzinfo=UTC), confirmed_at=datetime(2024, 7, 8, tzinfo=UTC)
    )
    assert notice.due == date(2024, 7, 12)
    opened = v1(33).open
    assert opened is not None
    assert "earliest moment" in opened.reason


def test_t_38_the_breach_mail_has_a_number_no_condition_and_no_ground_to_wait() -> None:
    found = datetime(2024, 6, 28, 14, 0, tzinfo=UTC)
    for required in (None, False, True):
        notice = breached(found, law_requires=required)
        assert (notice.state, notice.due) == ("due", date(2024, 7, 12))
    waiting = breached(found, delay=Delay("legal-need", "court", date(2024, 8, 1)))
    assert (waiting.state, waiting.due) == ("due", date(2024, 7, 12))
    assert "no-ground-to-delay" in [one.code for one in waiting.reasons]


def test_t_41_twice_a_year_and_twelve_months_back_are_two_things() -> None:
    new_year = datetime(2024, 1, 10, 15, 0, tzinfo=UTC)
    tally = counted(CALIFORNIAN, "specific-pieces", new_year, date(2023, 12, 5), date(2023, 12, 20))
    assert (tally.counted, tally.rolling, tally.decision) == (0, 2, "answer")
    window = asking().window("specific-pieces", datetime(2024, 2, 29, 15, 0, tzinfo=UTC))
    assert window is not None
    assert window.first == date(2023, 2, 28)  # 365 days would say 2023-03-01


def test_t_42_the_cap_is_about_specific_pieces_in_california_alone() -> None:
    often = [date(2026, 3, day) for day in range(1, 8)]
    assert counted(CALIFORNIAN, "specific-pieces", ASKED, *often).decision == "staff-decides"
    assert counted(CALIFORNIAN, "specific-pieces", ASKED, None, None, None).decision == "answer"
    for other in ("deletion", "correction", "direct-marketing-disclosure", "access-account"):
        assert counted(CALIFORNIAN, other, ASKED, *often).decision == "answer"
    assert counted(CANADIAN, "access", ASKED, *often).decision == "answer"


def test_t_44_the_date_of_the_update_is_taken_as_that_of_effect_and_said_so() -> None:
    assert v1(1).parameters["effective_date"] == "not-stated"
    assert documents.effective_day(v1(1)) == date(2022, 6, 29)
    assert v1(1).open is not None


def test_t_45_the_date_is_written_year_first() -> None:
    assert v1(1).parameters["date_format"] == "YYYY-MM-DD"
    assert "Last modified: 2022-06-29" in policy().text


def test_t_48_what_the_wording_leaves_open_has_a_figure_and_a_reason() -> None:
    opened = v1(24).open
    assert opened is not None
    assert opened.reason
    assert all(one["for"] for one in v1(24).decided["periods"].values())


def test_t_49_only_californians_are_promised_deletion_and_only_of_what_they_gave() -> None:
    assert "deletion" in offers(CALIFORNIAN)
    assert "deletion" not in offers(CANADIAN)
    refused = asking().may_ask("deletion", CANADIAN)
    assert (refused.answer, codes(refused)) == ("deny", ["not-offered"])


def test_t_50_the_source_is_asked_item_by_item() -> None:
    assert deleted(CALIFORNIAN, "identifiers", "person").outcome == "deleted"
    assert deleted(CALIFORNIAN, "identifiers", "property-management").outcome == "outside-the-right"
    assert deleted(CALIFORNIAN, "identifiers", None).outcome == "outside-the-right"


def test_t_59_a_letter_without_the_persons_identity_releases_nothing() -> None:
    assert asking().may_represent("deletion", CALIFORNIAN, frozenset({"authority"})).answer == "deny"
    assert asking().may_represent("deletion", CALIFORNIAN, frozenset({"principal-identity"})).answer == "deny"
    shown = frozenset({"authority", "principal-identity"})
    assert asking().may_represent("deletion", CALIFORNIAN, shown).answer == "allow"
    closed = goes("verification-data", {"request-closed": date(2026, 11, 20)}, "US-CA")
    assert closed.due == date(2026, 11, 20)


def test_t_66_nothing_is_sold_so_there_is_a_statement_and_no_switch(tmp_path: Path) -> None:
    assert v1(54).parameters["mechanism"] == "none"
    assert all("sale" not in request for request in offers(CALIFORNIAN))
    assert not [one for one in parts()[0].programs if "sale" in one.key]
    vendors = 'vendor_condition = "person-chose-vendor"'
    found = found_in(tmp_path, vendors, f'{vendors}\npurposes = ["sale"]', COMMITMENTS)
    assert any("1V-14 bans" in one for one in found)


def test_t_68_no_word_of_the_pack_may_rank_people_by_what_they_asked_for(tmp_path: Path) -> None:
    sound = found_in(tmp_path / "sound", 'slug = "1valet"', 'slug = "1valet"')
    assert sound == []
    spoiled = 'condition = "used-a-right"\n'
    found = found_in(tmp_path / "spoiled", 'condition = "safety-necessity"\n', spoiled, COMMITMENTS)
    assert any("1V-20" in one and "right" in one for one in found)


def test_t_75_landlord_and_property_management_are_two_recipients() -> None:
    here = {"building": "elgin-1", "recipient_building": "elgin-1"}
    assert share("identifiers", "property-management", **here).answer == "allow"
    refused = share("identifiers", "landlord", **here)
    assert (codes(refused), named(refused)) == (["condition-missing"], {"1V-20"})


def test_t_76_authorities_need_a_law_also_abroad_and_nobody_has_to_be_told() -> None:
    lawful = {"met": frozenset({"applicable-law"}), "instrument": "order 12-3456", "compelled": True}
    given = share("identifiers", "authorities-foreign", "legal-requirements", country="US", **lawful)
    assert codes(given) == ["listed"]  # no "tell-the-person"
    assert share("identifiers", "authorities-foreign", "legal-requirements", **lawful).answer == "deny"


def test_t_78_advertising_among_the_purposes_hands_nobody_person_level_data() -> None:
    assert inventory().may_use("identifiers", "third-party-advertising", basis="contract").answer == "deny"
    assert named(share("identifiers", "advertisers", "advertising")) == {"1V-14"}


def test_t_80_a_verification_number_passes_through_and_is_never_stored() -> None:
    assert inventory().may_collect("financial", gathering(person="owner")).answer == "allow"
    refused = inventory().may_hold("verification-number")
    assert "1V-32" in named(refused)
    assert "never-stored" in codes(refused)


def test_t_84_analytics_in_the_app_only_without_cookies_and_without_following() -> None:
    assert tracker("analytics", "resident-app", "google", cookie=False).answer == "allow"
    assert tracker("analytics", "resident-app", "google").answer == "deny"
    assert tracker("analytics", "resident-app", "google", cookie=False, behavioural=True).answer == "deny"


def test_t_85_do_not_track_and_global_privacy_control_are_two_signals() -> None:
    assert tracker("advertising", "website", "advertisers", dnt=True).answer == "allow"
    assert codes(tracker("advertising", "website", "advertisers", gpc=True)) == ["gpc-sent"]
    (said,) = trackers().statements()
    assert "do not react" in said


def test_t_86_rules_differ_by_surface_and_no_switch_is_shown_that_nobody_promised() -> None:
    assert tracker("advertising", "partner-portal", "advertisers").answer == "allow"
    assert tracker("advertising", "1connect-portal", "advertisers").answer == "deny"
    assert not trackers().controls().on_site


def test_t_87_technical_data_is_personal_whatever_the_wording_calls_it() -> None:
    assert inventory().is_personal("technical")
    assert sharing.forbids(v1(14), "technical", "third-parties", "sale")


def test_t_90_thirteen_is_old_enough_and_twelve_is_not() -> None:
    assert ages().minimum() == (13, ("1V-34",))
    assert (ages().may("opt-in", 12).answer, ages().may("opt-in", 13).answer) == ("deny", "allow")


def test_t_91_a_door_may_film_a_child_and_facial_entry_may_not_enrol_one() -> None:
    at_the_door = gathering(person="visitor", moment="entry-or-visit-public-door", source="automatic")
    assert inventory().may_collect("sensory-image", at_the_door).answer == "allow"
    enrolled = features().may_run("facial-entry", [word("facial-entry", "given", 1)], Facts(minor=True))
    assert (codes(enrolled), named(enrolled)) == (["minor"], {"1V-34"})


def test_t_92_a_change_is_told_by_its_date_and_nobody_is_mailed() -> None:
    assert lead_of(v1(56).parameters, v1(56).decided) is None
    change = Change(frozenset({"recipients"}), material=True)
    assert notices().enough(change, frozenset({"policy-page", "policy-page-date"})).answer == "allow"
    mail = notices().may_email(
        change, affected=True, opted_in=True, refused_mail=False, refused_policy_mail=False, site_notice=True
    )
    assert (mail.answer, codes(mail)) == ("deny", ["mail-not-promised"])
