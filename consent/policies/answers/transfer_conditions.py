"""What a listed recipient still needs: its conditions, its fields, a ground, a contract, a place on the register."""

from collections.abc import Callable

from consent.policies.answers.reasons import because
from consent.policies.answers.transfers import Transfer
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.questions import Reason
from consent.policies.recipients import (
    AUTHORITY,
    CHOSEN,
    CONTRACTOR,
    FOREIGN,
    INSIDE,
    INTEGRATION,
    OF_BUILDING,
    PROVIDER,
    STAFF,
    VENDOR,
)

# A lapsed framework is a promise of the past, no basis of a transfer today.
_NO_BASIS = (None, "privacy-shield")


def unmet(one: Promise, asked: Transfer, is_personal: Callable[[str], bool]) -> list[Reason]:
    """What this listing of the recipient asks for and the transfer lacks."""
    return [
        *_conditions(one, asked),
        *_fields(one, asked, is_personal),
        *_aims(one, asked),
        *_grounds(one, asked),
        *_chosen(one, asked),
        *_near(one, asked),
        *_authority(one, asked),
        *_permission(one, asked),
    ]


def unmet_conditions(one: Promise, asked: Transfer, listing: Promise) -> list[Reason]:
    """What a general condition on transfers asks for and this one lacks."""
    stated = one.parameters
    conditions = s.as_list(stated.get("conditions"))
    if "recipients" in stated or not _applies(conditions, asked, listing):
        return []
    found = []
    for condition in conditions:
        if condition == "explicit-consent":
            found += _consent(one, asked)
        elif condition not in asked.met and condition != "listed-recipient":
            text = f"It must be on file that this holds: {s.plain([condition])}."
            found.append(because("condition-missing", text, one))
    grounds = s.as_list(stated.get("grounds"))
    if grounds and asked.ground not in grounds:
        found.append(because("no-ground", f"One of these grounds is needed: {s.plain(grounds)}.", one))
    if one.decided.get("additional_transfer_basis") and asked.transfer_basis in _NO_BASIS:
        text = "A basis for the transfer that holds today is needed besides the promised one."
        found.append(because("no-transfer-basis", text, one))
    return found


def unregistered(one: Promise, asked: Transfer) -> list[Reason]:
    """What the register of subprocessors has against it: another name, purpose or place than the listed ones."""
    provider = PROVIDER in asked.kinds and asked.identifying
    if asked.subprocessor is False or not (asked.subprocessor or provider):
        return []
    entries = [entry for entry in one.parameters["entries"] if entry["name"] == asked.name]
    if not entries:
        who = asked.name or "A recipient without a name"
        return [because("not-registered", f"{who} is not on the list; it is listed before the first transfer.", one)]
    fields = one.parameters["fields"]
    found = []
    if "purpose" in fields and not any(asked.purpose in entry["purposes"] for entry in entries):
        found.append(because("purpose-not-registered", f"The list gives {asked.name} another purpose.", one))
    if "location" in fields and not any(asked.location == entry["location"] for entry in entries):
        found.append(because("location-not-registered", f"The list gives {asked.name} another place.", one))
    return found


def _applies(conditions: list[str], asked: Transfer, listing: Promise) -> bool:
    if "explicit-consent" in conditions:
        return asked.identifying
    # Courts, successors and recipients with terms of their own stand on their own clause.
    own = {"condition", "governed_by", "threshold"} & set(listing.parameters)
    if (asked.subprocessor is None and own) or not asked.identifying or STAFF in asked.kinds:
        return False
    if "customer-instructions" in conditions:
        return bool(asked.subprocessor)
    if "written-instructions" in conditions:
        return bool(asked.subprocessor) or not asked.kinds.isdisjoint((PROVIDER, CONTRACTOR))
    return True


def _consent(one: Promise, asked: Transfer) -> list[Reason]:
    if asked.recipient in s.as_list(one.decided.get("without_consent")):
        return []
    covered = s.as_list(one.decided.get("consent_covers"))
    enough = one.decided.get("consent_at") == "enrolment" and (not covered or asked.recipient in covered)
    if asked.consent == "this-transfer" or (asked.consent == "enrolment" and enough):
        return []
    text = "The person's explicit consent is needed besides the listing, and none that reaches this is on record."
    return [because("no-consent", text, one)]


def _permission(one: Promise, asked: Transfer) -> list[Reason]:
    if one.kind != "consent-required" or asked.consent is not None:
        return []
    who = s.plain([one.parameters.get("granted_by", "person")])
    return [because("no-permission", f"Nothing goes there without a live permission of the {who}.", one)]


