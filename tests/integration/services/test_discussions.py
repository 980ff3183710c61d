"""Entries whose judges lie far apart are settled before a pass is closed."""

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.demo.discussions import settle_all
from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotReady, StaleVersion
from app.domain.permissions import Actor
from app.models import Contest, Discussion, LedgerEvent, ScoreSheet
from app.queries.discussions import discussion_page, discussions_page
from app.services.assignments import Recuse, recuse
from app.services.contests import close_scoring
from app.services.discussions import SettleDiscussion, settle_discussion
from app.services.judging import ReopenSheet, SaveSheet, reopen_sheet, submit_sheet
from tests.awards import Award, marks_for, move, scoring
from tests.builders import NOW, World
from tests.queries import count_queries

LATER = NOW + timedelta(hours=3)
NOTE = "Hai giám khảo chấm khác nhau về bao bì; hội ý xong giữ nguyên điểm."


def settle(
    award: Award, spread: int, note: str = NOTE, actor: Actor | None = None, entry: int = 0, seen: str = ""
) -> None:
    command = SettleDiscussion(award.contest.id, award.entries[entry].id, spread, note, seen)
    with award.world.session() as session:
        settle_discussion(session, command, actor=actor or award.actor, now=NOW)


def shown(award: Award) -> str:
    """What the page of the first entry shows to have been agreed on."""
    with award.world.session() as session:
        page = discussion_page(session, award.actor, award.contest.id, award.entries[0].id)
    return page.entry.settled_digest


def close(award: Award) -> None:
    with award.world.session() as session:
        close_scoring(session, award.contest.id, actor=award.actor, now=LATER)


def listed(award: Award, actor: Actor | None = None) -> list[tuple[str, int, bool]]:
    """Code, spread, and whether it is open, of each entry on the page."""
    with award.world.session() as session:
        page = discussions_page(session, actor or award.actor, award.contest.id)
    return [(entry.code, entry.spread, entry.is_open) for entry in page.entries]


def head_of(award: Award, judge: int) -> Actor:
    """The head of jury, who is this judge."""
    with award.world.session() as session:
        session.merge(award.judges[judge]).is_head = True
    return award.world.actor(award.world.user_of(award.judges[judge].user_id))


def mark_anew(award: Award, head: Actor, judge: int, marks: Mapping[str, int]) -> None:
    """Reopen the judge's sheet of the first entry, and submit it with other marks."""
    entry_id, judge_id = award.entries[0].id, award.judges[judge].id
    sheets = select(ScoreSheet).where(ScoreSheet.entry_id == entry_id, ScoreSheet.judge_id == judge_id)
    [sheet] = award.world.all(sheets)
    judge_of = award.world.actor(award.world.user_of(award.judges[judge].user_id))
    with award.world.session() as session:
        reopen_sheet(session, ReopenSheet(sheet.id, "Xem lại"), actor=head, now=NOW)
    with award.world.session() as session:
        command = SaveSheet(sheet.id, sheet.version + 1, marks, {}, "")
        submit_sheet(session, command, actor=judge_of, now=LATER)


def test_the_limit_itself_is_near_enough_and_a_hundredth_more_is_not(world: World) -> None:
    award = scoring(world, [[7000, 8000], [7000, 8001], [8000, 8000]], rules={"spread_limit": 1000})

    assert listed(award) == [("B-002", 1001, True)]


def test_scoring_does_not_close_while_an_entry_is_to_be_discussed(world: World) -> None:
    award = scoring(world, [[6000, 9000], [6000, 8000], [8000, 8000]])

    with pytest.raises(NotReady) as error:
        close(award)

    assert str(error.value) == (
        "Judges lie more than 10 points apart and the jury has not settled it yet: B-001, B-002. "
        "Discuss these entries first."
    )
    assert world.get(Contest, award.contest.id).state is ContestState.SCORING


