"""Checks of an organization against its own promises and the law: what contradicts, what is not declared."""

from collections.abc import Iterable, Sequence

from consent.deadlines import zones
from consent.errors import BadInput
from consent.policies import jurisdictions
from consent.policies.check_registers import check_registers
from consent.policies.check_words import check_words
from consent.policies.findings import nearest
from consent.policies.gate import gives_footing
from consent.policies.grounds import ground_ids
from consent.policies.kinds import KINDS, Promise, calling, channels_of, refusing
from consent.policies.kinds import messaging as messages
from consent.policies.kinds import shapes as s
from consent.policies.kinds.consent import admits, controls_refused, needs_opt_in
from consent.policies.kinds.retention import at_least, kept_for
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack, Program
from consent.policies.reading import Source
from consent.policies.terms import everywhere, machine_asks
from consent.policies.version import Commitment, PolicyVersionPack


def check_organization(
    organization: OrganizationPack,
    source: Source,
    versions: Sequence[tuple[PolicyVersionPack, Source]],
    law: Sequence[LawRule],
) -> None:
    """Note every contradiction between organization.toml, what the newest versions promise, and the law."""
    try:
        zones.zone(organization.zone)
    except BadInput as bad:
        source.wrong(("zone",), bad.detail)
    _places(organization, source)
    promises: list[Promise] = [
        one for version, _ in versions for one in version.commitments if one.kind in KINDS and _sound(one)
    ]
    binding: list[Promise] = [*promises, *(one for one in law if one.kind in KINDS)]
    for program in organization.programs:
        _program(program, organization, promises, binding, source)
    _services(organization, promises, source)
    _receipts(organization, source)
    _recipients(organization, source)
    _companions(organization, versions, source)
    _registries(organization, binding, source)
    check_registers(organization, promises, versions, source)
    check_words(organization, versions, source)
    for version, where in versions:
        for commitment in version.commitments:
            if _sound(commitment):
                _declared(commitment, organization, where)
                _bans_itself(commitment, organization, promises, where)
                _kept_long_enough(commitment, binding, where)


def _places(organization: OrganizationPack, source: Source) -> None:
    """Every place is one: where a slip stands for a country, no law of that country would bind."""
    named: list[tuple[tuple[str, ...], str]] = [(("jurisdictions",), place) for place in organization.jurisdictions]
    named += [
        (("programs", program.key, "bases"), basis.jurisdiction)
        for program in organization.programs
        for basis in program.bases
    ]
    for path, place in named:
        if not jurisdictions.exists(place):
            source.wrong(path, f'there is no place "{place}"; ISO 3166-2 writes GB, US-WA or CA-BC')


def _program(
    program: Program,
    organization: OrganizationPack,
    promises: Sequence[Promise],
    binding: Sequence[Promise],
    source: Source,
) -> None:
    path = ("programs", program.key)
    marketing = {one.key for one in organization.message_classes if one.marketing}
    for channel in program.channels:
        bans = [one for one in promises if messages.bans_marketing(one, channel, program.key)]
        for one in program.message_classes:
            if one in marketing and bans:
                wrong = f'"{one}" is promotion, and {_named(bans)} bans promotion on {channel}, whatever the consent'
                source.wrong((*path, "message_classes"), wrong)
        _footing(program, channel, organization, binding, source)
        _scope(program, channel, organization, promises, source)
        for design in sorted(key for key, on in program.opt_in_box.items() if on):
            against = [one for one in binding if design in controls_refused(one, channel)]
            ruled = f"{_named(against)} rules out" if against else "makes it no consent"
            source.wrong((*path, "opt_in_box", design), f"the opt-in box is {design.replace('_', ' ')}, which {ruled}")
    if program.marketing and program.footing == "required":
        source.wrong((*path, "footing"), 'a program with promotion cannot be "required": it must be refusable')
    if program.frequencies and program.footing in ("required", "forbidden"):
        why = f"a program that is {program.footing} lets nobody choose how often it writes"
        source.wrong((*path, "frequencies"), why)
    _bases(program, promises, source)


def _footing(
    program: Program, channel: str, organization: OrganizationPack, binding: Sequence[Promise], source: Source
) -> None:
    """The program's own footing is not softer than what binds it, nor opt-in where the policy offers an opt-out."""
    permission = [one for one in binding if _asks(one, channel, program)]
    # A basis of another kind, or a law of one of several places, is weighed for each message at the gate.
    surely = [one for one in permission if not admits(one, channel) and everywhere(one, organization)]
    if surely and program.footing in ("opt-out", "required"):
        wrong = f'the footing is "{program.footing}", but {_named(surely)} demands consent first on {channel}'
        source.wrong(("programs", program.key, "footing"), wrong)
    if any(one.channel == channel for one in program.bases):
        return
    offered = [one for one in binding if isinstance(one, Commitment) and refusing.refusable_by(one, channel)]
    if program.footing == "opt-in" and not permission and offered and program.marketing:
        wrong = f"the footing is opt-in, but no commitment of kind consent-required speaks of {channel}"
        source.wrong(("programs", program.key, "footing"), wrong)


