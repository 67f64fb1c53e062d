"""Nobody is treated worse for having used a right: a pack that even names such a rule is refused (1V-55, T-68).

Refused are, in organization.toml and in what commitments say or settle:
- any key that joins a word of TREATMENT with a word of RIGHTS, such as queue_after_complaint;
- a word of RIGHTS given as the value of a key with a word of TREATMENT, such as priority = "opted-out";
- a fact of USED, such as "has_complained", as a key or a value anywhere.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from consent.policies.reading import Source
from consent.policies.version import PolicyVersionPack

TREATMENT = frozenset(
    {
        "access", "charge", "delay", "discount", "downgrade", "fee", "level", "penalty", "price", "pricing", "priority",
        "queue", "quota", "rank", "slower", "surcharge", "throttle", "tier",
    }
)  # fmt: skip
RIGHTS = frozenset(
    {
        "complainant", "complained", "complaint", "complaints", "erasure", "objected", "objection", "opted", "optout",
        "requester", "requesters", "rights", "unsubscribed", "withdrawn", "withdrew",
    }
)  # fmt: skip
USED = frozenset(
    {
        "asked-for-deletion", "asked-for-access", "has-complained", "has-objected", "has-opted-out", "has-requested",
        "opt-out-status", "opted-out", "privacy-requests-made", "request-status", "requests-made", "used-a-right",
        "used-rights", "uses-rights", "withdrew-consent",
    }
)  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+(?:[-_ ][a-z0-9]+)*")


def check_fairness(
    organization: dict[str, Any], source: Source, versions: Sequence[tuple[PolicyVersionPack, Source]]
) -> None:
    """Note every key and word by which somebody would be treated by what they asked for or refused."""
    for path, wrong in _found(organization, ()):
        source.wrong(path, wrong)
    for version, where in versions:
        for commitment in version.commitments:
            for name, table in (("parameters", commitment.parameters), ("decided", commitment.decided)):
                for path, wrong in _found(dict(table), ()):
                    where.wrong((*commitment.path, name, *path), f"{commitment.id}: {wrong}")


def _found(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    key = next((one for one in reversed(path) if isinstance(one, str)), "")
    if isinstance(value, dict):
        for name, inner in value.items():
            if _speaks(name) or _pairs(name, name):
                yield (*path, name), _sentence(name)
            else:
                yield from _found(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _found(inner, (*path, number) if isinstance(inner, dict) else path)
    elif isinstance(value, str) and _WORD.fullmatch(value) and (_speaks(value) or _pairs(key, value)):
        yield path, _sentence(value)


def _speaks(word: str) -> bool:
    return word.replace("_", "-").replace(" ", "-") in USED


def _pairs(treated: str, used: str) -> bool:
    """Does one word speak of how somebody is treated and the other of a right that was used?"""
    return bool(_parts(treated) & TREATMENT and _parts(used) & RIGHTS)


def _parts(word: str) -> frozenset[str]:
    return frozenset(re.split(r"[-_ ]", word))


def _sentence(word: str) -> str:
    return (
        f'"{word}" would treat people by whether they used a right; no rule, order, price or limit may depend on that'
    )
