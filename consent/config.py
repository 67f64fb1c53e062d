"""Every setting of the service: read from the environment once, checked at start, documented from one table."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from consent.errors import SetupProblem

DEVELOPMENT, PRODUCTION = "development", "production"
SHORTEST_SECRET = 32  # bytes
SAMPLE_SECRETS = ("change-me", "changeme", "secret", "sample", "example", "development")


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable of the environment: where it goes, how it is read, what it is for."""

    variable: str
    field: str
    default: str
    read: Callable[[str], Any]
    about: str


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an address such as https://consent.example.org")
    return text.rstrip("/")


def _environment(text: str) -> str:
    if text not in (DEVELOPMENT, PRODUCTION):
        raise ValueError("development or production")
    return text


def _database(text: str) -> str:
    if text and not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("sqlite:///path or postgresql://user@host/name")
    return text.replace("postgresql://", "postgresql+psycopg://", 1)


def _count(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def _path(text: str) -> Path | None:
    return Path(text) if text else None


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "CONSENT_ENV",
        "environment",
        DEVELOPMENT,
        _environment,
        "`development` or `production`. Production refuses to start on missing or weak secrets, speaks HSTS and"
        " hides the pages for developers.",
    ),
    Setting(
        "CONSENT_DATA_DIR",
        "data_dir",
        "./var",
        Path,
        "Folder of the database file, the keys and the outside copies of checkpoints.",
    ),
    Setting(
        "CONSENT_DATABASE_URL",
        "database_url",
        "",
        _database,
        "Where the data are: `sqlite:///…` or `postgresql://…`. Empty: a SQLite file in the data folder.",
    ),
    Setting(
        "CONSENT_MIGRATION_URL",
        "migration_url",
        "",
        _database,
        "On PostgreSQL the login that owns the tables, used by `consent db` only. Empty: the same as"
        " CONSENT_DATABASE_URL.",
    ),
    Setting(
        "CONSENT_DATABASE_CONNECTIONS",
        "database_connections",
        "16",
        _count(1, 500),
        "On PostgreSQL how many connections one process opens at the most.",
    ),
    Setting(
        "CONSENT_PUBLIC_URL",
        "public_url",
        "http://127.0.0.1:8000",
        _url,
        "The address under which people and gateways reach the service. Webhook signatures are checked against"
        " it, never against a header of the request.",
    ),
    Setting(
        "CONSENT_STAFF_URL",
        "staff_url",
        "",
        lambda text: _url(text) if text else "",
        "The address of a host for staff alone, such as https://staff.consent.example: /staff answers there and nowhere"
        " else, and no other page does. Empty: staff and people share the public address.",
    ),
    Setting(
        "CONSENT_OIDC_ISSUER",
        "oidc_issuer",
        "",
        lambda text: _url(text) if text else "",
        "OpenID provider by which staff may sign in to accounts that exist, by verified e-mail address. Empty: none.",
    ),
    Setting(
        "CONSENT_OIDC_CLIENT_ID",
        "oidc_client_id",
        "",
        str,
        "Who this service is at that provider. Its address to come back to is `/staff/sign-in/company/back`.",
    ),
    Setting(
        "CONSENT_OIDC_CLIENT_SECRET_FILE",
        "oidc_client_secret_file",
        "",
        _path,
        "File with the secret of this service at that provider.",
    ),
    Setting(
        "CONSENT_SECRET_KEY_FILE",
        "secret_key_file",
        "",
        _path,
        "File with the secret that signs cookies, at least 32 bytes. Empty in development: made in the data folder.",
    ),
    Setting(
        "CONSENT_POLICIES_DIR",
        "policies_dir",
        "",
        _path,
        "Folder of your policy packs: `consent doctor` holds what was published against it. Empty: the packs that come"
        " with the program.",
    ),
    Setting(
        "CONSENT_CHECKPOINTS_DIR",
        "checkpoints_dir",
        "",
        _path,
        "Folder, best on storage that is written once, that gets each day's checkpoint as a new file. Empty: none.",
    ),
    Setting(
        "CONSENT_METRICS_TOKEN_FILE",
        "metrics_token_file",
        "",
        _path,
        "File with the bearer token of /metrics. Empty: only callers on this machine may read it.",
    ),
    Setting(
        "CONSENT_SECURITY_CONTACT",
        "security_contact",
        "mailto:security@consent.example",
        str,
        "Whom to tell of a weakness: the Contact line of security.txt, a mailto: or https: address.",
    ),
    Setting(
        "CONSENT_THREADS",
        "threads",
        "16",
        _count(1, 512),
        "How many requests one process works on at once.",
    ),
    Setting(
        "CONSENT_LINK_DAYS",
        "link_days",
        "400",
        _count(1, 3650),
        "How many days the link of a message opens the choices of its number or address. An older one asks for a code;"
        " stopping by it works without end.",
    ),
    Setting(
        "CONSENT_ANSWER_DAYS",
        "answer_days",
        "30",
        _count(1, 90),
        "How many days an answer to a request for data waits to be fetched; then its file is gone.",
    ),
    Setting(
        "CONSENT_PROOF_MEGABYTES",
        "proof_megabytes",
        "10",
        _count(1, 50),
        "How large a file that proves a consent may be, in MiB.",
    ),
)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of this process, checked."""

    environment: str
    data_dir: Path
    database_url: str
    migration_url: str
    database_connections: int
    public_url: str
    staff_url: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret_file: Path | None
    secret_key_file: Path | None
    policies_dir: Path | None
    checkpoints_dir: Path | None
    metrics_token_file: Path | None
    security_contact: str
    threads: int
    link_days: int
    answer_days: int
    proof_megabytes: int

    @property
    def production(self) -> bool:
        """Whether real people are served."""
        return self.environment == PRODUCTION

    @property
    def largest_proof(self) -> int:
        """How many bytes a file that proves a consent may have."""
        return self.proof_megabytes * 1024 * 1024

    @property
    def public_host(self) -> str:
        """The host and port of the public address: the first part of a log's name."""
        return urlsplit(self.public_url).netloc

    @property
    def staff_address(self) -> str:
        """Where staff reach the service."""
        return self.staff_url or self.public_url

    def secret_key(self) -> bytes:
        """The secret that signs cookies; refused when it is missing, short or a sample."""
        return _secret(self.secret_key_file or self.data_dir / "keys" / "cookie.key", "CONSENT_SECRET_KEY_FILE")

    def metrics_token(self) -> str | None:
        """The token of /metrics, if one is set."""
        if self.metrics_token_file is None:
            return None
        return _secret(self.metrics_token_file, "CONSENT_METRICS_TOKEN_FILE").decode("ascii", "replace").strip()


