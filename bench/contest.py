"""How long a contest's marks take from the database to the result, beside a bare cursor that reads the same rows."""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, insert, make_url, select, text
from sqlalchemy.orm import Session

from app.domain.rules import SPREAD, ContestRules, CriterionRule, GroupRule
from app.domain.tiers import Tier
from app.migrations import upgrade
from app.models import (
    Base,
    Contest,
    Criterion,
    Entry,
    Facility,
    Judge,
    Mark,
    Product,
    RubricVersion,
    ScoreSheet,
    Territory,
    User,
)
from app.models.engine import open_engine, write_session
from app.services.counting_sheets import load_counting_sheets
from app.services.reference import load_reference_data
from app.services.results import worked_out

NOW = datetime(2026, 3, 10, tzinfo=UTC)
GROUPS = "ABCD"
BATCH = 100_000
BARE = """
SELECT s.entry_id, s.judge_id, m.criterion_id, m.value FROM marks m
JOIN score_sheets s ON s.id = m.sheet_id JOIN entries e ON e.id = s.entry_id WHERE e.contest_id = {contest}
"""


def best(calls: Sequence[Callable[[], object]], runs: int, clock: Callable[[], float]) -> list[float]:
    """Seconds of the fastest run of each; they take turns, so that a busy moment hits all of them."""
    seconds: list[list[float]] = [[] for _call in calls]
    for _run in range(runs):
        for call, taken in zip(calls, seconds, strict=True):
            start = clock()
            call()
            taken.append(clock() - start)
    return [min(taken) for taken in seconds]


