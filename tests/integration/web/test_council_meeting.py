"""The council's meeting in the browser: the secretary's console, the wall, and each member's own page."""

import pytest
from flask import Flask

from app.domain.contests import ContestState
from app.domain.meetings import PollBy, Presence
from app.domain.permissions import Role
from app.models import Judge
from app.services.ballot_turns import TurnBack, reopen_ballot
from app.services.ballots import CastVotes, cast_votes
from app.services.meetings import OpenMeeting, open_meeting
from tests.browsing import Browser, squeeze, values_of
from tests.builders import World
from tests.meetings import NAMES, YES
from tests.rooms import Room

HOSTILE = "<b onclick=x>Ngon</b> {{ 7 * 7 }} %(x)s"


@pytest.fixture
def room(world: World, app: Flask) -> Room:
    return Room(world, app)


def test_a_meeting_from_its_opening_to_its_end(room: Room) -> None:
    room.open_ballot()
    assert "Cuộc họp chưa khai mạc" in squeeze(room.of(2).get(f"{room.url}/meeting").one("main"))
    page = room.console()
    assert page.one("[name=opening-place]")["value"] == "Sở Công Thương"
    room.console("open", opening__place="Phòng họp số 2", opening__clock="")
    room.send(2, "presence")
    room.console("attendance", attend="everybody")
    assert "Có mặt 5/5 thành viên; cần ít nhất 4" in squeeze(room.console().one(".quorum"))

    room.console("go-to", item=room.item(0), seen="")
    room.console("vote", seen=room.item(0), by="device")
    for member in range(5):
        room.send(member, "vote", choice="yes")
    assert "Phiếu của bạn: Đồng ý." in squeeze(room.of(0).get(f"{room.url}/meeting").one(".vote-buttons"))
    assert "Đã biểu quyết: 5/5" in room.wall()
    page = room.console()
    room.console("devices", 303, **values_of(page.one("form[action$=devices]")))
    assert "Được thông qua Đồng ý 5 Không đồng ý 0" in room.wall()
    for entry, counts in ((1, (4, 1, 0)), (2, (1, 4, 0))):
        room.console("go-to", item=room.item(entry), seen=room.item(entry - 1))
        room.console("vote", seen=room.item(entry), by="hands")
        assert "Mời giơ tay" in squeeze(room.of(2).get(f"{room.url}/meeting").one("main"))
        room.hands(*map(str, counts))

    assert "kết thúc biểu quyết" in squeeze(room.console().one(".console-current"))
    room.console("close-ballot", status=422, note="")
    room.console("close-ballot", note="Hội đồng thống nhất.")
    room.console("close", clock="")
    assert room.of(1).location.endswith("/minutes")
    page = room.of(1).follow()
    assert page.flashes == ["Cuộc họp đã kết thúc. Hãy xem lại biên bản."]
    assert room.state is ContestState.VOTED
    assert room.counts == [(5, 0, 0, True), (4, 1, 0, True), (1, 4, 0, False)]
    assert "Cuộc họp đã kết thúc" in squeeze(room.of(3).get(f"{room.url}/meeting").one("main"))
    assert "Cuộc họp đã kết thúc" in room.wall()


def test_counts_are_on_the_wall_only_after_the_vote_and_a_judge_never(room: Room, world: World) -> None:
    judge = world.judge(room.contest, world.user("Giám khảo Kín"))
    assert isinstance(judge, Judge)
    room.bar(4, 0)
    room.begin()
    poll = room.take()
    for member in (0, 1, 2):
        room.vote(poll, member, YES)

    wall = room.wall()

    leaving = f"{room.entries[0].code} là sản phẩm của cơ sở của thành viên nêu trên."
    assert f"Đề nghị rời phòng họp: Đặng Bình. {leaving}" in wall
    assert "Đã biểu quyết: 3/4" in wall
    assert "90,00 điểm · Hạng 1" in wall
    assert "So với điểm tối thiểu: +20,00" in wall
    assert "Giám khảo Kín" not in str(room.of(1).get(f"{room.url}/projector"))
    assert "Đồng ý 3" not in wall
    assert "không biểu quyết" in squeeze(room.of(4).get(f"{room.url}/meeting").one(".before-us"))


def test_a_page_that_follows_the_meeting_asks_cheaply(room: Room) -> None:
    room.begin()
    for member, page in ((1, "console"), (1, "projector"), (2, "meeting")):
        client, path = room.of(member).client, f"{room.url}/{page}/live"
        whole = client.get(path)
        tag = whole.headers["ETag"]

        same = client.get(path, headers={"If-None-Match": tag})
        room.come(3)
        room.attend(3, presence=Presence.LEFT)
        room.come(3)
        later = client.get(path, headers={"If-None-Match": tag})

        assert (whole.status_code, same.status_code, same.data, later.status_code) == (200, 304, b"", 200)
        assert later.headers["ETag"] != tag
        assert b"data-part" in later.data
        assert b"<html" not in later.data


