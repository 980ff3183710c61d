"""How long the evidence page of a contest takes, whole and step by step, and how many queries it sends."""

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

import scoring
from app.config import Settings
from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.installation import open_installation
from app.models import Contest, Membership, User
from app.models.engine import write_session
from app.queries.people import actor_of
from app.services.axes import rubric_axes, rules_axes
from app.services.counting_sheets import load_counting_sheets
from app.services.evidence import REPLICATES, evidence_of
from app.services.result_rows import group_indices
from app.services.results import compute
from app.web.factory import create_app
from bench.contest import NOW, best, fill

EMAIL, PASSWORD = "organiser@example.vn", "a password of the bench"


def taken(call: Callable[[], object], runs: int) -> float:
    """Seconds of the fastest run."""
    return best([call], runs, time.perf_counter)[0]


def scored(engine: Engine, entries: int, judges: int) -> tuple[int, int]:
    """A contest with its result computed, and its organiser; gives their ids."""
    contest_id = fill(engine, entries, judges)
    with write_session(engine) as session:
        session.execute(update(Contest).values(state=ContestState.SCORED))
        territory_id = session.scalars(select(Contest.territory_id)).one()
        user = User(
            email=EMAIL,
            name="Organiser",
            password=PasswordHasher().hash(PASSWORD),
            fs_uniquifier="organiser",
            created_at=NOW,
        )
        session.add(user)
        session.flush()
        session.add(
            Membership(user_id=user.id, role=Role.ORGANISER, territory_id=territory_id, created_at=NOW)
        )
        session.flush()
        compute(session, contest_id, actor=actor_of(session, user.id), now=NOW)
        return contest_id, user.id


def signed_in(client: FlaskClient) -> FlaskClient:
    """Sign in by the real page."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token
    form = {"csrf_token": token[1], "email": EMAIL, "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 302
    return client


def queries_of(engine: Engine, client: FlaskClient, address: str) -> int:
    """How many statements a page sends."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def measure_statistics(engine: Engine, contest_id: int, runs: int) -> None:
    """The statistics alone, from arrays that are loaded already."""
    with Session(engine) as session:
        contest = session.get_one(Contest, contest_id)
        rules = contest.rules
        sheets = load_counting_sheets(session, contest, rules, 1)
    groups = [group.code for group in rules.groups]
    rubric, axes, indices = rubric_axes(rules), rules_axes(rules, groups), group_indices(sheets, groups)
    sums = scoring.tally(sheets.marks, sheets.counts, rubric)

    def sensitive() -> None:
        scoring.sensitivity(
            sheets.marks, sheets.counts, rubric, axes, indices, sheets.facilities, step=rules.mark_step
        )

    def ranked() -> None:
        scoring.rank_intervals(sums, axes, rng=np.random.default_rng(1), replicates=REPLICATES)

    for name, call in (
        ("severity", lambda: scoring.severity(sheets.marks, sheets.counts, rubric)),
        ("agreement", lambda: scoring.agreement(sums)),
        ("sensitivity", sensitive),
        (f"rank intervals, {REPLICATES} draws", ranked),
    ):
        print(f"  {name:32} {taken(call, runs) * 1000:7.0f} ms")


def measure(folder: Path, entries: int, judges: int, runs: int) -> None:
    """Print what one size takes."""
    url = f"sqlite:///{folder / 'bench.sqlite'}"
    settings = Settings(data_dir=folder, database_url=url, secret_key="x" * 43)
    engine = open_installation(settings)
    contest_id, user_id = scored(engine, entries, judges)
    app = create_app(settings)
    address = f"/contests/{contest_id}/evidence"
    client = signed_in(app.test_client())

    def worked_out() -> None:
        with Session(engine) as session:
            evidence_of(session, actor_of(session, user_id), contest_id)

    sent = queries_of(app.extensions["binhchon_engine"], client, address)
    page = taken(lambda: client.get(address), runs)
    print(f"{entries} entries x {judges} judges: page {page * 1000:.0f} ms, {sent} queries")
    print(f"  {'evidence without the page':32} {taken(worked_out, runs) * 1000:7.0f} ms")
    measure_statistics(engine, contest_id, runs)
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="*", default=[179, 1000])
    parser.add_argument("--judges", type=int, default=9)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    for entries in options.entries:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), entries, options.judges, options.runs)


if __name__ == "__main__":
    main()
