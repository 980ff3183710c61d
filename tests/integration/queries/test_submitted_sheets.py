"""Every submitted sheet of a contest for the organiser's tables."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.domain.judging import SheetState
from app.models import Contest, Recusal
from app.queries.contests import head_of
from app.queries.submitted_sheets import SheetRow, submitted_sheets
from tests.builders import FULL, NOW, World
from tests.rubrics import DETAILED_FULL


def rows_of(engine: Engine, world: World, contest: Contest) -> list[SheetRow]:
    actor = world.actor(world.organiser(world.territory("Lâm Đồng")))
    with Session(engine) as session:
        return submitted_sheets(session, head_of(session, actor, contest.id))


def test_marks_on_lines_add_up_to_the_criteria(engine: Engine, world: World) -> None:
    contest = world.contest(rules=world.detailed_rules())
    judge = world.judge(contest, world.user("Lê Hoàng Phúc"), position="Ủy viên")
    lines = {
        "B": DETAILED_FULL,
        "A": {**DETAILED_FULL, "L2.1": 1650, "L2.2": 1000},
        "C": {"L1.1": 2500, "L1.2": 0, "L2": 3950, "L3": 50, "L4": 0},
    }
    entries = {
        group: world.entry(contest, world.product(name=f"Sản phẩm {group}", group=group)) for group in "BAC"
    }
    for group, marks in lines.items():
        world.submitted(judge, entries[group], marks)

    rows = rows_of(engine, world, contest)

    assert rows == [
        SheetRow(1, entries[group].code or "", f"Sản phẩm {group}", "Lê Hoàng Phúc", "Ủy viên", marks, True)
        for group, marks in {
            "A": (3200, 2650, 800, 800),
            "B": (3200, 3200, 800, 800),
            "C": (2500, 3950, 50, 0),
        }.items()
    ]


def test_the_passes_are_kept_apart_and_a_recused_judges_sheet_is_marked(engine: Engine, world: World) -> None:
    contest = world.contest(rules=world.rules(passes=2), current_pass=2)
    entry = world.entry(contest)
    judge, recused = (world.judge(contest) for _seat in range(2))
    world.submitted(judge, entry, FULL)
    world.submitted(recused, entry, {**FULL, "L1": 100})
    world.sheet(judge, entry, {**FULL, "L1": 4000}, SheetState.SUBMITTED, pass_no=2)
    world.sheet(recused, entry, {**FULL, "L1": 200}, pass_no=2)  # a draft
    world.add(Recusal(judge_id=recused.id, entry_id=entry.id, reason="Người nhà", recorded_at=NOW))

    rows = rows_of(engine, world, contest)

    assert [(row.pass_no, row.marks, row.counts) for row in rows] == [
        (1, (3200, 3200, 800, 800), True),
        (1, (100, 3200, 800, 800), False),
        (2, (4000, 3200, 800, 800), True),
    ]
