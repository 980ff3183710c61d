"""Which judge scores which entry: by product group, one by one, and who stands aside."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.domain.errors import IllegalState, InvalidInput, NotFound, require
from app.domain.judging import SheetState
from app.domain.messages import N_, Message
from app.domain.permissions import Actor
from app.models import Contest, Entry, Judge, JudgeGroup, Recusal, ScoreSheet
from app.queries.own_facilities import own_entries
from app.queries.passes import is_scored_now
from app.queries.people import names_on_jury
from app.services.juries import is_begun, judge_to_change
from app.services.ledger import record
from app.services.printing import check_letters

FIRST = 1  # entries are accepted, and seated, before scoring opens
IS_SUBMITTED = N_(
    "You have submitted the sheet of this product. Tell the organiser of the conflict: they record that you do not "
    "score it."
)
OWN_FACILITY = "Giám khảo thuộc cơ sở có sản phẩm này."  # kept on record: in the language of the minutes


@dataclass(frozen=True)
class AssignGroup:
    """All product groups whose entries a judge scores."""

    contest_id: int
    judge_id: int
    group_codes: Collection[str]


@dataclass(frozen=True)
class Assigned:
    """Entries whose sheets a judge was given, lost, or may not have for being of the same facility."""

    given: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    recused: list[int] = field(default_factory=list)


def assign_group(session: Session, command: AssignGroup, *, actor: Actor, now: datetime) -> Assigned:
    """Give a judge the entries of these groups, now and once accepted; take back those of the others."""
    contest, judge = judge_to_change(session, command.judge_id, actor)
    wanted = set(command.group_codes)
    if contest.id != command.contest_id or not wanted <= {group.code for group in contest.rules.groups}:
        raise NotFound
    rows = {row.group_code: row for row in session.scalars(_groups_of(judge))}
    if wanted == set(rows):
        return Assigned()
    taken = _take_groups(session, contest, judge, set(rows) - wanted)
    for code in set(rows) - wanted:
        session.delete(rows[code])
    session.add_all(JudgeGroup(judge_id=judge.id, group_code=code) for code in sorted(wanted - set(rows)))
    entries = session.scalars(
        select(Entry)
        .where(is_scored_now(contest), Entry.group_code.in_(wanted - set(rows)))
        .order_by(Entry.id)
    ).all()
    given, recused = _seat(session, contest.current_pass, [judge], entries, actor=actor, now=now)
    assigned = Assigned([sheet.entry_id for sheet in given], taken, [row.entry_id for row in recused])
    details = {"old": sorted(rows), "new": sorted(wanted), "given": assigned.given, "taken": taken}
    record(session, actor, "judge:assign-groups", judge, now=now, contest_id=contest.id, **details)
    return assigned


def seat_judges(session: Session, entry: Entry, *, actor: Actor, now: datetime) -> None:
    """Give a newly accepted entry to the judges of its product group."""
    judges = session.scalars(
        select(Judge)
        .join(JudgeGroup, JudgeGroup.judge_id == Judge.id)
        .where(Judge.contest_id == entry.contest_id, JudgeGroup.group_code == entry.group_code)
        .order_by(Judge.id)
    ).all()
    given, _recused = _seat(session, FIRST, judges, [entry], actor=actor, now=now)
    if given:
        details = {"judges": [sheet.judge_id for sheet in given]}
        record(session, actor, "entry:assign", entry, now=now, contest_id=entry.contest_id, **details)


def assign_entry(
    session: Session, judge_id: int, entry_id: int, *, actor: Actor, now: datetime
) -> ScoreSheet:
    """Give a judge one entry more."""
    contest, judge = judge_to_change(session, judge_id, actor)
    entry = _entry_of(session, contest, entry_id)
    own = own_entries(session, [judge.id], [entry.id])
    require(not own, N_("This judge belongs to the facility of the entry and may not score it."))
    require(_recusal(session, judge, entry) is None, N_("It is on record that this judge does not score it."))
    require(
        _sheet(session, contest.current_pass, judge, entry) is None,
        N_("This judge already has a sheet for this entry."),
    )
    sheet = ScoreSheet(judge_id=judge.id, entry_id=entry.id, pass_no=contest.current_pass)
    session.add(sheet)
    record(session, actor, "judge:assign-entry", judge, now=now, contest_id=contest.id, entry_id=entry.id)
    return sheet


def unassign_entry(session: Session, judge_id: int, entry_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an entry from a judge who has not begun its sheet."""
    contest, judge = judge_to_change(session, judge_id, actor)
    entry = _entry_of(session, contest, entry_id)
    sheet = _sheet(session, contest.current_pass, judge, entry)
    if sheet is None:
        raise NotFound
    begun = N_("This judge has already begun the sheet. Record a recusal if it must not count.")
    require(not is_begun(sheet), begun)
    session.delete(sheet)
    record(session, actor, "judge:unassign-entry", judge, now=now, contest_id=contest.id, entry_id=entry.id)


@dataclass(frozen=True)
class Recuse:
    """A judge who shall not score an entry, and why."""

    judge_id: int
    entry_id: int
    reason: str


def recuse(session: Session, command: Recuse, *, actor: Actor, now: datetime) -> Recusal:
    """Record, for the organiser or by the judge's own word, that a judge does not score an entry.

    An empty sheet goes; one with marks stays on record and does not count. Whoever has submitted a sheet does not
    take it out of the count alone: the organiser hears why first.
    """
    contest, judge = judge_to_change(session, command.judge_id, actor, or_self=True)
    entry = _entry_of(session, contest, command.entry_id)
    if judge.user_id == actor.user_id:
        sheet = _sheet(session, contest.current_pass, judge, entry)
        require(sheet is None or sheet.state is not SheetState.SUBMITTED, IS_SUBMITTED)
    _require_reason(command, N_("Write why this judge does not score the entry."))
    check_letters(reason=command.reason)  # the minutes print it
    require(_recusal(session, judge, entry) is None, N_("It is on record that this judge does not score it."))
    return _recuse(session, contest.current_pass, judge, entry, command.reason, actor=actor, now=now)


