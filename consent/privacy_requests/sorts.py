"""The sorts of request people make, in their words: what each is called, whether it needs a proof, what it asks.

Whether somebody has one of them is for the rulebook to say; a sort that is missing here is shown by its own name. Each
is part of its type (`types`).
"""

from consent.privacy_requests import types
from consent.privacy_requests.types import Sort
from consent.web.messages import N_

__all__ = ["BY_WISH", "COMPLAINT", "GROUNDS", "MINOR", "PLACES", "ROLES", "SALE", "SORTS", "USE", "Sort", "sort_of"]

SALE, USE = "opt-out-of-sale", "limit-sensitive-data"
MINOR, COMPLAINT = "minor-report", "complaint"
SORTS = tuple(one.sort for one in types.ALL if one.sort is not None)
BY_WISH = {one.wish: one for one in SORTS}
# As people say who they are to a company, by the words of policies.
ROLES = {
    "enrolled-user": N_("I have an account with the company"),
    "end-user": N_("I use the service of one of the company's customers"),
    "user": N_("I use the service"),
    "customer": N_("I am a customer of the company"),
    "account-holder": N_("I hold an account"),
    "super-user": N_("I am the Super User of our account"),
    "individual-user": N_("I use the service; somebody else is the Super User"),
    "administrator": N_("I am an administrator of the customer"),
    "officer": N_("I am an officer of the customer"),
    "director": N_("I am a director of the customer"),
    "appointed-representative": N_("I am appointed to represent the customer"),
    "": N_("None of these"),
}
GROUNDS = {
    "legal-requirement": N_("A law asks for it"),
    "internal-audit": N_("An internal audit"),
}
PLACES = {
    "CA": N_("Canada"),
    "CA-AB": N_("Alberta"),
    "CA-BC": N_("British Columbia"),
    "CA-QC": N_("Quebec"),
    "US": N_("The United States"),
    "US-CA": N_("California"),
    "US-NY": N_("New York State"),
    "US-NY-NYC": N_("New York City"),
    "US-WA": N_("Washington State"),
    "EU": N_("The European Union"),
    "GB": N_("The United Kingdom"),
    "ZZ": N_("Somewhere else"),
}


def sort_of(wish: str) -> Sort | None:
    """The sort of this wish, where a form for it exists."""
    return BY_WISH.get(wish)
