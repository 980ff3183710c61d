"""The spreadsheets of marks that were sent in to a contest."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.paper import ImportState
from app.domain.permissions import Actor, Permission
from app.models import SheetImport, StoredFile, User
from app.queries.contests import ContestHead, ContestPage, head_of
from app.queries.scope import keep_jury_out


@dataclass(frozen=True)
class ImportRow:
    """A spreadsheet that was sent in."""

    id: int
    name: str
    state: ImportState
    pass_no: int
    uploaded_by: str
    uploaded_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class ImportsPage(ContestPage):
    """The spreadsheets of a contest, newest first."""

    imports: tuple[ImportRow, ...]


def imports_page(session: Session, actor: Actor, contest_id: int) -> ImportsPage:
    """Read what was sent in to a contest whose scoring this person manages."""
    contest = _contest(session, actor, contest_id)
    rows = session.execute(_imports().where(SheetImport.contest_id == contest_id))
    return ImportsPage(contest, tuple(ImportRow(*row) for row in rows))


@dataclass(frozen=True)
class ImportPage(ContestPage):
    """One spreadsheet, and where its file lies."""

    row: ImportRow
    file_sha256: str
    media_type: str


def import_page(session: Session, actor: Actor, contest_id: int, import_id: int) -> ImportPage:
    """Read one spreadsheet of a contest whose scoring this person manages; NotFound for any other."""
    contest = _contest(session, actor, contest_id)
    found = session.execute(
        _imports()
        .add_columns(StoredFile.sha256, StoredFile.media_type)
        .join(StoredFile, StoredFile.sha256 == SheetImport.file_sha256)
        .where(SheetImport.contest_id == contest_id, SheetImport.id == import_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    *row, sha256, media_type = found
    return ImportPage(contest, ImportRow(*row), sha256, media_type)


def _contest(session: Session, actor: Actor, contest_id: int) -> ContestHead:
    contest = head_of(session, actor, contest_id, Permission.SCORING_MANAGE)
    keep_jury_out(session, actor, contest.id, contest.state)
    return contest


def _imports() -> Select[int, str, ImportState, int, str, datetime, datetime | None]:
    return (
        select(
            SheetImport.id,
            SheetImport.name,
            SheetImport.state,
            SheetImport.pass_no,
            func.coalesce(User.name, ""),
            SheetImport.uploaded_at,
            SheetImport.settled_at,
        )
        .outerjoin(User, User.id == SheetImport.uploaded_by_id)
        .order_by(SheetImport.id.desc())
    )
