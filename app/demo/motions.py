"""What the council of an example's contest changes of the jury's list, by show of hands."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.plan import ContestPlan
from app.domain.motions import Ground, MotionKind, Proposal
from app.domain.permissions import Actor
from app.domain.results import Outcome
from app.models import Entry, Product, Result
from app.queries.computations import deciding_computation
from app.samples.names import SET_OF
from app.services.motions import CloseMotion, PutMotion, close_motion, put_motion

PROPOSER = "Tổ thư ký Hội đồng"


class Motions:
    """The motions of a council; all hands but one are shown for what its secretary proposes."""

    def __init__(
        self, session: Session, contest_id: int, plan: ContestPlan, organiser: Actor, now: datetime
    ) -> None:
        self._session, self._contest_id, self._plan = session, contest_id, plan
        self._organiser, self._now = organiser, now

    def carry_all(self) -> None:
        """Everything that the council of this contest changes."""
        if self._plan.joins:
            self.join_two()
        if self._plan.sends:
            self.send_up(self._plan.sends)

    def join_two(self) -> None:
        """Join two products of the maker with the best pair, and let the next in rank have the place that is free."""
        rows = self._session.execute(
            select(Entry.id, Product.name, Product.facility_id, Entry.group_code, Result.outcome)
            .join(Product, Product.id == Entry.product_id)
            .join(Result, Result.entry_id == Entry.id)
            .where(Result.computation_id == deciding_computation(self._contest_id))
            .order_by(Result.rank, Entry.code)
        ).all()
        by_maker: defaultdict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
        for row in rows:
            if row.outcome is Outcome.SELECTED:
                by_maker[row.facility_id, row.group_code].append((row.id, row.name))
        (first, name), (second, other) = next(pair for pair in by_maker.values() if len(pair) > 1)[:2]
        self._carry(
            Proposal(MotionKind.MERGE, (first, second), f"{SET_OF}{name} và {other}", Ground.MATERIAL),
            "Hai sản phẩm của cùng một cơ sở, làm từ cùng một nguyên liệu.",
        )
        next_one = next(row.id for row in rows if row.outcome is Outcome.REACHED)
        reason = "Sản phẩm xếp ngay sau, đưa vào suất trống sau khi ghép bộ sản phẩm."
        self._carry(Proposal(MotionKind.ADD, (next_one,)), reason)

    def send_up(self, number: int) -> None:
        """Decide how many go up."""
        reason = "Theo kế hoạch bình chọn của cấp trên."
        self._carry(Proposal(MotionKind.NOMINATE, number=number), reason)

    def propose(self, number: int) -> None:
        """Put the same to the council, to be voted on by each member on their own device."""
        reason = "Theo kế hoạch bình chọn của cấp trên."
        self._put(Proposal(MotionKind.NOMINATE, number=number), reason, by_hands=False)

    def _carry(self, proposal: Proposal, reason: str) -> None:
        number = self._put(proposal, reason, by_hands=True)
        command = CloseMotion(self._contest_id, number, (self._plan.council - 1, 0, 1))
        self._now += timedelta(minutes=2)
        close_motion(self._session, command, actor=self._organiser, now=self._now)

    def _put(self, proposal: Proposal, reason: str, *, by_hands: bool) -> int:
        command = PutMotion(self._contest_id, proposal, PROPOSER, reason, by_hands)
        return put_motion(self._session, command, actor=self._organiser, now=self._now).number
