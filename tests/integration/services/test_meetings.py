"""The council's meeting: opened, attended, led through its agenda, ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from fractions import Fraction
from threading import Barrier

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, StaleVersion
from app.domain.margins import Margin
from app.domain.meetings import PollBy, Presence
from app.domain.permissions import Permission
from app.models import Attendance, Remark
from app.queries.meetings import meeting_page, stamp_of
from app.services.ballots import CastVotes, cast_votes
from app.services.meetings import (
    CancelMeeting,
    GoTo,
    OpenMeeting,
    SetTimer,
    cancel_meeting,
    go_to,
    open_meeting,
    set_timer,
)
from tests.builders import World
from tests.meetings import NO, YES, Sitting
from tests.prizes import PRIZES, PrizeCouncil, prized


@pytest.fixture
def sitting(world: World) -> Sitting:
    return Sitting(world)


def stays(sitting: Sitting) -> list[tuple[int, str, str | None]]:
    """Member, and the minutes of coming and leaving after the sitting was made."""

    def minute(at: object) -> str | None:
        return None if at is None else f"{(at - sitting.moment(0)).total_seconds() / 60:g}"  # type: ignore[operator]

    members = [seat.id for seat in sitting.seats]
    rows = sitting.world.all(select(Attendance).order_by(Attendance.id))
    return [(members.index(row.member_id), minute(row.came_at) or "", minute(row.left_at)) for row in rows]


def test_the_council_s_secretary_or_the_organiser_opens_the_meeting_on_an_open_ballot(
    sitting: Sitting,
) -> None:
    command = OpenMeeting(sitting.contest.id, "Phòng họp số 2", time(9, 1))
    with pytest.raises(IllegalState, match="not open"):
        sitting.do(open_meeting, command)
    sitting.open_ballot()
    for outsider in (sitting.users[0], sitting.world.organiser(sitting.world.territory("An Giang"))):
        with pytest.raises(NotFound):
            sitting.do(open_meeting, command, by=outsider)

    sitting.do(open_meeting, command, by=sitting.organiser)

    assert sitting.meeting.opened_at == sitting.moment(1)
    assert sitting.events("meeting:open") == [
        {"place": "Phòng họp số 2", "opened_at": "2026-03-10T09:01:00+07:00"}
    ]
    with pytest.raises(IllegalState, match="already"):
        sitting.do(open_meeting, command)


@pytest.mark.parametrize("place", ["", "x" * 201, "Phòng 🪷"])
def test_a_meeting_says_where_it_is(sitting: Sitting, place: str) -> None:
    sitting.open_ballot()

    with pytest.raises(InvalidInput) as caught:
        sitting.do(open_meeting, OpenMeeting(sitting.contest.id, place))

    assert list(caught.value.fields) == ["place"]


def test_a_ballot_on_which_members_have_voted_goes_on_without_a_meeting(sitting: Sitting) -> None:
    sitting.open_ballot()
    votes = {entry.id: YES for entry in sitting.entries[:3]}
    sitting.do(cast_votes, CastVotes(sitting.contest.id, votes), by=sitting.users[2])

    with pytest.raises(IllegalState, match="on their own already"):
        sitting.do(open_meeting, OpenMeeting(sitting.contest.id, "Phòng họp"))


def test_once_the_council_meets_nobody_votes_without_the_meeting(sitting: Sitting) -> None:
    sitting.open()

    votes = {entry.id: YES for entry in sitting.entries[:3]}
    with pytest.raises(IllegalState, match="votes in its meeting"):
        sitting.do(cast_votes, CastVotes(sitting.contest.id, votes), by=sitting.users[2])


def test_attendance_keeps_when_each_came_and_left(sitting: Sitting) -> None:
    sitting.open()
    sitting.attend(0, clock=time(9, 2))
    sitting.come(1)
    sitting.come(1)
    sitting.attend(1, presence=Presence.LEFT)
    sitting.attend(1, clock=time(9, 7))
    sitting.attend(2, by=sitting.organiser)
    sitting.attend(2, presence=Presence.ABSENT)
    sitting.attend(3, presence=Presence.LEFT)

    assert stays(sitting) == [(0, "2", None), (1, "4", "6"), (1, "7", None)]
    assert [event["presence"] for event in sitting.events("meeting:attend")] == [
        "present",
        "present",
        "left",
        "present",
        "present",
        "absent",
    ]


def test_attendance_is_of_this_council_in_this_meeting(sitting: Sitting, world: World) -> None:
    sitting.open_ballot()
    with pytest.raises(IllegalState, match="not meeting"):
        sitting.come(1)
    sitting.do(open_meeting, OpenMeeting(sitting.contest.id, "Phòng họp"))
    stranger = world.user()
    sitting.users.append(stranger)
    sitting.seats.append(world.council_member(world.contest(ContestState.VOTING), user=stranger))

    with pytest.raises(NotFound):
        sitting.come(5)
    with pytest.raises(NotFound):
        sitting.attend(5)
    with pytest.raises(NotFound):
        sitting.attend(1, by=sitting.users[0])
    with pytest.raises(InvalidInput, match="before 09:03"):
        sitting.attend(1, clock=time(8, 30))
    with pytest.raises(InvalidInput, match="to come"):
        sitting.attend(1, clock=time(23, 59))

    assert stays(sitting) == []


def test_who_took_part_in_a_vote_cannot_have_been_absent(sitting: Sitting) -> None:
    sitting.begin()
    sitting.by_hands(0, 5, 0, 0)
    sitting.attend(4, presence=Presence.LEFT)

    with pytest.raises(IllegalState, match="was there when a vote was taken"):
        sitting.attend(4, presence=Presence.ABSENT)


def test_who_stood_aside_from_a_vote_cannot_have_been_absent(sitting: Sitting) -> None:
    sitting.bar(4, 0)
    sitting.begin()
    sitting.by_hands(0, 4, 0, 0)

    with pytest.raises(IllegalState, match="was there when a vote was taken"):
        sitting.attend(4, presence=Presence.ABSENT)


def test_nobody_has_left_before_a_vote_they_took_part_in_or_come_before_one_they_did_not(
    sitting: Sitting,
) -> None:
    sitting.begin(0, 1, 2, 3)
    sitting.by_hands(0, 4, 0, 0)  # closed at 9:10
    sitting.go(1)
    poll = sitting.take()
    sitting.vote(poll, 3, YES)  # at 9:13

    with pytest.raises(InvalidInput, match="before 09:10"):
        sitting.attend(4, clock=time(9, 7))
    with pytest.raises(InvalidInput, match="before 09:10"):
        sitting.attend(2, presence=Presence.LEFT, clock=time(9, 7))
    with pytest.raises(InvalidInput, match="before 09:13"):
        sitting.attend(3, presence=Presence.LEFT, clock=time(9, 12))
    sitting.attend(4, clock=time(9, 10))
    sitting.attend(3, presence=Presence.LEFT, clock=time(9, 13))

    assert stays(sitting)[3:] == [(3, "6", "13"), (4, "10", None)]


def test_a_vote_begins_only_if_somebody_presides(sitting: Sitting) -> None:
    sitting.begin(1, 2, 3, 4)

    with pytest.raises(IllegalState, match="Neither the chair nor a deputy"):
        sitting.take()


@pytest.mark.parametrize("hands", [(), (4, 0, 0)], ids=["devices", "hands"])
def test_a_vote_is_closed_only_if_somebody_presides_and_can_be_stopped_without(
    sitting: Sitting, hands: tuple[int, ...]
) -> None:
    sitting.begin()
    poll = sitting.take(PollBy.HANDS if hands else PollBy.DEVICE)
    for member in [] if hands else range(5):
        sitting.vote(poll, member, YES)
    sitting.attend(0, presence=Presence.LEFT)

    with pytest.raises(IllegalState, match="Neither the chair nor a deputy"):
        sitting.count(poll, *hands)
    sitting.annul(poll, "Chủ tịch đã ra về.")

    assert sitting.polls == []


def test_nobody_comes_into_a_vote_on_a_list_of_which_they_may_vote_only_on_a_part(sitting: Sitting) -> None:
    sitting = Sitting(sitting.world, "AAAB")
    sitting.bar(4, 1)
    sitting.begin(0, 1, 2, 3)
    poll = sitting.take(PollBy.DEVICE, 0, 1)

    with pytest.raises(IllegalState, match="A list with a product of this member’s own facility"):
        sitting.come(4)
    sitting.annul(poll)
    sitting.come(4)

    assert [member for member, _came, left in stays(sitting) if left is None] == [0, 1, 2, 3, 4]


def test_the_meeting_goes_on_only_with_its_quorum(sitting: Sitting) -> None:
    sitting.open()
    sitting.attend(0, 1, 2)
    with pytest.raises(IllegalState, match="3 members are present, at least 4"):
        sitting.go(0)
    sitting.attend(3)

    sitting.go(0)
    poll = sitting.take()
    sitting.vote(poll, 0, YES)
    sitting.attend(3, presence=Presence.LEFT)

    with pytest.raises(IllegalState, match="no quorum"):
        sitting.count(poll, without_them=True)
    with pytest.raises(IllegalState, match="no quorum"):
        sitting.go(1)


def test_of_two_who_lead_the_meeting_the_later_is_told(sitting: Sitting) -> None:
    sitting.begin()
    at = sitting.item(0)
    sitting.go(1, seen=at, by=sitting.organiser)

    with pytest.raises(StaleVersion, match="Somebody else"):
        sitting.go(2, seen=at)
    sitting.go(1, seen=at)  # already there: nothing to tell

    assert sitting.meeting.current_item_id == sitting.item(1)
    other = Sitting(sitting.world)
    other.open_ballot()
    with pytest.raises(NotFound):
        sitting.do(go_to, GoTo(sitting.contest.id, other.item(0), at))


def test_nothing_else_comes_before_the_meeting_while_a_vote_is_taken(sitting: Sitting) -> None:
    sitting.begin()
    sitting.take()

    with pytest.raises(IllegalState, match="being taken"):
        sitting.go(1)


def test_remarks_are_kept_for_the_minutes(sitting: Sitting) -> None:
    sitting.begin()
    sitting.remark("Bao bì đẹp.", 0)
    sitting.remark("Bao bì đẹp.", 0)  # pressed twice
    sitting.remark("Đề nghị xét kỹ nguồn gốc.")
    for text in ("", "x" * 2001, "Hay 🪷"):
        with pytest.raises(InvalidInput) as caught:
            sitting.remark(text, 0)
        assert list(caught.value.fields) == ["text"]

    kept = sitting.world.all(select(Remark).order_by(Remark.id))
    assert [(one.item_id, one.text) for one in kept] == [
        (sitting.item(0), "Bao bì đẹp."),
        (None, "Đề nghị xét kỹ nguồn gốc."),
    ]


def test_the_timer_runs_from_when_it_was_started(sitting: Sitting) -> None:
    sitting.open()
    sitting.do(set_timer, SetTimer(sitting.contest.id, 180))
    assert (sitting.meeting.timer_seconds, sitting.meeting.timer_started_at) == (180, sitting.now)
    with pytest.raises(InvalidInput):
        sitting.do(set_timer, SetTimer(sitting.contest.id, 0))

    sitting.do(set_timer, SetTimer(sitting.contest.id, None))
    sitting.do(set_timer, SetTimer(sitting.contest.id, None))

    assert (sitting.meeting.timer_seconds, sitting.meeting.timer_started_at) == (None, None)
    assert sitting.events("meeting:timer") == [{"seconds": 180}, {"seconds": None}]


def test_the_meeting_ends_after_its_ballot(sitting: Sitting) -> None:
    sitting.begin()
    with pytest.raises(IllegalState, match="Close the ballot first"):
        sitting.close()
    for entry in range(3):
        sitting.by_hands(entry, 5, 0, 0)
    sitting.close_ballot()
    with pytest.raises(InvalidInput, match="before"):
        sitting.close(time(9, 1))

    sitting.close()

    assert sitting.meeting.closed_at == sitting.now
    with pytest.raises(IllegalState, match="not meeting"):
        sitting.attend(0, presence=Presence.LEFT)


def test_a_meeting_opened_by_mistake_is_taken_back_before_its_first_vote(sitting: Sitting) -> None:
    sitting.begin()
    sitting.remark("Nhầm.")
    cancel = CancelMeeting(sitting.contest.id, "Mở nhầm.")
    poll = sitting.take()
    with pytest.raises(IllegalState, match="Annul them first"):
        sitting.do(cancel_meeting, cancel)
    sitting.annul(poll)
    with pytest.raises(InvalidInput):
        sitting.do(cancel_meeting, CancelMeeting(sitting.contest.id, ""))

    sitting.do(cancel_meeting, cancel)

    assert (sitting.world.all(select(Attendance)), sitting.world.all(select(Remark))) == ([], [])
    assert sitting.events("meeting:cancel") == [{"reason": "Mở nhầm."}]
    votes = {entry.id: NO for entry in sitting.entries[:3]}
    sitting.do(cast_votes, CastVotes(sitting.contest.id, votes), by=sitting.users[2])


def test_the_stamp_changes_with_what_a_page_shows(sitting: Sitting) -> None:
    def stamps() -> tuple[str, str]:
        with sitting.world.session() as session:
            return tuple(  # type: ignore[return-value]
                stamp_of(session, sitting.world.actor(sitting.secretary), sitting.contest.id, permission)
                for permission in (Permission.MEETING_KEEP, Permission.BALLOT_VOTE)
            )

    sitting.begin()
    poll = sitting.take()
    before = stamps()
    sitting.vote(poll, 0, YES)
    voted = stamps()
    sitting.attend(4, presence=Presence.LEFT)

    assert (voted[0] != before[0], voted[1] == before[1]) == (True, True)
    assert stamps()[1] != voted[1]
    actor = sitting.world.actor(sitting.users[0])
    with sitting.world.session() as session, pytest.raises(NotFound):
        stamp_of(session, actor, sitting.contest.id, Permission.MEETING_KEEP)


def test_members_come_in_at_the_same_time(sitting: Sitting) -> None:
    sitting.open()
    version, together = sitting.meeting.version, Barrier(4)

    def come(member: int) -> None:
        together.wait()
        sitting.come(member)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(come, range(4)))

    assert sorted(member for member, _came, _left in stays(sitting)) == [0, 1, 2, 3]
    assert sitting.meeting.version == version + 4


def test_the_agenda_goes_by_group_then_rank_and_holds_further_points(sitting: Sitting) -> None:
    sitting.begin()

    with sitting.world.session() as session:
        page = meeting_page(session, sitting.world.actor(sitting.secretary), sitting.contest.id)

    assert [(group.code, [line.entry.row.product for line in lines]) for group, lines in page.groups] == [
        ("A", ["Sản phẩm 0", "Sản phẩm 1"]),
        ("B", ["Sản phẩm 2"]),
    ]
    assert page.points == ()
    [margin, *_others] = page.margins.values()
    assert margin[0] == Margin(Fraction(2000))


def test_what_the_council_decides_beside_its_ballot_is_on_the_agenda(world: World) -> None:
    council = PrizeCouncil(prized(world, (9500, 9000, 9000), PRIZES[:2])).open()
    council.settle(0, "2")

    with world.session() as session:
        page = meeting_page(session, council.award.actor, council.contest.id)

    said = [
        (str(point.title), str(point.stands), point.endpoint) for point in page.points if point.is_settled
    ]
    assert said == [
        ("Prize class of B-001", "settled", "contests.ballot"),
        ("Motion no. 1: prize of B-001", "carried", "contests.motion"),
    ]
    assert {point.paragraphs for point in page.points} == {()}
