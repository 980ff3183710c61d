"""What a judge's browser sends by itself: saved once, refused with a reason, never for anybody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from app.domain.contests import ContestState
from app.domain.judging import SheetState
from app.models import LedgerEvent, SheetSave
from tests.browsing import Browser
from tests.builders import FULL, World
from tests.judging import Bench

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def bench(world: World, browser: Browser) -> Bench:
    return Bench(world, browser)


def autosave(
    bench: Bench, changes: Any, *, key: Any = KEY, version: Any = 1, url: str = ""
) -> tuple[int, Any]:
    """Send a save as the page's script does; give status and answer."""
    body = {"key": key, "version": version, "changes": changes}
    return send(bench.browser, url or f"{bench.url}/autosave", body)


def send(browser: Browser, url: str, body: Any, **headers: str) -> tuple[int, Any]:
    sent = {"X-CSRFToken": browser.csrf_token(), **headers}
    response = browser.client.post(url, json=body, headers=sent)
    return response.status_code, response.get_json()


def saves_of(bench: Bench) -> int:
    with bench.world.session() as session:
        return (
            session.scalar(select(func.count(LedgerEvent.id)).where(LedgerEvent.action == "score-sheet:save"))
            or 0
        )


def test_what_is_typed_is_saved_and_the_answer_names_the_next_version(bench: Bench) -> None:
    status, answer = autosave(
        bench, {"mark_L1": "32,5", "mark_L2": "31.0", "note_L2": "Cần  xem.", "remark": "Đẹp."}
    )

    assert (status, answer["version"], len(answer["saved_at"])) == (200, 2, len("10:42"))
    assert bench.marks == {"L1": 3250, "L2": 3100}
    assert (bench.stored.notes, bench.stored.remark) == ({"L2": "Cần xem."}, "Đẹp.")


def test_a_field_that_was_not_sent_stays_and_an_empty_one_takes_its_value_away(bench: Bench) -> None:
    autosave(bench, {"mark_L1": "30", "mark_L2": "31", "remark": "Đẹp."})

    status, _answer = autosave(bench, {"mark_L1": ""}, key=KEY[::-1], version=2)

    assert (status, bench.marks, bench.stored.remark) == (200, {"L2": 3100}, "Đẹp.")


def test_the_same_save_sent_again_is_answered_again_and_saved_once(bench: Bench) -> None:
    first = autosave(bench, {"mark_L1": "30"})
    at_once = autosave(bench, {"mark_L1": "30"})
    autosave(bench, {"mark_L1": "31"}, key=KEY[::-1], version=2)

    status, again = autosave(bench, {"mark_L1": "30"})

    now = {"version": 3, "saved": {"mark_L1": "31", "remark": ""}}
    assert (at_once, status, again) == (first, 200, {**first[1], "now": now})
    assert (bench.marks, bench.stored.version, saves_of(bench)) == ({"L1": 3100}, 3, 2)


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 50_000])
def test_brackets_within_brackets_without_end_are_refused(bench: Bench, body: str) -> None:
    headers = {"X-CSRFToken": bench.browser.csrf_token(), "Content-Type": "application/json"}

    response = bench.browser.client.post(f"{bench.url}/autosave", data=body, headers=headers)

    assert (response.status_code, list(response.get_json()["fields"])) == (422, ["changes"])


def test_a_key_is_good_for_one_content(bench: Bench) -> None:
    autosave(bench, {"mark_L1": "30"})

    status, answer = autosave(bench, {"mark_L1": "40"})

    assert (status, list(answer["fields"])) == (422, ["key"])
    assert bench.marks == {"L1": 3000}


def test_a_key_of_one_sheet_means_nothing_on_another(bench: Bench, world: World) -> None:
    other = world.sheet(bench.judge, world.entry(bench.contest))
    autosave(bench, {"mark_L1": "30"})

    status, answer = autosave(bench, {"mark_L1": "30"}, url=f"/judging/sheets/{other.id}/autosave")

    assert (status, answer["version"], world.marks_of(other)) == (200, 2, {"L1": 3000})


def test_a_stale_save_changes_nothing_and_is_told_what_is_saved(bench: Bench) -> None:
    autosave(bench, {"mark_L1": "30", "note_L1": "Tốt."})

    status, answer = autosave(bench, {"mark_L1": "30"}, key=KEY[::-1], version=1)

    assert (status, answer["version"]) == (409, 2)
    assert answer["saved"] == {"mark_L1": "30", "note_L1": "Tốt.", "remark": ""}
    assert "lưu ở nơi khác" in answer["error"]


