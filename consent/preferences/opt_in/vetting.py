"""What reviewers of 10DLC campaigns and toll-free numbers ask for about one program, from the pack. Pure.

The fields are those of the forms of The Campaign Registry and of toll-free verification: brand, use case, how people
agree with the exact words, sample messages, the answers to STOP and HELP, and where terms and privacy stand.
"""

from collections.abc import Iterator

from consent.policies.kinds import channels_of
from consent.policies.kinds.shapes import as_list
from consent.policies.organization import Program
from consent.policies.replies import fill
from consent.policies.rulebook import Rulebook
from consent.policies.version import Commitment
from consent.preferences.opt_in.view import view_of, wording_of
from consent.preferences.wordings import hash_text
from consent.web.pdf import Line, Section

FORM = "opt-in-form"


def sections_of(rulebook: Rulebook, program: Program, page: str, privacy: str, language: str) -> list[Section]:
    """The pack of one program in that language, else in the first; `page` and `privacy` are addresses."""
    titles = (
        ("Brand", _brand(rulebook)),
        ("Program", _program(rulebook, program, language)),
        ("How people agree", _agreeing(rulebook, program, page, language)),
        ("Sample messages", _samples(rulebook, program, language)),
        ("Answers to keywords", _replies(rulebook, program, language)),
        ("Links", iter((Line("Program page and terms", page), Line("Privacy policy", privacy)))),
        ("What the policy promises", _promises(rulebook, program)),
    )
    made = [Section(title, tuple(lines)) for title, lines in titles]
    return [one for one in made if one.lines]


def _brand(rulebook: Rulebook) -> Iterator[Line]:
    pack = rulebook.organization
    yield Line("Name", pack.name)
    for name, text in (("Website", pack.website), ("Postal address", pack.postal_address)):
        if text:
            yield Line(name, text)
    yield Line("E-mail", pack.email)
    yield Line("Telephone", pack.phone)
    yield Line("Privacy contact", pack.privacy_contact)


def _program(rulebook: Rulebook, program: Program, language: str) -> Iterator[Line]:
    view = view_of(rulebook, program, language)
    yield Line("Name", view.name)
    yield Line("Key", view.key)
    yield Line("Description", view.sentence)
    yield Line("Ways", ", ".join(view.channels))
    yield Line("Kinds of messages", "; ".join(view.classes))
    yield Line("Promotional", "yes" if program.marketing else "no")
    if view.frequency is not None:
        yield Line("How often", view.frequency.text)
    if view.numbers:
        yield Line("Sent from", ", ".join(view.numbers))
    yield Line("Links in messages", "yes" if program.links else "no")
    if view.least_age.age is not None:
        yield Line("Only for people of", f"{view.least_age.age} years or older")


def _agreeing(rulebook: Rulebook, program: Program, page: str, language: str) -> Iterator[Line]:
    asking = program.asking
    if asking.wording:
        yield Line(
            "Where", f"On the page of the program, {page}. No box is ticked beforehand, and each asks for one thing."
        )
    if asking.double is not None:
        words = ", ".join(asking.double.words)
        spoken = language if language in asking.double.texts else next(iter(asking.double.texts))
        asked = fill(asking.double.texts[spoken], rulebook.organization, program, spoken)
        yield Line("Then", f"One text asks the number itself; only a reply of {words} agrees. It says: {asked}")
    elif asking.wording:
        yield Line("Then", "A code goes to the number or address; only whoever has it can agree. Nothing holds before.")
    for channel in asking.wording:
        said = wording_of(rulebook, program, channel, language)
        if said is not None:
            yield Line(f"Wording beside the box ({channel})", said.text)
            yield Line("SHA-256 of the wording", hash_text(said.text))
    if program.keyword_wording:
        yield Line("By keyword", rulebook.keyword_wording(program.key, language)[0])
    for one in rulebook.statements.required(FORM, "sms" if "sms" in program.channels else None):
        yield Line(f"Said on the form ({one.key})", one.said(language)[0])


def _samples(rulebook: Rulebook, program: Program, language: str) -> Iterator[Line]:
    for sample in view_of(rulebook, program, language).samples:
        yield Line(sample.name, sample.said.text)


def _replies(rulebook: Rulebook, program: Program, language: str) -> Iterator[Line]:
    for kind in ("stop", "help", "start"):
        if kind in program.replies:
            yield Line(kind.upper(), rulebook.reply(kind, program.key, language))


def _promises(rulebook: Rulebook, program: Program) -> Iterator[Line]:
    """The clauses that bear on it: those of the statements on the form, and of the program's own ways."""
    policy = rulebook.policy_version
    yield Line("Policy", f"{policy.policy}, version {policy.version}, SHA-256 {policy.sha256}")
    resting = {each for one in rulebook.statements.required(FORM) for each in one.rests_on}
    for version in rulebook.versions:
        for one in version.commitments:
            if one.id in resting or (one.kind in _BEARING and _concerns(one, program)):
                where = f"{version.title}, {one.clause.heading}"
                yield Line(one.id, f'{where}: "{one.clause.anchor}" ({one.kind})')


def _concerns(one: Commitment, program: Program) -> bool:
    """Whether the promise speaks of this program and one of its ways; one about a feature does not."""
    named, channels = as_list(one.parameters.get("program")), channels_of(one.parameters, otherwise=program.channels)
    if "feature" in one.parameters or (named and program.key not in named):
        return False
    return not channels.isdisjoint(program.channels)


_BEARING = frozenset(("opt-out-channel", "help-reply", "consent-required", "consent-not-condition", "messaging-scope"))
