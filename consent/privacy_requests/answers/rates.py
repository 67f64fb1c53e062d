"""What a paid request costs: the rate cards of an organization, each in force from its day."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from consent.errors import SetupProblem

FILE = "rate-cards.toml"  # in the organization's folder of policies
MOST = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class Fee:
    """An amount of money with the card it stands on; zero where nothing is charged."""

    amount: Decimal
    currency: str
    card: str


@dataclass(frozen=True, slots=True)
class Card:
    """One rate card: its name, its first day, and the price of each type of request."""

    name: str
    first: date
    currency: str
    fees: tuple[tuple[str, Decimal], ...]


def read(text: str) -> tuple[Card, ...]:
    """The cards in such a file, the oldest first; SetupProblem names what is wrong."""
    try:
        told = tomllib.loads(text)
        cards = [
            Card(
                str(one["name"]),
                one["in_force_from"],
                str(one["currency"]),
                tuple((kind, Decimal(str(amount))) for kind, amount in one["fees"].items()),
            )
            for one in told["card"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise SetupProblem(f"{FILE} cannot be read ({type(error).__name__}: {error}).") from None
    for one in cards:
        if type(one.first) is not date or any(not 0 <= amount <= MOST for _, amount in one.fees):
            raise SetupProblem(f"{FILE}: the card {one.name} needs a day and amounts from 0 to {MOST}.")
    return tuple(sorted(cards, key=lambda one: one.first))


def of(policies: Path, slug: str) -> tuple[Card, ...]:
    """The cards of that organization; none where it keeps no such file."""
    path = policies / slug / FILE
    return read(path.read_text(encoding="utf-8")) if path.is_file() else ()


def fee_at(cards: Sequence[Card], request_type: str, received_on: date) -> Fee | None:
    """The price on the card in force when the request was received; None where no card tells it."""
    for one in sorted(cards, key=lambda card: card.first, reverse=True):
        if one.first <= received_on:
            amount = dict(one.fees).get(request_type)
            return None if amount is None else Fee(amount, one.currency, one.name)
    return None
