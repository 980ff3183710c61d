"""What a motion may say, and what a vote on it takes."""

import pytest

from app.domain.errors import InvalidInput
from app.domain.motions import Ground, MotionKind, Proposal, check_members, proposal_of, votes_required


def test_the_names_of_a_set_fit_on_one_certificate() -> None:
    check_members(["x" * 300] * 5)

    with pytest.raises(InvalidInput, match="1501 characters together; at most 1500"):
        check_members(["x" * 300] * 5 + ["y"])


@pytest.mark.parametrize(
    "proposal",
    [
        Proposal(MotionKind.MERGE, (1, 2), "Bộ trà", Ground.USE),
        Proposal(MotionKind.SPLIT, (1,), "Bộ trà"),
        Proposal(MotionKind.PRIZE, (1, 2), prize=None),
        Proposal(MotionKind.PLACES, (1, 2), number=0),
        Proposal(MotionKind.NOMINATE, number=14),
    ],
)
def test_a_proposal_is_read_back_as_it_was_kept(proposal: Proposal) -> None:
    assert proposal_of(proposal.kind, proposal.content) == proposal


def test_only_what_a_kind_has_is_kept() -> None:
    proposal = Proposal(MotionKind.NOMINATE, (1,), "Bộ", Ground.USE, "A", 3)

    assert proposal.content == {"number": 3}


@pytest.mark.parametrize(("entitled", "percent", "needed"), [(9, 67, 7), (3, 67, 3), (1, 50, 1), (2, 1, 1)])
def test_the_declared_share_of_those_who_may_vote_must(entitled: int, percent: int, needed: int) -> None:
    assert votes_required(entitled, percent) == needed
