"""When something is due: every rule answers, each date below was walked by hand, each slip is named."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from consent.commands.due import due as command
from consent.deadlines import DateKind
from consent.errors import BadInput
from consent.policies.due import answer
from consent.policies.packs import load_law, parse_law
from tests.policies.house import POLICIES

LAW = load_law(POLICIES / "law")
LA, NEW_YORK, CHICAGO, TORONTO = "America/Los_Angeles", "America/New_York", "America/Chicago", "America/Toronto"
LONDON, BERLIN, VANCOUVER = "Europe/London", "Europe/Berlin", "America/Vancouver"


def ask(rule: str, at: str, timezone: str, **more: Any) -> dict[str, Any]:
    return answer({"rule": rule, "received_at": at, "timezone": timezone, **more}, LAW)


CASES: list[tuple[str, str, str, dict[str, Any], str, str | None]] = [
    # the United States: texts, calls, email
    ("US-TCPA-REVOKE", "2026-06-27T06:30:00Z", LA, {}, "due_by", "2026-07-13"),
    ("US-TCPA-DNC", "2026-12-21T09:00:00-05:00", NEW_YORK, {}, "due_by", "2027-01-06"),
    ("US-TCPA-CONFIRM", "2026-11-01T05:58:00Z", NEW_YORK, {}, "due_by", "2026-11-01T01:03:00-05:00"),
    ("US-TCPA-CONFIRM", "2026-12-01T20:00:00Z", VANCOUVER, {}, "due_by", "2026-12-01T13:05:00-07:00"),
    ("US-TCPA-DNC-KEEP", "2028-02-29T12:00:00-05:00", NEW_YORK, {}, "keep_until", "2033-02-28"),
    ("US-TCPA-NDNC-SCRUB", "2026-11-20T12:00:00-05:00", NEW_YORK, {}, "last_allowed", "2026-12-21"),
    ("US-TCPA-EBR-TXN", "2025-08-31T12:00:00-05:00", NEW_YORK, {}, "last_allowed", "2027-02-28"),
    ("US-TCPA-EBR-INQ", "2026-11-30T12:00:00-05:00", NEW_YORK, {}, "last_allowed", "2027-02-28"),
    ("US-TSR-RECORDS", "2026-11-20T12:00:00-05:00", NEW_YORK, {}, "keep_until", "2031-11-20"),
    ("US-FL-STOP", "2026-11-20T12:00:00-05:00", NEW_YORK, {}, "due_by", "2026-12-05"),
    ("US-VA-TEXT-STOP", "2026-11-20T12:00:00-05:00", NEW_YORK, {}, "keep_until", "2036-11-20"),
    ("US-WA-DNC", "2026-11-20T12:00:00-08:00", LA, {}, "keep_until", "2027-11-20"),
    ("US-CANSPAM-OPTOUT", "2026-11-25T12:00:00-05:00", NEW_YORK, {}, "due_by", "2026-12-10"),
    ("US-CANSPAM-MECH", "2026-11-20T12:00:00-05:00", NEW_YORK, {}, "keep_until", "2026-12-20"),
    ("MBX-ONECLICK", "2026-10-31T20:00:00-07:00", LA, {}, "due_by", "2026-11-02T19:00:00-08:00"),
    # Canada
    ("CAN-CASL-UNSUB", "2026-09-28T10:00:00-04:00", TORONTO, {}, "due_by", "2026-10-14"),
    ("CAN-CASL-EBR", "2025-02-28T10:00:00-05:00", TORONTO, {}, "last_allowed", "2027-02-28"),
    ("CAN-CASL-INQ", "2026-08-31T10:00:00-04:00", TORONTO, {}, "last_allowed", "2027-02-28"),
    ("CAN-PIPEDA-ACCESS", "2026-09-04T10:00:00-04:00", TORONTO, {}, "due_by", "2026-10-05"),
    ("CAN-PIPEDA-ACCESS", "2026-09-04T10:00:00-04:00", TORONTO, {"extension": True}, "due_by", "2026-11-03"),
    ("CAN-PIPEDA-ACCESS", "2026-09-03T10:00:00-04:00", TORONTO, {}, "due_by", "2026-10-03"),
    ("CAN-PIPEDA-BREACH-REC", "2026-11-20T10:00:00-05:00", TORONTO, {}, "keep_until", "2028-11-20"),
    ("CAN-QC-ACCESS", "2026-11-25T10:00:00-05:00", TORONTO, {}, "due_by", "2026-12-26"),
    ("CAN-AB-ACCESS", "2026-11-20T10:00:00-06:00", "America/Edmonton", {}, "due_by", "2027-01-04"),
    # 30 working days after 20 November: five in each week, without Christmas and New Year
    ("CAN-BC-ACCESS", "2026-11-20T10:00:00-07:00", VANCOUVER, {}, "due_by", "2027-01-05"),
    # California
    ("US-CA-CONFIRM", "2026-11-20T09:00:00-08:00", LA, {}, "due_by", "2026-12-07"),
    ("US-CA-RESPOND", "2026-11-20T09:00:00-08:00", LA, {}, "due_by", "2027-01-04"),
    ("US-CA-RESPOND", "2026-11-20T09:00:00-08:00", LA, {"extension": True}, "due_by", "2027-02-18"),
    ("US-CA-RESPOND", "2026-11-20T09:00:00-08:00", LA, {"verified_at": "2026-12-01"}, "due_by", "2027-01-04"),
    ("US-CA-OPTOUT", "2026-12-21T09:00:00-08:00", LA, {}, "due_by", "2027-01-13"),
    ("US-CA-RECORDS", "2026-11-20T09:00:00-08:00", LA, {}, "keep_until", "2028-11-20"),
    ("US-CA-METRICS", "2026-11-20T09:00:00-08:00", LA, {}, "due_by", "2027-07-01"),
    # other states
    ("US-ST-RESPOND", "2026-11-20T09:00:00-07:00", CHICAGO, {"jurisdiction": "US-VA"}, "due_by", "2027-01-04"),
    ("US-ST-RESPOND", "2026-11-20T09:00:00-07:00", CHICAGO, {"jurisdiction": "US-IA"}, "due_by", "2027-02-18"),
    (
        "US-ST-RESPOND",
        "2026-11-20T09:00:00-07:00",
        CHICAGO,
        {"jurisdiction": "US-FL", "extension": True},
        "due_by",
        "2027-01-19",
    ),
    ("US-ST-APPEAL", "2026-11-20T09:00:00-07:00", CHICAGO, {"jurisdiction": "US-OR"}, "due_by", "2027-01-04"),
    ("US-ST-APPEAL", "2026-11-20T09:00:00-07:00", CHICAGO, {"jurisdiction": "US-VA"}, "due_by", "2027-01-19"),
    ("US-ST-CONSENT-REVOKE", "2026-11-20T09:00:00-07:00", CHICAGO, {"jurisdiction": "US-CT"}, "due_by", "2026-12-05"),
    ("US-WA-MHMDA", "2026-11-20T09:00:00-08:00", LA, {"extension": True}, "due_by", "2027-02-18"),
    ("US-ST-BREACH", "2026-11-20T09:00:00-07:00", CHICAGO, {"jurisdiction": "US-WA"}, "due_by", "2026-12-20"),
    # the European Union and the United Kingdom
    ("EU-GDPR-REQ", "2026-01-31T10:00:00+01:00", BERLIN, {}, "due_by", "2026-03-02"),
    ("EU-GDPR-REQ", "2026-01-31T10:00:00+01:00", BERLIN, {"extension": True}, "due_by", "2026-04-30"),
    ("EU-GDPR-REQ", "2026-06-14T10:00:00+02:00", BERLIN, {"region": "FR"}, "due_by", "2026-07-15"),
    ("EU-GDPR-REQ", "2026-06-14T10:00:00+02:00", BERLIN, {"jurisdiction": "FR"}, "due_by", "2026-07-15"),
    ("EU-GDPR-BREACH", "2026-10-24T10:00:00+02:00", BERLIN, {}, "due_by", "2026-10-27T09:00:00+01:00"),
    ("UK-GDPR-REQ", "2026-03-03T10:00:00Z", LONDON, {}, "due_by", "2026-04-07"),
    ("UK-GDPR-REQ", "2026-03-03T10:00:00Z", LONDON, {"region": "GB-SCT"}, "due_by", "2026-04-06"),
    (
        "UK-GDPR-REQ",
        "2026-03-04T10:00:00Z",
        LONDON,
        {"pauses": [["2026-03-10", "2026-03-12"]]},
        "due_by",
        "2026-04-07",
    ),
    (
        "UK-GDPR-REQ",
        "2026-05-11T10:00:00+01:00",
        LONDON,
        {"verified_at": "2026-05-18T09:00:00+01:00"},
        "due_by",
        "2026-06-18",
    ),
    ("UK-PECR-BREACH", "2026-11-20T09:00:00Z", LONDON, {}, "due_by", "2026-11-23T09:00:00+00:00"),
    ("UK-PECR-BREACH", "2025-08-19T09:00:00+01:00", LONDON, {}, "due_by", "2025-08-20T09:00:00+01:00"),
    # premises and biometrics
    ("NYC-TDPA-AUTH", "2024-01-15T09:00:00-05:00", NEW_YORK, {}, "due_by", "2024-04-14"),
    ("NYC-TDPA-REF", "2024-03-01T09:00:00-05:00", NEW_YORK, {}, "due_by", "2024-05-30"),
    # told in May that the tenant leaves in August: August counts
    ("NYC-TDPA-REF", "2024-05-02T09:00:00-05:00", NEW_YORK, {"relevant_time": "2024-08-31"}, "due_by", "2024-11-29"),
    ("US-IL-BIPA", "2026-06-26T09:00:00-05:00", CHICAGO, {"relevant_time": "2024-02-29"}, "due_by", "2027-02-28"),
    # 1V-28: consent withdrawn on 1 March, moved out on 31 May
    (
        "NYC-TDPA-REF",
        "2024-06-02T09:00:00-05:00",
        NEW_YORK,
        {"relevant_time": "2024-05-31", "purpose_satisfied": "2024-03-01"},
        "due_by",
        "2024-05-30",
    ),
    ("US-TX-CUBI", "2026-06-26T09:00:00-05:00", CHICAGO, {"purpose_satisfied": "2024-02-29"}, "due_by", "2025-02-28"),
    (
        "US-IL-BIPA",
        "2026-06-26T09:00:00-05:00",
        CHICAGO,
        {"relevant_time": "2024-02-29", "purpose_satisfied": "2026-08-01"},
        "due_by",
        "2026-08-01",
    ),
    ("US-TX-CUBI", "2024-02-29T09:00:00-06:00", CHICAGO, {}, "due_by", "2025-02-28"),
    # customers of telecommunications
    ("US-CPNI-OPTOUT-WAIT", "2026-09-28T09:00:00-05:00", CHICAGO, {"delivery": "mail"}, "not_before", "2026-11-01"),
    (
        "US-CPNI-OPTOUT-WAIT",
        "2026-09-28T09:00:00-05:00",
        CHICAGO,
        {"delivery": "electronic"},
        "not_before",
        "2026-10-29",
    ),
    ("US-CPNI-BREACH-LE", "2026-06-26T09:00:00-05:00", CHICAGO, {}, "due_by", "2026-07-08"),
    ("US-CPNI-BREACH-HOLD", "2026-06-26T09:00:00-05:00", CHICAGO, {}, "not_before", "2026-07-09"),
    ("US-CPNI-CERT", "2026-11-20T09:00:00-05:00", CHICAGO, {}, "due_by", "2027-03-01"),
    ("US-CPNI-MECH-FAIL", "2026-11-20T09:00:00-05:00", CHICAGO, {}, "due_by", "2026-11-30"),
    # the company's own words
    (
        "COMPANY-RETENTION",
        "2026-11-20T09:00:00-05:00",
        CHICAGO,
        {"period": "P9M", "relevant_time": "2026-05-31"},
        "due_by",
        "2027-02-28",
    ),
    ("COMPANY-RESPOND", "2026-06-26T09:00:00-05:00", CHICAGO, {"policy_period": "P30D"}, "due_by", "2026-07-26"),
]


@pytest.mark.parametrize(("rule", "at", "timezone", "more", "kind", "due"), CASES)
def test_the_date_walked_by_hand(
    rule: str, at: str, timezone: str, more: dict[str, Any], kind: str, due: str | None
) -> None:
    said = ask(rule, at, timezone, **more)
    assert (said["due"], said["kind"]) == (due, kind)
    assert said["steps"] and all(step.endswith(".") for step in said["steps"])


# Every id of the fact sheet on the law. A name that is added to the files belongs here, too.
IDS = """
COMPANY-QH COMPANY-RESPOND COMPANY-RETENTION MBX-ONECLICK NYC-TDPA-AUTH NYC-TDPA-REF
CAN-AB-ACCESS CAN-BC-ACCESS CAN-CASL-CONSENT CAN-CASL-EBR CAN-CASL-INQ CAN-CASL-MECH CAN-CASL-UNSUB CAN-DNCL-SCRUB
CAN-IDNCL CAN-PIPEDA-ACCESS CAN-PIPEDA-BREACH CAN-PIPEDA-BREACH-REC CAN-PIPEDA-CORRECT CAN-QC-ACCESS CAN-QC-BREACH
CAN-QH
EU-EPRIV EU-GDPR-BREACH EU-GDPR-BREACH-DS EU-GDPR-CONSENT EU-GDPR-RECTIFY EU-GDPR-REQ EU-ROPA EU-TEL-BREACH
UK-COMPLAINT-ACK UK-GDPR-BREACH UK-GDPR-REQ UK-PECR-BREACH
US-CA-BREACH US-CA-BREACH-AG US-CA-CONFIRM US-CA-DROP US-CA-GPC US-CA-LOOKBACK US-CA-METRICS US-CA-OPTOUT US-CA-REASK
US-CA-RECORDS US-CA-RESPOND US-CANSPAM-MECH US-CANSPAM-OPTOUT US-CO-BREACH US-COPPA US-CPNI-AUTH US-CPNI-BREACH-2024
US-CPNI-BREACH-HOLD US-CPNI-BREACH-LE US-CPNI-CERT US-CPNI-MECH-FAIL US-CPNI-OPTIN US-CPNI-OPTOUT
US-CPNI-OPTOUT-MAIL US-CPNI-OPTOUT-NOTICE US-CPNI-OPTOUT-RENEW US-CPNI-OPTOUT-WAIT
US-CPNI-REC US-CT-QH US-E911-NOTICE US-FL-BREACH US-FL-QH US-FL-STOP US-IL-BIPA US-MD-QH
US-NY-BREACH US-OK-QH US-OR-QH US-QH US-SEC-8K US-ST-APPEAL US-ST-BREACH US-ST-CONSENT-REVOKE US-ST-RESPOND
US-TCPA-CONFIRM US-TCPA-DNC US-TCPA-DNC-KEEP US-TCPA-EBR-INQ US-TCPA-EBR-TXN US-TCPA-NDNC US-TCPA-NDNC-SCRUB
US-TCPA-PEC US-TCPA-PEWC US-TCPA-REVOKE US-TCPA-RND US-TCPA-SCOPE US-TCPA-SOL US-TSR-RECORDS US-TX-BREACH
US-TX-BREACH-AG US-TX-CUBI US-TX-QH US-VA-QH US-VA-TEXT-STOP US-WA-BIO US-WA-DNC US-WA-MHMDA US-WA-MHMDA-APPEAL
US-WA-MHMDA-BACKUP US-WA-QH US-XX-QH
""".split()  # noqa: SIM905


@pytest.mark.parametrize("rule", sorted({*IDS, *(one.id for one in LAW)}))
def test_every_rule_answers_in_every_place_it_knows(rule: str) -> None:
    places = sorted({place for one in LAW if one.id == rule for place in one.jurisdictions})
    assert places
    more: dict[str, Any] = {"COMPANY-RETENTION": {"period": "P9M"}, "COMPANY-RESPOND": {"policy_period": "P30D"}}.get(
        rule, {}
    )
    for place in places:
        said = ask(rule, "2026-11-20T09:00:00-05:00", NEW_YORK, jurisdiction=place, **more)
        assert set(said) == {"due", "kind", "steps"}
        assert said["kind"] in set(DateKind)
        assert said["steps"]
        if said["kind"] == "no_deadline":
            assert said["due"] is None


@pytest.mark.parametrize(
    ("rule", "more"),
    [("US-QH", {}), ("US-WA-QH", {}), ("US-COPPA", {}), ("EU-ROPA", {}), ("US-TCPA-RND", {}), ("US-CPNI-AUTH", {})],
)
def test_a_duty_without_a_date_says_so(rule: str, more: dict[str, Any]) -> None:
    said = ask(rule, "2026-11-20T09:00:00-05:00", NEW_YORK, **more)
    assert (said["due"], said["kind"]) == (None, "no_deadline")
    assert rule in said["steps"][0]
    assert any("no date to compute" in step for step in said["steps"])


@pytest.mark.parametrize(
    ("rule", "at", "place", "due", "words"),
    [
        ("US-ST-RESPOND", "2026-12-31T23:59:00-06:00", "US-OK", None, "from 2027-01-01 on"),
        ("US-ST-RESPOND", "2027-01-01T00:00:00-06:00", "US-OK", "2027-02-15", "P45D"),
        ("US-ST-RESPOND", "2027-04-30T12:00:00-06:00", "US-AL", None, "from 2027-05-01 on"),
        ("US-ST-RESPOND", "2027-05-01T12:00:00-06:00", "US-AL", "2027-06-15", "P45D"),
        ("US-CPNI-BREACH-2024", "2030-01-01T12:00:00-06:00", None, None, "pending"),
        ("US-FCC-26-67", "2030-01-01T12:00:00-06:00", None, None, "pending"),
        ("US-ST-RESPOND", "2026-12-31T23:59:00-06:00", "US-WY", None, "no entry for US-WY"),
        ("US-ST-APPEAL", "2026-12-31T23:59:00-06:00", "US-NV", None, "no entry for US-NV"),
        ("UK-COMPLAINT-ACK", "2026-06-18T12:00:00+01:00", None, None, "from 2026-06-19 on"),
    ],
)
def test_a_request_is_judged_by_the_rule_in_force_when_it_was_received(
    rule: str, at: str, place: str | None, due: str | None, words: str
) -> None:
    said = ask(rule, at, CHICAGO, **({"jurisdiction": place} if place else {}))
    assert said["due"] == due
    assert words in " ".join(said["steps"])


def test_the_day_of_receipt_that_decides_which_law_binds_is_the_local_one() -> None:
    at = "2027-01-01T03:00:00Z"  # still 2026 in Chicago
    assert ask("US-ST-RESPOND", at, CHICAGO, jurisdiction="US-OK")["due"] is None
    assert ask("US-ST-RESPOND", at, "UTC", jurisdiction="US-OK")["due"] == "2027-02-15"


def test_an_extension_names_the_day_its_notice_is_due() -> None:
    said = ask("US-CA-RESPOND", "2026-11-20T09:00:00-08:00", LA, extension=True)
    assert said["extension_notice_due"] == "2027-01-04"
    assert "extension_notice_due" not in ask("US-CA-RESPOND", "2026-11-20T09:00:00-08:00", LA, extension=False)


def test_the_earlier_of_promise_and_law_binds_and_both_are_shown() -> None:
    more: dict[str, Any] = {"policy_period": "P30D", "law_rule": "US-CA-RESPOND"}
    said = ask("COMPANY-RESPOND", "2026-06-26T09:00:00-07:00", LA, **more)
    assert said["due"] == "2026-07-26"
    assert "the policy (P30D): Sunday 2026-07-26; US-CA-RESPOND: Monday 2026-08-10" in " ".join(said["steps"])
    longer = ask("COMPANY-RESPOND", "2026-06-26T09:00:00-07:00", LA, **more | {"policy_period": "P60D"})
    assert longer["due"] == "2026-08-10"


def test_an_extension_of_the_law_does_not_stretch_the_promise() -> None:
    more = {"policy_period": "P60D", "law_rule": "US-ST-RESPOND", "jurisdiction": "US-VA", "extension": True}
    said = ask("COMPANY-RESPOND", "2026-06-26T09:00:00-07:00", LA, **more)
    assert (said["due"], said["extension_notice_due"]) == ("2026-08-25", "2026-08-10")


@pytest.mark.parametrize("law_rule", ["US-CA-GPC", "US-CPNI-BREACH-2024"])
def test_where_the_law_sets_no_date_the_promise_alone_binds(law_rule: str) -> None:
    said = ask("COMPANY-RESPOND", "2026-06-26T09:00:00-07:00", LA, policy_period="P30D", law_rule=law_rule)
    assert said["due"] == "2026-07-26"
    assert "the promise alone binds" in said["steps"][-1]


def test_the_steps_name_rule_source_file_and_what_does_not_count() -> None:
    said = ask("US-CA-RESPOND", "2026-11-20T09:00:00-08:00", LA, verified_at="2026-12-01", delivery="mail")
    words = " ".join(said["steps"])
    rule = next(one for one in LAW if one.id == "US-CA-RESPOND")
    for part in ("US-CA-RESPOND (US-CA)", rule.cite, "checked 2026-11-21", rule.sha256.hex()[:12]):
        assert part in said["steps"][0]
    assert "verified_at does not move this clock" in words
    assert "way of delivery does not move this clock" in words


GOOD: dict[str, Any] = {"rule": "US-CA-RESPOND", "received_at": "2026-11-20T09:00:00-08:00", "timezone": LA}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"rule": "US-CA-RESPNOD"}, "rule", 'did you mean "US-CA-RESPOND"'),
    ({"rule": None}, "rule", "is missing"),
    ({"rule": 7}, "rule", "as a text"),
    ({"received_at": None}, "received_at", "is missing"),
    ({"received_at": "2026-11-20T09:00:00"}, "received_at", "without an offset"),
    ({"received_at": "2026-11-20"}, "received_at", "a date without a time"),
    ({"received_at": "yesterday"}, "received_at", "not a time"),
    ({"received_at": "2026-02-30T09:00:00Z"}, "received_at", "no time of the calendar"),
    ({"received_at": "0001-01-01T00:00:00+14:00"}, "received_at", "outside the calendar"),
    ({"received_at": "9999-12-31T09:00:00Z"}, "received_at", "outside the years"),
    ({"rule": "X" * 100_000}, "rule", "longer than"),
    ({"timezone": None}, "timezone", "is missing"),
    ({"timezone": "America/Los_Angelos"}, "timezone", 'did you mean "America/Los_Angeles"'),
    ({"timezone": "PST"}, "timezone", "is not a time zone"),
    ({"jurisdiction": "US-NV"}, "jurisdiction", "holds in US-CA"),
    ({"jurisdiction": "Californa"}, "jurisdiction", "is not a jurisdiction"),
    ({"jurisdiction": "US-ZZ"}, "jurisdiction", "is not a jurisdiction"),
    ({"rule": "US-ST-RESPOND"}, "jurisdiction", "is missing"),
    ({"rule": "US-ST-RESPOND", "jurisdiction": "VA"}, "jurisdiction", 'did you mean "US-VA"'),
    ({"rule": "US-ST-RESPOND", "jurisdiction": "FR"}, "jurisdiction", "not in FR"),
    ({"rule": "US-ST-RESPOND", "jurisdiction": "US"}, "jurisdiction", "not in US"),
    ({"rule": "UK-GDPR-REQ", "region": "FR"}, "region", "not a nation"),
    ({"rule": "EU-GDPR-REQ", "region": "GB-SCT"}, "region", "not a member state"),
    ({"extension": "yes"}, "extension", "true or false"),
    ({"extension": 1}, "extension", "true or false"),
    ({"rule": "US-CA-CONFIRM", "extension": True}, "extension", "no extension"),
    ({"rule": "CAN-QC-ACCESS", "extension": True}, "extension", "no extension"),
    ({"rule": "US-TCPA-CONFIRM", "extension": True}, "extension", "no extension"),
    ({"pauses": [["2026-11-21", "2026-11-22"]]}, "pauses", "knows no pause"),
    ({"rule": "EU-GDPR-REQ", "pauses": [["2026-11-21", "2026-11-22"]]}, "pauses", "knows no pause"),
    ({"rule": "UK-GDPR-REQ", "pauses": [["2026-11-22", "2026-11-21"]]}, "pauses", "ends before it starts"),
    ({"rule": "UK-GDPR-REQ", "pauses": "2026-11-22"}, "pauses", "must be a list"),
    ({"rule": "UK-GDPR-REQ", "pauses": [["2026-11-22"]]}, "pauses", "must be a list"),
    ({"rule": "UK-GDPR-REQ", "pauses": [["2026-11-31", "2026-12-01"]]}, "pauses", "no date of the calendar"),
    ({"rule": "UK-GDPR-REQ", "verified_at": "2026-11-22T09:00:00"}, "verified_at", "without an offset"),
    ({"relevant_time": "soon"}, "relevant_time", "not a time"),
    ({"delivery": "pigeon"}, "delivery", "electronic or mail"),
    ({"period": "P9M"}, "period", "COMPANY-RETENTION only"),
    ({"policy_period": "P9M"}, "policy_period", "COMPANY-RESPOND only"),
    ({"law_rule": "US-CA-RESPOND"}, "law_rule", "COMPANY-RESPOND only"),
    ({"rule": "COMPANY-RETENTION"}, "period", "is missing"),
    ({"rule": "COMPANY-RETENTION", "period": "nine months"}, "period", "is not a period"),
    ({"rule": "COMPANY-RETENTION", "period": "P9M", "law_rule": "US-CA-RESPOND"}, "law_rule", "not with"),
    ({"rule": "COMPANY-RESPOND"}, "policy_period", "is missing"),
    ({"rule": "COMPANY-RESPOND", "policy_period": "P30D", "extension": True}, "extension", "no extension"),
    ({"rule": "COMPANY-RESPOND", "policy_period": "P30D", "law_rule": "US-CA-X"}, "law_rule", "did you mean"),
    ({"rule": "COMPANY-RESPOND", "policy_period": "P30D", "law_rule": "US-ST-RESPOND"}, "jurisdiction", "is missing"),
    ({"rule": "COMPANY-RESPOND", "policy_period": "P30D", "law_rule": "US-CA-RECORDS"}, "law_rule", "keep_until"),
    ({"recieved_at": "2026-11-20T09:00:00-08:00"}, "recieved_at", 'did you mean "received_at"'),
]


@pytest.mark.parametrize(("change", "field", "words"), WRONG)
def test_a_slip_is_named_with_its_field_and_the_way_out(change: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        answer(GOOD | change, LAW)
    assert refused.value.field == field
    assert words in refused.value.detail


@pytest.mark.parametrize("asked", [[], "x", 7, None])
def test_a_question_is_an_object(asked: object) -> None:
    with pytest.raises(BadInput, match="one JSON object"):
        answer(asked, LAW)


@pytest.mark.parametrize("more", [{"region": "US-CO"}, {"jurisdiction": "US", "region": "CO"}])
def test_the_region_may_say_which_state(more: dict[str, Any]) -> None:
    said = ask("US-ST-RESPOND", "2026-11-20T09:00:00-07:00", CHICAGO, **more)
    assert "US-CO" in said["steps"][0]


def test_an_empty_value_is_as_good_as_none() -> None:
    plain = answer(GOOD, LAW)
    assert answer(GOOD | {"pauses": [], "extension": None, "region": None, "delivery": None}, LAW) == plain


def test_a_changed_figure_in_the_file_changes_the_date() -> None:
    text = (POLICIES / "law" / "california.toml").read_text("utf-8")
    assert 'period = "P45D"' in text
    changed = parse_law(text.replace('period = "P45D"', 'period = "P44D"'))
    assert answer(GOOD, changed)["due"] == "2027-01-03"
    assert answer(GOOD, LAW)["due"] == "2027-01-04"


def test_lines_are_answered_one_by_one_and_a_bad_one_spoils_no_other() -> None:
    bad = ["nope", "", "[]", json.dumps(GOOD)[:-1] + ', "timezone": "UTC"}', "[" * 100_000]
    lines = [json.dumps(GOOD), *bad, json.dumps(GOOD | {"extension": True})]
    done = CliRunner().invoke(command, ["--json-lines"], input="\n".join(lines) + "\n")
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one.get("due") for one in said] == ["2027-01-04", None, None, None, None, None, "2027-02-18"]
    assert [one.get("line") for one in said] == [None, 2, 3, 4, 5, 6, None]
    assert all(one["error"] for one in said[1:6])
    assert done.exit_code == 1


def test_the_exit_status_is_zero_only_when_every_line_was_answered() -> None:
    done = CliRunner().invoke(command, ["--json-lines"], input=json.dumps(GOOD) + "\n")
    assert done.exit_code == 0
    assert CliRunner().invoke(command, ["--json-lines"], input="").exit_code == 0


def test_half_a_character_is_a_bad_line_and_no_end_of_the_answers() -> None:
    lines = [r'{"rule": "\ud800"}', r'{"\udc00": 1}', json.dumps(GOOD)]
    done = CliRunner().invoke(command, ["--json-lines"], input="\n".join(lines))
    assert [json.loads(line).get("due") for line in done.stdout.splitlines()] == [None, None, "2027-01-04"]


def test_bytes_that_are_no_text_are_a_bad_line() -> None:
    done = CliRunner().invoke(command, ["--json-lines"], input=b"\xff\xfe\n" + json.dumps(GOOD).encode())
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["line"], second["due"]) == (1, "2027-01-04")


def test_a_person_asks_with_options_and_reads_sentences() -> None:
    options = ["UK-GDPR-REQ", "--received-at", "2026-03-04T10:00:00Z", "--timezone", LONDON]
    done = CliRunner().invoke(command, [*options, "--pause", "2026-03-10", "2026-03-12", "--extension"])
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[:2] == ["due by: 2026-06-08", "notice of the extension due by: 2026-04-07"]
    as_json = CliRunner().invoke(command, [*options, "--json"])
    assert json.loads(as_json.stdout)["due"] == "2026-04-07"


def test_a_persons_slip_is_one_sentence() -> None:
    done = CliRunner().invoke(command, ["US-CA-RESPOND", "--received-at", "2026-03-04", "--timezone", LA])
    assert done.exit_code == 1
    assert "a date without a time" in done.stderr
    assert CliRunner().invoke(command, []).exit_code == 2


def test_the_list_names_every_rule_once_with_its_title() -> None:
    done = CliRunner().invoke(command, ["--list", "--json"])
    listed = [one["rule"] for one in json.loads(done.stdout)]
    assert listed == sorted({one.id for one in LAW})
    assert "US-CA-RESPOND" in CliRunner().invoke(command, ["--list"]).stdout


def test_rules_know_when_they_bind() -> None:
    assert all(one.in_force_from is None or one.in_force_from > date(1900, 1, 1) for one in LAW)
