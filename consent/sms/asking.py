"""What a text asks about its sender's data: a request each, dated at the text's arrival, and one answer."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from consent.db import Tx
from consent.errors import SetupProblem
from consent.ledger import service as ledger
from consent.policies.replies import PLACEHOLDER
from consent.policies.rulebook import Rulebook
from consent.preferences import rules as preference_rules
from consent.privacy_requests import service as privacy_requests
from consent.resources import folder
from consent.sms.arrivals import Prepared
from consent.sms.rules import Classified, Intent
from consent.subjects import service as subjects

FILE = "policies/words/requests.toml"
DELETION = "deletion"


def open_requests(
    tx: Tx,
    log: ledger.Log,
    rulebook: Rulebook,
    said: Classified,
    contact: subjects.Contact,
    entry: ledger.Entry,
    now: datetime,
) -> privacy_requests.Opened | None:
    """Each wish is a request under way (T-17); the first that was not before, None where all were."""
    found = None
    for wish in ((DELETION,) if said.erasure else ()) + said.asks:
        asked = privacy_requests.Asked(wish, "text", entry.occurred_at, entry.event_id)
        opened = privacy_requests.open(tx, log, rulebook, contact, asked, now)
        found = found or (opened if opened.is_new else None)
    return found


def answer_of(
    rulebook: Rulebook, text: Prepared, after: preference_rules.State, opened: privacy_requests.Opened | None
) -> str | None:
    """The words that say so; None where silence is right: a stop, an echo, a number that refused texts, a repeat."""
    quiet = text.classified.intent is not Intent.OTHER or text.message.echo or not text.pages
    if opened is None or quiet or not rulebook.answers_texts or not preference_rules.takes_texts(after):
        return None
    organization, texts = rulebook.organization, words()
    language = text.classified.language or organization.languages[0]
    values = {
        "organization": organization.name,
        "number": opened.reference,
        "address": f"{text.pages}/{organization.slug}/requests/status",
    }
    return PLACEHOLDER.sub(lambda found: values[found[1]], texts.get(language, texts["en"]))


@lru_cache(maxsize=1)
def words() -> Mapping[str, str]:
    """The answer in each language, as it came with the program."""
    try:
        text = (folder("policies") / "words" / "requests.toml").read_text("utf-8")
        read: dict[str, str] = tomllib.loads(text)["taken"]
        read["en"]
    except (OSError, KeyError, ValueError) as error:
        raise SetupProblem(f"{FILE} cannot be read ({type(error).__name__}); install the program again.") from None
    return read
