"""Judges who go on scoring whatever becomes of the server, and what has to be true of the database meanwhile."""

import json
import random
import time
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Criterion, LedgerEvent, Mark, ScoreSheet, SheetSave
from app.models.engine import snapshot_session
from tests.serving import PATIENCE, Installation, Judge, NoAnswer, NoServer, a_save

LINES = ("L1", "L2", "L3", "L4")


@dataclass
class Pending:
    """A save that is not answered yet; it keeps its key until it is."""

    save: dict[str, Any]
    code: str
    value: int


@dataclass
class Scorer:
    """A judge who gives one mark after the other, and knows which were acknowledged."""

    judge: Judge
    sheet: int
    chance: random.Random
    version: int = 1
    acknowledged: dict[str, int] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    pending: Pending | None = None
    broken_off: int = 0
    errors: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)  # held while a save is under way

    def step(self) -> bool:
        """Send the next save, or the one whose answer never came; whether it was answered."""
        with self.lock:
            self.pending = self.pending or self._next()
            try:
                status, answer = self.judge.save(self.sheet, self.pending.save)
            except NoServer:
                return False
            except NoAnswer:
                self.broken_off += 1
                return False
            if status == 200:
                self.version = answer["version"]
                self.acknowledged[self.pending.code] = self.pending.value
                self.keys.append(self.pending.save["key"])
                self.pending = None
            else:
                self.errors.append(f"{status} {answer}")
            return status == 200

    def work(self, over: Event) -> None:
        """Save until it is over and everything is answered."""
        while not over.is_set() or self.pending:
            if not self.step():
                time.sleep(0.01)

    def _next(self) -> Pending:
        code = self.chance.choice(LINES)
        standing = self.acknowledged.get(code)
        value = self.chance.choice([half for half in range(0, 1001, 50) if half != standing])
        return Pending(a_save(self.version, **{f"mark_{code}": f"{value / 100:g}"}), code, value)


@dataclass(frozen=True)
class Stored:
    """What the database holds of one sheet."""

    version: int
    marks: dict[str, int]
    keys: frozenset[str]
    events: list[int]  # the version that each led to


def stored(session: Session, sheet_id: int) -> Stored:
    """Read a sheet, its marks, the keys of its saves and the ledger on it."""
    marks = session.execute(
        select(Criterion.code, Mark.value)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(Mark.sheet_id == sheet_id)
    ).all()
    events = session.scalars(
        select(LedgerEvent.details)
        .where(LedgerEvent.subject_kind == "score_sheets", LedgerEvent.subject_id == sheet_id)
        .order_by(LedgerEvent.id)
    )
    return Stored(
        version=session.get_one(ScoreSheet, sheet_id).version,
        marks={code: value for code, value in marks},  # noqa: C416 -- a Row is no pair to mypy
        keys=frozenset(session.scalars(select(SheetSave.key).where(SheetSave.sheet_id == sheet_id))),
        events=[json.loads(details)["version"] for details in events],
    )


class Jury:
    """All judges of an installation, each in a thread."""

    def __init__(self, installed: Installation, port: int) -> None:
        self.world = installed.world()
        self.over = Event()
        self.only_unanswered: set[str] = set()  # keys of saves that were stored although no answer came
        self.scorers = [
            Scorer(Judge(port, email).sign_in(), sheets[0], random.Random(number))
            for number, (email, sheets) in enumerate(installed.judges.items())
        ]
        self.threads = [Thread(target=scorer.work, args=(self.over,), daemon=True) for scorer in self.scorers]

    def begin(self) -> None:
        """Let all of them score."""
        for thread in self.threads:
            thread.start()

    def finish(self) -> None:
        """Stop, once every save is answered."""
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE)
        for scorer in self.scorers:
            scorer.judge.close()

    def faults(self) -> list[str]:
        """What is lost or doubled as things stand, with no save under way."""
        found: list[str] = []
        for scorer in self.scorers:
            scorer.lock.acquire()
        with snapshot_session(self.world.engine) as session:
            for scorer in self.scorers:
                found += self._faults_of(scorer, stored(session, scorer.sheet))
        for scorer in self.scorers:
            scorer.lock.release()
        return found

    def _faults_of(self, scorer: Scorer, found: Stored) -> list[str]:
        """What is wrong with one sheet. A save that nobody answered may be there or not, but whole and once."""
        expected, keys = dict(scorer.acknowledged), set(scorer.keys)
        pending = scorer.pending
        if pending and pending.save["key"] in found.keys:
            expected[pending.code] = pending.value
            keys.add(pending.save["key"])
            self.only_unanswered.add(pending.save["key"])
        number, sheet = len(keys), scorer.sheet
        checks = {
            f"sheet {sheet}: {found.marks}, acknowledged {expected}": found.marks == expected,
            f"sheet {sheet}: {len(found.keys)} keys for {number} saves": found.keys == keys,
            f"sheet {sheet}: ledger {found.events[-3:]} for {number} saves": found.events == versions(number),
            f"sheet {sheet}: version {found.version} after {number} saves": found.version == 1 + number,
        }
        return [fault for fault, holds in checks.items() if not holds]

    @property
    def errors(self) -> list[str]:
        """Answers that were neither a success nor a broken line."""
        return [error for scorer in self.scorers for error in scorer.errors]

    @property
    def saves(self) -> int:
        """How many saves were acknowledged."""
        return sum(len(scorer.keys) for scorer in self.scorers)

    def __str__(self) -> str:
        broken_off = sum(scorer.broken_off for scorer in self.scorers)
        return f"{self.saves} saves acknowledged, {broken_off} broken off, {len(self.only_unanswered)} of these stored"


def versions(saves: int) -> list[int]:
    """The versions that so many saves lead to."""
    return list(range(2, 2 + saves))
