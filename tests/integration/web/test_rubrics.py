"""Rubrics as pages: listed, copied, written line by line, refused where they do not add up, put to use, ended."""

import pytest
from sqlalchemy import func, select

from app.domain.errors import InvalidInput
from app.domain.rubrics import RubricState
from app.models import Contest, LedgerEvent, RubricVersion
from app.queries.levels import levels_of
from app.services.usual_rules import rubric_in_force
from tests.browsing import Browser, Page, squeeze
from tests.builders import World
from tests.queries import count_queries

LIST = "/contests/rubrics/"


@pytest.fixture
def organiser(world: World, browser: Browser) -> Browser:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    return browser


def copied(world: World, browser: Browser, code: str = "tt26-2014") -> RubricVersion:
    """A draft of one's own."""
    source = world.rubric(code)
    browser.post(f"{LIST}{source.id}/copy", browser.get(f"{LIST}{source.id}").values("form[action$=copy]"))
    return newest(world)


def newest(world: World) -> RubricVersion:
    found: RubricVersion = world.all(select(RubricVersion).order_by(RubricVersion.id.desc()))[0]
    return world.rubric(found.code)


def address(rubric: RubricVersion) -> str:
    return f"{LIST}{rubric.id}/edit"


def send(
    browser: Browser,
    rubric: RubricVersion,
    typed: dict[str, str] | None = None,
    status: int = 303,
    **changes: str,
) -> Page:
    values = browser.get(address(rubric)).values("main form")
    return browser.post(address(rubric), values | {"act": "save"} | (typed or {}) | changes, status=status)


def line(row: str, marks: str, name: str = "Doanh thu") -> dict[str, str]:
    """What is typed for one line: row "L1_1", marks "8 8 10 8" by group, "-" for none."""
    typed = {f"vi_{row}": name, f"en_{row}": f"{name} in English"}
    groups = zip("ABCD", marks.split(), strict=True)
    return typed | {f"max_{row}_{group}": "" if mark == "-" else mark for group, mark in groups}


def test_the_list_shows_the_laws_sheet_first_and_ones_own(world: World, organiser: Browser) -> None:
    copied(world, organiser)

    assert [(row[1], row[2]) for row in organiser.get(LIST).rows()] == [
        ("Tất cả", "Đang dùng"),
        ("Tất cả", "Đang dùng"),
        ("Tỉnh Lâm Đồng", "Đang soạn"),
    ]


def test_the_list_asks_the_database_the_same_for_one_copy_and_for_three(
    world: World, organiser: Browser
) -> None:
    counts = []
    for copies in (1, 2):
        for _copy in range(copies):
            copied(world, organiser)
        with count_queries(organiser.app.extensions["binhchon_engine"]) as sent:
            organiser.get(LIST)
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_a_sheet_is_shown_with_both_levels_and_the_marks_of_every_group(
    world: World, organiser: Browser
) -> None:
    page = organiser.get(f"{LIST}{world.rubric('de-xuat-2026').id}")

    rows = page.rows("table.sheet-lines")
    assert rows[0][0] == "L1"
    assert rows[0][2:] == ["40", "40", "40", "40"]
    assert rows[1][0] == "L1.1"
    assert rows[1][2:] == ["8", "10", "10", "10"]
    assert len(rows) == 4 + 17
    assert page.select("a[href$=edit], form[action$=end]") == []


def test_a_copy_is_a_draft_of_ones_own_with_every_line(world: World, organiser: Browser) -> None:
    source = world.rubric("de-xuat-2026")

    copy = copied(world, organiser, "de-xuat-2026")

    assert levels_of(copy) == levels_of(source)
    assert (copy.state, copy.based_on_id, copy.code) == (RubricState.DRAFT, source.id, "lam-dong-tc-1")
    assert copy.territory_id == world.territory("Lâm Đồng").id
    assert organiser.location.endswith(address(copy))


def test_a_draft_saved_as_it_is_keeps_its_lines(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser, "de-xuat-2026")

    send(organiser, copy)

    saved = newest(world)
    rules = (levels_of(copy), levels_of(saved))
    assert rules[0][0] == rules[1][0]
    assert {(row.code, row.name_vi, row.max_mark) for row in rules[0][1]} == {
        (row.code, row.name_vi, row.max_mark) for row in rules[1][1]
    }
    assert saved.version == 2


def test_lines_are_written_and_read_back(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser)
    typed = line("L1_1", "40 25,5 - 40") | {"guide_vi_L1_1": "Xem báo cáo\nthuế."}

    send(organiser, copy, typed, name_vi="Bộ tiêu chí Lâm Đồng", legal_basis="Quyết định 12/QĐ-SCT")

    saved = newest(world)
    _criteria, lines = levels_of(saved)
    assert (saved.name_vi, saved.legal_basis) == ("Bộ tiêu chí Lâm Đồng", "Quyết định 12/QĐ-SCT")
    assert [(row.code, row.group, row.max_mark, row.guidance_vi) for row in lines] == [
        ("L1.1", "A", 4000, "Xem báo cáo\nthuế."),
        ("L1.1", "B", 2550, "Xem báo cáo\nthuế."),
        ("L1.1", "D", 4000, "Xem báo cáo\nthuế."),
    ]
    values = organiser.follow().values("main form")
    assert [values[f"max_L1_1_{group}"] for group in "ABCD"] == ["40", "25,5", "", "40"]


