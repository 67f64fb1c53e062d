"""Which classes of data an erasure has to decide, in the words of the organization's promises.

Our own records have words of their own; promises, grounds and stores speak of the classes of `organization.toml`. What
lies in a store is decided although nobody has asked the store yet: what it does not hold it erases nothing of.
"""

from collections.abc import Iterable, Mapping

from consent.db import Tx
from consent.gateways.stores.description import parse
from consent.ledger.keys import Keyring
from consent.policies.answers.asking import Item
from consent.policies.organization import OrganizationPack
from consent.privacy_requests.casework import Case
from consent.privacy_requests.tasks import accounts, people

# Our own words for what we hold, and the part of our records that each means.
PARTS = {
    "contact-point": "addresses",
    "consents": "consents",
    "settings": "consents",
    "messages-received": "messages",
    "messages-sent": "messages",
    "decisions": "delivery",
}
_USUAL = {"consents": "consent-records"}  # the class that is meant where several are of one part
PERSON = "person"  # the source of promises for what people gave themselves: where nobody knows, it counts as theirs


def in_words_of(pack: OrganizationPack, word: str) -> str:
    """The class of the pack that our own word means; the word itself where the pack has none for it."""
    known = [one.key for one in pack.data_categories]
    usual, part = _USUAL.get(word, word), PARTS.get(word)
    if usual in known or part is None:
        return usual if usual in known else word
    return next((one.key for one in pack.data_categories if one.here == part), word)


def here(pack: OrganizationPack) -> Mapping[str, str]:
    """The part of our own records behind each class, by the pack's words and by ours."""
    named = {one.key: one.here for one in pack.data_categories if one.here is not None}
    return {word: part for word, part in PARTS.items() if in_words_of(pack, word) == word} | named


def to_decide(tx: Tx, keyring: Keyring, pack: OrganizationPack, case: Case, held: Iterable[Item]) -> tuple[Item, ...]:
    """What an erasure decides: what is held here, whom the organization's systems mean, and what its stores hold."""
    items = [Item(in_words_of(pack, one.category), one.source) for one in held]
    person = people.of_contact(tx, keyring, case.organization_id, case.contact_point_id)
    if person is not None and person.references:
        items += [Item(one.key, PERSON) for one in pack.data_categories if one.here == "people"]
    for account in accounts.every(tx, keyring, case.organization_id):
        items += [Item(category, source) for category, source in _held_by(account)]
    return tuple(dict.fromkeys(items))


def _held_by(account: accounts.Account) -> Iterable[tuple[str, str]]:
    if account.kind != "sql":
        return ((one, PERSON) for one in accounts.categories_of(account))
    return ((one.category, one.source or PERSON) for one in parse(str(account.settings["description"])))