def test_a_settled_entry_lets_scoring_close_and_is_kept_with_its_note(world: World) -> None:
    award = scoring(world, [[6000, 9000]])

    settle(award, 3000)
    close(award)

    [discussion] = world.all(select(Discussion))
    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "entry:discuss"))
    assert (discussion.pass_no, discussion.spread, discussion.note) == (1, 3000, NOTE)
    assert discussion.settled_by_id == award.organiser.id
    assert json.loads(event.details) == {
        "entry_id": award.entries[0].id,
        "pass_no": 1,
        "old": None,
        "new": {"spread": 3000, "note": NOTE},
    }
    assert world.get(Contest, award.contest.id).state is ContestState.SCORED


def test_marks_given_anew_open_the_entry_again_beside_the_old_ones(world: World) -> None:
    award = scoring(world, [[8000, None]], rules={"spread_limit": 1000})
    first = world.actor(world.user_of(award.judges[1].user_id))
    [empty] = world.all(select(ScoreSheet).where(ScoreSheet.judge_id == award.judges[1].id))
    with world.session() as session:
        submit_sheet(session, SaveSheet(empty.id, 1, marks_for(6000), {}, "Nhạt"), actor=first, now=NOW)
    settle(award, 2000)

    mark_anew(award, head_of(award, 0), 1, marks_for(6500))

    assert listed(award) == [("B-001", 1500, True)]
    with world.session() as session:
        page = discussion_page(session, award.actor, award.contest.id, award.entries[0].id)
    [word] = [word for word in page.words if word.earlier]
    assert word.now is not None
    assert (word.now.total, [before.total for before in word.earlier]) == (6500, [6000])
    assert word.earlier[0].marks == marks_for(6000)


def test_marks_that_come_near_need_no_word(world: World) -> None:
    award = scoring(world, [[8000, 6000]])
    mark_anew(award, head_of(award, 0), 1, marks_for(7900))

    close(award)

    assert world.all(select(Discussion)) == []


def test_settling_again_replaces_the_note_and_keeps_the_old_in_the_ledger(world: World) -> None:
    award = scoring(world, [[6000, 9000]])
    settle(award, 3000, "Chưa rõ")

    settle(award, 3000, seen=shown(award))

    [discussion] = world.all(select(Discussion))
    events = world.all(
        select(LedgerEvent).where(LedgerEvent.action == "entry:discuss").order_by(LedgerEvent.id)
    )
    assert discussion.note == NOTE
    assert json.loads(events[1].details)["old"] == {"spread": 3000, "note": "Chưa rõ"}


def test_a_spread_that_is_no_longer_there_is_stale(world: World) -> None:
    award = scoring(world, [[6000, 9000]])

    with pytest.raises(StaleVersion):
        settle(award, 2999)


def test_what_was_recorded_since_the_page_was_opened_is_not_replaced_unseen(world: World) -> None:
    award = scoring(world, [[6000, 9000]])
    settle(award, 3000, "Trưởng ban: giữ nguyên.", head_of(award, 0))

    with pytest.raises(StaleVersion, match="Somebody else recorded what the jury agreed on"):
        settle(award, 3000, "Tôi nghĩ khác.")

    assert [row.note for row in world.all(select(Discussion))] == ["Trưởng ban: giữ nguyên."]


def test_a_note_that_is_sent_twice_is_recorded_once(world: World) -> None:
    award = scoring(world, [[6000, 9000]])

    settle(award, 3000)
    settle(award, 3000)

    assert len(world.all(select(LedgerEvent).where(LedgerEvent.action == "entry:discuss"))) == 1


@pytest.mark.parametrize(
    ("note", "refusal"),
    [
        ("", "note: Write what the jury agreed on, and why."),
        (" \n ", "note: Write what the jury agreed on, and why."),
        ("x" * 2001, "note: At most 2000 characters; there are 2001."),
    ],
)
def test_a_note_is_needed_and_has_a_limit(world: World, note: str, refusal: str) -> None:
    award = scoring(world, [[6000, 9000]])

    with pytest.raises(InvalidInput) as error:
        settle(award, 3000, note)

    assert str(error.value) == refusal


def test_entries_near_enough_are_not_to_be_settled(world: World) -> None:
    award = scoring(world, [[8000, 8100]])

    with pytest.raises(IllegalState, match="nothing for you to settle"):
        settle(award, 100)
    assert world.all(select(Discussion)) == []


