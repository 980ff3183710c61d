"""A judge at the desk: by keyboard, from two devices, with marks that cannot stand."""

import re
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.domain.vietnamese import normalise_lines
from app.models import ScoreSheet
from tests.desks import SAVED, Desk, answered
from tests.judging import NO_MARKS


def test_a_mark_is_saved_by_itself_and_only_then_called_saved(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()

    desk.type("32,5")
    expect(page.locator("#save-state")).to_have_text("Đang lưu…")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert desk.marks() == {"L1": 3250}
    expect(page.locator("#total")).to_have_text("32,5")
    expect(page.locator("#missing")).to_have_text("còn 3 tiêu chí chưa chấm")
    desk.person.check()


@pytest.mark.slow
def test_twenty_products_are_scored_by_keyboard_alone(
    desk_of: Callable[..., Desk], capsys: pytest.CaptureFixture[str]
) -> None:
    desk = desk_of(20)
    page = desk.page
    page.goto("/judging/")
    page.get_by_role("link", name="Chấm sản phẩm tiếp theo").focus()
    desk.requests.clear()
    desk.press("Enter")

    for number in range(20):
        page.wait_for_url(f"**/sheets/{desk.sheets[number].id}")
        expect(page.locator("form.saves-itself")).to_be_visible()
        desk.type(f"3{number % 10}")
        desk.press("Enter")
        desk.type("32")
        desk.press("ArrowDown")
        desk.type("8,5")
        desk.press("Enter")
        desk.type("9")
        desk.press("Control+Enter")
    page.wait_for_url(f"**/sheets/{desk.sheets[0].id}")
    expect(page.locator(SAVED)).to_be_visible()

    expected = [{"L1": 3000 + 100 * (number % 10), "L2": 3200, "L3": 850, "L4": 900} for number in range(20)]
    assert [desk.marks(number) for number in range(20)] == expected
    own = [request for request in desk.requests if "/static/" not in request and "/files/" not in request]
    saves = sum("autosave" in request for request in own)
    with capsys.disabled():
        sys.stdout.write(
            f"\n20 products, 4 criteria: {desk.keys} keystrokes, {len(own)} requests, {saves} saves\n"
        )
    assert desk.keys == 1 + 20 * 12


def test_the_later_save_of_a_stale_sheet_shows_both_values_and_overwrites_nothing(
    desk_of: Callable[..., Desk],
) -> None:
    tablet = desk_of()
    laptop = desk_of(at=tablet)
    tablet.open()
    laptop.open()
    laptop.type("30")
    expect(laptop.page.locator(SAVED)).to_contain_text("Đã lưu")

    tablet.type("35")
    expect(tablet.page.get_by_role("heading", name="Phiếu này vừa được lưu ở nơi khác")).to_be_visible()

    assert tablet.marks() == {"L1": 3000}
    expect(tablet.page.locator("#save-state")).to_have_text("Chưa lưu – đã được lưu ở nơi khác, còn 1 ô")
    tablet.person.check()
    tablet.page.get_by_label("Nhập ở đây: 35").check()
    tablet.page.get_by_role("button", name="Lưu phần đã chọn").click()
    expect(tablet.page.locator(SAVED)).to_contain_text("Đã lưu")
    assert tablet.marks() == {"L1": 3500}


def test_a_value_of_the_other_device_can_be_kept(desk_of: Callable[..., Desk]) -> None:
    tablet = desk_of()
    laptop = desk_of(at=tablet)
    tablet.open()
    laptop.open()
    laptop.type("30")
    laptop.press("Enter")
    laptop.type("31")
    expect(laptop.page.locator(SAVED)).to_contain_text("Đã lưu")

    tablet.type("35")
    page = tablet.page
    expect(page.get_by_text("Cũng được sửa ở nơi khác")).to_contain_text("từ – thành 31")
    page.get_by_label("Đã lưu ở nơi khác: 30").check()
    page.get_by_role("button", name="Lưu phần đã chọn").click()
    expect(page.locator("#mark_L1")).to_have_value("30")
    expect(page.locator("#mark_L2")).to_have_value("31")

    assert tablet.marks() == {"L1": 3000, "L2": 3100}
    assert tablet.saves() == laptop.saves()


def test_a_sheet_that_was_given_to_somebody_else_is_called_that(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()
    other = desk.world.judge(desk.contest)
    with desk.world.session() as session:
        session.get_one(ScoreSheet, desk.sheets[0].id).judge_id = other.id

    desk.type("25")

    expect(page.locator("#save-state")).to_have_text("Chưa lưu. Phiếu này không còn được giao cho bạn.")
    expect(page.locator("#two-versions")).to_contain_text("Phiếu này không còn được giao cho bạn.")
    expect(page.locator("#two-versions dd")).to_have_text("25")
    desk.person.check()


def test_a_mark_that_cannot_stand_is_refused_where_it_was_typed_and_the_rest_is_saved(
    desk_of: Callable[..., Desk],
) -> None:
    desk = desk_of()
    page = desk.open()

    for text in ("41", "8.3", "7,5"):  # at once: of what is typed slowly, the beginning is saved
        page.keyboard.insert_text(text)
        desk.press("Enter")

    expect(page.locator("#save-state")).to_have_text("Chưa lưu – cần sửa, còn 2 ô")
    expect(page.locator("#mark_L1-fault")).to_have_text("41 vượt điểm tối đa 40.")
    expect(page.locator("#mark_L2-fault")).to_have_text("Nhập điểm theo bước 0,5.")
    assert desk.marks() == {"L3": 750}
    desk.person.check()


def test_the_desk_says_of_what_is_no_mark_what_the_server_would_say(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()
    said = {}

    for text in NO_MARKS:
        page.locator("#mark_L1").fill(text)
        page.locator("#mark_L2").focus()
        said[text] = page.locator("#mark_L1-fault").text_content()

    assert said == NO_MARKS
    expect(page.locator("#save-state")).to_have_text("Chưa lưu – cần sửa, còn 1 ô")
    assert desk.marks() == {}
    desk.person.check()


TO_CORRECT = "Chưa lưu – cần sửa, còn 1 ô"


@pytest.mark.parametrize("noticed_by", ["page", "server"])
@pytest.mark.parametrize(("name", "most"), [("remark", 2000), ("note_L2", 500)])
def test_a_text_that_is_too_long_is_not_called_saved_and_is_kept_until_it_is_shorter(
    desk_of: Callable[..., Desk], name: str, most: int, noticed_by: str
) -> None:
    desk = desk_of()
    page = desk.open()
    text = page.locator(f"#{name}")
    if noticed_by == "server":
        text.evaluate("field => field.dataset.most = 9999")
    for mark in ("30", "31", "8", "9"):
        desk.type(mark)
        desk.press("Enter")
    page.locator("details:has(#note_L2) summary").last.click()

    text.fill("x" * most + "y")
    expect(page.locator("#save-state")).to_have_text(TO_CORRECT)
    page.get_by_role("button", name="Kiểm tra và nộp").click()
    expect(text).to_be_focused()
    expect(page.get_by_text(f"Tối đa {most} ký tự; hiện có {most + 1}.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/sheets/\d+$"))
    desk.person.check()
    page.reload()
    expect(page.locator("#save-state")).to_have_text(TO_CORRECT)
    expect(text).to_have_value("x" * most + "y")
    text.fill("x" * most)
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    with desk.world.session() as session:
        sheet = session.get_one(ScoreSheet, desk.sheets[0].id)
        assert sheet.notes.get("L2", sheet.remark) == "x" * most
    assert desk.marks() == {"L1": 3000, "L2": 3100, "L3": 800, "L4": 900}
    desk.wait_for_records("all.length === 0")


def test_nobody_goes_on_from_a_mark_that_cannot_stand_without_being_told(
    desk_of: Callable[..., Desk],
) -> None:
    desk = desk_of(2)
    page = desk.open()
    asked = answered(page, leave=False)
    mark, fault = page.locator("#mark_L1"), page.locator("#mark_L1-fault")
    desk.type("35")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    desk.type("5")
    expect(page.locator("#save-state")).to_have_text(TO_CORRECT)
    expect(fault).to_be_hidden()
    desk.press("Control+Enter")
    expect(fault).to_have_text("355 vượt điểm tối đa 40.")
    expect(mark).to_be_focused()
    page.get_by_role("button", name="Lưu và sang phiếu sau").click()
    expect(mark).to_be_focused()
    assert asked == []
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Thống kê").click(no_wait_after=True)
    expect(mark).to_have_value("355")
    assert (asked, desk.marks()) == (["beforeunload"], {"L1": 3500})

    mark.fill("36")
    desk.press("Control+Enter")
    page.wait_for_url(f"**/sheets/{desk.sheets[1].id}")
    assert desk.marks() == {"L1": 3600}


def test_the_desk_counts_a_text_as_the_server_stores_it(desk_of: Callable[..., Desk]) -> None:
    page = desk_of().open()
    texts = [
        "  Trà \t sen\xa0 ",
        "\u200b",
        "e\u0302\u0301 o\u031b",
        "a\r\n\r\n\r\n\r\nb\u2028c\n\n",
        "\ufeffx\u2800\x00y\x85z",
        "🍵 \U000e0001",
    ]

    stored = page.evaluate("texts => texts.map(deskFields.stored)", texts)

    assert stored == [normalise_lines(text) for text in texts]


SLOW_DISK = """(() => {
  const open = IDBFactory.prototype.open;
  const answered = new Promise((answer) => (window.letTheDiskAnswer = answer));
  IDBFactory.prototype.open = function (...named) {
    const request = open.apply(this, named);
    Object.defineProperty(request, "onsuccess", {
      set: (then) => request.addEventListener("success", (event) => answered.then(() => then(event))),
    });
    return request;
  };
})()"""


@pytest.mark.parametrize("first", ["41", "30"])
def test_what_is_typed_before_saving_has_begun_stays_where_it_was_typed(
    desk_of: Callable[..., Desk], first: str
) -> None:
    desk = desk_of()
    desk.person.context.add_init_script(SLOW_DISK)
    page = desk.open()

    page.keyboard.insert_text(first)
    page.evaluate("letTheDiskAnswer()")
    expect(page.locator("form.saves-itself")).to_be_attached()
    desk.press("Enter")
    with page.expect_response(lambda answer: "mark_L2" in (answer.request.post_data or "")):
        page.keyboard.insert_text("31")

    shown = [page.locator(f"#mark_L{number}").input_value() for number in (1, 2, 3)]
    assert shown == [first, "31", ""]
    assert desk.marks() == ({"L2": 3100} if first == "41" else {"L1": 3000, "L2": 3100})


def test_steppers_and_quick_marks_keep_to_the_scale(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()

    page.get_by_role("button", name="10 điểm: Một số tiêu chí khác").click()
    page.get_by_role("button", name="Thêm một bước điểm: Một số tiêu chí khác").click()
    page.get_by_role("button", name="Bớt một bước điểm: Tiêu chí về tính văn hóa, tính thẩm mỹ").click()
    page.locator("#mark_L1").focus()
    desk.press("0", "+", "+", "-", "+")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert desk.marks() == {"L1": 100, "L3": 0, "L4": 1000}


def test_a_sign_before_a_mark_is_a_sign_and_a_digit_after_a_step_takes_its_place(
    desk_of: Callable[..., Desk],
) -> None:
    desk = desk_of()
    page = desk.open()

    desk.type("-1")
    desk.press("Enter")
    desk.type("+5")
    desk.press("Enter")
    desk.type("7+")
    expect(page.locator("#mark_L3")).to_have_value("7,5")
    desk.type("8")
    desk.press("Enter")
    expect(page.locator("#save-state")).to_have_text("Chưa lưu – cần sửa, còn 2 ô")

    expect(page.locator("#mark_L1-fault")).to_have_text("Nhập điểm từ 0 trở lên.")
    expect(page.locator("#mark_L2-fault")).to_have_text("“+5” không phải là số. Hãy nhập điểm, ví dụ 8,5.")
    assert desk.marks() == {"L3": 800}


def test_keys_are_listed_and_nothing_is_captured_while_text_is_typed(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()
    page.locator("#remark").focus()

    desk.type("Sao 8? +1")
    desk.press("Enter", "ArrowDown")
    expect(page.locator("#remark")).to_have_value("Sao 8? +1\n")
    page.locator("h1").click()
    desk.press("?")

    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    desk.person.check()
    desk.press("Escape", "3", "6")
    expect(page.locator("#mark_L1")).to_have_value("36")
