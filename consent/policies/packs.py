"""Reads packs from folders: an organization, one policy version, all of the law."""

import re
from codecs import BOM_UTF8
from functools import lru_cache
from pathlib import Path

from consent.errors import SetupProblem
from consent.policies.findings import BadPack, Finding
from consent.policies.law import LawRule, parse_law
from consent.policies.logo import wrong_with
from consent.policies.organization import OrganizationPack, parse_organization
from consent.policies.reading import Source
from consent.policies.version import PolicyVersionPack, parse_version
from consent.resources import folder

__all__ = [
    "BadPack",
    "LawRule",
    "OrganizationPack",
    "PolicyVersionPack",
    "load_law",
    "load_organization",
    "load_version",
    "load_versions",
    "packs_root",
    "parse_law",
    "parse_organization",
    "parse_version",
    "read",
    "version_folders",
]

LOGO = re.compile(r"[a-z0-9-]{1,40}\.svg", re.ASCII)
# How the drawing stands at the end of what is applied.
_ABOVE, _BESIDE, _END = "\n\n# ", ", as it lay beside this file\n[brand_file]\nsvg = '''\n", "'''\n"


def packs_root() -> Path:
    """The folder of the packs that came with the program."""
    root = folder("policies")
    if not (root / "law").is_dir():
        raise SetupProblem("The folder of policy packs is missing from this installation; install the package again.")
    return root


def load_organization(place: Path) -> OrganizationPack:
    """The organization of the pack in `place`."""
    file = place / "organization.toml"
    return parse_organization(with_logo(read(file), file), str(file))


def with_logo(text: str, file: Path) -> str:
    """The text with the logo it names put in at its end: what is published holds all that its pages wear."""
    brand = Source(text, str(file)).data.get("brand")
    name = brand.get("logo") if isinstance(brand, dict) else None
    if not isinstance(name, str):
        return text
    if not LOGO.fullmatch(name):
        raise BadPack([_logo_wrong(text, file, f'"{name}" is no name of a file here; a logo is called logo.svg')])
    svg = read(file.parent / name).strip()
    if wrong := wrong_with(svg):
        raise BadPack([_logo_wrong(text, file, f"the logo {wrong}")])
    return f"{text.rstrip()}{_ABOVE}{name}{_BESIDE}{svg}{_END}"


def apart(text: str) -> dict[str, str]:
    """What was applied as it lay on disk, by file name: organization.toml, and the logo beside it if there was one."""
    head, found, drawing = text.rpartition(_BESIDE)
    rest, _mark, name = head.rpartition(_ABOVE)
    if not found or not LOGO.fullmatch(name):
        return {"organization.toml": text}
    return {"organization.toml": f"{rest}\n", name: drawing.removesuffix(_END)}


def _logo_wrong(text: str, file: Path, message: str) -> Finding:
    source = Source(text, str(file))
    source.wrong(("brand", "logo"), message)
    return source.findings[0]


def load_version(place: Path) -> PolicyVersionPack:
    """The policy version in `place`, a folder named <policy>/<version>."""
    file = place / "commitments.toml"
    named = place.resolve()
    translations = {one.name.split(".")[1]: read(one) for one in sorted(named.glob("text.*.md"))}
    return parse_version(named.parent.name, named.name, read(named / "text.md"), read(file), str(file), translations)


def version_folders(place: Path) -> list[Path]:
    """The version folders of a pack, policy by policy, oldest first."""
    return sorted(file.parent for file in place.glob("*/*/commitments.toml"))


def load_versions(place: Path) -> tuple[PolicyVersionPack, ...]:
    """Every version of the pack in `place`."""
    return tuple(load_version(one) for one in version_folders(place))


@lru_cache(maxsize=8)
def load_law(place: Path) -> tuple[LawRule, ...]:
    """Every rule of law in `place`, file by file. Read once per process: the law ships with the program."""
    return tuple(rule for file in sorted(place.glob("*.toml")) for rule in parse_law(read(file), str(file)))


def read(file: Path) -> str:
    """The text of `file`, with line ends as they are: its hash is of these bytes."""
    try:
        if file.exists() and not file.is_file():  # a pipe would be waited for, for ever
            raise BadPack([Finding(str(file), 1, "-", "This is not a file")])
        found = file.read_bytes()
    except FileNotFoundError:
        raise BadPack([Finding(str(file), 1, "-", "The file is missing")]) from None
    except OSError as error:
        raise BadPack([Finding(str(file), 1, "-", f"The file cannot be read: {error.strerror}")]) from None
    if found.startswith(BOM_UTF8):
        mark = "The file begins with a byte order mark; save it as UTF-8 without one (no BOM)"
        raise BadPack([Finding(str(file), 1, "-", mark)])
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError:
        raise BadPack([Finding(str(file), 1, "-", "The file is not UTF-8 text")]) from None
