"""Registering communes, one by one or from a file; only an administrator does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import seeds
from app.domain.errors import InvalidInput, NotPermitted
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.territories import (
    KIND_NAMES_VI,
    CommuneKind,
    commune_faults,
    in_sentence,
    plain_name,
    read_kind,
    slug_of,
)
from app.domain.tiers import Tier
from app.domain.vietnamese import fold, in_vietnam, normalise, without_marks
from app.models import Territory
from app.queries.territories import Unit, units_of_day
from app.services.cells import csv_rows
from app.services.faults import FaultyRows, RefusedFile, RowFault
from app.services.ledger import record
from app.services.printing import letter_faults
from app.services.reference import territory_of

LARGEST_FILE = 2 * 2**20
COLUMNS = ("code", "name", "kind", "province_code")


@dataclass(frozen=True, kw_only=True)
class AddCommune:
    """A commune as typed; the name with its kind or without."""

    code: str
    name: str
    kind: CommuneKind | None
    province_id: int | None
    valid_from: date


@dataclass(frozen=True)
class ImportCommunes:
    """A CSV file with the columns code, name, kind and province_code; all its communes hold from one day."""

    content: bytes
    valid_from: date


def add_commune(session: Session, command: AddCommune, *, actor: Actor, now: datetime) -> Territory:
    """Register a commune.

    Raises
    ------
    InvalidInput
        With every fault beside its field; code and name must be free.
    """
    register = _Register(session, actor, now)
    faults = register.enter(command)
    if faults:
        raise InvalidInput(faults)
    return register.store(session, actor, now)[0]


def import_communes(session: Session, command: ImportCommunes, *, actor: Actor, now: datetime) -> int:
    """Register every commune of a file and tell how many.

    Raises
    ------
    FaultyRows
        With every cell at fault; nothing is stored.
    InvalidInput
        The file as a whole, or the day, cannot be taken.
    """
    register = _Register(session, actor, now)
    faulty = [
        RowFault(row, "province_code" if field == "province_id" else field, message)
        for row, typed in _typed(command, register)
        for field, message in register.enter(typed).items()
    ]
    if faulty:
        day = next((fault.message for fault in faulty if fault.column == "valid_from"), None)
        raise InvalidInput({"valid_from": day}) if day else FaultyRows(faulty)
    return len(register.store(session, actor, now))


class _Register:
    """The communes that are there and those to be added."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        if not actor.may(Permission.TERRITORY_EDIT):
            raise NotPermitted
        # The nation's row is the lock under which codes and names stay unique.
        session.execute(select(Territory.id).where(Territory.tier == Tier.NATIONAL).with_for_update())
        units = units_of_day(session, in_vietnam(now).date())
        self.units = {unit.id: unit for unit in units}
        self.provinces = {
            territory.id: territory
            for territory in session.scalars(select(Territory).where(Territory.id.in_(self.units)))
        }
        unit_of = {territory_id: unit.id for unit in units for territory_id in unit.reach}
        self._taken: dict[tuple[object, ...], list[tuple[str, date | None]]] = {}
        for commune in session.scalars(select(Territory).where(Territory.tier == Tier.COMMUNE)):
            self._take(commune, unit_of.get(commune.id, commune.province_id or 0))
        self._new: list[Territory] = []

    def enter(self, typed: AddCommune) -> dict[str, Message]:
        """Note a commune to be added; what is wrong with it, by field, if anything is."""
        code, name = normalise(typed.code), plain_name(typed.name, typed.kind)
        faults = commune_faults(name, typed.kind, code, typed.valid_from)
        unit = self.units.get(typed.province_id or 0)
        if unit is None:
            faults["province_id"] = Message(N_("Choose one of the provinces and cities of today."))
        faults = letter_faults(name=name) | faults
        if there := self._holder((code,), typed.valid_from):
            text = N_("This code belongs to %(name)s already.")
            faults.setdefault("code", Message(text, {"name": there}))
        if unit and typed.kind and self._holder((unit.id, typed.kind, name.casefold()), typed.valid_from):
            text = N_("%(province)s already has a unit of this name.")
            faults.setdefault("name", Message(text, {"province": unit.full_name}))
        if unit and typed.kind and not faults:
            commune = self._commune(replace(typed, code=code, name=name), typed.kind, unit)
            self._take(commune, unit.id)
            self._new.append(commune)
        return faults

    def store(self, session: Session, actor: Actor, now: datetime) -> list[Territory]:
        """Keep what was noted, each with its own line in the ledger."""
        session.add_all(self._new)
        session.flush()
        for commune in self._new:
            facts = {name: getattr(commune, name) for name in ("code", "full_name", "province_id")}
            new = facts | {"valid_from": commune.valid_from.isoformat()}
            record(session, actor, "territory:add", commune, now=now, new=new)
        return self._new

    def _commune(self, typed: AddCommune, kind: CommuneKind, unit: Unit) -> Territory:
        province = self.provinces[unit.id]
        row = seeds.Territory(
            tier=Tier.COMMUNE,
            code=typed.code,
            kind=kind,
            name=typed.name,
            full_name=f"{KIND_NAMES_VI[kind]} {typed.name}",
            name_en=without_marks(typed.name),
            slug=slug_of(f"{typed.name} {unit.name}"),
            communes=None,
            phone_area_code="",
            valid_from=typed.valid_from,
            valid_to=None,
        )
        commune = territory_of(row)
        commune.province_id = unit.id
        commune.full_name = f"{row.full_name}, {in_sentence(province.full_name)}"
        commune.name_en = f"{row.full_name_en}, {province.name_en}"
        return commune

    def _take(self, commune: Territory, unit_id: int) -> None:
        for key in ((commune.code,), (unit_id, commune.kind, commune.name.casefold())):
            self._taken.setdefault(key, []).append((commune.full_name, commune.valid_to))

    def _holder(self, key: tuple[object, ...], day: date) -> str | None:
        """The commune that holds a code or a name on a day or later, if one does."""
        held = self._taken.get(key, [])
        return next((name for name, valid_to in held if valid_to is None or valid_to >= day), None)


