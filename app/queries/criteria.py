"""The criteria on which marks stand, and the criterion to which each mark adds up."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, case, literal_column, select
from sqlalchemy.orm import Session

from app.models import Contest, Criterion, Mark


@dataclass(frozen=True)
class SheetLine:
    """A line of one sheet: the criterion on which its mark stands, and the mark in hundredths if there is one."""

    criterion_id: int
    code: str
    max_mark: int
    mark: int | None


# Made once: every save asks.
_LINES = (
    select(Mark.sheet_id, Criterion.code, Criterion.group_code, Criterion.id, Criterion.max_mark, Mark.value)
    .outerjoin(
        Mark, and_(Mark.criterion_id == Criterion.id, Mark.sheet_id.in_(bindparam("sheets", expanding=True)))
    )
    .where(
        Criterion.rubric_version_id == bindparam("rubric_version_id"),
        Criterion.group_code.in_(bindparam("groups", expanding=True)),
    )
)


def lines_of(
    session: Session, contest: Contest, group: str, sheet_ids: Iterable[int]
) -> dict[int, tuple[SheetLine, ...]]:
    """The lines of these sheets for entries of a product group, in the order of the contest's rules.

    A code may have a row for each group: a row of another group is never among them.
    """
    sheets = list(sheet_ids)
    asked = {"sheets": sheets, "rubric_version_id": contest.rubric_version_id, "groups": ["", group]}
    criteria: dict[tuple[str, str], tuple[int, str, int]] = {}
    marks: dict[tuple[int, int], int] = {}
    for sheet_id, code, group_code, criterion_id, max_mark, mark in session.execute(_LINES, asked):
        criteria[code, group_code] = (criterion_id, code, max_mark)
        if sheet_id is not None:
            marks[sheet_id, criterion_id] = mark
    lines = [criteria[line.code, line.group] for line in contest.rules.lines(group)]
    return {
        sheet_id: tuple(SheetLine(*line, marks.get((sheet_id, line[0]))) for line in lines)
        for sheet_id in sheets
    }


def level_one() -> ColumnElement[str]:
    """The code of the criterion to which a mark on this Criterion adds up: its parent's, or its own."""
    # PostgreSQL does not know two bound values for one: what a select groups by has to hold none.
    nothing: ColumnElement[str] = literal_column("''")
    return case((Criterion.parent_code != nothing, Criterion.parent_code), else_=Criterion.code)
