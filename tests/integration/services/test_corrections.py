import json
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.contests import CORRECTABLE, ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.permissions import Actor
from app.domain.results import Choice
from app.models import Ballot, Computation, Contest, CouncilMember, LedgerEvent, Vote, WithdrawnList
from app.services.ballots import CastVotes, CloseBallot, OpenBallot, cast_votes, close_ballot, open_ballot
from app.services.contests import close_scoring, reopen_scoring
from app.services.corrections import OpenCorrection, open_correction
from app.services.publication import publish_provisional
from tests.awards import Award, marks_for, move
from tests.builders import NOW, World
from tests.bundles import bundle_of, closed, faults_of, reopen, sheet_of, submit, unpacked, vote

WHY = "Khiếu nại đúng: phiếu của giám khảo nhập nhầm điểm."


def correct(award: Award, reason: str = WHY, actor: Actor | None = None) -> None:
    with award.world.session() as session:
        command = OpenCorrection(award.contest.id, reason)
        open_correction(session, command, actor=actor or award.actor, now=NOW)


def published(world: World) -> Award:
    """A contest of two entries, one of them just over the threshold, whose provisional list is public."""
    award = closed(world, [[7000, 7000], [6999, 7000]])
    vote(award)
    with world.session() as session:
        publish_provisional(session, award.contest.id, actor=award.actor, now=NOW)
    return award


def vote_again(award: Award) -> None:
    """The council's vote on the corrected list, by the members it has."""
    world, contest_id = award.world, award.contest.id
    with world.session() as session:
        ballot = open_ballot(session, OpenBallot(contest_id, "Phòng họp số 2"), actor=award.actor, now=NOW)
        choices = dict.fromkeys((item.entry_id for item in ballot.items), Choice.YES)
    for user_id in world.all(select(CouncilMember.user_id)):
        with world.session() as session:
            command = CastVotes(contest_id, choices)
            cast_votes(session, command, actor=world.actor(world.user_of(user_id)), now=NOW)
    with world.session() as session:
        close_ballot(session, CloseBallot(contest_id, "Hội đồng thống nhất."), actor=award.actor, now=NOW)


def state_of(award: Award) -> ContestState:
    contest: Contest = award.world.get(Contest, award.contest.id)
    return contest.state


def mark_anew(award: Award, total: int) -> None:
    """Have the first judge correct the second entry's sheet, and close scoring again."""
    world, entry = award.world, award.entries[1]
    reopen(world, award, sheet_of(world, award.judges[0], entry.id).id)
    submit(world, award.judges[0], entry.id, marks_for(total))
    with world.session() as session:
        close_scoring(session, award.contest.id, actor=award.actor, now=NOW)


def test_a_correction_goes_back_to_the_judges_and_withdraws_the_list(world: World) -> None:
    award = published(world)

    correct(award)

    contest = world.get(Contest, award.contest.id)
    assert (contest.state, contest.published_at) == (ContestState.SCORING, None)
    assert world.all(select(Ballot)) == world.all(select(Vote)) == []
    [old] = world.all(select(WithdrawnList))
    assert (old.published_at, old.withdrawn_at, old.reason) == (NOW, NOW, WHY)
    assert [(row["code"], row["average"]) for row in old.content["rows"]] == [("B-001", 7000)]


def test_the_counts_of_the_annulled_vote_stay_in_the_ledger(world: World) -> None:
    award = published(world)

    correct(award)

    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "ballot:withdraw"))
    said = json.loads(event.details)
    assert (said["reason"], said["old_counts"]) == (WHY, {str(award.entries[0].id): [2, 0, 0, True]})


def test_the_corrected_result_is_a_new_version_with_the_reason(world: World) -> None:
    award = published(world)
    correct(award)

    mark_anew(award, 7001)

    versions = world.all(select(Computation).order_by(Computation.version))
    assert [(one.version, one.reason) for one in versions] == [(1, ""), (2, WHY)]
    assert [row[4] for row in award.results()] == ["selected", "selected"]


def test_a_corrected_contest_verifies_before_and_after_its_new_vote(world: World, tmp_path: Path) -> None:
    award = published(world)
    correct(award)
    mark_anew(award, 7001)
    before = faults_of(tmp_path, unpacked(bundle_of(award)))

    vote_again(award)

    assert (before, faults_of(tmp_path, unpacked(bundle_of(award)))) == ([], [])


def test_a_voted_result_that_was_not_public_leaves_no_withdrawn_list(world: World) -> None:
    award = closed(world, [[7000, 7000]])
    vote(award)

    correct(award)

    assert (state_of(award), world.all(select(WithdrawnList))) == (ContestState.SCORING, [])


def test_scoring_opened_again_before_the_vote_gives_the_next_version_its_reason(world: World) -> None:
    award = closed(world, [[7000, 7000], [6999, 7000]])
    with world.session() as session:
        reopen_scoring(session, award.contest.id, "Thiếu một phiếu.", actor=award.actor, now=NOW)

    mark_anew(award, 7001)

    assert world.all(select(Computation.reason).order_by(Computation.version)) == ["", "Thiếu một phiếu."]


@pytest.mark.parametrize("state", sorted(set(ContestState) - CORRECTABLE))
def test_nothing_is_corrected_before_the_vote(world: World, state: ContestState) -> None:
    award = published(world)
    move(award, state)

    with pytest.raises(IllegalState):
        correct(award)

    assert (state_of(award), len(world.all(select(Ballot)))) == (state, 1)


@pytest.mark.parametrize("reason", ["", "x" * 1001])
def test_a_correction_needs_a_reason(world: World, reason: str) -> None:
    award = published(world)

    with pytest.raises(InvalidInput) as refusal:
        correct(award, reason)

    assert list(refusal.value.fields) == ["reason"]
    assert (state_of(award), world.all(select(WithdrawnList))) == (ContestState.PROVISIONAL, [])


def test_a_foreign_and_an_unknown_contest_are_the_same_to_a_stranger(world: World) -> None:
    award = published(world)
    stranger = world.actor(world.organiser(world.territory("An Giang")))

    with pytest.raises(NotFound):
        correct(award, actor=stranger)
    with pytest.raises(NotFound), world.session() as session:
        open_correction(session, OpenCorrection(99_999, WHY), actor=award.actor, now=NOW)
