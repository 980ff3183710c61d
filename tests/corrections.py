"""Results that were corrected after the decision was signed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.permissions import Actor
from app.domain.vietnamese import in_vietnam
from app.models import Decision
from app.services.corrections import OpenCorrection, open_correction
from app.services.publication import RecordDecision, publish_provisional, record_decision
from tests.awards import Award, marks_for, move, sign
from tests.builders import NOW, World
from tests.bundles import close, finished, reopen, sheet_of, submit, vote

WHY = "Kết luận thanh tra: phiếu của một giám khảo bị sửa điểm."
TOTALS = ((7000, 7000), (7100, 7100), (6999, 7000))  # the first falls, the last rises
LATER = NOW + timedelta(hours=2)
FALL, RISE = {0: 6998}, {2: 7001}


def standing(world: World) -> Decision:
    """The decision that stands, of the only contest."""
    [decision] = world.all(select(Decision).where(Decision.superseded_at.is_(None)))
    found: Decision = decision
    return found


def open_final(award: Award, reason: str = WHY, actor: Actor | None = None) -> None:
    """Withdraw the final list to correct the result."""
    with award.world.session() as session:
        command = OpenCorrection(award.contest.id, reason, standing(award.world).id)
        open_correction(session, command, actor=actor or award.actor, now=NOW)


def mark_again(award: Award, totals: Mapping[int, int]) -> None:
    """Let the first judge correct the sheets of these entries, and close scoring."""
    for number, total in totals.items():
        entry = award.entries[number]
        reopen(award.world, award, sheet_of(award.world, award.judges[0], entry.id).id)
        submit(award.world, award.judges[0], entry.id, marks_for(total))
    close(award)


def publish_again(award: Award, totals: Mapping[int, int]) -> None:
    """The same up to the provisional list of the corrected result."""
    mark_again(award, totals)
    vote(award)
    with award.world.session() as session:
        publish_provisional(session, award.contest.id, actor=award.actor, now=NOW)


def decide_again(award: Award, totals: Mapping[int, int], number: str = "130/QĐ-UBND") -> None:
    """The same up to the decision that replaces the one that stands."""
    mark_again(award, totals)
    vote(award)
    sign(award, number, standing(award.world).id)


def corrected(world: World) -> Award:
    """A contest with certificates of two entries, then corrected: the first lost its place to the third."""
    award = finished(world, TOTALS)
    open_final(award)
    decide_again(award, FALL | RISE)
    move(award, ContestState.FINAL)  # the copy that tests hold
    return award


def _decision(award: Award, **changes: Any) -> RecordDecision:
    said: dict[str, Any] = {
        "contest_id": award.contest.id,
        "number": "130/QĐ-UBND",
        "signed_on": in_vietnam(NOW).date(),
        "signing_body": "Ủy ban nhân dân tỉnh Lâm Đồng",
        "signatory_title": "CHỦ TỊCH",
        "signatory": "Phạm Thị Thanh Hà",
        "place": "Lâm Đồng",
        "early_reason": "Không có khiếu nại.",
        "replaces_id": standing(award.world).id,
    }
    return RecordDecision(**said | changes)


def record(award: Award, **changes: Any) -> None:
    """Record the decision that replaces the one that stands."""
    with award.world.session() as session:
        record_decision(session, _decision(award, **changes), actor=award.actor, now=LATER)