def test_an_entry_of_another_contest_is_unknown(world: World) -> None:
    award, other = scoring(world, [[6000, 9000]]), scoring(world, [[6000, 9000]])
    command = SettleDiscussion(award.contest.id, other.entries[0].id, 3000, NOTE)

    with world.session() as session, pytest.raises(NotFound):
        settle_discussion(session, command, actor=award.actor, now=NOW)


def test_nothing_is_settled_after_scoring(world: World) -> None:
    award = scoring(world, [[6000, 9000]])
    move(award, ContestState.SCORED)

    with pytest.raises(IllegalState):
        settle(award, 3000)


def test_the_head_of_jury_settles_too(world: World) -> None:
    award = scoring(world, [[6000, 9000]])

    settle(award, 3000, actor=head_of(award, 0))

    assert listed(award) == [("B-001", 3000, False)]


def test_others_neither_see_nor_settle(world: World) -> None:
    award = scoring(world, [[6000, 9000]])
    judge = world.actor(world.user_of(award.judges[0].user_id))
    stranger = world.actor(world.organiser(world.territory("An Giang")))

    for actor in (judge, stranger):
        with pytest.raises(NotFound):
            listed(award, actor)
        with pytest.raises(NotFound):
            settle(award, 3000, actor=actor)


def test_a_head_with_a_sheet_still_to_mark_sees_nothing_of_that_entry(world: World) -> None:
    award = scoring(world, [[6000, 9000, None], [6000, 9000, 9000]])
    head = head_of(award, 2)

    assert listed(award, head) == [("B-002", 3000, True)]
    with pytest.raises(IllegalState, match="nothing for you to settle"):
        settle(award, 3000, actor=head)


def test_a_head_with_an_interest_sees_nothing_of_that_entry(world: World) -> None:
    award = scoring(world, [[6000, 9000, 9000]])
    head = head_of(award, 2)
    with world.session() as session:
        aside = Recuse(award.judges[2].id, award.entries[0].id, "Người nhà")
        recuse(session, aside, actor=award.actor, now=NOW)

    assert listed(award, head) == []
    assert listed(award) == [("B-001", 3000, True)]


def test_sheets_that_do_not_count_do_not_spread(world: World) -> None:
    award = scoring(world, [[8000, 8100, 1000]])
    with world.session() as session:
        aside = Recuse(award.judges[2].id, award.entries[0].id, "Người nhà")
        recuse(session, aside, actor=award.actor, now=NOW)

    assert listed(award) == []


def test_a_draft_shows_no_mark(world: World) -> None:
    award = scoring(world, [[6000, 9000]])
    writing = world.judge(award.contest)
    world.sheet(writing, award.entries[0], {"L1": 1234}, remark="Chưa xong")

    with world.session() as session:
        page = discussion_page(session, award.actor, award.contest.id, award.entries[0].id)

    [draft] = [word for word in page.words if word.now is None]
    assert (draft.earlier, draft.notes, draft.remark) == ((), {}, "")


def test_each_pass_has_discussions_of_its_own(world: World) -> None:
    award = scoring(world, [[8000, 9500]], two_passes=True)
    world.add(Discussion(entry_id=award.entries[0].id, pass_no=1, spread=1500, note=NOTE, settled_at=NOW))
    with world.session() as session:
        contest = session.get_one(Contest, award.contest.id)
        contest.rules_json = contest.rules_json.replace('"spread_limit":10000', '"spread_limit":1000')

    assert listed(award) == [("B-001", 1500, True)]


def test_a_longer_list_asks_no_more_of_the_database(world: World) -> None:
    counts = []
    for rows in (1, 3):
        award = scoring(world, [[6000, 9000]] * rows)
        actor = award.actor
        with world.session() as session, count_queries(world.engine) as sent:
            discussions_page(session, actor, award.contest.id)
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_the_example_settles_what_its_judges_leave_apart(world: World) -> None:
    award = scoring(world, [[6000, 9000], [8000, 8000], [6000, 7500]])
    head = head_of(award, 0)

    with world.session() as session:
        assert settle_all(session, award.contest.id, head, NOW) == 2
    close(award)

    assert all(len(row.note) > 40 for row in world.all(select(Discussion)))