def test_adding_a_line_keeps_what_was_typed_and_stores_nothing(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser)

    page = send(organiser, copy, line("L2_1", "40 40 40 40", "Tay nghề"), 200, act="add-L2")

    values = page.values("main form")
    assert (values["vi_L2_1"], values["rows_L2"], values["vi_L2_2"]) == ("Tay nghề", "2", "")
    assert newest(world).version == 1


def test_a_line_that_was_emptied_is_gone_and_those_below_move_up(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser)
    two = {"rows_L1": "2"} | line("L1_1", "10 10 10 10") | line("L1_2", "30 30 30 30", "Xuất khẩu")
    send(organiser, copy, two)

    send(organiser, copy, line("L1_1", "- - - -", ""), en_L1_1="")

    assert [(row.code, row.group, row.name_vi) for row in levels_of(newest(world))[1]] == [
        ("L1.1", "", "Xuất khẩu")
    ]


def test_sums_that_do_not_add_up_are_refused_below_their_column_with_how_much(
    world: World, organiser: Browser
) -> None:
    copy = copied(world, organiser)

    page = send(organiser, copy, line("L1_1", "39,5 40 41 -"), 422, act="publish")

    assert page.field_errors == {
        "lines_L1_A": "Các tiêu chí thành phần của L1 cho nhóm A cộng lại được 39,5: thiếu 0,5 so với 40.",
        "lines_L1_C": "Các tiêu chí thành phần của L1 cho nhóm C cộng lại được 41: thừa 1 so với 40.",
        "lines_L1_D": "L1 có tiêu chí thành phần cho nhóm khác nhưng chưa có cho nhóm D.",
    }
    assert page.values("main form")["max_L1_1_A"] == "39,5"
    assert squeeze(page.select_one("title")).startswith("Lỗi: ")
    assert newest(world).state is RubricState.DRAFT


def test_a_published_sheet_can_be_chosen_and_gives_its_lines_to_the_contest(
    world: World, organiser: Browser
) -> None:
    copy = copied(world, organiser, "de-xuat-2026")
    send(organiser, copy, act="publish", name_vi="Bộ tiêu chí Lâm Đồng 2026")

    values = organiser.get("/contests/new").values("main form")
    values |= {
        "name": "Bình chọn cấp tỉnh năm 2026",
        "rubric_version_id": str(copy.id),
        "registration_opens_on": "01/12/2026",
        "registration_closes_on": "10/12/2026",
        "scoring_closes_on": "20/12/2026",
    }
    organiser.post("/contests/new", values)

    contest = world.all(select(Contest))[0]
    criteria, lines = levels_of(world.rubric(copy.code))
    assert (contest.rules.rubric, contest.rules.criteria) == (copy.code, criteria)
    assert contest.rules.sub_criteria == lines
    rows = organiser.get(f"/contests/{contest.id}/rules").rows("table.sheet-lines")
    assert rows[1][0] == "L1.1"
    actions = [event.action for event in world.all(select(LedgerEvent).order_by(LedgerEvent.id))]
    assert [action for action in actions if action.startswith("rubric:")] == [
        "rubric:copy",
        "rubric:save",
        "rubric:publish",
    ]


def test_a_draft_cannot_be_chosen_for_a_contest(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser)

    options = organiser.get("/contests/new").select("#rubric_version_id option")

    assert str(copy.id) not in [option["value"] for option in options]
    assert options[0].get_text().startswith("Phiếu chấm điểm bốn tiêu chí")


def test_nobody_elses_sheet_nor_a_draft_decides_a_contest(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser, "de-xuat-2026")
    home, other = world.territory("Lâm Đồng"), world.territory("An Giang")

    with world.session() as session, pytest.raises(InvalidInput):
        rubric_in_force(session, copy.id, home.id, 2026)
    send(organiser, copy, act="publish")

    with world.session() as session:
        assert rubric_in_force(session, copy.id, home.id, 2026).id == copy.id
        with pytest.raises(InvalidInput):
            rubric_in_force(session, copy.id, other.id, 2026)


def test_a_published_sheet_stays_as_it_is(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser, "de-xuat-2026")
    values = organiser.get(address(copy)).values("main form")
    organiser.post(address(copy), values | {"act": "publish"})

    organiser.get(address(copy), status=409)
    organiser.post(address(copy), values | {"act": "save", "name_vi": "Khác"}, status=409)

    assert newest(world).name_vi == copy.name_vi


def test_two_who_write_at_once_are_told_and_keep_what_they_typed(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser)
    stale = organiser.get(address(copy)).values("main form") | {"act": "save", "name_vi": "Của tôi"}
    send(organiser, copy, name_vi="Của người khác")

    page = organiser.post(address(copy), stale, status=409)

    assert "Người khác vừa lưu" in squeeze(page.select_one(".error-summary"))
    values = page.values("main form")
    assert (values["name_vi"], values["version"]) == ("Của tôi", "2")
    assert newest(world).name_vi == "Của người khác"


