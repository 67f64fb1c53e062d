"""What may be put back where, and which copies are over. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

BACKUP, KEYS = "backup", "keys"  # the two kinds of files, and how their names end
# A key that was destroyed is gone everywhere once no copy of it is older than this (ledger A10). Privacy notices name
# it, so it is nobody's to lengthen.
KEYS_KEPT = timedelta(days=35)
AHEAD = timedelta(minutes=5)  # clocks of two machines may differ by this
OF_ANOTHER = (
    "This backup is of another installation than the keys here. Name the backup and the keys file of this installation,"
    " or begin with an empty data folder."
)
_STAMP = re.compile(r"-(\d{8}T\d{6}Z)\.(?:backup|keys)$")


def name_of(now: datetime, kind: str, stem: str = "consent") -> str:
    """How a file is called that is made now."""
    return f"{stem}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.{kind}"


def stem_of(name: str) -> str:
    """What such a name begins with; of any other name all but its ending."""
    return _STAMP.sub("", name) if _STAMP.search(name) else name.removesuffix(f".{BACKUP}")


def made_at(name: str) -> datetime | None:
    """When a file of such a name was made; None for any other name."""
    found = _STAMP.search(name)
    return datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else None


def is_over(name: str, now: datetime) -> bool:
    """Whether the file of that name must be destroyed by now."""
    made = made_at(name)
    return made is not None and now - made >= KEYS_KEPT


def is_of_another(manifest: Mapping[str, Any], installation: str) -> bool:
    """Does a file say of itself that another installation made it?"""
    said = manifest.get("installation")
    return isinstance(said, str) and said != installation


def is_complete(manifest: Mapping[str, Any], kind: str) -> bool:
    """Does a manifest hold what `why_not` and a restore read of it, each in its form?"""
    try:
        taken = datetime.fromisoformat(manifest["taken_at"])
        whole = taken.tzinfo is not None and all(
            isinstance(manifest[name], str) for name in ("installation", "database", "revision")
        )
        parts = all(isinstance(one["bytes"], int) and isinstance(one["sha256"], str) for one in _parts(manifest))
        return whole and parts and (kind == KEYS or all(one["id"] and one["slug"] for one in manifest["organizations"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _parts(manifest: Mapping[str, Any]) -> list[Any]:
    return list(manifest["parts"].values())


def why_not(
    backup: Mapping[str, Any],
    keys: Mapping[str, Any],
    *,
    installation: str,
    here: Iterable[str],
    revisions: Iterable[str],
    kind: str,
    now: datetime,
) -> str:
    """Why these two files may not be put back here, in a sentence that says what to do; an empty text if they may.

    `installation` is that of the keys in the data folder or, where it has none, of the keys file; `here` are the
    organizations that have signing keys in the data folder.
    """
    taken, kept = datetime.fromisoformat(backup["taken_at"]), datetime.fromisoformat(keys["taken_at"])
    if not backup["installation"] == keys["installation"] == installation:
        return OF_ANOTHER
    mine, others = {str(one["id"]) for one in backup["organizations"]}, set(here)
    if others and not others & mine:
        return "This backup holds none of the organizations whose keys are here. Name another backup."
    if backup["database"] != kind:
        return (
            f"This backup is of {backup['database']}, but CONSENT_DATABASE_URL names {kind}. Set it to the same kind."
        )
    if backup["revision"] not in set(revisions):
        return (
            f"This backup was made by a newer release (schema {backup['revision']}). Install that release, then begin"
            " again."
        )
    if taken > now + AHEAD:
        return (
            f"This backup says that it was taken at {taken:%Y-%m-%d %H:%M} UTC, which is yet to come. Set the clock of"
            " this machine, or name another backup."
        )
    if kept < taken:
        return "The keys file is older than the backup: it lacks keys of what came in between. Name a newer one."
    if now - kept >= KEYS_KEPT:
        return (
            f"The keys file is older than {KEYS_KEPT.days} days and should have been destroyed: with it, what was"
            " erased since then could be read again. Name a newer one."
        )
    return ""
