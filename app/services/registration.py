"""Registering facilities and their products."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.dossiers import too_long
from app.domain.entries import EntryState
from app.domain.errors import IllegalState, InvalidInput
from app.domain.facilities import FacilityKind
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Role
from app.domain.phones import check_phone
from app.domain.tax_codes import TaxCodeKind, check_tax_code
from app.domain.vietnamese import fold, in_vietnam, normalise, normalise_lines
from app.models import Contest, Entry, Facility, Membership, Product, ProductGroup
from app.queries.facilities import facility_for, is_invited_to, product_for
from app.queries.territories import units_of_day
from app.services.emails import clean_email
from app.services.ledger import record
from app.services.printing import letter_faults

MAX_NAME = 300
MAX_ADDRESS = 300
MAX_REPRESENTATIVE = 200
MAX_DESCRIPTION = 3000
UNDER_WAY = frozenset({EntryState.SUBMITTED, EntryState.ACCEPTED})
STAYS = N_("This stays as it was when the dossier was submitted. Ask the organiser if it is wrong.")


@dataclass(frozen=True, kw_only=True)
class FacilityFacts:
    """What a facility says of itself, as typed."""

    name: str
    kind: FacilityKind | None
    tax_code: str
    territory_id: int | None
    address: str
    representative: str
    phone: str
    email: str


@dataclass(frozen=True, kw_only=True)
class RegisterFacility(FacilityFacts):
    """A facility to register."""


@dataclass(frozen=True, kw_only=True)
class UpdateFacility(FacilityFacts):
    """A facility to change."""

    facility_id: int


@dataclass(frozen=True, kw_only=True)
class ProductFacts:
    """What a facility says of a product, as typed."""

    name: str
    is_set: bool
    group_code: str
    description: str


@dataclass(frozen=True, kw_only=True)
class AddProduct(ProductFacts):
    """A product, or a set of products, to add to a facility."""

    facility_id: int


@dataclass(frozen=True, kw_only=True)
class UpdateProduct(ProductFacts):
    """A product to change."""

    product_id: int


def register_facility(
    session: Session, command: RegisterFacility, *, actor: Actor, now: datetime
) -> Facility:
    """Register the facility of a person who was invited to do so; from then on they work for it."""
    membership = session.scalars(
        select(Membership)
        .where(
            Membership.user_id == actor.user_id,
            Membership.role == Role.FACILITY_USER,
            Membership.facility_id.is_(None),
            Membership.ended_at.is_(None),
        )
        .order_by(Membership.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if membership is None:
        raise IllegalState(N_("This invitation has been used: its facility is registered already."))
    today = in_vietnam(now).date()
    territories = {unit.id for unit in units_of_day(session, today) if is_invited_to(actor, unit)}
    facts = _checked_facility(session, command, territories)
    facility = Facility(**facts, folded_name=fold(facts["name"]), created_at=now)
    session.add(facility)
    session.flush()
    membership.facility_id = facility.id
    record(session, actor, "facility:register", facility, now=now, new=facts)
    return facility


def update_facility(session: Session, command: UpdateFacility, *, actor: Actor, now: datetime) -> Facility:
    """Change a facility's particulars; what a submitted dossier rests on stays until its contest is over."""
    facility = facility_for(session, actor, command.facility_id, lock=True)
    units = units_of_day(session, in_vietnam(now).date())
    successors = {unit.id for unit in units if facility.territory_id in unit.reach} | {facility.territory_id}
    territories = successors | {unit.id for unit in units if is_invited_to(actor, unit)}
    facts = _checked_facility(session, command, territories, facility)
    frozen = {"name", "kind", "tax_code"}
    if facts["territory_id"] not in successors:
        frozen.add("territory_id")
    under_way = exists().where(
        Entry.product_id == Product.id,
        Product.facility_id == facility.id,
        Entry.state.in_(UNDER_WAY),
        Contest.id == Entry.contest_id,
        Contest.state != ContestState.FINAL,
    )
    _change(session, facility, facts, frozen if session.scalar(select(under_way)) else (), actor, now)
    facility.folded_name = fold(facility.name)
    return facility


def add_product(session: Session, command: AddProduct, *, actor: Actor, now: datetime) -> Product:
    """Add a product, or a set of products, to a facility."""
    facility = facility_for(session, actor, command.facility_id, lock=True)
    facts = _checked_product(session, command, facility.id)
    product = Product(**facts, facility_id=facility.id, folded_name=fold(facts["name"]), created_at=now)
    session.add(product)
    record(session, actor, "product:add", product, now=now, facility_id=facility.id, new=facts)
    return product


def update_product(session: Session, command: UpdateProduct, *, actor: Actor, now: datetime) -> Product:
    """Change a product; once a dossier of it is submitted, only its description."""
    product = product_for(session, actor, command.product_id, lock=True)
    facts = _checked_product(session, command, product.facility_id, product)
    under_way = exists().where(Entry.product_id == product.id, Entry.state.in_(UNDER_WAY))
    frozen = ("name", "is_set", "group_code") if session.scalar(select(under_way)) else ()
    _change(session, product, facts, frozen, actor, now)
    product.folded_name = fold(product.name)
    return product


