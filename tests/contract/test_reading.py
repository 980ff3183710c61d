"""Looking around: every link leads somewhere, every page is a good page, and nothing changes by being read."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from werkzeug.exceptions import HTTPException

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.permissions import SYSTEM, Role
from app.models import Base, User
from app.services.accounts import Invite, invite
from tests import awards
from tests.browsing import Browser, Page, check_page
from tests.builders import NOW, World
from tests.meetings import Sitting

PER_ENDPOINT = 6  # pages of one kind that are looked at
# Who looks around -> how far that person must get at least, lest the walk ends at the first page.
PEOPLE = {
    "nobody": "results.contest_pdf",
    "administrator": "admin.account",
    "organiser": "contests.judge",
    "judge": "judging.sheet",
    "council member": "council.entry",
    "council secretary": "council.projector",
    "facility user": "facility.receipt",
    "observer": "contests.minutes",
}
TOTALS = ([8000, 7500], [7000, 7200], [6000, 6500])


def state(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


def people(world: World) -> dict[str, User | None]:
    """Contests at every stage, and somebody of each kind who has to do with them."""
    draft, registration = world.contest(ContestState.DRAFT), world.contest(ContestState.REGISTRATION)
    stages = [awards.scoring, awards.scored, awards.voted, awards.decided]
    made = [stage(world, TOTALS) for stage in stages]
    facility = world.facility()
    for entry_state in (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.RETURNED, EntryState.ACCEPTED):
        world.entry(registration, world.product(facility), entry_state)
    judge, member, observer = world.user_of(made[0].judges[0].user_id), world.user(), world.user()
    for award in made[1:]:
        world.judge(award.contest, judge, is_head=True)
        world.council_member(award.contest, user=member)
    with world.session() as session:
        invite(session, Invite("moi@example.vn", "Người mới", Role.ADMINISTRATOR), actor=SYSTEM, now=NOW)
    assert draft.id != registration.id
    sitting = Sitting(world).begin()
    sitting.take()
    observer = world.member(Role.OBSERVER, contest_id=made[3].contest.id)
    return {
        "nobody": None,
        "administrator": world.member(Role.ADMINISTRATOR),
        "organiser": made[0].organiser,
        "judge": judge,
        "council member": member,
        "council secretary": sitting.secretary,
        "facility user": world.facility_user(facility),
        "observer": observer,
    }


def endpoint_of(app: Flask, path: str) -> str:
    try:
        return str(app.url_map.bind("localhost").match(path)[0])
    except HTTPException as redirect_or_miss:
        return type(redirect_or_miss).__name__


def walk(browser: Browser) -> tuple[set[str], list[str]]:
    """Follow links from the start page, a few of each kind; return where that led, and what is wrong there."""
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    to_visit, known = ["/", "/account/"], {"/", "/account/"}
    while to_visit:
        path = to_visit.pop(0)
        endpoint = endpoint_of(browser.app, urlsplit(path).path)
        if endpoint == "static" or seen[endpoint] >= PER_ENDPOINT:
            continue
        seen[endpoint] += 1
        response = browser.client.get(path)
        links = [response.headers["Location"]] if response.status_code in (302, 303, 308) else []
        if response.status_code == 200 and response.mimetype == "text/html":
            page = Page(response.get_data(as_text=True), "html.parser")
            links = [str(link["href"]) for link in page.select("a[href]")]
            try:
                check_page(str(response.get_data(as_text=True)), page)
            except Exception as error:  # noqa: BLE001 -- named with its page below
                wrong.append(f"{path}: {error}")
        elif response.status_code not in (200, 302, 303, 308):
            wrong.append(f"{path}: {response.status_code}")
        for link in links:
            target = link.removeprefix("http://localhost").partition("#")[0]
            if target.startswith("/") and target not in known:
                known.add(target)
                to_visit.append(target)
    return set(seen), wrong


@pytest.mark.slow
@pytest.mark.every_example
@pytest.mark.parametrize("who", PEOPLE)
def test_links_lead_somewhere_and_reading_changes_nothing(
    world: World, engine: Engine, browser: Browser, who: str
) -> None:
    person = people(world)[who]
    if person is not None:
        browser.sign_in(person)
    before = state(engine)

    seen, wrong = walk(browser)

    assert wrong == []
    assert PEOPLE[who] in seen
    assert state(engine) == before
