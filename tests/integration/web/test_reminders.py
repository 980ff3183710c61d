"""Reminding judges: choosing, drafts, the outbox, and who may see it."""

from dataclasses import replace
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.domain.mails import MailServer, MailState
from app.models import Mail
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.mails import Behind


@pytest.fixture
def behind(world: World) -> Behind:
    return Behind(world)


@pytest.fixture
def organiser(behind: Behind, browser: Browser) -> Browser:
    browser.sign_in(behind.organiser)
    return browser


@pytest.fixture
def with_server(app: Flask, settings: Settings) -> None:
    server = MailServer("127.0.0.1", 25, "binhchon@example.vn")
    app.extensions["binhchon_settings"] = replace(settings, mail=server)


def url(behind: Behind, page: str) -> str:
    return f"/contests/{behind.contest.id}/{page}"


def test_judges_who_are_behind_are_listed_with_counts_and_chosen_beforehand(
    behind: Behind, organiser: Browser
) -> None:
    page = organiser.get(url(behind, "reminders"))

    assert page.rows() == [
        ["Lê An an@example.vn", "1/2", "1", "0", "09:00 10/03/2026", "–"],
        ["Trần Bình binh@example.vn", "0/2", "0", "2", "–", "–"],
    ]
    assert len(page.select("input[name=to][checked]")) == 2


def test_drafts_are_written_changed_and_put_into_the_outbox(behind: Behind, organiser: Browser) -> None:
    an, binh = (judge.user_id for judge in behind.judges)
    address = url(behind, f"mails/write/reminder?to={an}&to={binh}")
    drafts = organiser.get(address).values()
    assert drafts[f"subject_{an}"] == "Nhắc nộp phiếu chấm điểm: còn 1/2 phiếu"
    assert f"http://binhchon.example.vn/judging/?contest={behind.contest.id}" in drafts[f"body_{an}"]
    assert "3000" not in drafts[f"body_{an}"]  # no mark

    organiser.post(address, drafts | {f"body_{an}": "Mời ông/bà nộp phiếu."})

    page = organiser.follow()
    assert page.flashes[0].startswith("Đã đưa 2 thư vào hộp thư đi.")
    assert [row[1] for row in page.rows()] == ["Chờ gửi", "Chờ gửi"]
    bodies = behind.world.all(select(Mail.body).order_by(Mail.user_id))
    assert bodies[0] == "Mời ông/bà nộp phiếu."


def test_what_is_refused_is_said_beside_the_field_and_nothing_typed_is_lost(
    behind: Behind, organiser: Browser
) -> None:
    an = behind.judges[0].user_id
    typed = {f"subject_{an}": "x" * 151, f"body_{an}": ""}

    page = organiser.post(url(behind, f"mails/write/reminder?to={an}"), typed, status=422)

    assert page.field_errors.keys() == {f"subject_{an}", f"body_{an}"}
    assert page.values()[f"subject_{an}"] == "x" * 151
    assert behind.states() == []


def test_a_line_break_in_a_subject_becomes_a_space(behind: Behind, organiser: Browser) -> None:
    an = behind.judges[0].user_id
    typed = {f"subject_{an}": "Nhắc\r\nBcc: all@example.vn", f"body_{an}": "Thư"}

    organiser.post(url(behind, f"mails/write/reminder?to={an}"), typed)

    assert behind.world.all(select(Mail.subject)) == ["Nhắc Bcc: all@example.vn"]


def test_a_second_reminder_within_a_day_asks_for_a_word(behind: Behind, organiser: Browser) -> None:
    an = behind.judges[0].user_id
    address = url(behind, f"mails/write/reminder?to={an}")
    typed = organiser.get(address).values()
    organiser.post(address, typed)

    page = organiser.get(url(behind, "reminders"))
    assert [str(box["value"]) for box in page.select("input[name=to][checked]")] == [
        str(behind.judges[1].user_id)
    ]
    refused = organiser.post(address, typed, status=422)
    assert refused.field_errors == {
        "confirmed": "Trong một ngày qua đã soạn thư cho: Lê An. Hãy xác nhận nếu vẫn muốn soạn thêm."
    }
    organiser.post(address, typed | {"confirmed": "y"})

    assert len(behind.states()) == 2


