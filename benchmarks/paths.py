"""The paths of the speed table: what is driven, over how many connections, and what must be reached."""

from benchmarks.floors.serve import Floor
from benchmarks.measure import Path
from benchmarks.service import Service


def paths(database: str, floor: Floor, service: Service | None) -> list[Path]:
    """Each HTTP path on this database, the floor's side and ours."""
    sides = service.sides if service else None
    webhook = sides.webhook if sides else None
    stored = sides.decision_stored if sides else None
    page_read = sides.page_read if sides else None
    page_save = sides.page_save if sides else None
    explained = sides.decision_explained if sides else None
    return [
        Path("webhook STOP", database, 8, floor.webhook, webhook, reach=0.5, p99_reach=2.0),
        # At 64 connections the promise is that none fails; the ratio is shown.
        Path("webhook STOP", database, 64, floor.webhook, webhook, reach=None),
        Path("decision, stored", database, 8, floor.decision_stored, stored, reach=0.5),
        Path(
            "decision, explained",
            database,
            8,
            floor.decision_explained,
            explained,
            reach=0.4,
            size=2.0,
        ),
        Path("preference page: read", database, 8, floor.page_read, page_read, reach=0.5),
        # One commit for ten programs, against the floor that writes one.
        Path("preference page: save", database, 8, floor.webhook, page_save, reach=0.5),
    ]
