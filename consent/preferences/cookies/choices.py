"""A visitor's choices about cookies, as this browser keeps them. A signed cookie; nothing is known of who it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from consent.policies.answers.trackers import Trackers

LONGEST = 1500
MOST_AGE = timedelta(days=400)  # of a cookie (draft-ietf-httpbis-rfc6265bis, section 5.5)


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen, under which version; a purpose that is not here was not decided."""

    allowed: Mapping[str, bool]
    policy_version: str
    chosen_at: datetime

    def consent(self, purpose: str, policy_version: str) -> bool | None:
        """The choice that counts now: a yes counts under the version it was given under, a no always."""
        said = self.allowed.get(purpose)
        return None if said is True and policy_version != self.policy_version else said


def kept(organization_id: UUID, trackers: Trackers, now: datetime) -> Choices | None:
    """What this browser keeps for the organization, None where nothing or nothing of ours."""
    sealed = request.cookies.get(_name(organization_id), "")
    if not sealed or len(sealed) > LONGEST:
        return None
    try:
        said = _signer(organization_id).loads(sealed)
        chosen_at = datetime.fromtimestamp(said["at"], UTC)
        allowed = {one: bool(said["for"][one]) for one in trackers.choices() if one in said["for"]}
    except (BadSignature, KeyError, TypeError, ValueError):
        return None
    until = trackers.asked_again_at(chosen_at)
    return Choices(allowed, str(said.get("version", "")), chosen_at) if until is None or until > now else None


def keep(response: Response, organization_id: UUID, trackers: Trackers, choices: Choices) -> None:
    """This browser holds these choices from here on."""
    stands = trackers.choice_stands
    said = {
        "for": dict(choices.allowed),
        "version": choices.policy_version,
        "at": int(choices.chosen_at.timestamp()),
    }
    response.set_cookie(
        _name(organization_id),
        _signer(organization_id).dumps(said),
        max_age=int((MOST_AGE if stands is None else min(stands, MOST_AGE)).total_seconds()),
        secure=_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _name(organization_id: UUID) -> str:
    return f"{'__Host-' if _secure() else ''}cookies-{organization_id.hex[:12]}"


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _signer(organization_id: UUID) -> URLSafeSerializer:
    """A choice for one organization is none for another."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"cookies:{organization_id}")
