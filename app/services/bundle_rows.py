"""The rows of a contest as a bundle holds them: by name, ids as in the database, nothing personal beyond need."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session, selectinload

from app.domain.entries import EntryState
from app.domain.entry_names import EntryNames, as_sent
from app.models import (
    Attachment,
    Ballot,
    Computation,
    Contest,
    Criterion,
    Discussion,
    Entry,
    Facility,
    Judge,
    Mark,
    Product,
    Recusal,
    ScoreSheet,
    SiteVisit,
    SiteVisitPhoto,
    StoredFile,
    User,
)
from app.models.base import canonical_json
from app.queries.polls import meeting_of, polls_of

Rows = list[dict[str, Any]]


def json_file(value: object) -> bytes:
    """A file of canonical JSON: equal values are equal bytes."""
    return f"{canonical_json(value)}\n".encode()


def moment(at: datetime | None) -> str | None:
    """A time in UTC as text that is the same on every database."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None


def contest_row(contest: Contest) -> dict[str, Any]:
    """The contest itself; its territory is loaded."""
    return {
        "id": contest.id,
        "slug": contest.slug,
        "name": contest.name,
        "tier": contest.tier,
        "year": contest.year,
        "state": contest.state,
        "territory": contest.territory.full_name,
        "current_pass": contest.current_pass,
        "rules_digest": contest.rules_digest,
        "rules_frozen_at": moment(contest.rules_frozen_at),
        "published_at": moment(contest.published_at),
        "is_example": contest.is_example,
    }


def ballot_row(session: Session, contest_id: int) -> dict[str, Any] | None:
    """The council's ballot with its counts; never how anybody voted."""
    ballot = session.scalars(
        select(Ballot).where(Ballot.contest_id == contest_id).options(selectinload(Ballot.items))
    ).one_or_none()
    if ballot is None:
        return None
    polls = _polls(session, contest_id)
    return {
        "id": ballot.id,
        "place": ballot.place,
        "members": ballot.members,
        "quorum": ballot.quorum,
        "opened_at": moment(ballot.opened_at),
        "closed_at": moment(ballot.closed_at),
        "note": ballot.closing_note,
        "items": [
            {
                "entry": item.entry_id,
                "on_jury_list": item.on_jury_list,
                "reason": item.reason,
                "yes": item.yes,
                "no": item.no,
                "abstain": item.abstain,
                "carried": item.carried,
                "prize": item.prize,
                "prize_reason": item.prize_reason,
                **polls.get(
                    item.id, {}
                ),  # only of ballots voted on in a meeting: others stay as they were sealed
            }
            for item in sorted(ballot.items, key=lambda item: item.id)
        ],
    }


def _polls(session: Session, contest_id: int) -> dict[int, dict[str, Any]]:
    """By item of the ballot, how and when the meeting voted on it."""
    meeting = meeting_of(session, contest_id)
    return {
        item.item_id: {
            "poll": {
                "by": poll.taken_by,
                "opened_at": moment(poll.opened_at),
                "closed_at": moment(poll.closed_at),
                **poll.seats,
            }
        }
        for poll in (polls_of(session, meeting.id) if meeting else ())
        for item in poll.items
    }


def _entries(session: Session, contest_id: int) -> Rows:
    """With the names that were judged: what a facility changes afterwards changes nothing here."""
    found = session.execute(
        select(Entry, Product, Facility)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(Entry.contest_id == contest_id, Entry.state == EntryState.ACCEPTED)
        .order_by(Entry.id)
    )
    return [
        {
            "id": entry.id,
            "code": entry.code,
            "group": entry.group_code,
            "facility_id": facility.id,
            "facility": names.facility,
            "product": names.product,
        }
        for entry, product, facility in found
        for names in [as_sent(entry.dossier, EntryNames(product.name, product.is_set, facility.name, ""))]
    ]


def _judges(session: Session, contest_id: int) -> Rows:
    found = session.execute(
        select(Judge.id, User.name, Judge.position, Judge.is_head)
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id == contest_id)
        .order_by(Judge.id)
    )
    return [dict(zip(("id", "name", "position", "is_head"), row, strict=True)) for row in found]


