import json

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.permissions import Actor, Role
from app.domain.results import Office
from app.models import Contest, CouncilMember, Judge, JudgeGroup, LedgerEvent, Membership, Recusal, ScoreSheet
from app.services.juries import (
    AppointCouncilMember,
    AppointJudge,
    ChangeOffice,
    appoint_council_member,
    appoint_judge,
    change_office,
    dismiss_judge,
    name_head,
    remove_council_member,
)
from tests.builders import NOW, World
from tests.refusals import refusals

CLOSED_TO_JURY = [
    ContestState.SCORED,
    ContestState.VOTING,
    ContestState.VOTED,
    ContestState.PROVISIONAL,
    ContestState.FINAL,
]
CLOSED_TO_COUNCIL = CLOSED_TO_JURY[1:]


@pytest.fixture
def organiser(world: World) -> Actor:
    return world.actor(world.organiser(world.territory("Lâm Đồng")))


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(ContestState.REGISTRATION)


def jury(world: World, contest: Contest) -> list[tuple[int, str, bool]]:
    judges = world.all(select(Judge).where(Judge.contest_id == contest.id).order_by(Judge.id))
    return [(judge.user_id, judge.position, judge.is_head) for judge in judges]


def council(world: World, contest: Contest) -> list[tuple[int, Office, str]]:
    members = world.all(
        select(CouncilMember).where(CouncilMember.contest_id == contest.id).order_by(CouncilMember.id)
    )
    return [(member.user_id, member.office, member.position) for member in members]


def acts(world: World, contest: Contest) -> list[tuple[str, dict[str, object]]]:
    events = world.all(
        select(LedgerEvent).where(LedgerEvent.contest_id == contest.id).order_by(LedgerEvent.id)
    )
    return [(event.action, json.loads(event.details)) for event in events]


def appoint(world: World, actor: Actor, contest_id: int, user_id: int, **fields: object) -> Judge:
    with world.session() as session:
        command = AppointJudge(contest_id, user_id, **fields)  # type: ignore[arg-type]  # fields are the command's
        return appoint_judge(session, command, actor=actor, now=NOW)


def seat(
    world: World, actor: Actor, contest_id: int, user_id: int, office: Office = Office.MEMBER
) -> CouncilMember:
    with world.session() as session:
        command = AppointCouncilMember(contest_id, user_id, office, "Phó Giám đốc Sở")
        return appoint_council_member(session, command, actor=actor, now=NOW)


def test_a_person_is_appointed_with_their_post(world: World, contest: Contest, organiser: Actor) -> None:
    user = world.user()

    judge = appoint(world, organiser, contest.id, user.id, position="Thạc sĩ mỹ thuật")

    assert jury(world, contest) == [(user.id, "Thạc sĩ mỹ thuật", False)]
    assert world.actor(user).has_role(Role.JUDGE)
    assert acts(world, contest) == [("judge:appoint", {"user_id": user.id, "position": "Thạc sĩ mỹ thuật"})]
    assert judge.appointed_at == NOW


def test_there_is_one_head_of_jury(world: World, contest: Contest, organiser: Actor) -> None:
    first, second = world.user(), world.user()
    old = appoint(world, organiser, contest.id, first.id, is_head=True)

    new = appoint(world, organiser, contest.id, second.id, is_head=True)

    assert jury(world, contest) == [(first.id, "", False), (second.id, "", True)]
    assert acts(world, contest)[-1] == ("judge:name-head", {"old": [old.id], "new": new.id})


def test_another_judge_is_named_head(world: World, contest: Contest, organiser: Actor) -> None:
    head, judge = world.judge(contest, is_head=True), world.judge(contest)

    with world.session() as session:
        name_head(session, judge.id, actor=organiser, now=NOW)

    assert [is_head for _user, _position, is_head in jury(world, contest)] == [False, True]
    assert world.get(Judge, head.id).is_head is False


