"""Kinds: what each accepts as parameters, what it refuses, and that each says who asks it."""

from datetime import timedelta

import pytest

from consent.policies.kinds import FAMILIES, KINDS
from consent.policies.kinds import shapes as s
from tests.policies.house import valley

# One wrong parameter for each kind: the key and what is wrong with it.
WRONG: dict[str, tuple[dict[str, object], str]] = {
    "policy-metadata": ({"title": "X", "last_updated": "2 January 2025"}, "last_updated"),
    "scope": ({"surfaces": []}, "surfaces"),
    "contact-point": ({"email": "sales at example"}, "email"),
    "notice-of-change": ({"channel": ["policy-page-date"], "lead_time": "a month"}, "lead_time"),
    "disclosure-required": ({"where": ["help-reply"], "statements": ["nonsense"]}, "statements"),
    "security-measure": ({"measures": ["technical", "technical"]}, "measures"),
    "consent-required": ({"channel": ["fax"]}, "channel"),
    "consent-not-condition": ({"banned": ["nothing"]}, "banned"),
    "consent-record-fields": ({"fields": ["shoe-size"]}, "fields"),
    "consent-withdrawal": ({"feature": "autopay", "refusal_allowed": "no"}, "refusal_allowed"),
    "feature-gate": ({"feature": "voicemail", "gate": 1}, "gate"),
    "age-limit": ({"min_age": 0}, "min_age"),
    "messaging-scope": ({"channel": ["sms"], "message_classes": ["Outage!"]}, "message_classes"),
    "marketing-ban": ({"channel": ["sms"], "override_by_consent": 0}, "override_by_consent"),
    "opt-out-channel": ({"channel": ["sms"], "scope": "some"}, "scope"),
    "help-reply": ({"channel": ["sms"], "keyword": ""}, "keyword"),
    "suppression-record": ({"channel": ["sms"], "survives": "deletion"}, "survives"),
    "deadline": ({"act": "answer", "period": "soon"}, "period"),
    "data-category-collected": ({"data_categories": ["a"], "gate": "seven"}, "gate"),
    "content-not-collected": ({"banned": ["cvv"], "exceptions": []}, "exceptions"),
    "purpose-limit": ({"purposes": ["billing"], "closed_list": "yes"}, "closed_list"),
    "cookie": ({"cookie_purposes": "analytics"}, "cookie_purposes"),
    "share-ban": ({"recipients": ["third-parties"], "exceptions": [1]}, "exceptions"),
    "share-allowed-recipient": ({"data": "billing", "recipients": "banks"}, "recipients"),
    "retention-limit": ({"data": "billing", "period": "P"}, "period"),
    "request-right": ({"persons": "anyone", "deadline": 30}, "deadline"),
    "data-source": ({"sources": []}, "sources"),
    "collection-limit": ({"linkage": "allowed"}, "linkage"),
    "share-condition": ({"conditions": "contract"}, "conditions"),
    "recipient-register": ({"fields": ["name"], "entries": [{"name": "A"}]}, "entries"),
    "retention-exception": ({"exceptions": ["tax"], "closed_list": "yes"}, "closed_list"),
    "disposal-method": ({"outcomes": ["burnt"]}, "outcomes"),
    "self-service": ({"marketing_consent": "no"}, "marketing_consent"),
    "request-eligibility": ({"request_types": ["correction"], "persons": 1}, "persons"),
    "request-frequency": ({"request_type": "specific-pieces", "max": 0, "per": "P1Y"}, "max"),
    "request-scope": ({"request_type": "usage-log-file", "window": "nine months"}, "window"),
    "request-fee": ({"request_type": "usage-log-file", "fee": "rate-card", "per": "page"}, "per"),
    "identity-verification": ({"request_types": ["access"], "check": "by-eye"}, "check"),
    "authorized-agent": ({"request_types": ["access"], "jurisdictions": ["California"]}, "jurisdictions"),
    "legal-process-notice": ({"trigger": "compelled-disclosure", "deadline": "soon"}, "deadline"),
    "breach-notice": ({"period": "ten days"}, "period"),
    "staff-access": ({"role": "developer-support", "data": []}, "data"),
    "deletion-exception": ({"exceptions": ["billing", "billing"]}, "exceptions"),
    "acceptance": ({"by": ""}, "by"),
    "role-allocation": ({"roles": {"customer-data": "owner"}}, "roles"),
    "non-discrimination": ({"covers": "All Rights!"}, "covers"),
    "non-opt-outable": ({"message_classes": ["notice"], "condition": {"notice": "sometimes"}}, "condition"),
    "dnt-gpc": ({"dnt": "ignored", "gpc": "not-stated"}, "dnt"),
}


def test_every_registered_kind_has_its_mistake_here() -> None:
    assert set(WRONG) == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_wrong_parameter_is_named_with_what_would_be_right(name: str) -> None:
    parameters, key = WRONG[name]
    ((found, message),) = KINDS[name].problems(parameters)
    assert found == key
    assert message.startswith(f'"{key}" ')


@pytest.mark.parametrize("name", KINDS)
def test_an_unknown_parameter_is_refused_by_every_kind(name: str) -> None:
    assert any(key == "colour" for key, _ in KINDS[name].problems({"colour": "red"}))
    assert any(key == "colour" for key, _ in KINDS[name].problems_decided({}, {"colour": "red"}))


