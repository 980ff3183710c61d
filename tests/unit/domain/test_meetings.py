from datetime import UTC, datetime, time, timedelta

import pytest

from app.domain.errors import IllegalState, InvalidInput
from app.domain.meetings import (
    Tally,
    check_all_voted,
    check_hands,
    check_list,
    check_present,
    check_timer,
    moment_of,
    read_clock,
)
from app.domain.permissions import Actor, Grant, Permission, Role
from app.domain.results import Office

NOW = datetime(2026, 3, 10, 2, 0, 30, tzinfo=UTC)  # 9:00:30 in Vietnam


@pytest.mark.parametrize(
    "text", ["", ":30", "24:00", "8:60", "tám giờ", "8:05:06", "-1:00", "٣:١٥", "8" * 400, "8:5x"]
)
def test_what_is_no_time_of_day_is_none(text: str) -> None:
    assert read_clock(text) is None


def test_times_of_day_are_read_as_people_write_them() -> None:
    assert [read_clock(text) for text in ("08:05", " 8g05 ", "14H30", "9 giờ 5", "0:00")] == [
        time(8, 5),
        time(8, 5),
        time(14, 30),
        time(9, 5),
        time(0, 0),
    ]


def test_a_clock_in_the_room_tells_a_moment_of_today() -> None:
    assert moment_of(None, earliest=None, now=NOW) == NOW
    assert moment_of(time(8, 15), earliest=None, now=NOW) == datetime(2026, 3, 10, 1, 15, tzinfo=UTC)


def test_the_very_minute_of_the_earliest_moment_is_that_moment() -> None:
    assert moment_of(time(9, 0), earliest=NOW, now=NOW + timedelta(minutes=5)) == NOW


@pytest.mark.parametrize(("clock", "text"), [(time(9, 1), "still to come"), (time(8, 59), "before 09:00")])
def test_a_time_to_come_or_before_the_earliest_is_refused(clock: time, text: str) -> None:
    with pytest.raises(InvalidInput, match=text):
        moment_of(clock, earliest=NOW, now=NOW)


def test_hands_are_taken_only_where_they_add_up_to_who_may_vote() -> None:
    assert check_hands({"yes": 4, "no": 1, "abstain": 0}, 5) == Tally(4, 1, 0)


@pytest.mark.parametrize(
    ("counts", "fields"),
    [
        ({}, ["yes", "no", "abstain"]),
        ({"yes": 4, "no": None, "abstain": 1}, ["no"]),
        ({"yes": -1, "no": 5, "abstain": 1}, ["yes"]),
        ({"yes": 10**9, "no": 0, "abstain": 0}, ["yes"]),
        ({"yes": 4, "no": 0, "abstain": 0}, ["yes"]),
        ({"yes": 4, "no": 2, "abstain": 0}, ["yes"]),
    ],
)
def test_hands_that_are_missing_or_do_not_add_up_are_refused(
    counts: dict[str, int | None], fields: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_hands(counts, 5)

    assert list(caught.value.fields) == fields


def test_a_vote_closes_without_those_who_have_not_voted_only_if_that_is_meant() -> None:
    check_all_voted(0, without_them=False)
    check_all_voted(2, without_them=True)

    with pytest.raises(InvalidInput, match="have not voted: 2"):
        check_all_voted(2, without_them=False)


def test_a_list_is_of_one_group_and_nobody_objects() -> None:
    check_list(2, ["A", "A"], nobody_objects=True)

    with pytest.raises(IllegalState, match="at least two"):
        check_list(1, ["A"], nobody_objects=True)
    with pytest.raises(IllegalState, match="one group"):
        check_list(2, ["A", "B"], nobody_objects=True)
    with pytest.raises(InvalidInput):
        check_list(2, ["A", "A"], nobody_objects=False)


def test_a_meeting_goes_on_with_its_quorum() -> None:
    check_present(5, 5)

    with pytest.raises(IllegalState, match="4 members are present, at least 5"):
        check_present(4, 5)


@pytest.mark.parametrize("seconds", [-60, 0, 9, 3601, 10**9])
def test_a_timer_runs_for_seconds_to_an_hour(seconds: int) -> None:
    check_timer(180)

    with pytest.raises(InvalidInput):
        check_timer(seconds)


def test_only_a_council_s_secretary_keeps_its_meeting() -> None:
    keeping = {
        office: Actor(1, "", (Grant(Role.COUNCIL_MEMBER, contest_id=7, office=office),)).contests(
            Permission.MEETING_KEEP
        )
        for office in Office
    }

    assert keeping == {office: frozenset({7} if office is Office.SECRETARY else ()) for office in Office}
