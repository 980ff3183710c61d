"""A contest that asks why a mark is at the edge of its scale."""

import pytest

from app.domain.judging import is_at_edge
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.judging import Bench

WHY = "Hãy ghi lý do: đợt này yêu cầu giải thích khi điểm ở sát đầu thang điểm."


@pytest.fixture
def bench(world: World, browser: Browser) -> Bench:
    marks = {"L1": 3600, "L2": 3550, "L3": 100, "L4": 150}
    return Bench(world, browser, world.rules(edge_percent=10), marks=marks)


@pytest.mark.parametrize(
    ("value", "percent", "expected"),
    [
        (0, 0, True),
        (1, 0, False),
        (4000, 0, True),
        (400, 10, True),
        (401, 10, False),
        (3600, 10, True),
        (3599, 10, False),
    ],
)
def test_the_edge_is_exact(value: int, percent: int, expected: bool) -> None:
    assert is_at_edge(value, 4000, percent) is expected


def test_a_sheet_whose_edges_are_not_explained_is_not_submitted_and_says_which(bench: Bench) -> None:
    page = bench.post(then="check", status=422)

    assert [squeeze(error) for error in page.select(".criterion .field-error")] == [f"Lỗi: {WHY}"] * 2
    assert {str(field["name"]) for field in page.select("textarea.is-invalid")} == {"note_L1", "note_L3"}
    assert bench.browser.post(f"{bench.url}/check", {"version": "1"}, status=422).select(
        "textarea.is-invalid"
    )
    assert bench.stored.submitted_at is None


def test_a_note_of_nothing_that_can_be_seen_is_none_and_the_check_page_says_so(bench: Bench) -> None:
    bench.post(note_L1="\u200b", note_L3="Chưa có mẫu mã riêng.")

    bench.browser.get(f"{bench.url}/check", status=303)

    assert bench.browser.get(bench.url).flashes == [f"Đã lưu phiếu {bench.entry.code}.", WHY]


def test_with_its_reasons_it_is_submitted(bench: Bench) -> None:
    bench.post(note_L1="Xuất khẩu ba năm liền.", note_L3="Chưa có mẫu mã riêng.")

    bench.browser.post(f"{bench.url}/check", {"version": "2"})

    assert bench.stored.submitted_at is not None


def test_where_the_contest_does_not_ask_nothing_is_asked(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks={"L1": 4000, "L2": 0, "L3": 1000, "L4": 0})

    bench.browser.post(f"{bench.url}/check", {"version": "1"})

    assert bench.stored.submitted_at is not None