def test_nobody_is_appointed_twice(world: World, contest: Contest, organiser: Actor) -> None:
    user = world.user()
    appoint(world, organiser, contest.id, user.id)

    with pytest.raises(InvalidInput) as error:
        appoint(world, organiser, contest.id, user.id)

    assert refusals(error) == {"email": "This person is already on the jury."}


def test_a_closed_or_unknown_account_is_not_appointed(
    world: World, contest: Contest, organiser: Actor
) -> None:
    for user_id in (world.user(active=False).id, 987654):
        with pytest.raises(InvalidInput) as error:
            appoint(world, organiser, contest.id, user_id)
        assert refusals(error) == {"email": "There is no active account of this person."}


@pytest.mark.parametrize("state", CLOSED_TO_JURY)
def test_the_jury_stays_as_it_is_once_scoring_closed(
    world: World, organiser: Actor, state: ContestState
) -> None:
    contest = world.contest(state)
    judge = world.judge(contest)

    with pytest.raises(IllegalState):
        appoint(world, organiser, contest.id, world.user().id)
    with world.session() as session, pytest.raises(IllegalState):
        dismiss_judge(session, judge.id, actor=organiser, now=NOW)
    with world.session() as session, pytest.raises(IllegalState):
        name_head(session, judge.id, actor=organiser, now=NOW)

    assert jury(world, contest) == [(judge.user_id, "", False)]


