"""The progress that keeps itself up to date: counts, nothing while nothing happens, and nobody kept signed in by it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.services.judging import SaveSheet, submit_sheet
from tests.browsing import Browser, Page, squeeze
from tests.builders import FULL, NOW, World
from tests.mails import Behind
from tests.queries import count_queries


@pytest.fixture
def behind(world: World) -> Behind:
    return Behind(world)


def poll(browser: Browser, path: str, tag: str = "") -> tuple[int, str, Page]:
    response = browser.client.get(path, headers={"If-None-Match": tag} if tag else {})
    page = Page(response.get_data(as_text=True), "html.parser")
    return response.status_code, response.headers.get("ETag", ""), page


def submit(behind: Behind, place: int) -> None:
    judge, entry = behind.judges[place], behind.entries[1]
    sheet = behind.sheet(judge, entry)
    with behind.world.session() as session:
        command = SaveSheet(sheet.id, sheet.version, FULL, {}, "")
        submit_sheet(session, command, actor=behind.actor(behind.world.user_of(judge.user_id)), now=NOW)


def test_a_poll_says_nothing_new_until_something_happens(behind: Behind, browser: Browser) -> None:
    browser.sign_in(behind.organiser)
    page = browser.get(f"/contests/{behind.contest.id}/progress")
    frame = page.one("[data-live]")
    path, tag = str(frame["data-live"]), f'W/"{frame["data-live-tag"]}"'

    assert poll(browser, path, tag)[0] == 304
    submit(behind, 0)
    status, fresh, part = poll(browser, path, tag)

    assert (status, fresh != tag) == (200, True)
    assert [squeeze(figure) for figure in part.select(".figure-number")] == ["3", "0", "2", "0", "0"]
    assert part.one("[data-live-summary]")["data-live-summary"] == "Đã nộp 3/5 phiếu."
    assert poll(browser, path, fresh)[0] == 304


def test_the_part_shows_counts_and_the_time_of_the_last_save_and_no_mark(
    behind: Behind, browser: Browser
) -> None:
    browser.sign_in(behind.organiser)

    _status, _tag, part = poll(browser, f"/contests/{behind.contest.id}/progress/live")

    assert part.rows() == [
        ["Vũ Hà Trưởng ban giám khảo", "100%", "1", "0", "0", "1", "09:00 10/03/2026"],
        ["Lê An", "50%", "1", "1", "0", "2", "09:00 10/03/2026"],
        ["Trần Bình", "0%", "0", "0", "2", "2", "–"],
    ]
    assert not {"80", "30", "3200", "8000"} & set(part.get_text(" ").split())


def test_the_head_of_jury_follows_too(behind: Behind, browser: Browser) -> None:
    browser.sign_in(behind.world.user_of(behind.head.user_id))
    desk = browser.get(f"/judging/contests/{behind.contest.id}/sheets")

    status, tag, _part = poll(browser, str(desk.one("[data-live]")["data-live"]))

    assert status == 200
    assert poll(browser, f"/judging/contests/{behind.contest.id}/live", tag)[0] == 304


def test_each_reader_and_language_has_a_tag_of_its_own(behind: Behind, browser: Browser) -> None:
    path = f"/contests/{behind.contest.id}/progress/live"
    browser.sign_in(behind.organiser)
    _status, vietnamese, _part = poll(browser, path)
    browser.post("/language/en", {"next": "/"})
    status, english, part = poll(browser, path, vietnamese)

    assert (status, english == vietnamese) == (200, False)
    assert "Last saved" in part.get_text()


def test_a_poll_does_not_keep_its_reader_signed_in(behind: Behind, browser: Browser) -> None:
    browser.sign_in(behind.organiser)
    path = f"/contests/{behind.contest.id}/progress"

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=30)):  # time to renew the cookie
        assert "Set-Cookie" not in browser.client.get(f"{path}/live").headers
        assert "Set-Cookie" in browser.client.get(path).headers


@pytest.mark.parametrize("page", ["/contests/{id}/progress/live", "/judging/contests/{id}/live"])
def test_others_learn_nothing_not_even_that_nothing_changed(
    behind: Behind, browser: Browser, page: str
) -> None:
    path = page.format(id=behind.contest.id)
    assert poll(browser, path, "*")[0] == 303
    browser.sign_in(behind.world.organiser(behind.world.territory("Quảng Ninh")))
    assert poll(browser, path, "*")[0] in (403, 404)


def test_nothing_new_costs_a_few_queries(behind: Behind, browser: Browser) -> None:
    browser.sign_in(behind.organiser)
    path = f"/contests/{behind.contest.id}/progress/live"
    _status, tag, _part = poll(browser, path)

    with count_queries(browser.app.extensions["binhchon_engine"]) as unchanged:
        poll(browser, path, tag)
    with count_queries(browser.app.extensions["binhchon_engine"]) as whole:
        poll(browser, path)

    assert len(unchanged) <= 10  # whoever asks with all roles, the contest, and its last event
    assert len(whole) <= len(unchanged) + 6
