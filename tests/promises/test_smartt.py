"""What Smartt's doors do because its Privacy Agreement promises it; figures and words are those of the papers."""

from tests.promises.conftest import Reader
from tests.support.organizations import consent_to
from tests.support.systems import Systems

SLUG = "smartt"


def test_smt_02_use_under_a_version_is_on_record_for_the_promise_that_takes_it_as_agreement(systems: Systems) -> None:
    told = systems.post("policies/first-uses", {"person": "visitor-1", "used_at": "2026-11-20T12:00:00Z"})
    assert [(one["policy"], one["commitment"]) for one in told.get_json()["uses"]] == [("privacy-agreement", "SMT-02")]
    refused = systems.post("consents", consent_to("newsletter", "email", "ana@home.example", method="use")).get_json()
    assert [(one["field"], one["commitment"]) for one in refused["errors"]] == [("method", "SMT-02")]


def test_smt_24_being_registered_for_the_portals_signs_nobody_up(systems: Systems) -> None:
    body = consent_to("newsletter", "email", "ana@home.example", method="portal-registration")
    refused = systems.post("consents", body).get_json()
    assert [(one["field"], one["commitment"]) for one in refused["errors"]] == [("method", "SMT-24")]


def test_smt_30_each_of_the_seven_measures_waits_for_somebody_who_answers_for_it(desk: Reader) -> None:
    page = desk("safeguards")
    for measure in (
        "Security of the network", "Policies", "Procedures", "Training", "Control of physical access",
        "Control of access", "Secure transmission",
    ):  # fmt: skip
        assert f"{measure} Nobody answers for it · SMT-30" in page
    assert "Safeguards need a review 9" in desk("home")  # with the two of the recorded calls, SMT-12


def test_smt_31_and_smt_32_a_breach_waits_for_an_assessment_and_then_tells_in_three_days(systems: Systems) -> None:
    """Believed from Friday 20 November 2026 on; promptly (SMT-32) is settled as three days: Monday 23 November."""
    said = {"kind": "breach", "title": "Lost laptop", "detected_at": "2026-11-20T12:00:00-08:00"}
    incident = systems.post("incidents", said).get_json()
    (first,) = [one for one in incident["duties"] if one["duty"] == "SMT-31"]
    assert (first["state"], first["channels"]) == ("assess-first", ["email"])
    found = {"law_requires": True, "assessment": "PIPEDA: a real risk of harm."}
    after = systems.post(f"incidents/{incident['id']}/facts", found).get_json()
    (then,) = [one for one in after["duties"] if one["duty"] == "SMT-31"]
    assert (then["state"], then["due"]) == ("due", "2026-11-23")


def test_smt_33_a_breach_is_measured_and_the_system_made_sound_again(systems: Systems) -> None:
    said = {"kind": "breach", "title": "Lost laptop", "detected_at": "2026-11-20T12:00:00-08:00"}
    duties = systems.post("incidents", said).get_json()["duties"]
    todo = [(one["title"], one["state"]) for one in duties if one["duty"].startswith("SMT-33")]
    assert todo == [
        ("Find out how far it reaches", "as-soon-as-possible"),
        ("Restore the integrity of the systems", "as-soon-as-possible"),
    ]


def test_smt_45_head_office_is_watched_at_every_door_and_hears_complaints(reads: Reader, desk: Reader) -> None:
    watched = desk("contact-points")
    for contact in (
        "Telephone 604-473-9700", "Toll-free telephone +1-888-407-6937", "Fax +1-604-473-9080",
        "Post #113-3855 Henning Drive, BC V5C 6N3, Canada",
    ):  # fmt: skip
        assert f"{contact} Nobody watches it · SMT-45" in watched
    assert "Send the request" in reads("/requests/complaint")
    assert "Send the request" in reads("/requests/appeal")
