"""Two judges of one name on one jury are told apart wherever a judge is named beside others."""

import io
from typing import Any

import pytest
import python_calamine

from app.models import Recusal, User
from app.queries.people import names_on_jury
from tests.awards import Award, scored, scoring
from tests.browsing import Browser
from tests.builders import NOW, World
from tests.evidence import address, everything

FIRST, SECOND, OTHER = "Lê Thị Cúc (GK1)", "Lê Thị Cúc (GK3)", "Trần Văn Bình"


def alike(world: World, award: Award) -> Award:
    """The first and the third judge bear one name."""
    with world.session() as session:
        for judge, name in zip(award.judges, ("Lê Thị Cúc", OTHER, "Lê Thị Cúc"), strict=True):
            session.get_one(User, judge.user_id).name = name
    return award


@pytest.fixture
def award(world: World) -> Award:
    return alike(world, scored(world, [[8000, 7500, 7000], [7000, 7000, 7000]]))


def texts(browser: Browser, where: str, selector: str = "main") -> str:
    return browser.get(where).one(selector).get_text(" ")


def workbook(browser: Browser, where: str, sheet: str) -> list[list[Any]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(browser.file(where).data))
    return book.get_sheet_by_name(sheet).to_python()


def test_only_namesakes_of_the_same_jury_bear_a_number(world: World, award: Award) -> None:
    elsewhere = world.contest(territory=world.territory("An Giang"))
    world.judge(elsewhere, world.user("Lê Thị Cúc"))
    alone = world.judge(elsewhere, world.user_of(award.judges[1].user_id))

    with world.session() as session:
        names = names_on_jury(session, award.contest.id)
        others = names_on_jury(session, elsewhere.id)

    assert names == dict(zip((judge.id for judge in award.judges), (FIRST, OTHER, SECOND), strict=True))
    assert others[alone.id] == OTHER
    assert set(others.values()) == {"Lê Thị Cúc", OTHER}


def test_the_evidence_and_its_files_tell_them_apart(award: Award, browser: Browser) -> None:
    browser.sign_in(award.organiser)

    judges = [row[0] for row in browser.get(address(award)).rows("section[aria-labelledby=judges] table")]
    files = everything(browser, award)

    assert sorted(name.removesuffix(" nên trao đổi") for name in judges) == [FIRST, SECOND, OTHER]
    assert files.count("Lê Thị Cúc") == files.count(FIRST) + files.count(SECOND) > 6


@pytest.mark.parametrize(
    ("where", "sheet", "column"),
    [
        ("results.xlsx", "Phiếu chấm điểm", 2),
        ("contest.xlsx", "Phiếu chấm", 4),
        ("contest.xlsx", "Điểm", 2),
    ],
)
def test_the_workbooks_tell_them_apart(
    award: Award, browser: Browser, where: str, sheet: str, column: int
) -> None:
    browser.sign_in(award.organiser)

    rows = workbook(browser, f"/contests/{award.contest.id}/{where}", sheet)

    assert {row[column] for row in rows if "Bình" in str(row) or "Cúc" in str(row)} == {FIRST, SECOND, OTHER}


def test_the_history_of_marks_tells_them_apart(award: Award, browser: Browser) -> None:
    browser.sign_in(award.organiser)
    contest = f"/contests/{award.contest.id}"

    listed = texts(browser, f"{contest}/history")
    link = browser.get(f"{contest}/history?judge={award.judges[2].id}").one("tbody a")
    sheet = texts(browser, str(link["href"]), ".lead")

    assert [name in listed for name in (FIRST, SECOND, OTHER)] == [True] * 3
    assert SECOND in sheet


@pytest.mark.parametrize(
    "page", ["progress", "jury", "jury/assignments", "discussions/1", "entries/1", "close-scoring"]
)
def test_pages_of_an_open_scoring_tell_them_apart(world: World, browser: Browser, page: str) -> None:
    award = alike(world, scoring(world, [[9000, 7500, 7000], [None, 7000, None]]))
    browser.sign_in(award.organiser)

    shown = texts(browser, f"/contests/{award.contest.id}/{page}")

    assert (FIRST in shown, SECOND in shown) == (True, True)


def test_the_head_of_jury_sees_whose_sheets_to_reopen(world: World, browser: Browser) -> None:
    award = alike(world, scoring(world, [[9000, 7500, 7000]]))
    with world.session() as session:
        session.merge(award.judges[1]).is_head = True
    browser.sign_in(world.user_of(award.judges[1].user_id))
    jury = f"/judging/contests/{award.contest.id}/sheets"

    listed = texts(browser, jury)
    chosen = browser.get(f"{jury}?judge={award.judges[2].id}")
    asked = texts(browser, str(chosen.one("tbody a[href$=reopen]")["href"]))

    assert [name in listed for name in (FIRST, SECOND)] == [True, True]
    assert SECOND in asked


def test_who_stands_aside_and_who_has_begun_is_told_apart(world: World, browser: Browser) -> None:
    award = alike(world, scoring(world, [[8000, 7500, 7000]]))
    one, entry = award.judges[2], award.entries[0]
    world.add(Recusal(judge_id=one.id, entry_id=entry.id, reason="Người nhà", recorded_at=NOW))
    browser.sign_in(award.organiser)

    jury = texts(browser, f"/contests/{award.contest.id}/jury")

    assert jury.count(SECOND) == 4  # in the list, for who hears it, aside, and in the choice for a preview
