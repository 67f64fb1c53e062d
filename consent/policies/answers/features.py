"""Whether a feature may be on: managed networks, entry by face, automatic payment, recording, caches and the like.

A feature lives by its own permission. STOP, unsubscribing and do-not-call are about messages and never touch it.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from consent.policies.answers.reasons import allowed, because, denied
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.consent import feature_permission
from consent.policies.organization import Feature, OrganizationPack
from consent.policies.questions import NO_FACTS, ConsentFact, Facts, Reason, Verdict
from consent.policies.reasons import declared, rest
from consent.policies.version import PolicyVersionPack


class Ending(NamedTuple):
    """What follows when a feature is ended, to be shown to the person before and after."""

    consequence: str | None
    effect: str | None
    finished_within: str | None
    finished_within_basis: str | None
    purge_after: str | None
    refusal_allowed: bool
    ways: tuple[str, ...]
    commitments: tuple[str, ...]


class Features:
    """The promises about features, ready to be asked."""

    def __init__(
        self, organization: OrganizationPack, promises: Sequence[Promise], versions: Sequence[PolicyVersionPack] = ()
    ) -> None:
        self._features = {one.key: one for one in organization.features}
        self._promises = tuple(promises)
        self._companions = {one.policy: one for one in versions}
        # A gate that names no feature, and reaches no further than what lacks its condition, stands at each (VOX-08).
        self._of_each = [
            one
            for one in promises
            if one.kind == "feature-gate"
            and "feature" not in one.parameters
            and one.parameters.get("scope") == "that-activity-only"
        ]
        self._minors = [one for one in promises if one.kind == "age-limit" and _keeps_minors_out(one)]

    def feature(self, key: str) -> Feature | None:
        """The feature of that key."""
        return self._features.get(key)

    def companion(self, key: str) -> PolicyVersionPack | None:
        """The version in force of the document that is agreed to together with the feature (T-29)."""
        feature = self._features.get(key)
        return self._companions.get(feature.companion or "") if feature else None

    def companion_missing(self, key: str) -> bool:
        """Does the feature need a second document that is not published?"""
        feature = self._features.get(key)
        return feature is not None and feature.companion is not None and feature.companion not in self._companions

    def may_run(
        self,
        key: str,
        consents: Sequence[ConsentFact] = (),
        facts: Facts = NO_FACTS,
        present: Collection[str] | None = None,
    ) -> Verdict:
        """May the feature be on for this contact point? `present` names which of its conditions are met, if known."""
        feature = self._features.get(key)
        if feature is None:
            return denied([rest("unknown-feature", ())])
        permission = [one for one in self._promises if feature_permission(one, key)]
        gates = self._about("feature-gate", key)
        against = (
            [rest("minor", self._minors)] if facts.minor and self._minors and feature.footing != "required" else []
        )
        against += self._closed((*gates, *self._of_each), present)
        if self.companion_missing(key):  # what is agreed to would not be known (T-29)
            against.append(rest("companion-unpublished", permission))
        if feature.footing == "required" and not permission:
            return (
                declared(denied(against), "features", key)
                if against
                else allowed(rest("feature-required", gates, "service"))
            )
        words = [one for one in consents if one.program == key]
        given = max((one for one in words if one.state == "given"), key=lambda one: one.occurred_at, default=None)
        withdrawal = self._about("consent-withdrawal", key)
        refused = [one for one in words if one.state in ("refused", "withdrawn", "expired") and not _undone(one, given)]
        if refused:
            last = max(refused, key=lambda one: one.occurred_at)
            code = "feature-refused" if last.state == "refused" else "feature-withdrawn"
            against.append(rest(code, withdrawal or permission)._replace(entry=last.event_id))
        elif given is None and (permission or feature.footing in ("opt-in", "on-request")):
            against.append(rest("feature-off", permission or gates))
        if against:
            return declared(denied(against), "features", key)
        if given is None:
            return allowed(rest("feature-not-refused", gates, "opt-out"))
        return allowed(rest("feature-allowed", permission or gates, "consent")._replace(entry=given.event_id))

    def ending(self, key: str) -> Ending | None:
        """What ending the feature brings, as the organization and its promises say it."""
        feature = self._features.get(key)
        if feature is None:
            return None
        promises = self._about("consent-withdrawal", key)
        gates = self._about("feature-gate", key)
        settled = {name: value for one in promises for name, value in one.decided.items()}
        return Ending(
            feature.consequence,
            settled.get("effect"),
            settled.get("finished_within"),
            settled.get("finished_within_basis"),
            next((str(one.decided["purge_after"]) for one in gates if "purge_after" in one.decided), None),
            any(one.parameters.get("refusal_allowed") is True for one in promises),
            tuple(dict.fromkeys(way for one in promises for way in _ways(one))),
            tuple(one.id for one in promises),
        )

    def _about(self, kind: str, key: str) -> list[Promise]:
        return [one for one in self._promises if one.kind == kind and key in s.as_list(one.parameters.get("feature"))]

    def _closed(self, gates: Sequence[Promise], present: Collection[str] | None) -> list[Reason]:
        """The conditions that are known not to be met."""
        if present is None:
            return []
        return [
            because("gate-closed", f"{s.opening(s.plain([word]))} is needed and is not there.", one)
            for one in gates
            for word in s.as_list(one.parameters["gate"])
            if word not in present
        ]


def _ways(promise: Promise) -> list[str]:
    return s.as_list(promise.parameters.get("via")) + s.as_list(promise.decided.get("via"))


def _undone(no: ConsentFact, yes: ConsentFact | None) -> bool:
    """A later permission of the same person, or one after a no by nobody in particular, is a new permission (T-65)."""
    return yes is not None and yes.occurred_at > no.occurred_at and no.person_id in (None, yes.person_id)


def _keeps_minors_out(promise: Promise) -> bool:
    parameters = promise.parameters
    return parameters.get("knowing_collection") == "banned" or "collect" in s.as_list(parameters.get("banned"))
