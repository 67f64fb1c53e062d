"""What Voxvalley's doors do because its policy promises it; figures and words are those of the papers."""

from typing import Any

from tests.promises.conftest import Reader
from tests.support.organizations import consent_to
from tests.support.systems import Systems

SLUG = "voxvalley"
MAIL = "ana@customer.example"


def test_vox_04_the_role_for_each_class_of_data_rests_on_it(systems: Systems) -> None:
    roles = {one["category"]: one for one in systems.get("customers/roles").get_json()["roles"]}
    assert (roles["call-content"]["role"], roles["call-content"]["rests_on"]) == ("processor", "VOX-04")
    assert (roles["credit-card"]["role"], roles["credit-card"]["rests_on"]) == ("controller", "VOX-04")


def test_vox_05_nobody_is_taken_on_without_saying_that_they_decide(systems: Systems) -> None:
    refused = systems.post("customers", {"customer": "c-1", "acknowledged": False})
    assert (refused.status_code, "VOX-05" in refused.get_json()["detail"]) == (422, True)
    told = systems.get("customers/roles").get_json()
    assert [one["commitment"] for one in told["acknowledges"]] == ["VOX-05"]


def test_vox_08_what_lacks_its_mandatory_data_is_closed_and_nothing_else(systems: Systems) -> None:
    for feature in ("content-caching", "monitoring-cookies"):
        by = {"granted_by": "customer"} if feature == "content-caching" else {}
        given = systems.post("consents", consent_to(feature, "email", MAIL, **by))
        assert given.status_code == 201, given.get_data(as_text=True)

    def asked(feature: str, **more: Any) -> dict[str, Any]:
        answer = systems.post("features/decisions", {"feature": feature, "channel": "email", "address": MAIL} | more)
        found: dict[str, Any] = answer.get_json()
        return found

    closed = asked("content-caching", present=[])
    assert (closed["answer"], [one["commitment"] for one in closed["reasons"]]) == ("deny", ["VOX-08"])
    assert asked("content-caching", present=["mandatory-data-with-consent"])["answer"] == "allow"
    assert asked("monitoring-cookies")["answer"] == "allow"


def test_vox_27_what_is_deleted_is_gone_from_the_last_backup_ninety_days_later(systems: Systems) -> None:
    """Recorded on 1 September 2026, gone by 30 November (VOX-25): ninety days more end on 28 February."""
    kept = {
        "category": "call-log", "store": "own", "reference": "log-1", "collected_at": "2026-09-01T12:00:00Z",
        "purpose": "support", "source": "automatic", "person": "c-1",
    }  # fmt: skip
    record = systems.post("records", kept).get_json()
    assert (record["due_on"], record["backups_gone_by"]) == ("2026-11-30", "2027-02-28")


def test_vox_31_each_of_the_four_measures_waits_for_somebody_who_answers_for_it(desk: Reader) -> None:
    page = desk("safeguards")
    for measure in ("Encrypted passwords", "Secure servers", "Restricted access", "SSL encryption as an option"):
        assert f"{measure} Nobody answers for it · VOX-31" in page
    assert "Safeguards need a review 4" in desk("home")


def test_vox_35_the_page_says_what_customers_set_by_themselves(reads: Reader) -> None:
    assert "Customer can do this alone: end user visibility and data control." in reads("/privacy")


def test_vox_43_the_address_and_the_page_of_support_are_watched_and_hear_complaints(
    reads: Reader, desk: Reader
) -> None:
    assert "privacy@voxvalley.com Nobody watches it · VOX-43" in desk("contact-points")
    assert "Send the request" in reads("/requests/complaint")
    assert "Send the request" in reads("/requests/appeal")
