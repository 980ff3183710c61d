"""The sets that the council made of entries after scoring, as lists, documents and certificates name them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.entry_names import EntryNames, as_sent, as_set
from app.domain.motions import Ground
from app.domain.results import printed_average
from app.models import Entry, Facility, MergedEntry, Merger, Motion, Product, Result
from app.queries.computations import deciding_computation


@dataclass(frozen=True)
class SetMember:
    """A product of a set, with its own value as printed, in hundredths of a point."""

    entry_id: int
    code: str
    product: str  # as it was judged
    product_now: str
    average: int | None


@dataclass(frozen=True)
class ProductSet:
    """Entries that were joined into a set (bộ sản phẩm); the first stands for it, the others follow by rank."""

    name: str
    ground: Ground
    motion: int  # its number
    members: tuple[SetMember, ...]

    @property
    def others(self) -> tuple[SetMember, ...]:
        """All but the one that stands for it."""
        return self.members[1:]

    def names(self, own: EntryNames, *, today: bool = False) -> EntryNames:
        """The names of the entry that stands for it, as the set's; of its products as judged, or as they are today."""
        members = tuple(member.product_now if today else member.product for member in self.members)
        return as_set(own, self.name, members)


def sets_of(session: Session, contest_id: int) -> dict[int, ProductSet]:
    """The sets of a contest by the entry that stands for each; none once the ballot that made them is annulled."""
    rows = session.execute(
        select(Merger, Motion.number, Entry, Product, Facility.name, Result)
        .join(Motion, Motion.id == Merger.motion_id)
        .join(MergedEntry, MergedEntry.merger_id == Merger.id)
        .join(Entry, Entry.id == MergedEntry.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .outerjoin(
            Result,
            (Result.entry_id == Entry.id) & (Result.computation_id == deciding_computation(contest_id)),
        )
        .where(Entry.contest_id == contest_id)
        .order_by(Merger.id, Entry.id != Merger.entry_id, Result.rank, Entry.id)
    )
    found: dict[int, ProductSet] = {}
    for merger, number, entry, product, facility, result in rows:
        name = as_sent(entry.dossier, EntryNames(product.name, product.is_set, facility, "")).product
        member = SetMember(entry.id, entry.code or "", name, product.name, _average(result))
        before = found[merger.entry_id].members if merger.entry_id in found else ()
        found[merger.entry_id] = ProductSet(merger.name, merger.ground, number, (*before, member))
    return found


def _average(result: Result | None) -> int | None:
    if result is None or result.numerator is None or result.denominator is None:
        return None
    return printed_average(result.numerator, result.denominator)


def merged_entries(session: Session, contest_id: int) -> dict[int, int]:
    """Each entry of a set -> the entry that stands for it, itself included."""
    rows = session.execute(
        select(MergedEntry.entry_id, Merger.entry_id)
        .join(Merger, Merger.id == MergedEntry.merger_id)
        .join(Entry, Entry.id == MergedEntry.entry_id)
        .where(Entry.contest_id == contest_id)
    )
    return dict(rows.all())
