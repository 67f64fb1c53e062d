"""A store that keeps a log of what it was told, as a program of its own would: each task is done once."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from consent.gateways.stores.base import Outcome, Receipt, Resume, StoreFailed

AT = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


class Shelf:
    """Its log is a file with a line for each thing that was really done; `first` are its answers before it works."""

    def __init__(self, log: Path) -> None:
        self.log, self.first = log, list[Outcome | StoreFailed]()
        self.meanwhile: Callable[[], object] = lambda: None  # what happens while it is asked
        self.asked = list[tuple[str, tuple[str, ...]]]()  # the token and the references of every try

    def dispose(self, references: Sequence[str], category: str, method: str, resume: Resume) -> Outcome:
        """Done, or was done before under the same task."""
        self.meanwhile()
        self.asked.append((resume.token, tuple(references)))
        if self.first:
            answer = self.first.pop(0)
            if isinstance(answer, StoreFailed):
                raise answer
            return answer
        if str(resume.task) not in self.tasks():
            with self.log.open("a") as file:
                file.write(json.dumps([str(resume.task), category, method, list(references)]) + "\n")
        return Receipt("shelf", category, "dispose", len(references), AT, "logged")

    def lines(self) -> list[list[object]]:
        """What was done."""
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def tasks(self) -> set[object]:
        """The tasks that were done."""
        return {line[0] for line in self.lines()}

    def references(self) -> list[str]:
        """What is gone, each time it went."""
        return [str(one) for line in self.lines() for one in line[3]]  # type: ignore[attr-defined]