NAME = "Tên này do căn cứ pháp lý quy định. Muốn đổi, hãy ghi căn cứ khác cho việc đổi tên."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name_vi": " "}, {"name_vi": "Mục này là bắt buộc."}),
        ({"name_vi": "x" * 10_000}, {"name_vi": "Nhập tối đa 200 ký tự."}),
        ({"legal_basis": ""}, {"legal_basis": "Mục này là bắt buộc."}),
        (
            {"valid_from": "31/02/2026"},
            {"valid_from": "Nhập ngày/tháng/năm, ví dụ 05/07/2026."},
        ),
        ({"vi_L1": "Tên khác"}, {"vi_L1": NAME}),
        ({"vi_L1_1": "Doanh thu"}, {"en_L1_1": "Tiêu chí thành phần cần có tên bằng cả hai ngôn ngữ."}),
        (
            line("L1_1", "0 - - -"),
            {"max_L1_1_A": "Nhập số điểm lớn hơn 0, theo bước 0,5."},
        ),
        (line("L1_1", "8,3 - - -"), {"max_L1_1_A": "Nhập số điểm lớn hơn 0, theo bước 0,5."}),
        (line("L1_1", "tám - - -"), {"max_L1_1_A": "“tám” không phải là số. Hãy nhập điểm, ví dụ 8,5."}),
        (
            line("L1_1", "- - - -"),
            {"max_L1_1_A": "Nhập điểm tối đa của tiêu chí thành phần này cho ít nhất một nhóm sản phẩm."},
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    world: World, organiser: Browser, typed: dict[str, str], said: dict[str, str]
) -> None:
    copy = copied(world, organiser)

    page = send(organiser, copy, typed, 422)

    shown = {name: text for name, text in page.field_errors.items() if name in said}
    assert shown == said
    assert newest(world).version == 1
    for name, text in typed.items():
        assert page.values("main form")[name].strip() == text.strip()


def test_a_name_of_the_law_may_change_on_another_basis(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser)

    send(organiser, copy, vi_L1="Thị trường", legal_basis="Quyết định 12/QĐ-SCT")

    assert levels_of(newest(world))[0][0].name_vi == "Thị trường"


def test_markup_stays_text(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser)

    send(organiser, copy, line("L1_1", "40 40 40 40", "<script>alert(1)</script>"))

    page = organiser.get(f"{LIST}{copy.id}")
    assert "<script>alert(1)</script>" in page.rows("table.sheet-lines")[1][1]


def test_a_made_up_number_of_rows_is_held_within_reason(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser)

    page = send(organiser, copy, status=200, act="add-L1", rows_L1="999999")

    assert page.values("main form")["rows_L1"] == "20"


def test_a_sheet_ends_on_a_day_and_is_no_longer_offered(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser, "de-xuat-2026")
    send(organiser, copy, act="publish")

    too_early = organiser.post(f"{LIST}{copy.id}/end", {"valid_to": "01/01/2020"}, status=422)
    organiser.post(f"{LIST}{copy.id}/end", {"valid_to": "31/12/2027"})

    assert too_early.field_errors == {"valid_to": "Ngày cuối không thể trước ngày đầu."}
    assert newest(world).valid_to is not None
    assert "đến 31/12/2027" in organiser.get(LIST).rows()[2][3]


def test_nobody_elses_sheets_are_seen_or_changed(world: World, organiser: Browser) -> None:
    copy = copied(world, organiser)
    organiser.sign_out()
    organiser.sign_in(world.organiser(world.territory("An Giang")))

    for path in (f"{LIST}{copy.id}", address(copy), f"{LIST}999999", f"{LIST}999999/edit"):
        organiser.get(path, status=404)
    for path in (f"{LIST}{copy.id}/copy", f"{LIST}{copy.id}/end", address(copy)):
        organiser.post(path, {"act": "save"}, status=404)
    organiser.get(f"{LIST}{world.rubric().id}/edit", status=404)
    organiser.post(f"{LIST}{world.rubric().id}/end", {"valid_to": "01/01/2030"}, status=404)

    assert len(organiser.get(LIST).rows()) == 2


def test_only_organisers_have_sheets_and_others_are_sent_away(world: World, browser: Browser) -> None:
    assert browser.client.get(LIST).headers["Location"].startswith("/sign-in")
    browser.sign_in(world.user_of(world.judge(world.contest()).user_id))

    browser.get(LIST, status=403)
    browser.get(f"{LIST}{world.rubric().id}", status=403)


def test_no_copy_is_made_for_a_foreign_territory(world: World, organiser: Browser) -> None:
    before = world.all(select(func.count(RubricVersion.id)))
    foreign = str(world.territory("An Giang").id)

    organiser.post(f"{LIST}{world.rubric().id}/copy", {"territory_id": foreign}, status=422)

    assert world.all(select(func.count(RubricVersion.id))) == before