def test_the_console_says_when_somebody_else_went_on(room: Room) -> None:
    room.begin()
    page = room.console()
    path = str(page.one("[data-live]")["data-live"])
    assert "Người khác" not in room.of(1).client.get(path).get_data(as_text=True)

    room.go(1, by=room.organiser)

    assert "Người khác đã điều hành tiếp" in room.of(1).client.get(path).get_data(as_text=True)
    page = room.console("go-to", 409, item=room.item(2), seen=room.item(0))
    assert "Người khác đã điều hành tiếp" in squeeze(page.one(".alert-danger"))
    assert "Sản phẩm 1" in squeeze(page.one("#current-title"))
    page = room.console("vote", 409, seen=room.item(0), by="hands")
    assert room.polls == []


def test_hands_that_do_not_add_up_are_shown_again_beside_the_field(room: Room) -> None:
    room.begin()
    room.take(PollBy.HANDS)

    for none in ("năm", "٥", "５", "-1", "9" * 10):
        page = room.hands("5", none, "", status=422)
        assert page.field_errors == dict.fromkeys(
            ("hands-no", "hands-abstain"), "Hãy nhập một số nguyên, từ 0 trở lên."
        )
        assert [page.one(f"[name=hands-{name}]")["value"] for name in ("yes", "no")] == ["5", none]
    page = room.hands("4", "0", "0", status=422)
    assert page.field_errors["hands-yes"].startswith("Tổng số phiếu là 4, trong khi có 5 thành viên")
    room.hands("5", "0", "0", status=409, beside={"hands-poll_id": "9" * 9})
    assert room.polls == [(PollBy.HANDS, None, None, None)]


def test_counts_are_kept_on_the_page_while_nobody_presides(room: Room) -> None:
    room.begin()
    room.take(PollBy.HANDS)
    room.attend(0, presence=Presence.LEFT)

    page = room.hands("4", "0", "0", status=409)

    assert "cần có người chủ trì" in squeeze(page.one(".alert-danger"))
    assert page.one("[name=hands-yes]")["value"] == "4"
    assert "Dừng lượt này" in squeeze(page.one(".console-current"))


@pytest.mark.parametrize("clock", ["25:00", "tám giờ", "8" * 5000])
def test_a_time_that_is_none_is_refused_beside_its_field(room: Room, clock: str) -> None:
    room.open()

    page = room.console("attendance", 422, attend=f"present-{room.seats[0].id}", attendance__clock=clock)

    assert list(page.field_errors) == ["attendance-clock"]


def test_whatever_else_is_sent_to_the_console_is_refused(room: Room) -> None:
    room.begin()
    for step, fields in (
        ("attendance", {"attend": "present-x"}),
        ("attendance", {"attend": ""}),
        ("attendance", {"attend": f"present-{'9' * 40}"}),
        ("go-to", {"item": "-1", "seen": "0"}),
        ("go-to", {"item": "1; DROP TABLE polls", "seen": room.item(0)}),
        ("vote", {"seen": ""}),
        ("list", {"list__items": "x", "list__nobody_objects": "y"}),
    ):
        room.console(step, 404, **fields)
    room.console("timer", 422, timer__minutes="1e9")
    room.console("remark", 422, remark__text="", remark__item_id="")
    room.console("hands", 409, hands__poll_id="x", hands__yes="5", hands__no="0", hands__abstain="0")

    assert room.polls == []


def test_remarks_are_shown_as_they_were_typed(room: Room) -> None:
    room.begin()

    room.console("remark", remark__text=HOSTILE, remark__item_id=room.item(0))

    assert [squeeze(note) for note in room.console().select(".kept-remark")] == [HOSTILE]


def test_a_list_is_voted_on_by_buttons_and_stopped_by_an_objection(room: Room) -> None:
    room.begin()
    items = [room.item(0), room.item(1)]
    page = room.console("list", 422, list__items=items, by="device")
    assert list(page.field_errors) == ["list-nobody_objects"]
    room.console("list", list__items=items, list__nobody_objects="y", by="device")
    assert "Biểu quyết chung: Nhóm sản phẩm thủ công" in room.wall()
    room.send(2, "vote", choice="no")

    values = values_of(room.of(3).get(f"{room.url}/meeting").one("form[action$='/objection']"))
    room.of(3).post(f"{room.url}/meeting/objection", values)
    told = room.of(3).follow().flashes
    pressed_twice = room.of(3).post(f"{room.url}/meeting/objection", values, status=409)

    assert (room.polls, room.votes) == ([], [])
    assert "Đã dừng biểu quyết chung" in told[0]
    assert "Đã ghi nhận ý kiến phản đối" in squeeze(pressed_twice.one(".alert-danger"))


