"""Every parameter of Valley Smart Homes as it was read in the policy, and every value settled for an open point.

The tests of what they do stand in test_vsh*.py beside it and test_traps.py; a slip in the pack is found here.
"""

from typing import Any

import pytest

from tests.policies.house import valley

READ: dict[str, dict[str, Any]] = {
    "VSH-01": {
        "title": "Privacy Policy",
        "last_updated": "2025-01-02",
        "date_format": "Month DD, YYYY",
        "effective_date": "not-stated",
    },
    "VSH-02": {
        "surfaces": [
            "website",
            "internet-access",
            "managed-networking",
            "sms-mms",
            "voip",
            "billing",
            "customer-support",
        ]
    },
    "VSH-03": {"measures": ["administrative", "technical", "physical"], "guarantee": "none"},
    "VSH-04": {
        "persons": "internet-only-customer",
        "purposes": ["provisioning", "network-operation", "network-security", "customer-support", "billing"],
    },
    "VSH-05": {
        "data_categories": [
            "account-contact",
            "provisioning-identifiers",
            "network-diagnostics",
            "aggregate-usage",
            "security-abuse",
        ]
    },
    "VSH-06": {
        "banned": [
            "webpages",
            "full-urls",
            "uri-paths",
            "query-strings",
            "search-queries",
            "messages",
            "emails",
            "files",
            "av-streams",
            "payloads",
        ],
        "subject": "customer-internet-traffic",
        "exceptions": "none",
    },
    "VSH-07": {
        "feature": "managed-networking",
        "gate": ["active-subscription", "supported-equipment"],
        "default": "disabled",
    },
    "VSH-08": {
        "data": "internet-service",
        "recipients": ["network-operators-wholesale", "local-puds", "service-vendors", "authorities-legal-process"],
        "condition": "necessary-only",
        "vendor_functions": ["operations", "support", "security"],
    },
    "VSH-09": {
        "data": ["internet-service", "logs"],
        "period": "unset",
        "criteria": ["service-delivery", "troubleshooting", "security", "billing", "compliance"],
    },
    "VSH-10": {
        "feature": "managed-networking",
        "granted_by": "customer",
        "purposes": ["installation", "configuration", "monitoring", "maintenance", "security", "technical-support"],
    },
    "VSH-11": {
        "feature": "managed-networking",
        "trigger": "customer-request",
        "consequence": "service-limitations-possible",
        "refusal_allowed": False,
    },
    "VSH-12": {
        "gate": "VSH-07",
        "data_categories": [
            "device-identifiers",
            "ip-assignments",
            "status-uptime",
            "signal-performance",
            "aggregate-bandwidth",
            "destination-tld-or-endpoint",
        ],
    },
    "VSH-13": {
        "banned": [
            "full-urls",
            "uri-paths",
            "query-strings",
            "decrypted-traffic",
            "packet-payloads",
            "communication-content",
        ],
        "exceptions": "none",
    },
    "VSH-14": {
        "data": "managed-networking",
        "purposes": ["operate-maintain", "diagnose-resolve", "optimize", "threat-detection", "customer-support"],
        "closed_list": True,
    },
    "VSH-15": {
        "recipients": ["cloud-management-platforms"],
        "allowed_purpose": "deliver-managed-services",
        "banned": ["sale", "advertising"],
    },
    "VSH-16": {"request_type": "platform-policy-copy", "persons": "anyone", "deadline": "unset"},
    "VSH-17": {
        "channel": ["sms", "mms"],
        "program": "account-service-notifications",
        "consent": "opt-in-affirmative",
        "needs": ["mobile-number", "opt-in"],
    },
    "VSH-18": {
        "channel": ["sms", "mms"],
        "message_classes": [
            "outage",
            "appointment-reminder",
            "technician-update",
            "price-quote",
            "feedback-request",
            "invoice",
            "billing-notice",
            "service-communication",
        ],
        "marketing": False,
    },
    "VSH-19": {
        "channel": ["sms", "mms"],
        "banned": ["mandatory-checkbox", "price-tied-to-opt-in", "order-blocked-without-opt-in"],
    },
    "VSH-20": {
        "fields": [
            "consent-timestamp",
            "method-medium",
            "opt-in-language-shown",
            "program",
            "ip-address",
            "phone-number-enrolled",
        ],
        "added_by_service": ["policy-version", "text-hash", "actor", "source-event-id"],
        "as_applicable": ["ip-address"],
    },
    "VSH-21": {
        "data_categories": [
            "mobile-number",
            "name-or-account-id",
            "opt-status-preferences",
            "message-text-in-out",
            "delivery-metadata",
            "consent-records",
        ]
    },
    "VSH-22": {
        "data": "sms-mms",
        "purposes": ["deliver-notifications", "support-coordination", "suppression-abuse-delivery"],
        "closed_list": True,
    },
    "VSH-23": {
        "channel": ["sms", "mms"],
        "key": "phone-number",
        "expiry": "none",
        "survives": ["deletion-request", "account-closure", "number-import"],
    },
    "VSH-24": {
        "channel": ["sms", "mms"],
        "statements": ["frequency-varies", "message-and-data-rates"],
        "where": ["opt-in-form", "help-reply", "opt-in-confirmation"],
    },
    "VSH-25": {
        "channel": ["sms", "mms"],
        "keyword": "STOP",
        "when": "any-time",
        "effect": "immediate",
        "scope": "all-sms-programs-of-org",
    },
    "VSH-26": {"channel": ["sms", "mms"], "program": "account-service-notifications", "override_by_consent": False},
    "VSH-27": {
        "channel": ["sms", "mms"],
        "keyword": "HELP",
        "contacts": ["sales@valleysmarthomes.com", "509-557-0508"],
        "independent_of_opt_status": True,
    },
    "VSH-28": {
        "data": ["mobile-number", "consent-records", "opt-status"],
        "recipients": ["third-parties", "affiliates"],
        "banned_purpose": ["marketing", "promotion"],
        "exceptions": "none",
        "override_by_consent": False,
    },
    "VSH-29": {
        "data": "sms-mms",
        "recipients": ["messaging-platforms", "aggregators", "carriers"],
        "condition": ["necessary-only", "on-behalf", "confidentiality", "security"],
    },
    "VSH-30": {
        "data": ["sms-mms", "consent-records"],
        "period": "unset",
        "criteria": ["operate-program", "support", "demonstrate-compliance"],
    },
    "VSH-31": {"channel": ["sms", "mms"], "contacts": ["509-557-0508"], "where": ["opt-in-form", "help-reply"]},
    "VSH-32": {
        "data": ["website-submitted", "website-technical"],
        "recipients": ["hosting-provider", "hosting-subcontractors"],
        "purposes": ["operate", "maintain", "secure", "improve"],
    },
    "VSH-33": {
        "data_categories": ["contact-details", "service-address-interest", "booking-notes", "messages-uploads"],
        "voluntary": True,
    },
    "VSH-34": {
        "data": "website-submitted",
        "purposes": ["answer-inquiry", "quote", "schedule-perform", "service-updates", "correspondence"],
    },
    "VSH-35": {
        "data_categories": ["ip-approx-location", "device-browser", "page-views", "telemetry"],
        "purposes": ["functionality", "security", "troubleshooting", "analytics", "improvement"],
    },
    "VSH-36": {
        "cookie_purposes": ["essential", "security", "performance", "analytics", "ad-measurement"],
        "controls": ["browser", "on-site-where-available"],
        "optional": ["analytics", "ad-measurement"],
    },
    "VSH-37": {
        "channel": ["sms", "mms"],
        "medium": "web-form",
        "consent": "opt-in-affirmative",
        "governed_by": ["VSH-17", "VSH-20", "VSH-26"],
    },
    "VSH-38": {"where": ["website"]},
    "VSH-39": {
        "channel": ["email", "phone-call"],
        "message_classes": [
            "service-request",
            "scheduling",
            "technician-update",
            "price-quote",
            "invoice",
            "billing-question",
            "outage",
            "feedback-request",
            "support",
        ],
        "consent": "not-required",
    },
    "VSH-40": {
        "data_categories": ["contact-log", "support-notes"],
        "purposes": ["service-delivery", "troubleshooting", "recordkeeping"],
    },
    "VSH-41": {
        "channel": ["email"],
        "purpose": "marketing",
        "mechanism": "unsubscribe-in-message",
        "consent": "opt-out",
    },
    "VSH-42": {
        "channel": ["phone-call"],
        "purpose": "marketing",
        "condition": "where-permitted",
        "list": "do-not-call",
    },
    "VSH-43": {
        "channel": ["phone-call"],
        "purpose": "marketing",
        "via": ["during-call", "email", "phone"],
        "contacts": ["sales@valleysmarthomes.com", "509-557-0508"],
    },
    "VSH-44": {
        "data": "voip",
        "recipients": [
            "voip-platform-and-subprocessors",
            "upstream-carriers",
            "emergency-services",
            "vendors",
            "authorities-legal-process",
        ],
        "condition": "necessary-only",
    },
    "VSH-45": {
        "data_categories": [
            "account-contact",
            "voip-identifiers",
            "call-detail",
            "voicemail-messaging",
            "support-records",
            "security-abuse",
        ],
        "call_detail_purposes": ["billing", "troubleshooting", "reliability", "fraud-prevention"],
    },
    "VSH-46": {
        "data": "registered-location",
        "purposes": ["emergency-routing", "emergency-location"],
        "recipients": ["emergency-services"],
        "gate": "active-voip",
    },
    "VSH-47": {"banned": ["routine-call-monitoring"], "exceptions": ["VSH-48"]},
    "VSH-48": {
        "feature": "call-recording",
        "default": "disabled",
        "needs": ["specific-purpose", "notice-or-consent-where-required"],
    },
    "VSH-49": {"feature": "voicemail", "gate": "enabled"},
    "VSH-50": {
        "data": "voip",
        "period": "unset",
        "criteria": ["service-delivery", "billing", "troubleshooting", "security", "compliance"],
    },
    "VSH-51": {
        "banned": ["full-card-number", "bank-account-number", "cvv"],
        "allowed": ["token", "approval-status", "transaction-id", "limited-method-details"],
        "exceptions": "none",
    },
    "VSH-52": {
        "feature": "autopay",
        "consent": "enrolment",
        "covers": ["recurring-amounts", "other-authorized-charges"],
    },
    "VSH-53": {
        "feature": "autopay",
        "via": ["contact", "billing-preference-page"],
        "contacts": ["sales@valleysmarthomes.com", "509-557-0508"],
    },
    "VSH-54": {"data_categories": ["billing-identity", "invoices", "payment-history", "limited-payment-method"]},
    "VSH-55": {
        "data": "billing",
        "purposes": [
            "invoicing",
            "payment-processing",
            "recurring-billing",
            "billing-support",
            "fraud-prevention",
            "business-tax-records",
        ],
    },
    "VSH-56": {
        "data": "billing",
        "recipients": ["payment-processors-banks", "billing-accounting-support-vendors", "authorities-legal-or-tax"],
        "banned_purpose": "third-party-own-marketing",
    },
    "VSH-57": {
        "data": "billing",
        "period": "unset",
        "criteria": ["service-delivery", "accounting", "audit", "disputes", "legal-tax"],
    },
    "VSH-58": {
        "request_types": ["access", "correction", "deletion"],
        "persons": "anyone",
        "jurisdictions": "any",
        "via": ["email", "phone"],
        "deadline": "unset",
        "verification": "unset",
        "frequency": "unlimited",
        "fee": "none",
    },
    "VSH-59": {"exceptions": ["billing", "dispute-resolution", "security", "compliance"], "list_is_examples": True},
    "VSH-60": {"min_age": 13, "knowing_collection": "banned", "remedy": "not-stated"},
    "VSH-61": {"channel": ["policy-page-date"], "lead_time": "none", "audience": "public"},
    "VSH-62": {"email": "sales@valleysmarthomes.com", "phone": "+1-509-557-0508"},
    "VSH-63": {
        "data": "billing",
        "recipients": ["third-parties"],
        "banned_purpose": "third-party-own-marketing",
        "override_by_consent": False,
    },
}
SETTLED: dict[str, dict[str, Any]] = {
    "VSH-01": {"effective": "last-updated-midnight-local"},
    "VSH-03": {"review_every": "P1Y"},
    "VSH-06": {"reach": "network-derived-data"},
    "VSH-09": {
        "periods": {
            "network-diagnostics": {"for": "P180D", "from": "recorded"},
            "aggregate-usage": {"for": "P180D", "from": "recorded"},
            "security-abuse": {"for": "P180D", "from": "recorded"},
            "provisioning-identifiers": {"for": "P12M", "from": "service-end"},
            "account-contact": {"for": "P12M", "from": "service-end"},
        }
    },
    "VSH-11": {"effect": "at-receipt", "finished_within": "P2D", "finished_within_basis": "business-day"},
    "VSH-12": {"finest_destination": "registrable-domain", "retention": "P90D"},
    "VSH-16": {"deadline": "P10D", "deadline_basis": "calendar-day"},
    "VSH-17": {"messages": "every-text", "exempt": ["stop-answer", "help-answer"]},
    "VSH-18": {"price_quote_needs": "own-inquiry", "feedback_request_needs": "finished-service"},
    "VSH-23": {"until": "fresh-opt-in-by-the-same-person", "keep": ["number-or-keyed-hash", "date", "source"]},
    "VSH-25": {
        "keywords": ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPT OUT"],
        "matching": "whole-message",
        "other_wording": "review",
        "effect": "at-receipt",
        "scope": "whole-channel",
    },
    "VSH-26": {"reach": "whole-channel"},
    "VSH-27": {
        "content": ["company-name", "contact-points", "stop-wording", "frequency-varies", "message-and-data-rates"]
    },
    "VSH-30": {
        "periods": {
            "message-text-in-out": {"for": "P24M", "from": "recorded"},
            "delivery-metadata": {"for": "P24M", "from": "recorded"},
            "mobile-number": {"for": "P5Y", "from": "enrollment-end"},
            "name-or-account-id": {"for": "P5Y", "from": "enrollment-end"},
            "opt-status-preferences": {"for": "P5Y", "from": "enrollment-end"},
            "consent-records": {"for": "P5Y", "from": "enrollment-end"},
            "suppression-list": {"for": "unlimited", "from": "recorded"},
        }
    },
    "VSH-33": {"retention": "P12M"},
    "VSH-35": {"retention": "P12M", "then": "aggregate"},
    "VSH-36": {"on_site_control": True, "separately_switchable": ["analytics", "ad-measurement"]},
    "VSH-40": {"retention": "P24M"},
    "VSH-41": {"effect": "at-receipt", "within": "P10D", "within_basis": "business-day"},
    "VSH-42": {"without_legal_basis": "forbidden", "expiry": "none"},
    "VSH-48": {"consent_from": "all-parties", "recordings": "P90D"},
    "VSH-49": {"purge_after": "P30D"},
    "VSH-50": {
        "periods": {
            "call-detail": {"for": "P18M", "from": "recorded"},
            "registered-location": {"for": "P30D", "from": "service-end"},
            "voicemail-messaging": {"for": "P30D", "from": "feature-end"},
            "voip-identifiers": {"for": "P18M", "from": "service-end"},
            "support-records": {"for": "P18M", "from": "recorded"},
            "call-recordings": {"for": "P90D", "from": "recorded"},
        }
    },
    "VSH-53": {"effect": "at-receipt", "already_in_progress": "review"},
    "VSH-57": {
        "periods": {
            "billing-identity": {"for": "P7Y", "from": "fiscal-year-end"},
            "invoices": {"for": "P7Y", "from": "fiscal-year-end"},
            "payment-history": {"for": "P7Y", "from": "fiscal-year-end"},
            "limited-payment-method": {"for": "P7Y", "from": "fiscal-year-end"},
        }
    },
    "VSH-58": {
        "deadline": "P30D",
        "deadline_basis": "calendar-day",
        "verification": ["login", "code-to-contact-on-file", "two-data-points-by-phone"],
    },
    "VSH-60": {"delete_within": "P5D"},
}


@pytest.mark.parametrize("identity", READ)
def test_the_pack_says_what_was_read_and_settled(identity: str) -> None:
    promise = valley()[1][0].commitment(identity)
    assert promise is not None
    assert promise.parameters == READ[identity]
    assert promise.decided == SETTLED.get(identity, {})
