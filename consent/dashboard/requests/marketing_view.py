"""Who got data for marketing of their own, as the page shows it and as the letter tells it: never by heart (T-67)."""

from consent.dashboard.words import PLACES
from consent.db import Tx
from consent.deadlines import zones
from consent.disclosures import queries as disclosures
from consent.ledger.keys import Keyring
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.answers import marketing
from consent.privacy_requests.answers.marketing import MarketingAnswer
from consent.privacy_requests.answers.words import Speaker
from consent.privacy_requests.casework import Case
from consent.privacy_requests.tasks import people
from consent.web.messages import N_

TYPE = "direct-marketing-disclosure"
GIVEN = N_("%(day)s, to %(recipient)s, for %(purpose)s: %(categories)s.")
TRACKED = N_("Where trackers stand (%(surfaces)s), they reach %(recipients)s; no list of persons is kept of that.")
NONE = N_("By our register, nothing of yours was given to anybody for marketing of their own.")
NO_REGISTER = N_("We keep no register of what was given to others, so we cannot say that there was nothing.")
ERASED = N_("Nothing about you is on record any more, so we cannot say to whom data went.")


def of(tx: Tx, keyring: Keyring, rulebook: Rulebook, case: Case) -> MarketingAnswer | None:
    """What the register has of whoever asks, under every channel of their address; None once they are erased."""
    person = people.of_contact(tx, keyring, case.organization_id, case.contact_point_id)
    if person is None:
        return None
    contacts = [one.id for one in person.places]
    zone = zones.zone(rulebook.organization.zone)
    return marketing.of_person(
        tx, rulebook, case.organization_id, contacts, person.persons, disclosures.NOT_BEFORE, zone
    )


def lines(answer: MarketingAnswer | None, speaker: Speaker) -> tuple[str, ...]:
    """The answer in sentences; that nothing went is said only where it can be said."""
    if answer is None:
        return (speaker.say(ERASED),)
    said = [
        speaker.say(GIVEN)
        % {
            "day": speaker.day(one.on),
            "recipient": speaker.recipient(one.recipient).text,
            "purpose": speaker.purpose(one.purpose).text,
            "categories": ", ".join(speaker.category(each).text for each in one.categories),
        }
        for one in answer.given
    ]
    said += [
        speaker.say(TRACKED)
        % {
            "surfaces": ", ".join(_surface(each, speaker) for each in one.surfaces),
            "recipients": ", ".join(speaker.recipient(each).text for each in one.recipients),
        }
        for one in answer.weigh
    ]
    if not answer.register_kept:
        said.append(speaker.say(NO_REGISTER))
    return tuple(said) if said else (speaker.say(NONE),)


def _surface(key: str, speaker: Speaker) -> str:
    """A surface in words; a site has its own name."""
    return key if "." in key else speaker.known(PLACES.get(key), key).text
