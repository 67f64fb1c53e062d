"""What may become of a number, in the words of the ledger, and the rows that say what became of one.

The rows lie beside those of programs, so that everything that holds for a contact point is read at once; no program
has a name that begins with an asterisk.
"""

HOLDER = "*holder"  # is it still the number of the person it was known for?
REACH = "*reach"  # can a text arrive there?
QUERIED = "*queried"  # the last answer on whether it was reassigned, with the day that was asked about
IN_REVIEW = "*review"  # a text that nobody has understood yet; the row names its event in place of a person
DO_NOT_CALL = "*do-not-call"  # somebody asked the company not to call or write to sell

# What the person set besides yes and no; of one program where its key follows after a point.
PAUSE = "*pause"
LANGUAGE = "*language"
FREQUENCY = "*frequency"
SALE = "*sale"  # of a person, where one is known, and then wherever this person is reached
USE = "*use"
OF_THE_NUMBER = (HOLDER, REACH, QUERIED, DO_NOT_CALL)

GONE = frozenset({"changed", "recycled", "reassigned", "disconnected"})  # somebody else's by now, or nobody's
ENDING = GONE | {"ported"}  # consent belongs to number and person: none outlives these (VSH-20, T-07)
UNREACHABLE = frozenset({"landline", "invalid", "not-textable"})
BOUNCED = "bounced"  # no mail ever arrives at the address; mail servers say so, nobody else
CONFIRMED = "confirmed"  # looked into, and it is the person's number, able to get texts
REACHED = "reached"  # a code that went there was typed: messages arrive, whoever has it
KINDS = (*sorted(ENDING), *sorted(UNREACHABLE), CONFIRMED)

# What the Reassigned Numbers Database may say: the number was given up since that day, it was not, or nobody knows.
YES, NO, NO_DATA = "yes", "no", "no-data"
ANSWERS = (YES, NO, NO_DATA)


def within(setting: str, program: str) -> str:
    """The row of a setting for one program."""
    return f"{setting}.{program}"


def of_program(key: str) -> bool:
    """Is this the row of a program or feature, not of the number itself?"""
    return not key.startswith("*")
