"""Where each key of a TOML source stands. tomllib forgets the lines; a lawyer needs them."""

import re

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=""")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
_INLINE = re.compile(r"[{,]\s*([A-Za-z0-9_-]+|\"[^\"]*\")\s*=")


def lines_of(source: str) -> dict[Path, int]:
    """Every table and key of `source` with its line, 1 first; keys of an inline table stand on their line."""
    found: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    closing: str | None = None  # the fence of a multi-line string we are inside
    depth = 0  # open brackets of a multi-line array
    for number, line in enumerate(source.splitlines(), 1):
        if closing is not None:
            if closing in line:
                closing = None
            continue
        if depth > 0:
            depth += _depth(line)
            continue
        if header := _HEADER.match(line):
            table = _open(_parts(header[2]), header[1] == "[[", counts)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            path = table + _parts(key[1])
            found[path] = number
            value = line[key.end() :]
            for inner in _INLINE.finditer(value):
                found.setdefault((*path, inner[1].strip('"')), number)
            closing = next((fence for fence in ('"""', "'''") if value.count(fence) == 1), None)
            depth = 0 if closing else max(0, _depth(value))
    return found


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of `path`, or of the nearest table around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _parts(dotted: str) -> Path:
    return tuple(
        next(part for part in match if part is not None)
        for match in ((m[1], m[2], m[3]) for m in _PART.finditer(dotted))
    )


def _open(parts: Path, array: bool, counts: dict[Path, int]) -> Path:
    """The full path of a header: entries of an array of tables are counted from 0."""
    path: Path = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if array and position == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _depth(text: str) -> int:
    """Brackets opened less brackets closed, outside quotes and comments."""
    bare = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'", "", text).split("#")[0]
    return bare.count("[") - bare.count("]")
