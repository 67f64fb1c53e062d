"""What the pages of carriers say for the words of rules, registers and laws."""

from types import MappingProxyType

from consent.carrier import rules
from consent.web.messages import N_

KINDS = MappingProxyType({
    rules.FAILURE: N_("The way to say no did not work"),
    rules.CAMPAIGN: N_("A campaign that used call records"),
    rules.TRAINING: N_("A training"),
    rules.COMPLAINT: N_("A complaint about call records"),
    rules.BROKER: N_("A step against a data broker"),
    rules.CERTIFICATE: N_("The certificate of a year"),
})  # fmt: skip
# The words of an entry, by their names in the rules and in the law.
WORDS = MappingProxyType({
    "title": N_("Name"),
    "problem": N_("What did not work"),
    "mechanisms": N_("The ways in which customers can say no"),
    "remedy": N_("What mends it, and since when or by when"),
    "state-commissions": N_("Which state commissions were told, and what they did"),
    "notice-to-customers": N_("What customers were told; the text itself, if there is one"),
    "contact": N_("Whom to ask"),
    "carrier-name": N_("The carrier"),
    "used": N_("Which call records were used"),
    "offered": N_("What was offered"),
    "who": N_("Who was trained, and in what"),
    "complained": N_("What was complained about"),
    "action": N_("What was done against the broker"),
    "officer": N_("The officer who signs"),
    "procedures": N_("How the procedures keep the rules"),
    "end": N_("How it ended, and where the proof lies"),
})  # fmt: skip
# The button and the words by which an entry of each sort ends.
ENDS = MappingProxyType({
    rules.FAILURE: N_("How the letter was sent, and where the copy lies"),
    rules.CAMPAIGN: N_("Who reviewed it, and what they found"),
    rules.COMPLAINT: N_("What came of it"),
})  # fmt: skip
CLOSED_ON = MappingProxyType({
    rules.FAILURE: N_("Sent to the FCC on"),
    rules.CAMPAIGN: N_("Reviewed on"),
    rules.COMPLAINT: N_("Settled on"),
})  # fmt: skip
FOUND = N_("Found on")  # the day from which the letter to the FCC is due
BROKEN_FROM = N_("It did not work from")
WORKS_AGAIN = N_("It works again since")
EARLIEST = N_("If nobody knows: the earliest day on which it may have stopped.")
LASTS = N_("Leave it empty while it still does not work.")
# What an opt-out notice must say.
NOTICE_SAYS = MappingProxyType({
    "right-and-duty": N_("The right of the customer, and the duty of the carrier, to keep call records confidential"),
    "which-cpni": N_("Which call records are meant"),
    "who-gets-it": N_("Who gets them"),
    "for-what": N_("What they are used for"),
    "how-to-refuse": N_("How to say no, step by step"),
    "refusal-changes-no-service": N_("That a no changes nothing in the service"),
    "valid-until-taken-back": N_("That the answer holds until it is taken back"),
    "no-fee": N_("That it costs nothing"),
    "at-any-hour": N_("That a no is possible on any day at any hour"),
})  # fmt: skip
MISSING = MappingProxyType({
    rules.FAILURE: N_("A failure of the way to say no is not settled yet."),
    rules.CAMPAIGN: N_("A campaign was not reviewed yet."),
    rules.COMPLAINT: N_("A complaint is not settled yet."),
    rules.TRAINING: N_("No training of this year is on record."),
    rules.CERTIFICATE: N_("The certificate is not filed yet."),
    "breach": N_("An incident is still open."),
})  # fmt: skip
CHANGES = MappingProxyType({
    "password": N_("Password"),
    "backup-answer": N_("Answer that opens the account without a password"),
    "online-account": N_("Online account"),
    "address-of-record": N_("Address of the account"),
})  # fmt: skip
UNREACHED = MappingProxyType({
    "no-mailbox": N_("No e-mail address that works is known"),
    "mail-not-approved": N_("They did not approve mail about this"),
    "bounced": N_("The mail came back"),
    "failed": N_("The mail could not be sent"),
})  # fmt: skip
SAID = MappingProxyType({"given": N_("Agreed"), "refused": N_("Refused"), "withdrawn": N_("Taken back")})
