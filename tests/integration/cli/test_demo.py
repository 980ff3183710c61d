"""`binhchon demo`: what it never deletes, and whom its printed accounts belong to."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as Ran
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.cli import main
from app.cli.demo import progress_of
from app.cli.folder_lock import in_use
from app.config import Settings
from app.demo import build
from app.demo.export import NOTICE
from app.demo.people import ACCOUNTS, ORGANISERS
from app.demo.plan import FINISHED
from app.domain.contests import ContestState
from app.domain.errors import DomainError
from app.domain.judging import SheetState
from app.domain.ledger import SheetAct
from app.domain.meetings import PollBy
from app.domain.paper import KeyingState
from app.domain.permissions import Permission
from app.domain.results import Choice, Outcome
from app.domain.vietnamese import in_vietnam
from app.models import (
    Computation,
    Contest,
    Criterion,
    Entry,
    Facility,
    Judge,
    LedgerEvent,
    Mark,
    Membership,
    Result,
    ScoreSheet,
    SiteVisitPhoto,
    User,
)
from app.models.engine import write_session
from app.queries.computations import deciding_computation
from app.queries.discussions import discussions_page
from app.queries.keying import keying_lines
from app.queries.meetings import meeting_page
from app.queries.motions import open_motions
from app.queries.people import actor_of
from app.services.ballots import CloseBallot, close_ballot
from app.services.bundles import auditor, export_bundle
from app.services.files import FileStore
from app.services.meetings import GoTo, go_to
from app.services.motions import WithdrawMotion, withdraw_motion
from app.services.polls import ClosePoll, OpenPoll, VoteInMeeting, close_poll, open_poll, vote_in_meeting
from app.verify.verify import verify


def demo(folder: Path, *options: str) -> Ran:
    """Run the command without serving."""
    return CliRunner().invoke(main, ["demo", "--no-serve", "--dir", str(folder), *options])


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, by its path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A folder that holds a finished example, as far as can be told."""
    (tmp_path / "summary.txt").write_text(f"{NOTICE}\nxong\n", encoding="utf-8")
    return tmp_path


def test_a_finished_example_is_used_again(finished: Path) -> None:
    result = demo(finished)

    assert (result.exit_code, result.stdout) == (0, f"{NOTICE}\nxong\n\n")
    assert f"Dùng lại ví dụ đã dựng trong {finished} (dựng lại: --rebuild)." in result.stderr


@pytest.mark.parametrize("marker", ["summary.txt", "unfinished-example"])
def test_what_lies_beside_an_example_keeps_it_from_being_built_anew(finished: Path, marker: str) -> None:
    if marker != "summary.txt":
        (finished / "summary.txt").rename(finished / marker)
    (finished / "thu.docx").write_bytes(b"mine")
    before = contents(finished)

    result = demo(finished, "--rebuild")

    assert (result.exit_code, result.stdout, contents(finished)) == (2, "", before)
    assert result.stderr == (
        f"{finished} có thứ không thuộc về ví dụ (thu.docx); hãy chuyển đi nơi khác rồi dựng lại.\n"
    )


@pytest.mark.parametrize("options", [(), ("--rebuild",)])
@pytest.mark.parametrize("name", ["thu.docx", "summary.txt", "binhchon.sqlite", "building"])
def test_a_folder_with_something_else_is_left_alone(
    tmp_path: Path, options: tuple[str, ...], name: str
) -> None:
    (tmp_path / name).write_bytes(b"mine")

    result = demo(tmp_path, *options)

    assert (result.exit_code, result.stdout, contents(tmp_path)) == (2, "", {name: b"mine"})
    assert result.stderr == (
        f"{tmp_path} chứa thứ khác, không phải ví dụ; hãy chỉ ra một thư mục trống bằng --dir.\n"
    )


@pytest.mark.parametrize("alone", [False, True], ids=["a server", "another build"])
def test_a_folder_in_use_is_not_built_anew(finished: Path, alone: bool) -> None:
    before = contents(finished)

    with in_use(finished, alone=alone):
        result = demo(finished, "--rebuild")

    assert (result.exit_code, result.stdout, contents(finished)) == (2, "", before)
    assert result.stderr == (
        f"Thư mục {finished} đang được một lệnh binhchon khác dùng; hãy dừng lệnh đó trước.\n"
    )


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "demo").touch()

    result = demo(tmp_path / "demo")

    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)


