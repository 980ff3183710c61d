"""The preview as judge: on record, empty, read-only, and only for organisers of the contest."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.domain.contests import ContestState
from app.models import LedgerEvent
from tests.browsing import Browser, Page, squeeze
from tests.builders import World
from tests.mails import Behind


@pytest.fixture
def behind(world: World) -> Behind:
    return Behind(world)


@pytest.fixture
def organiser(behind: Behind, browser: Browser) -> Browser:
    browser.sign_in(behind.organiser)
    return browser


def opened(behind: Behind, browser: Browser, judge: str = "") -> Page:
    browser.post(f"/contests/{behind.contest.id}/preview", {"judge": judge})
    return browser.follow()


def events(behind: Behind) -> list[LedgerEvent]:
    found = select(LedgerEvent).where(LedgerEvent.action == "contest:preview-as-judge")
    return behind.world.all(found)


def test_the_list_of_a_judge_is_shown_without_anything_of_the_judges(
    behind: Behind, organiser: Browser
) -> None:
    page = opened(behind, organiser, str(behind.head.id))

    assert squeeze(page.select_one(".preview-banner")).startswith(
        "Xem thử như giám khảo. Bạn thấy những gì Vũ Hà thấy"
    )
    assert len(page.rows()) == 1  # the head scores one of the two entries
    [event] = events(behind)
    assert (event.actor_id, event.contest_id) == (behind.organiser.id, behind.contest.id)
    assert json.loads(event.details) == {"judge": "Vũ Hà", "judge_id": behind.head.id}


def test_a_sheet_is_empty_whatever_the_judge_gave_and_nothing_can_be_saved(
    behind: Behind, organiser: Browser
) -> None:
    page = opened(behind, organiser, str(behind.head.id))
    path = str(page.one("tbody a")["href"])

    sheet = organiser.get(path)

    fields = sheet.select("#marks input:not([type=hidden]), #marks textarea")
    assert len(fields) == 4 * 2 + 1
    assert all(field.has_attr("disabled") for field in fields)
    assert not any(field.get("value") for field in sheet.select("#marks .mark-input"))
    assert sheet.select("#marks button") == []
    assert not {"32", "80"} & set(squeeze(sheet.one("#marks")).split())
    assert sheet.select("a[href*='/sheets/']") == []
    organiser.post(path, {"mark_L1": "8", "version": "1"}, status=405)


def test_without_a_judge_every_entry_is_shown(behind: Behind, organiser: Browser) -> None:
    page = opened(behind, organiser)

    assert len(page.rows()) == 2
    assert json.loads(events(behind)[0].details) == {"judge_id": None}


def test_looking_again_changes_nothing(behind: Behind, organiser: Browser) -> None:
    opened(behind, organiser)
    path = organiser.location.removeprefix("http://localhost")

    organiser.get(path)
    organiser.get(path)

    assert len(events(behind)) == 1


def test_nobody_sees_what_they_did_not_open(behind: Behind, organiser: Browser) -> None:
    opened(behind, organiser)
    path = organiser.location.removeprefix("http://localhost")
    number = int(path.rpartition("/")[2])
    colleague = behind.world.organiser(behind.world.territory("Lâm Đồng"))
    organiser.get(f"/judging/previews/{number - 1}", status=404)
    organiser.get(f"{path}/entries/99999", status=404)
    organiser.sign_out()
    organiser.sign_in(colleague)

    organiser.get(path, status=404)


def test_a_preview_ends_with_the_working_day(behind: Behind, organiser: Browser) -> None:
    opened(behind, organiser)
    path = organiser.location.removeprefix("http://localhost")
    [event] = events(behind)

    with time_machine.travel(event.at + timedelta(hours=13)):
        organiser.sign_in(behind.organiser)
        organiser.get(path, status=409)


@pytest.mark.parametrize("judge", ["0", "-1", "abc", "99999999999", "4711"])
def test_a_judge_who_is_not_on_the_jury_is_not_found(behind: Behind, organiser: Browser, judge: str) -> None:
    organiser.post(f"/contests/{behind.contest.id}/preview", {"judge": judge}, status=404)

    assert events(behind) == []


def test_a_judge_of_another_contest_is_not_found(behind: Behind, organiser: Browser) -> None:
    other = behind.world.judge(behind.world.contest(ContestState.SCORING))

    organiser.post(f"/contests/{behind.contest.id}/preview", {"judge": str(other.id)}, status=404)


def test_nobody_else_opens_one(behind: Behind, browser: Browser) -> None:
    path = f"/contests/{behind.contest.id}/preview"
    browser.sign_in(behind.world.organiser(behind.world.territory("Quảng Ninh")))
    browser.post(path, status=404)
    browser.sign_out()
    browser.sign_in(behind.world.user_of(behind.head.user_id))
    browser.post(path, status=403)

    assert events(behind) == []
