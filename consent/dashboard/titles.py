"""What staff call a type of request."""

from consent.policies.answers.openings import wish_of
from consent.privacy_requests.sorts import sort_of
from consent.web.i18n import gettext


def type_title(request_type: str) -> str:
    """As people read it on the page of requests; one that has no form there, by the word of its policy."""
    sort = sort_of(wish_of(request_type))
    return gettext(sort.title) if sort is not None else request_type.replace("-", " ")
