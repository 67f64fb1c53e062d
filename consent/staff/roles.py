"""The written matrix: which role may do what. Whatever is not written here is refused (S37).

The administrator runs the house and may do what an officer does: an operator is often one person. What needs two
persons (S39) needs two accounts, whatever their roles.
"""

from enum import StrEnum
from types import MappingProxyType

from consent.web.messages import N_


class Role(StrEnum):
    """What somebody is to the organization; each account has one."""

    VIEWER = "viewer"
    CLERK = "clerk"
    OFFICER = "privacy_officer"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Act(StrEnum):
    """One thing a page of staff does."""

    SELF = "self"  # one's own account: password, factors, where one is signed in
    HOME_SEE = "home.see"
    REQUESTS_SEE = "requests.see"
    REQUESTS_ENTER = "requests.enter"
    REQUESTS_DECIDE = "requests.decide"
    REQUESTS_APPROVE = "requests.approve"
    TASKS_CONFIRM = "tasks.confirm"
    LETTERS_SEND = "letters.send"
    IDENTITY_SEE = "identity.see"
    PEOPLE_SEE = "people.see"
    PEOPLE_UNMASK = "people.unmask"
    REVIEW_SEE = "review.see"
    REVIEW_ANSWER = "review.answer"
    REVOCATIONS_SEE = "revocations.see"
    REVOCATIONS_ENTER = "revocations.enter"
    EVIDENCE_PACK = "evidence.pack"
    SUPPRESSIONS_SEE = "suppressions.see"
    CONSENTS_ENTER = "consents.enter"
    CONTACTS_SEE = "contacts.see"
    CONTACTS_CHECK = "contacts.check"
    CONTACTS_MANAGE = "contacts.manage"
    GATEWAYS_SEE = "gateways.see"
    RECIPIENTS_SEE = "recipients.see"
    POLICIES_SEE = "policies.see"
    NOTICES_SEE = "notices.see"
    NOTICES_PREPARE = "notices.prepare"
    NOTICES_APPROVE = "notices.approve"
    RETENTION_SEE = "retention.see"
    HOLDS_MANAGE = "holds.manage"
    INCIDENTS_SEE = "incidents.see"
    INCIDENTS_WORK = "incidents.work"
    CARRIER_SEE = "carrier.see"
    CARRIER_WORK = "carrier.work"
    FIGURES_SEE = "figures.see"
    AUDIT_SEE = "audit.see"
    AUDIT_EXPORT = "audit.export"
    STAFF_SEE = "staff.see"
    STAFF_MANAGE = "staff.manage"
    APPROVALS_SEE = "approvals.see"
    APPROVALS_GIVE = "approvals.give"


_EVERYBODY = frozenset(Role)
_AT_WORK = frozenset({Role.CLERK, Role.OFFICER, Role.ADMIN})
_IN_CHARGE = frozenset({Role.OFFICER, Role.ADMIN})
_SEEING = frozenset({*_AT_WORK, Role.AUDITOR})

MAY: MappingProxyType[Act, frozenset[Role]] = MappingProxyType(
    {
        Act.SELF: _EVERYBODY,
        Act.HOME_SEE: _EVERYBODY,
        Act.REQUESTS_SEE: _EVERYBODY,
        Act.REQUESTS_ENTER: _AT_WORK,
        Act.REQUESTS_DECIDE: _AT_WORK,
        Act.REQUESTS_APPROVE: _IN_CHARGE,
        Act.TASKS_CONFIRM: _AT_WORK,
        Act.LETTERS_SEND: _AT_WORK,
        Act.IDENTITY_SEE: _IN_CHARGE,
        Act.PEOPLE_SEE: _SEEING,
        Act.PEOPLE_UNMASK: _AT_WORK,
        Act.REVIEW_SEE: _SEEING,
        Act.REVIEW_ANSWER: _AT_WORK,
        Act.REVOCATIONS_SEE: _EVERYBODY,
        Act.REVOCATIONS_ENTER: _AT_WORK,
        Act.EVIDENCE_PACK: _IN_CHARGE,
        Act.SUPPRESSIONS_SEE: _SEEING,
        Act.CONSENTS_ENTER: _AT_WORK,
        Act.CONTACTS_SEE: _EVERYBODY,
        Act.CONTACTS_CHECK: _AT_WORK,
        Act.CONTACTS_MANAGE: _IN_CHARGE,
        Act.GATEWAYS_SEE: _EVERYBODY,
        Act.RECIPIENTS_SEE: _SEEING,
        Act.POLICIES_SEE: _EVERYBODY,
        Act.NOTICES_SEE: _EVERYBODY,
        Act.NOTICES_PREPARE: _AT_WORK,
        Act.NOTICES_APPROVE: _IN_CHARGE,
        Act.RETENTION_SEE: _EVERYBODY,
        Act.HOLDS_MANAGE: _IN_CHARGE,
        Act.INCIDENTS_SEE: _SEEING,
        Act.INCIDENTS_WORK: _IN_CHARGE,
        Act.CARRIER_SEE: _SEEING,
        Act.CARRIER_WORK: _IN_CHARGE,
        Act.FIGURES_SEE: _EVERYBODY,
        Act.AUDIT_SEE: frozenset({*_IN_CHARGE, Role.AUDITOR}),
        Act.AUDIT_EXPORT: frozenset({*_IN_CHARGE, Role.AUDITOR}),
        Act.STAFF_SEE: frozenset({*_IN_CHARGE, Role.AUDITOR}),
        Act.STAFF_MANAGE: frozenset({Role.ADMIN}),
        Act.APPROVALS_SEE: _SEEING,
        Act.APPROVALS_GIVE: _IN_CHARGE,
    }
)


# The roles as people read them.
NAMES: MappingProxyType[Role, str] = MappingProxyType(
    {
        Role.VIEWER: N_("Viewer"),
        Role.CLERK: N_("Clerk"),
        Role.OFFICER: N_("Privacy officer"),
        Role.ADMIN: N_("Administrator"),
        Role.AUDITOR: N_("Auditor"),
    }
)


def may(role: Role, act: Act) -> bool:
    """Whether the matrix lets this role do this; an act without a line is nobody's."""
    return role in MAY.get(act, frozenset())
