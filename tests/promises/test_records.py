"""When what is registered has to go: each class of data that a policy limits, at the door where records are told of.

Collected on 1 September 2026. Where a period waits for an event, that happened on 15 October 2026. The periods are
those of the papers: of the wording itself, or what was settled where it sets none.
"""

import pytest

from tests.support.organizations import SMARTT, VALET, VALLEY, VALTT, VOX
from tests.support.systems import Json, Systems

COLLECTED, HAPPENED = "2026-09-01T12:00:00-04:00", "2026-10-15T12:00:00-04:00"
# Period: when it ends if counted from the collection, and from the event. Counted on a calendar, day by day.
ENDS = {
    "P30D": ("2026-10-01", "2026-11-14"),
    "P90D": ("2026-11-30", "2027-01-13"),
    "P180D": ("2027-02-28", "2027-04-13"),
    "P365D": ("2027-09-01", "2027-10-15"),
    "P10M": ("2027-07-01", "2027-08-15"),
    "P12M": ("2027-09-01", "2027-10-15"),
    "P18M": ("2028-03-01", "2028-04-15"),
    "P24M": ("2028-09-01", "2028-10-15"),
    "P5Y": ("2031-09-01", "2031-10-15"),
    "P6Y": ("2032-09-01", "2032-10-15"),
    "P7Y": ("2033-09-01", "2033-10-15"),
}
FISCAL = "2033-12-31"  # seven years after the last day of the fiscal year, 31 December 2026
# Promise: period, event (none: the collection), classes of data.
LIMITS: dict[str, dict[str, list[tuple[str, str | None, str]]]] = {
    VALLEY: {
        "VSH-09": [
            ("P180D", None, "network-diagnostics aggregate-usage security-abuse"),
            ("P12M", "service-end", "provisioning-identifiers account-contact"),
        ],
        "VSH-30": [
            ("P24M", None, "message-text-in-out delivery-metadata"),
            ("P5Y", "enrollment-end", "mobile-number name-or-account-id opt-status-preferences consent-records"),
        ],
        "VSH-50": [
            ("P18M", None, "call-detail support-records"),
            ("P18M", "service-end", "voip-identifiers"),
            ("P30D", "service-end", "registered-location"),
            ("P30D", "feature-end", "voicemail-messaging"),
            ("P90D", None, "call-recordings"),
        ],
        "VSH-57": [("fiscal", None, "billing-identity invoices payment-history limited-payment-method")],
    },
    VALET: {
        "1V-24": [
            (
                "P90D", "account-end",
                "identifiers account-information communications technical hardware-usage geolocation"
                " bulletin-board-posts directory-entries settings-changes",
            )
        ],
        "1V-25": [("P7Y", None, "commercial"), ("P5Y", "enrolment-end", "consent-records"),
                  ("P24M", "request-closed", "request-files")],
        "1V-27": [("P90D", None, "authentication-data")],
        "1V-28": [("P90D", "vacated", "reference-data")],
    },
    VALTT: {
        "VAL-17": [
            ("P90D", "service-end", "billing phone email customer-data"),
            ("P90D", "last-contact", "form-and-newsletter-senders"),
            ("P30D", "check-done", "government-id"),
            (
                "P12M", None,
                "logs-metadata device-ids performance approx-location interaction ip-address browser-device error-data",
            ),
            ("P5Y", "enrolment-end", "consent-records"),
        ],
        "VAL-18": [("fiscal", None, "financial-records"), ("P6Y", "event-or-dispute-end", "claims-data")],
    },
    VOX: {
        "VOX-15": [
            ("P90D", None, "call-log notification-log call-sms-detail call-history sender-data"),
            ("P7Y", None, "billing-payment-log past-transactions"),
            ("P30D", None, "other-log debug-logs audio-recordings"),
            (
                "P90D", "account-end",
                "identity-contact contact-details location online-identifiers credit-card ticket-content"
                " authorization-keys",
            ),
        ],
    },
    SMARTT: {
        "SMT-05": [
            ("P24M", "relationship-end", "contact preferences-privileges physical-location requirements"),
            ("fiscal", None, "financial purchases address payment"),
            ("P365D", None, "web-use network-technical unique-id preferences-profile portal-access"),
            ("P24M", "last-contact", "referral"),
            ("P30D", "feature-end", "customer-content media instructions"),
        ],
        "SMT-43": [("P10M", None, "usage-logs")],
    },
}  # fmt: skip


ROWS = [(slug, promise) for slug, promises in LIMITS.items() for promise in promises]


def registered(systems: Systems, category: str, number: int) -> Json:
    """The record as the door shows it."""
    automatic = "automated" if systems.tenant.slug == SMARTT else "automatic"
    said = {
        "category": category, "store": "own", "reference": f"entry-{number}", "collected_at": COLLECTED,
        "purpose": "support", "source": automatic, "person": f"person-{number}", "role": "tenant",
        "jurisdiction": "US-NY-NYC" if category in ("authentication-data", "reference-data") else "US-WA",
        "site": "building-1",
    }  # fmt: skip
    answer = systems.post("records", said)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: Json = answer.get_json()
    return found


