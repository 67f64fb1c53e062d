"""The map of what each policy covers, as data for the API. Pure."""

from typing import Any

from consent.policies.elsewhere import Elsewhere
from consent.policies.rulebook import Rulebook


def whole(rulebook: Rulebook) -> dict[str, Any]:
    """Every surface and service a policy names, the documents beside the policies, and where others govern."""
    reaches = rulebook.scope.reaches()
    return {
        "areas": [
            {
                "place": one.place,
                "policy": one.policy,
                "version": one.version,
                "commitment": one.commitment,
                "programs": list(one.programs),
                "features": list(one.features),
                "data": list(one.data),
            }
            for reach in reaches
            for one in reach.areas
        ],
        "persons": {one.commitment: list(one.persons) for one in reaches if one.persons},
        "beside": [
            {
                "document": one.policy,
                "title": one.title,
                "version": one.version,
                "named_by": list(one.named_by),
                "features": list(one.features),
            }
            for one in rulebook.scope.beside()
        ],
        "elsewhere": [_elsewhere(rulebook, one) for one in rulebook.scope.elsewhere],
    }


def of(rulebook: Rulebook, place: str) -> dict[str, Any]:
    """Whether this place is covered, by which policy, and who governs there if it is not."""
    found = rulebook.scope.covering(place)
    return {
        "place": place,
        "covered": found.covered,
        "by": [
            {"policy": policy, "version": version, "commitment": commitment}
            for policy, version, commitment in found.policies
        ],
        "elsewhere": _elsewhere(rulebook, found.outside) if found.outside is not None else None,
        "commitment": found.ground,
    }


def _elsewhere(rulebook: Rulebook, one: Elsewhere) -> dict[str, Any]:
    version = next((each.version for each in rulebook.versions if each.policy == one.document), None)
    return {
        "place": one.key,
        "what": one.what,
        "names": dict(one.said.get("name", {})),
        "governed_by": dict(one.said.get("sentence", {})),
        "document": one.document,
        "version": version,
        "url": one.url,
    }
