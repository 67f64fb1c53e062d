"""How data is called before staff: what the person's own pages call "you" is the person here."""

from consent.policies.organization import OrganizationPack
from consent.privacy_requests.answers.words import CATEGORIES_FOR_STAFF, SOURCES_FOR_STAFF, Speaker
from consent.web import spoken
from consent.web.i18n import page_language


def for_staff(pack: OrganizationPack | None = None) -> Speaker:
    """In the language of the page; what the organization has a name for, by that name."""
    language = page_language()
    return Speaker(spoken.say(language), language, pack, SOURCES_FOR_STAFF, CATEGORIES_FOR_STAFF)
