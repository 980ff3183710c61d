from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.results import Choice, Office
from app.models import CouncilMember, Entry, IssuedCertificate, LedgerEvent, User
from app.queries.statistics import sentence, statistics
from app.services.ballots import CastVotes, CloseBallot, OpenBallot, cast_votes, close_ballot, open_ballot
from app.services.contests import close_scoring
from app.services.entry_reviews import accept_entry
from app.services.nominations import Nominate, nominate
from tests.awards import Award, issue, scoring, sign
from tests.builders import NOW, World


def vote(award: Award, choices: dict[int, Choice]) -> None:
    world = award.world
    members = [world.council_member(award.contest, office) for office in (Office.CHAIR, Office.SECRETARY)]
    with world.session() as session:
        open_ballot(session, OpenBallot(award.contest.id, "Phòng họp số 2"), actor=award.actor, now=NOW)
    for member in members:
        user = world.get(User, world.get(CouncilMember, member.id).user_id)
        with world.session() as session:
            cast_votes(session, CastVotes(award.contest.id, choices), actor=world.actor(user), now=NOW)
    with world.session() as session:
        command = CloseBallot(award.contest.id, "Hội đồng bỏ một sản phẩm vì hồ sơ chưa đủ")
        close_ballot(session, command, actor=award.actor, now=NOW)


def test_a_mark_goes_all_the_way_from_the_sheet_to_the_next_tier(world: World) -> None:
    award = scoring(world, [[7072, 7500, 8000], [9000, 9000, 9000], [6999, 7000, 7000]])
    recognised, dropped, _below = award.entries
    region = world.contest(
        ContestState.REGISTRATION,
        world.territory("Miền Trung – Tây Nguyên"),
        rules=world.rules(lower_tier_skipped=""),
    )
    with world.session() as session:
        close_scoring(session, award.contest.id, actor=award.actor, now=NOW)
    vote(award, {recognised.id: Choice.YES, dropped.id: Choice.NO})
    sign(award)
    assert issue(award) == 1
    with world.session() as session:
        new = nominate(session, Nominate(recognised.id, region.id), actor=award.actor, now=NOW)
    regional = world.actor(world.organiser(world.territory("Miền Trung – Tây Nguyên")))
    with world.session() as session:
        accept_entry(session, new.id, actor=regional, now=NOW)

    [certificate] = world.all(select(IssuedCertificate))
    accepted = world.get(Entry, new.id, selectinload(Entry.attachments))
    with world.session() as session:
        [row] = statistics(session)
    assert certificate.entry_id == recognised.id
    assert (accepted.state, accepted.code, len(accepted.attachments)) == (EntryState.ACCEPTED, "B-001", 1)
    assert sentence(row, "vi") == "Lâm Đồng 2026: 1/3 cơ sở với 1/3 sản phẩm đạt"
    acts = [event.action for event in world.all(select(LedgerEvent).order_by(LedgerEvent.id))]
    wanted = [
        "results:compute",
        "decision:record",
        "certificate:issue",
        "entry:nominate",
        "entry:arrive-by-nomination",
    ]
    assert [act for act in acts if act in wanted] == wanted
