"""Says what is wrong with a pack before it can do harm: file, line, key and a sentence a lawyer understands."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from consent.policies.check_organization import check_organization
from consent.policies.check_texts import check_texts
from consent.policies.check_version import check_order, check_version
from consent.policies.findings import BadPack, Finding
from consent.policies.kinds import KINDS
from consent.policies.law import LawRule
from consent.policies.packs import load_organization, load_version, packs_root, parse_law, version_folders
from consent.policies.reading import Source
from consent.policies.version import PolicyVersionPack

# (organization's slug, policy, version) -> SHA-256 of the wording as it was published
Published = Mapping[tuple[str, str, str], bytes]


def check(path: Path, published: Published | None = None) -> list[Finding]:
    """Everything wrong with a folder of packs, one pack, one version or one law folder; nothing when all is well."""
    path = path.resolve()
    if not path.is_dir():
        return [Finding(str(path), 1, "-", "There is no such folder")]
    if (path / "organization.toml").is_file():
        return _pack(path, published or {})
    if (path / "commitments.toml").is_file():
        return _pack(path.parent.parent, published or {}, only=path)
    packs = sorted(one.parent for one in path.glob("*/organization.toml"))
    laws = sorted(path.glob("*.toml")) or sorted(path.glob("law/*.toml"))
    if not packs and not laws:
        return [Finding(str(path), 1, "-", "There is neither an organization.toml nor a commitments.toml here")]
    found = [finding for one in packs for finding in _pack(one, published or {})]
    return sorted(found + [finding for file in laws for finding in _law(file)])


def _pack(folder: Path, published: Published, only: Path | None = None) -> list[Finding]:
    found: list[Finding] = []
    file = folder / "organization.toml"
    try:
        organization = load_organization(folder)
    except BadPack as bad:
        return list(bad.findings)
    source = Source(organization.source, str(file))
    versions: list[tuple[PolicyVersionPack, Source]] = []
    for one in version_folders(folder):
        try:
            version = load_version(one)
        except BadPack as bad:
            found += bad.findings if only is None or one == only else ()
            continue
        where = Source(version.commitments_toml, str(one / "commitments.toml"))
        if only is None or one == only:
            check_version(version, where)
            _unchanged(version, published.get((organization.slug, version.policy, version.version)), one, where)
        versions.append((version, where))
    if not versions and not found:
        source.wrong(
            (), "there is no policy version: make a folder <policy>/<version> with text.md and commitments.toml"
        )
    for policy in {version.policy for version, _ in versions}:
        check_order([pair for pair in versions if pair[0].policy == policy])
    newest = list({version.policy: (version, where) for version, where in versions}.values())
    check_organization(organization, source, newest, _laws_for(organization.jurisdictions))
    check_texts(organization, [one for version, _ in newest for one in version.commitments if _readable(one)], source)
    sources = [source, *(where for version, where in versions)]
    return sorted({*found, *(finding for one in sources for finding in one.findings)})


def _unchanged(version: PolicyVersionPack, known: bytes | None, folder: Path, where: Source) -> None:
    if known is not None and known != version.text_sha256:
        where.findings.append(
            Finding(
                str(folder / "text.md"), 1, "-",
                "this wording was published and has changed since; put it back, or make a new version of it",
            )
        )  # fmt: skip


def _law(file: Path) -> list[Finding]:
    try:
        text = file.read_text("utf-8")
        rules = parse_law(text, str(file))
    except BadPack as bad:
        return list(bad.findings)
    source = Source(text, str(file))
    for rule in rules:
        kind = KINDS.get(rule.kind)
        if kind is None:
            source.wrong((*rule.path, "kind"), f'{rule.id}: "{rule.kind}" is not a kind of commitment')
            continue
        for key, wrong in kind.problems(rule.parameters):
            source.wrong((*rule.path, "parameters", key), f"{rule.id}: {wrong}")
    return source.findings


def _laws_for(jurisdictions: Sequence[str]) -> list[LawRule]:
    """The shipped rules that may bind there at some time: a pack is held to the coming ones too."""
    folder = packs_root() / "law"
    rules = [rule for file in sorted(folder.glob("*.toml")) for rule in parse_law(file.read_text("utf-8"), str(file))]
    return [one for one in rules if one.in_force_from and one.binds(one.in_force_from, jurisdictions)]


def _readable(commitment: object) -> bool:
    kind = KINDS.get(getattr(commitment, "kind", ""))
    return kind is not None and not kind.problems(getattr(commitment, "parameters", {}))
