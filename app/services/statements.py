"""The impartiality statement of a judge: signed in the system, or on paper and taken over by the secretary."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import JURY_OPEN
from app.domain.errors import InvalidInput, NotFound, require
from app.domain.impartiality import CURRENT, WORDINGS, StatementMissing, statement_faults
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.tax_codes import InvalidTaxCode, check_tax_code
from app.domain.vietnamese import in_vietnam, normalise_lines
from app.models import Contest, ImpartialityStatement, Judge
from app.queries.scope import contest_for
from app.queries.statements import standing
from app.services.juries import judge_to_change
from app.services.ledger import record

LONGEST = 300


@dataclass(frozen=True)
class Declared:
    """What a judge declares of themselves; `links` names facilities, one a line."""

    employer: str
    employer_tax_code: str = ""
    address: str = ""
    links: str = ""


@dataclass(frozen=True)
class SignStatement:
    """A judge's statement for a contest, read in this language."""

    contest_id: int
    agreed: bool
    language: str
    declared: Declared


@dataclass(frozen=True)
class RecordPaper:
    """A statement that a judge signed on paper on a day; what it declares may be taken over too."""

    contest_id: int
    judge_id: int
    signed_on: date
    declared: Declared


def sign_statement(
    session: Session, command: SignStatement, *, actor: Actor, now: datetime
) -> ImpartialityStatement:
    """Sign as a judge of the contest; the same statement sent twice is one.

    Raises
    ------
    NotFound
        This person is not on the jury.
    InvalidInput
        It was not agreed to, or something declared is missing or cannot be right.
    """
    contest = contest_for(session, actor, Permission.SCORE_SHEET_EDIT, command.contest_id, lock=True)
    judge = session.scalars(
        select(Judge).where(Judge.contest_id == contest.id, Judge.user_id == actor.user_id)
    ).one_or_none()
    if judge is None:
        raise NotFound
    _require_open(contest)
    declared = _checked(command.declared, ("employer", "address"), agreed=command.agreed)
    row = ImpartialityStatement(
        judge_id=judge.id,
        signed_on=in_vietnam(now).date(),
        wording=CURRENT,
        language="en" if command.language == "en" else "vi",
        recorded_at=now,
        **asdict(declared),
    )
    wording = hashlib.sha256("\n".join(WORDINGS[CURRENT].vi).encode()).hexdigest()
    return _keep(session, contest, row, "statement:sign", actor=actor, now=now, wording_sha256=wording)


def record_paper(
    session: Session, command: RecordPaper, *, actor: Actor, now: datetime
) -> ImpartialityStatement:
    """Take over that a judge signed on paper, by whoever appoints the jury."""
    contest, judge = judge_to_change(session, command.judge_id, actor)
    if contest.id != command.contest_id:
        raise NotFound
    _check_day(command.signed_on, contest.year, in_vietnam(now).date())
    declared = _checked(command.declared, (), agreed=True)
    row = ImpartialityStatement(
        judge_id=judge.id,
        signed_on=command.signed_on,
        wording="",
        language="",
        recorded_by_id=actor.user_id,
        recorded_at=now,
        **asdict(declared),
    )
    return _keep(session, contest, row, "statement:record-paper", actor=actor, now=now)


def require_statement(session: Session, judge_id: int) -> None:
    """Raise StatementMissing unless the judge has signed, in the system or on paper."""
    if session.scalar(select(standing(judge_id).exists())) is not True:
        raise StatementMissing


def _keep(
    session: Session,
    contest: Contest,
    row: ImpartialityStatement,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    **details: str,
) -> ImpartialityStatement:
    before = session.scalars(standing(row.judge_id)).one_or_none()
    if before is not None and _said(before) == _said(row):
        return before
    session.add(row)
    record(
        session,
        actor,
        action,
        row,
        now=now,
        contest_id=contest.id,
        judge=row.judge_id,
        **_said(row),
        **details,
    )
    return row


def _said(row: ImpartialityStatement) -> dict[str, object]:
    return {
        "signed_on": row.signed_on.isoformat(),
        "wording": row.wording,
        "language": row.language,
        "employer": row.employer,
        "employer_tax_code": row.employer_tax_code,
        "address": row.address,
        "links": row.links,
    }


def _require_open(contest: Contest) -> None:
    require(contest.state in JURY_OPEN, N_("Scoring is closed; a statement can no longer be signed."))


def _check_day(day: date, year: int, today: date) -> None:
    if day > today:
        raise InvalidInput({"signed_on": Message(N_("This day lies in the future."))})
    if abs(day.year - year) > 1:
        text = N_("This day is not in or next to the year %(year)s.")
        raise InvalidInput({"signed_on": Message(text, {"year": str(year)})})


def _checked(declared: Declared, needed: tuple[str, ...], *, agreed: bool) -> Declared:
    """What was declared as it is kept: a tax code in its one spelling, no empty line among the links."""
    faults = statement_faults(declared.links, agreed=agreed)
    for name in needed:
        if not str(getattr(declared, name)).strip():
            faults[name] = Message(N_("This field is required."))
    for name in ("employer", "address"):
        if len(getattr(declared, name)) > LONGEST:
            faults[name] = Message(N_("Use at most %(max)d characters."), {"max": LONGEST})
    tax_code = declared.employer_tax_code.strip()
    if tax_code:
        try:
            tax_code = check_tax_code(tax_code).value
        except InvalidTaxCode as error:
            faults["employer_tax_code"] = error.fields["tax_code"]
    if faults:
        raise InvalidInput(faults)
    links = "\n".join(line for line in normalise_lines(declared.links).splitlines() if line)
    return Declared(declared.employer.strip(), tax_code, declared.address.strip(), links)
