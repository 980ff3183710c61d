"""Who is in the council's meeting, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.meetings import Presence
from app.domain.results import Office
from app.domain.vietnamese import person_sort_key
from app.models import Attendance, CouncilMember, Meeting, User
from app.queries.polls import stays_of


@dataclass(frozen=True)
class Seat:
    """A member of the council, and when they were in the meeting: came, left (None while they stay)."""

    member_id: int
    user_id: int
    name: str
    office: Office
    position: str
    stays: tuple[tuple[datetime, datetime | None], ...] = ()

    @property
    def presence(self) -> Presence:
        """Whether they are there."""
        if not self.stays:
            return Presence.ABSENT
        return Presence.PRESENT if self.stays[-1][1] is None else Presence.LEFT

    @property
    def is_present(self) -> bool:
        """Whether they are there."""
        return self.presence is Presence.PRESENT

    def is_there(self, moment: datetime) -> bool:
        """Whether they were there from a moment on."""
        return any(came <= moment and (left is None or moment < left) for came, left in self.stays)

    @property
    def since(self) -> datetime | None:
        """When they came last, or left."""
        return (self.stays[-1][1] or self.stays[-1][0]) if self.stays else None


def seats_in(session: Session, contest_id: int, meeting: Meeting | None) -> tuple[Seat, ...]:
    """The council by office, with who is in the meeting."""
    rows = session.execute(
        select(
            CouncilMember.id, CouncilMember.user_id, User.name, CouncilMember.office, CouncilMember.position
        )
        .join(User, User.id == CouncilMember.user_id)
        .where(CouncilMember.contest_id == contest_id)
    )
    stays: Mapping[int, list[Attendance]] = stays_of(session, meeting.id) if meeting else {}
    offices = list(Office)
    seats = [
        Seat(*row, tuple((stay.came_at, stay.left_at) for stay in stays.get(row.id, ()))) for row in rows
    ]
    return tuple(sorted(seats, key=lambda seat: (offices.index(seat.office), person_sort_key(seat.name))))
