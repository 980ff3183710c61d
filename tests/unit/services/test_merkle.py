"""The tree of RFC 9162: its known vectors, and its laws."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.merkle import (
    inclusion_proof,
    is_included,
    leaf_hash,
    node_hash,
    root,
)

# The leaves and heads that certificate-transparency implementations test each other with.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
HEADS = [
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


def tree_by_definition(hashes: list[bytes]) -> bytes:
    """The recursion of the RFC, word for word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return node_hash(tree_by_definition(hashes[:half]), tree_by_definition(hashes[half:]))


leaves = st.lists(st.binary(max_size=4), min_size=1, max_size=70).map(
    lambda found: [leaf_hash(leaf) for leaf in found]
)


def test_the_head_of_no_leaf_is_the_hash_of_nothing() -> None:
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_heads_are_those_of_the_known_vectors(size: int) -> None:
    assert root(HASHES[:size]).hex() == HEADS[size - 1]


def test_an_inclusion_proof_is_that_of_the_known_vectors() -> None:
    assert [step.hex() for step in inclusion_proof(0, HASHES)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


@given(leaves)
def test_the_head_is_what_the_definition_says(hashes: list[bytes]) -> None:
    assert root(hashes) == tree_by_definition(hashes)


@given(leaves, st.data())
def test_every_leaf_is_proved_to_be_in_the_tree(hashes: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(hashes) - 1))
    proof = inclusion_proof(index, hashes)

    assert is_included(hashes[index], index, len(hashes), proof, root(hashes))


@given(leaves, st.data())
def test_no_proof_holds_for_another_leaf_place_size_or_head(hashes: list[bytes], data: st.DataObject) -> None:
    size, index = len(hashes), data.draw(st.integers(0, len(hashes) - 1))
    proof, head, leaf = inclusion_proof(index, hashes), root(hashes), hashes[index]
    other = leaf_hash(b"another leaf")
    wrong = [
        is_included(other, index, size, proof, head),
        is_included(leaf, size, size, proof, head),
        is_included(leaf, -1, size, proof, head),
        is_included(leaf, index, size, proof, other),
        is_included(leaf, index, size, [*proof, other], head),
        *(
            is_included(leaf, index, size, [*proof[:at], other, *proof[at + 1 :]], head)
            for at in range(len(proof))
        ),
        *(is_included(leaf, index, size, proof[:-1], head) for _ in proof[:1]),
    ]

    assert not any(wrong)


@pytest.mark.parametrize("index", [-1, 8])
def test_there_is_no_proof_for_a_leaf_that_does_not_exist(index: int) -> None:
    with pytest.raises(IndexError, match="no leaf"):
        inclusion_proof(index, HASHES)