class _Faults:
    """Every fault of a form over what is stored, so that all are told at once."""

    def __init__(self, stored: Facility | Product | None) -> None:
        self.fields: dict[str, Message] = {}
        self._stored = stored

    def line(self, field: str, text: str, limit: int, missing: str) -> str:
        """One line that must not be empty and, unless it stays as it was, can be printed."""
        clean = normalise(text)
        if not clean:
            self.fields[field] = Message(missing)
        elif len(clean) > limit:
            self.fields[field] = too_long(len(clean), limit)
        elif clean != getattr(self._stored, field, None):
            self.fields |= letter_faults(**{field: clean})
        return clean

    def read(self, field: str, check: Callable[[str], str], text: str) -> str:
        """What a check makes of a text."""
        try:
            return check(text)
        except InvalidInput as error:
            self.fields[field] = error.fields[field]
            return ""

    def done(self) -> None:
        """Raise InvalidInput if there are faults."""
        if self.fields:
            raise InvalidInput(self.fields)


def _checked_facility(
    session: Session, command: FacilityFacts, territories: Collection[int], facility: Facility | None = None
) -> dict[str, Any]:
    """The particulars as they are stored; InvalidInput with every fault."""
    faults = _Faults(facility)
    facts = {
        "name": faults.line("name", command.name, MAX_NAME, N_("Enter the name of the facility.")),
        "kind": command.kind or "",
        "tax_code": faults.read("tax_code", lambda text: _tax_code_of(text, command.kind), command.tax_code),
        "territory_id": command.territory_id or 0,
        "address": faults.line("address", command.address, MAX_ADDRESS, N_("Enter the address.")),
        "representative": faults.line(
            "representative",
            command.representative,
            MAX_REPRESENTATIVE,
            N_("Enter the name of the representative."),
        ),
        "phone": faults.read("phone", check_phone, command.phone),
        "email": faults.read("email", clean_email, command.email),
    }
    if command.kind is None:
        faults.fields["kind"] = Message(N_("Choose what kind of facility it is."))
    if command.territory_id not in territories:
        faults.fields["territory_id"] = Message(
            N_("Choose the province or city. Your invitation holds for the ones listed.")
        )
    taken = select(Facility.id).where(
        Facility.tax_code == facts["tax_code"], Facility.id != (facility.id if facility else 0)
    )
    if session.scalar(taken) is not None:
        faults.fields["tax_code"] = Message(
            N_(
                "A facility with this tax code is registered already. Ask the colleague who registered it, or "
                "the organiser, to invite you to it; do not register it a second time."
            )
        )
    faults.done()
    return facts


def _tax_code_of(text: str, kind: FacilityKind | None) -> str:
    code = check_tax_code(text)
    if code.kind is TaxCodeKind.PERSONAL and kind in (FacilityKind.ENTERPRISE, FacilityKind.COOPERATIVE):
        raise InvalidInput(
            {
                "tax_code": Message(
                    N_(
                        "An enterprise or cooperative has a tax code of 10 or 13 digits; 12 digits belong to a "
                        "household business or a person. Correct the kind or the number."
                    )
                )
            }
        )
    return code.value


def _checked_product(
    session: Session, command: ProductFacts, facility_id: int, product: Product | None = None
) -> dict[str, Any]:
    """The particulars as they are stored; InvalidInput with every fault."""
    faults = _Faults(product)
    name = faults.line("name", command.name, MAX_NAME, N_("Enter the name of the product."))
    description = normalise_lines(command.description)
    if len(description) > MAX_DESCRIPTION:
        faults.fields["description"] = too_long(len(description), MAX_DESCRIPTION)
    if session.get(ProductGroup, command.group_code) is None:
        faults.fields["group_code"] = Message(N_("Choose a product group."))
    same_name = select(Product.id).where(
        Product.facility_id == facility_id,
        Product.folded_name == fold(name),
        Product.id != (product.id if product else 0),
    )
    if name and session.scalar(same_name) is not None:
        faults.fields["name"] = Message(N_("Your facility already has a product of this name."))
    faults.done()
    return {
        "name": name,
        "is_set": command.is_set,
        "group_code": command.group_code,
        "description": description,
    }


def _change(
    session: Session,
    row: Facility | Product,
    facts: dict[str, Any],
    frozen: Collection[str],
    actor: Actor,
    now: datetime,
) -> None:
    """Write what is new into the row and the ledger; InvalidInput if something of it must stay."""
    changed = {name for name, value in facts.items() if getattr(row, name) != value}
    if changed & set(frozen):
        raise InvalidInput({name: Message(STAYS) for name in changed & set(frozen)})
    if not changed:
        return
    old = {name: getattr(row, name) for name in changed}
    for name in changed:
        setattr(row, name, facts[name])
    kind = type(row).__name__.lower()
    record(
        session, actor, f"{kind}:update", row, now=now, old=old, new={name: facts[name] for name in changed}
    )
