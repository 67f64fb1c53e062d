"""The Merkle tree against the published reference tree and against the definition written out."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.ledger import tree
from consent.ledger.bodies import leaf_hash

# The eight leaves and their roots in the tests of Certificate Transparency's reference implementation
# (google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc).
SHORT = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
LEAVES = [bytes.fromhex(leaf) for leaf in [*SHORT, "606162636465666768696a6b6c6d6e6f"]]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
# Audit paths of the same tests: leaf, size, path.
PATHS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]
PROOFS = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


def reader_of(leaves: Sequence[bytes]) -> tree.HashReader:
    levels = [list(leaves)]
    while len(levels[-1]) >= tree.TILE:
        below = levels[-1]
        full = len(below) // tree.TILE * tree.TILE
        levels.append([naive_root(below[at : at + tree.TILE]) for at in range(0, full, tree.TILE)])
    return lambda level, start, count: levels[level][start : start + count]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def numbered(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert tree.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_reference_tree(size: int) -> None:
    assert tree.root_of(HASHES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_audit_paths_are_those_of_the_reference_tree(index: int, size: int, path: list[str]) -> None:
    assert [step.hex() for step in tree.inclusion(index, size, reader_of(HASHES[:size]))] == path


@pytest.mark.parametrize(("first", "second", "path"), PROOFS)
def test_consistency_proofs_are_those_of_the_reference_tree(first: int, second: int, path: list[str]) -> None:
    assert [step.hex() for step in tree.consistency(first, second, reader_of(HASHES[:second]))] == path


sizes = st.one_of(st.integers(1, 40), st.sampled_from([255, 256, 257, 511, 512, 513, 700]))


@settings(max_examples=60, deadline=None)
@given(sizes, st.data())
def test_every_leaf_is_proved_to_be_included(size: int, data: st.DataObject) -> None:
    leaves = numbered(size)
    index = data.draw(st.integers(0, size - 1))
    path = tree.inclusion(index, size, reader_of(leaves))
    root = naive_root(leaves)
    assert tree.includes(leaves[index], index, size, path, root)
    assert not tree.includes(leaf_hash(b"another"), index, size, path, root)
    assert not tree.includes(leaves[index], index, size, [*path, root], root)
    wrong = data.draw(st.integers(0, size - 1))
    assert tree.includes(leaves[index], wrong, size, path, root) is (wrong == index)


@settings(max_examples=60, deadline=None)
@given(sizes, st.data())
def test_a_grown_tree_is_proved_to_hold_the_smaller_one(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    leaves = numbered(second)
    path = tree.consistency(first, second, reader_of(leaves))
    old, new = naive_root(leaves[:first]), naive_root(leaves)
    assert tree.extends(first, old, second, new, path)
    assert not tree.extends(first, leaf_hash(b"another"), second, new, path)
    assert not tree.extends(first, old, second, leaf_hash(b"another"), path)
    assert not tree.extends(first, old, second, new, [*path, old])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=6))
def test_growing_in_steps_gives_the_root_and_tiles_of_growing_at_once(steps: list[int]) -> None:
    leaves = numbered(sum(steps))
    tower = tree.Tower()
    tiles: list[tree.Tile] = []
    at = 0
    for step in steps:
        tower = tree.Tower.standing_at(at, reader_of(leaves[:at]))
        tiles += tower.extend(leaves[at : at + step])
        at += step
        assert tower.root() == naive_root(leaves[:at])
    assert tiles == tree.Tower().extend(leaves)


def test_tiles_of_the_second_level_hold_the_roots_of_the_first() -> None:
    leaves = numbered(tree.TILE**2 + 3)
    tower = tree.Tower()
    tiles = tower.extend(leaves)
    upper = [tile for tile in tiles if tile.level == 1]
    assert [(tile.index, len(tile.hashes)) for tile in upper] == [(0, 8192)]
    assert upper[0].hashes == b"".join(tile.root for tile in tiles if tile.level == 0)
    again = tree.Tower.standing_at(len(leaves), reader_of(leaves))
    assert again.root() == tower.root() == naive_root(leaves)
    deep = tree.inclusion(70, len(leaves), reader_of(leaves))
    assert tree.includes(leaves[70], 70, len(leaves), deep, tower.root())


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="leaf"):
        tree.inclusion(index, size, reader_of(numbered(size)))
    assert not tree.includes(b"", index, size, [], b"")