def lift_recusal(session: Session, command: Recuse, *, actor: Actor, now: datetime) -> None:
    """Take back a recusal that was recorded by mistake; the reason says so."""
    contest, judge = judge_to_change(session, command.judge_id, actor)
    entry = _entry_of(session, contest, command.entry_id)
    recusal = _recusal(session, judge, entry)
    if recusal is None:
        raise NotFound
    own = own_entries(session, [judge.id], [entry.id])
    require(not own, N_("This judge belongs to the facility of the entry and may not score it."))
    _require_reason(command, N_("Write why this judge may score the entry after all."))
    details = {"entry_id": entry.id, "old": recusal.reason, "reason": command.reason}
    record(session, actor, "judge:lift-recusal", judge, now=now, contest_id=contest.id, **details)
    session.delete(recusal)
    session.flush()
    if entry.group_code in {row.group_code for row in session.scalars(_groups_of(judge))}:
        _seat(session, contest.current_pass, [judge], [entry], actor=actor, now=now)


def _seat(
    session: Session,
    pass_no: int,
    judges: Sequence[Judge],
    entries: Sequence[Entry],
    *,
    actor: Actor,
    now: datetime,
) -> tuple[list[ScoreSheet], list[Recusal]]:
    """Make the sheets that do not exist yet; nobody gets one for an entry of their own facility."""
    judge_ids, entry_ids = [judge.id for judge in judges], [entry.id for entry in entries]
    own = own_entries(session, judge_ids, entry_ids)
    of_pass = ScoreSheet.pass_no == pass_no
    settled = _pairs(session, ScoreSheet, judge_ids, entry_ids, of_pass)
    settled |= _pairs(session, Recusal, judge_ids, entry_ids)
    sheets, recusals = [], []
    for judge, entry in ((judge, entry) for judge in judges for entry in entries):
        if (judge.id, entry.id) in settled:
            continue
        if (judge.id, entry.id) in own:
            recusals.append(_recuse(session, pass_no, judge, entry, OWN_FACILITY, actor=actor, now=now))
        else:
            sheets.append(ScoreSheet(judge_id=judge.id, entry_id=entry.id, pass_no=pass_no))
    session.add_all(sheets)
    return sheets, recusals


def _recuse(
    session: Session,
    pass_no: int,
    judge: Judge,
    entry: Entry,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> Recusal:
    sheet = _sheet(session, pass_no, judge, entry)
    if sheet is not None and not is_begun(sheet):
        session.delete(sheet)
    recusal = Recusal(
        judge_id=judge.id, entry_id=entry.id, reason=reason, recorded_by_id=actor.user_id, recorded_at=now
    )
    session.add(recusal)
    details = {"entry_id": entry.id, "reason": reason, "marked": sheet is not None and is_begun(sheet)}
    record(session, actor, "judge:recuse", judge, now=now, contest_id=judge.contest_id, **details)
    return recusal


def _take_groups(session: Session, contest: Contest, judge: Judge, group_codes: Collection[str]) -> list[int]:
    sheets = session.scalars(
        select(ScoreSheet)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .where(
            ScoreSheet.judge_id == judge.id,
            ScoreSheet.pass_no == contest.current_pass,
            Entry.group_code.in_(group_codes),
        )
        .order_by(ScoreSheet.entry_id)
    ).all()
    if any(is_begun(sheet) for sheet in sheets):
        name = names_on_jury(session, contest.id)[judge.id]
        raise IllegalState(
            N_("%(judge)s has already begun sheets of a group that you take away. Nothing was changed."),
            judge=name,
        )
    for sheet in sheets:
        session.delete(sheet)
    return [sheet.entry_id for sheet in sheets]


def _entry_of(session: Session, contest: Contest, entry_id: int) -> Entry:
    entry = session.scalars(select(Entry).where(Entry.id == entry_id, is_scored_now(contest))).one_or_none()
    if entry is None:
        raise NotFound
    return entry


def _require_reason(command: Recuse, text: str) -> None:
    if not command.reason.strip():
        raise InvalidInput({"reason": Message(text)})


def _groups_of(judge: Judge) -> Select[JudgeGroup]:
    return select(JudgeGroup).where(JudgeGroup.judge_id == judge.id)


def _sheet(session: Session, pass_no: int, judge: Judge, entry: Entry) -> ScoreSheet | None:
    return session.scalars(
        select(ScoreSheet).where(
            ScoreSheet.judge_id == judge.id, ScoreSheet.entry_id == entry.id, ScoreSheet.pass_no == pass_no
        )
    ).one_or_none()


def _recusal(session: Session, judge: Judge, entry: Entry) -> Recusal | None:
    return session.scalars(
        select(Recusal).where(Recusal.judge_id == judge.id, Recusal.entry_id == entry.id)
    ).one_or_none()


def _pairs(
    session: Session,
    kind: type[ScoreSheet] | type[Recusal],
    judges: list[int],
    entries: list[int],
    *conditions: ColumnElement[bool],
) -> set[tuple[int, int]]:
    statement = select(kind.judge_id, kind.entry_id).where(
        kind.judge_id.in_(judges), kind.entry_id.in_(entries), *conditions
    )
    return {(row.judge_id, row.entry_id) for row in session.execute(statement)}
