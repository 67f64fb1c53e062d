"""What is personal about staff, encrypted in its row; an address is found by a keyed tag of it."""

import hmac
from uuid import UUID

from consent.ledger import keys
from consent.ledger.keys import Keyring
from consent.subjects.addresses import of_person

PURPOSE = "staff"
NAME, EMAIL, TOTP = "staff-name", "staff-email", "staff-totp"  # places in the ciphertexts' authenticated data


def seal(keyring: Keyring, organization_id: UUID, account_id: UUID, place: str, text: str) -> bytes:
    """The text, so that it opens only in this place of this account."""
    return keys.seal_facts(keyring.key_for(organization_id, PURPOSE), text.encode(), organization_id, account_id, place)


def opened(keyring: Keyring, organization_id: UUID, account_id: UUID, place: str, sealed: bytes) -> str:
    """What `seal` was given."""
    key = keyring.key_for(organization_id, PURPOSE)
    return keys.open_facts(key, bytes(sealed), organization_id, account_id, place).decode()


def email_tag(keyring: Keyring, organization_id: UUID, typed: str) -> bytes:
    """How the account of this address is found, however it is spelled; BadInput for what is no address."""
    return tag(keyring, organization_id, "account", of_person("email", typed).value.lower())


def tag(keyring: Keyring, organization_id: UUID, what: str, value: str) -> bytes:
    """A keyed tag that tells nothing without the root secret."""
    return hmac.digest(
        keyring.key_for(organization_id, "staff-tags"), f"{what}|{value}".encode("utf-8", "surrogatepass"), "sha256"
    )