def _typed(command: ImportCommunes, register: _Register) -> Iterator[tuple[int, AddCommune]]:
    """Each row of a file with its number; spreadsheets drop the noughts with which codes begin."""
    by_code = {unit.code: unit.id for unit in register.units.values()}
    for number, cells in _rows(command.content):
        row = dict(zip(COLUMNS, cells, strict=True))
        yield (
            number,
            AddCommune(
                code=row["code"].zfill(5),
                name=row["name"],
                kind=read_kind(row["kind"]),
                province_id=by_code.get(row["province_code"].zfill(2)),
                valid_from=command.valid_from,
            ),
        )


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, their cells in the order of COLUMNS; InvalidInput if it is no such table."""
    if len(content) > LARGEST_FILE:
        raise _refused(N_("The file is too large; at most %(limit)d MB."), limit=LARGEST_FILE // 2**20)
    try:
        rows = [[normalise(cell) for cell in row] for row in csv_rows(content)]
    except RefusedFile:
        text = N_("This is not a CSV file in UTF-8. Save the table as “CSV UTF-8” and choose it again.")
        raise _refused(text) from None
    header = [fold(cell) for cell in rows[0]] if rows else []
    if sorted(header) != sorted(COLUMNS):
        raise _refused(N_("The first row must name the columns: %(columns)s."), columns=", ".join(COLUMNS))
    order = [header.index(column) for column in COLUMNS]
    filled = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]
    if not filled:
        raise _refused(N_("There is no commune in this file."))
    for number, row in filled:
        padded = row + [""] * len(COLUMNS)
        yield number, [padded[place] for place in order]


def _refused(text: str, **values: str | int) -> InvalidInput:
    return InvalidInput({"file": Message(text, values)})
