"""The tree over the ledger: every event gets one place, heads stay, a receipt proves its submission."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.ledger import Occasion
from app.domain.permissions import SYSTEM
from app.models import LedgerEvent, LedgerLeaf, Mark, ScoreSheet
from app.queries.ledger import heads_of
from app.services.ledger import leaf_of, opening_of, record
from app.services.merkle import leaf_hash, root
from app.services.receipts import Receipt, receipt_of
from app.services.restoring import RestoreSheet, history_to_restore, restore_sheet
from app.services.sequencing import leaf_hashes, publish_head, sequence
from tests.awards import Award, marks_for
from tests.builders import NOW, World
from tests.bundles import bundle_of, close, faults_of, finished, judged, reopen, sheet_of, submit, unpacked


def events_of(world: World, contest_id: int | None) -> list[LedgerEvent]:
    of_tree = LedgerEvent.contest_id == contest_id if contest_id else LedgerEvent.contest_id.is_(None)
    return world.all(select(LedgerEvent).where(of_tree).order_by(LedgerEvent.id))


def test_a_leaf_is_one_line_that_commits_to_everything_the_event_says(world: World) -> None:
    contest, user = world.contest(), world.user()
    with world.session() as session:
        record(
            session,
            SYSTEM,
            "score-sheet:submit",
            user,
            now=NOW,
            contest_id=contest.id,
            on_behalf_of="Trần Thị Hạnh",
            marks={"L1": 3200},
        )
    [event] = events_of(world, contest.id)

    assert json.loads(opening_of(event)) == {"details": {"marks": {"L1": 3200}}, "salt": event.salt}
    assert leaf_of(event) == (
        f'{{"action":"score-sheet:submit","actor_id":null,"actor_name":"system",'
        f'"at":"2026-03-10T02:00:00.000000+00:00","contest_id":{contest.id},'
        f'"details_sha256":"{sha256(opening_of(event).encode()).hexdigest()}",'
        f'"on_behalf_of":"Trần Thị Hạnh","subject_id":{user.id},"subject_kind":"users"}}'
    )
    assert event.sha256 == leaf_hash(leaf_of(event).encode()).hex()


def test_equal_events_have_different_hashes_so_that_none_can_be_guessed(world: World) -> None:
    contest, user = world.contest(), world.user()
    for _time in range(2):
        with world.session() as session:
            record(session, SYSTEM, "test:act", user, now=NOW, contest_id=contest.id)
    first, second = events_of(world, contest.id)

    assert first.sha256 != second.sha256


def test_events_get_their_places_in_the_order_in_which_they_were_written(world: World) -> None:
    contest, other, user = world.contest(), world.contest(), world.user()
    for contest_id in (contest.id, None, other.id, contest.id, None, contest.id):
        with world.session() as session:
            record(session, SYSTEM, "test:act", user, now=NOW, contest_id=contest_id)

    with world.session() as session:
        sizes = [sequence(session, tree) for tree in (contest.id, other.id, None, contest.id)]

    leaves = world.all(select(LedgerLeaf).order_by(LedgerLeaf.tree, LedgerLeaf.leaf_index))
    assert sizes == [3, 1, 2, 3]
    assert [(leaf.tree, leaf.leaf_index) for leaf in leaves] == [
        (0, 0),
        (0, 1),
        (contest.id, 0),
        (contest.id, 1),
        (contest.id, 2),
        (other.id, 0),
    ]
    of_contest = [leaf.event_id for leaf in leaves if leaf.tree == contest.id]
    assert of_contest == [event.id for event in events_of(world, contest.id)]


def test_many_writers_and_sequencers_leave_no_gap_and_no_event_twice(world: World) -> None:
    contest, user = world.contest(), world.user()

    def write(number: int) -> None:
        with world.session() as session:
            record(session, SYSTEM, "test:act", user, now=NOW, contest_id=contest.id, number=number)

    def place(_number: int) -> None:
        with world.session() as session:
            sequence(session, contest.id)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write if number % 3 else place, number) for number in range(90)]:
            done.result()
    place(0)

    leaves = world.all(select(LedgerLeaf).order_by(LedgerLeaf.leaf_index))
    assert [leaf.leaf_index for leaf in leaves] == list(range(60))
    assert sorted(leaf.event_id for leaf in leaves) == [event.id for event in events_of(world, contest.id)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_leaves SET leaf_index = 7",
        "DELETE FROM ledger_leaves",
        "UPDATE ledger_heads SET root = ''",
        "DELETE FROM ledger_heads",
    ],
)
def test_places_and_heads_stay_as_they_are(world: World, statement: str) -> None:
    contest, user = world.contest(), world.user()
    with world.session() as session:
        record(session, SYSTEM, "test:act", user, now=NOW, contest_id=contest.id)
        publish_head(session, contest.id, Occasion.EXPORT, now=NOW)

    with world.engine.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(statement))


def test_a_contest_makes_its_heads_known_step_by_step_and_they_only_grow(world: World) -> None:
    award = finished(world, [[7000, 7200]])
    with world.session() as session:
        heads = heads_of(session, award.contest.id)
        hashes = leaf_hashes(session, award.contest.id, heads[-1].size)

    assert [head.occasion for head in heads] == [
        Occasion.SCORING,
        Occasion.BALLOT,
        Occasion.LIST,
        Occasion.DECISION,
        Occasion.CERTIFICATES,
    ]
    assert [head.root for head in heads] == [root(hashes[: head.size]).hex() for head in heads]
    assert all(older.size < newer.size for older, newer in pairwise(heads))


def receipt(award: Award, sheet: ScoreSheet) -> Receipt:
    user = award.world.user_of(award.judges[0].user_id)
    with award.world.session() as session:
        return receipt_of(session, sheet.id, actor=award.world.actor(user))


def test_a_receipt_proves_that_the_submission_is_in_the_tree(world: World) -> None:
    award = judged(world, [[7000, 7200], [8000, 8100]])
    sheet = sheet_of(world, award.judges[0], award.entries[0].id)

    before = receipt(award, sheet)
    close(award)
    after = receipt(award, sheet)

    assert before.leaf_hash == leaf_hash(before.leaf.encode()).hex()
    assert (before.is_included, before.index, before.size, before.is_published) == (True, 1, 8, False)
    assert (after.is_included, after.index, after.is_published) == (True, 1, True)
    assert after.published
    assert after.published.root == after.root
    assert before.short_code == "-".join(before.leaf_hash.upper()[at : at + 4] for at in (0, 4, 8, 12))


@pytest.mark.parametrize("forged", ["entry", "mark"])
def test_a_receipt_tells_a_judge_that_the_sheet_was_forged_in_the_database(world: World, forged: str) -> None:
    award = judged(world, [[7000, 7200], [8000, 8100]])
    sheet = sheet_of(world, award.judges[0], award.entries[0].id)
    honest = receipt(award, sheet)
    with world.session() as session:
        if forged == "entry":
            free = world.entry(award.contest)
            session.execute(update(ScoreSheet).where(ScoreSheet.id == sheet.id).values(entry_id=free.id))
        else:
            session.execute(update(Mark).where(Mark.sheet_id == sheet.id).values(value=100))

    assert (honest.agrees, receipt(award, sheet).agrees) == (True, False)


def test_nobody_gets_a_receipt_of_anothers_or_an_unsubmitted_sheet(world: World) -> None:
    award = judged(world, [[None, 7200]])

    for judge in award.judges:
        with pytest.raises(NotFound):
            receipt(award, sheet_of(world, judge, award.entries[0].id))


class Restoring:
    """A sheet that was submitted, reopened, changed and submitted again; and its head of jury."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.award = judged(world, [[7000, 7200]])
        self.judge, [self.entry] = self.award.judges[0], self.award.entries
        self.sheet = sheet_of(world, self.judge, self.entry.id)
        reopen(world, self.award, self.sheet.id)
        submit(world, self.judge, self.entry.id, marks_for(7550))
        self.head = world.user_of(world.judge(self.award.contest, is_head=True).user_id)

    def versions(self) -> list[int]:
        with self.world.session() as session:
            page = history_to_restore(session, self.sheet.id, self.world.actor(self.head))
        return [step.version for step in page.earlier_submissions]

    def restore(self, version: int, reason: str = "Sửa nhầm phiếu.") -> None:
        with self.world.session() as session:
            command = RestoreSheet(self.sheet.id, version, reason)
            restore_sheet(session, command, actor=self.world.actor(self.head), now=NOW + timedelta(hours=1))

    @property
    def total(self) -> int:
        return sum(self.world.marks_of(self.sheet).values())


