"""The words for codes of clauses: what data serves, which data, on which ground. One place that pages ask. Pure.

Clauses name these by codes, so that the same thing is one code in every clause. The pack says in its table `words` how
people read each, in every language of its pages; classes of data, programs and recipients have names already.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from consent.policies.kinds import shapes as s
from consent.policies.organization import OrganizationPack
from consent.policies.recipients import Recipient
from consent.policies.said import ENGLISH, Named, language_among
from consent.policies.version import Commitment

_AIMS = ("purposes", "purpose", "vendor_functions")
# The kinds whose data, fields and grounds the pages of recipients show, beside their purposes.
_SHARING = ("share-ban", "share-allowed-recipient", "share-condition", "purpose-limit", "consent-required")
_REGISTER = "recipient-register"
_INCIDENTS = ("breach-notice", "deadline")


class Said(NamedTuple):
    """Words, and the language they really are in, for a page to mark them."""

    text: str
    language: str


def of(pack: OrganizationPack, code: str, language: str) -> Said:
    """A purpose, ground, task or term of a contract as people read it; one without words as it stands, in English."""
    return _said(code, pack.words.get(code), _named(code, pack.programs, pack.features), language)


def data(pack: OrganizationPack, code: str, language: str) -> Said:
    """A class of data or a field as people read it."""
    named = _named(code, pack.data_categories)
    return _said(code, None if named else pack.words.get(code), named, language)


class Reader(NamedTuple):
    """Reads codes of one pack to somebody of one language."""

    pack: OrganizationPack
    language: str

    def said(self, codes: Iterable[str]) -> list[Said]:
        """Purposes, grounds or terms, in their order."""
        return [of(self.pack, one, self.language) for one in codes]

    def held(self, codes: Iterable[str]) -> list[Said]:
        """Classes of data and fields, in their order."""
        return [data(self.pack, one, self.language) for one in codes]

    def text(self, codes: Iterable[str]) -> str:
        """Purposes, grounds or terms within a sentence."""
        return ", ".join(one.text for one in self.said(codes))


def spoken(pack: OrganizationPack, commitment: Commitment) -> Iterator[str]:
    """The codes of a promise that pages show and the pack has no name for elsewhere, each as often as it stands there.

    Purposes of every kind; data, fields and grounds where the promise is about what goes to others; what is to be done
    in an incident, and on which ground it may wait.
    """
    named = {one.key for some in (pack.programs, pack.features) for one in some}
    held = {one.key for one in pack.data_categories}
    yield from _without(_values(commitment, _AIMS), named)
    if commitment.kind in _SHARING:
        yield from _without(_values(commitment, ("grounds",)), named)
        yield from _without(_values(commitment, ("data", "fields")), held)
    if commitment.kind in _INCIDENTS:
        yield from _values(commitment, ("duties", "exceptions"))
    if commitment.kind == _REGISTER:
        entries: Iterable[Mapping[str, object]] = commitment.parameters.get("entries", ())
        yield from _without((aim for one in entries for aim in s.as_list(one.get("purposes"))), named)


def of_recipient(recipient: Recipient) -> Iterator[str]:
    """The codes of what was agreed with a recipient, and of what they carry messages for."""
    yield from recipient.contract.terms if recipient.contract is not None else ()
    for carriage in recipient.carries.values():
        yield from (one for one in carriage if one is not None)


def _values(commitment: Commitment, keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        for told in (commitment.parameters, commitment.decided):
            yield from (one for one in s.as_list(told.get(key)) if isinstance(one, str))


def _without(codes: Iterable[str], named: Iterable[str]) -> Iterator[str]:
    return (one for one in codes if one not in named)


def _named(code: str, *tables: Iterable[Named]) -> Named | None:
    return next((one for table in tables for one in table if getattr(one, "key", None) == code), None)


def _said(code: str, words: Mapping[str, str] | None, named: Named | None, language: str) -> Said:
    if words:
        there = language_among(words, language)
        return Said(words[there], there)
    if named is not None:
        return Said(named.name_in(language), named.language_of("name", language))
    return Said(code.replace("-", " ").replace("_", " "), ENGLISH)
