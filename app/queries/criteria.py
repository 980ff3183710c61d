"""The criteria on which marks stand, and the criterion to which each mark adds up."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, literal_column, select
from sqlalchemy.orm import Session

from app.domain.rules import SubCriterionRule
from app.models import Contest, Criterion


def lines_of(session: Session, contest: Contest, group: str) -> Sequence[Criterion]:
    """The rows on which marks of an entry of this product group stand, in the order of the contest's rules.

    A code may have a row for each group: a row of another group is never among them.
    """
    found = session.scalars(
        select(Criterion).where(
            Criterion.rubric_version_id == contest.rubric_version_id, Criterion.group_code.in_(("", group))
        )
    )
    rows = {(row.code, row.group_code): row for row in found}
    return [
        rows[line.code, line.group if isinstance(line, SubCriterionRule) else ""]
        for line in contest.rules.lines(group)
    ]


def level_one() -> ColumnElement[str]:
    """The code of the criterion to which a mark on this Criterion adds up: its parent's, or its own."""
    # PostgreSQL does not know two bound values for one: what a select groups by has to hold none.
    nothing: ColumnElement[str] = literal_column("''")
    return case((Criterion.parent_code != nothing, Criterion.parent_code), else_=Criterion.code)