def test_marks_that_cannot_stand_are_refused_by_field_and_nothing_is_saved(bench: Bench) -> None:
    unreadable = autosave(bench, {"mark_L1": "3x", "mark_L2": "30"})
    impossible = autosave(bench, {"mark_L3": "10,5", "mark_L4": "0,3", "note_L1": "x" * 501})

    assert unreadable == (
        422,
        {
            "error": "Một số mục cần xem lại.",
            "fields": {"mark_L1": "“3x” không phải là số. Hãy nhập điểm, ví dụ 8,5."},
        },
    )
    assert impossible[0] == 422
    assert set(impossible[1]["fields"]) == {"mark_L3", "mark_L4", "note_L1"}
    assert (bench.marks, saves_of(bench)) == ({}, 0)


@pytest.mark.parametrize(
    "body",
    [
        0,
        [],
        "x",
        {},
        {"key": KEY, "version": 1},
        {"key": KEY, "version": 1, "changes": {}},
        {"key": KEY, "version": 1, "changes": {"mark_L1": 30}},
        {"key": KEY, "version": 1, "changes": {"mark_L1": None}},
        {"key": KEY, "version": 1, "changes": [["mark_L1", "30"]]},
        {"key": KEY, "version": True, "changes": {"mark_L1": "30"}},
        {"key": KEY, "version": "1", "changes": {"mark_L1": "30"}},
        {"key": KEY, "version": 2**31, "changes": {"mark_L1": "30"}},
        {"key": KEY, "version": -1, "changes": {"mark_L1": "30"}},
        {"key": 7, "version": 1, "changes": {"mark_L1": "30"}},
        {"key": "", "version": 1, "changes": {"mark_L1": "30"}},
        {"key": "x" * 41, "version": 1, "changes": {"mark_L1": "30"}},
        {"key": KEY, "version": 1, "changes": {"mark_L9": "30"}},
        {"key": KEY, "version": 1, "changes": {"state": "submitted"}},
        {"key": KEY, "version": 1, "changes": {f"mark_{number}": "1" for number in range(101)}},
        {"key": KEY, "version": 1, "changes": {"mark_L1": "9" * 100_000}},
        {"key": KEY, "version": 1, "changes": {"remark": "x" * 100_000}},
    ],
    ids=lambda body: str(body)[:60],
)
def test_anything_else_is_refused_with_a_sentence(bench: Bench, body: Any) -> None:
    status, answer = send(bench.browser, f"{bench.url}/autosave", body)

    assert status == 422
    assert answer["error"]
    assert (bench.marks, saves_of(bench)) == ({}, 0)


def test_a_body_that_is_no_json_is_refused(bench: Bench) -> None:
    headers = {"X-CSRFToken": bench.browser.csrf_token(), "Content-Type": "application/json"}

    response = bench.browser.client.post(f"{bench.url}/autosave", data=b"\xff{", headers=headers)

    assert (response.status_code, response.is_json) == (422, True)


def test_control_characters_do_not_reach_the_database(bench: Bench) -> None:
    status, _answer = autosave(bench, {"note_L1": "a\x00b\x07c", "remark": "\u202eđẹp\x00"})

    assert (status, bench.stored.notes, bench.stored.remark) == (200, {"L1": "abc"}, "đẹp")


@pytest.mark.parametrize("state", [ContestState.REGISTRATION, ContestState.SCORED])
def test_nothing_is_saved_while_scoring_is_not_open(bench: Bench, state: ContestState) -> None:
    bench.move(state)

    status, answer = autosave(bench, {"mark_L1": "30"})

    assert (status, answer["error"]) == (409, "Không trong thời gian chấm điểm nên không thay đổi được điểm.")
    assert bench.marks == {}


def test_a_submitted_sheet_stays_as_it_is(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks=FULL, state=SheetState.SUBMITTED)

    status, answer = autosave(bench, {"mark_L1": "1"})

    assert (status, answer["error"]) == (409, "Phiếu đã nộp, không thể sửa nữa.")
    assert bench.marks == FULL


def test_another_judges_sheet_is_not_found(bench: Bench, world: World) -> None:
    other = world.sheet(world.judge(bench.contest), bench.entry)

    status, _answer = autosave(bench, {"mark_L1": "30"}, url=f"/judging/sheets/{other.id}/autosave")

    assert (status, world.marks_of(other)) == (404, {})


