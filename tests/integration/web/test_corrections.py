import io

import pytest
import python_calamine
from flask import Flask
from sqlalchemy import update

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.models import Contest, Mark
from app.services.results import compute
from tests.awards import Award, move, scored, voted
from tests.browsing import Browser, squeeze
from tests.builders import NOW, World
from tests.queries import count_queries

WHY = "Khiếu nại đúng: nhập nhầm điểm."


def address(award: Award, page: str) -> str:
    return f"/contests/{award.contest.id}/{page}"


def change_a_mark(world: World, value: int) -> None:
    with world.session() as session:
        session.execute(update(Mark).where(Mark.value == 2999).values(value=value))


def twice_computed(world: World) -> Award:
    """A contest whose second entry came over the threshold by a correction."""
    award = scored(world, [[8000], [6999]])
    change_a_mark(world, 3000)
    with world.session() as session:
        compute(session, award.contest.id, actor=award.actor, now=NOW)
    return award


def test_every_version_is_listed_with_what_it_changed(world: World, browser: Browser) -> None:
    award = twice_computed(world)
    browser.sign_in(award.organiser)

    page = browser.get(address(award, "versions"))

    assert [squeeze(heading) for heading in page.select("main h2")] == ["Phiên bản 2", "Phiên bản 1"]
    [row] = page.rows("table.changes")
    assert row[0].endswith("đổi kết quả")
    assert row[1:] == [
        "69,99 · hạng 2 · Dưới điểm tối thiểu",
        "70,00 · hạng 2 · Đạt, trong danh sách đề nghị",
    ]


def test_a_value_that_two_decimals_do_not_hold_is_shown_whole(world: World, browser: Browser) -> None:
    award = scored(world, [[6999, 7000]])
    change_a_mark(world, 3000)
    with world.session() as session:
        compute(session, award.contest.id, actor=award.actor, now=NOW)
    browser.sign_in(award.organiser)

    [row] = browser.get(address(award, "versions")).rows("table.changes")

    assert row[1:] == [
        "70,00 (= 13999/200) · hạng 1 · Dưới điểm tối thiểu",
        "70,00 · hạng 1 · Đạt, trong danh sách đề nghị",
    ]


def test_a_version_that_changes_nothing_says_so(world: World, browser: Browser) -> None:
    award = scored(world, [[8000]])
    with world.session() as session:
        compute(session, award.contest.id, actor=award.actor, now=NOW)
    browser.sign_in(award.organiser)

    page = browser.get(address(award, "versions"))

    assert "Lần tính này không làm thay đổi phiên bản trước." in squeeze(page.main)


def test_the_number_of_queries_does_not_grow_with_the_entries(
    world: World, app: Flask, browser: Browser
) -> None:
    small, large = scored(world, [[8000]]), scored(world, [[8000], [7000], [6000]])
    browser.sign_in(small.organiser)
    counts = []
    for award in (small, large):
        user = Browser(app)
        user.sign_in(award.organiser)
        user.get(address(award, "versions"))
        with count_queries(app.extensions["binhchon_engine"]) as found:
            user.get(address(award, "versions"))
        counts.append(len(found))

    assert counts[0] == counts[1]


def test_a_result_that_stands_is_shown_identical(world: World, browser: Browser) -> None:
    award = scored(world, [[8000], [6999]])
    browser.sign_in(award.organiser)

    page = browser.get(address(award, "recomputed"))

    assert squeeze(page.one(".badge.tone-success")) == "Giống hệt"


def test_a_result_that_no_longer_follows_is_shown_with_each_difference(
    world: World, browser: Browser
) -> None:
    award = scored(world, [[6999]])
    change_a_mark(world, 3000)
    browser.sign_in(award.organiser)

    page = browser.get(address(award, "recomputed"))

    digest, *others = page.rows("table.differences")
    assert digest[:2] == ["toàn bộ kết quả", "SHA-256 của điểm"]
    assert others == [
        ["B-001", "Giá trị: tử số", "6999", "7000"],
        ["B-001", "Kết quả", "Dưới điểm tối thiểu", "Đạt, trong danh sách đề nghị"],
    ]


def test_rules_that_were_changed_are_told(world: World, browser: Browser) -> None:
    award = scored(world, [[6999]])
    softer = award.contest.rules_json.replace('"threshold":7000', '"threshold":6000')
    with world.session() as session:
        session.execute(update(Contest).values(rules_json=softer))
    browser.sign_in(award.organiser)

    page = browser.get(address(award, "recomputed"))

    assert [row[1] for row in page.rows("table.differences")] == ["SHA-256 của quy chế"]


def test_the_whole_contest_comes_as_a_workbook(world: World, browser: Browser) -> None:
    award = scored(world, [[8000]])
    browser.sign_in(award.organiser)

    answer = browser.file(address(award, "contest.xlsx"))

    assert f'filename="{award.contest.slug}-toan-bo.xlsx"' in answer.headers["Content-Disposition"]
    book = python_calamine.load_workbook(io.BytesIO(answer.data))
    assert book.sheet_names[0] == "Quy chế"


