"""Practice contests: made of a real one, open at once, never counting, begun anew and deleted."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotReady, StaleVersion
from app.domain.judging import SheetState
from app.domain.mails import MailKind, MailState
from app.domain.permissions import Role
from app.domain.rules import Method
from app.models import (
    Attachment,
    Computation,
    Contest,
    Entry,
    Facility,
    Judge,
    LedgerEvent,
    Mail,
    Mark,
    Product,
)
from app.queries.judging import own_contests, sheet_list
from app.queries.statistics import statistics
from app.services.ballot_turns import CloseWithoutVote, close_without_vote
from app.services.ballots import OpenBallot, open_ballot
from app.services.bundles import export_bundle
from app.services.certificates import IssueCertificates, issue_certificates
from app.services.dossiers import StartEntry, start_entry
from app.services.judging import SaveSheet, save_sheet
from app.services.mails import Letter, QueueMails, queue_mails
from app.services.nominations import Nominate, nominate
from app.services.practice import (
    CreateUsualPractice,
    create_usual_practice,
    remove_practice,
    reset_practice,
)
from app.services.publication import publish_provisional
from tests.builders import NOW, World
from tests.practice import Practice


@pytest.fixture
def practice(world: World) -> Practice:
    return Practice(world)


def test_a_practice_contest_has_the_jury_the_rules_and_made_up_entries_and_is_open(
    practice: Practice,
) -> None:
    contest = practice.create()

    world, source = practice.world, practice.source
    assert (contest.name, contest.state) == (f"Chấm thử: {source.name}", ContestState.SCORING)
    assert (contest.is_practice, contest.is_example, contest.practice_of_id) == (True, True, source.id)
    assert (contest.territory_id, contest.rubric_version_id) == (
        source.territory_id,
        source.rubric_version_id,
    )
    assert (contest.rules.threshold, contest.rules.min_sheets) == (source.rules.threshold, 1)
    jury = world.all(select(Judge).where(Judge.contest_id == contest.id).order_by(Judge.id))
    assert [(judge.user_id, judge.is_head) for judge in jury] == [
        (practice.head.user_id, True),
        (practice.judge.user_id, False),
    ]
    codes = world.all(select(Entry.code).where(Entry.contest_id == contest.id).order_by(Entry.code))
    assert codes == ["A-001", "A-002", "B-001", "B-002"]  # the groups that somebody judges
    assert [len(practice.sheets(judge)) for judge in jury] == [4, 2]


def test_everything_made_up_is_marked(practice: Practice) -> None:
    contest = practice.create()

    world = practice.world
    entries = select(Entry.id).where(Entry.contest_id == contest.id)
    products = world.all(
        select(Product).join(Entry, Entry.product_id == Product.id).where(Entry.id.in_(entries))
    )
    facilities = world.all(
        select(Facility).where(Facility.id.in_([product.facility_id for product in products]))
    )
    files = world.all(select(Attachment.name).where(Attachment.entry_id.in_(entries)))
    assert all(row.name.endswith(" (dữ liệu thử)") for row in [*products, *facilities])
    assert all(row.tax_code.startswith(f"THU-{contest.id}-") for row in facilities)
    assert len(files) == 4 * 3
    assert all("(dữ liệu thử)" in name for name in files)


def test_the_ledger_tells_who_made_it_and_binds_rules_and_entries(practice: Practice) -> None:
    contest = practice.create()

    events = practice.world.all(
        select(LedgerEvent).where(LedgerEvent.contest_id == contest.id).order_by(LedgerEvent.id)
    )
    assert [(event.action, event.actor_id) for event in events] == [
        ("practice:create", practice.organiser.id),
        ("contest:move", practice.organiser.id),
    ]
    assert json.loads(events[1].details)["rules_digest"] == contest.rules_digest


def test_a_jury_too_small_for_the_rules_practises_all_the_same(world: World) -> None:
    practice = Practice(
        world, rules=world.rules(min_sheets=5, method=Method.TRIMMED, passes=2, deciding_pass=2)
    )

    rules = practice.create().rules

    assert (rules.min_sheets, rules.method, rules.passes, rules.deciding_pass) == (1, Method.MEAN, 1, 1)


def test_one_at_a_time_of_a_contest_and_none_of_a_practice_contest(practice: Practice) -> None:
    made = practice.create()

    with pytest.raises(IllegalState, match="There is a practice contest"):
        practice.create()
    with pytest.raises(IllegalState, match="This is a practice contest already"):
        practice.create(made.id)


def test_without_a_jury_there_is_nobody_to_practise(practice: Practice) -> None:
    empty = practice.world.contest()

    with pytest.raises(NotReady, match="Nobody is on the jury yet"):
        practice.create(empty.id)


def test_only_the_organiser_makes_resets_and_deletes_one(practice: Practice) -> None:
    world, made = practice.world, practice.create()
    others = [
        world.organiser(world.territory("Quảng Ninh")),
        world.member(Role.OBSERVER, contest_id=practice.source.id),
        world.user_of(practice.head.user_id),
    ]

    for user in others:
        actor = world.actor(user)
        with pytest.raises(NotFound):
            practice.create(practice.source.id, actor=actor)
        for act in (reset_practice, remove_practice):
            with pytest.raises(NotFound), world.session() as session:
                act(session, made.id, actor=actor, now=NOW)


@pytest.mark.parametrize("act", [reset_practice, remove_practice])
def test_a_real_contest_is_never_reset_or_deleted(practice: Practice, act: object) -> None:
    with pytest.raises(IllegalState, match="This is a real contest"), practice.world.session() as session:
        act(session, practice.source.id, actor=practice.actor, now=NOW)  # type: ignore[operator]  # one of two functions


def test_with_the_usual_rules_there_is_no_jury_yet_and_whoever_is_appointed_practises(world: World) -> None:
    practice = Practice(world)
    territory = world.territory("Lâm Đồng")
    foreign = world.territory("Quảng Ninh")
    command, wrong = CreateUsualPractice(territory.id), CreateUsualPractice(foreign.id)

    with world.session() as session:
        made = create_usual_practice(session, command, store=practice.store, actor=practice.actor, now=NOW)
    with pytest.raises(InvalidInput), world.session() as session:
        create_usual_practice(session, wrong, store=practice.store, actor=practice.actor, now=NOW)

    assert (made.is_practice, made.practice_of_id, made.rules.min_sheets) == (True, None, 1)
    entries = select(func.count()).where(Entry.contest_id == made.id)
    assert world.all(entries) == [8]


def test_judges_find_it_after_their_real_contests(practice: Practice) -> None:
    made = practice.create()
    actor = practice.world.actor(practice.world.user_of(practice.judge.user_id))

    with practice.world.session() as session:
        contests = own_contests(session, actor)
        first = sheet_list(session, actor)

    assert [(contest.id, contest.is_practice) for contest in contests] == [
        (practice.source.id, False),
        (made.id, True),
    ]
    assert first is not None
    assert first.contest.id == practice.source.id


def test_it_is_scored_and_computed_and_goes_no_further(practice: Practice) -> None:
    world, made = practice.world, practice.scored()
    store, actor = practice.store, practice.actor
    [entry_id, *_others] = world.all(select(Entry.id).where(Entry.contest_id == made.id))
    facility = world.facility()
    maker, product = world.actor(world.facility_user(facility)), world.product(facility)
    acts: list[Callable[[Session], object]] = [
        lambda s: open_ballot(s, OpenBallot(made.id, "Phòng họp"), actor=actor, now=NOW),
        lambda s: close_without_vote(s, CloseWithoutVote(made.id, "", ""), actor=actor, now=NOW),
        lambda s: publish_provisional(s, made.id, actor=actor, now=NOW),
        lambda s: issue_certificates(
            s,
            IssueCertificates(made.id, limit=1),
            store=store,
            actor=actor,
            now=NOW,
            public_url="https://x.vn",
        ),
        lambda s: nominate(s, Nominate(entry_id, practice.source.id), actor=actor, now=NOW),
    ]

    said = "This is a practice contest: it ends with the result"
    for act in acts:
        with pytest.raises(IllegalState, match=said), world.session() as session:
            act(session)
    with pytest.raises(IllegalState, match="This is a practice contest"):
        export_bundle(world.engine, made.id, BytesIO(), store=store, actor=actor, now=NOW)
    with pytest.raises(NotFound), world.session() as session:
        start_entry(session, StartEntry(made.id, product.id), actor=maker, now=NOW)
    with world.session() as session:
        assert statistics(session) == []


@pytest.mark.parametrize("state", [state for state in ContestState if state not in ("scoring", "scored")])
def test_the_database_itself_keeps_it_from_going_further(practice: Practice, state: ContestState) -> None:
    made = practice.create()

    with pytest.raises(IntegrityError), practice.world.session() as session:
        session.get_one(Contest, made.id).state = state


def test_a_real_contest_cannot_be_removed_in_the_database(practice: Practice) -> None:
    with pytest.raises(IntegrityError), practice.world.session() as session:
        session.get_one(Contest, practice.source.id).removed_at = NOW


def test_begun_anew_every_sheet_is_empty_and_a_page_that_is_still_open_saves_nothing(
    practice: Practice,
) -> None:
    world, made = practice.world, practice.scored()
    late = world.judge(practice.source, world.user("Đến sau"))
    before = {sheet.id: sheet.version for sheet in practice.all_sheets(made)}

    with world.session() as session:
        reset_practice(session, made.id, actor=practice.actor, now=NOW)

    sheets = practice.all_sheets(made)
    assert world.all(select(Contest.state).where(Contest.id == made.id)) == [ContestState.SCORING]
    assert {(sheet.state, sheet.remark, sheet.saved_at, sheet.submitted_at) for sheet in sheets} == {
        (SheetState.DRAFT, "", None, None)
    }
    assert world.all(select(Mark)) == []
    assert len(sheets) == len(before) + 4  # who came to the real jury since practises too
    judges = select(Judge.user_id).where(Judge.contest_id == made.id)
    assert late.user_id in world.all(judges)
    [mine] = [sheet for sheet in sheets if sheet.id == min(before)]
    stale = SaveSheet(mine.id, before[mine.id], {"L1": 3000}, {}, "")
    user = world.user_of(practice.head.user_id)
    with pytest.raises(StaleVersion), world.session() as session:
        save_sheet(session, stale, actor=world.actor(user), now=NOW)
    with world.session() as session:
        save_sheet(
            session, SaveSheet(mine.id, mine.version, {"L1": 3000}, {}, ""), actor=world.actor(user), now=NOW
        )


def test_begun_anew_it_can_be_scored_and_computed_again(practice: Practice) -> None:
    made = practice.scored()
    with practice.world.session() as session:
        reset_practice(session, made.id, actor=practice.actor, now=NOW)

    practice.score(made)
    practice.close(made)

    versions = select(Computation.version).where(Computation.contest_id == made.id)
    assert sorted(practice.world.all(versions)) == [1, 2]


def test_deleted_it_is_gone_for_everybody_and_the_ledger_keeps_its_events(practice: Practice) -> None:
    world, made = practice.world, practice.create()
    practice.score(made)
    head = world.actor(world.user_of(practice.head.user_id))
    [sheet, *_others] = practice.all_sheets(made)
    letter = Letter(practice.organiser.id, "Đã xong", "Xin mời.")
    with world.session() as session:
        queue_mails(session, QueueMails(made.id, MailKind.READY, [letter]), actor=head, now=NOW)
    events = world.all(select(func.count()).where(LedgerEvent.contest_id == made.id))[0]

    with world.session() as session:
        remove_practice(session, made.id, actor=practice.actor, now=NOW)

    assert made.id not in [
        grant.contest_id for grant in world.actor(world.user_of(practice.head.user_id)).grants
    ]
    with world.session() as session:
        assert [contest.id for contest in own_contests(session, head)] == [practice.source.id]
    with pytest.raises(NotFound), world.session() as session:
        save_sheet(session, SaveSheet(sheet.id, sheet.version + 1, {"L1": 100}, {}, ""), actor=head, now=NOW)
    with pytest.raises(NotFound), world.session() as session:
        reset_practice(session, made.id, actor=practice.actor, now=NOW)
    assert world.all(select(Mark)) == []
    assert world.all(select(Mail.state)) == [MailState.CANCELLED]
    assert world.all(select(func.count()).where(LedgerEvent.contest_id == made.id)) == [events + 1]


def test_what_is_deleted_gives_its_ids_to_nobody(practice: Practice) -> None:
    """A real sheet with the id of a practice sheet would have the practice sheet's history."""
    world, made = practice.world, practice.create()
    practice.score(made)
    practised = {sheet.id for sheet in practice.all_sheets(made)}
    with world.session() as session:
        remove_practice(session, made.id, actor=practice.actor, now=NOW)

    new = world.sheet(practice.judge, world.entry(practice.source))

    assert new.id not in practised


def test_after_deleting_another_can_be_made(practice: Practice) -> None:
    first = practice.create()
    with practice.world.session() as session:
        remove_practice(session, first.id, actor=practice.actor, now=NOW)

    second = practice.create()

    assert second.id != first.id
    assert second.name == first.name
