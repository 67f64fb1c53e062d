"""What may be sent, and who may be asked: each promise about consents, messages and features, at the doors that ask it.

A row is a promise, what happened before, what is asked, and the answer that follows from the wording of the papers.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.organizations import SMARTT, VALET, VALLEY, VALTT, VOX, consent_to
from tests.support.systems import Json, Systems
from tests.support.twilio import Twilio

PERSON, MAIL = "+15095550142", "ana@home.example"
WITHDRAWN: Json = {"state": "withdrawn", "occurred_at": "2026-11-21T10:00:00Z", "wording": None, "ip": None,
                   "method": "unsubscribe-link"}  # fmt: skip
TEXTS = "account-service-notifications"
Before = tuple[str, str, Json]  # program, channel, how it differs from a plain yes


def at(channel: str) -> str:
    """Where the person is reached there."""
    return PERSON if channel in ("sms", "voice") else MAIL


def happened(systems: Systems, before: tuple[Before, ...]) -> None:
    for program, channel, changes in before:
        said = systems.post("consents", consent_to(program, channel, at(channel), **changes))
        assert said.status_code == 201, said.get_data(as_text=True)


def yes(program: str, channel: str, **more: Any) -> Before:
    return program, channel, more


def no(program: str, channel: str, **more: Any) -> Before:
    return program, channel, WITHDRAWN | more


# Promise, before, (program, class, channel), facts, answer.
MESSAGES: list[tuple[str, str, tuple[Before, ...], tuple[str, str, str], Json, str]] = [
    (VALLEY, "VSH-17", (), (TEXTS, "outage", "sms"), {}, "deny"),
    (VALLEY, "VSH-17", (yes(TEXTS, "sms"),), (TEXTS, "outage", "sms"), {}, "allow"),
    (VALLEY, "VSH-18", (yes(TEXTS, "sms"),), (TEXTS, "support", "sms"), {}, "deny"),
    (VALLEY, "VSH-18", (yes(TEXTS, "sms"),), (TEXTS, "price-quote", "sms"), {}, "deny"),
    (VALLEY, "VSH-26", (yes(TEXTS, "sms"),), (TEXTS, "promotion", "sms"), {}, "deny"),
    (VALLEY, "VSH-39", (), ("service-email", "outage", "email"), {}, "allow"),
    (VALLEY, "VSH-39", (), ("service-calls", "scheduling", "voice"), {}, "allow"),
    (VALLEY, "VSH-41", (no("marketing-email", "email"),), ("marketing-email", "promotion", "email"), {}, "deny"),
    (VALLEY, "VSH-42", (), ("marketing-calls", "promotion", "voice"), {}, "deny"),
    (VALLEY, "VSH-43", (no("marketing-calls", "voice"),), ("marketing-calls", "promotion", "voice"), {}, "deny"),
    (VALET, "1V-12", (), ("information", "important-update", "email"), {}, "allow"),
    (VALET, "1V-12", (), ("information", "feature-information", "email"), {}, "allow"),
    (VALET, "1V-12", (), ("partner-offers", "partner-offer", "email"), {"jurisdiction": "US-CA"}, "allow"),
    (VALET, "1V-13", (no("information", "email"),), ("service-messages", "requested-service", "email"),
     {"reference": "ticket 7"}, "allow"),
    (VALET, "1V-34", (), ("partner-offers", "partner-offer", "email"), {"jurisdiction": "US-CA", "minor": True},
     "deny"),
    (VALTT, "VAL-10", (), ("service-messages", "transactional", "email"), {"reference": "order 7"}, "allow"),
    (VALTT, "VAL-11", (), ("offers", "offer", "email"), {}, "deny"),
    (VALTT, "VAL-21", (yes("offers", "email"),), ("offers", "offer", "email"), {"minor": True}, "deny"),
    (VOX, "VOX-29", (), ("administrative-email", "account", "email"), {"reference": "account 7"}, "allow"),
    (VOX, "VOX-30", (no("promotional-email", "email"),), ("promotional-email", "promotion", "email"),
     {"jurisdiction": "US", "registered": True}, "deny"),
    (VOX, "VOX-37", (), ("administrative-email", "account", "email"), {"reference": "account 7", "minor": True},
     "deny"),
    (SMARTT, "SMT-17", (), ("newsletter", "newsletter", "email"), {}, "deny"),
    (SMARTT, "SMT-17", (yes("mailing-list", "email"),), ("mailing-list", "mailing-list", "email"), {}, "allow"),
    (SMARTT, "SMT-18", (), ("reseller-community", "release", "email"), {"member": True}, "allow"),
    (SMARTT, "SMT-19", (), ("tailored-marketing", "tailored-marketing", "email"), {"jurisdiction": "CA-BC"}, "deny"),
    (SMARTT, "SMT-28", (no("newsletter", "email"),), ("service-notices", "operational-change", "email"), {}, "allow"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "promise", "before", "message", "facts", "answer"), MESSAGES)
def test_a_message_is_answered_by_the_promise_about_it(
    systems: Systems, slug: str, promise: str, before: tuple[Before, ...], message: tuple[str, str, str], facts: Json,
    answer: str,
) -> None:  # fmt: skip
    happened(systems, before)
    program, message_class, channel = message
    said = systems.decide(
        program=program, message_class=message_class, channel=channel, address=at(channel), facts=facts
    )
    assert said["answer"] == answer, said["reasons"]
    assert promise in {one.get("commitment") for one in said["reasons"]}, said["reasons"]


# Promise, program or feature, channel, how it differs from a complete yes, the field that is refused.
CONSENTS: list[tuple[str, str, str, str, Json, str]] = [
    (VALLEY, "VSH-10", "managed-networking", "email", {}, "granted_by"),
    (VALLEY, "VSH-19", TEXTS, "sms", {"mandatory": True}, "mandatory"),
    (VALLEY, "VSH-20", TEXTS, "sms", {"ip": None}, "ip"),
    (VALLEY, "VSH-20", TEXTS, "sms", {"wording": None}, "wording"),
    (VALLEY, "VSH-20", TEXTS, "sms", {"method": None}, "method"),
    (VALLEY, "VSH-20", TEXTS, "sms", {"occurred_at": None}, "occurred_at"),
    (VALLEY, "VSH-52", "autopay", "email", {}, "granted_by"),
    (VALLEY, "VSH-60", TEXTS, "sms", {"declared_age": 12}, "declared_age"),
    (VALET, "1V-09", "facial-entry", "email", {}, "granted_by"),
    (VALET, "1V-34", "information-texts", "sms", {"declared_age": 12}, "declared_age"),
    (VALET, "1V-57", "information-texts", "sms", {"method": "use"}, "method"),
    (VALTT, "VAL-12", "offers", "email", {"pre_ticked": True}, "pre_ticked"),
    (VALTT, "VAL-12", "offers", "sms", {"mandatory": True}, "mandatory"),
    (VALTT, "VAL-21", "offers", "email", {"declared_age": 17}, "declared_age"),
    (VOX, "VOX-37", "promotional-email", "email", {"declared_age": 15}, "declared_age"),
    (SMARTT, "SMT-14", "managed-online-profile", "email", {}, "granted_by"),
]


@pytest.mark.parametrize(("slug", "promise", "program", "channel", "changes", "field"), CONSENTS)
def test_a_consent_that_lacks_what_was_promised_is_refused_by_its_field(
    systems: Systems, slug: str, promise: str, program: str, channel: str, changes: Json, field: str
) -> None:
    refused = systems.post("consents", consent_to(program, channel, at(channel), **changes))
    assert refused.status_code == 422, refused.get_data(as_text=True)
    errors = [(one["field"].split(".")[0], one.get("commitment")) for one in refused.get_json()["errors"]]
    assert errors == [(field, promise)]


BY_CUSTOMER: Json = {"granted_by": "customer"}
# Promise, before, feature, channel, how it is asked, answer.
FEATURES: list[tuple[str, str, tuple[Before, ...], str, str, Json, str]] = [
    (VALLEY, "VSH-07", (yes("managed-networking", "email", **BY_CUSTOMER),), "managed-networking", "email",
     {"present": ["active-subscription"]}, "deny"),
    (VALLEY, "VSH-10", (), "managed-networking", "email", {}, "deny"),
    (VALLEY, "VSH-11", (yes("managed-networking", "email", **BY_CUSTOMER), no("managed-networking", "email")),
     "managed-networking", "email", {}, "deny"),
    (VALLEY, "VSH-48", (), "call-recording", "voice", {}, "deny"),
    (VALLEY, "VSH-49", (), "voicemail", "voice", {}, "deny"),
    (VALLEY, "VSH-52", (), "autopay", "email", {}, "deny"),
    (VALLEY, "VSH-53", (yes("autopay", "email", **BY_CUSTOMER), no("autopay", "email")), "autopay", "email", {},
     "deny"),
    (VALET, "1V-09", (), "facial-entry", "email", {}, "deny"),
    (VALET, "1V-30", (yes("facial-entry", "email", granted_by="person"), no("facial-entry", "email")),
     "facial-entry", "email", {}, "deny"),
    (VALET, "1V-30", (yes("keyless-entry", "email", granted_by="person"), no("keyless-entry", "email")),
     "keyless-entry", "email", {}, "deny"),
    (SMARTT, "SMT-14", (), "managed-online-profile", "email", {}, "deny"),
    (SMARTT, "SMT-14", (yes("managed-online-profile", "email", **BY_CUSTOMER),), "managed-online-profile", "email", {},
     "allow"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "promise", "before", "feature", "channel", "how", "answer"), FEATURES)
def test_a_feature_is_answered_by_the_promise_about_it(
    systems: Systems, slug: str, promise: str, before: tuple[Before, ...], feature: str, channel: str, how: Json,
    answer: str,
) -> None:  # fmt: skip
    happened(systems, before)
    asked = {"feature": feature, "channel": channel, "address": at(channel)} | how
    said = systems.post("features/decisions", asked).get_json()
    assert said["answer"] == answer
    assert promise in {one.get("commitment") for one in said["reasons"]}, said["reasons"]


@pytest.mark.parametrize("slug", [VALLEY])
def test_vsh_25_and_vsh_23_a_stop_ends_every_text_at_once_and_stays(
    systems: Systems, twilio: Twilio, slug: str
) -> None:
    happened(systems, (yes(TEXTS, "sms"),))
    assert twilio.text("STOP").status_code == 200
    said = systems.decide(program=TEXTS, message_class="outage", address=PERSON)
    assert said["answer"] == "deny"
    assert {"VSH-25", "VSH-23"} <= {one.get("commitment") for one in said["reasons"]}


@pytest.mark.parametrize("slug", [VALLEY])
def test_vsh_27_vsh_31_and_vsh_24_help_is_answered_with_mailbox_number_and_rates_after_a_stop_too(
    systems: Systems, twilio: Twilio, deliver: Callable[[], list[str]], slug: str
) -> None:
    for words in ("HELP", "STOP", "HELP"):
        assert twilio.text(words).status_code == 200
    answered = [one for one in deliver() if "sales@valleysmarthomes.com" in one]
    assert len(answered) == 2
    for one in answered:
        assert "509-557-0508" in one and "rates" in one and "vary" in one
