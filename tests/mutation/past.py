"""Tests as if nothing were laid beside literals: so each comes to its answer, and the answer alone notices."""

import ast
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from tests.mutation.kills import LAYING, lays

_TESTS = str(Path(__file__).resolve().parents[1])


class _Past(ast.NodeTransformer):
    """Leaves out each assertion, and each call of a helper, that only lays a value of a promise beside a literal."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._laying = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        before, self._laying = self._laying, node.name in LAYING
        self.generic_visit(node)
        self._laying = before
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        if self._laying or lays(ast.get_source_segment(self._source, node) or ""):
            return ast.copy_location(ast.Pass(), node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        called = node.value.func if isinstance(node.value, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in LAYING:  # it fetches the promise, and fails without it
            return ast.copy_location(ast.Pass(), node)
        return node


def past_literals(folder: Path) -> None:
    """From here on modules of tests are read so; what is compiled goes to `folder`, and nothing older is used."""
    sys.pycache_prefix = str(folder)
    as_written = SourceFileLoader.source_to_code

    def without(self: SourceFileLoader, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:
        if isinstance(data, bytes) and str(path).startswith(_TESTS):
            source = data.decode()
            return as_written(self, _Past(source).visit(ast.parse(source)), path)
        return as_written(self, data, path)

    SourceFileLoader.source_to_code = without  # type: ignore[method-assign,assignment]
