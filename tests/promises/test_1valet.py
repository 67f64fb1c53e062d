"""What 1VALET's doors do because its Privacy Policy promises it; figures and words are those of the papers."""

from tests.promises.conftest import Reader
from tests.support.systems import Systems

SLUG = "1valet"


def test_1v_31_each_of_the_five_measures_waits_for_somebody_who_answers_for_it(desk: Reader) -> None:
    page = desk("safeguards")
    for measure in (
        "Scanning for vulnerabilities", "Secured network", "Restricted access", "Duty of confidentiality",
        "SSL encryption",
    ):  # fmt: skip
        assert f"{measure} Nobody answers for it · 1V-31" in page
    assert "Safeguards need a review 5" in desk("home")


def test_1v_33_a_breach_of_a_friday_is_told_by_mail_within_ten_business_days(systems: Systems) -> None:
    """Found on Friday 20 November 2026. Thanksgiving and the day after are none of Canada's: both count."""
    said = {"kind": "breach", "title": "Lost laptop", "detected_at": "2026-11-20T12:00:00-05:00"}
    (duty,) = [one for one in systems.post("incidents", said).get_json()["duties"] if one["duty"] == "1V-33"]
    assert (duty["state"], duty["due"], duty["channels"]) == ("due", "2026-12-04", ["email"])


def test_1v_55_the_page_says_that_nobody_is_treated_worse_for_using_a_right(reads: Reader) -> None:
    assert "Nobody (anyone) is treated worse in price, access, service or order of work" in reads("/privacy")


def test_1v_58_the_address_and_the_number_are_watched_and_hear_complaints(reads: Reader, desk: Reader) -> None:
    watched = desk("contact-points")
    assert "privacy@1valet.com Nobody watches it · 1V-58" in watched
    assert "1-833-993-1212 Nobody watches it · 1V-58" in watched
    assert "Send the request" in reads("/requests/complaint")
    assert "Send the request" in reads("/requests/appeal")
