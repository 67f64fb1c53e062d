"""`consent sms hours`, as it is typed and as programs ask it."""

import json

import pytest
from click.testing import CliRunner

from consent.cli import main
from consent.house import House
from tests.support.valley import Tenant

PERSON = "+15095550177"


def lines(*asked: object) -> tuple[int, list[dict[str, object]]]:
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in asked)
    done = CliRunner().invoke(main, ["sms", "hours", "--json-lines"], input=text)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def test_each_line_is_answered_in_order() -> None:
    code, answers = lines(
        {"phone": PERSON, "instant_utc": "2026-11-20T17:00:00Z"},
        {"phone": "+18505550142", "instant_utc": "2026-11-20T13:30:00Z"},
        {"phone": "+18005550142", "instant_utc": "2026-11-20T17:00:00Z"},
    )
    assert code == 0
    assert answers == [
        {
            "allowed": True,
            "zones": [{"zone": "America/Los_Angeles", "local": "2026-11-20T09:00:00-08:00", "window": "08:00-20:00"}],
            "next_allowed": None,
        },
        {
            "allowed": False,
            "zones": [
                {"zone": "America/New_York", "local": "2026-11-20T08:30:00-05:00", "window": "08:00-20:00"},
                {"zone": "America/Chicago", "local": "2026-11-20T07:30:00-06:00", "window": "08:00-20:00"},
            ],
            "next_allowed": "2026-11-20T14:00:00Z",
        },
        {"allowed": False, "zones": [], "next_allowed": None},
    ]


@pytest.mark.parametrize(
    ("bad", "wrong"),
    [
        ("no json", "not JSON"),
        ([1], "an object"),
        ({"instant_utc": "2026-11-20T17:00:00Z"}, '"phone" is missing'),
        ({"phone": "12", "instant_utc": "2026-11-20T17:00:00Z"}, "phone: "),
        ({"phone": "+19055", "instant_utc": "2026-11-20T17:00:00Z"}, "phone: "),
        ({"phone": PERSON, "instant_utc": "soon"}, "instant_utc: "),
        ({"phone": PERSON, "instant_utc": "9999-12-31T23:59:59-12:00"}, "outside of the years"),
        ({"phone": PERSON, "instant_utc": "2026-11-20T17:00:00Z", "zone": "x"}, '"zone" is not known'),
        ('{"phone": "+15095550142", "phone": "+15095550143", "instant_utc": "2026-11-20T17:00:00Z"}', "given twice"),
    ],
)
def test_a_bad_line_is_named_and_harms_no_other(bad: object, wrong: str) -> None:
    good = {"phone": PERSON, "instant_utc": "2026-11-20T17:00:00Z"}
    code, answers = lines(good, bad, good)
    assert code == 1
    assert [one.get("allowed") for one in answers] == [True, None, True]
    assert answers[1]["line"] == 2
    assert wrong in str(answers[1]["error"])
    assert PERSON[1:] not in str(answers[1])


def test_an_instant_without_offset_is_of_utc_as_its_name_says() -> None:
    _, answers = lines({"phone": PERSON, "instant_utc": "2026-11-20T15:59:59"})
    assert (answers[0]["allowed"], answers[0]["next_allowed"]) == (False, "2026-11-20T16:00:00Z")


def test_the_rule_of_the_day_binds_at_the_turn_of_a_year() -> None:
    evening = {"phone": "+15035550142", "instant_utc": "2026-01-01T04:30:00Z"}  # 20:30 on 31 December in Oregon
    assert lines(evening)[1][0]["allowed"] is True
    assert lines(evening | {"instant_utc": "2026-01-02T04:30:00Z"})[1][0]["allowed"] is False


def test_a_person_reads_why_and_when() -> None:
    done = CliRunner().invoke(main, ["sms", "hours", PERSON, "--at", "2026-11-20T20:00:00-08:00"])
    assert done.exit_code == 0
    assert done.output.splitlines()[:3] == [
        "It may not go.",
        "  US-WA-QH: It is 20:00 in America/Los_Angeles; the hours there are 08:00-20:00.",
        "next: 2026-11-21T16:00:00Z",
    ]


def test_without_a_number_the_way_out_is_said() -> None:
    done = CliRunner().invoke(main, ["sms", "hours"])
    assert done.exit_code == 2
    assert "--json-lines" in done.output


def test_an_organization_adds_its_own_promises(house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    asked = ["sms", "hours", PERSON, "--organization", valley.slug, "--at", "2026-11-21T12:00:00-08:00", "--json"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["allowed"] is True
