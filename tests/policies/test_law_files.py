"""The shipped law: every rule of the regimes is there, says where it was read, and switches on its day."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from consent.deadlines.clocks import Clock
from consent.policies.check import check
from consent.policies.kinds import KINDS, hours, sentence
from consent.policies.packs import LawRule, parse_law
from tests.policies.house import POLICIES, valley

TODAY = date(2026, 11, 21)

# id and place -> how its time is counted: kind, period, convention, whole length where it can be extended.
TIMED = """
US-TCPA-REVOKE       US         due_by        P10D    C-BD-US
US-TCPA-CONFIRM      US         due_by        PT5M    C-HRS
US-TCPA-DNC          US         due_by        P10D    C-BD-US
US-TCPA-DNC-KEEP     US         keep_until    P5Y     C-CLAMP
US-TCPA-NDNC-SCRUB   US         last_allowed  P31D    C-CD-US
US-TCPA-EBR-TXN      US         last_allowed  P18M    C-CLAMP
US-TCPA-EBR-INQ      US         last_allowed  P3M     C-CLAMP
US-TCPA-SOL          US         keep_until    P4Y     C-CLAMP
US-TSR-RECORDS       US         keep_until    P5Y     C-CLAMP
US-FCC-26-67         US         due_by        P10D    C-BD-US
US-FL-STOP           US-FL      due_by        P15D    C-CD-US
US-WA-DNC            US-WA      keep_until    P1Y     C-CLAMP
US-VA-TEXT-STOP      US-VA      keep_until    P10Y    C-CLAMP
US-CANSPAM-OPTOUT    US         due_by        P10D    C-BD-US
US-CANSPAM-MECH      US         keep_until    P30D    C-CD-US
MBX-ONECLICK         US         due_by        PT48H   C-HRS
CAN-CASL-EBR         CA         last_allowed  P2Y     C-CAN
CAN-CASL-INQ         CA         last_allowed  P6M     C-CAN
CAN-CASL-UNSUB       CA         due_by        P10D    C-BD-CAN
CAN-CASL-MECH        CA         keep_until    P60D    C-CAN
CAN-IDNCL            CA         due_by        P14D    C-CAN
CAN-IDNCL-KEEP       CA         keep_until    P3Y14D  C-CLAMP
CAN-DNCL-SCRUB       CA         last_allowed  P31D    C-CAN
CAN-DNCL-EBR-TXN     CA         last_allowed  P18M    C-CAN
CAN-DNCL-EBR-INQ     CA         last_allowed  P6M     C-CAN
CAN-PIPEDA-ACCESS    CA         due_by        P30D    C-CAN     P60D
CAN-PIPEDA-CORRECT   CA         due_by        P30D    C-CAN
CAN-PIPEDA-BREACH-REC CA        keep_until    P24M    C-CLAMP
CAN-QC-ACCESS        CA-QC      due_by        P30D    C-CAN
CAN-QC-INCIDENT-REC  CA-QC      keep_until    P5Y     C-CLAMP
CAN-AB-ACCESS        CA-AB      due_by        P45D    C-CAN     P75D
CAN-BC-ACCESS        CA-BC      due_by        P30D    C-BD-CAN  P60D
US-CA-CONFIRM        US-CA      due_by        P10D    C-BD-US
US-CA-RESPOND        US-CA      due_by        P45D    C-CD-US   P90D
US-CA-OPTOUT         US-CA      due_by        P15D    C-BD-US
US-CA-REASK          US-CA      not_before    P12M    C-CLAMP
US-CA-RECORDS        US-CA      keep_until    P24M    C-CLAMP
US-CA-DROP           US-CA      due_by        P45D    C-CD-US
US-WA-MHMDA          US-WA      due_by        P45D    C-CD-US   P90D
US-WA-MHMDA-APPEAL   US-WA      due_by        P45D    C-CD-US
US-WA-MHMDA-BACKUP   US-WA      due_by        P6M     C-CLAMP
EU-GDPR-REQ          EU         due_by        P1M     C-EU      P3M
UK-GDPR-REQ          GB         due_by        P1M     C-UK      P3M
EU-GDPR-BREACH       EU         due_by        PT72H   C-HRS
UK-GDPR-BREACH       GB         due_by        PT72H   C-HRS
EU-TEL-BREACH        EU         due_by        PT24H   C-HRS
UK-PECR-BREACH       GB         due_by        PT72H   C-HRS
EU-OMNIBUS-BREACH    EU         due_by        PT96H   C-HRS
UK-COMPLAINT-ACK     GB         due_by        P30D    C-UK
NYC-TDPA-AUTH        US-NY-NYC  due_by        P90D    C-CD-US
NYC-TDPA-REF         US-NY-NYC  due_by        P90D    C-CD-US
US-IL-BIPA           US-IL      due_by        P3Y     C-CLAMP
US-TX-CUBI           US-TX      due_by        P1Y     C-CLAMP
US-CPNI-OPTOUT-WAIT  US         not_before    P30D    C-CD-US
US-CPNI-OPTOUT-RENEW US         due_by        P2Y     C-CLAMP
US-CPNI-REC          US         keep_until    P1Y     C-CLAMP
US-CPNI-MECH-FAIL    US         due_by        P5D     C-BD-US
US-CPNI-BREACH-LE    US         due_by        P7D     C-BD-US
US-CPNI-BREACH-HOLD  US         not_before    P7D     C-BD-US
US-CPNI-BREACH-2024  US         due_by        P7D     C-BD-US
US-CA-BREACH         US-CA      due_by        P30D    C-CD-US
US-CA-BREACH-AG      US-CA      due_by        P15D    C-CD-US
US-NY-BREACH         US-NY      due_by        P30D    C-CD-US
US-FL-BREACH         US-FL      due_by        P30D    C-CD-US
US-CO-BREACH         US-CO      due_by        P30D    C-CD-US
US-TX-BREACH         US-TX      due_by        P60D    C-CD-US
US-TX-BREACH-AG      US-TX      due_by        P30D    C-CD-US
US-SEC-8K            US         due_by        P4D     C-BD-US
"""

# Duties without a period to count.
UNTIMED = """
US-CA-DELETE-EXCEPT
US-TCPA-PEC US-TCPA-PEWC US-TCPA-SCOPE US-TCPA-NDNC US-TCPA-RND US-QH US-XX-QH CAN-QH COMPANY-QH CAN-DNCL
CTIA-CALL-TO-ACTION CTIA-CONSENT-RECORD CTIA-FIRST-CONFIRMATION CTIA-STOP-FINAL CTIA-HELP CTIA-DEACTIVATION
TCR-CONSENT-OPTIONAL TCR-NO-SHARING TCR-CAMPAIGN-FIELDS
CAN-CASL-CONSENT CAN-PIPEDA-BREACH CAN-QC-BREACH US-CA-GPC US-CA-LOOKBACK US-CA-AB-566 US-CA-ADMT US-CA-RISK US-CA-AUDIT
US-ST-GPC EU-GDPR-CONSENT EU-GDPR-RECTIFY EU-GDPR-BREACH-DS EU-ROPA EU-EPRIV US-WA-BIO US-COPPA US-CPNI-OPTIN
US-CPNI-OPTOUT US-CPNI-OPTOUT-MAIL US-CPNI-OPTOUT-NOTICE US-CPNI-AUTH US-E911-NOTICE
"""

# Answer, whole length, appeal, days after a withdrawal of consent; "-" where the act has none.
STATES = """
VA 2023-01-01 45 90 60 -    CO 2023-07-01 45 90 45 -    CT 2023-07-01 45 90 60 15   UT 2023-12-31 45 90 - -
TX 2024-07-01 45 90 60 -    OR 2024-07-01 45 90 45 15   MT 2024-10-01 45 90 60 45   FL 2024-07-01 45 60 60 -
DE 2025-01-01 45 90 60 15   IA 2025-01-01 90 135 60 -   NE 2025-01-01 45 90 60 -    NH 2025-01-01 45 90 60 15
NJ 2025-01-15 45 90 45 15   TN 2025-07-01 45 90 60 -    MN 2025-07-31 45 90 45 15   MD 2025-10-01 45 90 60 30
IN 2026-01-01 45 90 60 -    KY 2026-01-01 45 90 60 -    RI 2026-01-01 45 90 60 15   NV 2019-10-01 60 90 - -
OK 2027-01-01 45 90 60 -    LA 2027-01-01 45 90 60 -    AL 2027-05-01 45 90 60 -    VT 2028-01-01 45 90 60 -
"""
_CELLS = STATES.split()
STATE_ROWS = [tuple(_CELLS[at : at + 6]) for at in range(0, len(_CELLS), 6)]

# The hours on 2026-11-21, Monday to Saturday (or the days named) and Sunday; the most messages within 24 hours.
HOURS = {
    "US-QH": ("mon-sun 08:00 21:00", None),
    "US-FL-QH": ("mon-sun 08:00 20:00", 3),
    "US-OK-QH": ("mon-sun 08:00 20:00", 3),
    "US-WA-QH": ("mon-sun 08:00 20:00", None),
    "US-MD-QH": ("mon-sun 08:00 20:00", 3),
    "US-OR-QH": ("mon-sun 08:00 20:00", 3),
    "US-TX-QH": ("mon-sat 09:00 21:00, sun 12:00 21:00", None),
    "US-CT-QH": ("mon-sun 09:00 20:00", None),
    "US-VA-QH": ("mon-sun 08:00 21:00", None),
    "US-AL-QH": ("mon-sat 08:00 20:00", None),
    "US-LA-QH": ("mon-sat 08:00 20:00", None),
    "US-MS-QH": ("mon-sat 08:00 20:00", None),
    "US-KY-QH": ("mon-sun 10:00 21:00", None),
    "US-MA-QH": ("mon-sun 08:00 20:00", None),
    "US-RI-QH": ("mon-fri 09:00 18:00, sat 10:00 17:00", None),
    "US-UT-QH": ("mon-sat 08:00 21:00", None),
    "US-PA-QH": ("mon-sat 08:00 21:00, sun 12:00 21:00", None),
    "US-MN-QH": ("mon-sun 09:00 21:00", None),
    "US-MI-QH": ("mon-sun 09:00 21:00", None),
    "US-NM-QH": ("mon-sun 09:00 21:00", None),
    "US-NV-QH": ("mon-sun 09:00 20:00", None),
    "US-WY-QH": ("mon-sun 08:00 20:00", None),
    "COMPANY-QH": ("mon-sat 09:00 20:00, sun 12:00 20:00", None),
    "CAN-QH": ("mon-fri 09:00 21:30, sat-sun 10:00 18:00", None),
}
BREACH_DAYS = {
    60: "DE CT SD LA",
    30: "WA ME",
    45: "AL AZ MD NM OH OR TN VT WI IN",
}
# id, a place, the first day of the switch: off the day before, on from that day.
SWITCHES = [
    ("US-ST-RESPOND", "US-OK", date(2027, 1, 1)),
    ("US-ST-RESPOND", "US-LA", date(2027, 1, 1)),
    ("US-ST-APPEAL", "US-OK", date(2027, 1, 1)),
    ("US-ST-RESPOND", "US-AL", date(2027, 5, 1)),
    ("US-ST-RESPOND", "US-VT", date(2028, 1, 1)),
    ("US-ST-GPC", "US-VT", date(2028, 1, 1)),
    ("US-CA-AB-566", "US-CA", date(2027, 1, 1)),
    ("US-CA-ADMT", "US-CA", date(2027, 1, 1)),
    ("US-CA-AUDIT", "US-CA", date(2028, 4, 1)),
    ("US-CA-DROP", "US-CA", date(2026, 8, 1)),
    ("US-VA-TEXT-STOP", "US-VA", date(2026, 1, 1)),
    ("UK-COMPLAINT-ACK", "GB", date(2026, 6, 19)),
    ("US-TCPA-REVOKE", "US-WA", date(2025, 4, 11)),
    ("US-TSR-RECORDS", "US-WA", date(2024, 10, 15)),
    ("CAN-CASL-UNSUB", "CA-BC", date(2014, 7, 1)),
]
PENDING = ["US-FCC-26-67", "US-CPNI-BREACH-2024", "EU-OMNIBUS-BREACH"]
# Kinds the gate or the consent record asks at once: a rule of these reaches every program it speaks of.
ACTING = {
    "consent-required", "consent-record-fields", "opt-out-channel", "suppression-record", "marketing-ban",
    "messaging-scope", "help-reply", "consent-not-condition", "age-limit", "non-opt-outable",
}  # fmt: skip


def rules(identity: str, place: str | None = None, day: date | None = None) -> list[LawRule]:
    """The entries of that id, of that very place, in force on that day."""
    return [
        one
        for one in valley()[2]
        if one.id == identity
        and (place is None or place in one.jurisdictions)
        and (day is None or one.binds(day, one.jurisdictions))
    ]


def the_clock(one: LawRule) -> Clock:
    assert one.clock is not None, one.id
    return one.clock


def text(rows: Iterable[dict[str, str]]) -> str:
    return ", ".join(f"{one['days']} {one['from']} {one['until']}" for one in rows)


def test_the_law_passes_its_own_check() -> None:
    assert check(POLICIES / "law") == []


READ_LATER = {"COMPANY-TRACKER-CHOICE": date(2026, 11, 23)}


def test_every_rule_has_its_source_the_day_of_reading_and_a_tag() -> None:
    for one in valley()[2]:
        assert one.source.startswith(("https://", "http://")), one.id
        assert one.checked_on == READ_LATER.get(one.id, date(2026, 11, 21)), one.id
        assert one.tag in ("V", "S", "M"), one.id
        assert one.title and one.cite and one.jurisdictions, one.id


@pytest.mark.parametrize("row", TIMED.strip().splitlines(), ids=lambda row: row.split()[0])
def test_a_timed_rule_counts_as_written(row: str) -> None:
    identity, place, kind, period, convention, *extended = row.split()
    newest = rules(identity, place)[-1]
    clock = the_clock(newest)
    assert (clock.kind, clock.period and clock.period.text, clock.convention) == (kind, period, convention)
    assert (clock.extended and clock.extended.text) == (extended[0] if extended else None)


@pytest.mark.parametrize("identity", UNTIMED.split())
def test_a_duty_without_a_period_is_there_and_counts_nothing(identity: str) -> None:
    assert rules(identity)
    assert all(one.clock is None for one in rules(identity))


def test_there_is_no_rule_that_these_tables_do_not_know() -> None:
    timed = {row.split()[0] for row in TIMED.strip().splitlines()}
    states = {"US-ST-RESPOND", "US-ST-APPEAL", "US-ST-CONSENT-REVOKE", "US-ST-BREACH"}
    others = {"US-CA-METRICS", "US-CPNI-CERT", "COMPANY-RETENTION", "COMPANY-RESPOND", "COMPANY-TRACKER-CHOICE"}
    assert {one.id for one in valley()[2]} == timed | set(UNTIMED.split()) | set(HOURS) | states | others


@pytest.mark.parametrize("row", STATE_ROWS, ids=lambda row: row[0])
def test_a_state_answers_within_its_days_from_its_first_day(row: tuple[str, ...]) -> None:
    code, first, answer, extended, appeal, revoke = row
    (rule,) = rules("US-ST-RESPOND", f"US-{code}")
    clock = the_clock(rule)
    assert rule.in_force_from == date.fromisoformat(first)
    assert (clock.period and clock.period.text, clock.extended and clock.extended.text) == (
        f"P{answer}D",
        f"P{extended}D",
    )
    assert rule.parameters["deadline"] == f"P{answer}D"
    for identity, days in (("US-ST-APPEAL", appeal), ("US-ST-CONSENT-REVOKE", revoke)):
        found = [one.clock.period.text for one in rules(identity, f"US-{code}") if one.clock and one.clock.period]
        assert found == ([] if days == "-" else [f"P{days}D"]), identity


def test_appeals_can_be_extended_in_colorado_and_minnesota_only() -> None:
    longer = {
        one.jurisdictions[0]: one.clock.extended.text
        for one in rules("US-ST-APPEAL")
        if one.clock and one.clock.extended
    }
    assert longer == {"US-CO": "P105D", "US-MN": "P105D"}


@pytest.mark.parametrize("identity", HOURS)
def test_the_hours_of_sales_messages(identity: str) -> None:
    (rule,) = rules(identity, day=TODAY)
    window, most = HOURS[identity]
    assert text(rule.parameters["window"]) == window
    assert rule.parameters.get("frequency", {}).get("max") == most
    assert rule.parameters["act"] == "marketing-text-window"


def test_oregon_closed_an_hour_later_before_2026() -> None:
    until = [rules("US-OR-QH", day=day)[0].parameters["window"][0]["until"] for day in (date(2025, 12, 31), TODAY)]
    assert until == ["21:00", "20:00"]


@pytest.mark.parametrize("days", BREACH_DAYS)
def test_breach_notices_of_single_states(days: int) -> None:
    for code in BREACH_DAYS[days].split():
        (rule,) = rules("US-ST-BREACH", f"US-{code}")
        period = the_clock(rule).period
        assert period is not None and period.text == f"P{days}D", code


def test_every_state_has_one_rule_on_breaches() -> None:
    named = [place for one in rules("US-ST-BREACH") for place in one.jurisdictions]
    own = ["US-CA", "US-NY", "US-FL", "US-CO", "US-TX"]
    assert len(named) == len(set(named)) == 51 - len(own)
    assert not set(named) & set(own)


def test_fixed_dates_come_every_year() -> None:
    assert [the_clock(rules(one)[0]).annual for one in ("US-CPNI-CERT", "US-CA-METRICS")] == [(3, 1), (7, 1)]


def test_the_company_clocks_take_their_period_from_the_policy() -> None:
    kept, answered = the_clock(rules("COMPANY-RETENTION")[0]), the_clock(rules("COMPANY-RESPOND")[0])
    assert (kept.period, kept.from_fact, kept.convention) == (None, "relevant_time", "C-CLAMP")
    assert (answered.period, answered.starts) == (None, "receipt")


def test_illinois_takes_the_earlier_of_purpose_and_three_years() -> None:
    other = the_clock(rules("US-IL-BIPA")[0]).or_earlier
    assert other is not None and (other.fact, other.period.text) == ("purpose_satisfied", "P0D")


def test_the_uk_clock_starts_at_the_latest_and_pauses_since_february_2026() -> None:
    before, since = (the_clock(rules("UK-GDPR-REQ", day=day)[0]) for day in (date(2026, 2, 4), date(2026, 2, 5)))
    assert (before.pauses, since.pauses) == (False, True)
    assert since.starts_at_latest_of == ("received_at", "verified_at")


def test_only_the_uk_stops_the_clock_of_requests_and_a_wait_for_a_no_that_of_silence() -> None:
    assert {one.id for one in valley()[2] if one.clock and one.clock.pauses} == {"UK-GDPR-REQ", "US-CPNI-OPTOUT-WAIT"}


def test_waits_count_full_days_and_letters_start_later() -> None:
    wait, hold = the_clock(rules("US-CPNI-OPTOUT-WAIT")[0]), the_clock(rules("US-CPNI-BREACH-HOLD")[0])
    assert (wait.full_days, hold.full_days) == (True, True)
    assert wait.mail_wait is not None and wait.mail_wait.text == "P3D"


@pytest.mark.parametrize(("identity", "place", "first"), SWITCHES)
def test_a_rule_is_off_the_day_before_and_on_from_its_first_day(identity: str, place: str, first: date) -> None:
    found = [
        [one for one in valley()[2] if one.id == identity and one.binds(day, [place])]
        for day in (first - timedelta(days=1), first)
    ]
    assert [len(one) for one in found] == [0, 1]


def test_revoke_all_switches_on_the_last_day_of_january_2027() -> None:
    scopes = [rules("US-TCPA-SCOPE", day=day)[0].parameters["scope"] for day in (date(2027, 1, 30), date(2027, 1, 31))]
    assert scopes == ["category", "all-robotexts"]


def test_the_uk_telecom_notice_went_from_24_to_72_hours() -> None:
    periods = [the_clock(rules("UK-PECR-BREACH", day=day)[0]).period for day in (date(2025, 8, 19), date(2025, 8, 20))]
    assert [one and one.text for one in periods] == ["PT24H", "PT72H"]


@pytest.mark.parametrize("identity", PENDING)
def test_a_pending_rule_binds_on_no_day(identity: str) -> None:
    (rule,) = rules(identity)
    assert rule.in_force_from is None and "ending" in rule.note
    assert not any(rule.binds(day, rule.jurisdictions) for day in (date(1990, 1, 1), TODAY, date(2199, 1, 1)))


def test_nothing_but_these_three_is_pending() -> None:
    assert sorted(one.id for one in valley()[2] if one.in_force_from is None) == sorted(PENDING)


def test_a_rule_about_mail_or_lists_speaks_of_marketing_only() -> None:
    """CAN-SPAM, the registry and the states' lists never hold up a service message."""
    spoken = {
        one.id: one.parameters.get("purpose") or one.parameters.get("for") or one.parameters.get("applies_to")
        for one in valley()[2]
        if one.kind in ACTING and "channel" in one.parameters
    }
    service_too = {one for one, reach in spoken.items() if reach != "marketing"}
    assert service_too == {
        "US-TCPA-PEC", "US-TCPA-PEWC", "US-TCPA-REVOKE", "US-TCPA-SCOPE", "US-FCC-26-67",
        "CTIA-CONSENT-RECORD", "TCR-CONSENT-OPTIONAL",
    }  # fmt: skip