def store(session: Session, model: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows by the hundred thousand."""
    table = model.__table__
    assert isinstance(table, Table)
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            session.execute(insert(table), batch)
            batch = []
    if batch:
        session.execute(insert(table), batch)


def people(judges: int) -> Iterator[dict[str, Any]]:
    for number in range(judges):
        yield {"id": number + 1, "email": f"gk{number}@example.vn", "name": f"GK{number}",
               "folded_name": f"gk{number}", "fs_uniquifier": f"gk{number}", "created_at": NOW}  # fmt: skip


def facilities(entries: int, territory_id: int) -> Iterator[dict[str, Any]]:
    for number in range(entries // 5 + 1):
        yield {"id": number + 1, "name": f"CS{number}", "folded_name": f"cs{number}", "kind": "cooperative",
               "tax_code": f"{number:010d}", "territory_id": territory_id, "address": "–", "representative": "–",
               "phone": "–", "email": f"cs{number}@example.vn", "created_at": NOW}  # fmt: skip


def fill(engine: Engine, entries: int, judges: int) -> int:
    """A national contest in scoring with every sheet submitted; gives its id."""
    chance = random.Random(1)
    group = [GROUPS[number % len(GROUPS)] for number in range(entries)]
    sheets = range(entries * judges)
    with write_session(engine) as session:
        rubric = session.scalars(select(RubricVersion).order_by(RubricVersion.id).limit(1)).one()
        criteria = session.scalars(
            select(Criterion)
            .where(Criterion.rubric_version_id == rubric.id, Criterion.parent_code == "")
            .order_by(Criterion.position)
        ).all()
        contest = a_contest(session, rubric, criteria)
        contest_id = contest.id
        store(session, User, people(judges))
        store(session, Judge, ({"id": n + 1, "contest_id": contest_id, "user_id": n + 1, "appointed_at": NOW}
                               for n in range(judges)))  # fmt: skip
        store(session, Facility, facilities(entries, contest.territory_id))
        store(session, Product, ({"id": n + 1, "facility_id": n // 5 + 1, "name": f"SP{n}", "folded_name": f"sp{n}",
                                  "group_code": group[n], "created_at": NOW} for n in range(entries)))  # fmt: skip
        store(session, Entry, ({"id": n + 1, "contest_id": contest_id, "product_id": n + 1, "group_code": group[n],
                                "code": f"{group[n]}-{n:05d}", "state": "accepted", "created_at": NOW}
                               for n in range(entries)))  # fmt: skip
        store(session, ScoreSheet, ({"id": n + 1, "entry_id": n // judges + 1, "judge_id": n % judges + 1,
                                     "state": "submitted", "submitted_at": NOW} for n in sheets))  # fmt: skip
        store(session, Mark, ({"sheet_id": n + 1, "criterion_id": c.id, "max_mark": c.max_mark,
                               "value": chance.randrange(c.max_mark // 2, c.max_mark + 1, 50)}
                              for n in sheets for c in criteria))  # fmt: skip
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return contest_id


def a_contest(session: Session, rubric: RubricVersion, criteria: Any) -> Contest:
    """The contest itself, its rules frozen."""
    rules = ContestRules(
        rubric=rubric.code,
        criteria=tuple(CriterionRule(c.code, c.name_vi, c.name_en, c.max_mark) for c in criteria),
        groups=tuple(GroupRule(code, code, code) for code in GROUPS),
        quota=300,
        group_quotas=dict.fromkeys(GROUPS, 100),
        facility_quota=2,
        tie_break=("L1", "L2", SPREAD),
    )
    nation = session.scalars(select(Territory).where(Territory.tier == Tier.NATIONAL)).first()
    assert nation is not None
    day = date(2026, 1, 1)
    contest = Contest(
        slug="bench", name="Bench", tier=Tier.NATIONAL, territory_id=nation.id, year=2026, state="scoring",
        registration_opens_on=day, registration_closes_on=day, scoring_closes_on=day, rubric_version_id=rubric.id,
        rules_json=rules.as_json(), rules_digest=rules.digest, rules_frozen_at=NOW, created_at=NOW,
    )  # fmt: skip
    session.add(contest)
    session.flush()
    return contest


def bare(engine: Engine, contest_id: int) -> int:
    """Fetch every mark of the contest by the driver's own cursor; gives their number."""
    connection = engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute(BARE.format(contest=contest_id))
    rows = len(cursor.fetchall())
    cursor.close()
    connection.close()
    return rows


def loaded(engine: Engine, contest_id: int) -> None:
    with Session(engine) as session:
        contest = session.get_one(Contest, contest_id)
        load_counting_sheets(session, contest, contest.rules, 1)


def decided(engine: Engine, contest_id: int) -> None:
    with Session(engine) as session:
        worked_out(session, session.get_one(Contest, contest_id), 1)


def measure(url: str, entries: int, judges: int, runs: int) -> None:
    engine = open_engine(url)
    upgrade(engine)
    with write_session(engine) as session:
        load_reference_data(session)
    contest_id = fill(engine, entries, judges)
    rows = bare(engine, contest_id)
    calls = [partial(call, engine, contest_id) for call in (bare, loaded, decided)]
    # SQLite works within this process: what others do on the machine need not be measured.
    clock = time.process_time if engine.dialect.name == "sqlite" else time.perf_counter
    cursor, load, whole = best(calls, max(runs, 10_000 // entries), clock)
    engine.dispose()
    each = 1e6 / entries  # µs an entry
    print(
        f"{engine.dialect.name:10} {entries:6} entries {rows:8} marks  "
        f"cursor {cursor:6.2f} s ({cursor * each:4.0f} µs an entry)  "
        f"loaded {load:6.2f} s ({load / cursor:4.2f} x)  "
        f"result {whole:6.2f} s ({whole / cursor:4.2f} x, {whole * each:4.0f} µs an entry)"
    )


def on_server(server: str, entries: int, judges: int, runs: int) -> None:
    """Measure in a database of its own on a PostgreSQL server, dropped afterwards."""
    engine = open_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS binhchon_bench WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE binhchon_bench"))
        url = make_url(server).set(database="binhchon_bench").render_as_string(hide_password=False)
        measure(url, entries, judges, runs)
        connection.execute(text("DROP DATABASE binhchon_bench WITH (FORCE)"))
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="*", default=[500, 5_000, 50_000])
    parser.add_argument("--judges", type=int, default=9)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--server", help="address of a PostgreSQL server, such as postgresql+psycopg://user@host/"
    )
    options = parser.parse_args()
    for entries in options.entries:
        with tempfile.TemporaryDirectory() as folder:
            measure(f"sqlite:///{Path(folder, 'bench.sqlite')}", entries, options.judges, options.runs)
        if options.server:
            on_server(options.server, entries, options.judges, options.runs)


if __name__ == "__main__":
    main()
