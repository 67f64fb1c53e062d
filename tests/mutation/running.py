"""One process with every test collected; each mutant is a fork of it that finds a changed file and runs the tests."""

import functools
import gc
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from consent.policies import packs
from tests.mutation import choosing
from tests.mutation.kills import STRENGTH, Kill, what_killed
from tests.mutation.mutants import LAW, Mutant, files
from tests.mutation.past import past_literals

SECONDS = 180  # after which a mutant that makes the tests run on counts as noticed
CONTROL_SECONDS = 1800  # for every test at once, on a machine that may be busy


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: by what it was killed, and by which test; or neither."""

    organization: str
    name: str
    identity: str
    where: str
    killed: Kill | None
    test: str

    @property
    def at_a_door(self) -> bool:
        """Whether the test that noticed asks at a door of the house, and not a rule alone."""
        return self.killed == "behaviour" and _at_a_door(self.test)


def _at_a_door(test: str) -> bool:
    return not test.startswith(choosing.POLICY_TESTS)


class Forks:
    """A plugin that takes the place of pytest's loop. `tell` is called with each outcome."""

    def __init__(self, root: Path, mutants: Sequence[Mutant], tell: Callable[[Outcome], None]) -> None:
        self.root, self.mutants, self.tell = root, mutants, tell
        self.errors: list[BaseException] = []
        self.unfit: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep what failed, as it was raised."""
        if call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
            self.errors.append(call.excinfo.value)
        return (yield)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Each mutant in its turn."""
        _forget()
        packs.load_law(self.root / LAW)
        gc.collect()
        gc.freeze()
        self._control(session.items)
        fit = [one for one in session.items if one.nodeid not in self.unfit]
        order = functools.cache(lambda *promise: choosing.in_order(fit, *promise))
        for mutant in self.mutants:
            tests = order(mutant.organization, mutant.identity)
            with _changed(self.root / mutant.path, mutant.text):
                found = _in_fork(functools.partial(self._run, tests, mutant.organization == LAW))
            killed, test = found if found is not None else ("behaviour", "a test that did not come to an end")
            self.tell(Outcome(mutant.organization, mutant.name, mutant.identity, mutant.where, killed, test))
        return True

    def _control(self, items: Iterable[pytest.Item]) -> None:
        """Tests that fail where every file is only written anew look at the letters, not at the promise: left out."""
        organizations = {one.organization for one in self.mutants}
        looked_at = [
            one
            for one in items
            if min(choosing.stands_for(one, name) for name in organizations) < 3
            or (choosing.names_a_promise(one) and choosing.at_a_door(one) and not choosing.on_postgresql(one))
        ]
        texts = {file.path: file.rewritten() for file in files(self.root)}
        before = {path: (self.root / path).read_text("utf-8") for path in texts}
        for path, text in texts.items():
            (self.root / path).write_text(text, "utf-8")
        failed = _in_fork(lambda: self._failing(looked_at), CONTROL_SECONDS)
        for path, text in before.items():
            (self.root / path).write_text(text, "utf-8")
        assert failed is not None, "the control did not come to an end"
        self.unfit = set(failed)
        for name in failed:
            print(f"left out, for it fails where nothing is changed: {name}", file=sys.stderr)

    def _failing(self, items: Sequence[pytest.Item]) -> list[str]:
        packs.load_law.cache_clear()
        return [one.nodeid for one, errors in self._each(items) if errors]

    def _run(self, tests: tuple[list[pytest.Item], ...], law: bool) -> tuple[Kill | None, str]:
        """The strongest kill of the first group that notices, at a door before all; of the last group, the first."""
        if law:
            packs.load_law.cache_clear()
        for group in tests:
            kills: list[tuple[Kill, str]] = []
            for item, errors in self._each(group):
                kills += [(kill, item.nodeid) for kill in map(what_killed, errors) if kill is not None]
                if kills and (group is tests[-1] or kills[-1][0] == "behaviour" or _at_a_door(kills[-1][1])):
                    break
            if kills:
                return min(kills, key=lambda one: (not _at_a_door(one[1]), STRENGTH.index(one[0])))
        return None, ""

    def _each(self, items: Sequence[pytest.Item]) -> Iterable[tuple[pytest.Item, list[BaseException]]]:
        for item, following in zip_longest(items, items[1:]):
            self.errors = []
            runtestprotocol(item, nextitem=following, log=False)
            yield item, self.errors


def run(
    mutants: Sequence[Mutant],
    source: Path,
    folder: Path,
    tell: Callable[[Outcome], None],
    *,
    past: bool = False,
    doors: bool = False,
) -> int:
    """Run these mutants over a copy of the packs in `folder`; pytest's exit status comes back.

    `past`: literals beside a promise are not asked, so that a test comes to what follows from it.
    `doors`: tests over a whole house that are named after a promise are asked too, and before all others.
    """
    if past:
        past_literals(folder / "compiled")
    root = Path(shutil.copytree(source, folder / "policies"))
    os.environ["CONSENT_TEST_POLICIES"] = str(root)
    packs.folder = lambda name: root  # type: ignore[attr-defined]
    packs.parse_law = functools.cache(packs.parse_law)  # type: ignore[attr-defined]  # unchanged files are read once
    wanted = [choosing.POLICY_TESTS, choosing.DECISIONS, *(choosing.over_a_house() if doors else ())]
    quiet = [
        "-q",
        "-p",
        "no:cacheprovider",
        "--assert=plain",
        "--tb=line",
        "--no-header",
        "--basetemp",
        str(folder / "t"),
    ]
    return int(pytest.main([*wanted, *quiet], plugins=[Forks(root, mutants, tell)]))


def _forget() -> None:
    """Nothing read while collecting is remembered."""
    gc.unfreeze()  # what was put aside after collecting would not be among the objects
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and one.__module__.startswith(("consent.policies", "tests.")):
            one.cache_clear()


@contextmanager
def _changed(file: Path, text: str) -> Generator[None, None, None]:
    before = file.read_text("utf-8")
    file.write_text(text, "utf-8")
    try:
        yield
    finally:
        file.write_text(before, "utf-8")


def _in_fork(work: Callable[[], Any], seconds: int = SECONDS) -> Any:
    """What `work` returns, done in a fork of this process; nothing where it takes too long."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(seconds)
        try:
            os.write(writing, json.dumps(work()).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return None
    assert said, "a fork died; what it died of stands above"
    return json.loads(said)


def as_line(outcome: Outcome) -> str:
    """An outcome as one line of JSON."""
    return json.dumps(asdict(outcome))
