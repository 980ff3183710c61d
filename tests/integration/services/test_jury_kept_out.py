"""An organiser who is also a judge neither reads nor enters other judges' marks while scoring is open."""

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import InvalidInput, NotPermitted
from app.domain.paper import KeyingState
from app.domain.permissions import Actor, Role
from app.models import Contest, Judge, Membership, User
from app.queries.discussions import discussion_page, discussions_page
from app.queries.imports import import_page, imports_page
from app.queries.keying import differences_page, keying_list, keying_page
from app.services.discussions import SettleDiscussion, settle_discussion
from app.services.juries import AppointJudge, appoint_judge
from app.services.keying import (
    DiscardTypings,
    KeySheet,
    SettleSheet,
    discard_typings,
    key_sheet,
    settle_sheet,
)
from app.services.sheet_imports import ApplyImport, apply_import, discard_import, import_plan
from tests.awards import Award, scoring
from tests.builders import NOW, World
from tests.outside_sheets import GOOD, LATER, MARKS, Office, csv_table, office
from tests.refusals import refusals

KEPT_OUT = "You score in this contest yourself"


@pytest.fixture
def desk(world: World) -> Office:
    return office(world)


def also_organises(world: World, user: User, territory_id: int) -> Actor:
    membership = {"role": Role.ORGANISER, "territory_id": territory_id}
    world.add(Membership(user_id=user.id, created_at=NOW, **membership))
    return world.actor(user)


def judge_of(desk: Office) -> Actor:
    """The second judge, who is an organiser of the territory too."""
    return also_organises(desk.world, desk.people[1], desk.contest.territory_id)


def sent_in(desk: Office) -> int:
    return desk.upload(csv_table(desk.long(("B-001", "GK1", GOOD)))).id


def type_in(desk: Office, actor: Actor, marks: dict[str, int] = MARKS) -> KeyingState:
    with desk.world.session() as session:
        command = KeySheet(desk.contest.id, desk.sheets[0, 0].id, marks, "")
        return key_sheet(session, command, actor=actor, now=LATER)


def test_a_judge_types_no_sheet_of_another(desk: Office) -> None:
    with pytest.raises(NotPermitted, match=KEPT_OUT):
        type_in(desk, judge_of(desk))

    assert type_in(desk, desk.actor) is KeyingState.ONCE


def test_a_judge_reads_how_far_the_paper_sheets_are_and_can_do_nothing_with_them(desk: Office) -> None:
    judge = judge_of(desk)
    with desk.world.session() as session:
        page = keying_list(session, judge, desk.contest.id, None)
        sheet = keying_page(session, judge, desk.contest.id, desk.sheets[0, 0].id)

    assert page.is_on_jury
    assert [(line.may_type, line.may_settle) for line in page.lines] == [(False, False)] * 2
    assert (sheet.line.is_barred, sheet.own, sheet.following) == (True, None, None)


def test_whoever_typed_a_sheet_and_then_came_onto_the_jury_reads_no_other_typing(desk: Office) -> None:
    type_in(desk, desk.actor)
    type_in(desk, desk.colleague, {**MARKS, "L2": 2950})
    desk.world.judge(desk.contest, desk.organiser)
    judge, sheet_id = desk.actor, desk.sheets[0, 0].id

    with desk.world.session() as session, pytest.raises(NotPermitted, match=KEPT_OUT):
        differences_page(session, judge, desk.contest.id, sheet_id)
    choice = SettleSheet(desk.contest.id, sheet_id, {"L2": desk.organiser.id}, "")
    with desk.world.session() as session, pytest.raises(NotPermitted, match=KEPT_OUT):
        settle_sheet(session, choice, actor=judge, now=LATER)
    anew = DiscardTypings(desk.contest.id, sheet_id, "")
    with desk.world.session() as session, pytest.raises(NotPermitted, match=KEPT_OUT):
        discard_typings(session, anew, actor=judge, now=LATER)


