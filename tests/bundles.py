"""Contests that went through the services from the first mark on, and their bundles."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.permissions import Actor
from app.domain.results import Choice, Office
from app.models import Contest, CouncilMember, Judge, ScoreSheet, User
from app.models.base import canonical_json
from app.services.ballots import CastVotes, CloseBallot, OpenBallot, cast_votes, close_ballot, open_ballot
from app.services.bundles import export_bundle
from app.services.contests import close_scoring, open_scoring
from app.services.files import FileStore
from app.services.judging import ReopenSheet, SaveSheet, reopen_sheet, save_sheet, submit_sheet
from app.verify.verify import verify
from tests.awards import Award, issue, marks_for, scoring, sign
from tests.builders import NOW, World

Totals = Sequence[Sequence[int | None]]
Files = dict[str, bytes]


def judged(world: World, totals: Totals, *, opened: bool = False, **fields: Any) -> Award:
    """A contest in scoring whose sheets were submitted by their judges; None is one that was not.

    With `opened` its organiser opened the scoring, so that the ledger begins with the entries.
    """
    rules = {"mark_step": 1, **fields.pop("rules", {})}
    award = scoring(world, [[None] * len(row) for row in totals], rules=rules, **fields)
    if opened:
        with world.session() as session:
            session.get_one(Contest, award.contest.id).state = ContestState.REGISTRATION
        with world.session() as session:
            open_scoring(session, award.contest.id, actor=award.actor, now=NOW)
    for entry, row in zip(award.entries, totals, strict=True):
        for judge, total in zip(award.judges, row, strict=True):
            if total is not None:
                submit(world, judge, entry.id, marks_for(total))
    return award


def sheet_of(world: World, judge: Judge, entry_id: int) -> ScoreSheet:
    """A judge's newest sheet for an entry."""
    statement = select(ScoreSheet).where(ScoreSheet.judge_id == judge.id, ScoreSheet.entry_id == entry_id)
    found: ScoreSheet = world.all(statement.order_by(ScoreSheet.pass_no))[-1]
    return found


def submit(world: World, judge: Judge, entry_id: int, marks: dict[str, int]) -> None:
    """Let a judge save a first mark and then submit the sheet."""
    actor, sheet = world.actor(world.user_of(judge.user_id)), sheet_of(world, judge, entry_id)
    with world.session() as session:
        command = SaveSheet(sheet.id, sheet.version, dict(list(marks.items())[:1]), {}, "")
        sheet = save_sheet(session, command, actor=actor, now=NOW)
    with world.session() as session:
        submit_sheet(session, SaveSheet(sheet.id, sheet.version, marks, {}, ""), actor=actor, now=NOW)


def reopen(world: World, award: Award, sheet_id: int) -> None:
    """Let a head of jury, who judges nothing else, give a sheet back."""
    head = world.actor(world.user_of(world.judge(award.contest, is_head=True).user_id))
    with world.session() as session:
        reopen_sheet(session, ReopenSheet(sheet_id, "Nhập nhầm điểm."), actor=head, now=NOW)


def closed(world: World, totals: Totals, **fields: Any) -> Award:
    """The same with scoring closed and the result computed."""
    return close(judged(world, totals, **fields))


def close(award: Award) -> Award:
    """Close the scoring of a contest."""
    with award.world.session() as session:
        close_scoring(session, award.contest.id, actor=award.actor, now=NOW, reason="Hết hạn chấm.")
    return award


def vote(award: Award) -> None:
    """Let a council of two vote yes on everything, and close the ballot."""
    world, contest_id = award.world, award.contest.id
    standing = world.all(select(CouncilMember).where(CouncilMember.contest_id == contest_id))
    offices = (Office.CHAIR, Office.SECRETARY)
    members = standing or [world.council_member(award.contest, office) for office in offices]
    with world.session() as session:
        ballot = open_ballot(session, OpenBallot(contest_id, "Phòng họp số 2"), actor=award.actor, now=NOW)
        on_ballot = [item.entry_id for item in ballot.items]
    for member in members:
        user = world.get(User, world.get(CouncilMember, member.id).user_id)
        with world.session() as session:
            command = CastVotes(contest_id, dict.fromkeys(on_ballot, Choice.YES))
            cast_votes(session, command, actor=world.actor(user), now=NOW)
    with world.session() as session:
        close_ballot(session, CloseBallot(contest_id, "Hội đồng thống nhất."), actor=award.actor, now=NOW)


def finished(world: World, totals: Totals, **fields: Any) -> Award:
    """The same with everything done to the last certificate."""
    award = closed(world, totals, **fields)
    vote(award)
    sign(award)
    issue(award)
    return award


def bundle_of(award: Award) -> bytes:
    """The bundle of a contest as its organiser exports it."""
    return export(award, award.actor)


def export(award: Award, actor: Actor) -> bytes:
    """The bundle of a contest as somebody exports it."""
    file, store = BytesIO(), FileStore(award.world.files_dir)
    export_bundle(award.world.engine, award.contest.id, file, store=store, actor=actor, now=NOW)
    return file.getvalue()


def unpacked(bundle: bytes) -> Files:
    """The files of a bundle."""
    with ZipFile(BytesIO(bundle)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zipped(files: Files) -> bytes:
    """A bundle with these files."""
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def faults_of(folder: Path, files: Files, *, head: str | None = None) -> list[str]:
    """What the verifier says, in English, of a bundle with these files."""
    path = folder / "bundle.zip"
    path.write_bytes(zipped(files))
    return [english for _vietnamese, english in verify(path, head=head).faults]


def rehashed(files: Files) -> Files:
    """The files with the manifest that a careful forger would write."""
    hashes = {name: sha256(content).hexdigest() for name, content in files.items() if name != "manifest.json"}
    manifest = canonical_json({"files": hashes, "format": "binhchon.bundle/1"})
    return {**files, "manifest.json": f"{manifest}\n".encode()}


def edited(files: Files, name: str, edit: Callable[[Any], object]) -> Files:
    """The files with one JSON file changed in its content, and the manifest to match."""
    value = json.loads(files[name])
    edit(value)
    return rehashed({**files, name: f"{canonical_json(value)}\n".encode()})
