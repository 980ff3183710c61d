"""Every page of a contest, without exception: who may know of it, and who may act."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.permissions import GRANTS, SYSTEM, Permission, Role
from app.models import Contest, Invitation, Territory
from app.services.accounts import Invite, invite
from tests.browsing import Browser, squeeze
from tests.builders import NOW, World

UNKNOWN = 987_654


@dataclass(frozen=True)
class Place:
    """A contest with one of everything that an address can name."""

    contest: Contest
    ids: dict[str, int]


def place(world: World, territory: Territory, state: ContestState = ContestState.REGISTRATION) -> Place:
    contest = world.contest(state, territory)
    entry = world.entry(contest, state=EntryState.SUBMITTED)
    judge, member = world.judge(contest), world.council_member(contest)
    with world.session() as session:
        invite(
            session,
            Invite("moi@example.vn", "Người Mới", Role.JUDGE, contest_id=contest.id),
            actor=SYSTEM,
            now=NOW,
        )
    [invitation_id] = world.all(select(Invitation.id).where(Invitation.contest_id == contest.id))
    return Place(
        contest,
        {
            "contest_id": contest.id,
            "entry_id": entry.id,
            "judge_id": judge.id,
            "member_id": member.id,
            "invitation_id": invitation_id,
        },
    )


@dataclass(frozen=True)
class Route:
    """One way to call one route of a contest."""

    method: str
    rule: Rule
    words: dict[str, str]
    view: object

    @property
    def permission(self) -> Permission:
        """What the view asks for."""
        return self.view.access  # type: ignore[no-any-return,attr-defined]  # set by `requires`

    def url(self, app: Flask, ids: dict[str, int]) -> str:
        values: dict[str, Any] = {**dict.fromkeys(self.rule.arguments, UNKNOWN), **ids, **self.words}
        with app.test_request_context():
            return app.url_for(self.rule.endpoint, **{name: values[name] for name in self.rule.arguments})

    def call(self, browser: Browser, url: str, status: int) -> None:
        if self.method == "GET":
            browser.file(url, status=status)
        else:
            browser.post(url, {}, status=status)


def routes(app: Flask) -> Iterator[Route]:
    """Every method of every route that names a contest, with each of its fixed words."""
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("contests.") or "contest_id" not in rule.arguments:
            continue
        choices = [(name, found.items) for name, found in rule._converters.items() if hasattr(found, "items")]
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            view = app.view_functions[rule.endpoint]
            if not choices:
                yield Route(method, rule, {}, view)
            for name, words in choices:
                for word in words:
                    yield Route(method, rule, {name: word}, view)


def test_there_are_routes_to_test(app: Flask) -> None:
    found = {route.rule.endpoint for route in routes(app)}

    assert {
        "contests.contest",
        "contests.entry",
        "contests.review",
        "contests.seat",
        "contests.ballot",
    } <= found


@pytest.mark.parametrize("state", [ContestState.REGISTRATION, ContestState.SCORING, ContestState.FINAL])
def test_a_foreign_contest_and_one_that_does_not_exist_are_the_same(
    world: World, app: Flask, browser: Browser, state: ContestState
) -> None:
    foreign = place(world, world.territory("Lâm Đồng"), state)
    browser.sign_in(world.organiser(world.territory("Quảng Ninh")))

    for route in routes(app):
        for ids in (foreign.ids, {}):
            route.call(browser, route.url(app, ids), 404)


def test_what_belongs_to_another_contest_does_not_exist_in_ones_own(
    world: World, app: Flask, browser: Browser
) -> None:
    own, foreign = place(world, world.territory("Lâm Đồng")), place(world, world.territory("Quảng Ninh"))
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    for route in routes(app):
        if route.rule.arguments & {"entry_id", "judge_id", "member_id", "invitation_id"}:
            route.call(browser, route.url(app, foreign.ids | {"contest_id": own.contest.id}), 404)
            route.call(browser, route.url(app, {"contest_id": own.contest.id}), 404)


def test_an_observer_reads_everything_and_changes_nothing(world: World, app: Flask, browser: Browser) -> None:
    own = place(world, world.territory("Lâm Đồng"), ContestState.SCORING)
    browser.sign_in(world.member(Role.OBSERVER, contest_id=own.contest.id))

    for route in routes(app):
        url = route.url(app, own.ids)
        if route.permission not in GRANTS[Role.OBSERVER]:
            route.call(browser, url, 403)
        elif route.rule.endpoint in READABLE:
            assert browser.get(url).select("main form[method=post]") == [], url


READABLE = {
    f"contests.{name}"
    for name in (
        "contest",
        "rules",
        "entries",
        "entry",
        "jury",
        "judge",
        "assignments",
        "council",
        "progress",
    )
}


@pytest.mark.parametrize("role", [Role.FACILITY_USER, Role.ADMINISTRATOR, None])
def test_whoever_organises_nothing_is_not_let_in(
    world: World, app: Flask, browser: Browser, role: Role | None
) -> None:
    own = place(world, world.territory("Lâm Đồng"))
    if role is Role.FACILITY_USER:
        user = world.facility_user(world.facility())
    else:
        user = world.user() if role is None else world.member(role)
    browser.sign_in(user)

    for route in routes(app):
        route.call(browser, route.url(app, own.ids), 403)


def test_a_stranger_is_asked_to_sign_in(world: World, app: Flask, browser: Browser) -> None:
    own = place(world, world.territory("Lâm Đồng"))

    for route in routes(app):
        if route.method == "GET":
            response = browser.file(route.url(app, own.ids), status=303)
            assert response.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("entries/{entry_id}/return", "Sản phẩm tham gia"),
        ("jury", "Ban giám khảo"),
        ("council", "Hội đồng"),
    ],
)
def test_a_page_that_is_shown_again_because_of_a_mistake_keeps_its_place_in_the_row_of_links(
    world: World, browser: Browser, path: str, row: str
) -> None:
    own = place(world, world.territory("Lâm Đồng"))
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    page = browser.post(f"/contests/{own.contest.id}/{path.format(**own.ids)}", status=422)

    assert squeeze(page.one(".contest-nav [aria-current]")) == row