def test_a_member_s_stale_or_empty_vote_is_told(room: Room) -> None:
    room.begin(0, 1, 2, 3)
    poll = room.take()
    page = room.of(2).get(f"{room.url}/meeting")
    values = values_of(page.one(".vote-buttons"))
    del values["csrf_token"]
    vote = f"{room.url}/meeting/vote"
    assert "Hãy chọn" in squeeze(
        room.of(2).post(vote, values | {"choice": "maybe"}, status=422).one(".alert-danger")
    )
    assert not room.of(4).get(f"{room.url}/meeting").select(".vote-buttons")
    room.of(4).post(vote, values | {"choice": "yes"}, status=409)
    room.annul(poll)

    page = room.of(2).post(vote, values | {"choice": "yes"}, status=409)

    assert "Lượt biểu quyết trên trang này đã kết thúc" in squeeze(page.one(".alert-danger"))
    assert room.votes == []


def test_a_vote_is_annulled_with_a_reason_and_the_meeting_taken_back(room: Room) -> None:
    room.begin()
    poll = room.by_hands(0, 5, 0, 0)
    page = room.of(1).get(f"{room.url}/console/polls/{poll}/annul")
    assert "Đồng ý 5" in squeeze(page.one(".poll-result"))
    room.console(f"polls/{poll}/annul", 422, reason="")
    room.console("cancel", 409, reason="Mở nhầm.")
    room.console(f"polls/{poll}/annul", reason="Đếm nhầm.", seen="closed")
    room.of(1).get(f"{room.url}/console/polls/{poll + 1}/annul", status=404)

    room.console("cancel", reason="Mở nhầm.")

    assert "Khai mạc cuộc họp" in squeeze(room.console().one("main"))


def test_the_meeting_is_its_council_s_and_its_secretary_s(room: Room, world: World) -> None:
    room.begin()
    observer = world.member(Role.OBSERVER, contest_id=room.contest.id)
    foreign = world.organiser(world.territory("An Giang"))
    other = world.user("Ủy viên nơi khác")
    world.council_member(world.contest(ContestState.VOTING), user=other)
    room.users += [observer, foreign, other]

    statuses = {
        who: [room.of(who).client.get(f"{room.url}/{page}").status_code for page in PAGES]
        for who in (0, 1, 5, 6, 7)
    }

    assert statuses == {
        0: [403, 403, 403, 403, 200, 200],
        1: [200, 200, 200, 200, 200, 200],
        5: [403, 403, 403, 403, 403, 403],
        6: [404, 404, 404, 404, 403, 403],
        7: [403, 403, 403, 403, 404, 404],
    }
    room.of(6).post(f"{room.url}/console/attendance", {"attend": "everybody"}, status=404)
    room.of(7).post(f"{room.url}/meeting/presence", status=404)


PAGES = ("console", "console/live", "projector", "projector/live", "meeting", "meeting/live")


def test_a_council_that_has_voted_without_a_meeting_is_promised_none(room: Room) -> None:
    room.open_ballot()
    before = squeeze(room.of(2).get(f"{room.url}/meeting").one("#seat"))
    votes = dict.fromkeys((entry.id for entry in room.entries[:3]), YES)
    for user in room.users:
        room.do(cast_votes, CastVotes(room.contest.id, votes), by=user)
    room.close_ballot(by=room.organiser)

    after = squeeze(room.of(2).get(f"{room.url}/meeting").one("#seat"))

    assert before == "Cuộc họp chưa khai mạc. Trang này sẽ hiện ngay khi khai mạc."
    assert after == "Biểu quyết đã kết thúc; hội đồng không mở cuộc họp tại đây."


def test_a_meeting_that_goes_on_after_its_end_begins_with_nobody_there(room: Room) -> None:
    room.voted().close()
    room.do(reopen_ballot, TurnBack(room.contest.id, "Đếm thiếu."), by=room.organiser)
    before = squeeze(room.console().one(".quorum"))

    room.send(2, "presence")
    room.console("attendance", attend="everybody")

    assert "Có mặt 0/5 thành viên" in before
    assert "Có mặt 5/5 thành viên" in squeeze(room.console().one(".quorum"))


def test_the_council_s_pages_lead_to_the_meeting(room: Room) -> None:
    room.open_ballot()
    page = room.of(2).get(room.url)
    assert page.select("#ballot + * + p, form[method=post] fieldset") != []
    room.do(open_meeting, OpenMeeting(room.contest.id, "Phòng họp"))

    page = room.of(2).get(room.url)

    assert not page.select("fieldset.ballot-line")
    assert page.select(f"a[href='{room.url}/meeting']")
    assert "Hội đồng đang họp" in squeeze(room.of(2).get("/council/").one(".council"))
    organiser = Browser(room.app)
    organiser.sign_in(room.organiser)
    ballot = organiser.get(f"/contests/{room.contest.id}/ballot")
    assert ballot.select(f"a[href='{room.url}/console']")
    organiser.get(f"/contests/{room.contest.id}/ballot/close", status=303)
    assert NAMES[0] not in squeeze(ballot.one("main"))
