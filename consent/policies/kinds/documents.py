"""Kinds about the document itself: its date, its reach, where the company is found, what must be shown."""

from datetime import date

from consent.policies import lexicon
from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind, Parameters, Promise, channels_of
from consent.policies.kinds.shape import Shape, named

DATE_FORMATS = ("Month DD, YYYY", "Month D, YYYY", "YYYY-MM-DD", "MM-DD-YYYY", "DDth Mon YYYY")
ROLES = ("controller", "processor")
_NOT_STATED = s.word("not-stated")
_STYLE = Shape(
    named(DATE_FORMATS), lambda v: None if v in DATE_FORMATS else f"must be one of {'; '.join(DATE_FORMATS)}"
)


def _said(parameters: Parameters, *keys: str) -> list[str]:
    """The values of these keys that are stated."""
    return [str(parameters[key]) for key in keys if parameters.get(key, "not-stated") != "not-stated"]


def _reached(parameters: Parameters, decided: Parameters) -> list[str]:
    keys = ("email", "phone", "phone_toll_free", "postal", "portal", "support_url", "fax")
    return list(dict.fromkeys(_said({**parameters, **decided}, *keys)))


def _metadata_sentence(parameters: Parameters, decided: Parameters) -> str:
    beside = s.as_list(parameters.get("companion_documents"))
    said = f" Beside it stand {s.plain(beside)}." if beside else ""
    return f"{parameters['title']}, last changed on {parameters['last_updated']}.{said}"


POLICY_METADATA = Kind(
    name="policy-metadata",
    meaning="By what a version is known: its title, its date, the documents beside it.",
    required={"title": s.text, "last_updated": s.day},
    # Dates are written by people in many styles; the style is named so that nobody guesses month and day.
    optional={
        "date_format": _STYLE,
        "effective_date": s.either(_NOT_STATED, s.day),
        "companion_documents": s.words(),
    },
    decides={"effective": s.word("last-updated-midnight-local")},
    sentence=_metadata_sentence,
    doors=("policies.publish", "policies.check"),
    evidence=("E-VER",),
)


def _scope_sentence(parameters: Parameters, decided: Parameters) -> str:
    said = [s.plain(parameters["surfaces"])] if "surfaces" in parameters else []
    if "persons" in parameters:
        said.append(f"these people: {s.plain(s.as_list(parameters['persons']))}")
    return f"The policy covers {'; and '.join(said)}."


SCOPE = Kind(
    name="scope",
    meaning="How far the policy reaches: services, places, people.",
    required={},
    one_of=(("surfaces", "persons"),),
    optional={"surfaces": s.words(), "persons": s.some()},
    sentence=_scope_sentence,
    doors=("policies.check", "policies.scope", "trackers"),
    evidence=("E-CFG",),
)

ACCEPTANCE = Kind(
    name="acceptance",
    meaning="By which acts people are taken to accept the document itself.",
    required={"by": s.some()},
    optional={"includes": s.some(), "user_duty": s.some()},
    sentence=lambda p, d: (
        f"The document takes {s.plain(s.as_list(p['by']) + s.as_list(p.get('includes')))} as agreement to it; "
        "that is never a consent to messages, offers or features."
    ),
    doors=("api.consents", "policies.first_use"),
    evidence=("E-VER", "E-CONSENT"),
)

CONTACT_POINT = Kind(
    name="contact-point",
    meaning="Where the company can be reached.",
    required={"email": s.either(_NOT_STATED, s.mail)},
    optional={
        "phone": s.either(_NOT_STATED, s.phone),
        "phone_toll_free": s.phone,
        "fax": s.phone,
        "postal": s.either(_NOT_STATED, s.text),
        "portal": s.text,
        "support_url": s.url,
    },
    decides={"email": s.mail, "phone": s.phone, "postal": s.text},
    # A person must be able to write or call: where the wording gives no way at all, the operator has to.
    must_decide=lambda p: () if _said(p, "email", "phone", "phone_toll_free", "postal") else ("email",),
    sentence=lambda p, d: f"We are reached at {s.plain_texts(_reached(p, d))}.",
    doors=("policies.check", "webhooks.sms", "preferences.page", "privacy_requests"),
    evidence=("E-SHOWN", "E-CFG"),
)


def _role_sentence(parameters: Parameters, decided: Parameters) -> str:
    said = [f"for {s.plain([data])} we are {role}" for data, role in parameters.get("roles", {}).items()]
    if "controller" in parameters:
        said.append(f"the {s.plain([parameters['controller']])} is controller of what its own users give")
    if "duties" in parameters:
        said.append(f"and has these tasks: {s.plain(parameters['duties'])}")
    return f"{s.opening('; '.join(said))}."


ROLE_ALLOCATION = Kind(
    name="role-allocation",
    meaning="Who decides about data, and who works on orders.",
    required={},
    one_of=(("roles", "controller"),),
    optional={
        "roles": s.table(s.word(*ROLES)),
        "jurisdictions_noted": s.places,
        "controller": s.word(),
        "duties": s.words(),
    },
    sentence=_role_sentence,
    doors=("policies.check", "privacy_requests", "privacy_requests.work", "onboarding"),
    evidence=("E-REQ", "E-CFG", "E-CONSENT", "E-SHOWN"),
)

