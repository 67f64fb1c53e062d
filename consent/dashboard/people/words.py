"""What the entries about a person say, for staff. Codes that have no words stand as they are."""

from consent.evidence.packs.words import HAPPENED as WORDS
from consent.preferences.page.summary import HOW
from consent.web.messages import N_

HAPPENED = WORDS | {
    "message.held-back": N_("A message was held back"),
    "consent.questioned": N_("Was asked whether they go on wanting it"),
    "suppression.lifted": N_("A block was lifted"),
    "disclosure.made": N_("Data was handed to somebody"),
    "disclosure.refused": N_("Data was held back from somebody"),
    "privacy_request.joined": N_("The person added to a request"),
    "privacy_request.assigned": N_("Somebody took charge of a request"),
    "privacy_request.checked": N_("A step of a request was done"),
    "privacy_request.routed": N_("A request was passed on"),
    "privacy_request.paused": N_("The clock of a request was paused"),
    "privacy_request.resumed": N_("The clock of a request runs again"),
    "privacy_request.sent_back": N_("The decision on a request was sent back"),
    "privacy_request.begun": N_("A decision on a request is carried out"),
    "privacy_request.expired": N_("A request ended: nobody showed that it is theirs"),
    "privacy_request.reopened": N_("A request was opened again"),
    "privacy_request.answer_made": N_("An answer with data was made ready"),
    "privacy_request.answer_fetched": N_("An answer with data was fetched"),
    "privacy_request.correction_kept": N_("A corrected value is kept against later files"),
    "privacy_request.correction_settled": N_("Somebody chose between a corrected value and a new one"),
}
# How somebody said it, by the method of the entry; another one stands as it was recorded.
METHODS = HOW | {
    "preference page": N_("on the page of their choices"),
    "global-privacy-control": N_("by the signal of their browser"),
    "call": N_("in a call"),
    "unsubscribe-link": N_("by the link in a mail"),
}
REASONS = {
    "*": N_("Stop or complaint"),
    "*do-not-call": N_("Asked not to be called to sell"),
    "*holder": N_("The number belongs to somebody else now"),
    "*reach": N_("Nothing arrives there"),
    "*review": N_("A text waits to be read"),
}
CHANNELS = {
    "sms": N_("Text message"),
    "voice": N_("Call"),
    "email": N_("E-mail"),
    "chat": N_("Messenger"),
    "post": N_("Letter"),
    "web": N_("Browser"),
}
STATES = {
    "given": N_("Agreed"),
    "refused": N_("Said no when asked"),
    "withdrawn": N_("Taken back"),
    "expired": N_("Expired"),
}
