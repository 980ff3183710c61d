"""A judge at the grid: by keyboard, with a block pasted from a spreadsheet, from two devices, without a server."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.desks import SAVED, Desk, answered

# Whether something else lies over the middle of what is focused.
COVERED = """() => {
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return focused.closest(".grid-wrap") && !(over && (focused.contains(over) || over.contains(focused)));
}"""
HOSTILE = "\n".join(f"{row}\t<img src=x onerror=alert(1)>\t=1+1" for row in range(10_000))


def open_grid(desk: Desk) -> Page:
    desk.page.goto("/judging/grid")
    expect(desk.page.locator("form.saves-itself")).to_be_visible()
    return desk.page


def cell(desk: Desk, number: int, code: str) -> Any:
    return desk.page.locator(f"[id='s{desk.sheets[number].id}-mark_{code}']")


def paste(page: Page, text: str) -> None:
    """As the browser does it when a block was copied from a spreadsheet."""
    page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            clipboardData.setData("text/html", "<table><tr><td>99</td></tr></table>");
            const pasted = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(pasted);
        }""",
        text,
    )


def test_three_products_are_scored_and_submitted_by_keyboard_alone(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of(3)
    page = open_grid(desk)

    desk.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    desk.press("Escape", "3", "0")
    expect(cell(desk, 0, "L1")).to_be_focused()
    for text in ("31", "32"):
        desk.press("Enter", *text)
    desk.press("ArrowDown", *"20", "ArrowDown", *"21", "Enter", *"22")
    desk.press(
        "ArrowUp", "ArrowUp", "ArrowRight", *"8,5", "Home", "ArrowLeft", "ArrowRight", "ArrowRight", *"9"
    )
    expect(page.locator("#complete")).to_have_text("Đủ điểm: 1/3 phiếu")
    desk.press("ArrowDown", "Tab", "Shift+Tab", *"41")
    desk.press("Control+Enter")
    expect(page.locator(".field-error:visible")).to_have_text("41 vượt điểm tối đa 10.")
    expect(page.locator("#save-state")).to_have_text("Chưa lưu – cần sửa, còn 1 ô")
    expect(cell(desk, 1, "L4")).to_be_focused()
    desk.person.check()
    desk.type("10")
    desk.press("Control+Enter")
    page.wait_for_url("**/judging/check?*")
    page.get_by_role("checkbox").focus()
    desk.press("Tab", "Tab", "Enter")
    page.wait_for_url("**/judging/receipts?*")

    marks = [desk.marks(number) for number in range(3)]
    assert marks == [
        {"L1": 3000, "L2": 2000, "L3": 850, "L4": 900},
        {"L1": 3100, "L2": 2100, "L4": 1000},
        {"L1": 3200, "L2": 2200},
    ]
    expect(page.get_by_role("heading", name="1 phiếu đã nộp")).to_be_visible()
    desk.person.check()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("pastes", [False, True])
def test_no_cell_is_focused_behind_the_heads_or_the_bar(
    desk_of: Callable[..., Desk], width: int, pastes: bool
) -> None:
    desk = desk_of(12, viewport={"width": width, "height": 640})
    page = open_grid(desk)
    cell(desk, 0, "L1").focus()
    if pastes:
        paste(page, "\n".join("30\t41" for _row in range(14)))
        expect(page.locator("#paste")).to_be_visible()
        cell(desk, 0, "L1").focus()
    covered = []

    for key in ["Tab"] * 60 + ["Shift+Tab"] * 60:
        page.keyboard.press(key)
        if page.evaluate(COVERED):
            covered.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))

    assert covered == []


