"""Says what is wrong with a pack before it can do harm: file, line, key and a sentence a lawyer understands."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from consent.policies.examine import examine
from consent.policies.findings import BadPack, Finding
from consent.policies.jurisdictions import EVERYWHERE, exists
from consent.policies.kinds import KINDS
from consent.policies.law import LawRule, parse_law
from consent.policies.on_disk import FILES
from consent.policies.packs import load_law, load_organization, load_version, packs_root, read, version_folders
from consent.policies.reading import Source
from consent.policies.version import PolicyVersionPack

# (organization's slug, policy, version) -> SHA-256 of the wording and of the commitments as they were published
Published = Mapping[tuple[str, str, str], tuple[bytes, bytes]]


def check(path: Path, published: Published | None = None) -> list[Finding]:
    """Everything wrong with a folder of packs, one pack, one version or one law folder; nothing when all is well."""
    path = path.resolve()
    try:
        there = path.is_dir()
    except OSError:  # a name longer than names can be
        there = False
    if not there:
        return [Finding(str(path), 1, "-", "There is no such folder")]
    if (path / "organization.toml").is_file():
        return _pack(path, published or {})
    if (path / "commitments.toml").is_file():
        pack = _pack(path.parent.parent, published or {})
        return [one for one in pack if not one.file.endswith("commitments.toml") or one.file.startswith(str(path))]
    packs = sorted(one.parent for one in path.glob("*/organization.toml"))
    laws = sorted(path.glob("*.toml")) or sorted(path.glob("law/*.toml"))
    if not packs and not laws:
        return [Finding(str(path), 1, "-", "There is neither an organization.toml nor a commitments.toml here")]
    found = [finding for one in packs for finding in _pack(one, published or {})]
    return sorted(found + [finding for file in laws for finding in _law(file)])


def _pack(folder: Path, published: Published) -> list[Finding]:
    found: list[Finding] = []
    file = folder / "organization.toml"
    try:
        organization = load_organization(folder)
    except BadPack as bad:
        return sorted(bad.findings)
    versions: list[tuple[PolicyVersionPack, str]] = []
    for one in version_folders(folder):
        try:
            version = load_version(one)
        except BadPack as bad:
            found += bad.findings
            continue
        versions.append((version, str(one / "commitments.toml")))
        now = version.text_sha256, version.commitments_sha256
        known = published.get((organization.slug, version.policy, version.version), now)
        for (name, named), here, there in zip(FILES, now, known, strict=True):
            if here != there:
                sentence = f"this {named} was published and has changed since; put it back, or make a new version of it"
                found.append(Finding(str(one / name), 1, "-", sentence))
    if not versions and not found:
        sentence = "there is no policy version: make a folder <policy>/<version> with text.md and commitments.toml"
        return [Finding(str(file), 1, "-", sentence)]
    if not versions:
        return sorted(found)
    return sorted(found + examine(organization, str(file), versions, _law_beside(folder)))


def _law_beside(folder: Path) -> Sequence[LawRule]:
    """The law in the same collection of packs, else the shipped one."""
    beside = folder.parent / "law"
    try:
        return load_law(beside if beside.is_dir() else packs_root() / "law")
    except BadPack:
        return ()  # its mistakes are findings of their own


def _law(file: Path) -> list[Finding]:
    try:
        text = read(file)
        rules = parse_law(text, str(file))
    except BadPack as bad:
        return list(bad.findings)
    source = Source(text, str(file))
    for rule in rules:
        for place in rule.jurisdictions:
            if place != EVERYWHERE and not exists(place):
                source.wrong((*rule.path, "jurisdictions"), f'{rule.id}: there is no place "{place}" (ISO 3166-2)')
        kind = KINDS.get(rule.kind)
        if kind is None:
            source.wrong((*rule.path, "kind"), f'{rule.id}: "{rule.kind}" is not a kind of commitment')
            continue
        for key, wrong in kind.problems(rule.parameters):
            source.wrong((*rule.path, "parameters", key), f"{rule.id}: {wrong}")
    return source.findings
