"""What the room is told beside marks and votes: sets, ties, motions that wait, what goes with a withdrawn ballot."""

from typing import Any

import pytest
from flask import Flask

from app.domain.meetings import PollBy
from app.domain.motions import MotionKind
from app.services.motions import VoteOnMotion, vote_on_motion
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.bundles import closed
from tests.meetings import NO, YES, Sitting
from tests.motions import carry, proposed, put

SET = "Bộ quà Ráng Đan"


class Room:
    """A meeting on five products of one maker, two of which are tied for the last of three places."""

    def __init__(self, world: World, app: Flask) -> None:
        maker = world.facility("Hợp tác xã Ráng Đan")
        products = [world.product(maker, f"Sản phẩm {number}") for number in range(5)]
        totals = [[9000], [8800], [8500], [8500], [7200]]
        rules: dict[str, Any] = {"quota": 3, "min_sheets": 1, "tie_break": ()}
        award = closed(world, totals, products=products, rules=rules, opened=True)
        self.sitting = Sitting(world, award=award)
        self.contest, self.entries = award.contest, award.entries
        self.app, self.url = app, f"/council/{award.contest.id}"

    def seen_by(self, member: int, page: str, part: str = "main") -> str:
        """What a member reads on a page; 1 is the secretary."""
        browser = Browser(self.app)
        browser.sign_in(self.sitting.users[member])
        return squeeze(browser.get(f"{self.url}/{page}").one(part))


@pytest.fixture
def room(world: World, app: Flask) -> Room:
    return Room(world, app)


def test_a_set_is_called_by_its_name_in_the_room(room: Room) -> None:
    sitting = room.sitting.begin()
    merger = proposed(MotionKind.MERGE, room.entries[0].id, room.entries[1].id, name=SET)
    carry(sitting.world, room.contest, sitting.organiser, merger, votes=5, now=sitting.now)

    pages = [
        room.seen_by(1, "console", "#current-title"),
        room.seen_by(1, "console", "ol.agenda li"),
        room.seen_by(1, "projector", "#wall h1"),
        room.seen_by(0, "meeting", "#before-us"),
    ]

    assert [SET in page for page in pages] == [True] * 4
    assert "Sản phẩm 0: 90,00" in room.seen_by(1, "projector", "#wall")


def test_the_room_knows_what_is_tied_and_that_a_majority_is_not_yet_a_place(room: Room) -> None:
    sitting = room.sitting.begin()
    sitting.by_hands(2, 4, 1, 0)

    wall = room.seen_by(1, "projector", "#wall")
    agenda = room.seen_by(1, "console", "[aria-current=step]")

    assert "còn 1 suất" in wall.lower()
    assert "Quá bán, chưa chia suất" in wall
    assert "Quá bán, chưa chia suất" in agenda
    sitting.by_hands(3, 1, 4, 0)
    assert "Được thông qua" in room.seen_by(1, "console", "ol.agenda li:nth-child(3)")


def test_the_room_waits_for_no_vote_on_what_has_left_the_ballot(room: Room) -> None:
    sitting = room.sitting.begin()
    leave_out = proposed(MotionKind.LEAVE_OUT, room.entries[3].id)
    carry(sitting.world, room.contest, sitting.organiser, leave_out, votes=5, now=sitting.now)
    sitting.by_hands(2, 4, 1, 0)

    pages = [
        room.seen_by(1, "console", ".poll-result"),
        room.seen_by(1, "console", "[aria-current=step]"),
        room.seen_by(1, "projector", "#wall"),
        room.seen_by(0, "meeting", "#seat"),
    ]

    assert ["Được thông qua" in page for page in pages] == [True] * 4


def test_what_a_motion_asks_for_is_kept_on_the_page_while_nobody_presides(room: Room) -> None:
    sitting = room.sitting.begin(1, 2, 3, 4)
    organiser = Browser(room.app)
    organiser.sign_in(sitting.organiser)
    values = {"number": "2", "proposer": "Thư ký", "reason": "Theo kế hoạch.", "how": "hands"}

    page = organiser.post(f"/contests/{room.contest.id}/ballot/motions/new/nominate", values, status=409)

    assert "cần có người chủ trì" in squeeze(page.one(".alert-danger"))
    assert squeeze(page.one("[name=reason]")) == "Theo kế hoạch."


def test_a_member_is_told_of_the_motions_that_wait_for_their_vote(room: Room) -> None:
    sitting = room.sitting.begin()
    nominate = proposed(MotionKind.NOMINATE, number=2)
    motion = put(sitting.world, room.contest, sitting.organiser, nominate, by_hands=False, now=sitting.now)
    waits = "Đề nghị số 1 chờ phiếu của bạn"

    before = room.seen_by(2, "meeting")
    vote = VoteOnMotion(room.contest.id, motion.number, YES)
    sitting.do(vote_on_motion, vote, by=sitting.users[2])

    assert waits in before
    assert [waits in room.seen_by(member, "meeting") for member in (2, 3)] == [False, True]


def test_a_page_left_open_learns_what_its_member_voted_elsewhere(room: Room) -> None:
    sitting = room.sitting.begin()
    poll = sitting.take(PollBy.DEVICE)
    browser = Browser(room.app)
    browser.sign_in(sitting.users[2])

    def stamp() -> str:
        return str(browser.get(f"{room.url}/meeting").one("[data-stamp]")["data-stamp"])

    stamps = [stamp()]
    sitting.vote(poll, 2, YES)
    stamps.append(stamp())
    sitting.vote(poll, 3, YES)
    stamps.append(stamp())
    sitting.vote(poll, 2, NO, seen=YES)
    stamps.append(stamp())

    assert [stamps.index(one) for one in stamps] == [0, 1, 1, 3]


def test_withdrawing_a_ballot_says_that_its_meeting_goes_with_it(room: Room) -> None:
    sitting, told = room.sitting.open_ballot(), "Cuộc họp cũng bị hủy theo"
    browser = Browser(room.app)
    browser.sign_in(sitting.organiser)
    address = f"/contests/{room.contest.id}/ballot/withdraw"

    without = squeeze(browser.get(address).one("main"))
    sitting.meet()

    assert told not in without
    assert told in squeeze(browser.get(address).one("main"))
