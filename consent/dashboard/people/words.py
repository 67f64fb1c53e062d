"""What the entries about a person say, for staff. Codes that have no words stand as they are."""

from consent.evidence.packs.words import HAPPENED
from consent.web.messages import N_

__all__ = ["CHANNELS", "HAPPENED", "REASONS", "STATES"]

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
}
STATES = {
    "given": N_("Agreed"),
    "refused": N_("Said no when asked"),
    "withdrawn": N_("Taken back"),
    "expired": N_("Expired"),
}