@pytest.mark.parametrize(("slug", "promise"), ROWS)
def test_what_is_registered_goes_when_the_promise_says(systems: Systems, slug: str, promise: str) -> None:
    number, wrong = 0, {}
    for period, event, categories in LIMITS[slug][promise]:
        for category in categories.split():
            number += 1
            record = registered(systems, category, number)
            if event is not None:
                assert record["due_on"] is None, category
                told = {"event": event, "happened_at": HAPPENED}
                moved = systems.post(f"records/{record['id']}/events", told)
                assert moved.status_code == 200, (category, moved.get_data(as_text=True))
                record = moved.get_json()
            due = FISCAL if period == "fiscal" else ENDS[period][event is not None]
            if (record["due_on"], record["because"][0]) != (due, promise):
                wrong[category] = (record["due_on"], record["because"], due)
    assert wrong == {}


# Promise: the classes of data that it says may be held.
DECLARED: dict[str, dict[str, str]] = {
    VALLEY: {
        "VSH-05": "account-contact provisioning-identifiers network-diagnostics aggregate-usage security-abuse",
        "VSH-12": "device-identifiers ip-assignments status-uptime signal-performance aggregate-bandwidth"
        " destination-tld-or-endpoint",
        "VSH-21": "mobile-number name-or-account-id opt-status-preferences message-text-in-out delivery-metadata"
        " consent-records",
        "VSH-33": "contact-details service-address-interest booking-notes messages-uploads",
        "VSH-35": "ip-approx-location device-browser page-views telemetry",
        "VSH-40": "contact-log support-notes",
        "VSH-45": "account-contact voip-identifiers call-detail voicemail-messaging support-records security-abuse",
        "VSH-54": "billing-identity invoices payment-history limited-payment-method",
    },
    VALET: {
        "1V-04": "identifiers account-information communications",
        "1V-05": "commercial",
        "1V-07": "technical hardware-usage geolocation",
        "1V-08": "sensory-image",
    },
    VALTT: {
        "VAL-02": "billing government-id phone email",
        "VAL-03": "logs-metadata device-ids performance approx-location interaction ip-address browser-device"
        " error-data",
    },
    VOX: {
        "VOX-06": "identity-contact location online-identifiers credit-card call-history sender-data",
        "VOX-13": "notification-log",
        "VOX-16": "referrer-url exit-url browser-type ip-address aggregated-location",
    },
    SMARTT: {
        "SMT-05": "contact financial web-use preferences-privileges",
        "SMT-06": "network-technical",
    },
}
# Promise: what it says is never held.
BANNED: dict[str, dict[str, str]] = {
    VALLEY: {
        "VSH-06": "webpages full-urls uri-paths query-strings search-queries messages emails files av-streams payloads",
        "VSH-13": "decrypted-traffic packet-payloads communication-content",
        "VSH-47": "routine-call-monitoring",
        "VSH-51": "full-card-number bank-account-number cvv",
    },
    VALET: {"1V-32": "card-number verification-number bank-account-number transaction-processing"},
}


@pytest.mark.parametrize(("slug", "promise"), [(slug, one) for slug in DECLARED for one in DECLARED[slug]])
def test_what_a_promise_declares_can_be_registered(systems: Systems, slug: str, promise: str) -> None:
    for number, category in enumerate(DECLARED[slug][promise].split()):
        registered(systems, category, number)


@pytest.mark.parametrize(("slug", "promise"), [(slug, one) for slug in BANNED for one in BANNED[slug]])
def test_what_a_promise_never_holds_is_refused_for_it(systems: Systems, slug: str, promise: str) -> None:
    for category in BANNED[slug][promise].split():
        said = {
            "category": category, "store": "own", "reference": "entry-1", "collected_at": COLLECTED,
            "purpose": "support", "source": "automatic",
        }  # fmt: skip
        refused = systems.post("records", said)
        assert (refused.status_code, refused.get_json().get("commitment")) == (422, promise), category


@pytest.mark.parametrize(
    ("slug", "promise", "sources"),
    [
        (VALET, "1V-10", "person property-management affiliates business-partners automatic"),
        (SMARTT, "SMT-04", "automated web-forms sales-invoicing online-communication offline third-party"),
    ],
)
def test_what_is_registered_comes_from_a_source_that_was_named(
    systems: Systems, slug: str, promise: str, sources: str
) -> None:
    said = {
        "category": "technical" if slug == VALET else "web-use", "store": "own", "collected_at": COLLECTED,
        "purpose": "support",
    }  # fmt: skip
    for number, source in enumerate(sources.split()):
        answer = systems.post("records", said | {"reference": f"entry-{number}", "source": source})
        assert answer.status_code == 201, source
    bought = systems.post("records", said | {"reference": "entry-99", "source": "data-broker"})
    assert (bought.status_code, bought.get_json()["field"]) == (422, "source")
