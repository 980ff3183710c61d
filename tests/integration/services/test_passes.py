"""Two passes: who goes on, what decides, and the way back."""

import json
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotReady
from app.domain.judging import SheetState
from app.domain.results import Outcome
from app.models import Computation, Contest, KeyedSheet, LedgerEvent, Recusal, Result, ScoreSheet
from app.queries.computations import deciding_computation
from app.queries.results import results_page
from app.services.assignments import Recuse, assign_entry, recuse
from app.services.contests import close_scoring
from app.services.passes import close_first_pass, reopen_first_pass
from app.services.printing import passes_in_words
from tests.awards import TWO_PASSES, Award, score_second, scored, scoring
from tests.builders import NOW, World

LATER = NOW + timedelta(hours=3)


def first_pass(world: World, totals: list[list[int | None]], **rules: object) -> Award:
    """A contest of two passes whose first is being scored."""
    return scoring(world, totals, rules={**TWO_PASSES, **rules})


def close(award: Award, reason: str = "") -> None:
    with award.world.session() as session:
        close_first_pass(session, award.contest.id, actor=award.actor, now=NOW, reason=reason)


def finish(award: Award) -> None:
    with award.world.session() as session:
        close_scoring(session, award.contest.id, actor=award.actor, now=LATER)


def second_sheets(award: Award) -> list[tuple[str, int, SheetState]]:
    """Entry code, number of the judge and state of each sheet of the second pass."""
    codes = {entry.id: entry.code or "" for entry in award.entries}
    numbers = {judge.id: number for number, judge in enumerate(award.judges, start=1)}
    sheets = award.world.all(select(ScoreSheet).where(ScoreSheet.pass_no == 2))
    return sorted((codes[sheet.entry_id], numbers[sheet.judge_id], sheet.state) for sheet in sheets)


def outcomes(award: Award, pass_no: int) -> list[tuple[Outcome, int, int | None, int | None]]:
    """Outcome, sheets and exact value of each entry in the newest computation of a pass."""
    versions = award.world.all(
        select(Computation).where(Computation.pass_no == pass_no).order_by(Computation.version)
    )
    rows = award.world.all(select(Result).where(Result.computation_id == versions[-1].id))
    ordered = sorted(rows, key=lambda row: row.entry_id)
    return [(row.outcome, row.sheets, row.numerator, row.denominator) for row in ordered]


def contest_of(award: Award) -> Contest:
    found: Contest = award.world.get(Contest, award.contest.id)
    return found


def test_exactly_the_mark_goes_on_and_one_hundredth_of_a_third_below_does_not(world: World) -> None:
    award = first_pass(world, [[7000, 7000, 7000], [7000, 7000, 6999], [9000, 5000, 7000]], min_sheets=3)

    close(award)

    draft = SheetState.DRAFT
    assert second_sheets(award) == [
        *[("B-001", number, draft) for number in (1, 2, 3)],
        *[("B-003", number, draft) for number in (1, 2, 3)],
    ]
    assert (contest_of(award).state, contest_of(award).current_pass) == (ContestState.SCORING, 2)


def test_closing_the_first_pass_keeps_its_result_and_tells_the_ledger(world: World) -> None:
    award = first_pass(world, [[8000], [6000]])

    close(award)

    [computation] = world.all(select(Computation))
    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "contest:close-first-pass"))
    assert (computation.version, computation.pass_no) == (1, 1)
    assert json.loads(event.details) == {
        "computation": 1,
        "advance_mark": 7000,
        "entries": [award.entries[0].id],
        "reason": "",
        "missing_sheets": 0,
        "draft_sheets": 0,
        "not_scored": "",
    }


def test_the_second_pass_decides_and_the_first_stays_on_record(world: World) -> None:
    award = first_pass(world, [[8000, 8200], [9000, 9100], [6000, 6100]], threshold=7500)
    close(award)
    score_second(award, [[7400, 7400], [9500, 9300], [None, None]])

    finish(award)

    assert outcomes(award, 2) == [
        (Outcome.BELOW, 2, 7400, 1),
        (Outcome.SELECTED, 2, 9400, 1),
        (Outcome.NOT_ADVANCED, 0, None, None),
    ]
    with world.session() as session:
        page = results_page(session, award.actor, award.contest.id)
    assert [(row.code, row.value, row.by_pass) for row in page.rows] == [
        ("B-002", Fraction(94), (9050, 9400)),
        ("B-001", Fraction(74), (8100, 7400)),
        ("B-003", None, (6050, None)),
    ]


