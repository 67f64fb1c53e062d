"""What a letter about one request may say of it, and the mail that it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import render_template

from consent.dashboard.requests import naming
from consent.dashboard.requests.letters import dates, filling, wishes
from consent.dashboard.requests.letters.catalogue import ANSWER_DATE
from consent.dashboard.requests.letters.dates import Late
from consent.dashboard.requests.letters.filling import LONGEST_SUBJECT, LONGEST_TEXT, OpenPlace
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.outbox.mail import Mail
from consent.policies.organization import OrganizationPack
from consent.privacy_requests.answers.words import Speaker
from consent.privacy_requests.casework.cases import Case
from consent.web import spoken
from consent.web.i18n import day_in
from consent.web.messages import N_

EMPTY = N_("Write something here.")
TOO_LONG = N_("This is too long.")
UNKNOWN_PLACE = N_("A letter cannot name {{%(name)s}}: take one of the names beside the text.")
SAY_LATE = N_("We are late with this request, and the letter has to say so: leave {{%(name)s}} in it.")
OPEN_PLACE = N_("This request has nothing for {{%(name)s}}: write it yourself.")


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as it was typed, its places open."""

    language: str
    subject: str
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter as the person reads it."""

    language: str
    subject: str = field(repr=False)
    text: str = field(repr=False)


def facts(
    case: Case,
    organization: OrganizationPack,
    public_url: str,
    language: str,
    *,
    decisions: Sequence[str] = (),
    extended_due: date | None = None,
    fee: str = "",
    answer_by: date | None = None,
    late: Late = Late.NO,
) -> dict[str, str]:
    """What is known of the request, in the words of that language; empty for what it does not have.

    `answer_by` is the day that binds; in a letter that is `late` it stands in the sentence that says so alone.
    """
    say, complaint = spoken.say(language), f"{public_url}/{organization.slug}/requests/complaint"
    speaker = Speaker(say, language, organization)
    home = f"{public_url}/{organization.slug}/requests"

    def day(value: date | None) -> str:
        return day_in(language, value) if value is not None else ""

    return {
        "organization": organization.name,
        "request": naming.type_name(case.request_type, say),
        "wish": wishes.asked(case.request_type, say),
        "reference": case.reference,
        "received": day(local_date(case.received_at, zones.zone(organization.zone))),
        "answer_date": dates.sentence(late, answer_by, complaint, speaker),
        "due": "" if late else day(answer_by),
        "extended_due": day(extended_due or case.extended_due_on),
        "decisions": "\n".join(f"- {one}" for one in decisions),
        "recipient": speaker.recipient(case.routed_to).text if case.routed_to else "",
        "status_page": f"{home}/status",
        "contact": organization.privacy_contact,
        "complaint": complaint,
        "fee": fee,
    }


def ready(draft: Draft, known: Mapping[str, str], *, late: bool = False) -> tuple[Ready | None, dict[str, str]]:
    """The letter with its places filled; else what is wrong, by field, as messages that name no fact.

    Of a request that is `late` no letter goes that does not say so.
    """
    wrong: dict[str, str] = {}
    told = dict(known) | {"reason": draft.reason}
    said: dict[str, str] = {}
    for name, text, longest in (("subject", draft.subject, LONGEST_SUBJECT), ("text", draft.text, LONGEST_TEXT)):
        if not text.strip():
            wrong[name] = EMPTY
        elif len(text) > longest:
            wrong[name] = TOO_LONG
        else:
            try:
                said[name] = filling.filled(text, told)
            except OpenPlace as place:
                missing = "reason" if place.name == "reason" else name
                wrong[missing] = EMPTY if missing == "reason" else naming.said(
                    OPEN_PLACE if place.known else UNKNOWN_PLACE
                ) % {"name": place.name}  # fmt: skip
    if late and "text" not in wrong and ANSWER_DATE not in filling.places(draft.text):
        wrong["text"] = naming.said(SAY_LATE) % {"name": ANSWER_DATE}
    if wrong:
        return None, wrong
    return Ready(draft.language, filling.subject_line(said["subject"])[:LONGEST_SUBJECT], said["text"]), {}


def mail(letter: Ready) -> Mail:
    """The letter as a mail: the same words as text and as HTML."""
    paragraphs = [one.split("\n") for one in letter.text.split("\n\n")]
    html = render_template("requests_desk/letter_mail.html", letter=letter, paragraphs=paragraphs)
    return Mail(letter.subject, letter.text, html)
