"""The sorts of request people make, in their words: what each is called, whether it needs a proof, what it asks.

Whether somebody has one of them is for the rulebook to say; a sort that is missing here is shown by its own name.
"""

from dataclasses import dataclass

from consent.web.messages import N_

SALE, USE = "opt-out-of-sale", "limit-sensitive-data"
MINOR, COMPLAINT = "minor-report", "complaint"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of request. `proof`: a code shows first that the address is theirs. `words`: what a free text answers.

    `expected`: people look for it, so where it is not owed the page says why.
    """

    wish: str
    title: str
    sentence: str
    proof: bool = True
    words: str = ""
    expected: bool = False


SORTS = (
    Sort("access", N_("See my data"), N_("We tell you what we hold about you and give you a copy."), expected=True),
    Sort(
        "correction",
        N_("Correct my data"),
        N_("We put right what is wrong."),
        words=N_("What is wrong, and what should stand there?"),
        expected=True,
    ),
    Sort("portability", N_("Take my data with me"), N_("You get your data as a file that other programs can read.")),
    Sort("deletion", N_("Delete my data"), N_("We delete what we hold about you and need not keep."), expected=True),
    Sort(
        SALE,
        N_("Do not sell or share my data"),
        N_("Your data is neither sold nor shared for advertising. It holds at once."),
        proof=False,
        expected=True,
    ),
    Sort(
        USE,
        N_("Limit the use of my sensitive data"),
        N_("Sensitive data serves only what you asked for. It holds at once."),
        proof=False,
    ),
    Sort(
        "direct-marketing-disclosure",
        N_("Who got my data for their marketing"),
        N_("We tell you to whom your data was given for marketing of their own, if to anybody."),
    ),
    Sort("restriction", N_("Put the use of my data on hold"), N_("We keep your data and do nothing else with it.")),
    Sort(
        "objection",
        N_("Object to the use of my data"),
        N_("We stop that use, or tell you why we may go on."),
        proof=False,
        words=N_("To what do you object, and why?"),
    ),
    Sort("usage-total", N_("See how much was used"), N_("The totals of your use of the service.")),
    Sort("usage-log-file", N_("Get usage log files"), N_("Records of the use of your company's service.")),
    Sort(
        MINOR,
        N_("A question about a child's data"),
        N_("Tell us that we may hold data of a child. We look at it first of all."),
        proof=False,
        words=N_("What should we know? Leave out whatever you do not want to say."),
    ),
    Sort(
        "platform-policy-copy",
        N_("Copies of the platforms' policies"),
        N_("The policies of the platforms that we work with."),
        proof=False,
    ),
    Sort(
        "technical-documentation-copy",
        N_("A copy of the technical documentation"),
        N_("How the service handles your data, in detail."),
        proof=False,
    ),
    Sort("logging-off", N_("Turn logging off"), N_("We turn off the logging of your use of the application.")),
    Sort(
        COMPLAINT,
        N_("Ask a question or complain"),
        N_("Anything else about your data. A person reads it."),
        proof=False,
        words=N_("What is it about?"),
    ),
)
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