def test_a_judge_neither_reads_nor_carries_out_a_spreadsheet_of_marks(desk: Office) -> None:
    judge, contest_id, row_id = judge_of(desk), desk.contest.id, sent_in(desk)

    with desk.world.session() as session:
        with pytest.raises(NotPermitted, match=KEPT_OUT):
            imports_page(session, judge, contest_id)
        with pytest.raises(NotPermitted, match=KEPT_OUT):
            import_page(session, judge, contest_id, row_id)
        with pytest.raises(NotPermitted, match=KEPT_OUT):
            import_plan(session, judge, contest_id, row_id, store=desk.store)
        with pytest.raises(NotPermitted, match=KEPT_OUT):
            apply_import(
                session, ApplyImport(contest_id, row_id, ""), store=desk.store, actor=judge, now=LATER
            )
        with pytest.raises(NotPermitted, match=KEPT_OUT):
            discard_import(session, contest_id, row_id, actor=judge, now=LATER)
    with pytest.raises(NotPermitted, match=KEPT_OUT):
        desk.upload(b"x", actor=judge)
    assert desk.marks() == {}


def test_a_judge_who_organises_reads_and_settles_no_discussion(world: World) -> None:
    award = scoring(world, [[6000, 9000]])
    judge, contest_id, entry_id = organising_judge(award), award.contest.id, award.entries[0].id

    with world.session() as session:
        with pytest.raises(NotPermitted, match=KEPT_OUT):
            discussions_page(session, judge, contest_id)
        with pytest.raises(NotPermitted, match=KEPT_OUT):
            discussion_page(session, judge, contest_id, entry_id)
        with pytest.raises(NotPermitted, match=KEPT_OUT):
            settle_discussion(
                session, SettleDiscussion(contest_id, entry_id, 3000, "Giữ"), actor=judge, now=NOW
            )


def test_the_head_of_jury_leads_the_discussion_even_as_an_organiser(world: World) -> None:
    award = scoring(world, [[6000, 9000]])
    with world.session() as session:
        session.get_one(Judge, award.judges[0].id).is_head = True
    head = organising_judge(award)

    with world.session() as session:
        page = discussions_page(session, head, award.contest.id)

    assert [entry.code for entry in page.entries] == ["B-001"]


def test_once_scoring_has_closed_the_judge_reads_what_every_organiser_reads(desk: Office) -> None:
    judge, row_id = judge_of(desk), sent_in(desk)
    with desk.world.session() as session:
        session.get_one(Contest, desk.contest.id).state = ContestState.SCORED

    with desk.world.session() as session:
        page = import_page(session, judge, desk.contest.id, row_id)

    assert page.row.id == row_id


def test_whoever_has_entered_or_discussed_marks_is_not_appointed_to_the_jury(desk: Office) -> None:
    type_in(desk, desk.actor)
    desk.upload(csv_table(desk.long(("B-001", "GK1", GOOD))), actor=desk.colleague)
    newcomer = desk.world.user()

    for person in (desk.organiser, desk.second):
        with pytest.raises(InvalidInput) as error:
            appoint(desk, person)
        assert refusals(error) == {
            "email": "This person has entered or discussed marks of other judges in this contest."
        }
    appoint(desk, newcomer)

    assert desk.world.all(select(Judge.user_id).where(Judge.user_id == newcomer.id)) == [newcomer.id]


def appoint(desk: Office, person: User) -> None:
    third = desk.world.actor(desk.world.organiser(desk.world.territory("Lâm Đồng")))
    with desk.world.session() as session:
        appoint_judge(session, AppointJudge(desk.contest.id, person.id), actor=third, now=LATER)


def organising_judge(award: Award) -> Actor:
    user = award.world.user_of(award.judges[0].user_id)
    return also_organises(award.world, user, award.contest.territory_id)


def test_a_second_contest_is_another_matter(desk: Office) -> None:
    judge, other = judge_of(desk), office(desk.world)

    with desk.world.session() as session:
        page = imports_page(session, judge, other.contest.id)

    assert page.imports == ()
