"""The printed table."""

import statistics
from collections.abc import Iterable, Sequence

from benchmarks.figures import Figure
from benchmarks.ledger import Pair
from benchmarks.measure import Outcome, Turn

HEAD = ("path", "database", "conns", "floor/s", "ours/s", "ratio", "p99 floor", "p99 ours", "reach", "result")


def lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """Columns side by side, the first three to the left and the rest to the right."""
    table = list(rows)
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column in (0, 1, len(row) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]


def row(outcome: Outcome) -> tuple[str, ...]:
    """One path: medians, the spread in brackets, and whether it reaches what it must."""
    path = outcome.path
    ratio = _spread(outcome.ratios(), "{:.2f}") if outcome.ours else "-"
    reach = "-" if path.reach is None else f">= {path.reach:.2f}"
    if path.p99_reach is not None:
        reach += f", p99 <= {path.p99_reach:.0f}x"
    shortfalls = outcome.shortfalls()
    result = "miss: " + "; ".join(shortfalls) if shortfalls else "pass" if outcome.ours else "no path yet"
    return (
        path.name, path.database, str(path.connections), _rates(outcome.floor), _rates(outcome.ours), ratio,
        _p99(outcome.floor), _p99(outcome.ours), reach, result,
    )  # fmt: skip


def pair_row(pair: Pair) -> tuple[str, ...]:
    """One path without HTTP, in the same columns."""
    reach = "-" if pair.reach is None else f">= {pair.reach:.2f}"
    result = "miss" if pair.missed() else "pass"
    floor, ours = _spread(pair.floor, "{:,.0f}"), _spread(pair.ours, "{:,.0f}")
    return (pair.name, pair.database, "-", floor, ours, _spread(pair.ratios(), "{:.2f}"), "-", "-", reach, result)


def figure_row(figure: Figure) -> tuple[str, ...]:
    """One thing that has no floor, in the same columns."""
    most = f"<= {figure.most:g} {figure.unit}" if figure.most is not None else "-"
    result = "miss" if figure.missed() else "pass"
    return (figure.name, figure.database, "-", "-", f"{figure.value:,.3g} {figure.unit}", "-", "-", "-", most, result)


def client_share(outcomes: Iterable[Outcome]) -> float:
    """The largest part of the processor time that the load generator took in any turn."""
    shares = [turn.client_share for outcome in outcomes for turn in (*outcome.floor, *outcome.ours)]
    return max(shares, default=0.0)


def _rates(turns: Sequence[Turn]) -> str:
    return _spread([turn.load.rate for turn in turns], "{:,.0f}") if turns else "-"


def _p99(turns: Sequence[Turn]) -> str:
    return f"{statistics.median(turn.load.p99_ms for turn in turns):.1f} ms" if turns else "-"


def _spread(values: Sequence[float], form: str) -> str:
    middle, low, high = (form.format(f(values)) for f in (statistics.median, min, max))
    return f"{middle} ({low}-{high})"