def _sheets(session: Session, contest_id: int) -> Rows:
    marks: defaultdict[int, dict[str, int]] = defaultdict(dict)
    given = session.execute(
        select(Mark.sheet_id, Criterion.code, Mark.value)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .join(ScoreSheet, ScoreSheet.id == Mark.sheet_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .where(Entry.contest_id == contest_id)
    )
    for sheet_id, code, value in given:
        marks[sheet_id][code] = value
    sheets = session.scalars(
        select(ScoreSheet)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .where(Entry.contest_id == contest_id)
        .order_by(ScoreSheet.id)
    )
    return [
        {
            "id": sheet.id,
            "judge": sheet.judge_id,
            "entry": sheet.entry_id,
            "pass": sheet.pass_no,
            "state": sheet.state,
            "version": sheet.version,
            "submitted_at": moment(sheet.submitted_at),
            "saved_at": moment(sheet.saved_at),
            "remark": sheet.remark,
            "notes": sheet.notes,
            "marks": marks[sheet.id],
        }
        for sheet in sheets
    ]


def _recusals(session: Session, contest_id: int) -> Rows:
    found = session.execute(
        select(Recusal.judge_id, Recusal.entry_id, Recusal.reason, Recusal.recorded_at)
        .join(Entry, Entry.id == Recusal.entry_id)
        .where(Entry.contest_id == contest_id)
        .order_by(Recusal.id)
    )
    return [
        {"judge": judge, "entry": entry, "reason": reason, "at": moment(at)}
        for judge, entry, reason, at in found
    ]


def _discussions(session: Session, contest_id: int) -> Rows:
    found = session.scalars(
        select(Discussion)
        .join(Entry, Entry.id == Discussion.entry_id)
        .where(Entry.contest_id == contest_id)
        .order_by(Discussion.id)
    )
    return [
        {
            "entry": row.entry_id,
            "pass": row.pass_no,
            "spread": row.spread,
            "note": row.note,
            "at": moment(row.settled_at),
        }
        for row in found
    ]


def _results(session: Session, contest_id: int) -> Rows:
    computations = session.scalars(
        select(Computation)
        .where(Computation.contest_id == contest_id)
        .order_by(Computation.version)
        .options(selectinload(Computation.results))
    )
    return [
        {
            "id": computation.id,
            "version": computation.version,
            "pass": computation.pass_no,
            "reason": computation.reason,
            "rules_digest": computation.rules_digest,
            "inputs_digest": computation.inputs_digest,
            "computed_at": moment(computation.computed_at),
            "results": [
                {name: getattr(row, name) for name in RESULT} | {"entry": row.entry_id}
                for row in sorted(computation.results, key=lambda row: row.entry_id)
            ],
        }
        for computation in computations
    ]


RESULT = (
    "sheets",
    "numerator",
    "denominator",
    "rank",
    "outcome",
    "decided_by",
    "spread",
    "prize",
    "prize_tied",
)


def _photos(session: Session, contest_id: int) -> Rows:
    """Only their hashes: the pictures stay where they are."""
    dossier = (
        select(literal("dossier"), Attachment.entry_id, Attachment.id, Attachment.file_sha256)
        .join(StoredFile, StoredFile.sha256 == Attachment.file_sha256)
        .join(Entry, Entry.id == Attachment.entry_id)
        .where(Entry.contest_id == contest_id, StoredFile.media_type.startswith("image/"))
    )
    visits = (
        select(literal("visit"), SiteVisit.entry_id, SiteVisitPhoto.id, SiteVisitPhoto.file_sha256)
        .join(SiteVisit, SiteVisit.id == SiteVisitPhoto.visit_id)
        .join(Entry, Entry.id == SiteVisit.entry_id)
        .where(Entry.contest_id == contest_id)
    )
    found = sorted(tuple(row) for row in session.execute(union_all(dossier, visits)))
    return [{"of": kind, "entry": entry_id, "sha256": sha256} for kind, entry_id, _id, sha256 in found]


TABLES: dict[str, Callable[[Session, int], Rows]] = {
    "entries": _entries,
    "judges": _judges,
    "sheets": _sheets,
    "recusals": _recusals,
    "discussions": _discussions,
    "results": _results,
    "photos": _photos,
}
