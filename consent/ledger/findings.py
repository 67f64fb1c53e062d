"""What a verification says: which rule is broken, in which row of which table."""

from dataclasses import dataclass, field
from uuid import UUID

MOST_KEPT = 1_000  # findings listed; more are only counted, so a ruined database cannot fill the memory

# The checks of a ledger, by the numbers under which reports name them.
CHECKS = {
    "V1": "every body is canonical and valid",
    "V2": "stored hashes are those of the bodies",
    "V3": "places are contiguous; each event is sealed or waits, never both; nothing waits too long",
    "V4": "each stream is unbroken and ends where its head says",
    "V5": "tiles are those of the leaves",
    "V6": "checkpoints are those of the leaves",
    "V7": "every note is signed by a key that was valid then",
    "V8": "the log continues every checkpoint held outside",
    "V9": "personal facts open and are those of their events",
    "V10": "the present state is the fold of the history",
    "V11": "nothing readable is left of erased streams",
    "V12": "anchors belong to signed checkpoints, and time stamps are over them",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule; `row` names the row by its key."""

    check: str
    table: str
    row: str
    problem: str

    def __str__(self) -> str:
        return f"{self.check} {self.table} [{self.row}]: {self.problem}"


@dataclass(slots=True)
class Report:
    """The outcome for one organization."""

    organization_id: UUID
    leaves: int = 0
    pending: int = 0
    checkpoints: int = 0
    notes: int = 0
    held: int = 0
    disclosures: int = 0
    broken: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, check: str, table: str, row: str, problem: str) -> None:
        """One more finding."""
        self.broken += 1
        if len(self.findings) < MOST_KEPT:
            self.findings.append(Finding(check, table, row, problem))

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return self.broken == 0

    def as_data(self) -> dict[str, object]:
        """The report as JSON takes it."""
        counts = ("leaves", "pending", "checkpoints", "notes", "held", "disclosures")
        return {
            "organization_id": str(self.organization_id),
            "holds": self.holds,
            **{name: getattr(self, name) for name in counts},
            "broken": self.broken,
            "findings": [
                {"check": f.check, "table": f.table, "row": f.row, "problem": f.problem} for f in self.findings
            ],
        }
