"""The doors at which promises are asked: what each is called, and whether it is built or still to come."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Door:
    """A place where a promise decides something; `where` names what stands there, empty while it is planned."""

    title: str
    where: str = ""

    @property
    def built(self) -> bool:
        """Does it exist?"""
        return bool(self.where)


DOORS: dict[str, Door] = {
    "api.consents": Door("Recording a consent", "consent.preferences.api:blueprints"),
    "api.decisions": Door("Asking whether a message may go", "consent.decisions.api:blueprint"),
    "api.do-not-call": Door("Keeping the lists of who must not be called", "consent.numbers.api:blueprints"),
    "api.features": Door("Asking whether a feature may be on", "consent.decisions.features_api:blueprint"),
    "api.collections": Door("Asking whether data may be gathered", "consent.decisions.collections_api:blueprint"),
    "api.uses": Door("Asking whether data may serve a purpose", "consent.decisions.uses_api:blueprint"),
    "api.messages": Door("Logging what was sent", "consent.decisions.messages_api:blueprint"),
    "api.records": Door("Registering data that is held", "consent.retention.api:records"),
    "api.revocations": Door("Entering a no that came by any way", "consent.revocations.api:blueprint"),
    "disclosures": Door("Handing data to somebody", "consent.disclosures.api:blueprint"),
    "gateways": Door("Setting up a gateway", "consent.disclosures.carriers:ask"),
    "imports": Door("Taking in consents and opt-outs from elsewhere", "consent.imports.api:blueprint"),
    "imports.records": Door("Taking in data from elsewhere", "consent.imports.records:opened"),
    "notices": Door("Sending and proving notices", "consent.notices.jobs:tell"),
    "incidents": Door("Handling an incident", "consent.incidents.api:blueprint"),
    "onboarding": Door("Taking on a customer", "consent.onboarding.service:take_on"),
    "outbox.dispatch": Door("Sending a waiting message", "consent.decisions.outgoing:may_go"),
    "policies.check": Door("Checking a pack", "consent.policies.check:check"),
    "policies.first_use": Door("Noting the first use under a version", "consent.notices.first_use_api:blueprint"),
    "policies.measures": Door("Keeping the register of safeguards", "consent.dashboard.safeguards.pages:blueprint"),
    "policies.publish": Door("Publishing a version", "consent.policies.service:publish"),
    "preferences.page": Door("The page of a person's choices", "consent.preferences.page.pages:blueprint"),
    "privacy.page": Door("The public privacy page", "consent.policies.pages:blueprint"),
    "privacy_requests": Door("Making a privacy request", "consent.privacy_requests.pages:blueprint"),
    "privacy_requests.work": Door("Working on a privacy request", "consent.privacy_requests.casework:decide"),
    "programs.page": Door("The public page of a program", "consent.preferences.opt_in.pages:blueprint"),
    "recordings": Door("Recording a call", "consent.decisions.recordings_api:blueprint"),
    "retention": Door("Disposing of data when its time ends", "consent.retention.disposing:run"),
    "sms.reviews": Door("Reading a text that no rule understood", "consent.sms.reviews_api:blueprint"),
    "staff": Door("Staff looking at data", "consent.staff.looking:ask"),
    "policies.scope": Door("Asking what a policy covers", "consent.review.api:blueprints"),
    "trackers": Door("Asking whether a tracker may be set", "consent.decisions.trackers_api:blueprint"),
    "trackers.choices": Door("Recording what a visitor chose in a banner", "consent.decisions.choices_api:blueprint"),
    "webhooks.sms": Door("Receiving a text", "consent.sms.webhooks:blueprint"),
}
