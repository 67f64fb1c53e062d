"""Save what was chosen, or stop: one transaction, one entry for each channel and new state, only differences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from consent.ledger import base64url
from consent.ledger.bodies import Leaf
from consent.policies.rulebook import ConsentDraft
from consent.preferences import wordings
from consent.preferences.page import wishes
from consent.preferences.page.acts import METHOD, Act
from consent.preferences.page.choices import REFUSABLE, Choice, page_of
from consent.preferences.page.standing import Sight
from consent.preferences.page.wishes import Wishes
from consent.preferences.page.wording import BETWEEN, Say

EVERYTHING, MARKETING = "everything", "marketing"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the wishes: `stale` where the page had changed, so that nothing was switched on."""

    wrote: bool
    stale: bool
    needs_code: bool
    refused: bool = False  # a rule forbids a yes, and the rest was done


def save(act: Act, wished: Wishes, say: Say, *, full: bool) -> Saved:
    """Every no is on record, and every yes to what the form really showed; what is as it was leaves no entry."""
    page = page_of(act.rulebook, act.states, act.presser.person, act.presser.language, say, act.now, full=full)
    done = wishes.granted(wished, page)
    for channel, some in _by_channel(one for one in done.off if not one.feature):
        _end(act, channel, [one.key for one in some])
    _end_features(act, [one for one in done.off if one.feature], page.seen)
    allowed = [one for one in done.on if not findings(act, one)]
    agree(act, allowed, page.seen)
    return Saved(bool(act.entries), done.stale, wishes.needs_code(wished, page), len(allowed) < len(done.on))


def stop(act: Act, scope: str, say: Say) -> bool:
    """Everything that can be refused on every place ends now, or all marketing; False where nothing was left to end."""
    page = page_of(act.rulebook, act.states, act.presser.person, act.presser.language, say, act.now, full=True)
    for group in page.groups:
        refusable = [one for one in group.choices if one.sort in REFUSABLE]
        # By text a stop reaches what is required, too, as the word STOP does; elsewhere what can be refused.
        ended = sorted(one.key for one in (group.choices if group.channel == "sms" else refusable))
        if scope == EVERYTHING and ended and group.sends:
            _stop_channel(act, group.channel, ended)
        elif scope == MARKETING:
            selling = [one.key for one in refusable if one.marketing and one.goes]
            if selling:
                _end(act, group.channel, sorted(selling), reach="all-marketing")
        if group.channel == "voice" and group.do_not_call is None:
            selling = [one.key for one in group.choices if one.marketing]
            act.write("do_not_call.requested", "voice", (), {"how": METHOD}, ends=selling)
    return bool(act.entries)


def agree(act: Act, chosen: Sequence[Choice], seen: Sight, **more: str) -> None:
    """Consents with the exact wording of their switches; whether they may be given was looked at before."""
    for (channel, _, _), some in groupby(sorted(chosen, key=_together), key=_together):
        _agree(act, channel, list(some), seen, more)


def end_again(act: Act, leaf: Leaf, seen: Sight, undone: str) -> None:
    """What this entry switched on is off: messages for the number, a feature for whoever had allowed it."""
    programs = [one for one in leaf.purposes if act.rulebook.program(one) is not None]
    features = [one for one in leaf.purposes if one not in programs]
    if programs:
        _end(act, leaf.channel, programs, undoes=undone)
    if features:
        whose = {} if seen.person is None else {"person": str(seen.person)}
        act.write("consent.withdrawn", leaf.channel, features, {**whose, "undoes": undone})


def _agree(act: Act, channel: str, some: Sequence[Choice], seen: Sight, more: Mapping[str, str]) -> None:
    text = BETWEEN.join([one.about.said for one in some])
    data: dict[str, object] = {
        "wording_sha256": wordings.keep(act.tx, act.log.organization_id, text, act.presser.language, act.now),
        "wording_language": act.presser.language,
        **more,
    }
    companion = act.rulebook.features.companion(some[0].key)
    if companion is not None:  # T-29: what was agreed to stands in two documents, and the record names both
        data |= {
            "companion_policy": companion.policy,
            "companion_version": companion.version,
            "companion_sha256": base64url.encode(companion.text_sha256),
        }
    if some[0].granted_by is not None:
        data["granted_by"] = some[0].granted_by
    if seen.person is not None:
        data["person"] = str(seen.person)
    act.write("consent.given", channel, [one.key for one in some], data)


def findings(act: Act, one: Choice) -> bool:
    """Does a promise or law forbid that this is agreed to here and now?"""
    facts = act.presser.facts
    draft = ConsentDraft(
        one.key,
        one.channel,
        act.places[one.channel].tagged.address.value,
        "given",
        act.now,
        METHOD,
        one.about.said,
        act.presser.language,
        facts["ip"],
        facts["ip_absent_reason"],
        pre_ticked=False,
        bundled=False,
        mandatory=False,
        granted_by=one.granted_by,
    )
    return bool(act.rulebook.consent_findings(draft))


def _end(act: Act, channel: str, programs: Sequence[str], **more: str) -> None:
    """The number says no to these programs, whoever agreed there."""
    data = {"scope": "programs", "sender": act.presser.sender, **more}
    act.write("consent.withdrawn", channel, programs, data, ends=programs)


def _stop_channel(act: Act, channel: str, programs: Sequence[str]) -> None:
    """The number says no to everything, as by the word STOP to each of our numbers."""
    data = {"scope": "channel", "sender": act.presser.sender, "reach": "everything"}
    act.write("consent.withdrawn", channel, programs, data, ends=programs)


def _end_features(act: Act, some: Sequence[Choice], seen: Sight) -> None:
    """A permission is personal: it ends for the visitor alone, and for what nobody in particular had allowed."""
    data: dict[str, object] = {} if seen.person is None else {"person": str(seen.person)}
    for channel in act.places:
        ended = [one.key for one in some if channel in one.places]
        if ended:
            act.write("consent.withdrawn", channel, ended, data)


def _by_channel(some: Iterable[Choice]) -> list[tuple[str, list[Choice]]]:
    found: dict[str, list[Choice]] = {}
    for one in some:
        found.setdefault(one.channel, []).append(one)
    return list(found.items())


def _together(one: Choice) -> tuple[str, tuple[str, ...], str]:
    """Consents of one channel go into one entry, but for what a second document or another capacity sets apart."""
    return one.channel, one.companion or (), one.granted_by or ""
