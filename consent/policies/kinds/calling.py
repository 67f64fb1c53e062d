"""What promises and laws say about numbers that something is sold to: registries, relationships, reassignment."""

from collections.abc import Iterable

from consent.policies.kinds.base import Promise, channels_of


def registry_of(promise: Promise, channel: str) -> str | None:
    """The public do-not-call registry that the promise binds sales on this channel to."""
    parameters = promise.parameters
    if promise.kind != "suppression-record" or channel not in channels_of(parameters):
        return None
    return None if "list" not in parameters else str(parameters["list"])


def registries(promises: Iterable[Promise], channel: str) -> dict[str, Promise]:
    """Every registry with the first promise or law that names it."""
    found: dict[str, Promise] = {}
    for one in promises:
        name = registry_of(one, channel)
        if name is not None:
            found.setdefault(name, one)
    return found


def usable_for(promise: Promise) -> str | None:
    """How old the copy of a registry may be, where the promise says it."""
    return _period(promise, "registry-scrub")


def excuses_for(promise: Promise) -> tuple[str, str] | None:
    """What relationship lets a sale pass a registry, and for how long: ("purchase", "P18M")."""
    period = _period(promise, "relationship-exempts-from-registry")
    return None if period is None else (str(promise.parameters["trigger"]), period)


def implies_for(promise: Promise) -> tuple[str, str] | None:
    """What lets consent be implied by law, and for how long: ("inquiry", "P6M")."""
    period = _period(promise, "implied-consent")
    return None if period is None else (str(promise.parameters["trigger"]), period)


def asked_after(promise: Promise, channel: str) -> str | None:
    """The age from which a consent is used only after asking whether the number was reassigned."""
    if channel not in channels_of(promise.parameters):
        return None
    return _period(promise, "ask-reassigned-numbers-database")


def _period(promise: Promise, act: str) -> str | None:
    parameters = promise.parameters
    if promise.kind != "deadline" or parameters.get("act") != act or parameters.get("period") in (None, "unset"):
        return None
    return str(parameters["period"])