def test_who_is_not_a_judge_is_refused(bench: Bench, world: World) -> None:
    bench.browser.sign_out()
    bench.browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    assert autosave(bench, {"mark_L1": "30"})[0] == 403


def test_after_the_session_has_ended_the_script_is_told_and_nothing_is_saved(bench: Bench) -> None:
    bench.browser.sign_out()

    status, answer = autosave(bench, {"mark_L1": "30"})

    assert (status, answer["error"]) == (401, "Phiên đăng nhập đã hết.")
    assert bench.marks == {}


def test_without_the_sessions_token_nothing_is_saved(bench: Bench) -> None:
    body = {"key": KEY, "version": 1, "changes": {"mark_L1": "30"}}

    status, answer = send(bench.browser, f"{bench.url}/autosave", body, **{"X-CSRFToken": "x"})

    assert (status, bool(answer["error"]), bench.marks) == (400, True, {})


def test_the_keys_go_with_their_sheet(bench: Bench, world: World) -> None:
    autosave(bench, {"mark_L1": "30"})

    [kept] = world.all(select(SheetSave))

    assert (kept.sheet_id, kept.key, kept.version, len(kept.sha256)) == (bench.sheet.id, KEY, 2, 64)


def test_a_page_kept_on_the_device_learns_who_is_signed_in_and_the_token_of_the_session(bench: Bench) -> None:
    facts = bench.browser.client.get("/judging/session").get_json()
    token = facts.pop("csrf_token")

    assert facts == {"user": bench.user.id}
    body = {"key": KEY, "version": 1, "changes": {"mark_L1": "30"}}
    assert send(bench.browser, f"{bench.url}/autosave", body, **{"X-CSRFToken": token})[0] == 200


def test_pages_fetched_ahead_leave_the_session_alone(bench: Bench) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=30)):  # time to renew the cookie
        ahead = bench.browser.client.get(bench.url, headers={"X-Ahead": "1"})
        asked = bench.browser.client.get(bench.url)

    assert (ahead.headers.get("Set-Cookie"), asked.headers.get("Set-Cookie") is None) == (None, False)


@pytest.mark.parametrize(
    ("said", "forgotten"), [({"storage": "clear"}, '"cache", "storage"'), ({}, '"cache"')]
)
def test_signing_out_clears_a_devices_store_only_if_the_page_says_that_nothing_of_others_waits_there(
    bench: Bench, said: dict[str, str], forgotten: str
) -> None:
    page = bench.browser.client.post("/sign-out", data={"csrf_token": bench.browser.csrf_token(), **said})

    assert page.headers["Clear-Site-Data"] == forgotten


def test_a_device_knows_who_signed_in_last_also_when_the_session_has_ended(bench: Bench) -> None:
    def known() -> str:
        cookie = bench.browser.client.get_cookie("session-owner")
        assert cookie is not None
        return cookie.value

    first = known()
    bench.browser.client.delete_cookie("session")
    bench.browser.get("/sign-in")
    expired = known()
    bench.browser.sign_in(bench.user)
    bench.browser.sign_out()

    assert (first, expired, known()) == (str(bench.user.id), str(bench.user.id), "")


def test_a_session_from_before_it_said_whose_it_is_goes_on(bench: Bench) -> None:
    bench.browser.client.delete_cookie("session-owner")
    with bench.browser.client.session_transaction() as session:
        del session["owner"]

    page = bench.browser.get(bench.url)

    assert page.one("script[data-owner]")["data-owner"] == str(bench.user.id)
    assert bench.browser.client.get_cookie("session-owner") is None


def test_the_page_without_a_connection_names_nobody(bench: Bench) -> None:
    page = bench.browser.get("/judging/offline")

    assert bench.user.name not in page.get_text()
    assert page.select("[data-owner]") == []


def test_the_application_can_be_installed(bench: Bench) -> None:
    manifest = bench.browser.client.get("/judging/manifest.webmanifest")
    worker = bench.browser.client.get("/judging/service-worker.js")
    offline = bench.browser.get("/judging/offline")

    assert manifest.mimetype == "application/manifest+json"
    facts = manifest.get_json()
    assert (facts["start_url"], facts["display"], facts["lang"]) == ("/judging/", "standalone", "vi")
    assert [bench.browser.client.get(icon["src"]).mimetype for icon in facts["icons"]] == ["image/png"] * 2
    assert (worker.mimetype, worker.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert offline.one("h1").get_text() == "Không có kết nối"
