"""Lines of a body that comes in pieces, in bounded memory. Pure: bytes in, lines out."""

from collections.abc import Iterable, Iterator


def lines_of(pieces: Iterable[bytes], longest: int) -> Iterator[bytes | None]:
    """Each line without its end, empty ones as well; None in place of one of more than `longest` bytes."""
    rest, too_long = b"", False
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield None if too_long or len(line) > longest else line
            too_long = False
        if len(rest) > longest:
            rest, too_long = b"", True
    if too_long:
        yield None
    elif rest:
        yield rest
