"""Joining entries of one facility into a set after scoring, and parting them again (ghép, tách bộ sản phẩm)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import require
from app.domain.messages import N_
from app.domain.motions import Proposal, check_entries, check_members, check_set
from app.domain.permissions import Actor
from app.domain.placings import REACHING
from app.domain.vietnamese import fold
from app.models import BallotItem, Entry, MergedEntry, Merger, Motion, Product
from app.queries.mergers import ProductSet
from app.services.ledger import record
from app.services.motion_matter import Matter, annul_votes, refuse, refuse_if, take_off


def check_merge(matter: Matter, proposal: Proposal) -> None:
    """Raise InvalidInput unless these entries may be joined."""
    check_entries(proposal.entries, least=2)
    refuse_if(
        matter,
        (id_ for id_ in proposal.entries if matter.entries[id_].outcome not in REACHING),
        N_("Only products that reached the threshold can be joined into a set. Below it: %(codes)s."),
    )
    refuse_if(
        matter,
        (id_ for id_ in proposal.entries if id_ in matter.stands_for),
        N_("These products are part of a set already: %(codes)s."),
    )
    if len({matter.entries[id_].facility_id for id_ in proposal.entries}) > 1:
        refuse("entries", N_("Only products of one facility can be joined into a set."))
    if not matter.items.keys() & set(proposal.entries):
        refuse("entries", N_("None of these products is on the ballot. Add one of them first."))
    check_members(matter.entries[id_].product for id_ in proposal.entries)
    check_set(proposal.name, proposal.ground)
    _check_name(matter, proposal)


def _check_name(matter: Matter, proposal: Proposal) -> None:
    """The set goes up to the next tier as a product of its own, so its name must be free at its facility."""
    named = select(Product).where(
        Product.facility_id == matter.entries[proposal.entries[0]].facility_id,
        Product.folded_name == fold(proposal.name),
    )
    entered = set(
        matter.session.scalars(select(Entry.product_id).where(Entry.contest_id == matter.contest.id))
    )
    for product in matter.session.scalars(named):
        if not product.is_set or product.id in entered:
            refuse("name", N_("The facility has another product of this name. Name the set otherwise."))


def merge(matter: Matter, proposal: Proposal, motion: Motion) -> Collection[int]:
    """The best placed of those on the ballot stands for the set; the others leave the ballot."""
    on_ballot = [id_ for id_ in proposal.entries if id_ in matter.items]
    stands = min(on_ballot, key=lambda id_: (matter.entries[id_].rank or 0, id_))
    merger = Merger(motion_id=motion.id, entry_id=stands, name=proposal.name, ground=proposal.ground)
    merger.members = [
        MergedEntry(entry_id=id_, item=_kept(matter.items.get(id_))) for id_ in proposal.entries
    ]
    matter.session.add(merger)
    annulled = annul_votes(matter.session, matter.ballot, on_ballot)
    take_off(matter, [id_ for id_ in on_ballot if id_ != stands])
    return annulled


KEPT = ("on_jury_list", "reason", "prize", "prize_reason")


def _kept(item: BallotItem | None) -> dict[str, Any]:
    return {name: getattr(item, name) for name in KEPT} if item else {}


def check_split(matter: Matter, proposal: Proposal) -> None:
    """Raise InvalidInput unless this is one set."""
    check_entries(proposal.entries)
    if len(proposal.entries) > 1 or proposal.entries[0] not in matter.stands_for.values():
        refuse("entries", N_("Choose one set."))


def split(matter: Matter, proposal: Proposal, _motion: Motion) -> Collection[int]:
    """What was on the ballot is on it again as it was; what had only joined the set leaves with it."""
    [stands] = proposal.entries
    merger = matter.session.scalars(select(Merger).where(Merger.entry_id == stands)).one()
    members = matter.session.scalars(select(MergedEntry).where(MergedEntry.merger_id == merger.id)).all()
    matter.session.add_all(
        BallotItem(ballot_id=matter.ballot.id, entry_id=member.entry_id, **member.item)
        for member in members
        if member.item and member.entry_id != stands
    )
    for member in members:
        matter.session.delete(member)
    matter.session.flush()
    matter.session.delete(merger)
    return annul_votes(matter.session, matter.ballot, [stands])


def product_of_set(
    session: Session, entry: Entry, product_set: ProductSet, *, actor: Actor, now: datetime
) -> Product:
    """The set as a product of the facility, under which it goes up to the next tier; made once.

    Raises
    ------
    IllegalState
        The facility has given the name to a product that is no set meanwhile.
    """
    lead = session.get_one(Product, entry.product_id)
    own = (Product.facility_id == lead.facility_id, Product.folded_name == fold(product_set.name))
    product = session.scalars(select(Product).where(*own)).first()
    if product is not None:
        require(product.is_set, N_("The facility has another product of this name. Name the set otherwise."))
        return product
    facts = {"name": product_set.name, "is_set": True, "group_code": entry.group_code}
    facts |= {"description": _description(product_set)}
    product = Product(
        **facts, facility_id=lead.facility_id, folded_name=fold(product_set.name), created_at=now
    )
    session.add(product)
    record(session, actor, "product:add", product, now=now, facility_id=lead.facility_id, new=facts)
    return product


def dossier_of_set(entry: Entry, product_set: ProductSet) -> dict[str, Any]:
    """The dossier of the entry that stands for a set, sent up in the name of the set."""
    sent = entry.dossier.get("product")
    if not sent:
        return dict(entry.dossier)
    told = {"name": product_set.name, "is_set": True, "description": _description(product_set)}
    return entry.dossier | {"product": sent | told}


def _description(product_set: ProductSet) -> str:
    return f"Bộ sản phẩm gồm: {'; '.join(member.product for member in product_set.members)}."
