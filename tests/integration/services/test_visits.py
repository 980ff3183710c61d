"""Recording what was found on the spot."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import AttachmentKind
from app.domain.errors import IllegalState, InvalidInput, NotFound, StaleVersion
from app.domain.permissions import Actor
from app.domain.visits import VisitFacts
from app.models import LedgerEvent, SiteVisit, SiteVisitPhoto
from app.queries.visits import visits_page
from app.services.assignments import Recuse, recuse
from app.services.files import FileStore
from app.services.intake import take_in
from app.services.passes import reopen_first_pass
from app.services.visits import (
    RecordVisit,
    RemoveVisit,
    UpdateVisit,
    add_photo,
    record_visit,
    remove_photo,
    remove_visit,
    update_visit,
)
from tests.awards import TWO_PASSES, Award, close_first, move, scoring
from tests.builders import World
from tests.queries import count_queries
from tests.uploads import picture, pictures

TODAY = date(2026, 3, 12)
NOON = datetime(2026, 3, 12, 5, 0, tzinfo=UTC)
FACTS = VisitFacts(TODAY, "Ông Lê Văn Bình, Trưởng ban giám khảo", "Xưởng sạch, đủ mẫu lưu.")


@pytest.fixture
def award(world: World) -> Award:
    """A contest in its second pass since 10 March: B-001 went on, B-002 did not."""
    award = scoring(world, [[8000], [6000]], rules=TWO_PASSES)
    close_first(award)
    return award


def record(award: Award, facts: VisitFacts = FACTS, actor: Actor | None = None, entry: int = 0) -> SiteVisit:
    with award.world.session() as session:
        command = RecordVisit(award.entries[entry].id, facts)
        return record_visit(session, command, actor=actor or award.actor, now=NOON)


def update(award: Award, visit: SiteVisit, facts: VisitFacts, version: int = 1) -> None:
    with award.world.session() as session:
        update_visit(session, UpdateVisit(visit.id, version, facts), actor=award.actor, now=NOON)


def add(award: Award, visit: SiteVisit, content: bytes) -> SiteVisitPhoto:
    file = take_in(AttachmentKind.PHOTO, "xuong.jpg", content)
    store = FileStore(award.world.files_dir)
    with award.world.session() as session:
        return add_photo(session, visit.id, file, store=store, actor=award.actor, now=NOON)


def head_of(award: Award) -> Actor:
    with award.world.session() as session:
        session.merge(award.judges[0]).is_head = True
    return award.world.actor(award.world.user_of(award.judges[0].user_id))


def told(award: Award) -> list[tuple[str, dict[str, object]]]:
    """Action and details of what the ledger holds about visits."""
    about = select(LedgerEvent).where(LedgerEvent.action.startswith("site-visit:")).order_by(LedgerEvent.id)
    return [(event.action, json.loads(event.details)) for event in award.world.all(about)]


def test_a_visit_is_kept_and_told(award: Award, world: World) -> None:
    record(award)

    [visit] = world.all(select(SiteVisit))
    new = {
        "visited_on": "2026-03-12",
        "visitors": "Ông Lê Văn Bình, Trưởng ban giám khảo",
        "findings": "Xưởng sạch, đủ mẫu lưu.",
    }
    assert VisitFacts(visit.visited_on, visit.visitors, visit.findings) == FACTS
    assert (visit.recorded_by_id, visit.version) == (award.organiser.id, 1)
    assert told(award) == [("site-visit:record", {"entry_id": award.entries[0].id, "new": new})]


def test_the_head_of_jury_records_too(award: Award, world: World) -> None:
    record(award, actor=head_of(award))

    assert len(world.all(select(SiteVisit))) == 1


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (VisitFacts(None, "A", "B"), "visited_on: Enter the day of the visit."),
        (
            VisitFacts(date(2026, 3, 13), "A", "B"),
            "visited_on: This day has not come yet. Record the visit once it has been made.",
        ),
        (
            VisitFacts(date(2026, 3, 9), "A", "B"),
            "visited_on: Visits are made after the first pass was closed, on 10/03/2026.",
        ),
        (
            VisitFacts(TODAY, " ", "\n"),
            "visitors: Write who made the visit.; findings: Write what was found on the spot.",
        ),
        (
            VisitFacts(TODAY, "x" * 501, "x" * 5001),
            "visitors: At most 500 characters; there are 501.; findings: At most 5000 characters; there are 5001.",
        ),
    ],
)
def test_a_record_is_complete_and_its_day_is_in_the_second_pass(
    award: Award, world: World, facts: VisitFacts, refusal: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        record(award, facts)

    assert str(error.value) == refusal
    assert world.all(select(SiteVisit)) == []


def test_the_day_is_that_of_vietnam(award: Award, world: World) -> None:
    after_midnight = datetime(2026, 3, 12, 17, 30, tzinfo=UTC)  # 13 March in Vietnam

    with world.session() as session:
        command = RecordVisit(award.entries[0].id, VisitFacts(date(2026, 3, 13), "A", "B"))
        record_visit(session, command, actor=award.actor, now=after_midnight)

    assert len(world.all(select(SiteVisit))) == 1


def test_an_entry_that_did_not_go_on_is_not_visited(award: Award) -> None:
    with pytest.raises(NotFound):
        record(award, entry=1)


def test_nothing_is_recorded_before_the_second_pass_or_after_scoring(award: Award, world: World) -> None:
    before = scoring(world, [[8000]], rules=TWO_PASSES)
    move(award, ContestState.SCORED)

    for contest in (before, award):
        with pytest.raises(IllegalState) as error:
            record(contest)
        assert str(error.value) == "Site visits are recorded while the second pass is being scored."


def test_others_cannot_record(award: Award, world: World) -> None:
    judge = world.actor(world.user_of(award.judges[0].user_id))
    stranger = world.actor(world.organiser(world.territory("An Giang")))

    for actor in (judge, stranger):
        with pytest.raises(NotFound):
            record(award, actor=actor)


def test_a_head_who_stands_aside_cannot_record(award: Award, world: World) -> None:
    head = head_of(award)
    with world.session() as session:
        aside = Recuse(award.judges[0].id, award.entries[0].id, "Người nhà")
        recuse(session, aside, actor=award.actor, now=NOON)

    with pytest.raises(NotFound):
        record(award, actor=head)


def test_a_correction_is_a_new_version_and_the_old_words_stay(award: Award, world: World) -> None:
    visit = record(award)

    update(award, visit, VisitFacts(TODAY, FACTS.visitors, "Thiếu mẫu lưu."))

    stored = world.get(SiteVisit, visit.id)
    assert (stored.findings, stored.version) == ("Thiếu mẫu lưu.", 2)
    action, details = told(award)[-1]
    assert (action, details["old"]) == (
        "site-visit:update",
        {"visited_on": "2026-03-12", "visitors": FACTS.visitors, "findings": FACTS.findings},
    )


def test_a_save_over_somebody_elses_is_stale(award: Award, world: World) -> None:
    visit = record(award)
    update(award, visit, VisitFacts(TODAY, "Bà Hạnh", FACTS.findings))

    with pytest.raises(StaleVersion):
        update(award, visit, VisitFacts(TODAY, "Ông Bình", FACTS.findings), version=1)

    assert world.get(SiteVisit, visit.id).visitors == "Bà Hạnh"


def test_a_save_that_changes_nothing_leaves_no_trace(award: Award) -> None:
    visit = record(award)

    update(award, visit, FACTS, version=0)

    assert [action for action, _details in told(award)] == ["site-visit:record"]


def test_a_removed_record_stays_in_the_ledger_with_its_reason(award: Award, world: World) -> None:
    visit = record(award)
    photo = add(award, visit, picture())

    with world.session() as session:
        remove_visit(session, RemoveVisit(visit.id, "Nhầm cơ sở"), actor=award.actor, now=NOON)

    action, details = told(award)[-1]
    assert (world.all(select(SiteVisit)), world.all(select(SiteVisitPhoto))) == ([], [])
    assert (action, details["reason"], details["photos"]) == (
        "site-visit:remove",
        "Nhầm cơ sở",
        [photo.file_sha256],
    )


def test_removing_needs_a_reason(award: Award, world: World) -> None:
    visit = record(award)

    with world.session() as session, pytest.raises(InvalidInput) as error:
        remove_visit(session, RemoveVisit(visit.id, " "), actor=award.actor, now=NOON)

    assert str(error.value) == "reason: Write the reason."


def test_at_most_twelve_photos_each_once(award: Award, world: World) -> None:
    visit, contents = record(award), list(pictures(13))
    for content in [*contents[:12], contents[0]]:
        add(award, visit, content)

    with pytest.raises(InvalidInput) as error:
        add(award, visit, contents[12])

    assert str(error.value) == "files: A site visit holds at most 12 photos. Remove some first."
    assert len(world.all(select(SiteVisitPhoto))) == 12


def test_a_photo_can_be_taken_out_again(award: Award, world: World) -> None:
    photo = add(award, record(award), picture())

    with world.session() as session:
        remove_photo(session, photo.id, actor=award.actor, now=NOON)

    assert world.all(select(SiteVisitPhoto)) == []
    assert [action for action, _details in told(award)][1:] == [
        "site-visit:add-photo",
        "site-visit:remove-photo",
    ]


def test_unknown_records_are_not_found(award: Award, world: World) -> None:
    with pytest.raises(NotFound):
        update(award, SiteVisit(id=99), FACTS)
    with world.session() as session, pytest.raises(NotFound):
        record_visit(session, RecordVisit(99, FACTS), actor=award.actor, now=NOON)
    with world.session() as session, pytest.raises(NotFound):
        remove_photo(session, 99, actor=award.actor, now=NOON)


def test_a_visit_outlives_a_first_pass_that_was_opened_again(award: Award, world: World) -> None:
    record(award)

    with world.session() as session:
        reopen_first_pass(session, award.contest.id, "Khiếu nại", actor=award.actor, now=NOON)
    close_first(award, NOON + timedelta(hours=1))

    with world.session() as session:
        [entry] = visits_page(session, award.actor, award.contest.id).entries
    assert (entry.code, [day for _id, day in entry.visits]) == ("B-001", [TODAY])


def test_a_longer_list_asks_no_more_of_the_database(world: World) -> None:
    counts = []
    for rows in (1, 3):
        award = scoring(world, [[8000]] * rows, rules=TWO_PASSES)
        close_first(award)
        for number in range(rows):
            record(award, entry=number)
        actor = award.actor
        with world.session() as session, count_queries(world.engine) as sent:
            visits_page(session, actor, award.contest.id)
        counts.append(len(sent))

    assert counts[0] == counts[1]
