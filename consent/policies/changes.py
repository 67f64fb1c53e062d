"""What sort of change a new version is: what the company says of it, held against what really differs. Pure."""

from collections.abc import Sequence

from consent.policies import rules
from consent.policies.diff import compare
from consent.policies.kinds import Promise
from consent.policies.kinds.notices import settled_material
from consent.policies.publishing import PublishRefused
from consent.policies.version import PolicyVersionPack


class Misjudged(PublishRefused):
    """The company does not say, or says wrongly, whether the change is material."""


def nature_of(before: PolicyVersionPack, after: PolicyVersionPack, promises: Sequence[Promise]) -> rules.Nature:
    """Whether the change is material, and whether it touches purposes.

    Where the policy tells material changes from others, every version says what it is and why (VAL-23); a change of
    what was settled as material cannot be called anything else (VAL-24).
    """
    difference = compare(before, after)
    touched = settled_material(promises) & frozenset(difference.aspects)
    purposes = "purposes" in difference.aspects
    if after.change is None:
        asking = rules.must_be_classified(promises)
        if asking is not None:
            raise Misjudged(
                f"{asking.id} tells material changes from others. Add a table [change] to commitments.toml with"
                " material = true or false, and reason = a sentence.",
                field="change",
            )
        return rules.Nature(bool(difference.aspects), purposes)
    if touched and not after.change.material:
        named = sorted({one.commitment for one in difference.commitments if one.aspect in touched})
        raise Misjudged(
            f"The change is called not material, but it touches {', '.join(sorted(touched))} ({', '.join(named)}),"
            " which this policy settles as material. Write material = true.",
            field="change.material",
        )
    return rules.Nature(after.change.material, purposes)
