"""The Merkle tree of RFC 9162, section 2.1: hashes, roots, and proofs that a leaf or an older tree is in it."""

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of one leaf."""
    return hashlib.sha256(LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two trees side by side."""
    return hashlib.sha256(NODE + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Head of the tree over these leaf hashes; of no leaf, the hash of nothing."""
    trees: list[tuple[int, bytes]] = []  # complete trees from left to right: size and root
    for leaf in hashes:
        trees.append((1, leaf))
        while len(trees) > 1 and trees[-1][0] == trees[-2][0]:
            _join_last(trees)
    while len(trees) > 1:
        _join_last(trees)
    return trees[0][1] if trees else hashlib.sha256().digest()


def inclusion_proof(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """What, beside its own hash, the root is made of for the leaf at this index (section 2.1.3.1).

    Raises
    ------
    IndexError
        There is no such leaf.
    """
    if not 0 <= index < len(hashes):
        msg = f"no leaf {index} among {len(hashes)}"
        raise IndexError(msg)
    proof: list[bytes] = []
    while len(hashes) > 1:
        half = _split(len(hashes))
        left, right = hashes[:half], hashes[half:]
        proof.append(root(right if index < half else left))
        index, hashes = (index, left) if index < half else (index - half, right)
    return proof[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes) -> bool:
    """Whether a proof shows that the tree of this size and head has this leaf hash at this index (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(other, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = node_hash(found, other)
        place, last = place // 2, last // 2
    return last == 0 and found == head


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def _join_last(trees: list[tuple[int, bytes]]) -> None:
    size, right = trees.pop()
    left_size, left = trees.pop()
    trees.append((left_size + size, node_hash(left, right)))
