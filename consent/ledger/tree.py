"""The Merkle tree over a log's leaves: roots, proofs, tiles. Pure: hashes in, hashes out.

Tree and proofs are those of RFC 6962 section 2.1 (the same in RFC 9162 section 2.1). A tile holds 256
neighbouring hashes: those of leaves on level 0, on each higher level the roots of full tiles below.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

TILE = 256
TILE_BITS = 8
EMPTY_ROOT = sha256(b"").digest()

# Gives `count` hashes of a level from `start` on; they lie within one tile.
HashReader = Callable[[int, int, int], Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Tile:
    """A full tile: where it stands, the root over it, and its hashes."""

    level: int
    index: int
    root: bytes
    hashes: bytes


class Tower:
    """A log as it grows: per level the hashes of the tile under way, so memory stays flat."""

    def __init__(self) -> None:
        self.size = 0
        self._held: list[list[bytes]] = [[]]
        self._peaks: list[list[bytes]] = [[]]  # roots of the full subtrees among `_held`, largest first

    @classmethod
    def standing_at(cls, size: int, read: HashReader) -> "Tower":
        """The tower of a log that already has `size` leaves."""
        tower = cls()
        tower.size = size
        level, width = 0, size
        while width:
            held = width % TILE
            tower._add(level, read(level, width - held, held) if held else ())
            level, width = level + 1, width // TILE
        return tower

    def extend(self, leaf_hashes: Iterable[bytes]) -> list[Tile]:
        """The log with these leaves at its end; returns the tiles they filled."""
        filled: list[Tile] = []
        held, peaks = self._held[0], self._peaks[0]
        count = len(held)
        before = self.size - count
        for leaf in leaf_hashes:
            held.append(leaf)
            node, pairs = leaf, count
            while pairs & 1:
                node = sha256(b"\1" + peaks.pop() + node).digest()
                pairs >>= 1
            peaks.append(node)
            count += 1
            if count == TILE:
                before += TILE
                self._fill(filled, 0, before)
                held, peaks, count = self._held[0], self._peaks[0], 0
        self.size = before + count
        return filled

    def root(self) -> bytes:
        """The root of the log as it stands."""
        root = b""
        for peaks in self._peaks:
            for peak in reversed(peaks):
                root = sha256(b"\1" + peak + root).digest() if root else peak
        return root or EMPTY_ROOT

    def _add(self, level: int, hashes: Iterable[bytes]) -> None:
        while len(self._held) <= level:
            self._held.append([])
            self._peaks.append([])
        held, peaks = self._held[level], self._peaks[level]
        for node in hashes:
            pairs = len(held)
            held.append(node)
            while pairs & 1:
                node = sha256(b"\1" + peaks.pop() + node).digest()
                pairs >>= 1
            peaks.append(node)

    def _fill(self, filled: list[Tile], level: int, width: int) -> None:
        """Note the tile that is now full, begin the next, and carry its root up."""
        (root,) = self._peaks[level]
        filled.append(Tile(level, width // TILE - 1, root, b"".join(self._held[level])))
        self._held[level], self._peaks[level] = [], []
        self._add(level + 1, (root,))
        if len(self._held[level + 1]) == TILE:
            self._fill(filled, level + 1, width // TILE)


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over these leaves."""
    tower = Tower()
    tower.extend(leaf_hashes)
    return tower.root()


def inclusion(index: int, size: int, read: HashReader) -> list[bytes]:
    """The audit path of a leaf, RFC 6962 section 2.1.1."""
    if not 0 <= index < size:
        raise ValueError("the tree does not have this leaf")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_subtree(middle, end, read))
            end = middle
        else:
            path.append(_subtree(start, middle, read))
            start = middle
    return path[::-1]


def consistency(first: int, second: int, read: HashReader) -> list[bytes]:
    """The proof that the tree of `second` leaves continues that of `first`, RFC 6962 section 2.1.2."""
    if not 0 < first <= second:
        raise ValueError("a consistency proof goes from a smaller tree that is not empty to a larger one")
    path: list[bytes] = []
    start, end = 0, second
    whole = True  # the smaller tree is still a complete subtree whose root the verifier knows
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_subtree(middle, end, read))
            end = middle
        else:
            path.append(_subtree(start, middle, read))
            start, whole = middle, False
    if not whole:
        path.append(_subtree(start, end, read))
    return path[::-1]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf to the root, RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    node, place, last = leaf, index, size - 1
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = sha256(b"\1" + step + node).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = sha256(b"\1" + node + step).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def extends(first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the larger tree holds the smaller one unchanged, RFC 9162 section 2.1.4.2."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    steps = list(path)
    if first & (first - 1) == 0:
        steps.insert(0, first_root)
    if not steps:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = sha256(b"\1" + step + old).digest(), sha256(b"\1" + step + new).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = sha256(b"\1" + new + step).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << (width - 1).bit_length() - 1


def _subtree(start: int, end: int, read: HashReader) -> bytes:
    """The root over the leaves from `start` to before `end`, a subtree as RFC 6962 divides a tree."""
    width = end - start
    if width & (width - 1) == 0:
        return _complete(start, width, read)
    middle = start + _split(width)
    return sha256(b"\1" + _complete(start, middle - start, read) + _subtree(middle, end, read)).digest()


def _complete(start: int, width: int, read: HashReader) -> bytes:
    """The root of a complete subtree, from the highest level whose hashes are known."""
    level = (width.bit_length() - 1) // TILE_BITS
    unit = TILE**level
    nodes = list(read(level, start // unit, width // unit))
    while len(nodes) > 1:
        nodes = [sha256(b"\1" + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=True)]
    return nodes[0]