def _asks(promise: Promise, channel: str, program: Program) -> bool:
    """Does the promise demand consent first for anything the program carries on this channel?"""
    return machine_asks(promise, channel, program) or any(
        needs_opt_in(promise, channel, program.marketing, program.key, one) for one in program.message_classes
    )


def _bases(program: Program, promises: Sequence[Promise], source: Source) -> None:
    """A basis other than consent stands only where the policy knows it (T-19)."""
    for number, entry in enumerate(program.bases):
        asking = [one for one in promises if _asks(one, entry.channel, program)]
        against = [one for one in asking if entry.basis != "consent" and entry.basis not in admits(one, entry.channel)]
        if against:
            wrong = f'{_named(against)} knows no basis "{entry.basis}" on {entry.channel}'
            source.wrong(("programs", program.key, "bases", number, "basis"), wrong)
        customers = [one for one in asking if one.decided.get("legitimate_interest_to") == "customers"]
        if entry.basis == "legitimate-interest" and customers and not entry.customers_only:
            wrong = f'{_named(customers)} knows this basis for customers only; write for = "customers"'
            source.wrong(("programs", program.key, "bases", number, "for"), wrong)


def _scope(
    program: Program, channel: str, organization: OrganizationPack, promises: Sequence[Promise], source: Source
) -> None:
    path = ("programs", program.key)
    closed = [one for one in promises if messages.closes_other_channels(one, channel, program.automated)]
    if closed:
        source.wrong((*path, "channels"), f"{_named(closed)} names the ways of reaching people, and {channel} is none")
    scopes = [one for one in promises if messages.closes_list(one, channel, program.key, program.automated)]
    allowed = {each for one in scopes for each in one.parameters["message_classes"]}
    for one in organization.message_classes:
        if one.key not in program.message_classes or one.marketing or gives_footing(program, one, channel, promises):
            continue
        near = nearest(one.key, allowed)
        wrong = f'"{one.key}" is not among the classes that {_named(scopes)} allows on {channel}; {near}'
        source.wrong((*path, "message_classes"), wrong)


def _services(organization: OrganizationPack, promises: Sequence[Promise], source: Source) -> None:
    """Every program and every class of data belongs to a service that the policy covers."""
    covered = {each for one in promises if one.kind == "scope" for each in one.parameters.get("surfaces", ())}
    if not covered:
        return
    places: Iterable[tuple[str, str, str]] = [
        *(("programs", one.key, one.service) for one in organization.programs),
        *(("features", one.key, one.service) for one in organization.features),
        *(("data_categories", one.key, one.service) for one in organization.data_categories),
    ]
    for table, key, service in places:
        if service and service not in covered:
            wrong = f'the policy does not cover the service "{service}"; {nearest(service, covered)}'
            source.wrong((table, key, "service"), wrong)


def _receipts(organization: OrganizationPack, source: Source) -> None:
    """A receipt speaks of data and recipients that are declared, so that it never says less than it seems to."""
    categories = {one.key for one in organization.data_categories}
    recipients = {one.key for one in organization.recipients}
    for program in organization.programs:
        kept, to = program.receipt.get("retention_of"), program.receipt.get("recipients", [])
        for key, names, known in (
            ("retention_of", s.as_list(kept), categories),
            ("recipients", s.as_list(to), recipients),
        ):
            for one in names:
                if one not in known:
                    wrong = f'"{one}" is not declared in this file; {nearest(one, known)}'
                    source.wrong(("programs", program.key, "receipt", key), wrong)


def _recipients(organization: OrganizationPack, source: Source) -> None:
    """A consent that covers what goes to somebody is one that people can give here."""
    known = {one.key for one in organization.programs} | {one.key for one in organization.features}
    for one in organization.recipients:
        if one.consent is not None and one.consent not in known:
            wrong = f'there is no program or feature "{one.consent}"; {nearest(one.consent, known)}'
            source.wrong(("recipients", one.key, "consent"), wrong)


