"""Reads packs from folders: an organization, one policy version, all of the law."""

from functools import lru_cache
from pathlib import Path

from consent.errors import SetupProblem
from consent.policies.findings import BadPack, Finding
from consent.policies.law import LawRule, parse_law
from consent.policies.organization import OrganizationPack, parse_organization
from consent.policies.version import PolicyVersionPack, parse_version

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
    "version_folders",
]


def packs_root() -> Path:
    """The folder of the shipped packs: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parents[1]
    for place in (
        package.parent / "policies",
        package / "policies_shipped",
        package / "_shipped" / "policies",
    ):
        if (place / "law").is_dir():
            return place
    raise SetupProblem("The folder of policy packs is missing from this installation; install the package again.")


def load_organization(folder: Path) -> OrganizationPack:
    """The organization of the pack in `folder`."""
    file = folder / "organization.toml"
    return parse_organization(_read(file), str(file))


def load_version(folder: Path) -> PolicyVersionPack:
    """The policy version in `folder`, which is named <policy>/<version>."""
    file = folder / "commitments.toml"
    folder = folder.resolve()
    return parse_version(folder.parent.name, folder.name, _read(folder / "text.md"), _read(file), str(file))


def version_folders(folder: Path) -> list[Path]:
    """The version folders of a pack, policy by policy, oldest first."""
    return sorted(file.parent for file in folder.glob("*/*/commitments.toml"))


def load_versions(folder: Path) -> tuple[PolicyVersionPack, ...]:
    """Every version of the pack in `folder`."""
    return tuple(load_version(one) for one in version_folders(folder))


@lru_cache(maxsize=8)
def load_law(folder: Path) -> tuple[LawRule, ...]:
    """Every rule of law in `folder`, file by file. Read once per process: the law ships with the program."""
    return tuple(rule for file in sorted(folder.glob("*.toml")) for rule in parse_law(_read(file), str(file)))


def _read(file: Path) -> str:
    """The text of `file`, with line ends as they are: its hash is of these bytes."""
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise BadPack([Finding(str(file), 1, "-", "The file is missing")]) from None
    except UnicodeDecodeError:
        raise BadPack([Finding(str(file), 1, "-", "The file is not UTF-8 text")]) from None