@pytest.mark.parametrize("name", KINDS)
def test_every_required_parameter_is_missed(name: str) -> None:
    kind = KINDS[name]
    assert {key for key, _ in kind.problems({})} == {*kind.required, *(group[0] for group in kind.one_of)}


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.one_of])
def test_any_parameter_of_a_group_is_enough(name: str) -> None:
    for group in KINDS[name].one_of:
        for one in group:
            wrong = KINDS[name].problems({one: object()})
            assert not any("is needed; without them" in said for _, said in wrong), one


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_asked_by_a_door_or_by_one_that_is_planned(name: str) -> None:
    kind = KINDS[name]
    assert kind.doors or kind.planned
    assert not set(kind.doors) & set(kind.planned)
    assert kind.evidence
    assert kind.meaning.endswith(".")


def test_every_kind_belongs_to_one_family() -> None:
    names = [kind.name for family in FAMILIES for kind in family.ALL]
    assert sorted(names) == sorted(KINDS)


def test_every_shipped_parameter_fits_its_kind() -> None:
    for one in (*valley()[1][0].commitments, *valley()[2]):
        assert KINDS[one.kind].problems(one.parameters) == [], one.id
    for one in valley()[1][0].commitments:  # the law leaves nothing open for an operator to settle
        assert KINDS[one.kind].problems_decided(one.parameters, one.decided) == [], one.id


@pytest.mark.parametrize(
    ("kind", "parameters", "keys"),
    [
        ("retention-limit", {"data": "billing", "period": "unset"}, ["periods"]),
        ("retention-limit", {"data": "billing", "period": "P7Y"}, []),
        ("request-right", {"deadline": "unset", "verification": "unset"}, ["deadline", "verification"]),
        ("age-limit", {"min_age": 13, "remedy": "not-stated"}, ["delete_within"]),
        ("policy-metadata", {"effective_date": "not-stated"}, []),
        ("contact-point", {"email": "not-stated", "phone": "not-stated"}, ["email"]),
        ("contact-point", {"email": "not-stated", "phone": "604-555-0110"}, []),
        ("messaging-scope", {"consent": "not-stated", "opt_out_channel": "not-stated"}, ["implied_for", "mechanisms"]),
        ("consent-required", {"bases": ["consent", "legitimate-interest-where-allowed"]}, ["legitimate_interest_for"]),
        ("opt-out-channel", {"when": "any-time-after-registration"}, ["opt_in_for"]),
        ("dnt-gpc", {"gpc": "not-stated"}, ["gpc"]),
        ("cookie", {"controls": "not-stated"}, ["on_site_control"]),
        ("suppression-record", {"condition": "where-permitted"}, ["without_legal_basis"]),
        ("security-measure", {"measures": ["technical"]}, ["review_every"]),
        ("security-measure", {"measures": ["vulnerability-scanning"]}, ["review_every", "scan_every"]),
        ("security-measure", {"measures": ["training"]}, ["review_every"]),
    ],
)  # fmt: skip
def test_what_is_promised_without_a_number_must_be_decided(
    kind: str, parameters: dict[str, object], keys: list[str]
) -> None:
    assert [key for key, _ in KINDS[kind].problems_decided(parameters, {})] == keys


@pytest.mark.parametrize("good", ["P90D", "P24M", "P7Y", "PT5M", "P1Y6M", "P2W", "P1DT12H"])
def test_a_period_is_an_iso_8601_duration(good: str) -> None:
    assert s.period(good) is None


@pytest.mark.parametrize("bad", ["", "P", "PT", "90D", "P90", "P-1D", "p90d", "P1DT", 90, None, "P90D "])
def test_anything_else_is_no_period(bad: object) -> None:
    assert s.period(bad) is not None


@pytest.mark.parametrize(
    ("period", "said"),
    [("P90D", "90 days"), ("P1Y", "1 year"), ("PT5M", "5 minutes"), ("P1Y6M", "1 year and 6 months"),
     ("unlimited", "without end")],
)  # fmt: skip
def test_a_period_is_said_in_words(period: str, said: str) -> None:
    assert s.spoken(period) == said


@pytest.mark.parametrize(
    ("one", "other", "shorter"),
    [("P24M", "P4Y", True), ("P4Y", "P4Y", False), ("P5Y", "P4Y", False), ("unlimited", "P4Y", False),
     ("P4Y", "unlimited", True)],
)  # fmt: skip
def test_periods_are_compared_by_their_length(one: str, other: str, shorter: bool) -> None:
    assert s.shorter(one, other) is shorter


def test_a_flag_is_neither_a_number_nor_a_word() -> None:
    assert [s.flag(one) is None for one in (True, False, 1, "true")] == [True, True, False, False]
    assert [s.whole(1)(one) is None for one in (1, 0, True, "1", 1.5)] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("period", "length"),
    [
        ("PT5M", timedelta(minutes=5)),
        ("PT1H30M10S", timedelta(hours=1, minutes=30, seconds=10)),
        ("P1DT12H", timedelta(days=1, hours=12)),
        ("P2W", timedelta(days=14)),
    ],
)
def test_a_period_counted_from_an_instant_has_a_length(period: str, length: timedelta) -> None:
    assert s.elapsed(period) == length