def test_the_first_pass_decides_where_the_rules_say_so(world: World) -> None:
    award = first_pass(world, [[8000], [9000]], deciding_pass=1)
    close(award)
    score_second(award, [[9900], [7100]])

    finish(award)

    with world.session() as session:
        page = results_page(session, award.actor, award.contest.id)
    assert [(row.code, row.value) for row in page.rows] == [("B-002", Fraction(90)), ("B-001", Fraction(80))]


def test_an_entry_with_too_few_sheets_in_the_first_pass_stays_not_scored(world: World) -> None:
    award = first_pass(world, [[8000, 8000], [9000, None]], min_sheets=2)
    close(award, "Giám khảo ốm")
    score_second(award, [[8000, 8000], [None, None]])

    finish(award)

    assert outcomes(award, 2) == [(Outcome.SELECTED, 2, 8000, 1), (Outcome.NOT_SCORED, 1, None, None)]


def test_one_pass_needs_no_deciding_pass_in_old_rules(world: World) -> None:
    award = scored(world, [[8000]])
    old = {"passes", "advance_mark", "deciding_pass"}
    with world.session() as session:
        contest = session.get_one(Contest, award.contest.id)
        rules = {name: value for name, value in json.loads(contest.rules_json).items() if name not in old}
        contest.rules_json = json.dumps(rules, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    [computation] = world.all(select(Computation))
    with world.session() as session:
        assert session.scalar(select(deciding_computation(award.contest.id))) == computation.id


def test_a_name_cannot_make_the_second_pass_decide(world: World) -> None:
    rules = world.rules(lower_tier_skipped='"deciding_pass":2')
    award = scored(world, [[8000]])
    with world.session() as session:
        session.get_one(Contest, award.contest.id).rules_json = rules.as_json()

    [computation] = world.all(select(Computation))
    with world.session() as session:
        assert session.scalar(select(deciding_computation(award.contest.id))) == computation.id


def test_missing_sheets_need_a_reason(world: World) -> None:
    award = first_pass(world, [[8000, None]])

    with pytest.raises(InvalidInput) as error:
        close(award, " ")

    assert str(error.value) == "reason: Sheets are missing. Write why scoring is closed without them."
    assert contest_of(award).current_pass == 1


def test_wide_entries_keep_the_first_pass_open(world: World) -> None:
    award = first_pass(world, [[6000, 8000], [8000, 8100]], spread_limit=1000)

    with pytest.raises(NotReady) as error:
        close(award)

    assert str(error.value) == (
        "Judges lie more than 10 points apart and the jury has not settled it yet: B-001. "
        "Discuss these entries first."
    )


def test_scoring_does_not_close_before_the_second_pass(world: World) -> None:
    award = first_pass(world, [[8000]])

    with pytest.raises(IllegalState):
        finish(award)

    assert contest_of(award).state is ContestState.SCORING


def test_a_contest_of_one_pass_has_no_first_to_close(world: World) -> None:
    award = scoring(world, [[8000]])

    with pytest.raises(IllegalState):
        close(award)


def test_the_first_pass_is_closed_once(world: World) -> None:
    award = first_pass(world, [[8000]])
    close(award)

    with pytest.raises(IllegalState):
        close(award)


def test_a_stranger_knows_of_neither_move(world: World) -> None:
    award = first_pass(world, [[8000]])
    stranger = world.actor(world.organiser(world.territory("An Giang")))

    for move in (close_first_pass, lambda session, id_, **who: reopen_first_pass(session, id_, "Vì", **who)):
        with world.session() as session, pytest.raises(NotFound):
            move(session, award.contest.id, actor=stranger, now=NOW)


def test_judges_who_stand_aside_get_no_second_sheet(world: World) -> None:
    award = first_pass(world, [[8000, 9000]])
    with world.session() as session:
        aside = Recuse(award.judges[1].id, award.entries[0].id, "Người nhà")
        recuse(session, aside, actor=award.actor, now=NOW)

    close(award)

    assert second_sheets(award) == [("B-001", 1, SheetState.DRAFT)]


def test_who_stands_aside_in_the_second_pass_leaves_the_first_as_it_was(world: World) -> None:
    award = first_pass(world, [[8000, 9000]])
    close(award)
    with world.session() as session:
        aside = Recuse(award.judges[1].id, award.entries[0].id, "Người nhà")
        recuse(session, aside, actor=award.actor, now=LATER)
    score_second(award, [[7000, None]])

    finish(award)

    with world.session() as session:
        [row] = results_page(session, award.actor, award.contest.id).rows
    assert (row.jury.sheets, row.totals, row.by_pass) == (1, (7000,), (8500, 7000))
    assert len(world.all(select(Recusal))) == 1


def test_a_judge_can_join_the_second_pass(world: World) -> None:
    award = first_pass(world, [[8000], [6000]])
    award.judges.append(world.judge(award.contest))
    close(award)

    with world.session() as session:
        assign_entry(session, award.judges[1].id, award.entries[0].id, actor=award.actor, now=LATER)
    with world.session() as session, pytest.raises(NotFound):
        assign_entry(session, award.judges[1].id, award.entries[1].id, actor=award.actor, now=LATER)

    assert second_sheets(award) == [("B-001", 1, SheetState.DRAFT), ("B-001", 2, SheetState.DRAFT)]


def reopen(award: Award, reason: str = "Có khiếu nại về phiếu vòng 1") -> None:
    with award.world.session() as session:
        reopen_first_pass(session, award.contest.id, reason, actor=award.actor, now=LATER)


def test_the_first_pass_opens_again_while_the_second_is_empty(world: World) -> None:
    award = first_pass(world, [[8000]])
    close(award)

    reopen(award)

    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "contest:reopen-first-pass"))
    assert json.loads(event.details) == {"reason": "Có khiếu nại về phiếu vòng 1", "sheets": 1}
    assert (second_sheets(award), contest_of(award).current_pass) == ([], 1)


