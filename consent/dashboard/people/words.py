"""What the entries about a person say, for staff. Codes that have no words stand as they are."""

from consent.web.messages import N_

HAPPENED = {
    "consent.given": N_("Agreed"),
    "consent.refused": N_("Said no when asked"),
    "consent.renewed": N_("Agreed again by START"),
    "consent.withdrawn": N_("Took a consent back"),
    "consent.narrowed": N_("Said what the stop was about"),
    "consent.requested": N_("Was asked to agree"),
    "consent.expired": N_("A consent ran out"),
    "message.received": N_("A text came"),
    "message.sent": N_("We sent a message"),
    "message.refused": N_("A message could not be delivered"),
    "message.reviewed": N_("Somebody read a text: not a stop"),
    "suppression.held": N_("An unclear text came; everything that can be refused waits"),
    "suppression.released": N_("Somebody read the unclear text: not a stop"),
    "suppression.set": N_("Complained, or was blocked at the gateway"),
    "number.reported": N_("Something was reported about the number"),
    "number.queried": N_("The register of reassigned numbers was asked"),
    "do_not_call.requested": N_("Asked not to be called or written to for selling"),
    "notice.shown": N_("A statement was shown"),
    "access.viewed": N_("Somebody of the staff saw the address"),
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
}
STATES = {
    "given": N_("Agreed"),
    "refused": N_("Said no when asked"),
    "withdrawn": N_("Taken back"),
    "expired": N_("Expired"),
}