def test_pages_link_to_each_other(world: World, browser: Browser) -> None:
    award = voted(world, [[8000]])
    browser.sign_in(award.organiser)

    def links(page: str) -> set[str]:
        return {str(link["href"]) for link in browser.get(address(award, page)).select("main a")}

    assert {address(award, page) for page in ("versions", "recomputed", "contest.xlsx")} <= links("results")
    assert address(award, "versions") in links("publication")
    assert address(award, "correct") in links("versions")


def test_a_correction_withdraws_the_list_which_stays_readable(
    world: World, browser: Browser, app: Flask
) -> None:
    award = voted(world, [[8000], [7500]])
    move(award, ContestState.PROVISIONAL)
    browser.sign_in(award.organiser)

    browser.post(address(award, "correct"), {"reason": WHY})

    page = browser.follow()
    assert page.flashes == ["Đã mở việc sửa kết quả. Trưởng ban giám khảo có thể trả lại phiếu."]
    reader = Browser(app)
    reader.get(f"/results/{award.contest.slug}", status=302)
    old = reader.get(f"/results/{award.contest.slug}/withdrawn")
    assert [row[0] for row in old.rows("table.withdrawn")] == ["B-001", "B-002"]
    assert f"Lý do: {WHY}" in squeeze(old.main)
    assert "Kết quả đang được sửa." in squeeze(old.main)


def test_the_new_list_names_the_one_before_it(world: World, app: Flask, browser: Browser) -> None:
    award = voted(world, [[8000]])
    move(award, ContestState.PROVISIONAL)
    browser.sign_in(award.organiser)
    browser.post(address(award, "correct"), {"reason": WHY})
    move(award, ContestState.PROVISIONAL)
    reader = Browser(app)

    page = reader.get(f"/results/{award.contest.slug}")

    address_of_old = f"/results/{award.contest.slug}/withdrawn"
    assert address_of_old in {str(link["href"]) for link in page.select("main a")}
    assert "không còn giá trị" in squeeze(reader.get(address_of_old).main)


def test_a_list_that_was_never_withdrawn_has_no_such_page(world: World, browser: Browser) -> None:
    award = voted(world, [[8000]])
    move(award, ContestState.PROVISIONAL)

    browser.get(f"/results/{award.contest.slug}/withdrawn", status=404)
    browser.get("/results/khong-co-dot-nay/withdrawn", status=404)
    page = browser.get(f"/results/{award.contest.slug}")
    assert not page.select('a[href$="/withdrawn"]')


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "Mục này là bắt buộc."),
        ("   ", "Mục này là bắt buộc."),
        ("x" * 10_000, "Nhập tối đa 2000 ký tự."),
    ],
)
def test_a_reason_that_cannot_be_taken_is_refused_beside_the_field(
    world: World, browser: Browser, reason: str, said: str
) -> None:
    award = voted(world, [[8000]])
    browser.sign_in(award.organiser)

    page = browser.post(address(award, "correct"), {"reason": reason}, status=422)

    assert page.field_errors == {"reason": said}
    assert page.values()["reason"].strip() == reason.strip()
    assert world.get(Contest, award.contest.id).state is ContestState.VOTED


def test_a_hostile_reason_is_only_text(world: World, browser: Browser, app: Flask) -> None:
    award = voted(world, [[8000]])
    move(award, ContestState.PROVISIONAL)
    browser.sign_in(award.organiser)
    hostile = "<script>alert(1)</script> {{ 7 * 7 }}"

    browser.post(address(award, "correct"), {"reason": hostile})

    page = Browser(app).get(f"/results/{award.contest.slug}/withdrawn")
    assert hostile in squeeze(page.main)


def test_a_contest_that_cannot_be_corrected_now_says_so(world: World, browser: Browser) -> None:
    award = scored(world, [[8000]])
    browser.sign_in(award.organiser)

    browser.get(address(award, "correct"), status=409)
    browser.post(address(award, "correct"), {"reason": WHY}, status=409)


@pytest.mark.parametrize("page", ["versions", "recomputed", "contest.xlsx", "correct"])
def test_who_may_open_what(world: World, app: Flask, page: str) -> None:
    award = voted(world, [[8000]])
    observer = world.member(Role.OBSERVER, contest_id=award.contest.id)
    may_change = page == "correct"
    for user, status in (
        (award.organiser, 200),
        (observer, 403 if may_change else 200),
        (world.user_of(award.judges[0].user_id), 403),
        (world.facility_user(world.facility()), 403),
        (world.organiser(world.territory("An Giang")), 404),
    ):
        reader = Browser(app)
        reader.sign_in(user)
        reader.file(address(award, page), status=status)
    Browser(app).file(address(award, page), status=303)


@pytest.mark.parametrize("page", ["versions", "recomputed", "contest.xlsx"])
def test_nobody_sees_a_number_before_scoring_has_closed(world: World, browser: Browser, page: str) -> None:
    award = scored(world, [[8000]])
    move(award, ContestState.SCORING)
    browser.sign_in(award.organiser)

    browser.get(address(award, page), status=409)


def test_unknown_contests_are_not_found(world: World, browser: Browser) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    for page in ("versions", "recomputed", "contest.xlsx", "correct"):
        browser.get(f"/contests/99999/{page}", status=404)
