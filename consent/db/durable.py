"""Whether what is written in a folder is still there after the power was gone."""

import re
from pathlib import Path

VOLATILE = frozenset({"tmpfs", "ramfs", "devtmpfs", "rootfs"})  # file systems that live in memory
MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def is_durable(folder: Path, mounts: Path = MOUNTS) -> bool:
    """False where the folder lies in memory; where the system does not tell (not Linux), it is believed durable."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return True
    place, deepest, kind = folder.resolve(), -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        at = Path(_ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4]))
        if place.is_relative_to(at) and len(at.parts) >= deepest:  # of two on one place the later one counts
            deepest, kind = len(at.parts), after.split()[0]
    return kind not in VOLATILE
