"""What a company's own site, portal or announcement has shown: the words that are owed there, for which promises."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from consent.policies.answers.statements import Statement
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.documents import contacts_lacking
from consent.policies.version import Commitment

SHOWN = "E-SHOWN"
# Of a promise that is shown, what its text must name: ways to reach the company, and pages on which something ends.
_NAMED = {"contact-point": ("email", "phone", "phone_toll_free", "fax", "portal"), "cookie": ("opt_out_url",)}
_UNSAID = "not-stated"


class Displayed(NamedTuple):
    """What was shown under this key: that of a statement, or the id of a promise that leaves such a trace."""

    key: str
    language: str
    text: str


def wrong(promises: Sequence[Promise], owed: Sequence[Statement], said: Sequence[Displayed]) -> Mapping[str, str]:
    """What is wrong with it, by key: other words than those that are owed, a contact it lacks, one that is missing."""
    statements, known = {one.key: one for one in owed}, _shown(promises)
    found = {one.key: why for one in said if (why := _why(one, statements, known))}
    named = {one.key for one in said}
    missing = {key: "This is owed there too and was not shown." for key in statements if key not in named}
    return missing | found


def rests_on(promises: Sequence[Promise], owed: Sequence[Statement], said: Sequence[Displayed]) -> tuple[str, ...]:
    """The promises and laws for which these texts were shown, sorted."""
    statements = {one.key: one.rests_on for one in owed}
    return tuple(sorted({identity for one in said for identity in statements.get(one.key, (one.key,))}))


def _why(one: Displayed, statements: Mapping[str, Statement], known: Mapping[str, Promise]) -> str | None:
    if one.key in statements:
        texts = statements[one.key].texts
        if one.language not in texts:
            return f"It is said in {s.plain(list(texts))}."
        if " ".join(one.text.split()) != " ".join(texts[one.language].split()):
            return "The words shown are others than those that are owed."
        return None
    promise = known.get(one.key)
    if promise is None:
        return "No statement owed there and no promise that is shown has this name."
    contacts = [
        value
        for name in _NAMED.get(promise.kind, ())
        for value in s.as_list(promise.parameters.get(name))
        if value != _UNSAID
    ]
    lacking = contacts_lacking(contacts, one.text)
    return f"It does not name {', '.join(lacking)}." if lacking else None


def _shown(promises: Sequence[Promise]) -> dict[str, Promise]:
    """The promises whose trace is what was shown."""
    return {one.id: one for one in promises if isinstance(one, Commitment) and SHOWN in one.evidence}
