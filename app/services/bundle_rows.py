"""The rows of a contest as a bundle holds them: by name, ids as in the database, nothing personal beyond need."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.entries import EntryState
from app.models import (
    Attachment,
    Ballot,
    Computation,
    Contest,
    Criterion,
    Decision,
    Discussion,
    Entry,
    Facility,
    IssuedCertificate,
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

Rows = list[dict[str, Any]]


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
            }
            for item in sorted(ballot.items, key=lambda item: item.id)
        ],
    }


def certificate_rows(session: Session, contest_id: int) -> Rows:
    """The contest's part of the register, with the name of each certificate's file in the bundle."""
    certificates = session.scalars(
        select(IssuedCertificate)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .where(Entry.contest_id == contest_id)
        .order_by(IssuedCertificate.id)
    )
    return [
        {
            "id": row.id,
            "entry": row.entry_id,
            "number": row.number,
            "series": row.series,
            "year": row.year,
            "serial": row.serial,
            "code": row.code,
            "status": row.status,
            "issued_on": row.issued_on.isoformat(),
            "valid_until": row.valid_until.isoformat(),
            "printed": row.printed,
            "file": f"certificates/{row.code}.pdf",
            "sha256": row.file_sha256,
            "revoked_at": moment(row.revoked_at),
            "revocation_reason": row.revocation_reason,
            "replaces": row.replaces_id,
            "reissue_reason": row.reissue_reason,
        }
        for row in certificates
    ]


def _entries(session: Session, contest_id: int) -> Rows:
    found = session.execute(
        select(Entry.id, Entry.code, Entry.group_code, Facility.id, Facility.name, Product.name)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(Entry.contest_id == contest_id, Entry.state == EntryState.ACCEPTED)
        .order_by(Entry.id)
    )
    names = ("id", "code", "group", "facility_id", "facility", "product")
    return [dict(zip(names, row, strict=True)) for row in found]


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
        .options(joinedload(Discussion.settled_by))
    )
    return [
        {
            "entry": row.entry_id,
            "pass": row.pass_no,
            "spread": row.spread,
            "note": row.note,
            "by": row.settled_by.name if row.settled_by else "",
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


def _decision(session: Session, contest_id: int) -> Rows:
    names = ("number", "signing_body", "signatory_title", "signatory", "place")
    decisions = session.scalars(select(Decision).where(Decision.contest_id == contest_id))
    return [
        {name: getattr(row, name) for name in names} | {"signed_on": row.signed_on.isoformat()}
        for row in decisions
    ]


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
    "decision": _decision,
    "photos": _photos,
}
