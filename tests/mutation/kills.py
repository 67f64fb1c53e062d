"""What a failure says: a check refused the change, a literal beside the promise differs, or behaviour changed."""

import linecache
import re
from pathlib import Path
from types import TracebackType
from typing import Literal

from consent.policies.findings import BadPack

Kill = Literal["behaviour", "literal", "check"]
STRENGTH: tuple[Kill, ...] = ("behaviour", "literal", "check")

_TESTS = str(Path(__file__).resolve().parents[1])
# Helpers that quote the file in order to spoil it: their failure says that the quotation is old, nothing more.
_QUOTING = {"replace", "changed", "with_organization", "found_in"}
# Helpers that only fetch a promise or lay its values beside literals.
LAYING = {"states", "settles", "says", "vsh", "smt", "val", "vox", "one_v", "commitment", "version", "names", "line"}
# Tests that do nothing but lay values beside literals.
_REGISTERS = {"test_law_register.py", "test_vsh_figures.py"}
_LITERAL = re.compile(
    r"\.parameters\b|\.decided\b|\.clock\b|\.in_force|\.title\b"
    r"|\bsentence\(|\bcommitments\b|\bthe_clock\(|\bis not None\b"
)
_CHECKED = re.compile(r"\bfindings\b|\bcheck\(|\bwrongs\(|\bundecided\(|\bproblems")


def what_killed(error: BaseException) -> Kill | None:
    """What that failure of a test shows; nothing where it shows only that a test quoted the file."""
    if isinstance(error, BadPack):
        return "check"
    file, function, statement = _where(error.__traceback__)
    if function in _QUOTING:
        return None
    if _CHECKED.search(statement):
        return "check"
    if file in _REGISTERS or function in LAYING or lays(statement):
        return "literal"
    return "behaviour"


def lays(statement: str) -> bool:
    """Whether an assertion lays a value of a promise beside a literal, and asks no answer."""
    return _LITERAL.search(statement) is not None


def _where(trace: TracebackType | None) -> tuple[str, str, str]:
    """Where in the tests it failed, innermost: the file, the function and the statement."""
    file = function = statement = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename.startswith(_TESTS):
            first, last, _, _ = list(code.co_positions())[trace.tb_lasti // 2]
            lines = range(first or trace.tb_lineno, (last or trace.tb_lineno) + 1)
            file, function = Path(code.co_filename).name, code.co_name
            statement = "".join(linecache.getline(code.co_filename, line) for line in lines)
        trace = trace.tb_next
    return file, function, statement
