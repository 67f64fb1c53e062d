"""Every page in every state, and the ways in which readers meet it.

A capability adds a module to tests/browser/pages/ with `STATES = [State(name, path, prepare)]`; the harness walks each
of them through languages, widths, themes, with scripts and without. A name says capability and state: "staff-empty".
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pkgutil import iter_modules
from zlib import crc32

from playwright.sync_api import BrowserContext, Page

from tests.browser import pages
from tests.browser.site import Site

LIGHTEST = 60_000  # bytes of a page with everything it loads
_NUMBERS = itertools.count()


@dataclass(frozen=True, slots=True)
class Scene:
    """One reader before the service: a fresh browser context in one combination."""

    site: Site
    context: BrowserContext
    page: Page
    language: str

    def goto(self, path: str) -> None:
        """The reader opens a page of the service."""
        self.page.goto(self.site.address + path)

    @staticmethod
    def number() -> str:
        """A fictional telephone number that no other scene of this process has."""
        at = next(_NUMBERS)
        return f"+1{AREAS[at // 100 % len(AREAS)]}55501{at % 100:02}"


AREAS = (509, 206, 253, 360, 425, 971, 503, 541, 208, 406)  # all on the American west coast and beside it


@dataclass(frozen=True, slots=True)
class State:
    """A page as somebody may meet it.

    `prepare` makes it so, in the house behind the service or by using the page; then `path` is opened. Without a path
    the state is the page on which `prepare` has ended. `bytes` may be raised only for pages whose text is that long.
    """

    name: str
    path: str | Callable[[Scene], str] | None = None
    prepare: Callable[[Scene], None] | None = None
    status: int = 200
    bytes: int = LIGHTEST
    only: str | None = None  # the one language of a page that has no other: the answer of a program, say
    picture: bool = True  # worth a screenshot


@dataclass(frozen=True, slots=True)
class Combination:
    """How the page is read."""

    language: str = "en"
    width: int = 1280
    scheme: str = "light"
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.scheme}-{'scripts' if self.scripts else 'plain'}"


FACTORS: tuple[Sequence[object], ...] = (("en", "fr", "es"), (320, 1280), ("light", "dark"), (True, False))
EVERY = [Combination(*row) for row in itertools.product(*FACTORS)]  # type: ignore[arg-type]
# Each pair of values of two factors meets in these six; `pairwise` turns them differently for each state.
_ROWS = ((0, 0, 0, 0), (0, 1, 1, 1), (1, 0, 1, 0), (1, 1, 0, 1), (2, 0, 0, 1), (2, 1, 1, 0))


def pairwise(name: str) -> list[Combination]:
    """Six combinations in which every two values meet; which six follows from the name, so states differ."""
    turns = [crc32(f"{name}/{factor}".encode()) for factor in range(len(FACTORS))]
    rows = [
        [values[(at + turn) % len(values)] for values, at, turn in zip(FACTORS, row, turns, strict=True)]
        for row in _ROWS
    ]
    return [Combination(*row) for row in rows]  # type: ignore[arg-type]


def combinations(state: State, *, full: bool) -> list[Combination]:
    """How this state is read: all ways, or two of six that are its own; over the states every two values meet."""
    rows = EVERY if full else pairwise(state.name)[crc32(state.name.encode()) % 3 :: 3]
    if state.only is None:
        return list(rows)
    return list(dict.fromkeys(replace(row, language=state.only) for row in rows))


def states() -> list[State]:
    """Every registered state; two of one name are a mistake."""
    found = list(_gathered())
    names = [state.name for state in found]
    assert len(set(names)) == len(names), f"registered twice: {sorted({one for one in names if names.count(one) > 1})}"
    return found


def _gathered() -> Iterator[State]:
    for module in sorted(one.name for one in iter_modules(pages.__path__)):
        yield from import_module(f"{pages.__name__}.{module}").STATES
