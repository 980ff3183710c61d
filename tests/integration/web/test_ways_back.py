"""A refused form leads back to the page on which it stood, as it stands now; nowhere else."""

import pytest
from flask import Flask

from app.domain.contests import ContestState
from app.models import Membership
from app.services.ballot_turns import TurnBack, withdraw_ballot
from tests.assignments import stand_aside
from tests.browsing import Browser, Page
from tests.builders import World
from tests.meetings import Sitting

WORDS = "Quay lại trang trước, với tình trạng hiện tại"


def link(page: Page) -> list[tuple[str, str]]:
    """The ways that a page of refusal offers besides the start page."""
    return [(str(way["href"]), way.get_text()) for way in page.select("main a") if way["href"] != "/"]


def sent_from(path: str) -> dict[str, str]:
    return {"Referer": f"http://localhost{path}", "Origin": "http://localhost"}


@pytest.fixture
def organiser(world: World, browser: Browser) -> Browser:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    return browser


@pytest.mark.parametrize("page", ["/jury", "/jury/assignments", "/progress", ""])
def test_a_substitute_appointed_twice_leads_back_to_where_the_button_was(
    world: World, browser: Browser, page: str
) -> None:
    contest = world.contest(ContestState.REGISTRATION, rules=world.rules(min_sheets=2))
    first, second, _third = (world.judge(contest, world.user(f"Nguyễn {number}")) for number in range(3))
    entry = world.entry(contest)
    for judge in (first, second):
        world.sheet(judge, entry)
    organiser = world.organiser(world.territory("Lâm Đồng"))
    stand_aside(world, world.actor(organiser), first, entry, "Là em gái chủ cơ sở.")
    browser.sign_in(organiser)
    path = f"/contests/{contest.id}{page}"
    values = browser.get(path).values("form[action$='/substitute']")
    step = f"/contests/{contest.id}/jury/substitute"
    browser.post(step, values, headers=sent_from(path))

    refused = browser.post(step, values, headers=sent_from(path), status=409)

    assert link(refused) == [(path, WORDS)]
    browser.get(path)


def test_a_sheet_reopened_twice_leads_back_to_its_page(world: World, browser: Browser) -> None:
    contest, head = world.contest(), world.user()
    world.judge(contest, head, is_head=True)
    marks = {"L1": 1350, "L2": 2650, "L3": 350, "L4": 650}
    sheet = world.submitted(world.judge(contest), world.entry(contest), marks)
    browser.sign_in(head)
    path = f"/judging/sheets/{sheet.id}/reopen"
    browser.post(path, {"reason": "Nhầm."}, headers=sent_from(path))

    refused = browser.post(path, {"reason": "Nhầm."}, headers=sent_from(path), status=409)

    assert link(refused) == [(path, WORDS)]
    browser.get(path)


def test_a_ballot_withdrawn_twice_leads_back_to_the_ballot_not_to_the_question(
    world: World, browser: Browser
) -> None:
    council = Sitting(world).open_ballot()
    browser.sign_in(council.organiser)
    ballot = f"/contests/{council.contest.id}/ballot"
    question = f"{ballot}/withdraw"
    browser.post(question, {"reason": "Thiếu thành viên."}, headers=sent_from(question))

    refused = browser.post(question, {"reason": "Thiếu."}, headers=sent_from(question), status=409)
    asked = browser.get(question, status=409)

    assert link(refused) == link(asked) == [(ballot, WORDS)]
    browser.get(ballot)


def test_a_vote_on_a_withdrawn_ballot_leads_back_to_the_council_s_page(
    world: World, browser: Browser
) -> None:
    council = Sitting(world).open_ballot()
    browser.sign_in(council.users[2])
    page = f"/council/{council.contest.id}"
    council.do(withdraw_ballot, TurnBack(council.contest.id, "Thiếu thành viên."), by=council.organiser)
    browser.post("/language/en", {"next": "/"})

    refused = browser.post(page, {}, headers=sent_from(page), status=409)

    assert link(refused) == [(page, "Back to the page, as it stands now")]
    browser.get(page)


def test_what_is_gone_leads_to_the_page_above_it(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    path = f"/contests/{contest.id}/keying/999"

    refused = organiser.post(path, {}, headers=sent_from(path), status=404)

    assert link(refused) == [(f"/contests/{contest.id}/keying", WORDS)]


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.example/contests/1", "http://localhost.evil.example/", "//evil.example/contests"],
)
def test_no_page_but_our_own_is_led_back_to(world: World, organiser: Browser, referer: str) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    step = f"/contests/{contest.id}/jury/substitute"

    refused = organiser.post(step, {}, headers={"Referer": referer}, status=404)

    assert link(refused) == []


def test_a_page_that_the_reader_may_no_longer_open_is_not_offered(app: Flask, world: World) -> None:
    council = Sitting(world).open_ballot()
    browser = Browser(app)
    browser.sign_in(council.organiser)
    path = f"/contests/{council.contest.id}/ballot"
    with world.session() as session:
        session.query(Membership).filter_by(user_id=council.organiser.id).delete()

    refused = browser.post(f"{path}/open", {}, headers=sent_from(path), status=403)

    assert link(refused) == []
