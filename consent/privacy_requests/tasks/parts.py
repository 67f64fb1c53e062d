"""Which classes of data an erasure has to decide, in the words of the organization's promises.

Our own records have words of their own; promises, grounds and stores speak of the classes of `organization.toml`. What
lies in a store is decided although nobody has asked the store yet: what it does not hold it erases nothing of.
"""

from collections.abc import Iterable

from consent.db import Tx
from consent.gateways.stores.description import parse
from consent.ledger.keys import Keyring
from consent.policies.answers.asking import Item
from consent.policies.organization import OrganizationPack
from consent.privacy_requests.casework import Case
from consent.privacy_requests.casework.classes import in_words_of
from consent.privacy_requests.tasks import accounts, people
from consent.subjects import service as subjects

PERSON = "person"  # the source of promises for what people gave themselves: where nobody knows, it counts as theirs


def to_decide(tx: Tx, keyring: Keyring, pack: OrganizationPack, case: Case, held: Iterable[Item]) -> tuple[Item, ...]:
    """What an erasure decides: what is held here, whom the organization's systems mean, and what its stores hold."""
    known = subjects.by_id(tx, keyring, case.organization_id, case.contact_point_id)
    channel = known.channel if known is not None else None
    items = [Item(in_words_of(pack, one.category, channel), one.source) for one in held]
    person = people.of_contact(tx, keyring, case.organization_id, case.contact_point_id, case.received_at)
    if person is not None and person.references:
        items += [Item(one.key, PERSON) for one in pack.data_categories if one.here == "people"]
    for account in accounts.every(tx, keyring, case.organization_id):
        items += [Item(category, source) for category, source in _held_by(account)]
    return tuple(dict.fromkeys(items))


def _held_by(account: accounts.Account) -> Iterable[tuple[str, str]]:
    if account.kind != "sql":
        return ((one, PERSON) for one in accounts.categories_of(account))
    return ((one.category, one.source or PERSON) for one in parse(str(account.settings["description"])))
