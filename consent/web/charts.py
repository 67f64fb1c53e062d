"""Charts drawn on the server: where each mark of an SVG stands. Pure: figures in, places out.

The macros of web/charts.html write them, with the same figures as a table beside; colour is never the only difference.
A phone shows the picture at its own width, so it is narrow and its bars lie.
"""

from collections.abc import Iterator
from dataclasses import dataclass

WIDTH = 360  # units of the picture, about as many pixels as a phone has
ROW = 44  # units from one bar to the next
LABELLED = 46  # letters of a label that fit over its bar; the table beside has all of them
HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 180, 40, 8, 12, 28  # of a line: the picture, and what is left free around it
PATTERNS = 5  # how many series can be told apart


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar."""

    x: float
    width: float
    series: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with the words over it, and their language where it is not that of the page."""

    label: str
    total: float
    y: int
    parts: tuple[Part, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a line."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """One series in pieces, which end where there is no figure."""

    series: int
    pieces: tuple[tuple[Point, ...], ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """Every figure of it."""
        return tuple(point for piece in self.pieces for point in piece)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a figure for each series, None where there is none; `link` leads to what was counted.

    `language` is that of the label where it is not that of the page.
    """

    label: str
    figures: tuple[float | None, ...]
    link: str = ""
    language: str = ""

    @property
    def total(self) -> float:
        """All figures together."""
        return sum(one for one in self.figures if one is not None)


@dataclass(frozen=True)
class Chart:
    """What a picture shows; `kind` is bars (in parts where there are several series) or line.

    `key` is its own on the page; `of` says what the rows are; `most` is the end of the scale where it is given.
    """

    key: str
    title: str
    about: str
    of: str
    series: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: str = "bars"
    unit: str = ""
    most: float | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw: a line of zeros is something, bars without a length are not."""
        figures = [figure for row in self.rows for figure in row.figures]
        return all(one is None for one in figures) if self.kind == "line" else not any(figures)

    @property
    def height(self) -> int:
        """How high the picture is."""
        return len(self.rows) * ROW if self.kind == "bars" else HEIGHT

    @property
    def scale(self) -> float:
        """The figure that reaches the end of the picture."""
        if self.most is not None:
            return self.most
        if self.kind == "bars":
            return max([row.total for row in self.rows] + [1.0])
        return max([figure for row in self.rows for figure in row.figures if figure is not None] + [1.0])

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Each row as a bar whose parts lie one behind the other."""
        return tuple(
            Bar(_short(row.label), row.total, at * ROW, tuple(self._parts(row)), row.language)
            for at, row in enumerate(self.rows)
        )

    @property
    def lines(self) -> tuple[Line, ...]:
        """Each series as a line from the first row to the last."""
        return tuple(Line(series % PATTERNS, self._pieces(series)) for series in range(len(self.series)))

    def _parts(self, row: Row) -> Iterator[Part]:
        x = 0.0
        for series, figure in enumerate(row.figures):
            width = (figure or 0) / self.scale * WIDTH
            if width:
                yield Part(round(x, 2), round(width, 2), series % PATTERNS)
            x += width

    def _pieces(self, series: int) -> tuple[tuple[Point, ...], ...]:
        step = (WIDTH - LEFT - RIGHT) / max(len(self.rows) - 1, 1)
        pieces: list[list[Point]] = [[]]
        for at, row in enumerate(self.rows):
            figure = row.figures[series]
            if figure is None:
                pieces.append([])
            else:
                y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - figure / self.scale)
                pieces[-1].append(Point(round(LEFT + at * step, 2), round(y, 2)))
        return tuple(tuple(one) for one in pieces if one)


def _short(label: str) -> str:
    return label if len(label) <= LABELLED else label[: LABELLED - 1].rstrip() + "…"
