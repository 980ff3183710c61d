from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.models import Contest, Entry, IssuedCertificate, Nomination, Qualification
from app.services.certificates import Revoke, revoke
from tests import awards
from tests.awards import Award
from tests.browsing import Browser, squeeze
from tests.builders import NOW, World
from tests.queries import count_queries


@pytest.fixture(autouse=True)
def _some_hours_after_the_decision() -> object:
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        yield


def certified(world: World, entries: int = 1, limit: int = 9) -> Award:
    return awards.certified(world, [[9000 - 100 * number] for number in range(entries)], limit=limit)


def upper(world: World, territory: str = "Miền Trung – Tây Nguyên", **fields: object) -> Contest:
    return world.contest(
        ContestState.REGISTRATION,
        world.territory(territory),
        rules=world.rules(lower_tier_skipped=""),
        **fields,
    )


def address(award: Award, target: Contest | None = None) -> str:
    return f"/contests/{award.contest.id}/nominations" + (f"/{target.id}" if target else "")


def test_chosen_products_go_up_and_stand_in_the_list(world: World, browser: Browser) -> None:
    award, target = certified(world, 3), upper(world)
    browser.sign_in(award.organiser)
    chosen = [str(entry.id) for entry in award.entries[:2]]

    browser.post(address(award, target), {"entries": chosen})

    page = browser.follow()
    assert page.flashes == ["Đã đề nghị 2 sản phẩm lên cấp trên."]
    assert [row.entry_id for row in world.all(select(Nomination).order_by(Nomination.id))] == [
        entry.id for entry in award.entries[:2]
    ]
    assert [row[-1] for row in page.rows("table:has(input, ul)")] == [
        "Sản phẩm này đã tham gia đợt bình chọn đó.",
        "Sản phẩm này đã tham gia đợt bình chọn đó.",
        "Có thể đề nghị.",
    ]
    assert [row[-1] for row in page.rows("h2 + .table-wrap table")] == ["Đã nộp", "Đã nộp"]


def test_what_stands_in_the_way_is_said_for_each_product(world: World, browser: Browser) -> None:
    award = certified(world, 3, limit=2)
    upper(world)
    with world.session() as session:
        first = session.scalars(select(IssuedCertificate).order_by(IssuedCertificate.id)).first()
        assert first is not None
        revoke(session, Revoke(first.id, "Vi phạm"), actor=award.actor, now=NOW)
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert [row[-1] for row in page.rows()] == [
        "Giấy chứng nhận số 01/2026/GCN-CNNTTB đã bị thu hồi hoặc thay thế; cần giấy còn giá trị.",
        "Có thể đề nghị.",
        "Sản phẩm này chưa có giấy chứng nhận.",
    ]
    assert [str(box["value"]) for box in page.select("input[type=checkbox]")] == [str(award.entries[1].id)]


def test_passing_over_a_tier_asks_why_and_keeps_what_was_typed(world: World, browser: Browser) -> None:
    award, nation = certified(world), upper(world, "Việt Nam")
    browser.sign_in(award.organiser)
    chosen = str(award.entries[0].id)

    page = browser.post(address(award, nation), {"entries": chosen, "exemption": ""}, status=422)
    assert list(page.field_errors) == ["exemption"]
    assert page.values("main form:has(textarea)")["entries"] == chosen

    reason = "Năm 2026 không tổ chức cấp khu vực"
    browser.post(address(award, nation), {"entries": chosen, "exemption": reason})
    [qualification] = world.all(select(Qualification))
    assert qualification.exemption == reason


def test_nothing_chosen_is_refused(world: World, browser: Browser) -> None:
    award, target = certified(world), upper(world)
    browser.sign_in(award.organiser)

    page = browser.post(address(award, target), status=422)

    assert "Hãy chọn ít nhất một sản phẩm." in squeeze(page.select_one(".error-summary"))


def test_all_go_up_or_none(world: World, browser: Browser) -> None:
    award, target = certified(world, 2, limit=1), upper(world)
    browser.sign_in(award.organiser)
    chosen = [str(entry.id) for entry in award.entries]

    page = browser.post(address(award, target), {"entries": chosen}, status=409)

    assert [squeeze(reason) for reason in page.select(".alert-danger li")] == [
        "B-002",
        "Sản phẩm này chưa có giấy chứng nhận.",
    ]
    assert world.all(select(Nomination)) == []


@pytest.mark.parametrize("entry", ["999", "0", "-1", "abc", "9" * 30, "\0", "🪷"])
def test_an_entry_that_is_not_there_is_not_found(world: World, browser: Browser, entry: str) -> None:
    award, target = certified(world), upper(world)
    browser.sign_in(award.organiser)

    browser.post(address(award, target), {"entries": entry}, status=404)


def test_a_contest_that_is_not_open_is_not_offered_and_takes_nothing(world: World, browser: Browser) -> None:
    award = certified(world)
    closed = upper(world, registration_opens_on=date(2026, 1, 1), registration_closes_on=date(2026, 3, 9))
    north = upper(world, "Phía Bắc")
    browser.sign_in(award.organiser)

    page = browser.get(f"{address(award)}?to={north.id}")

    assert "Hôm nay không có đợt bình chọn cấp trên nào của địa bàn này đang nhận đăng ký." in squeeze(
        page.main
    )
    for target, status in ((closed, 409), (north, 409), (Contest(id=999), 404)):
        browser.post(address(award, target), {"entries": str(award.entries[0].id)}, status=status)


def test_of_several_contests_one_is_chosen(world: World, browser: Browser) -> None:
    award, region, nation = certified(world), upper(world), upper(world, "Việt Nam")
    browser.sign_in(award.organiser)

    nearest, chosen = browser.get(address(award)), browser.get(f"{address(award)}?to={nation.id}")

    assert squeeze(nearest.select_one("h2")) == region.name
    assert squeeze(chosen.select_one("h2")) == nation.name
    assert chosen.select_one("textarea[name=exemption]")
    browser.get(f"{address(award)}?to={'9' * 30}")
    browser.get(f"{address(award)}?to=x")


def test_roles_and_places(world: World, app: Flask, browser: Browser) -> None:
    award, target = certified(world), upper(world)
    chosen = {"entries": str(award.entries[0].id)}

    observer = Browser(app)
    observer.sign_in(world.member(Role.OBSERVER, contest_id=award.contest.id))
    assert not observer.get(address(award)).select("input[type=checkbox]")
    observer.post(address(award, target), chosen, status=403)
    stranger = Browser(app)
    stranger.sign_in(world.organiser(world.territory("An Giang")))
    stranger.get(address(award), status=404)
    stranger.post(address(award, target), chosen, status=404)
    browser.get(address(award), status=303)
    assert world.all(select(Entry.id).where(Entry.contest_id == target.id)) == []


def test_the_page_asks_the_database_as_often_for_three_as_for_one(
    world: World, app: Flask, browser: Browser
) -> None:
    one, three = certified(world, 1), certified(world, 3)
    upper(world)
    counts = []
    for award in (one, three):
        browser.sign_in(award.organiser)
        browser.get(address(award))
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            browser.get(address(award))
        counts.append(len(sent))
        browser.sign_out()

    assert counts[0] == counts[1]
