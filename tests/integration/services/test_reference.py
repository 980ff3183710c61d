"""Loading what an installation knows, the first time and every time it starts."""

from sqlalchemy import delete, func, select

from app.models import Criterion, RubricVersion, Territory
from app.queries.levels import levels_of
from app.services.reference import load_reference_data
from tests.builders import World

CODES = select(RubricVersion.code).order_by(RubricVersion.id)


def test_an_installation_from_before_the_detailed_sheet_gets_it_when_it_starts(world: World) -> None:
    with world.session() as session:
        detailed = select(RubricVersion.id).where(RubricVersion.code == "de-xuat-2026")
        session.execute(delete(Criterion).where(Criterion.rubric_version_id.in_(detailed)))
        session.execute(delete(RubricVersion).where(RubricVersion.code == "de-xuat-2026"))
    assert world.all(CODES) == ["tt26-2014"]

    with world.session() as session:
        load_reference_data(session)

    assert world.all(CODES) == ["tt26-2014", "de-xuat-2026"]
    criteria, lines = levels_of(world.rubric("de-xuat-2026"))
    assert [(row.code, row.max_mark) for row in criteria] == [
        ("L1", 4000),
        ("L2", 4000),
        ("L3", 1000),
        ("L4", 1000),
    ]
    assert len(lines) == 17 * 4


def test_starting_again_loads_nothing_twice(world: World) -> None:
    counts = [select(func.count()).select_from(table) for table in (RubricVersion, Criterion, Territory)]
    before = [world.all(count) for count in counts]

    with world.session() as session:
        load_reference_data(session)

    assert [world.all(count) for count in counts] == before
