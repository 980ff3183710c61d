from io import BytesIO

import pytest
from PIL import Image

from app.domain.contests import ContestState
from app.domain.entries import AttachmentKind, EntryState
from app.domain.permissions import Role
from app.models import Contest, Entry, Recusal, User
from tests.browsing import Browser
from tests.builders import NOW, World
from tests.dossiers import Maker
from tests.uploads import paper, picture

PHOTO, OTHER = AttachmentKind.PHOTO, AttachmentKind.OTHER


class Shelf:
    """An entry with a photo and a paper in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.maker = Maker(world)
        self.entry = self.maker.draft()
        self.photo = self.maker.attach(self.entry, PHOTO, "Ấm “chén”; sen.jpg", picture(size=(1600, 1200)))
        self.paper = self.maker.attach(self.entry, OTHER, "Giấy phép số 5.pdf", paper())

    @property
    def contest(self) -> Contest:
        """The entry's contest."""
        contest: Contest = self.world.get(Contest, self.entry.contest_id)
        return contest

    def reach(self, contest: ContestState, entry: EntryState = EntryState.ACCEPTED) -> None:
        """Take the entry's contest and the entry to a state."""
        with self.world.session() as session:
            row = session.get_one(Entry, self.entry.id)
            row.state, row.code = entry, "B-001" if entry is EntryState.ACCEPTED else None
            session.get_one(Contest, row.contest_id).state = contest


@pytest.fixture
def shelf(world: World) -> Shelf:
    return Shelf(world)


def status_for(browser: Browser, user: User, attachment: int) -> int:
    browser.sign_in(user)
    status = browser.client.get(f"/files/{attachment}", buffered=True).status_code
    browser.sign_out()
    return status


def test_a_photo_is_sent_as_a_picture_that_can_do_nothing(shelf: Shelf, browser: Browser) -> None:
    browser.sign_in(shelf.maker.user)

    response = browser.file(f"/files/{shelf.photo}")

    assert Image.open(BytesIO(response.data)).size == (1600, 1200)
    headers = {
        name: response.headers[name]
        for name in (
            "Content-Type",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Cache-Control",
            "Cross-Origin-Resource-Policy",
            "Content-Disposition",
        )
    }
    assert headers == {
        "Content-Type": "image/jpeg",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Disposition": (
            'inline; filename="_m _ch_n_; sen.jpg"; '
            "filename*=UTF-8''%E1%BA%A4m%20%E2%80%9Cch%C3%A9n%E2%80%9D%3B%20sen.jpg"
        ),
    }


def test_a_small_picture_is_sent_for_lists(shelf: Shelf, browser: Browser) -> None:
    browser.sign_in(shelf.maker.user)

    small, large = (
        browser.file(f"/files/{shelf.photo}?size=small"),
        browser.file(f"/files/{shelf.photo}?size=huge"),
    )

    assert Image.open(BytesIO(small.data)).size == (480, 360)
    assert len(small.data) < len(large.data)


def test_a_picture_is_not_sent_twice(shelf: Shelf, browser: Browser) -> None:
    browser.sign_in(shelf.maker.user)
    tag = browser.file(f"/files/{shelf.photo}").headers["ETag"]

    response = browser.client.get(f"/files/{shelf.photo}", headers={"If-None-Match": tag}, buffered=True)

    assert (response.status_code, response.data) == (304, b"")


def test_a_paper_opens_in_the_browsers_own_viewer_and_is_not_kept(shelf: Shelf, browser: Browser) -> None:
    browser.sign_in(shelf.maker.user)

    response = browser.file(f"/files/{shelf.paper}")

    assert response.data.startswith(b"%PDF-")
    assert response.mimetype == "application/pdf"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith(
        'inline; filename="Gi_y ph_p s_ 5.pdf"; filename*=UTF-8'
    )
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'"


def test_a_stranger_is_asked_to_sign_in(shelf: Shelf, browser: Browser) -> None:
    assert browser.client.get(f"/files/{shelf.photo}").status_code == 303


@pytest.mark.parametrize("number", ["4711", "0", "99999999999999999999"])
def test_an_unknown_file_is_not_found(shelf: Shelf, browser: Browser, number: str) -> None:
    browser.sign_in(shelf.maker.user)

    browser.get(f"/files/{number}", status=404)


def test_another_facility_does_not_get_it(shelf: Shelf, world: World, browser: Browser) -> None:
    shelf.reach(ContestState.FINAL)

    assert status_for(browser, Maker(world).user, shelf.photo) == 404


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (EntryState.DRAFT, 404),
        (EntryState.SUBMITTED, 200),
        (EntryState.RETURNED, 200),
        (EntryState.ACCEPTED, 200),
    ],
)
def test_the_organiser_reads_what_was_sent_and_no_draft(
    shelf: Shelf, world: World, browser: Browser, state: EntryState, status: int
) -> None:
    shelf.reach(ContestState.REGISTRATION, state)

    assert status_for(browser, world.organiser(world.territory("Lâm Đồng")), shelf.photo) == status
    assert status_for(browser, world.organiser(world.territory("Hà Nội")), shelf.photo) == 404


def test_the_observer_of_the_contest_reads_it_and_that_of_another_does_not(
    shelf: Shelf, world: World, browser: Browser
) -> None:
    shelf.reach(ContestState.SCORING)

    assert (
        status_for(browser, world.member(Role.OBSERVER, contest_id=shelf.entry.contest_id), shelf.paper)
        == 200
    )
    assert status_for(browser, world.member(Role.OBSERVER, contest_id=world.contest().id), shelf.paper) == 404


def test_a_judge_with_a_sheet_reads_it_and_others_of_the_jury_do_not(
    shelf: Shelf, world: World, browser: Browser
) -> None:
    shelf.reach(ContestState.SCORING)
    judge, without, recused = (world.judge(shelf.contest) for _seat in range(3))
    world.sheet(judge, shelf.entry)
    world.sheet(recused, shelf.entry)
    world.add(Recusal(judge_id=recused.id, entry_id=shelf.entry.id, reason="Người nhà", recorded_at=NOW))

    found = [
        status_for(browser, world.get(User, seat.user_id), shelf.photo) for seat in (judge, without, recused)
    ]

    assert found == [200, 404, 404]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (ContestState.SCORING, 404),
        (ContestState.SCORED, 200),
        (ContestState.VOTING, 200),
        (ContestState.FINAL, 200),
    ],
)
def test_the_council_reads_it_once_scoring_is_closed(
    shelf: Shelf, world: World, browser: Browser, state: ContestState, status: int
) -> None:
    shelf.reach(state)
    member = world.council_member(shelf.contest)

    assert status_for(browser, world.get(User, member.user_id), shelf.photo) == status


def test_the_council_of_another_contest_does_not_read_it(
    shelf: Shelf, world: World, browser: Browser
) -> None:
    shelf.reach(ContestState.VOTING)
    member = world.council_member(world.contest(ContestState.VOTING))

    assert status_for(browser, world.get(User, member.user_id), shelf.photo) == 404
