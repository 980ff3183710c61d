"""Photos of site visits go to those who judge the entry, and never to its facility."""

import pytest

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.permissions import Role
from app.models import Contest, Entry, Membership, Product, Recusal, User
from tests.browsing import Browser
from tests.builders import NOW, World
from tests.visits import visit


class Album:
    """An entry in the second pass of a contest, with a photo of a visit."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.facility = world.facility()
        self.contest = world.contest(rules=world.rules(passes=2), current_pass=2)
        self.entry = world.entry(self.contest, world.product(self.facility))
        [photo] = visit(world, self.entry, photos=("Xưởng sấy.jpg",)).photos
        self.url = f"/files/visits/{photo.id}"

    def reach(self, contest: ContestState, entry: EntryState = EntryState.ACCEPTED) -> None:
        with self.world.session() as session:
            row = session.get_one(Entry, self.entry.id)
            row.state, row.code = entry, row.code if entry is EntryState.ACCEPTED else None
            session.get_one(Contest, self.contest.id).state = contest

    def user_of(self, user_id: int) -> User:
        return self.world.user_of(user_id)


@pytest.fixture
def album(world: World) -> Album:
    return Album(world)


def status_for(browser: Browser, user: User, url: str) -> int:
    browser.sign_in(user)
    status = browser.client.get(url, buffered=True).status_code
    browser.sign_out()
    return status


def test_a_photo_is_sent_as_a_picture_that_can_do_nothing(
    album: Album, world: World, browser: Browser
) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    response = browser.file(f"{album.url}?size=small")

    assert (response.mimetype, response.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    assert response.headers["Content-Disposition"].startswith("inline; ")


def test_a_stranger_is_asked_to_sign_in(album: Album, browser: Browser) -> None:
    assert browser.client.get(album.url).status_code == 303


@pytest.mark.parametrize("number", ["4711", "0", "99999999999999999999"])
def test_an_unknown_photo_is_not_found(album: Album, world: World, browser: Browser, number: str) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    browser.get(f"/files/visits/{number}", status=404)


def test_the_organiser_and_the_observer_of_the_contest_get_it_and_others_do_not(
    album: Album, world: World, browser: Browser
) -> None:
    people = [
        world.organiser(world.territory("Lâm Đồng")),
        world.member(Role.OBSERVER, contest_id=album.contest.id),
        world.organiser(world.territory("Hà Nội")),
        world.member(Role.OBSERVER, contest_id=world.contest().id),
    ]

    assert [status_for(browser, user, album.url) for user in people] == [200, 200, 404, 404]


def test_a_judge_with_a_sheet_of_the_entry_gets_it_and_others_of_the_jury_do_not(
    album: Album, world: World, browser: Browser
) -> None:
    judge, without, recused, elsewhere = (world.judge(album.contest) for _seat in range(4))
    world.sheet(judge, album.entry, pass_no=2)
    world.sheet(recused, album.entry, pass_no=2)
    world.sheet(elsewhere, world.entry(album.contest), pass_no=2)
    world.add(Recusal(judge_id=recused.id, entry_id=album.entry.id, reason="Người nhà", recorded_at=NOW))

    found = [
        status_for(browser, album.user_of(seat.user_id), album.url)
        for seat in (judge, without, recused, elsewhere)
    ]

    assert found == [200, 404, 404, 404]


def test_the_head_of_jury_gets_it_without_a_sheet_unless_they_have_a_conflict(
    album: Album, world: World, browser: Browser
) -> None:
    head = world.judge(album.contest, is_head=True)
    foreign = world.judge(world.contest(), is_head=True)
    before = [status_for(browser, album.user_of(seat.user_id), album.url) for seat in (head, foreign)]

    world.add(Recusal(judge_id=head.id, entry_id=album.entry.id, reason="Người nhà", recorded_at=NOW))

    assert before == [200, 404]
    assert status_for(browser, album.user_of(head.user_id), album.url) == 404


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (ContestState.SCORING, 404),
        (ContestState.SCORED, 200),
        (ContestState.VOTING, 200),
        (ContestState.FINAL, 200),
    ],
)
def test_the_council_gets_it_once_scoring_is_closed(
    album: Album, world: World, browser: Browser, state: ContestState, status: int
) -> None:
    album.reach(state)
    member = world.council_member(album.contest)
    foreign = world.council_member(world.contest(state))

    assert status_for(browser, album.user_of(member.user_id), album.url) == status
    assert status_for(browser, album.user_of(foreign.user_id), album.url) == 404


@pytest.mark.parametrize("state", [ContestState.SCORING, ContestState.FINAL])
def test_the_facility_does_not_get_it(
    album: Album, world: World, browser: Browser, state: ContestState
) -> None:
    album.reach(state)

    assert status_for(browser, world.facility_user(album.facility), album.url) == 404


def test_a_judge_who_works_for_the_facility_does_not_get_it(
    album: Album, world: World, browser: Browser
) -> None:
    judge = world.judge(album.contest)
    world.sheet(judge, album.entry, pass_no=2)
    facility_id = world.get(Product, album.entry.product_id).facility_id
    world.add(
        Membership(user_id=judge.user_id, role=Role.FACILITY_USER, facility_id=facility_id, created_at=NOW)
    )

    assert status_for(browser, album.user_of(judge.user_id), album.url) == 404