STATEMENTS = ("frequency-varies", "message-and-data-rates")


def _shown_sentence(parameters: Parameters, decided: Parameters) -> str:
    if "jurisdictions" in parameters:
        why = f", because of this: {s.plain([parameters['because']])}" if "because" in parameters else ""
        where = s.plain_texts(s.as_list(parameters["jurisdictions"]))
        return f"People in {where} are told: ways to refuse here: {parameters.get('mechanism', 'none')}{why}."
    named = ("statements", "marks", "content")
    what = [one for key in named for one in s.as_list(parameters.get(key))]
    said = f"We show {s.plain(what)}" if what else "What people must know is shown"
    if contacts := s.as_list(parameters.get("contacts")):
        said += f" with {s.plain_texts(one if '@' in one else one.replace('-', ' ') for one in contacts)}"
    if audience := s.as_list(parameters.get("audience")):
        said += f" (what is posted is seen by {s.plain(audience)})"
    where = s.plain(s.as_list(parameters.get("where")) + s.as_list(parameters.get("surface")))
    return f"{said} here: {where}."


DISCLOSURE_REQUIRED = Kind(
    name="disclosure-required",
    meaning="Something people must be shown, and where.",
    required={},
    one_of=(("where", "surface", "jurisdictions", "statements"),),
    optional={
        "where": s.some(),
        "channel": s.channels,
        "statements": s.words(*STATEMENTS),
        "contacts": s.contacts,
        "surface": s.some(),
        "audience": s.some(),
        "jurisdictions": s.places,
        "mechanism": s.word(),
        "because": s.word(),
        "marks": s.words("mandatory", "voluntary"),
        "content": s.words(),
    },
    sentence=_shown_sentence,
    doors=("policies.check", "webhooks.sms", "programs.page", "preferences.page", "privacy.page"),
    evidence=("E-SHOWN", "E-SEND", "E-REQ"),
)


def _measures_to_settle(parameters: Parameters) -> tuple[str, ...]:
    """Only a review can show what is done; whoever promises to scan says how often, too."""
    scans = "vulnerability-scanning" in s.as_list(parameters.get("measures"))
    return ("review_every", "scan_every") if scans else ("review_every",)


def _guarded_sentence(parameters: Parameters, decided: Parameters) -> str:
    what = f"for {s.plain(s.as_list(parameters['data']))}" if "data" in parameters else "for all data"
    said = s.as_list(parameters.get("measures"))
    said += [f"storage {parameters['storage']}"] if "storage" in parameters else []
    said += [f"security {parameters['security']}"] if "security" in parameters else []
    every = [
        f"{word} every {s.spoken(decided[key])}"
        for key, word in (("review_every", "reviewed"), ("scan_every", "scanned"))
        if key in decided
    ]
    checked = f" ({', '.join(every)})" if every else ""
    return f"Safeguards {what}: {s.plain(said)}{checked}; nobody can promise perfection."


SECURITY_MEASURE = Kind(
    name="security-measure",
    meaning="How data is protected.",
    required={},
    one_of=(("measures", "storage"),),
    optional={
        "measures": s.words(),
        "guarantee": s.word("none"),
        "data": s.some(),
        "storage": s.word(),
        "security": s.word(),
    },
    decides={"review_every": s.period, "scan_every": s.period},
    must_decide=_measures_to_settle,
    sentence=_guarded_sentence,
    doors=("policies.check", "policies.measures", "recordings"),
    evidence=("E-CFG", "E-ACC", "E-SHOWN"),
)

ALL = (
    POLICY_METADATA,
    SCOPE,
    ACCEPTANCE,
    CONTACT_POINT,
    ROLE_ALLOCATION,
    DISCLOSURE_REQUIRED,
    SECURITY_MEASURE,
)


def effective_day(promise: Promise) -> date | None:
    """The local day on which the version takes effect by its own header; its midnight is the instant."""
    if promise.kind != "policy-metadata":
        return None
    stated = promise.parameters.get("effective_date", "not-stated")
    if stated != "not-stated":
        return date.fromisoformat(str(stated))
    if promise.decided.get("effective") == "last-updated-midnight-local":
        return date.fromisoformat(str(promise.parameters["last_updated"]))
    return None


def statements_lacking(promise: Promise, place: str, channel: str, language: str, text: str) -> list[str]:
    """The demanded statements and contacts that `text`, shown at `place`, does not carry."""
    parameters = promise.parameters
    if promise.kind != "disclosure-required" or place not in s.as_list(parameters.get("where")):
        return []
    if channel not in channels_of(parameters, otherwise=(channel,)):
        return []
    words = lexicon.shipped()
    lacking = [one for one in parameters.get("statements", []) if not words.carries(text, one, language)]
    return lacking + contacts_lacking(parameters.get("contacts", []), text)


def contacts_lacking(contacts: list[str], text: str) -> list[str]:
    """The contact points that `text` does not name; phone numbers are compared by their digits, at home and abroad."""
    digits = "".join(one for one in text if one.isdigit())
    return [
        one
        for one in contacts
        if one not in text
        and not (one[-1].isdigit() and "".join(filter(str.isdigit, one.removeprefix("+1"))) in digits)
    ]
