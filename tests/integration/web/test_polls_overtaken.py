"""Pages of a vote in the meeting that somebody else has overtaken: what was typed stays, what stands is shown."""

import pytest
from flask import Flask

from app.domain.meetings import PollBy
from tests.browsing import squeeze, values_of
from tests.builders import World
from tests.rooms import Room


@pytest.fixture
def room(world: World, app: Flask) -> Room:
    room = Room(world, app)
    room.begin()
    return room


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
