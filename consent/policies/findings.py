"""A mistake in a pack, said with file, line and key; and the nearest right spelling of a wrong word."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar

from consent.errors import ConsentError


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend: where it stands and what is wrong, in words a lawyer can use."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.message}"


class BadPack(ConsentError):
    """The pack cannot be used as it is; `findings` say where and why."""

    status: ClassVar[int] = 422
    slug: ClassVar[str] = "policy-pack-refused"
    title: ClassVar[str] = "The policy pack holds mistakes"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(one) for one in self.findings))


def nearest(word: str, known: Iterable[str]) -> str:
    """A closing remark: the nearest known spelling, or the list when nothing comes near."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{near[0]}"?'
    shown = ", ".join(words[:12]) + (", …" if len(words) > 12 else "")
    return f"known are: {shown}" if words else "none is known here"
