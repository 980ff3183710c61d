"""Site visits of the example's contests in two passes: what was found, and a picture of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from app.demo.judging import Jury
from app.demo.lookups import at
from app.domain.entries import AttachmentKind
from app.domain.visits import VisitFacts
from app.domain.working_days import after_working_days
from app.models import Entry, Product
from app.models.engine import write_session
from app.samples.names import shape_of
from app.samples.pictures import workshop_photo
from app.samples.wording import one_of, text_of
from app.services.intake import take_in
from app.services.visits import RecordVisit, add_photo, record_visit

A_DAY = 3  # visits


def visit_all(jury: Jury, entries: Sequence[int], after: date, chance: Random) -> date:
    """Record a visit to where each entry is made, some a day; give the day of the last."""
    actor, day = jury.office.organiser, after
    people = {"head": jury.judges[0].name, "organiser": actor.name}
    for number, entry_id in enumerate(entries):
        if number % A_DAY == 0:
            day = after_working_days(day, 1)
        visitors = text_of("judging", "visitors").format(judge=chance.choice(jury.judges[1:]).name, **people)
        facts = VisitFacts(day, visitors, one_of(chance, "judging", "found"))
        now = at(day, hour=16) + timedelta(minutes=12 * (number % A_DAY))
        with write_session(jury.engine) as session:
            visit = record_visit(session, RecordVisit(entry_id, facts), actor=actor, now=now)
            name = session.scalars(
                select(Product.name).join(Entry, Entry.product_id == Product.id).where(Entry.id == entry_id)
            ).one()
            photo = take_in(AttachmentKind.PHOTO, "Nơi sản xuất.jpg", workshop_photo(name, shape_of(name)))
            add_photo(session, visit.id, photo, store=jury.store, actor=actor, now=now)
    return day
