"""How the pages of notices speak of states, ways, parts and reasons."""

from types import MappingProxyType

from consent.web.messages import N_

STATES = MappingProxyType({
    "listing": N_("The list is being made"),
    "draft": N_("Draft"),
    "sending": N_("Going out"),
    "done": N_("Done"),
    "cancelled": N_("Cancelled"),
})  # fmt: skip
PEOPLE = MappingProxyType({
    "listed": N_("Gets it"),
    "waiting": N_("Waits to be sent"),
    "sent": N_("Sent"),
    "bounced": N_("Came back"),
    "failed": N_("Could not be sent"),
    "withheld": N_("Held back at the last moment"),
    "left_out": N_("Left out"),
})  # fmt: skip
PARTS = MappingProxyType({
    "new_purpose": N_("A new use of their data"),
    "change": N_("A change of the policy"),
    "additional": N_("A further mail about a posted change"),
    "refresh": N_("The question whether to go on"),
    "cpni": N_("The opt-out notice of a telephone carrier"),
    "": "",
})  # fmt: skip
WAYS = MappingProxyType({
    "policy-page": N_("On the page of the policy"),
    "policy-page-date": N_("The new date at the top of the policy"),
    "homepage-notice": N_("On the home page"),
    "website-notice": N_("A prominent notice on the site"),
    "other-places": N_("In the other places you think fit"),
    "email": N_("By e-mail"),
    "sms": N_("By text message"),
    "post": N_("By letter"),
    "portal": N_("In the portal"),
})  # fmt: skip
REASONS = MappingProxyType({
    "mail-not-approved": N_("They did not approve mail about this: a letter must go to them"),
    "consent-given": N_("They agreed already"),
    "no-mailbox": N_("No e-mail address is known; they learn it from the page"),
    "not-affected": N_("It does not concern data of theirs"),
    "not-opted-in": N_("They did not opt to hear from us"),
    "refused-policy-mail": N_("They refused mail about the policy"),
    "refused-mail": N_("They refused our mail"),
    "suppressed": N_("They stopped all our messages"),
    "no-program": N_("The settings name no program for this mail"),
    "no-consent": N_("They did not agree to such mail"),
    "consent-withdrawn": N_("They withdrew their consent"),
    "consent-refused": N_("They said no"),
    "consent-expired": N_("Their consent has run out"),
    "cancelled": N_("It was taken back before it was sent"),
    "erased": N_("Their data was erased"),
    "unreachable": N_("Mail to them comes back"),
    "instead": N_("At another mailbox of theirs, because the first one sent it back"),
    "letter": N_("Mail to them comes back; a letter went"),
    "bounced": N_("Mail to them comes back"),
})  # fmt: skip