def test_a_pasted_block_is_shown_first_then_filled_in_and_can_be_undone(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of(4)
    desk.world.submitted(desk.world.judge(desk.contest), desk.world.entry(desk.contest))
    page = open_grid(desk)
    cell(desk, 1, "L1").focus()

    paste(page, "30,5\t41\t8.5\tx\t1\r\n\t12\t\t9\r\n28\t\t\t\r\n1\t2\r\n")
    expect(page.locator("#paste-said")).to_have_text(
        "5 ô sẽ thay đổi. 1 dòng vượt quá cuối bảng. 1 cột vượt quá tiêu chí cuối cùng."
    )
    wrong = [
        "B-02, Tiêu chí về kinh tế - kỹ thuật - xã hội và môi trường: 41 vượt điểm tối đa 40.",
        "B-02, Một số tiêu chí khác: “x” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    ]
    expect(page.locator("#paste li")).to_have_text(wrong)
    expect(page.get_by_role("button", name="Điền vào bảng")).to_be_focused()
    expect(page.locator(".is-to-change")).to_have_count(5)
    expect(cell(desk, 1, "L1")).to_be_in_viewport()
    desk.person.check()
    desk.requests.clear()
    desk.press("Enter")
    expect(page.locator(".is-to-change")).to_have_count(0)
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")
    assert [desk.marks(number) for number in range(4)] == [
        {},
        {"L1": 3050, "L3": 850},
        {"L2": 1200, "L4": 900},
        {"L1": 2800},
    ]
    assert sum("autosave" in request for request in desk.requests) == 3
    desk.press("Control+z")
    expect(page.locator("#paste-said")).to_have_text("Đã hoàn tác việc dán.")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")
    assert [desk.marks(number) for number in range(4)] == [{}, {}, {}, {}]


def test_what_a_block_may_hold_is_bounded(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of(2)
    page = open_grid(desk)
    cell(desk, 0, "L1").focus()

    paste(page, HOSTILE)
    expect(page.locator("#paste-said")).to_contain_text("2 ô sẽ thay đổi. 998 dòng vượt quá cuối bảng.")
    expect(page.locator("#paste-said")).to_contain_text("Chỉ đọc 1000 dòng đầu.")
    assert page.locator("#paste img").count() == 0
    desk.press("Escape")
    expect(cell(desk, 0, "L1")).to_be_focused()
    paste(page, "9\t" * 600_000)
    expect(page.locator("#paste-said")).to_have_text(
        "Nội dung dán quá lớn nên không đọc được: tối đa 1000000 ký tự."
    )
    desk.press("Enter")
    paste(page, '"' * 300_001 + "\t1\n" + '"8\n"\t5')
    expect(page.locator("#paste-said")).to_have_text("3 ô sẽ thay đổi.")
    expect(page.locator("#paste li")).to_have_count(1)
    desk.press("Escape")
    paste(page, "7")
    expect(page.locator("#paste")).to_be_hidden()
    assert [desk.marks(number) for number in range(2)] == [{}, {}]


@pytest.mark.parametrize("numbered", [False, True])
def test_rows_are_found_by_their_codes_beside_numbers_of_rows_too(
    desk_of: Callable[..., Desk], numbered: bool
) -> None:
    desk = desk_of(3)
    page = open_grid(desk)
    cell(desk, 0, "L2").focus()

    block = [
        "Mã số\tTên\tĐiểm",
        "b-03\tTrà sen số 3\t7\t8,5",
        "B-01\tTRÀ SEN SỐ 1\t6,5",
        "B-09\t\t5",
        "B-01\t\t4",
    ]
    paste(
        page, "\n".join(f"{number or 'STT'}\t{row}" if numbered else row for number, row in enumerate(block))
    )
    expect(page.locator("#paste-said")).to_have_text("3 ô sẽ thay đổi.")
    expect(page.locator("#paste li")).to_have_text(
        [
            "Dòng dán thứ 1: không có sản phẩm mang mã “Mã số” trong bảng này",
            "Dòng dán thứ 4: không có sản phẩm mang mã “B-09” trong bảng này",
            "Dòng dán thứ 5: mã “B-01” xuất hiện hai lần",
        ]
    )
    desk.press("Enter")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert [desk.marks(number) for number in range(3)] == [{"L2": 650}, {}, {"L2": 700, "L3": 850}]


def test_the_click_after_a_mark_that_cannot_stand_reaches_what_was_clicked(
    desk_of: Callable[..., Desk],
) -> None:
    desk = desk_of(3)
    page = open_grid(desk)
    asked = answered(page, leave=True)

    cell(desk, 0, "L1").focus()
    desk.type("400")
    box = page.get_by_role("link", name="Trà sen số 2").bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.wait_for_timeout(100)  # as long as a finger takes
    page.mouse.up()
    page.wait_for_url(f"**/sheets/{desk.sheets[1].id}")

    assert asked == ["beforeunload"]


def test_leaving_the_grid_with_a_mark_that_cannot_stand_asks_first(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of(2)
    page = open_grid(desk)
    asked = answered(page, leave=False)

    cell(desk, 0, "L1").focus()
    desk.type("400")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Thống kê").click(no_wait_after=True)

    expect(cell(desk, 0, "L1")).to_have_value("400")
    expect(page.locator(".field-error:visible")).to_have_text("400 vượt điểm tối đa 40.")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("first", ["TRA SEN số 1", "Trà sen loại 1"])
def test_names_are_never_taken_for_marks_and_a_row_with_another_name_is_left_out(
    desk_of: Callable[..., Desk], first: str
) -> None:
    desk = desk_of(4)
    page = open_grid(desk)
    cell(desk, 0, "L1").focus()

    paste(page, f"B-01\t{first}\t30\t31\nB-02\tTrà sen\t32\t33\nB-03\t\t34\t35\n")
    left_out = [
        f"Dòng dán thứ {number}: B-0{number} là “Trà sen số {number}”, không phải “{name}”. "
        "Hãy kiểm tra xem các hàng có bị xáo trộn không."
        for number, name in ((1, first), (2, "Trà sen"), (3, "–"))
    ]
    is_ours = first == "TRA SEN số 1"
    expect(page.locator("#paste li")).to_have_text(left_out[1:] if is_ours else left_out)
    expect(page.locator("#paste-said")).to_have_text(f"{2 if is_ours else 0} ô sẽ thay đổi.")
    desk.person.check()
    desk.press("Enter")
    cell(desk, 3, "L1").focus()
    desk.type("7")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    saved = [desk.marks(number) for number in range(4)]
    assert saved == [{"L1": 3000, "L2": 3100} if is_ours else {}, {}, {}, {"L1": 700}]


@pytest.mark.parametrize("beside", ["B-0{}\tTrà sen số {}\t", "Trà sen số {}\t"])
def test_a_further_column_of_text_moves_no_mark_to_another_criterion(
    desk_of: Callable[..., Desk], beside: str
) -> None:
    desk = desk_of(2)
    page = open_grid(desk)
    cell(desk, 0, "L1").focus()

    paste(page, "".join(f"{beside.format(n, n)}HTX Sen Vàng\t30\t31\n" for n in (1, 2)))

    said = "Dòng dán thứ 1: “{}” và các ô bên dưới không phải là điểm: chỉ sao chép mã số, tên và điểm"
    first = "HTX Sen Vàng" if beside.startswith("B") else "Trà sen số 1"
    expect(page.locator("#paste li")).to_have_text([said.format(first)])
    expect(page.get_by_role("button", name="Điền vào bảng")).to_have_count(0)
    desk.person.check()


def test_a_remark_that_cannot_stand_is_named_in_its_row_and_corrected_on_the_sheet(
    desk_of: Callable[..., Desk],
) -> None:
    desk = desk_of()
    page = desk.open()
    page.locator("#remark").fill("x" * 2001)
    desk.wait_for_records("all.some(one => one.open.remark)")

    open_grid(desk)
    expect(page.locator("th .field-error")).to_have_text(
        "Nhận xét về sản phẩm: Tối đa 2000 ký tự; hiện có 2001."
    )
    expect(page.locator("#save-state")).to_have_text("Chưa lưu – cần sửa, còn 1 ô")
    desk.press("Control+Enter")
    expect(page.get_by_role("link", name="Trà sen số 1")).to_be_focused()
    desk.person.check()
    desk.press("Enter")
    page.wait_for_url("**/sheets/*")

    expect(page.locator("#remark")).to_have_value("x" * 2001)


def test_a_row_saved_on_another_device_asks_for_a_choice_and_the_other_rows_are_saved(
    desk_of: Callable[..., Desk],
) -> None:
    tablet = desk_of(2)
    laptop = desk_of(at=tablet)
    page = open_grid(tablet)
    laptop.open()
    laptop.type("30")
    expect(laptop.page.locator(SAVED)).to_contain_text("Đã lưu")

    cell(tablet, 0, "L1").focus()
    tablet.press(*"35", "Enter", *"12")
    expect(page.locator("#save-state")).to_have_text("Chưa lưu – đã được lưu ở nơi khác, còn 1 ô Chọn")
    expect(cell(tablet, 1, "L1")).to_be_focused()
    expect(
        page.get_by_role("heading", name="B-01 Trà sen số 1: Phiếu này vừa được lưu ở nơi khác")
    ).to_be_visible()
    tablet.person.check()
    tablet.press("Enter", *"9")
    assert [tablet.marks(number) for number in range(2)] == [{"L1": 3000}, {"L1": 1200}]
    page.locator("#save-state a").click()
    page.get_by_label("Nhập ở đây: 35").check()
    page.get_by_role("button", name="Lưu phần đã chọn").click()
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert [tablet.marks(number) for number in range(2)] == [{"L1": 3500, "L2": 900}, {"L1": 1200}]


def test_rows_typed_without_a_server_are_kept_through_a_reload_and_saved_once_it_is_back(
    desk_of: Callable[..., Desk],
) -> None:
    desk = desk_of(6)
    page = open_grid(desk)
    held: list[Route] = []
    isolated = Event()
    page.route("**/autosave", lambda route: route.abort() if isolated.is_set() else held.append(route))
    cell(desk, 0, "L1").focus()
    paste(page, "\n".join(f"{number}\t5" for number in range(1, 7)))
    desk.press("Enter")
    desk.wait_for_records("all.length === 6 && all.every(one => one.sealed)")
    isolated.set()
    for route in held:
        route.abort()
    expect(page.locator("#save-state")).to_have_text("Chưa lưu – đang ngoại tuyến, còn 12 ô")
    assert len({line for line in desk.requests if line.endswith("/autosave")}) == 4

    page.reload()
    expect(page.locator("#save-state")).to_have_text("Chưa lưu – đang ngoại tuyến, còn 12 ô")
    expect(cell(desk, 5, "L1")).to_have_value("6")
    page.unroute("**/autosave")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert [desk.marks(number) for number in range(6)] == [
        {"L1": 100 * number, "L2": 500} for number in range(1, 7)
    ]
    assert [desk.saves(number) for number in range(6)] == [1] * 6
