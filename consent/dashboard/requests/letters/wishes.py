"""What was asked, as it follows “you asked us” in a letter: one phrase for each type of request. Pure."""

from consent.dashboard.requests import naming
from consent.policies.answers.openings import wish_of
from consent.privacy_requests.answers.words import Say
from consent.web.messages import N_

PHRASES = {
    "access": N_("for access to your data"),
    "correction": N_("to correct your data"),
    "portability": N_("to hand over your data so that you can take it elsewhere"),
    "deletion": N_("to delete your data"),
    "opt-out-of-sale": N_("not to sell or share your data"),
    "limit-sensitive-data": N_("to limit the use of your sensitive data"),
    "direct-marketing-disclosure": N_("to tell you who got your data for their marketing"),
    "restriction": N_("to put the use of your data on hold"),
    "objection": N_("to end a use of your data to which you object"),
    "usage-total": N_("for your usage totals"),
    "usage-log-file": N_("for usage log files"),
    "minor-report": N_("to look into the data of a child"),
    "platform-policy-copy": N_("for the policies of our platforms"),
    "technical-documentation-copy": N_("for technical documentation"),
    "logging-off": N_("to switch logging off"),
    "appeal": N_("to look at an earlier answer again"),
    "complaint": N_("to answer a question or complaint"),
}
OTHERWISE = N_("for this: %(wish)s")


def asked(request_type: str, say: Say) -> str:
    """The phrase in the language of `say`; for a type without one its name."""
    phrase = PHRASES.get(wish_of(request_type))
    return say(phrase) if phrase is not None else say(OTHERWISE) % {"wish": naming.type_name(request_type, say)}