def test_closing_again_computes_a_new_version_of_the_first_pass(world: World) -> None:
    award = first_pass(world, [[8000]])
    close(award)
    reopen(award)

    close(award)

    versions = world.all(select(Computation).order_by(Computation.version))
    assert [(one.version, one.pass_no) for one in versions] == [(1, 1), (2, 1)]
    assert second_sheets(award) == [("B-001", 1, SheetState.DRAFT)]


def test_a_mark_of_the_second_pass_keeps_the_first_closed(world: World) -> None:
    award = first_pass(world, [[8000]])
    close(award)
    score_second(award, [[8000]])

    with pytest.raises(IllegalState) as error:
        reopen(award)

    assert str(error.value) == (
        "Marks of the second pass have been saved; the first can no longer be opened again."
    )


def test_a_sheet_typed_from_paper_keeps_the_first_closed(world: World) -> None:
    award = first_pass(world, [[8000]])
    close(award)
    [sheet] = world.all(select(ScoreSheet).where(ScoreSheet.pass_no == 2))
    keyer = world.user().id
    world.add(KeyedSheet(sheet_id=sheet.id, keyed_by_id=keyer, marks={}, remark="", keyed_at=NOW))

    with pytest.raises(IllegalState):
        reopen(award)


def test_opening_the_first_pass_again_needs_a_reason(world: World) -> None:
    award = first_pass(world, [[8000]])
    close(award)

    with pytest.raises(InvalidInput) as error:
        reopen(award, "  ")

    assert str(error.value) == "reason: Write why the first pass is opened again."


def test_nobody_goes_on_and_scoring_closes_all_the_same(world: World) -> None:
    award = first_pass(world, [[6000], [5000]])
    close(award)

    finish(award)

    assert outcomes(award, 2) == [(Outcome.NOT_ADVANCED, 0, None, None)] * 2


def test_the_same_totals_twice_are_what_the_builder_says(world: World) -> None:
    award = scored(world, [[8000], [6000]], two_passes=True)

    assert [row[4] for row in award.results()] == [Outcome.SELECTED, Outcome.NOT_ADVANCED]


def test_documents_print_both_passes_or_nothing_of_them() -> None:
    assert passes_in_words((8050, None)) == ("V1: 80,50", "V2: –")
    assert passes_in_words(()) == ()
