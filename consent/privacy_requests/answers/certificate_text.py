"""The certificate as a person reads it: headings and lines, for the page, the file and the PDF alike. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from consent.deadlines.zones import local_date
from consent.privacy_requests.answers.certificate import Gone
from consent.privacy_requests.answers.words import Said, Speaker
from consent.web.messages import N_
from consent.web.pdf import Line, Section

TITLE = N_("What became of your request")
UNDER = N_("%(organization)s, %(day)s")
ASKED, OUTCOME, OUTCOME_SO_FAR = N_("What was asked"), N_("What was done"), N_("What is done")
NEXT, PROOF = N_("What you can do"), N_("Proof")
COMPLAIN = N_("You can complain to %(name)s: %(url)s")
APPEAL = N_("If you do not agree, answer this or write to %(contact)s. Somebody else looks at it again.")
APPEAL_UNTIL = N_("If you do not agree, write to %(contact)s until %(day)s. Somebody else looks at it again.")
QUESTIONS = N_("With questions, write to %(contact)s.")
DAYS = (
    (N_("Received"), "received_at"),
    (N_("Address shown to be yours"), "verified_at"),
    (N_("Decided"), "decided_at"),
    (N_("Answer by"), "due_on"),
)
# The day of the answer is the end too, but where the last of it goes behind the answer.
ANSWERED, CLOSED = N_("Answered"), N_("Closed")
LATE = N_("This answer came late: it was due on %(due)s. We are sorry.")
DONE = N_("%(action)s in %(store)s on %(day)s (records: %(count)s)")
KEPT_UNTIL = N_("It stays until %(day)s and goes then without a new request.")
NO_END = N_("No day is set on which it goes.")
BACKUPS = N_("Copies in backups are overwritten by %(day)s. If one is brought back before, it is deleted again.")
GOES_LAST = N_("It goes by itself as soon as you have been told: until then it is how you are reached.")
WENT_LAST = N_("It went last, on %(day)s.")
AGAIN = N_("It is looked at again on %(day)s.")
BECAUSE = N_("Why: %(ground)s")
CLAUSE = N_("Rule: %(clause)s")
SEALED = N_(
    "The company's signature stands under these facts, and the log that nobody can change afterwards holds their hash."
    " The file with the ending .json proves both: check it on the page below, or with the program named there."
)
LAST_TO_GO = N_(
    "Of what goes last, signature and file say that it is to go, and not that it has gone. The page of this certificate"
    " says so once it has."
)
LAST_GONE = N_(
    "It went after the signing: signature and file say of it only that it was to go, and not that it has gone, nor the"
    " day. For that the log holds the entries below, which name this request."
)
LAST_GONE_UNPROVED = N_(
    "It went after the signing: signature and file say of it only that it was to go. That it has gone, and the day, is"
    " what the company's records say."
)


class Text(NamedTuple):
    """The certificate in one language."""

    title: str
    under: str
    sections: tuple[Section, ...]


def text_of(
    claims: Mapping[str, Any], speaker: Speaker, check_url: str, where: ZoneInfo, *, gone: Gone | None = None
) -> Text:
    """What the certificate says, in the language of the speaker; its days are those of the calendar there.

    `gone` tells that what was to go last has gone.
    """
    told: Mapping[str, Any] = _in_days(claims["certificate"], where)
    organization = told["organization"]
    under = speaker.say(UNDER) % {"organization": organization["name"], "day": speaker.day(told["closed_at"])}
    gone_on, outcome = local_date(gone.at, where) if gone else None, OUTCOME
    if goes_last(told) and gone is None:
        outcome = OUTCOME_SO_FAR
    made = (
        Section(speaker.say(ASKED), tuple(_asked(told, speaker, gone_on))),
        Section(speaker.say(outcome), tuple(_outcomes(told, speaker, gone_on))),
        Section(speaker.say(NEXT), tuple(_next(told, speaker))),
        Section(speaker.say(PROOF), tuple(_proof(claims, speaker, check_url, gone))),
    )
    return Text(speaker.say(TITLE), under, tuple(one for one in made if one.lines))


def goes_last(told: Mapping[str, Any]) -> bool:
    """Was some of it still there when this certificate was signed, to go once the person is told?"""
    return any(one.get("goes_last") for one in told.get("outcomes", ()))


def _in_days(told: Any, where: ZoneInfo, name: str = "") -> Any:
    """The same facts, each instant as its day there: an evening at the company is the next day already in UTC."""
    if isinstance(told, Mapping):
        return {key: _in_days(value, where, key) for key, value in told.items()}
    if isinstance(told, list):
        return [_in_days(one, where) for one in told]
    if isinstance(told, str) and (name == "at" or name.endswith("_at")):
        return local_date(datetime.fromisoformat(told), where).isoformat()
    return told


def _asked(told: Mapping[str, Any], speaker: Speaker, gone_on: date | None) -> Iterator[Line]:
    say = speaker.say
    yield _line(say(N_("Request")), speaker.type(told["type"]))
    yield Line(say(N_("For")), told["about"])
    if "reference" in told:
        yield Line(say(N_("Number")), told["reference"])
    for name, key in DAYS:
        if key in told:
            yield Line(say(name), speaker.day(told[key]))
    last = goes_last(told)
    yield Line(say(ANSWERED if last else CLOSED), speaker.day(told["closed_at"]))
    if last and gone_on is not None:
        yield Line(say(CLOSED), speaker.day(gone_on))
    due = date.fromisoformat(told["due_on"]) if "due_on" in told else None
    if due is not None and date.fromisoformat(told["closed_at"]) > due:
        yield Line(say(N_("Late")), say(LATE) % {"due": speaker.day(due)})


def _outcomes(told: Mapping[str, Any], speaker: Speaker, gone_on: date | None) -> Iterator[Line]:
    for one in told.get("outcomes", ()):
        category, last = speaker.category(one["category"]), bool(one.get("goes_last"))
        became = speaker.outcome(one["what"], told["type"], waits=last and gone_on is None)
        said = [f"{became}.", *_details(one, speaker)]
        if last:
            said.append(speaker.say(WENT_LAST) % {"day": speaker.day(gone_on)} if gone_on else speaker.say(GOES_LAST))
        yield Line(category.text, "\n".join(said), category.language)


def _details(one: Mapping[str, Any], speaker: Speaker) -> Iterator[str]:
    say = speaker.say
    for each in one.get("done", ()):
        yield _sentence(
            say(DONE)
            % {
                "action": speaker.action(each["action"]),
                "store": speaker.store(each["store"]),
                "day": speaker.day(each["at"]),
                "count": each["count"],
            }
        )
    if "ground" in one:
        yield _sentence(say(BECAUSE) % {"ground": speaker.ground(one["ground"]).text})
    if "clause" in one:
        yield _sentence(say(CLAUSE) % {"clause": one["clause"]})
    if "keep_until" in one:
        yield say(KEPT_UNTIL) % {"day": speaker.day(one["keep_until"])}
    elif one["what"] == "keep":
        yield say(NO_END)
    if "recheck_on" in one:
        yield say(AGAIN) % {"day": speaker.day(one["recheck_on"])}
    if "backup_until" in one:
        yield say(BACKUPS) % {"day": speaker.day(one["backup_until"])}


def _next(told: Mapping[str, Any], speaker: Speaker) -> Iterator[Line]:
    say, contact = speaker.say, told["organization"].get("contact", told["organization"]["name"])
    if "appeal_until" in told:
        until = say(APPEAL_UNTIL) % {"contact": contact, "day": speaker.day(told["appeal_until"])}
        yield Line(say(N_("Ask again")), until)
    elif told["may_appeal"]:
        yield Line(say(N_("Ask again")), say(APPEAL) % {"contact": contact})
    else:
        yield Line(say(N_("Ask")), say(QUESTIONS) % {"contact": contact})
    for one in told.get("authorities", ()):
        yield Line(say(N_("Complain")), say(COMPLAIN) % {"name": one["name"], "url": one["url"]})


def _proof(claims: Mapping[str, Any], speaker: Speaker, check_url: str, gone: Gone | None) -> Iterator[Line]:
    say, ledger = speaker.say, claims["ledger"]
    yield Line(say(N_("How")), say(SEALED))
    yield Line(say(N_("Check it here")), check_url)
    yield Line(say(N_("Log")), ledger["origin"])
    yield Line(say(N_("Entry")), ledger["event_id"])
    yield Line(say(N_("Hash of the entry")), ledger["leaf_hash"])
    if goes_last(claims["certificate"]):
        yield from _proof_of_last(speaker, gone)


def _proof_of_last(speaker: Speaker, gone: Gone | None) -> Iterator[Line]:
    """What proves that the last of it has gone: never the signature, which is older."""
    say = speaker.say
    if gone is None:
        yield Line(say(N_("What goes last")), say(LAST_TO_GO))
        return
    yield Line(say(N_("What went last")), say(LAST_GONE if gone.entries else LAST_GONE_UNPROVED))
    if gone.entries:
        yield Line(say(N_("Entries about it")), "\n".join(gone.entries))


def _line(name: str, said: Said) -> Line:
    return Line(name, said.text, said.language)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