def _companions(
    organization: OrganizationPack, versions: Sequence[tuple[PolicyVersionPack, Source]], source: Source
) -> None:
    """A document that something depends on is a policy of its own, with versions of its own (T-29)."""
    policies = {version.policy for version, _ in versions}
    for feature in organization.features:
        if feature.companion is not None and feature.companion not in policies:
            wrong = f'there is no policy "{feature.companion}" beside this one; {nearest(feature.companion, policies)}'
            source.wrong(("features", feature.key, "companion"), wrong)
    for version, where in versions:
        for one in version.commitments:
            for key in ("companion_documents", "companion_document"):
                for named in s.as_list(one.parameters.get(key)):
                    if named not in policies:
                        wrong = f'{one.id}: there is no policy "{named}" beside this one; {nearest(named, policies)}'
                        where.wrong((*one.path, "parameters", key), wrong)


def _registries(organization: OrganizationPack, binding: Sequence[Promise], source: Source) -> None:
    """A registry that is scrubbed against is one that a promise or a law of these places names."""
    known = {name for channel in ("sms", "voice") for name in calling.registries(binding, channel)}
    for name in organization.numbers.scrub:
        if name not in known:
            wrong = f'no promise and no law of these places knows the registry "{name}"; {nearest(name, known)}'
            source.wrong(("numbers", "scrub"), wrong)


def _declared(commitment: Commitment, organization: OrganizationPack, where: Source) -> None:
    """What a commitment names exists in organization.toml."""
    known = {
        "program": {one.key for one in organization.programs},
        "message_classes": {one.key for one in organization.message_classes},
        "data_categories": {one.key for one in organization.data_categories},
        "recipients": {one.key for one in organization.recipients},
        "feature": {one.key for one in organization.features},
    }
    for key, names in known.items():
        for value in s.as_list(commitment.parameters.get(key)):
            if value not in names:
                wrong = f'{commitment.id}: organization.toml knows no "{value}" here; {nearest(value, names)}'
                where.wrong((*commitment.path, "parameters", key), wrong)
    if commitment.kind == "contact-point":
        for key, mine in (("email", organization.email), ("phone", organization.phone)):
            stated = commitment.parameters.get(key)
            if stated not in (None, "not-stated") and _bare(stated) != _bare(mine):
                wrong = f"{commitment.id}: organization.toml gives another {key} under contacts"
                where.wrong((*commitment.path, "parameters", key), wrong)


def _bans_itself(
    commitment: Commitment, organization: OrganizationPack, promises: Sequence[Promise], where: Source
) -> None:
    """Two commitments of one policy must not say the opposite of each other."""
    if commitment.kind != "messaging-scope":
        return
    marketing = {one.key for one in organization.message_classes if one.marketing}
    for channel in sorted(channels_of(commitment.parameters)):
        bans = [one for one in promises if messages.bans_marketing(one, channel, "")]
        for one in commitment.parameters.get("message_classes", ()):
            if bans and one in marketing:
                wrong = f'{commitment.id} allows "{one}" on {channel}, but {_named(bans)} bans promotion there'
                where.wrong((*commitment.path, "parameters", "message_classes"), wrong)
        classes = commitment.parameters.get("message_classes", ())
        asked = [one for one in promises if any(needs_opt_in(one, channel, False, "", each) for each in classes)]
        if asked and commitment.parameters.get("consent") == "not-required":
            wrong = f"{commitment.id} needs no consent on {channel}, but {_named(asked)} demands it"
            where.wrong((*commitment.path, "parameters", "consent"), wrong)


def _kept_long_enough(commitment: Commitment, binding: Sequence[Promise], where: Source) -> None:
    """A period settled for a class of data is not shorter than any minimum, nor settled twice with two figures."""
    for category in commitment.decided.get("periods", {}):
        kept = kept_for(commitment, category)
        for other in binding:
            floor = at_least(other, category)
            path = (*commitment.path, "decided", "periods", category)
            if kept and floor and s.shorter(kept[0], floor):
                wrong = f'{commitment.id}: "{category}" goes after {kept[0]}, but {other.id} keeps it at least {floor}'
                where.wrong(path, wrong)
            settled = kept_for(other, category) if other.decided.get("periods") else None
            if kept and settled and other.id < commitment.id and settled[0] != kept[0]:
                wrong = f'{commitment.id}: "{category}" stays {kept[0]} here and {settled[0]} by {other.id}'
                where.wrong(path, wrong)


def _named(promises: Sequence[Promise]) -> str:
    commitment, law = ground_ids(promises)
    return commitment or law or "a rule"


def _sound(commitment: Commitment) -> bool:
    """Only what has the right form is compared with the rest."""
    kind = KINDS.get(commitment.kind)
    return kind is not None and kind.can_be_asked(commitment.parameters, commitment.decided)


def _bare(value: str) -> str:
    """A contact point without its punctuation; a leading 1 of a North American number is no difference."""
    if "@" in value:
        return value.casefold()
    return "".join(one for one in value if one.isdigit())[-10:]
