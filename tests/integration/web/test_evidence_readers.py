import pytest
from flask import Flask

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.models import Discussion
from tests.awards import move, scored, scoring, voted
from tests.browsing import Browser, squeeze
from tests.builders import NOW, World
from tests.evidence import FILES, JUDGES, address, everything, member_of, named, rows_of


@pytest.mark.parametrize("state", [ContestState.DRAFT, ContestState.REGISTRATION, ContestState.SCORING])
def test_before_scoring_has_closed_the_page_says_what_is_missing_and_no_number(
    world: World, browser: Browser, state: ContestState
) -> None:
    award = named(world, scored(world, [[8123, 8123]]))
    move(award, state)
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert squeeze(page.one("main .lead")) == (
        "Chưa đóng chấm điểm. Hồ sơ được lập từ các điểm hợp lệ khi đóng chấm điểm."
    )
    assert not any(text in str(page) for text in ("81,23", *JUDGES))
    for kind in FILES:
        browser.get(address(award, kind), status=409)


def test_without_a_computation_the_page_says_so(world: World, browser: Browser) -> None:
    award = scoring(world, [[8000]])
    move(award, ContestState.SCORED)
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert squeeze(page.one("main .lead")) == (
        "Chưa tính kết quả. Đơn vị tổ chức đóng chấm điểm để tính kết quả."
    )
    browser.get(address(award, ".xlsx"), status=409)


def test_who_may_read_it(world: World, app: Flask) -> None:
    award = scored(world, [[8000]])
    observer = world.member(Role.OBSERVER, contest_id=award.contest.id)
    elsewhere = scored(world, [[8000]], territory=world.territory("An Giang"))

    for user, status in (
        (award.organiser, 200),
        (observer, 200),
        (member_of(world, award), 200),
        (world.user_of(award.judges[0].user_id), 403),
        (world.facility_user(world.facility()), 403),
        (elsewhere.organiser, 404),
        (member_of(world, elsewhere), 404),
    ):
        reader = Browser(app)
        reader.sign_in(user)
        reader.get(address(award), status=status)
        for kind in FILES:
            reader.file(address(award, kind), status=status)


def test_strangers_sign_in_and_unknown_contests_and_parts_are_not_found(
    world: World, browser: Browser
) -> None:
    award = scored(world, [[8000]])

    for kind in ("", *FILES):
        browser.get(address(award, kind), status=303)
    browser.sign_in(award.organiser)
    browser.get("/contests/999/evidence", status=404)
    browser.get(address(award, "/votes.csv"), status=404)


@pytest.mark.parametrize("state", [ContestState.SCORED, ContestState.VOTING])
def test_no_judge_is_named_to_the_council_before_its_ballot_has_closed(
    world: World, browser: Browser, state: ContestState
) -> None:
    award = named(world, scored(world, [[7600, 6900, 6900], [9000, 7000, 9000]]))
    world.add(
        Discussion(
            entry_id=award.entries[1].id, pass_no=1, spread=2000, note=f"{JUDGES[1]} giữ điểm.", settled_at=NOW
        )
    )  # fmt: skip
    move(award, state)
    browser.sign_in(member_of(world, award))

    seen = everything(browser, award)

    assert [name for name in (*JUDGES, "giữ điểm") if name in seen] == []
    assert all(alias in seen for alias in ("GK1", "GK2", "GK3", "khi bỏ phiếu của GK"))


def test_the_council_learns_the_names_once_its_ballot_has_closed(world: World, browser: Browser) -> None:
    award = named(world, voted(world, [[7600, 6900, 6900], [9000, 7000, 9000]]))
    browser.sign_in(member_of(world, award))

    assert {
        row[0].removesuffix(" nên trao đổi") for row in rows_of(browser.get(address(award)), "judges")
    } == (set(JUDGES))


def test_a_head_of_jury_in_the_council_knows_the_judges(world: World, browser: Browser) -> None:
    award = named(world, scored(world, [[7600, 6900], [9000, 7000]]))
    head = world.user()
    world.judge(award.contest, head, is_head=True)
    world.council_member(award.contest, user=head)
    browser.sign_in(head)

    assert JUDGES[0] in str(browser.get(address(award)))


@pytest.mark.parametrize("state", [ContestState.SCORING, ContestState.SCORED])
def test_while_the_second_pass_is_scored_the_first_is_no_evidence(
    world: World, browser: Browser, state: ContestState
) -> None:
    award = scoring(world, [[8123, 8123]], two_passes=True)
    move(award, state)
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert page.select("table") == []
    assert "81,23" not in str(page)