def test_a_reopened_and_changed_sheet_is_put_back_to_what_was_submitted(world: World) -> None:
    case = Restoring(world)
    [earlier] = case.versions()

    case.restore(earlier)

    event = events_of(world, case.award.contest.id)[-1]
    said = json.loads(event.details)
    assert case.total == 7000
    assert (event.action, event.actor_name, event.on_behalf_of) == (
        "score-sheet:submit",
        case.head.name,
        world.user_of(case.judge.user_id).name,
    )
    assert (said["restored"], said["reason"]) == (earlier, "Sửa nhầm phiếu.")
    assert case.world.get(ScoreSheet, case.sheet.id).version == said["version"] > earlier
    assert case.versions() == [said["version"] - 1]  # and the change can be brought back in turn


def test_a_contest_with_a_sheet_put_back_verifies(world: World, tmp_path: Path) -> None:
    case = Restoring(world)
    case.restore(case.versions()[0])

    assert faults_of(tmp_path, unpacked(bundle_of(close(case.award)))) == []


def test_a_sheet_is_not_put_back_without_a_reason_to_another_version_or_after_scoring(world: World) -> None:
    case = Restoring(world)
    [earlier] = case.versions()

    with pytest.raises(InvalidInput, match="Write the reason"):
        case.restore(earlier, "")
    for version in (0, earlier - 1, earlier + 1, 10**6):
        with pytest.raises(NotFound):
            case.restore(version)
    close(case.award)
    with pytest.raises(IllegalState, match="Scoring is not open"):
        case.restore(earlier)
    assert case.total == 7550


def test_only_the_head_of_that_jury_puts_a_sheet_back(world: World) -> None:
    case = Restoring(world)
    [earlier] = case.versions()
    elsewhere = world.judge(world.contest(ContestState.SCORING), is_head=True)

    for user_id in (case.judge.user_id, case.award.organiser.id, elsewhere.user_id):
        case.head = world.user_of(user_id)
        with pytest.raises(NotFound):
            case.restore(earlier)
    assert case.total == 7550