def test_into_a_file_or_pipe_the_progress_is_a_line_for_every_tenth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress_of(200) as tick:
        for _entry in range(200):
            tick(1)

    told = [line.partition(" (")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == [f"Dựng ví dụ / building the example: {tenth * 10} %" for tenth in range(11)]


SMALL = replace(
    FINISHED[0],
    groups={"B": 5},
    facilities=4,
    below=1,
    quota=3,
    first_pass_on=date(2018, 5, 8),
    recused=3,
    imported=5,
    keyed=4,
    reopened=1,
)


@pytest.fixture
def under_way(monkeypatch: pytest.MonkeyPatch, engine: Engine, settings: Settings) -> Iterator[Session]:
    """The contests of the example that are under way, after a small one in two passes."""
    monkeypatch.setattr(build, "FINISHED", (SMALL,))
    store = FileStore(settings.files_dir)
    today = in_vietnam(datetime.now(UTC)).date()
    build.Example(engine, store, settings.public_url, lambda _done: None).build(today)
    with Session(engine) as session:
        yield session


@pytest.mark.slow
def test_the_example_shows_whatever_scoring_can_do_and_its_accounts_play_their_parts(
    under_way: Session, engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    contests = contests_of(under_way)
    final, voting, scoring = (
        contests[state] for state in (ContestState.FINAL, ContestState.VOTING, ContestState.SCORING)
    )

    passes = select(Computation.pass_no).where(Computation.contest_id == final.id)
    assert under_way.scalars(passes.order_by(Computation.version)).all() == [1, 2]
    assert outcomes_of(under_way, final) == {Outcome.NOT_ADVANCED: 1, Outcome.REACHED: 1, Outcome.SELECTED: 3}
    assert under_way.scalars(select(func.count()).select_from(SiteVisitPhoto)).one() == 4
    # one of seven judges stands aside from one entry of five, four of which went on
    assert ways_of(under_way, final) == {"": 43 + 2, "import": 9, "keying": 9}
    assert len(reopened(under_way, final)) == 2
    times = under_way.scalars(
        select(LedgerEvent.at).where(LedgerEvent.contest_id == final.id).order_by(LedgerEvent.id)
    ).all()
    assert times == sorted(times)
    bundle = tmp_path / "bundle.zip"
    with bundle.open("wb") as file:
        store, actor = FileStore(settings.files_dir), auditor(final.id)
        export_bundle(engine, final.id, file, store=store, actor=actor, now=datetime.now(UTC))
    assert verify(bundle).faults == []

    codes = select(Criterion.code).join(Mark, Mark.criterion_id == Criterion.id)
    of_voting = codes.join(ScoreSheet, ScoreSheet.id == Mark.sheet_id).join(Entry)
    assert {code[:3] for code in under_way.scalars(of_voting.where(Entry.contest_id == voting.id))} == {
        "L1.",
        "L2.",
        "L3.",
        "L4.",
    }
    prizes = select(Result.prize).join(Computation).where(Computation.contest_id == voting.id)
    assert Counter(under_way.scalars(prizes)) == {"1": 1, "2": 1, "3": 2, None: 2}

    assert ways_of(under_way, scoring) == {"": 16, "import": 12, "keying": 3}
    email = select(User.id).where(User.email == ORGANISERS["Lâm Đồng"])
    organiser = actor_of(under_way, under_way.scalars(email).one())
    papers = Counter(line.state for line in keying_lines(under_way, organiser, scoring))
    assert (papers[KeyingState.ONCE], papers[KeyingState.DIFFERENT]) == (2, 1)
    assert len(discussions_page(under_way, organiser, scoring.id).entries) >= 1
    assert len(reopened(under_way, scoring)) == 1

    _check_accounts(under_way, engine)


def _check_accounts(under_way: Session, engine: Engine) -> None:
    """The printed accounts can play their parts."""
    people = {user.email: user.id for user in under_way.scalars(select(User))}
    printed = list(ACCOUNTS.values())
    played = (people[email] for email in printed[:8])
    facility, organiser, judge, head, observer, scoring, member, voting = played
    contests = contests_of(under_way)

    assert set(printed) <= set(people)
    registration = contests[ContestState.REGISTRATION]
    assert registration.territory_id in actor_of(under_way, organiser).territories(Permission.CONTEST_EDIT)
    own = select(Facility.territory_id).join(Membership, Membership.facility_id == Facility.id)
    assert under_way.scalar(own.where(Membership.user_id == facility)) == registration.territory_id
    scored = contests[ContestState.SCORING]
    assert scored.territory_id in actor_of(under_way, scoring).territories(Permission.CONTEST_EDIT)
    sheets = select(ScoreSheet.state).join(Judge, Judge.id == ScoreSheet.judge_id)
    states = under_way.scalars(sheets.where(Judge.user_id == judge, Judge.contest_id == scored.id)).all()
    assert states == [SheetState.DRAFT] * 12
    assert scored.id in actor_of(under_way, head).contests(Permission.SCORE_SHEET_REOPEN)
    watched = select(Membership.contest_id).where(Membership.user_id == observer)
    assert under_way.scalars(watched).all() == [scored.id]
    voted = contests[ContestState.VOTING]
    assert voted.territory_id in actor_of(under_way, voting).territories(Permission.BALLOT_MANAGE)
    _vote_and_close(engine, voted.id, member, voting)


def contests_of(session: Session) -> dict[ContestState, Contest]:
    """The contests that are meant by their state; no two have the same."""
    meant = select(Contest).where(Contest.is_practice.is_(False))
    return {contest.state: contest for contest in session.scalars(meant)}


def outcomes_of(session: Session, contest: Contest) -> dict[Outcome, int]:
    """How many entries have which outcome in the pass that decided."""
    computation = deciding_computation(contest.id)
    return Counter(session.scalars(select(Result.outcome).where(Result.computation_id == computation)))


def ways_of(session: Session, contest: Contest) -> dict[str, int]:
    """How many submissions of sheets came which way."""
    events = session.scalars(
        select(LedgerEvent).where(LedgerEvent.contest_id == contest.id, LedgerEvent.action == SheetAct.SUBMIT)
    )
    return Counter(json.loads(event.details).get("source", "") for event in events)


def reopened(session: Session, contest: Contest) -> list[str]:
    """The reasons for which sheets were given back."""
    acts = select(LedgerEvent.details).where(LedgerEvent.action == SheetAct.REOPEN)
    details = session.scalars(acts.where(LedgerEvent.contest_id == contest.id)).all()
    return [json.loads(one)["reason"] for one in details]


def _vote_and_close(engine: Engine, contest_id: int, member: int, organiser: int) -> None:
    """The printed member's vote is the last of the vote that is open; the organiser takes the next, and closes."""
    now = datetime.now(UTC)
    with Session(engine) as session:
        voter, closer = actor_of(session, member), actor_of(session, organiser)
        page = meeting_page(session, closer, contest_id)
    assert [line.is_voted for line in page.lines] == [True, True, False, False]
    assert (len(page.present), page.has_quorum) == (6, True)
    running, [third, fourth] = page.running, [line.item_id for line in page.left]
    assert running is not None
    with pytest.raises(DomainError), write_session(engine) as session:
        close_poll(session, ClosePoll(contest_id, running.id), actor=closer, now=now)
    with write_session(engine) as session:
        vote = VoteInMeeting(contest_id, running.id, Choice.YES)
        vote_in_meeting(session, vote, actor=voter, now=now)
        close_poll(session, ClosePoll(contest_id, running.id), actor=closer, now=now)
    with write_session(engine) as session:
        go_to(session, GoTo(contest_id, fourth, third), actor=closer, now=now)
        poll = open_poll(session, OpenPoll(contest_id, (fourth,), PollBy.HANDS), actor=closer, now=now)
        poll_id = poll.id
    with write_session(engine) as session:
        counts: dict[str, int | None] = {"yes": 6, "no": 0, "abstain": 0}
        close_poll(session, ClosePoll(contest_id, poll_id, counts), actor=closer, now=now)
    with write_session(engine) as session:
        for number in open_motions(session, contest_id):
            withdrawal = WithdrawMotion(contest_id, number, "Hội đồng rút đề nghị.")
            withdraw_motion(session, withdrawal, actor=closer, now=now)
    with write_session(engine) as session:
        command = CloseBallot(contest_id, "Hội đồng thống nhất.")
        ballot = close_ballot(session, command, actor=closer, now=now)
        assert [item.carried for item in ballot.items] == [True] * 4
