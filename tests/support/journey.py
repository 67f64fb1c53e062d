"""A day in the life of Valley, after which no table of an organization is empty."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from consent.carrier.models import CarrierChange, CarrierLetter, CarrierMatter
from consent.dashboard.consents.models import ConsentProposal
from consent.dashboard.contacts.models import WatchedContact
from consent.dashboard.figures import jobs as figure_jobs
from consent.db import Tx
from consent.disclosures.models import Disclosure
from consent.drp.models import DrpAgent, DrpRequest, DrpToken
from consent.house import House
from consent.imports.models import ImportEntry, ImportQuarantine, ImportRecord, ImportRun
from consent.incidents.models import IncidentDuty, IncidentFormer, IncidentMiss, IncidentPerson
from consent.intake.models import InboundMail
from consent.ledger import jobs as ledger_jobs
from consent.ledger.models import ErasureJournal, LedgerAnchor, LedgerCheckpointSig, LedgerTile
from consent.notices.models import NoticeCampaign, NoticeRecipient, PolicyFirstUse
from consent.numbers.models import DoNotCallCopy, DoNotCallListing
from consent.onboarding.models import CustomerTakenOn
from consent.outbox.models import MessageLog
from consent.policies.models import PolicyTranslation
from consent.preferences.unsubscribe.models import Unsubscription
from consent.privacy_requests.answers.models import (
    AnswerFile,
    CorrectedValue,
    CorrectionChange,
    CorrectionConflict,
    RequestCertificate,
)
from consent.privacy_requests.models import PrivacyRequest, RequestIdentity, RequestOutcome, RequestStep
from consent.privacy_requests.tasks.models import DataStore, RequestTask
from consent.review import jobs as review_jobs
from consent.sms.models import GatewayProgress
from consent.staff.models import (
    StaffAccount,
    StaffApproval,
    StaffAttempt,
    StaffInvitation,
    StaffPasskey,
    StaffRecoveryCode,
    StaffSignIn,
)
from consent.verification.models import Challenge, FormSent, Visit
from tests.support import kept
from tests.support.twilio import Twilio
from tests.support.valley import Tenant, consent_of, question


def live(house: House, client: FlaskClient, valley: Tenant, twilio: Twilio, now: datetime) -> UUID:
    """Consent, question, STOP, the same id with other words, a report, START, and everything sealed."""
    keyed = valley.headers | {"Idempotency-Key": "journey-1"}
    consent = client.post("/api/v1/consents", json=consent_of(person="customer-1"), headers=keyed)
    assert consent.status_code == 201
    assert consent.json is not None
    proof = {"type": "text/plain", "content": "T24gcGFwZXIu"}
    proofs = f"/api/v1/consents/{consent.json['entry']}/proofs"
    assert client.post(proofs, json=proof, headers=valley.headers).status_code == 201
    told = client.post("/api/v1/webhooks", json={"url": "https://hooks.example/consent"}, headers=valley.headers)
    assert told.status_code == 201
    assert client.post("/api/v1/decisions", json=question(), headers=valley.headers).status_code == 200
    assert twilio.text("STOP", sid="SM1").status_code == 200
    assert twilio.text("not stop", sid="SM1").status_code == 200
    assert twilio.status("SM2", "delivered").status_code == 200
    assert twilio.text("START").status_code == 200
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, now)
    assert review_jobs.count_evidence(house.db, valley.id, now) > 0
    assert figure_jobs.count_figures(house.db, valley.id, now) > 0
    assert twilio.text("hello?").status_code == 200  # waits to be sealed
    house.db.write(lambda tx: _what_takes_long(tx, valley.id, now), valley.id)
    _a_no_from_elsewhere(client, valley)
    lost = {"kind": "breach", "title": "Lost laptop", "detected_at": "2026-11-20T18:15:00Z"}
    assert client.post("/api/v1/incidents", json=lost, headers=valley.headers).status_code == 201
    return UUID(consent.json["contact_point"])


def _a_no_from_elsewhere(client: FlaskClient, valley: Tenant) -> None:
    """A letter, and a text that somebody has read."""
    letter = {
        "address": "+15095550143",
        "channels": ["sms"],
        "received_at": "2026-11-20T18:15:00Z",
        "how": "letter",
        "entered_by": "Ana",
    }
    assert client.post("/api/v1/revocations", json=letter, headers=valley.headers).status_code == 201
    waiting = client.get("/api/v1/reviews", headers=valley.headers).get_json()["texts"]
    read = {"text": waiting[0]["id"], "outcome": "other", "reason": "a greeting", "decided_by": "Ana"}
    assert client.post("/api/v1/reviews", json=read, headers=valley.headers).status_code == 201


def _what_takes_long(tx: Tx, organization_id: UUID, now: datetime) -> None:
    """Rows that need 256 leaves, a witness, an anchor, a translation or an erasure."""
    place: dict[str, Any] = {"organization_id": organization_id, "log_id": 1}
    tx.session.add_all(
        [
            LedgerTile(**place, level=7, tile_index=0, root_hash=b"r" * 32, hashes=b"h" * 8192),
            LedgerCheckpointSig(**place, tree_size=1, key_id="witness", note="note"),
            LedgerAnchor(**place, tree_size=1, kind="witness", obtained_at=now, data=b"data"),
            PolicyTranslation(
                organization_id=organization_id, version_id=uuid4(), language="fr", text="Oui.", text_sha256=b"h" * 32
            ),
            ErasureJournal(organization_id=organization_id, stream_id=uuid4(), case_id=uuid4(), done_at=now),
            *_import(organization_id, now),
            GatewayProgress(organization_id=organization_id, account_id=uuid4(), next_at=now),
            *_incident(organization_id, now),
            *_carrier(organization_id, now),
            PrivacyRequest(
                organization_id=organization_id,
                id=uuid4(),
                request_type="deletion",
                state="open",
                how="text",
                contact_point_id=uuid4(),
                entry_id=uuid4(),
                received_at=now,
                binding="",
                steps="[]",
            ),
            *_work_on_a_request(organization_id, now),
            *_answers(organization_id, now),
            *_copy(organization_id, now),
            *_notice(organization_id, now),
            Unsubscription(
                organization_id=organization_id,
                id=uuid4(),
                contact_point_id=uuid4(),
                happened_at=now,
                how="form",
                programs="[]",
            ),
            *_visit(organization_id, now),
            *_store(organization_id, now),
            WatchedContact(
                organization_id=organization_id,
                contact="email:privacy@valley.example",
                watched_by=uuid4(),
                every_days=7,
                watched_since=now.date(),
                entry_id=uuid4(),
            ),
            *_staff(organization_id, now),
            ConsentProposal(
                organization_id=organization_id,
                id=uuid4(),
                contact_point_id=uuid4(),
                program="updates",
                method="paper",
                proposed_by=uuid4(),
                proposed_at=now,
                media_type="application/pdf",
            ),
            *_agent(organization_id, now),
            Disclosure(
                organization_id=organization_id,
                id=uuid4(),
                occurred_at=now,
                recipient="carriers",
                purpose="deliver-notifications",
                categories="[]",
                fields="[]",
                state="made",
                people=1,
                entry_id=uuid4(),
                told="{}",
            ),
            *kept.rows(organization_id, now),
            MessageLog(
                organization_id=organization_id, channel="sms", tag64=1, sent_at=now, id=uuid4(), sender="", flags=0
            ),
        ]
    )


def _work_on_a_request(organization_id: UUID, now: datetime) -> list[Any]:
    """A decision, the step that made it, and a passport that waits for its check."""
    place: dict[str, Any] = {"organization_id": organization_id, "request_id": uuid4()}
    return [
        RequestOutcome(**place, category="contact", outcome="do", state="decided", decided_at=now),
        RequestStep(**place, number=1, kind="opened", at=now, facts="{}"),
        RequestIdentity(
            **place, id=uuid4(), kind="identity-document", media_type="image/png", sealed_content=b"s", entered_at=now
        ),
    ]


def _copy(organization_id: UUID, now: datetime) -> list[Any]:
    """A copy of a registry with one number on it."""
    place: dict[str, Any] = {"organization_id": organization_id, "number": 1}
    copy = DoNotCallCopy(
        **place, list_name="registry", copied_on=now.date(), state="complete", listed=1, started_at=now
    )
    return [copy, DoNotCallListing(**place, channel="sms", tag64=1)]


def _notice(organization_id: UUID, now: datetime) -> list[Any]:
    """A notice with one person who got it, and somebody who used the services under the version."""
    place: dict[str, Any] = {"organization_id": organization_id}
    nothing = dict.fromkeys(("ways", "posted", "purposes", "collected_for", "wording"), "{}")
    campaign = NoticeCampaign(
        **place, **nothing, id=uuid4(), kind="refresh", about="refresh:news/2026-12-01", state="done", per_minute=1,
        listed_after=uuid4(), created_at=now,
    )  # fmt: skip
    told = NoticeRecipient(
        **place, campaign_id=campaign.id, contact_point_id=uuid4(), state="sent", part="refresh", reason="",
        promise="", language="en",
    )  # fmt: skip
    return [
        campaign,
        told,
        PolicyFirstUse(**place, person_id=uuid4(), version_id=uuid4(), used_at=now, event_id=uuid4()),
        CustomerTakenOn(
            **place,
            person_id=uuid4(),
            policy="privacy-policy",
            policy_version="1",
            acknowledged_at=now,
            entry_id=uuid4(),
        ),
    ]


def _store(organization_id: UUID, now: datetime) -> list[Any]:
    """A system that holds data, and what one request asks of it."""
    place: dict[str, Any] = {"organization_id": organization_id, "created_at": now}
    store = DataStore(**place, id=uuid4(), kind="manual", name="paper", endpoint_hash=b"e" * 32, sealed_settings=b"s")
    task = RequestTask(
        **place, id=uuid4(), request_id=uuid4(), store="paper", category="letters", action="erase", state="by_hand",
        run_at=now,
    )  # fmt: skip
    return [store, task]


def _staff(organization_id: UUID, now: datetime) -> list[Any]:
    """Somebody invited who has every factor, is signed in, mistyped once and proposed something."""
    owner: dict[str, Any] = {"organization_id": organization_id, "account_id": uuid4()}
    place: dict[str, Any] = {"organization_id": organization_id, "id": uuid4()}
    return [
        StaffAccount(
            organization_id=organization_id,
            id=owner["account_id"],
            email_tag=b"e" * 32,
            sealed_name=b"sealed",
            sealed_email=b"sealed",
            role="clerk",
            language="en",
            state="disabled",
            created_at=now,
        ),
        StaffSignIn(**owner, id=uuid4(), began_at=now, factor_at=now, browser="", how="app"),
        StaffPasskey(
            **owner, id=uuid4(), credential_id=b"c", public_key=b"p", sign_count=0, name="key", created_at=now
        ),
        StaffRecoveryCode(**owner, number=1, code_hash="hash"),
        StaffInvitation(**owner, link_hash=b"l" * 32, expires_at=now),
        StaffAttempt(**place, account_tag=b"a" * 32, network_tag=b"n" * 32, tried_at=now),
        StaffApproval(
            **place,
            what="tests",
            subject=uuid4(),
            facts="{}",
            proposed_by=uuid4(),
            proposed_at=now,
            expires_at=now,
            state="waiting",
        ),
    ]


def _answers(organization_id: UUID, now: datetime) -> list[Any]:
    """A certificate, a download, a corrected value and what came against it."""
    place: dict[str, Any] = {"organization_id": organization_id, "request_id": uuid4()}
    value: dict[str, Any] = {
        "contact_point_id": uuid4(),
        "field": "email",
        "value_tag": b"t" * 16,
        "sealed_value": b"s",
    }
    return [
        RequestCertificate(**place, id=uuid4(), language="en", sealed=b"sealed", made_at=now),
        AnswerFile(
            **place, id=uuid4(), contact_point_id=uuid4(), size=1, records=1, made_at=now, expires_at=now, downloads=0
        ),
        CorrectedValue(**place, **value, corrected_at=now),
        CorrectionChange(**place, category="contact", field="email", sealed_shall=b"sealed"),
        CorrectionConflict(organization_id=organization_id, id=uuid4(), **value, source="import", found_at=now),
    ]


def _agent(organization_id: UUID, now: datetime) -> list[Any]:
    """An agent with its token and what it asked, and a mail that waits."""
    place: dict[str, Any] = {"organization_id": organization_id}
    agent = DrpAgent(
        **place,
        id=uuid4(),
        agent_tag=b"t" * 32,
        agent_id="AA",
        name="Agent",
        business_id="CB",
        verify_key=b"k" * 32,
        added_at=now,
    )
    token = DrpToken(**place, agent_id=agent.id, token_hash=uuid4().bytes * 2, issued_at=now, created_at=now)
    asked = DrpRequest(
        **place,
        id=uuid4(),
        agent_id=agent.id,
        message_tag=b"m" * 16,
        exercise="deletion",
        regime="ccpa",
        received_at=now,
        sealed=b"sealed",
    )
    mail = InboundMail(
        **place,
        id=uuid4(),
        message_tag=b"m" * 16,
        entry_id=uuid4(),
        verdict="unknown",
        received_at=now,
        arrived_at=now,
        state="waiting",
    )
    return [agent, token, asked, mail]


def _incident(organization_id: UUID, now: datetime) -> list[Any]:
    """Somebody an incident is about, a duty that was done, and a limit that was missed."""
    place: dict[str, Any] = {"organization_id": organization_id, "incident_id": uuid4()}
    return [
        IncidentPerson(**place, contact_point_id=uuid4(), channel="email", added_at=now),
        IncidentFormer(**place, contact_point_id=uuid4(), channel="sms", added_at=now),
        IncidentDuty(**place, duty="1V-33", done_at=now, entry_id=uuid4()),
        IncidentMiss(**place, miss_id=uuid4()),
    ]


def _carrier(organization_id: UUID, now: datetime) -> list[Any]:
    """A training, a notice that went by letter, and a customer who was told of a changed password."""
    place: dict[str, Any] = {"organization_id": organization_id}
    contact = uuid4()
    return [
        CarrierMatter(
            **place, id=uuid4(), kind="training", about="training", state="closed", happened_on=now.date(),
            sealed=b"sealed", entered_at=now,
        ),
        CarrierLetter(**place, contact_point_id=contact, sent_on=now.date(), event_id=uuid4()),
        CarrierChange(
            **place, id=uuid4(), contact_point_id=contact, what="password", told="post", changed_at=now,
            recorded_at=now, event_id=uuid4(),
        ),
    ]  # fmt: skip


def _visit(organization_id: UUID, now: datetime) -> list[Any]:
    """A code that was used, and the visit it opened."""
    place: dict[str, Any] = {"organization_id": organization_id, "kind": "email", "address_tag": b"a" * 16}
    place |= {"sealed_address": b"sealed", "language": "en", "tries": 0}
    challenge = Challenge(
        **place,
        id=uuid4(),
        browser_hash=b"b" * 32,
        code_mac=b"c" * 32,
        link_hash=b"l" * 32,
        state="used",
        created_at=now,
        expires_at=now,
    )
    sent = FormSent(organization_id=organization_id, id=uuid4(), form="request", network_tag=b"n" * 16, sent_at=now)
    return [challenge, sent, Visit(**place, id=uuid4(), tag64=1, proven_at=now)]


def _import(organization_id: UUID, now: datetime) -> list[Any]:
    """A finished import of two rows, one of which was not believed."""
    counts = dict.fromkeys(("gives", "unchanged", "older", "refused", "undo_position", "undone", "kept"), 0)
    place: dict[str, Any] = {"organization_id": organization_id, "import_id": uuid4()}
    return [
        ImportRun(
            organization_id=organization_id,
            id=place["import_id"],
            stage="finished",
            uploaded=False,
            file_sha256=b"f" * 32,
            mapping_sha256=b"m" * 32,
            mapping="{}",
            brought_by="tests",
            wrapped_key=b"k" * 40,
            rows=2,
            position=2,
            ends=1,
            quarantined=1,
            created_at=now,
            **counts,
        ),
        ImportEntry(
            **place, row_number=2, row_tag=b"t" * 16, outcome="ends", event_id=uuid4(), contact_point_id=uuid4()
        ),
        ImportRecord(**place, row_number=4, record_id=uuid4()),
        ImportQuarantine(
            **place, row_number=3, outcome="quarantined", code="bad-address", reasons="[]", sealed_row=b"row"
        ),
    ]
