"""Whom somebody can complain to, by where they live: read once from policies/words/authorities.toml."""

import tomllib
from functools import lru_cache

from consent.errors import SetupProblem
from consent.privacy_requests.answers.certificate import Authority
from consent.resources import folder


def of(place: str | None, jurisdictions: tuple[str, ...]) -> tuple[Authority, ...]:
    """The authority of that place; of nobody knows where, those of the organization's own places, each once."""
    found = [_nearest(one) for one in ((place,) if place else jurisdictions)]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _nearest(place: str) -> Authority | None:
    known = _every()
    while place:
        if place in known:
            return known[place]
        place = place.rpartition("-")[0]
    return None


@lru_cache(maxsize=1)
def _every() -> dict[str, Authority]:
    path = folder("policies") / "words" / "authorities.toml"
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        return {place: Authority(one["name"], one["url"]) for place, one in told.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        wrong = f"policies/words/authorities.toml cannot be read ({type(error).__name__}); install the program again."
        raise SetupProblem(wrong) from None
