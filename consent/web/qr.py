"""A code for a camera, as the path of an inline picture: no style, no request, black on white by night too."""

from dataclasses import dataclass

BORDER = 4  # modules of white around, ISO/IEC 18004 section 6.3.8


@dataclass(frozen=True, slots=True)
class Code:
    """A square of `size` modules, and the dark ones as the path of an SVG."""

    size: int
    path: str


def code(text: str) -> Code:
    """The code that holds this text; readable with a seventh of it spoiled (level M)."""
    import segno  # only this page needs it

    rows = segno.make(text, error="m", micro=False).matrix
    return Code(len(rows) + 2 * BORDER, "".join(_runs(row, y + BORDER) for y, row in enumerate(rows)))


def _runs(row: bytearray, y: int) -> str:
    """The dark stretches of one row."""
    path, x = "", 0
    while x < len(row):
        end = x
        while end < len(row) and row[end]:
            end += 1
        if end > x:
            path += f"M{x + BORDER} {y}h{end - x}v1h-{end - x}z"
        x = end + 1
    return path
