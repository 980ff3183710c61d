"""Pages of the site visits between two passes."""

from io import BytesIO

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.domain.vietnamese import in_vietnam
from app.models import Entry, Product, SiteVisit, SiteVisitPhoto
from tests.awards import TWO_PASSES, Award, close_first, move, scoring
from tests.browsing import Browser, Page
from tests.builders import NOW, World
from tests.uploads import picture
from tests.visits import visit

HOSTILE = "<script>alert(1)</script> 🪷 \x00\x07"


def url(award: Award, page: str) -> str:
    return f"/contests/{award.contest.id}/{page}"


def facts(page: Page) -> str:
    return " ".join(page.one("main").get_text(" ").split())


DAY = in_vietnam(NOW).date()  # on which the first pass is closed here


@pytest.fixture
def visited(world: World, browser: Browser) -> Award:
    """A contest in its second pass, and its organiser signed in."""
    award = scoring(world, [[8000], [6000]], rules=TWO_PASSES)
    close_first(award)
    browser.sign_in(award.organiser)
    return award


VISIT = {"visited_on": DAY.strftime("%d/%m/%Y"), "visitors": "Bà Hạnh", "findings": "Xưởng sạch."}


def test_a_visit_is_recorded_with_a_photo(visited: Award, world: World, browser: Browser) -> None:
    browser.get(url(visited, "visits"))
    browser.post(url(visited, f"visits/new/{visited.entries[0].id}"), VISIT)
    page = browser.follow()
    [row] = world.all(select(SiteVisit))
    files = [(BytesIO(picture()), "xưởng.jpg"), (BytesIO(b"not a photo"), "ghi chú.txt")]
    refused = browser.post(url(visited, f"visits/{row.id}/photos"), {"files": files}, status=422)
    listed = browser.get(url(visited, "visits"))

    [photo] = world.all(select(SiteVisitPhoto))
    assert page.values()["findings"] == "Xưởng sạch."
    assert "ghi chú.txt" in refused.field_errors["files"]
    assert browser.file(f"/files/visits/{photo.id}").mimetype == "image/jpeg"
    assert [cells[2] for cells in listed.rows()] == [f"{VISIT['visited_on']} B-001"]


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"visited_on": ""}, "visited_on", "Nhập ngày kiểm tra."),
        ({"visited_on": "31/02/2026"}, "visited_on", "Nhập ngày"),
        ({"visited_on": "hôm qua"}, "visited_on", "Nhập ngày"),
        ({"visited_on": "09/03/2026"}, "visited_on", "Việc kiểm tra thực hiện sau khi kết thúc vòng 1"),
        (
            {"visited_on": "01/01/2200"},
            "visited_on",
            "Ngày này chưa đến.",
        ),
        ({"visitors": ""}, "visitors", "Ghi người đi kiểm tra."),
        ({"visitors": "x" * 501}, "visitors", "500"),
        ({"findings": "  "}, "findings", "Ghi kết quả kiểm tra tại chỗ."),
        ({"findings": "x" * 10_000}, "findings", "5000"),
    ],
)
def test_what_cannot_stand_is_told_beside_its_field(
    visited: Award, world: World, browser: Browser, typed: dict[str, str], field: str, said: str
) -> None:
    page = browser.post(url(visited, f"visits/new/{visited.entries[0].id}"), {**VISIT, **typed}, status=422)

    kept = {name: text.strip() for name, text in {**VISIT, **typed}.items()}
    shown = {name: text for name, text in page.values().items() if name in kept}
    assert set(page.field_errors) == {field}
    assert said in page.field_errors[field]
    assert shown == kept
    assert world.all(select(SiteVisit)) == []


def test_hostile_words_are_only_text(visited: Award, world: World, browser: Browser) -> None:
    browser.post(url(visited, f"visits/new/{visited.entries[0].id}"), {**VISIT, "findings": HOSTILE})
    page = browser.follow()

    assert page.values()["findings"] == "<script>alert(1)</script> 🪷"
    assert page.select("main script") == []


def test_a_stale_record_is_shown_beside_what_was_typed(
    visited: Award, world: World, browser: Browser
) -> None:
    row = visit(world, visited.entries[0], "Bản đầu", visited_on=DAY)
    address = url(visited, f"visits/{row.id}")
    opened = browser.get(address).values()
    browser.post(address, {**opened, "findings": "Bản hai"})

    page = browser.post(address, {**opened, "findings": "Bản ba"}, status=409)
    browser.post(address, page.values())

    assert "Bản hai" in page.one("section").get_text()
    assert page.values()["findings"] == "Bản ba"
    assert world.get(SiteVisit, row.id).findings == "Bản ba"


def test_a_record_is_removed_for_a_reason(visited: Award, world: World, browser: Browser) -> None:
    row = visit(world, visited.entries[0], visited_on=DAY)
    address = url(visited, f"visits/{row.id}/remove")

    page = browser.post(address, {"reason": ""}, status=422)
    browser.post(address, {"reason": "Nhầm cơ sở"})

    assert set(page.field_errors) == {"reason"}
    assert world.all(select(SiteVisit)) == []


def test_a_photo_is_removed(visited: Award, world: World, browser: Browser) -> None:
    row = visit(world, visited.entries[0], photos=("a.jpg",), visited_on=DAY)
    action = browser.get(url(visited, f"visits/{row.id}")).one(".photo-grid form")["action"]

    browser.post(str(action))

    assert world.all(select(SiteVisitPhoto)) == []


def test_a_foreign_record_is_not_found(visited: Award, world: World, browser: Browser) -> None:
    other = scoring(world, [[8000]], rules=TWO_PASSES, territory=world.territory("An Giang"))
    close_first(other)
    row = visit(world, other.entries[0], photos=("a.jpg",), visited_on=DAY)
    [photo] = world.all(select(SiteVisitPhoto))

    for page in (f"visits/{row.id}", f"visits/new/{other.entries[0].id}", "visits/999", "visits/new/999"):
        browser.get(url(visited, page), status=404)
    browser.post(url(visited, f"visits/photos/{photo.id}/remove"), status=404)
    browser.post(url(visited, f"visits/{row.id}/photos"), {"files": []}, status=404)
    browser.file(f"/files/visits/{photo.id}", status=404)


def test_after_scoring_a_record_is_only_read(visited: Award, world: World, browser: Browser) -> None:
    row = visit(world, visited.entries[0], "Xưởng sạch", visited_on=DAY)
    move(visited, ContestState.SCORED)

    page = browser.get(url(visited, f"visits/{row.id}"))
    browser.post(url(visited, f"visits/{row.id}"), {**VISIT, "version": "1"}, status=409)
    browser.get(url(visited, f"visits/new/{visited.entries[0].id}"), status=409)

    assert "Xưởng sạch" in facts(page)
    assert page.select("main form") == []


def test_the_facility_sees_nothing_of_it(visited: Award, world: World, browser: Browser) -> None:
    visit(world, visited.entries[0], "Xưởng bẩn", photos=("a.jpg",), visited_on=DAY)
    [photo] = world.all(select(SiteVisitPhoto))
    entry: Entry = visited.entries[0]
    facility_id = world.get(Product, entry.product_id).facility_id
    browser.sign_out()
    browser.sign_in(world.member(Role.FACILITY_USER, facility_id=facility_id))

    page = browser.get(f"/facility/entries/{entry.id}")
    browser.file(f"/files/visits/{photo.id}", status=404)

    assert "Xưởng bẩn" not in facts(page)
    assert "kiểm tra thực tế" not in facts(page).lower()
