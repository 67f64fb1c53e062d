"""What Valtt's doors do because its Privacy Policy promises it; figures and words are those of the papers."""

from tests.promises.conftest import Reader

SLUG = "valtt"


def test_val_16_each_of_the_three_measures_waits_for_somebody_who_answers_for_it(desk: Reader) -> None:
    page = desk("safeguards")
    for measure in ("Encryption on the way", "Encryption of what is stored", "Encryption where appropriate"):
        assert f"{measure} Nobody answers for it · VAL-16" in page
    assert "Safeguards need a review 3" in desk("home")


def test_val_25_the_dashboard_is_watched_and_complaints_are_heard(reads: Reader, desk: Reader) -> None:
    assert "Portal Valtt Dashboard › Account Nobody watches it · VAL-25" in desk("contact-points")
    assert "Send the request" in reads("/requests/complaint")
    assert "Send the request" in reads("/requests/appeal")