def test_every_rule_reads_as_a_sentence() -> None:
    for one in valley()[2]:
        said = sentence(one)
        assert said.endswith(".") and "{" not in said and "  " not in said, (one.id, said)


def test_hours_are_said_in_words() -> None:
    (rule,) = rules("US-TX-QH")
    assert sentence(rule) == (
        "Sales messages by SMS and voice go only mon sat from 09:00 to 21:00 and sun from 12:00 to 21:00, "
        "by the clock of the person."
    )


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"days": "mon-sun", "from": "9:00", "until": "20:00"}, "time of day"),
        ({"days": "mon-sun", "from": "20:00", "until": "09:00"}, "before it opens"),
        ({"days": "weekdays", "from": "09:00", "until": "20:00"}, "does not fit"),
        ({"days": "mon-sun", "from": "09:00"}, 'misses "until"'),
    ],
)
def test_a_wrong_window_is_named(row: dict[str, str], wrong: str) -> None:
    parameters = {"act": "marketing-text-window", "period": "unset", "window": [row]}
    ((key, message),) = KINDS["deadline"].problems(parameters)
    assert key == "window" and wrong in message


def test_a_frequency_needs_a_number_and_a_period() -> None:
    assert hours.frequency({"max": 3, "per": "PT24H"}) is None
    assert hours.frequency({"max": 0, "per": "PT24H"}) is not None
    assert hours.frequency({"max": 3}) is not None


