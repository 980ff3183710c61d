"""Spreadsheets of marks as offices send them, and a contest whose sheets come from outside."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from sqlalchemy import select

from app.domain.permissions import Actor
from app.models import Contest, Entry, Judge, LedgerEvent, ScoreSheet, SheetImport, User
from app.services.files import FileStore
from app.services.import_plans import ImportPlan
from app.services.sheet_imports import (
    ApplyImport,
    apply_import,
    checked_file,
    import_plan,
    upload_import,
)
from tests.browsing import Browser
from tests.builders import NOW, World

LATER = NOW + timedelta(hours=1)
CODES = ("L1", "L2", "L3", "L4")
GOOD = (30.5, 30, 8, 7)
MARKS = {"L1": 3050, "L2": 3000, "L3": 800, "L4": 700}

Rows = Sequence[Any]  # of rows of cells of any kind


def workbook(*sheets: Rows, prepare: Callable[[Any, list[Any]], None] | None = None) -> bytes:
    """A workbook with these sheets; `prepare` may do more to it."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"default_date_format": "dd/mm/yyyy"}) as book:
        pages = [book.add_worksheet() for _sheet in sheets]
        for page, rows in zip(pages, sheets, strict=True):
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
        if prepare:
            prepare(book, pages)
    return data.getvalue()


def csv_table(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A table as CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def with_part(content: bytes, name: str, part: bytes = b"x") -> bytes:
    """A workbook with one part more."""
    data = io.BytesIO(content)
    with ZipFile(data, "a", ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return data.getvalue()


@dataclass
class Office:
    """An office that takes over marks: two entries, two judges with a sheet for each, two organisers."""

    world: World
    contest: Contest
    organiser: User
    second: User
    judges: list[Judge] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    sheets: dict[tuple[int, int], ScoreSheet] = field(default_factory=dict)  # by number of judge and entry

    @property
    def actor(self) -> Actor:
        return self.world.actor(self.organiser)

    @property
    def colleague(self) -> Actor:
        return self.world.actor(self.second)

    @property
    def store(self) -> FileStore:
        return FileStore(self.world.files_dir)

    @property
    def codes(self) -> list[str]:
        return [entry.code or "" for entry in self.entries]

    def upload(self, content: bytes, name: str = "điểm.xlsx", actor: Actor | None = None) -> SheetImport:
        actor = actor or self.actor
        with self.world.session() as session:
            command = checked_file(session, actor, self.contest.id, name, content)
            return upload_import(session, command, store=self.store, actor=actor, now=LATER)

    def plan(self, row: SheetImport) -> ImportPlan:
        with self.world.session() as session:
            return import_plan(session, self.actor, self.contest.id, row.id, store=self.store)

    def apply(self, row: SheetImport, seen: str | None = None) -> int:
        command = ApplyImport(self.contest.id, row.id, self.plan(row).digest if seen is None else seen)
        with self.world.session() as session:
            return apply_import(session, command, store=self.store, actor=self.actor, now=LATER)

    def faults(self, content: bytes) -> list[tuple[str, str]]:
        return [(fault.cell, str(fault.message)) for fault in self.plan(self.upload(content)).faults]

    def planned(self, content: bytes) -> list[tuple[str, str, dict[str, int], str]]:
        """Judge, entry, marks and kind of what a file would do."""
        return [
            (f"GK{one.judge.number}", one.sheet.code, dict(one.marks), one.kind.value)
            for one in self.plan(self.upload(content)).sheets
        ]

    def marks(self, judge: int = 0, entry: int = 0) -> dict[str, int]:
        return self.world.marks_of(self.sheets[judge, entry])

    def stored(self, judge: int = 0, entry: int = 0) -> ScoreSheet:
        return self.world.get(ScoreSheet, self.sheets[judge, entry].id)

    def events(self) -> list[LedgerEvent]:
        return self.world.all(select(LedgerEvent).order_by(LedgerEvent.id))

    def wide(self, *marks: Sequence[object]) -> list[list[object]]:
        """The wide form under two rows of headings; a row of marks for each entry."""
        top: list[object] = ["Mã số", *(cell for number in (1, 2) for cell in (f"GK{number}", "", "", ""))]
        rows = [[code, *row] for code, row in zip(self.codes, marks, strict=False)]
        return [top, ["", *CODES, *CODES], *rows]

    def long(self, *sheets: tuple[str, str, Sequence[object]]) -> list[list[object]]:
        """The long form; for each sheet entry, judge and marks."""
        rows = [
            [entry, judge, code, mark]
            for entry, judge, marks in sheets
            for code, mark in zip(CODES, marks, strict=True)
        ]
        return [["entry", "judge", "criterion", "mark"], *rows]


def office(world: World, **fields: Any) -> Office:
    """Two judges, GK1 and GK2, with an empty sheet for each of two entries."""
    territory = world.territory("Lâm Đồng")
    contest = world.contest(territory=territory, **fields)
    made = Office(world, contest, world.organiser(territory), world.organiser(territory))
    made.people = [world.user("Trần Thị Hạnh"), world.user("Lê Văn Đức")]
    made.judges = [world.judge(contest, person) for person in made.people]
    for number in (1, 2):
        made.entries.append(
            world.entry(contest, world.product(name=f"Trà sen {number}"), code=f"B-{number:03d}")
        )
    for judge, one in enumerate(made.judges):
        for place, entry in enumerate(made.entries):
            made.sheets[judge, place] = world.sheet(one, entry)
    return made


def differing(desk: Office, browser: Browser) -> str:
    """Two people type a sheet and differ in a mark; the page on which the second chooses."""
    typed = {"mark_L1": "30,5", "mark_L2": "30", "mark_L3": "8", "mark_L4": "7"}
    address = f"/contests/{desk.contest.id}/keying/{desk.sheets[0, 0].id}"
    browser.sign_in(desk.organiser)
    browser.post(address, typed)
    browser.sign_out()
    browser.sign_in(desk.second)
    browser.post(address, {**typed, "mark_L2": "29,5"})
    return f"{address}/differences"
