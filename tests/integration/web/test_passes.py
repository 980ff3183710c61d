"""Pages of a contest of two passes: closing the first, what is to be discussed, site visits, both results."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.models import Contest, Discussion, ScoreSheet
from app.services.contests import close_scoring
from tests.awards import TWO_PASSES, Award, certified, close_first, score_second, scored, scoring
from tests.browsing import Browser, Page
from tests.builders import NOW, World

HOSTILE = "<script>alert(1)</script> 🪷 \x00\x07"


def passes(world: World, totals: list[list[int | None]], **rules: object) -> Award:
    return scoring(world, totals, rules={**TWO_PASSES, **rules})


def url(award: Award, page: str) -> str:
    return f"/contests/{award.contest.id}/{page}"


def contest_of(award: Award) -> Contest:
    found: Contest = award.world.get(Contest, award.contest.id)
    return found


def make_head(award: Award) -> None:
    with award.world.session() as session:
        session.merge(award.judges[0]).is_head = True


def facts(page: Page) -> str:
    return " ".join(page.one("main").get_text(" ").split())


def test_the_organiser_closes_the_first_pass(world: World, browser: Browser) -> None:
    award = passes(world, [[8000], [6000]])
    browser.sign_in(award.organiser)

    overview = browser.get(f"/contests/{award.contest.id}")
    link = overview.one(".next-step a")
    browser.post(str(link["href"]))
    page = browser.follow()

    assert link.get_text() == "Kết thúc vòng 1"
    assert page.flashes == ["Đã kết thúc vòng 1 và mở vòng 2."]
    assert "Vòng 2" in facts(page)
    assert contest_of(award).current_pass == 2


def test_missing_sheets_ask_for_a_tick_and_a_reason(world: World, browser: Browser) -> None:
    award = passes(world, [[8000, None]])
    browser.sign_in(award.organiser)

    page = browser.post(url(award, "close-first-pass"), {"reason": ""}, status=422)

    assert set(page.field_errors) == {"confirmed", "reason"}
    browser.post(url(award, "close-first-pass"), {"confirmed": "y", "reason": "Giám khảo ốm"})
    assert contest_of(award).current_pass == 2


def test_the_first_pass_opens_again_with_a_reason(world: World, browser: Browser) -> None:
    award = passes(world, [[8000]])
    close_first(award)
    browser.sign_in(award.organiser)

    progress = browser.get(url(award, "progress"))
    refused = browser.post(url(award, "reopen-first-pass"), {"reason": " "}, status=422)
    browser.post(url(award, "reopen-first-pass"), {"reason": "Có khiếu nại"})

    assert progress.select_one(f"a[href='{url(award, 'reopen-first-pass')}']") is not None
    assert set(refused.field_errors) == {"reason"}
    assert contest_of(award).current_pass == 1


def test_the_first_pass_cannot_be_opened_once_the_second_is_marked(world: World, browser: Browser) -> None:
    award = scoring(world, [[8000]], two_passes=True)
    browser.sign_in(award.organiser)

    progress = browser.get(url(award, "progress"))
    page = browser.get(url(award, "reopen-first-pass"), status=409)

    assert progress.select_one(f"a[href='{url(award, 'reopen-first-pass')}']") is None
    assert "Vòng 2 đã có điểm được lưu nên không thể mở lại vòng 1." in facts(page)


@pytest.mark.parametrize(
    "page", ["close-first-pass", "reopen-first-pass", "discussions", "visits", "close-scoring"]
)
def test_foreign_and_unknown_contests_are_the_same(world: World, browser: Browser, page: str) -> None:
    award = passes(world, [[8000]])
    browser.sign_in(world.organiser(world.territory("An Giang")))

    assert (
        browser.get(url(award, page), status=404).heading
        == browser.get(f"/contests/999/{page}", status=404).heading
    )


@pytest.mark.parametrize("page", ["close-first-pass", "discussions", "visits", "discussions/1", "visits/1"])
def test_judges_may_not_enter_and_strangers_sign_in(world: World, browser: Browser, page: str) -> None:
    award = passes(world, [[8000]])

    browser.get(url(award, page), status=303)
    browser.sign_in(world.user_of(award.judges[0].user_id))

    browser.get(url(award, page), status=403)


def test_the_wrong_stage_is_told(world: World, browser: Browser) -> None:
    award = passes(world, [[8000]])
    browser.sign_in(award.organiser)

    for page in ("close-scoring", "reopen-first-pass", "visits"):
        browser.get(url(award, page), status=409)
    close_first(award)
    browser.get(url(award, "close-first-pass"), status=409)


def test_closing_names_the_entries_to_discuss(world: World, browser: Browser) -> None:
    award = scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)

    page = browser.post(url(award, "close-scoring"), status=409)

    assert page.one("[role=alert] a")["href"] == url(award, "discussions")
    assert "B-001" in page.one("[role=alert]").get_text()
    assert contest_of(award).state is ContestState.SCORING


def test_the_overview_leads_to_what_is_to_be_discussed(world: World, browser: Browser) -> None:
    award = scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)

    link = browser.get(f"/contests/{award.contest.id}").one(".next-step a")

    assert (link.get_text(), link["href"]) == ("Sản phẩm cần thảo luận", url(award, "discussions"))


def test_an_entry_is_discussed_and_settled(world: World, browser: Browser) -> None:
    award = scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)

    listed = browser.get(url(award, "discussions"))
    address = str(listed.one("tbody a")["href"])
    page = browser.get(address)
    marks = page.rows()
    browser.post(address, {**page.values(), "note": "Giữ nguyên điểm."})
    after = browser.follow()

    assert [row[1:6] for row in marks] == [
        ["40", "20", "0", "0", "60"],
        ["40", "40", "10", "0", "90"],
    ]
    assert after.flashes == ["Đã lưu ý kiến thống nhất của ban giám khảo."]
    assert "Giữ nguyên điểm." in after.rows()[0][3]
    assert [row.note for row in world.all(select(Discussion))] == ["Giữ nguyên điểm."]


@pytest.mark.parametrize("note", ["", " \n", "x" * 10_000])
def test_a_note_that_is_no_note_stays_on_the_page(world: World, browser: Browser, note: str) -> None:
    award = scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)
    address = url(award, f"discussions/{award.entries[0].id}")

    page = browser.post(address, {"spread": "3000", "note": note}, status=422)

    assert set(page.field_errors) == {"note"}
    assert page.values()["note"] == note.strip()
    assert world.all(select(Discussion)) == []


def test_a_hostile_note_is_only_text(world: World, browser: Browser) -> None:
    award = scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)

    browser.post(url(award, f"discussions/{award.entries[0].id}"), {"spread": "3000", "note": HOSTILE})
    page = browser.follow()

    assert "<script>alert(1)</script> 🪷" in page.rows()[0][3]
    assert page.select("main script") == []


@pytest.mark.parametrize("spread", ["2999", "", "abc", "-1", "9" * 30])
def test_a_spread_that_is_not_there_is_refused_and_the_note_kept(
    world: World, browser: Browser, spread: str
) -> None:
    award = scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)
    address = url(award, f"discussions/{award.entries[0].id}")

    page = browser.post(address, {"spread": spread, "note": "Giữ nguyên"}, status=409)

    assert page.values()["note"] == "Giữ nguyên"
    assert page.values()["spread"] == "3000"
    assert "Điểm của sản phẩm này đã thay đổi" in page.one(".error-summary").get_text()


def test_the_head_finds_the_way_without_the_organisers_pages(world: World, browser: Browser) -> None:
    award = scoring(world, [[6000, 9000]])
    make_head(award)
    browser.sign_in(world.user_of(award.judges[0].user_id))

    jury = browser.get(f"/judging/contests/{award.contest.id}/sheets")
    page = browser.get(str(jury.one("a[href$='/discussions']")["href"]))
    discussed = browser.get(str(page.one("tbody a")["href"]))

    assert page.select(".contest-nav") == []
    assert [str(a["href"]) for a in discussed.select("tbody a")] == [
        f"/judging/sheets/{sheet.id}/reopen"
        for sheet in world.all(select(ScoreSheet).order_by(ScoreSheet.id))
    ]


def test_both_passes_stand_on_the_result_and_in_its_files(world: World, browser: Browser) -> None:
    award = passes(world, [[8000, 8100], [6000, 6100]])
    close_first(award)
    score_second(award, [[9000, 9100], [None, None]])
    award = _finished(award)
    browser.sign_in(award.organiser)

    page = browser.get(url(award, "results"))
    document = browser.file(url(award, "results.json")).get_json()
    lines = browser.file(url(award, "results.csv")).get_data(as_text=True).splitlines()

    assert "vòng 1: 80,50 vòng 2: 90,50" in facts(page)
    assert [entry["average_by_pass"] for entry in document["entries"]] == [
        ["80.50", "90.50"],
        ["60.50", None],
    ]
    assert document["counts"]["not_advanced"] == 1
    assert any("Vòng 1" in line and "Vòng 2" in line for line in lines)


def _finished(award: Award) -> Award:
    with award.world.session() as session:
        close_scoring(session, award.contest.id, actor=award.actor, now=NOW + timedelta(hours=3))
    return award


def test_both_passes_stand_on_the_public_list(world: World, browser: Browser) -> None:
    award = certified(world, [[9000], [8000]], two_passes=True)

    page = browser.get(f"/results/{award.contest.slug}")
    document = browser.file(f"/results/{award.contest.slug}.json").get_json()

    assert "90,00 vòng 1: 90,00 vòng 2: 90,00" in facts(page)
    assert [entry["average_by_pass"] for entry in document["entries"]] == [
        ["90.00", "90.00"],
        ["80.00", "80.00"],
    ]
    assert browser.file(f"/results/{award.contest.slug}.pdf").mimetype == "application/pdf"


def test_one_pass_says_nothing_of_passes(world: World, browser: Browser) -> None:
    award = scored(world, [[9000]])
    browser.sign_in(award.organiser)

    page = browser.get(url(award, "results"))
    document = browser.file(url(award, "results.json")).get_json()

    assert "vòng" not in facts(page).lower()
    assert "average_by_pass" not in document["entries"][0]
    assert "not_advanced" not in document["counts"]
