"""Pages of a vote in the meeting that somebody else has overtaken: what was typed stays, what stands is shown."""

import pytest
from flask import Flask

from app.domain.meetings import PollBy, Presence
from app.domain.motions import MotionKind
from tests.browsing import Browser, squeeze, values_of
from tests.builders import World
from tests.motions import proposed, put
from tests.rooms import Room


@pytest.fixture
def room(world: World, app: Flask) -> Room:
    room = Room(world, app)
    room.begin()
    return room


def exchange(room: Room) -> None:
    """Let one member leave, and another come in their place."""
    room.attend(4, presence=Presence.LEFT)
    room.attend(3)


def test_hands_are_counted_of_those_whom_the_console_showed(room: Room) -> None:
    room.attend(3, presence=Presence.LEFT)
    room.take(PollBy.HANDS)
    before = room.console()
    exchange(room)

    page = room.hands("3", "1", "0", status=409, page=before)

    told = squeeze(page.one(".alert-danger"))
    assert "Hiện được biểu quyết: Võ Thị Nhàn, Phạm Quốc Khánh, Lý Thu, Hồ Ánh." in told
    typed = [page.one(f"[name=hands-{name}]")["value"] for name in ("yes", "no", "abstain")]
    assert typed == ["3", "1", "0"]
    assert room.polls == [(PollBy.HANDS, None, None, None)]
    room.hands("3", "1", "0", page=page)
    assert room.polls == [(PollBy.HANDS, 3, 1, 0)]


@pytest.mark.parametrize("shown", ["", "1", "x", "٤", "-1 1", "9" * 5000, "<b>", "1\x00 2"])
def test_counts_of_nobody_knows_whom_are_refused(room: Room, shown: str) -> None:
    room.take(PollBy.HANDS)

    page = room.hands("5", "0", "0", status=409, beside={"hands-entitled": shown})

    assert "Hiện được biểu quyết: Võ Thị Nhàn" in squeeze(page.one(".alert-danger"))
    room.console(
        "hands", 409, **{"hands-poll_id": "1", "hands-yes": "5", "hands-no": "0", "hands-abstain": "0"}
    )
    assert room.polls == [(PollBy.HANDS, None, None, None)]


def test_hands_on_a_motion_are_counted_of_those_whom_the_page_showed(room: Room, browser: Browser) -> None:
    room.attend(3, presence=Presence.LEFT)
    put(room.world, room.contest, room.organiser, proposed(MotionKind.NOMINATE, number=1), now=room.now)
    browser.sign_in(room.organiser)
    address = f"/contests/{room.contest.id}/ballot/motions/1"
    counts = {"yes": "3", "no": "1", "abstain": "0"}
    before = browser.get(address).values("form[data-keep]")
    exchange(room)

    for shown in (before, {"entitled": "x"}, {}):
        page = browser.post(f"{address}/close", shown | counts, status=409)
        told = squeeze(page.one(".alert-danger"))
        assert "Hiện được biểu quyết: Võ Thị Nhàn, Phạm Quốc Khánh, Lý Thu, Hồ Ánh." in told
        assert page.values("form[data-keep]").items() >= counts.items()

    browser.post(f"{address}/close", page.values("form[data-keep]"))
    assert browser.follow().flashes == ["Đã kết thúc biểu quyết về đề nghị số 1."]


def test_a_page_that_stops_a_vote_does_not_annul_its_result_unseen(room: Room) -> None:
    poll = room.take(PollBy.HANDS)
    address = f"{room.url}/console/polls/{poll}/annul"
    open_page = room.of(1).get(address)
    assert not open_page.select(".poll-result")
    room.count(poll, 5, 0, 0)

    page = room.of(1).post(
        address, values_of(open_page.one("form[data-keep]")) | {"reason": "Nhầm."}, status=409
    )

    assert "đã được người khác kết thúc" in squeeze(page.one(".alert-danger"))
    assert "Đồng ý 5" in squeeze(page.one(".poll-result"))
    assert squeeze(page.one("[name=reason]")) == "Nhầm."
    assert room.polls == [(PollBy.HANDS, 5, 0, 0)]
    room.of(1).post(address, values_of(page.one("form[data-keep]")), status=303)
    assert room.polls == []


def test_whoever_annuls_an_annulled_vote_is_led_to_the_console(room: Room) -> None:
    poll = room.by_hands(0, 5, 0, 0)
    address = f"{room.url}/console/polls/{poll}/annul"
    values = values_of(room.of(1).get(address).one("form[data-keep]")) | {"reason": "Nhầm."}
    room.of(1).post(address, values)
    room.of(1).follow()

    room.of(1).post(address, values)
    again = room.of(1).follow()
    asked = room.of(1).client.get(address)

    assert again.flashes == ["Lượt biểu quyết này đã được hủy từ trước."]
    assert (again.heading, asked.status_code) == ("Bảng điều hành cuộc họp", 303)
    assert asked.headers["Location"] == f"{room.url}/console"