def test_a_spoiled_rule_is_found_with_its_line(tmp_path: Path) -> None:
    shipped = (POLICIES / "law" / "us-email.toml").read_text("utf-8")
    (tmp_path / "us-email.toml").write_text(
        shipped.replace('convention = "C-BD-US"', 'convention = "C-BD-UK"'), "utf-8"
    )
    (found,) = check(tmp_path)
    line = next(at for at, one in enumerate(shipped.splitlines(), 1) if "C-BD-US" in one)
    assert (found.line, "C-BD-US" in found.message) == (line, True)


def test_the_rule_shown_in_the_documentation_is_one_that_loads() -> None:
    page = (POLICIES.parent / "docs" / "law.md").read_text("utf-8")
    (rule,) = parse_law('regime = "example"\n\n' + page.split("```toml\n")[1].split("```")[0])
    assert (rule.id, rule.binds(date(2027, 6, 30), ["US-XX"]), rule.binds(date(2027, 7, 1), ["US-XX"])) == (
        "US-ST-RESPOND",
        False,
        True,
    )
    assert KINDS[rule.kind].problems(rule.parameters) == []


def test_every_file_and_every_pending_rule_stands_in_the_documentation() -> None:
    page = (POLICIES.parent / "docs" / "law.md").read_text("utf-8")
    files = [one.stem for one in (POLICIES / "law").glob("*.toml")]
    assert [one for one in (*files, *PENDING) if f"`{one}`" not in page] == []