def test_a_dismissed_judge_leaves_nothing_behind_but_the_ledger(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge, entry, other = world.judge(contest), world.entry(contest), world.entry(contest)
    world.sheet(judge, entry)
    world.add(JudgeGroup(judge_id=judge.id, group_code="B"))
    world.add(Recusal(judge_id=judge.id, entry_id=other.id, reason="Người nhà", recorded_at=NOW))

    with world.session() as session:
        dismiss_judge(session, judge.id, actor=organiser, now=NOW)

    assert jury(world, contest) == []
    assert (world.all(select(ScoreSheet)), world.all(select(Recusal)), world.all(select(JudgeGroup))) == (
        [],
        [],
        [],
    )
    assert acts(world, contest) == [("judge:dismiss", {"user_id": judge.user_id, "entries": [entry.id]})]


def test_a_judge_who_saved_marks_is_not_dismissed(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.SCORING)
    judge = world.judge(contest)
    world.sheet(judge, world.entry(contest), {"L1": 3000})

    with world.session() as session, pytest.raises(IllegalState) as error:
        dismiss_judge(session, judge.id, actor=organiser, now=NOW)

    assert "already saved marks" in str(error.value)
    assert len(jury(world, contest)) == 1


def test_the_council_has_offices_and_one_chair(world: World, contest: Contest, organiser: Actor) -> None:
    chair, member = world.user(), world.user()
    seat(world, organiser, contest.id, chair.id, Office.CHAIR)

    with pytest.raises(InvalidInput) as error:
        seat(world, organiser, contest.id, member.id, Office.CHAIR)
    seat(world, organiser, contest.id, member.id, Office.DEPUTY)

    assert refusals(error) == {"office": "The council already has a chair. Change that office first."}
    assert council(world, contest) == [
        (chair.id, Office.CHAIR, "Phó Giám đốc Sở"),
        (member.id, Office.DEPUTY, "Phó Giám đốc Sở"),
    ]
    assert world.actor(chair).has_role(Role.COUNCIL_MEMBER)


def test_an_office_changes_hands(world: World, contest: Contest, organiser: Actor) -> None:
    chair, member = world.council_member(contest, Office.CHAIR), world.council_member(contest)

    with world.session() as session:
        change_office(session, ChangeOffice(chair.id, Office.MEMBER, ""), actor=organiser, now=NOW)
        change_office(session, ChangeOffice(member.id, Office.CHAIR, "Giám đốc Sở"), actor=organiser, now=NOW)

    assert council(world, contest) == [
        (chair.user_id, Office.MEMBER, ""),
        (member.user_id, Office.CHAIR, "Giám đốc Sở"),
    ]
    assert acts(world, contest)[1] == (
        "council-member:change",
        {"old": {"office": "member", "position": ""}, "new": {"office": "chair", "position": "Giám đốc Sở"}},
    )


def test_nobody_sits_on_the_council_twice(world: World, contest: Contest, organiser: Actor) -> None:
    member = world.council_member(contest)

    with pytest.raises(InvalidInput) as error:
        seat(world, organiser, contest.id, member.user_id)

    assert refusals(error) == {"email": "This person is already on the council."}


def test_nobody_votes_on_products_of_their_own_facility(
    world: World, contest: Contest, organiser: Actor
) -> None:
    facility = world.facility()
    world.entry(contest, world.product(facility, "Trà sen Tây Hồ"))
    user = world.facility_user(facility)

    with pytest.raises(InvalidInput) as error:
        seat(world, organiser, contest.id, user.id)

    assert refusals(error) == {
        "email": "This person belongs to the facility of Trà sen Tây Hồ, which takes part in this contest."
    }
    assert council(world, contest) == []


def test_who_left_the_facility_may_sit_on_the_council(
    world: World, contest: Contest, organiser: Actor
) -> None:
    facility, user = world.facility(), world.user()
    world.entry(contest, world.product(facility))
    world.add(
        Membership(
            user_id=user.id, role=Role.FACILITY_USER, facility_id=facility.id, created_at=NOW, ended_at=NOW
        )
    )

    seat(world, organiser, contest.id, user.id)

    assert len(council(world, contest)) == 1


def test_a_member_is_removed_before_the_vote(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.SCORED)
    member = world.council_member(contest)

    with world.session() as session:
        remove_council_member(session, member.id, actor=organiser, now=NOW)

    assert council(world, contest) == []
    assert acts(world, contest) == [
        ("council-member:remove", {"user_id": member.user_id, "office": "member", "position": ""})
    ]


@pytest.mark.parametrize("state", CLOSED_TO_COUNCIL)
def test_the_council_stays_as_it_is_once_it_votes(
    world: World, organiser: Actor, state: ContestState
) -> None:
    contest = world.contest(state)
    member = world.council_member(contest)

    with pytest.raises(IllegalState):
        seat(world, organiser, contest.id, world.user().id)
    with world.session() as session, pytest.raises(IllegalState):
        remove_council_member(session, member.id, actor=organiser, now=NOW)
    with world.session() as session, pytest.raises(IllegalState):
        change_office(session, ChangeOffice(member.id, Office.CHAIR, ""), actor=organiser, now=NOW)

    assert council(world, contest) == [(member.user_id, Office.MEMBER, "")]


def test_jury_and_council_of_others_do_not_exist(world: World, contest: Contest, organiser: Actor) -> None:
    abroad = world.contest(ContestState.REGISTRATION, world.territory("Quảng Ninh"))
    judge, member = world.judge(abroad), world.council_member(abroad)
    observer = world.actor(world.member(Role.OBSERVER, contest_id=abroad.id))

    for actor, contest_id in ((organiser, abroad.id), (organiser, 987654), (observer, abroad.id)):
        with pytest.raises(NotFound):
            appoint(world, actor, contest_id, judge.user_id)
        with pytest.raises(NotFound):
            seat(world, actor, contest_id, judge.user_id)
    for step in (dismiss_judge, name_head):
        for judge_id in (judge.id, 987654):
            with world.session() as session, pytest.raises(NotFound):
                step(session, judge_id, actor=organiser, now=NOW)
    for member_id in (member.id, 987654):
        with world.session() as session, pytest.raises(NotFound):
            remove_council_member(session, member_id, actor=organiser, now=NOW)
        with world.session() as session, pytest.raises(NotFound):
            change_office(session, ChangeOffice(member_id, Office.CHAIR, ""), actor=organiser, now=NOW)

    assert (len(jury(world, abroad)), len(council(world, abroad))) == (1, 1)
