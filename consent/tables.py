"""Every table there is: whoever needs the complete metadata imports this."""

from sqlmodel import SQLModel

from consent.carrier import models as carrier
from consent.changes import models as changes
from consent.dashboard.consents import models as entered_consents
from consent.dashboard.contacts import models as contacts
from consent.dashboard.figures import models as figures
from consent.decisions import indexes as decision_indexes
from consent.decisions import models as decisions
from consent.disclosures import models as disclosures
from consent.drp import models as drp
from consent.imports import models as imports
from consent.incidents import models as incidents
from consent.intake import models as intake
from consent.ledger import models as ledger
from consent.notices import models as notices
from consent.numbers import models as numbers
from consent.onboarding import models as onboarding
from consent.organizations import models as organizations
from consent.outbox import models as outbox
from consent.policies import models as policies
from consent.preferences import indexes as preference_indexes
from consent.preferences import models as preferences
from consent.preferences.unsubscribe import models as unsubscribe
from consent.privacy_requests import models as privacy_requests
from consent.privacy_requests.answers import models as request_answers
from consent.privacy_requests.tasks import models as privacy_request_tasks
from consent.retention import models as retention
from consent.review import models as review
from consent.revocations import models as revocations
from consent.sms import models as sms
from consent.staff import models as staff
from consent.subjects import models as subjects
from consent.verification import models as verification
from consent.web import models as web

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "carrier",
    "changes",
    "contacts",
    "decision_indexes",
    "decisions",
    "disclosures",
    "drp",
    "entered_consents",
    "figures",
    "imports",
    "incidents",
    "intake",
    "ledger",
    "notices",
    "numbers",
    "onboarding",
    "organizations",
    "outbox",
    "policies",
    "preference_indexes",
    "preferences",
    "privacy_request_tasks",
    "privacy_requests",
    "request_answers",
    "retention",
    "review",
    "revocations",
    "sms",
    "staff",
    "subjects",
    "unsubscribe",
    "verification",
    "web",
]
