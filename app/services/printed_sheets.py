"""A judge's empty score sheets on paper, in the form of the circular, put together in Vietnamese."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import NotFound, NotReady, require
from app.domain.judging import sheet_parts
from app.domain.marks import format_mark
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.rules import ContestRules
from app.domain.vietnamese import in_vietnam
from app.models import Contest, ScoreSheet
from app.queries.paper import JuryMember, OutsideSheet, jury_members, outside_sheets
from app.queries.scope import contest_for
from app.services.printing import the_organiser, unprintable
from app.services.sheet_imports import NOT_SCORING
from certificates import DocumentError, ScoreSheetLine, ScoreSheets, score_sheets_pdf
from certificates import ScoreSheet as PaperSheet

PASSES = {1: "Vòng 1 – chấm trên hồ sơ", 2: "Vòng 2 – chấm thực tế"}


@dataclass(frozen=True)
class PrintedFile:
    """A PDF and the judge it is for."""

    judge: str
    content: bytes


def printed_sheets(
    session: Session,
    actor: Actor,
    contest_id: int,
    judge_id: int,
    *,
    address_of: Callable[[int], str],
    now: datetime,
) -> PrintedFile:
    """Print the sheets of the current pass that a judge has not submitted yet, with no mark on any.

    `address_of` gives the whole address of the page on which a sheet, by its id, is typed in.

    Raises
    ------
    NotFound, IllegalState
        The contest or the judge is not known to this person, or scoring is not open.
    NotReady
        There is nothing to print, or a text that cannot be printed.
    """
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, contest_id)
    judge = next((one for one in jury_members(session, contest_id) if one.judge_id == judge_id), None)
    if judge is None:
        raise NotFound
    require(contest.state is ContestState.SCORING, NOT_SCORING)
    all_sheets = outside_sheets(session, contest, ScoreSheet.judge_id == judge_id)
    sheets = [sheet for sheet in all_sheets if not sheet.is_submitted and not sheet.stands_aside]
    if not sheets:
        raise NotReady((Message(N_("This judge has no sheet left to fill in.")),))
    try:
        document = _document(session, contest, judge, sheets, address_of, now)
        return PrintedFile(judge.name, score_sheets_pdf(document))
    except DocumentError as error:
        raise unprintable(Message(N_("The score sheets cannot be printed.")), error) from error


def _document(
    session: Session,
    contest: Contest,
    judge: JuryMember,
    sheets: list[OutsideSheet],
    address_of: Callable[[int], str],
    now: datetime,
) -> ScoreSheets:
    rules, today = contest.rules, in_vietnam(now).date()
    organiser = the_organiser(session, contest.territory_id, today)
    return ScoreSheets(
        issuer_parent=organiser.signing_body.upper(),
        issuer="HỘI ĐỒNG BÌNH CHỌN",
        contest=contest.name,
        scoring_pass=PASSES[contest.current_pass] if rules.passes > 1 else None,
        judge=judge.name,
        position=judge.position or None,
        step=format_mark(rules.mark_step),
        place=organiser.place,
        printed_on=today.isoformat(),
        sheets=tuple(_sheet(rules, sheet, address_of(sheet.sheet_id)) for sheet in sheets),
        example=contest.is_example,
    )


def _sheet(rules: ContestRules, sheet: OutsideSheet, address: str) -> PaperSheet:
    return PaperSheet(
        entry_code=sheet.code,
        product=sheet.product,
        group=rules.group(sheet.group_code).name_vi,
        lines=tuple(_lines(rules, sheet.group_code)),
        highest_total=format_mark(rules.highest_total),
        keying_url=address,
    )


def _lines(rules: ContestRules, group: str) -> Iterator[ScoreSheetLine]:
    """The rows of the table: each criterion by its number, and the lines below it."""
    for number, part in enumerate(sheet_parts(rules, group), start=1):
        criterion = part.criterion
        highest = format_mark(criterion.max_mark)
        yield ScoreSheetLine(
            number=str(number), name=criterion.name_vi, max_mark=highest, heading=part.has_lines
        )
        for place, line in enumerate(part.lines if part.has_lines else (), start=1):
            most = format_mark(line.max_mark)
            yield ScoreSheetLine(number=f"{number}.{place}", name=line.name_vi, max_mark=most)
