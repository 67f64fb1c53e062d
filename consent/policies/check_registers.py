"""Checks of what the settings list beside programs and data: recorded lines, and places where others govern."""

from collections.abc import Sequence

from consent.policies.answers.recording import Recording
from consent.policies.answers.scope import Scope
from consent.policies.findings import nearest
from consent.policies.kinds import Promise
from consent.policies.organization import OrganizationPack
from consent.policies.reading import Source
from consent.policies.version import PolicyVersionPack


def check_registers(
    organization: OrganizationPack,
    promises: Sequence[Promise],
    versions: Sequence[tuple[PolicyVersionPack, Source]],
    source: Source,
) -> None:
    """Note what these lists contradict, or name without its being there."""
    _recorded_lines(organization, promises, source)
    _elsewhere(organization, [version for version, _ in versions], source)


def _recorded_lines(organization: OrganizationPack, promises: Sequence[Promise], source: Source) -> None:
    """No line is recorded without its purpose, its words and its place, each as promised (VSH-48, SMT-11, SMT-12)."""
    recording = Recording(organization, promises)
    for line in organization.recorded_lines:
        for one in recording.unfit(line) if line.on else ():
            ground = f"{one.promise.id}: " if one.promise is not None else ""
            source.wrong(("recorded_lines", line.key, one.key), f"{ground}{one.sentence}")


def _elsewhere(organization: OrganizationPack, versions: Sequence[PolicyVersionPack], source: Source) -> None:
    """What others govern is nothing that a policy here covers, and the document that stands for theirs is published."""
    policies = {version.policy for version in versions}
    covered = {area.place: area.commitment for one in Scope(organization, versions).reaches() for area in one.areas}
    for one in organization.elsewhere:
        path = ("elsewhere", one.key)
        if one.key in covered:
            source.wrong(path, f'{covered[one.key]} covers "{one.key}"; what it covers, nobody else governs')
        if one.document is not None and one.document not in policies:
            wrong = f'there is no policy "{one.document}" beside this one; {nearest(one.document, policies)}'
            source.wrong((*path, "document"), wrong)