@pytest.mark.parametrize("wanted", ["", "?to=", "?to=0", "?to=abc", "?to=99999999999", "?to=-1"])
def test_whoever_chooses_nobody_is_asked_again(behind: Behind, organiser: Browser, wanted: str) -> None:
    organiser.get(url(behind, f"mails/write/reminder{wanted}"), status=303)

    assert organiser.get(url(behind, "reminders")).flashes == ["Hãy chọn ít nhất một người."]


def test_without_a_mail_server_messages_are_sent_by_hand(behind: Behind, organiser: Browser) -> None:
    [mail] = behind.queue(behind.letter(subject="Nhắc & mời", body="Dòng một\nDòng hai?"))
    outbox = organiser.get(url(behind, "mails"))
    assert "chưa được cài đặt máy chủ thư" in squeeze(outbox.select_one(".alert-warning"))
    assert outbox.select(f"form[action$='/mails/{mail.id}/send']") == []

    page = organiser.get(url(behind, f"mails/{mail.id}"))
    link = str(page.one("a[href^='mailto:']")["href"])
    assert unquote(link) == "mailto:an@example.vn?subject=Nhắc & mời&body=Dòng một\r\nDòng hai?"
    assert "&subject" not in link.partition("?")[2]
    organiser.post(url(behind, f"mails/{mail.id}/send"))
    assert behind.states() == [MailState.QUEUED]
    organiser.post(url(behind, f"mails/{mail.id}/tick-off"))

    assert behind.states() == [MailState.BY_HAND]


def test_a_message_is_read_sent_and_not_sent_again(
    behind: Behind, organiser: Browser, with_server: None
) -> None:
    [mail] = behind.queue(behind.letter(body="Mời ông/bà nộp phiếu."))
    page = organiser.get(url(behind, f"mails/{mail.id}"))
    assert page.one("#letter").get_text() == "\nMời ông/bà nộp phiếu."

    organiser.post(url(behind, f"mails/{mail.id}/send"))
    organiser.post(url(behind, f"mails/{mail.id}/send"))

    assert behind.states() == [MailState.SENDING]
    assert organiser.follow().flashes == ["Thư này đang gửi, đã gửi hoặc đã hủy; hãy tải lại trang."]


def test_all_that_wait_are_sent_but_for_those_needed_no_more(
    behind: Behind, organiser: Browser, with_server: None
) -> None:
    behind.queue(behind.letter(0), behind.letter(1))
    behind.finish(0)

    organiser.post(url(behind, "mails/send"))

    assert organiser.follow().flashes == [
        "1 thư đang được gửi.",
        "Lê An đã nộp đủ phiếu, không cần nhắc nữa.",
    ]
    assert behind.states() == [MailState.QUEUED, MailState.SENDING]


def test_the_head_of_jury_tells_the_organiser(behind: Behind, browser: Browser) -> None:
    browser.sign_in(behind.world.user_of(behind.head.user_id))
    desk = browser.get(f"/judging/contests/{behind.contest.id}/sheets")
    assert [squeeze(badge) for badge in desk.select(".task-list .badge")] == [
        "không còn sản phẩm nào",
        "2 giám khảo còn phiếu chưa nộp",
        "không có thư chờ",
        "chưa thể kết thúc",
    ]

    address = url(behind, "mails/write/ready")
    browser.post(address, browser.get(address).values())

    [mail] = behind.world.all(select(Mail))
    assert mail.address == behind.organiser.email
    assert "Ban giám khảo đã nộp 2/5 phiếu chấm điểm." in mail.body


@pytest.mark.parametrize(
    "page", ["reminders", "mails", "mails/live", "mails/1", "mails/write/reminder", "mails/write/ready"]
)
def test_nobody_else_finds_these_pages(behind: Behind, browser: Browser, page: str) -> None:
    behind.queue()
    browser.sign_in(behind.world.organiser(behind.world.territory("Quảng Ninh")))
    browser.get(url(behind, page), status=404)
    browser.sign_out()
    browser.sign_in(behind.world.user_of(behind.judges[0].user_id))
    browser.get(url(behind, page), status=403)


def test_a_message_of_another_contest_is_not_found(behind: Behind, organiser: Browser) -> None:
    [mail] = behind.queue()
    other = behind.world.contest()

    organiser.get(f"/contests/{other.id}/mails/{mail.id}", status=404)
    organiser.post(f"/contests/{other.id}/mails/{mail.id}/cancel", status=404)

    assert behind.states() == [MailState.QUEUED]


def test_the_organiser_does_not_speak_for_the_head_of_jury(behind: Behind, organiser: Browser) -> None:
    organiser.get(url(behind, "mails/write/ready"), status=404)