def _conditions(one: Promise, asked: Transfer) -> list[Reason]:
    found = []
    for condition in s.as_list(one.parameters.get("condition")):
        if condition not in asked.met:
            text = f"It must be established that this holds: {s.plain([condition])}."
            found.append(because("condition-missing", text, one))
        elif condition == "safety-necessity" and not (asked.reason and asked.approver):
            text = "The reason of safety and who approved it must be on record."
            found.append(because("no-reason-or-approver", text, one))
    terms = one.parameters.get("governed_by")
    if terms and terms not in asked.shown:
        found.append(because("terms-not-shown", f"The person is to be shown the {s.plain([terms])} first.", one))
    persons = s.as_list(one.parameters.get("persons"))
    if persons and asked.person not in persons:
        found.append(because("not-of-this-person", f"This is about {s.plain(persons)} only.", one))
    return found


def _fields(one: Promise, asked: Transfer, is_personal: Callable[[str], bool]) -> list[Reason]:
    found = []
    if one.kind == "recipient-register":  # its fields are the columns of the list, not data that may go
        return []
    allowed, banned = s.as_list(one.parameters.get("fields")), s.as_list(one.parameters.get("banned_fields"))
    beyond = [each for each in asked.fields if (allowed and each not in allowed) or each in banned]
    if allowed and not asked.fields:
        text = f"Say which fields go; allowed are {s.plain(allowed)}."
        found.append(because("fields-not-said", text, one))
    if beyond:
        text = f"{s.opening(s.plain(beyond))} may not go there" + (f"; only {s.plain(allowed)}." if allowed else ".")
        found.append(because("field-not-allowed", text, one))
    if "non-identifying-only" in s.as_list(one.parameters.get("data")):
        personal = [each for each in (asked.data, *asked.fields) if is_personal(each)]
        if asked.identifying or personal:
            text = f"Only data that identifies nobody may go there; {s.plain(personal or [asked.data])} might."
            found.append(because("identifying", text, one))
    return found


def of_field(one: Promise, field: str, identifying: bool, is_personal: Callable[[str], bool]) -> bool:
    """Does this listing keep this one field back?"""
    if one.kind == "recipient-register":
        return False
    allowed, banned = s.as_list(one.parameters.get("fields")), s.as_list(one.parameters.get("banned_fields"))
    if (allowed and field not in allowed) or field in banned:
        return True
    anonymous = "non-identifying-only" in s.as_list(one.parameters.get("data"))
    return anonymous and (identifying or is_personal(field))


def _aims(one: Promise, asked: Transfer) -> list[Reason]:
    stated = one.parameters
    aims = s.as_list(stated.get("purposes")) + s.as_list(stated.get("purpose")) + s.as_list(one.decided.get("purposes"))
    if VENDOR in asked.kinds:
        aims += s.as_list(stated.get("vendor_functions"))
    found = []
    if aims and asked.purpose not in aims:
        found.append(because("purpose-not-listed", f"It goes there for {s.plain(aims)} only.", one))
    if asked.purpose in s.as_list(stated.get("banned_purpose")):
        found.append(because("purpose-banned", f"It never goes there for {s.plain([asked.purpose])}.", one))
    if "purpose" in stated and INSIDE not in asked.kinds and not asked.reference:
        found.append(because("no-reference", "The person's own request must be named.", one))
    return found


def _grounds(one: Promise, asked: Transfer) -> list[Reason]:
    found = []
    grounds = s.as_list(one.parameters.get("grounds"))
    if grounds and asked.ground not in grounds:
        found.append(because("no-ground", f"One of these grounds is needed: {s.plain(grounds)}.", one))
    if one.parameters.get("threshold"):
        if not asked.approver:
            text = f"This rests on {s.plain([one.parameters['threshold']])}: say who decided it."
            found.append(because("no-approver", text, one))
        if asked.compelled is None:
            text = "Say whether it is compelled; the person may have to be told."
            found.append(because("compelled-not-said", text, one))
    return found


def _chosen(one: Promise, asked: Transfer) -> list[Reason]:
    words = [
        str(one.parameters[key])
        for key, about in (("vendor_condition", VENDOR), ("integration_condition", INTEGRATION))
        if key in one.parameters and about in asked.kinds
    ]
    if not words and CHOSEN in asked.kinds:
        words = ["customer-chose-it"]
    if not words or asked.chosen:
        return []
    return [because("not-chosen", f"Nothing goes there before this is on record: {s.plain(words)}.", one)]


def _near(one: Promise, asked: Transfer) -> list[Reason]:
    found = []
    if one.parameters.get("same_unit") and (asked.unit is None or asked.unit != asked.recipient_unit):
        found.append(because("another-unit", "It goes to people who live in the same unit now, and to no others.", one))
    if OF_BUILDING in asked.kinds and (asked.building is None or asked.building != asked.recipient_building):
        found.append(because("another-building", "It goes only where it is about that recipient's own building.", one))
    return found


def _authority(one: Promise, asked: Transfer) -> list[Reason]:
    found = []
    if AUTHORITY in asked.kinds and "threshold" not in one.parameters and not asked.instrument:
        found.append(because("no-instrument", "The order or the law that demands it must be named.", one))
    if FOREIGN in asked.kinds and not asked.country:
        found.append(because("no-country", "The country whose authority asks must be named.", one))
    return found