# Where a database of the organization is that requests are carried out in; a store names the variable (docs/stores.md).
STORE_URL = re.compile(r"CONSENT_STORE_[A-Z0-9_]{1,40}_URL")


def load(environment: Mapping[str, str] | None = None) -> Config:
    """The settings from the environment; every wrong or unknown one is named at once."""
    given = os.environ if environment is None else environment
    wrong, values = [], {}
    for setting in SETTINGS:
        text = given.get(setting.variable, "").strip() or setting.default
        try:
            values[setting.field] = setting.read(text)
        except ValueError as error:
            wrong.append(f"{setting.variable} must be {error}")
    known = {setting.variable for setting in SETTINGS}
    unknown = sorted(name for name in given if name.startswith("CONSENT_") and name not in known)
    wrong += [f"{name} is no setting" for name in unknown if not STORE_URL.fullmatch(name)]
    if wrong:
        raise SetupProblem("; ".join(wrong) + ". See docs/settings.md.")
    values["data_dir"] = values["data_dir"].absolute()
    values["database_url"] = values["database_url"] or f"sqlite:///{values['data_dir'] / 'consent.sqlite3'}"
    values["migration_url"] = values["migration_url"] or values["database_url"]
    config = Config(**values)
    if config.production and not config.public_url.startswith("https://"):
        raise SetupProblem("CONSENT_PUBLIC_URL must begin with https:// in production.")
    if config.staff_url:
        _check_staff_url(config)
    return config


def _check_staff_url(config: Config) -> None:
    """Staff have a host of their own, and on it no folder."""
    parts = urlsplit(config.staff_url)
    if parts.netloc.lower() == urlsplit(config.public_url).netloc.lower():
        raise SetupProblem("CONSENT_STAFF_URL must name another host than CONSENT_PUBLIC_URL, or be empty.")
    if parts.path or (config.production and parts.scheme != "https"):
        raise SetupProblem("CONSENT_STAFF_URL must begin with https:// in production, and ends with the host.")


def _secret(path: Path, variable: str) -> bytes:
    try:
        secret = path.read_bytes().strip()
    except OSError:
        raise SetupProblem(f"The secret file {path} cannot be read. Set {variable}, or run: consent doctor") from None
    if len(secret) < SHORTEST_SECRET:
        raise SetupProblem(f"The secret in {path} is shorter than {SHORTEST_SECRET} bytes.")
    if any(sample in secret.lower().decode("latin-1") for sample in SAMPLE_SECRETS) or len(set(secret)) < 8:
        raise SetupProblem(f"The secret in {path} is a sample or too simple; make one from random bytes.")
    return secret
