"""A score sheet of a province's own: the proposed lines below the law's criteria, taken over and published."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.rubrics import sheet_lines
from app.domain.territories import in_sentence
from app.models import RubricVersion, Territory
from app.queries.levels import levels_of
from app.queries.rubrics import groups_of
from app.services.rubrics import CopyRubric, SaveRubric, copy_rubric, publish_rubric

PROPOSAL = "de-xuat-2026"


def own_rubric(session: Session, territory: Territory, *, actor: Actor, now: datetime) -> RubricVersion:
    """Copy the proposed lines for a territory and publish them."""
    source = select(RubricVersion.id).where(RubricVersion.code == PROPOSAL)
    command = CopyRubric(session.scalars(source).one(), territory.id)
    copy = copy_rubric(session, command, actor=actor, now=now)
    criteria, lines = levels_of(copy)
    rows = sheet_lines(criteria, lines, groups_of(session))
    written = SaveRubric(
        rubric_id=copy.id,
        version=copy.version,
        name_vi=f"Phiếu chấm điểm chi tiết của {in_sentence(territory.full_name)}",
        name_en=f"Detailed score sheet of {territory.name}",
        legal_basis=(
            "Ví dụ: khung điểm do hội đồng bình chọn thống nhất, "
            "điểm tối đa của bốn tiêu chí theo Thông tư số 26/2014/TT-BCT"
        ),
        valid_from=date(now.year, 1, 1),
        criteria={one.code: (one.name_vi, one.name_en) for one in criteria},
        lines=tuple(row for row in rows if row.parent),
    )
    return publish_rubric(session, written, actor=actor, now=now)
