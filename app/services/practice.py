"""Practice contests (chấm thử): made-up entries, the same jury and rules, and nothing of it ever counts.

One is opened for scoring at once, and ends with its result. It can be begun anew and deleted. The ledger keeps what
was done in it, and therefore the rows that the ledger names stay, out of everybody's sight: an id that came twice
would give a real sheet the history of a practice sheet. What people typed is deleted.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.contests import Calendar, ContestState
from app.domain.errors import InvalidInput, NotReady, require
from app.domain.judging import SheetState
from app.domain.mails import MailState
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.practice import practice_name, practice_rules
from app.domain.rules import ContestRules
from app.domain.vietnamese import in_vietnam
from app.models import (
    Contest,
    Discussion,
    Entry,
    Invitation,
    Judge,
    JudgeGroup,
    KeyedSheet,
    Mail,
    Mark,
    Recusal,
    ScoreSheet,
    SheetImport,
    Territory,
    User,
)
from app.queries.new_contests import own_territories, rubrics
from app.queries.passes import frozen_entries
from app.queries.practice import practice_of
from app.queries.scope import contest_for
from app.services.files import FileStore
from app.services.ledger import record
from app.services.practice_entries import add_entries
from app.services.usual_rules import rubric_in_force, usual_rules

PRACTICE_DAYS = timedelta(days=30)  # the announced length of one that no contest gives its days
NO_JURY = N_("Nobody is on the jury yet. Appoint the jury first: the same people practise.")
THERE_IS_ONE = N_("There is a practice contest for this contest already. Begin it anew, or delete it first.")
NOT_PRACTICE = N_("This is a real contest. Only a practice contest can be begun anew or deleted.")


@dataclass(frozen=True)
class CreatePractice:
    """The contest whose rules and jury are practised with."""

    contest_id: int


def create_practice(
    session: Session, command: CreatePractice, *, store: FileStore, actor: Actor, now: datetime
) -> Contest:
    """Make a practice contest of a contest, with its jury and made-up entries, and open it for scoring.

    Raises
    ------
    NotReady
        The contest has no jury.
    IllegalState
        It is a practice contest itself, or has one already.
    """
    source = contest_for(session, actor, Permission.CONTEST_EDIT, command.contest_id, lock=True)
    require(not source.is_practice, N_("This is a practice contest already."))
    require(practice_of(session, source.id) is None, THERE_IS_ONE)
    jury = _jury_of(session, source)
    if not jury:
        raise NotReady((Message(NO_JURY),))
    name = practice_name(source.name)
    contest = _contest(source.territory, source.year, name, source.calendar, source.rubric_version_id, now)
    contest.practice_of_id = source.id
    return _open(session, contest, source.rules, jury, store=store, actor=actor, now=now)


@dataclass(frozen=True)
class CreateUsualPractice:
    """A territory in which to practise with the usual rules, before there is any contest."""

    territory_id: int


def create_usual_practice(
    session: Session, command: CreateUsualPractice, *, store: FileStore, actor: Actor, now: datetime
) -> Contest:
    """Make a practice contest with the usual rules and no jury yet: whoever is appointed to it practises.

    Raises
    ------
    InvalidInput
        The territory is not this person's.
    """
    today = in_vietnam(now).date()
    if command.territory_id not in {place.id for _tier, place in own_territories(session, actor, today)}:
        raise InvalidInput({"territory_id": Message(N_("Choose one of your own territories."))})
    territory = session.get_one(Territory, command.territory_id)
    usual = rubrics(session, actor, today)[0]
    rubric = rubric_in_force(session, usual.id, territory.id, today.year)
    calendar = Calendar(today, today, today + PRACTICE_DAYS)
    name = practice_name(f"{territory.full_name} năm {today.year}")
    contest = _contest(territory, today.year, name, calendar, rubric.id, now)
    rules = usual_rules(session, rubric, territory.tier)
    return _open(session, contest, rules, {}, store=store, actor=actor, now=now)


def _open(
    session: Session,
    contest: Contest,
    usual: ContestRules,
    jury: dict[Judge, list[str]],
    *,
    store: FileStore,
    actor: Actor,
    now: datetime,
) -> Contest:
    """Give a new practice contest frozen rules, entries, jury and sheets, and tell the ledger."""
    rules = practice_rules(usual, list(jury.values()))
    contest.rules_json, contest.rules_digest, contest.rules_frozen_at = rules.as_json(), rules.digest, now
    session.add(contest)
    session.flush()
    practised = {code for codes in jury.values() for code in codes}
    groups = [group.code for group in rules.groups if not jury or group.code in practised]
    add_entries(session, contest, groups, store=store, now=now)
    joined = _seat(session, contest, jury, now)
    told: dict[str, object] = {"practice_of": contest.practice_of_id, "judges": joined}
    record(session, actor, "practice:create", contest, now=now, contest_id=contest.id, **told)
    told = {"old": ContestState.DRAFT, "new": ContestState.SCORING, "rules_digest": rules.digest}
    told["entries"] = frozen_entries(session, contest.id)
    record(session, actor, "contest:move", contest, now=now, contest_id=contest.id, **told)
    return contest


def reset_practice(session: Session, contest_id: int, *, actor: Actor, now: datetime) -> Contest:
    """Begin a practice contest anew: every sheet is empty again, and who joined the jury since practises too."""
    contest = _practice(session, actor, contest_id)
    sheets = _wipe(session, contest)
    source = session.get_one(Contest, contest.practice_of_id) if contest.practice_of_id else None
    joined = _seat(session, contest, _jury_of(session, source), now) if source else []
    _fill_gaps(session, contest)
    old, contest.state = contest.state, ContestState.SCORING
    details = {"old": old, "sheets": sheets, "joined": joined}
    record(session, actor, "practice:reset", contest, now=now, contest_id=contest.id, **details)
    return contest


def remove_practice(session: Session, contest_id: int, *, actor: Actor, now: datetime) -> Contest:
    """Delete a practice contest: nobody sees it any more, and what was typed in it is gone."""
    contest = _practice(session, actor, contest_id)
    sheets = _wipe(session, contest)
    contest.removed_at = now
    waiting = (Mail.contest_id == contest.id, Mail.state.in_((MailState.QUEUED, MailState.SENDING)))
    session.execute(update(Mail).where(*waiting).values(state=MailState.CANCELLED, done_at=now))
    open_links = (Invitation.contest_id == contest.id, Invitation.accepted_at.is_(None))
    session.execute(
        update(Invitation).where(*open_links, Invitation.revoked_at.is_(None)).values(revoked_at=now)
    )
    details = {"name": contest.name, "sheets": sheets}
    record(session, actor, "practice:remove", contest, now=now, contest_id=contest.id, **details)
    return contest


def _contest(
    territory: Territory, year: int, name: str, calendar: Calendar, rubric_version_id: int, now: datetime
) -> Contest:
    return Contest(
        slug=f"cham-thu-{year}-{secrets.token_hex(4)}",
        name=name,
        tier=territory.tier,
        territory_id=territory.id,
        territory=territory,
        year=year,
        state=ContestState.SCORING,
        **asdict(calendar),
        rubric_version_id=rubric_version_id,
        current_pass=1,
        is_example=True,
        is_practice=True,
        created_at=now,
    )


def _jury_of(session: Session, contest: Contest) -> dict[Judge, list[str]]:
    """The judges of a contest whose accounts are in use, each with product groups: all, where none are assigned."""
    judges = session.scalars(
        select(Judge)
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id == contest.id, User.active)
        .order_by(Judge.id)
    ).all()
    groups: dict[int, list[str]] = {judge.id: [] for judge in judges}
    for row in session.scalars(select(JudgeGroup).where(JudgeGroup.judge_id.in_(groups))):
        groups[row.judge_id].append(row.group_code)
    every = [group.code for group in contest.rules.groups]
    return {judge: sorted(groups[judge.id]) or every for judge in judges}


def _seat(session: Session, contest: Contest, jury: dict[Judge, list[str]], now: datetime) -> list[int]:
    """Put those on the jury who are not on it yet, and give them their sheets; return their accounts."""
    there = set(session.scalars(select(Judge.user_id).where(Judge.contest_id == contest.id)))
    new = {judge: codes for judge, codes in jury.items() if judge.user_id not in there}
    for judge, codes in new.items():
        seat = Judge(
            contest_id=contest.id,
            user_id=judge.user_id,
            position=judge.position,
            is_head=judge.is_head and not there,
            appointed_at=now,
        )
        session.add(seat)
        session.flush()
        session.add_all(JudgeGroup(judge_id=seat.id, group_code=code) for code in codes)
    session.flush()
    _fill_gaps(session, contest)
    return [judge.user_id for judge in new]


def _fill_gaps(session: Session, contest: Contest) -> None:
    """Give each judge the sheets of the own groups that are missing."""
    rows = session.execute(
        select(Judge.id, Entry.id)
        .join(JudgeGroup, JudgeGroup.judge_id == Judge.id)
        .join(Entry, (Entry.contest_id == Judge.contest_id) & (Entry.group_code == JudgeGroup.group_code))
        .outerjoin(ScoreSheet, (ScoreSheet.judge_id == Judge.id) & (ScoreSheet.entry_id == Entry.id))
        .where(Judge.contest_id == contest.id, ScoreSheet.id.is_(None))
        .order_by(Judge.id, Entry.id)
    ).all()
    session.add_all(ScoreSheet(judge_id=judge, entry_id=entry, pass_no=1) for judge, entry in rows)
    session.flush()


def _wipe(session: Session, contest: Contest) -> int:
    """Delete all that was typed in a practice contest; return how many sheets had something on them.

    A page that is still open somewhere holds an older version of its sheet, and can save nothing.
    """
    sheets = session.scalars(
        select(ScoreSheet).join(Entry, Entry.id == ScoreSheet.entry_id).where(Entry.contest_id == contest.id)
    ).all()
    begun = sum(sheet.saved_at is not None or sheet.state is not SheetState.DRAFT for sheet in sheets)
    ids, entries = [sheet.id for sheet in sheets], {sheet.entry_id for sheet in sheets}
    session.execute(delete(Mark).where(Mark.sheet_id.in_(ids)))
    session.execute(delete(KeyedSheet).where(KeyedSheet.sheet_id.in_(ids)))
    session.execute(delete(Discussion).where(Discussion.entry_id.in_(entries)))
    session.execute(delete(Recusal).where(Recusal.entry_id.in_(entries)))
    session.execute(delete(SheetImport).where(SheetImport.contest_id == contest.id))
    for sheet in sheets:
        sheet.state, sheet.version = SheetState.DRAFT, sheet.version + 1
        sheet.remark, sheet.notes, sheet.reopen_reason = "", {}, ""
        sheet.saved_at = sheet.submitted_at = None
    session.flush()
    return begun


def _practice(session: Session, actor: Actor, contest_id: int) -> Contest:
    """The practice contest, locked; IllegalState for a real one."""
    contest = contest_for(session, actor, Permission.CONTEST_EDIT, contest_id, lock=True)
    require(contest.is_practice, NOT_PRACTICE)
    return contest
