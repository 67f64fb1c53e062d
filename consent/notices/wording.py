"""What a notice says: a draft of ours in three languages, the operator's own words, and a fixed replacer (S05)."""

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from consent.errors import BadInput
from consent.outbox.mail import Mail
from consent.policies.notice_settings import ADDITIONAL, CHANGE, NEW_PURPOSE
from consent.web import spoken
from consent.web.messages import N_

REFRESH, CPNI, IMPLIED = "refresh", "cpni", "implied"
LANGUAGES = ("en", "fr", "es")
PLACES = (
    "organization",
    "policy",
    "version",
    "effective_on",
    "policy_url",
    "changes_url",
    "preferences_url",
    "purposes",
)
LONGEST_SUBJECT, LONGEST_TEXT = 150, 8_000  # characters
_PLACE = re.compile(r"\{\{([^{}]{0,40})\}\}")
_WAYS_TO_READ = ("policy_url", "changes_url")

SUBJECTS = {
    NEW_PURPOSE: N_("{{organization}}: your data is to be used in a new way"),
    CHANGE: N_("{{organization}}: our policy changes on {{effective_on}}"),
    ADDITIONAL: N_("{{organization}}: a change of our policy was posted"),
    REFRESH: N_("{{organization}}: may we go on writing to you?"),
    CPNI: N_("{{organization}}: your right over the records of your calls"),
    IMPLIED: N_("{{organization}}: may we go on writing to you?"),
}
TEXTS = {
    NEW_PURPOSE: N_(
        "Hello,\n\nfrom {{effective_on}} we want to use data that you gave us for something else than we told you then:"
        " {{purposes}}.\n\nWhat changes, line by line:\n{{changes_url}}\n\nWhat you can refuse, you can refuse here:\n"
        "{{preferences_url}}\n\n{{organization}}"
    ),
    CHANGE: N_(
        "Hello,\n\nour policy “{{policy}}” changes on {{effective_on}}. Until then the version in force stays in force."
        "\n\nWhat changes, line by line:\n{{changes_url}}\n\nThe new wording:\n{{policy_url}}\n\n{{organization}}"
    ),
    ADDITIONAL: N_(
        "Hello,\n\nyou asked to hear from us: we have posted a change of our policy “{{policy}}”.\n\nWhat changes, line"
        " by line:\n{{changes_url}}\n\nYour choices:\n{{preferences_url}}\n\n{{organization}}"
    ),
    REFRESH: N_(
        "Hello,\n\nwhat you once told us about our messages ends on {{effective_on}}. If you want them to go on, say so"
        " here:\n{{preferences_url}}\n\nIf you do nothing they end by themselves, and we do not ask again.\n\n"
        "{{organization}}"
    ),
    CPNI: N_(
        "Hello,\n\nunder federal law you have the right, and we have the duty, to keep what we know of your telephone"
        " service confidential: which services you have, what they cost, whom you call, when and for how long.\n\nWe"
        " want to use it, within our own company and its affiliates, to offer you further communications services of"
        " ours. Nobody else gets it.\n\nYou may say no, now or at any later time, on any day at any hour, without a"
        " fee:\n{{preferences_url}}\n\nIf we have no answer from you before {{effective_on}}, we take it that you"
        " agree. Your answer holds until you change it. Saying no changes nothing in the services you have.\n\n"
        "{{organization}}"
    ),
    IMPLIED: N_(
        "Hello,\n\nbecause you are a customer of ours, the law lets us write to you until {{effective_on}}:"
        " {{purposes}}\n\nIf you want these messages to go on after that day, say so here:\n{{preferences_url}}\n\n"
        "If you do nothing they end by themselves, and we do not ask again. Whatever you say, you can take it back at"
        " any time, on the same page.\n\n{{organization}}\n{{sender}}"
    ),
}
UNKNOWN_PLACE = N_("There is no such placeholder. Use only those that are listed.")
EMPTY = N_("Write a subject and a text.")
TOO_LONG = N_("This is too long for a notice.")
NO_LINK = N_("Say where the change can be read: put in {{changes_url}} or {{policy_url}}.")
NO_CHOICE = N_("Say where the person can answer: put in {{preferences_url}}.")


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and text in one language, with their placeholders."""

    subject: str
    text: str

    @property
    def sha256(self) -> bytes:
        """The hash of exactly these words: what the entry of each person names."""
        return hashlib.sha256(f"{self.subject}\n\n{self.text}".encode()).digest()


def draft(part: str, language: str) -> Words:
    """Our words for a notice of this sort, to be read and changed before anything goes."""
    say = spoken.say(language)
    return Words(say(SUBJECTS[part]), say(TEXTS[part]))


def read(part: str, subject: str, text: str) -> Words:
    """The words that somebody wrote. Raises BadInput, with `subject` or `text` as its field."""
    words = Words(" ".join(subject.split()), "\n".join(line.rstrip() for line in text.strip().splitlines()))
    if not words.subject or not words.text:
        raise BadInput(EMPTY, field="text" if words.subject else "subject")
    if len(words.subject) > LONGEST_SUBJECT or len(words.text) > LONGEST_TEXT:
        raise BadInput(TOO_LONG, field="text" if len(words.text) > LONGEST_TEXT else "subject")
    for field, said in (("subject", words.subject), ("text", words.text)):
        if any(one not in PLACES for one in _PLACE.findall(said)):
            raise BadInput(UNKNOWN_PLACE, field=field)
    named = set(_PLACE.findall(words.text))
    if part in (REFRESH, CPNI) and "preferences_url" not in named:
        raise BadInput(NO_CHOICE, field="text")
    if part not in (REFRESH, CPNI) and not named & set(_WAYS_TO_READ):
        raise BadInput(NO_LINK, field="text")
    return words


def filled(said: str, values: Mapping[str, str]) -> str:
    """The words with each known placeholder replaced, once: what a value holds is never read again."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), said)


def mail(words: Words, values: Mapping[str, str], unsubscribe_url: str | None) -> Mail:
    """The mail as one person reads it."""
    text = filled(words.text, values)
    return Mail(filled(words.subject, values), f"{text}\n", _html(text), unsubscribe_url=unsubscribe_url)


def _html(text: str) -> str:
    paragraphs = ("<br>\n".join(map(_line, one.splitlines())) for one in text.split("\n\n"))
    return "\n".join(f"<p>{one}</p>" for one in paragraphs)


def _line(line: str) -> str:
    shown = html.escape(line)
    return f'<a href="{shown}">{shown}</a>' if re.fullmatch(r"https?://\S+", line) else shown
