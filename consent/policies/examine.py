"""Examines packs that are already read, from a folder or from the database, with one result: the mistakes."""

from collections.abc import Sequence

from consent.policies.check_asking import check_asking
from consent.policies.check_data import check_data
from consent.policies.check_fairness import check_fairness
from consent.policies.check_organization import check_organization
from consent.policies.check_periods import check_periods
from consent.policies.check_texts import check_question, check_texts
from consent.policies.check_version import check_order, check_version
from consent.policies.findings import Finding
from consent.policies.kinds import KINDS
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
from consent.policies.reading import Source
from consent.policies.version import Commitment, PolicyVersionPack
from consent.web import markdown


def examine(
    organization: OrganizationPack,
    file: str,
    versions: Sequence[tuple[PolicyVersionPack, str]],
    law: Sequence[LawRule],
) -> list[Finding]:
    """Everything wrong with an organization and its versions, oldest first within each policy."""
    source = Source(organization.source, file)
    read = [(version, Source(version.commitments_toml, name)) for version, name in versions]
    for version, where in read:
        check_version(version, where)
        _translations(version, organization, where)
    for policy in {version.policy for version, _ in read}:
        check_order([pair for pair in read if pair[0].policy == policy])
    newest = list({version.policy: (version, where) for version, where in read}.values())
    binding = [one for one in law if _may_bind(one, organization)]
    check_organization(organization, source, newest, binding)
    check_data(organization, newest, binding)
    check_periods(organization, newest)
    check_fairness(source.data, source, read)
    promises = [one for version, _ in newest for one in version.commitments if _readable(one)]
    check_texts(organization, promises, source)
    check_asking(organization, promises, binding, source)
    check_question(organization, source)
    return sorted({finding for one in (source, *(where for _, where in read)) for finding in one.findings})


def _translations(version: PolicyVersionPack, organization: OrganizationPack, where: Source) -> None:
    """A translation is of a language the organization speaks, and has the sections of the wording."""
    if not version.translations:
        return
    main, others = organization.languages[0], organization.languages[1:]
    sections = len(markdown.render(version.text).headings)
    for language, said in version.translations.items():
        if language not in others:
            wrong = f'text.{language}.md: text.md is in "{main}"; further languages of organization.toml are '
            where.wrong((), wrong + (", ".join(others) or "none"))
        elif (count := len(markdown.render(said).headings)) != sections:
            wrong = f"text.{language}.md has {count} headings, text.md {sections}; a translation has the same sections"
            where.wrong((), wrong)


def _may_bind(rule: LawRule, organization: OrganizationPack) -> bool:
    """A pack is held to every dated rule of its places, the coming ones too; one of wrong form has its own findings."""
    if rule.in_force_from is None or not rule.is_for(organization.services):
        return False
    if not rule.binds(rule.in_force_from, organization.jurisdictions):
        return False
    kind = KINDS.get(rule.kind)
    return kind is not None and kind.can_be_asked(rule.parameters, rule.decided)


def _readable(commitment: Commitment) -> bool:
    kind = KINDS.get(commitment.kind)
    return kind is not None and kind.can_be_asked(commitment.parameters, commitment.decided)
