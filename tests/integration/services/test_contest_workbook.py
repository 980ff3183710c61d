import io
import zipfile
from datetime import date
from typing import Any

import pytest
import python_calamine
from flask import Flask

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, NotFound
from app.domain.permissions import Role
from app.domain.rules import CriterionRule, PrizeRule, SubCriterionRule
from app.models import Criterion, Recusal, RubricVersion
from app.services import streamed_workbooks
from app.services.contest_workbook import ENTRY_STATES, contest_workbook
from app.services.workbook_marks import OUTCOMES
from app.web.labels import label
from tests.awards import Award, certified, move, scored, voted
from tests.builders import NOW, World

SHEETS = [
    "Quy chế",
    "Tiêu chí",
    "Hồ sơ",
    "Phiếu chấm",
    "Điểm",
    "Kết quả",
    "Biểu quyết",
    "Giấy chứng nhận",
]


def written(award: Award) -> bytes:
    with award.world.session() as session:
        return contest_workbook(session, award.contest.id, actor=award.actor)


def read(data: bytes) -> dict[str, list[list[Any]]]:
    book = python_calamine.load_workbook(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def sheet(award: Award, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by heading."""
    head, *rows = read(written(award))[name]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_everything_of_a_contest_stands_on_its_own_sheet(world: World) -> None:
    award = certified(world, [[9000, 8000], [6000, 6100]])

    assert list(read(written(award))) == SHEETS


def test_the_result_is_there_as_an_exact_fraction_and_as_printed(world: World) -> None:
    prize = PrizeRule("A", "Giải nhất", "First prize", 1)
    award = scored(world, [[6991, 6999, 7013], [6999, 7000], [None, None]], rules={"prizes": (prize,)})

    first, second, third = sheet(award, "Kết quả")

    assert (first["Thứ hạng"], first["Giá trị chính xác (điểm)"], first["Điểm bình quân"]) == (
        1, "7001/100", 70.01,
    )  # fmt: skip
    assert (first["Kết quả"], first["Hạng giải theo điểm"]) == ("Đạt, trong danh sách đề nghị", "Giải nhất")
    assert (second["Giá trị chính xác (điểm)"], second["Điểm bình quân"], second["Kết quả"]) == (
        "13999/200", 70.0, "Dưới điểm tối thiểu",
    )  # fmt: skip
    assert (third["Thứ hạng"], third["Giá trị chính xác (điểm)"], third["Kết quả"]) == (
        "",
        "",
        "Chưa có điểm",
    )


@pytest.mark.parametrize("deciding", [1, 2])
def test_only_the_pass_that_decides_has_an_outcome_and_a_prize(world: World, deciding: int) -> None:
    rules = {"deciding_pass": deciding, "prizes": (PrizeRule("A", "Giải nhất", "First prize", 1),)}
    award = scored(world, [[9000, 8000]], two_passes=True, rules=rules)

    rows = sheet(award, "Kết quả")

    names = ("Vòng", "Vòng quyết định", "Thứ hạng", "Điểm bình quân", "Kết quả", "Hạng giải theo điểm")
    decides = ("có", 1.0, 85.0, "Đạt, trong danh sách đề nghị", "Giải nhất")
    reports = ("không", 1.0, 85.0, "", "")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (1.0, *(decides if deciding == 1 else reports)),
        (2.0, *(decides if deciding == 2 else reports)),
    ]


def test_the_workbook_speaks_as_the_pages_do(app: Flask) -> None:
    with app.test_request_context():
        assert {outcome: str(label(outcome)) for outcome in OUTCOMES} == OUTCOMES
        assert {state: str(label(state)) for state in ENTRY_STATES} == ENTRY_STATES


def test_marks_stand_one_by_one_and_sheet_by_sheet(world: World) -> None:
    award = scored(world, [[9250]])

    assert [(row["Mã tiêu chí"], row["Điểm"], row["Điểm tối đa"]) for row in sheet(award, "Điểm")] == [
        ("L1", 40.0, 40.0), ("L2", 40.0, 40.0), ("L3", 10.0, 10.0), ("L4", 2.5, 10.0),
    ]  # fmt: skip
    [row] = sheet(award, "Phiếu chấm")
    assert [cell for head, cell in row.items() if head[:2] in ("L1", "L2", "L3", "L4", "Tổ")] == [
        40.0, 40.0, 10.0, 2.5, 92.5,
    ]  # fmt: skip


def test_a_sheet_of_a_recused_judge_is_there_and_said_not_to_count(world: World) -> None:
    award = scored(world, [[8000, 7000]])
    judge, entry = award.judges[0], award.entries[0]
    world.add(Recusal(judge_id=judge.id, entry_id=entry.id, reason="Người nhà của cơ sở.", recorded_at=NOW))

    assert [(row["Tổng điểm"], row["Được tính"]) for row in sheet(award, "Phiếu chấm")] == [
        (80.0, "không"), (70.0, "có"),
    ]  # fmt: skip


def test_level_two_marks_stand_beside_their_sums(world: World) -> None:
    rubric = world.add(
        RubricVersion(
            code="two-levels", name_vi="Hai cấp", name_en="Two levels", legal_basis="–", valid_from=date(2020, 1, 1),
            criteria=[
                Criterion(code="L1", position=1, name_vi="Chất lượng", name_en="Quality", max_mark=6000),
                Criterion(code="1.1", position=2, name_vi="Bền", name_en="Lasting", max_mark=2000, parent_code="L1",
                          group_code="B"),
                Criterion(code="1.2", position=3, name_vi="Đẹp", name_en="Fair", max_mark=4000, parent_code="L1",
                          group_code="B"),
                Criterion(code="L2", position=4, name_vi="Thị trường", name_en="Market", max_mark=4000),
            ],
        )
    )  # fmt: skip
    rules = world.rules(
        rubric="two-levels",
        criteria=(CriterionRule("L1", "Chất lượng", "Quality", 6000),
                  CriterionRule("L2", "Thị trường", "Market", 4000)),
        sub_criteria=(SubCriterionRule("1.1", "L1", "B", "Bền", "Lasting", 2000),
                      SubCriterionRule("1.2", "L1", "B", "Đẹp", "Fair", 4000)),
        tie_break=(),
    )  # fmt: skip
    contest = world.contest(rules=rules, rubric_version_id=rubric.id)
    award = Award(world, contest, world.organiser(world.territory("Lâm Đồng")))
    world.submitted(world.judge(contest), world.entry(contest), {"1.1": 1500, "1.2": 3050, "L2": 4000})
    move(award, ContestState.SCORED)

    [row] = sheet(award, "Phiếu chấm")

    assert {head: row[head] for head in ("L1 – Chất lượng", "L2 – Thị trường", "1.1", "1.2", "Tổng điểm")} == {
        "L1 – Chất lượng": 45.5, "L2 – Thị trường": 40.0, "1.1": 15.0, "1.2": 30.5, "Tổng điểm": 85.5,
    }  # fmt: skip
    assert [(row["Mã"], row["Thuộc tiêu chí"], row["Điểm tối đa"]) for row in sheet(award, "Tiêu chí")] == [
        ("L1", "", 60.0), ("L2", "", 40.0), ("1.1", "L1", 20.0), ("1.2", "L1", 40.0),
    ]  # fmt: skip


def test_votes_and_certificates_are_there(world: World) -> None:
    award = certified(world, [[9000], [8000]], carried=[True, False])

    votes = sheet(award, "Biểu quyết")
    [given] = sheet(award, "Giấy chứng nhận")

    assert [(row["Mã sản phẩm"], row["Đồng ý"], row["Không đồng ý"], row["Được thông qua"]) for row in votes] == [
        ("B-001", 2.0, 0.0, "có"), ("B-002", 0.0, 2.0, "không"),
    ]  # fmt: skip
    assert (given["Mã sản phẩm"], given["Tình trạng"], len(given["SHA-256 của tệp"])) == (
        "B-001",
        "Đã cấp",
        64,
    )


@pytest.mark.parametrize("name", ['=HYPERLINK("http://a")', "+1+1", "-2", "@SUM(A1)", "\t=1"])
def test_no_text_becomes_a_formula(world: World, name: str) -> None:
    award = scored(world, [[8000]], products=[world.product(name=name)])

    data = written(award)

    assert sheet(award, "Kết quả")[0]["Sản phẩm"] == name
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not any(b"<f>" in parts.read(part) for part in parts.namelist())


def test_the_longest_and_strangest_texts_are_kept(world: World) -> None:
    name = "Trà 🍵 <b>&\x01 " + "dài " * 60
    award = scored(world, [[8000]], products=[world.product(name=name)])

    assert sheet(award, "Hồ sơ")[0]["Sản phẩm"] == name


def test_marks_that_do_not_fit_on_one_sheet_go_on_to_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed_workbooks, "MOST_ROWS", 3)
    award = scored(world, [[8000]])

    book = read(written(award))

    assert (len(book["Điểm"]), len(book["Điểm 2"])) == (4, 2)
    assert book["Điểm 2"][1][3] == "L4"


def test_a_contest_without_ballot_has_empty_sheets_with_headings(world: World) -> None:
    award = scored(world, [[8000]])

    book = read(written(award))

    assert [len(book[name]) for name in ("Biểu quyết", "Giấy chứng nhận")] == [1, 1]


@pytest.mark.parametrize("state", [ContestState.DRAFT, ContestState.REGISTRATION, ContestState.SCORING])
def test_nobody_gets_a_mark_before_scoring_has_closed(world: World, state: ContestState) -> None:
    award = scored(world, [[8000]])
    move(award, state)

    with pytest.raises(IllegalState):
        written(award)


def test_only_those_who_see_the_contest_get_it(world: World) -> None:
    award = voted(world, [[8000]])
    observer = world.member(Role.OBSERVER, contest_id=award.contest.id)
    stranger = world.organiser(world.territory("An Giang"))
    judge = world.user_of(award.judges[0].user_id)

    with world.session() as session:
        assert contest_workbook(session, award.contest.id, actor=world.actor(observer))[:2] == b"PK"
        for other in (stranger, judge):
            with pytest.raises(NotFound):
                contest_workbook(session, award.contest.id, actor=world.actor(other))
