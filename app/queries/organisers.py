"""Who organises and signs in a territory on a day."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Organiser


def organiser_on(session: Session, territory_id: int, day: date) -> Organiser | None:
    """The organiser in office on a day, or the last one of a territory that has ended; None if unknown."""
    return session.scalars(
        select(Organiser)
        .where(Organiser.territory_id == territory_id, Organiser.valid_from <= day)
        .order_by(Organiser.valid_from.desc())
        .limit(1)
    ).one_or_none()
