"""Dossiers: starting an entry, filling its dossier at any pace, and sending it in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.certificates import new_code
from app.domain.dossiers import StaleDossier, check_answers, require_registration
from app.domain.entries import EDITABLE, MAX_ATTACHMENTS, AttachmentKind, EntryState
from app.domain.errors import InvalidInput, NotFound, require
from app.domain.messages import N_
from app.domain.permissions import Actor
from app.domain.vietnamese import in_vietnam
from app.models import Attachment, Contest, Entry, Product
from app.models.base import canonical_json
from app.queries.facilities import contest_near, product_for
from app.queries.own_entries import entry_for, entry_gaps
from app.services.entering import carry_over, check_may_enter, qualify
from app.services.files import FileStore, keep_file
from app.services.intake import CleanFile, FileFault, RefusedFile, take_in
from app.services.ledger import record
from app.services.printing import letter_faults

SENT = N_("This dossier has been sent in. It can be changed only if the organiser returns it.")


@dataclass(frozen=True)
class StartEntry:
    """A product to enter in a contest."""

    contest_id: int
    product_id: int


def start_entry(session: Session, command: StartEntry, *, actor: Actor, now: datetime) -> Entry:
    """Begin a dossier; what earlier dossiers said of the facility and the product is carried over.

    Raises
    ------
    IllegalState
        If the contest does not take dossiers on this day.
    InvalidInput
        If the product is in the contest already, is of a group it does not take, or has not qualified.
    """
    today = in_vietnam(now).date()
    product = product_for(session, actor, command.product_id, lock=True)
    contest = contest_near(session, product.facility, command.contest_id, today)
    require_registration(contest.state, contest.calendar, today)
    check_may_enter(session, product, contest)
    entry = Entry(
        contest_id=contest.id,
        product_id=product.id,
        group_code=product.group_code,
        state=EntryState.DRAFT,
        created_at=now,
    )
    carry_over(session, product, entry, now)
    session.add(entry)
    session.flush()
    qualify(session, entry, product, contest, actor=actor, now=now)
    record(session, actor, "entry:start", entry, now=now, contest_id=contest.id, product_id=product.id)
    return entry


@dataclass(frozen=True)
class SaveDossier:
    """Answers to some questions, and the version of the entry they were typed over."""

    entry_id: int
    version: int
    answers: dict[str, str]


def save_dossier(session: Session, command: SaveDossier, *, actor: Actor, now: datetime) -> Entry:
    """Keep answers, whole or with gaps; questions that are not named stay as they are.

    The statement holds for what it was made of: after any other answer it has to be made again.

    Raises
    ------
    StaleDossier
        If somebody saved other answers since; nothing is overwritten.
    """
    entry = _editable(session, command.entry_id, actor, now)
    stored: dict[str, str] = entry.dossier.get("answers", {})
    typed = check_answers(command.answers, today=in_vietnam(now).date())
    old = {key: stored.get(key, "") for key, text in typed.items() if stored.get(key, "") != text}
    if not old:
        return entry
    if entry.version != command.version:
        raise StaleDossier(old, entry.version)
    entry.dossier = {**entry.dossier, "answers": {**stored, "truth": "", **typed}}
    entry.version += 1
    record(
        session,
        actor,
        "entry:save",
        entry,
        now=now,
        contest_id=entry.contest_id,
        old=old,
        new={key: typed[key] for key in old},
    )
    return entry


@dataclass(frozen=True)
class Attach:
    """A file for the dossier, as it came."""

    entry_id: int
    kind: AttachmentKind
    name: str
    content: bytes


def attach(session: Session, command: Attach, *, store: FileStore, actor: Actor, now: datetime) -> Attachment:
    """Check a file and put it into the dossier."""
    file = take_in(command.kind, command.name, command.content)
    return attach_clean(session, command.entry_id, command.kind, file, store=store, actor=actor, now=now)


def attach_clean(
    session: Session,
    entry_id: int,
    kind: AttachmentKind,
    file: CleanFile,
    *,
    store: FileStore,
    actor: Actor,
    now: datetime,
) -> Attachment:
    """Put a checked file into the dossier; the same picture or paper twice is one."""
    entry = _editable(session, entry_id, actor, now)
    small = file.thumbnail and keep_file(session, store, file.thumbnail, file.media_type, now=now)
    kept = keep_file(session, store, file.content, file.media_type, now=now, thumbnail=small or None)
    of_entry = select(Attachment).where(Attachment.entry_id == entry.id)
    same = of_entry.where(Attachment.kind == kind, Attachment.file_sha256 == kept.sha256)
    if there := session.scalars(same).first():
        return there
    count = session.scalar(select(func.count()).select_from(of_entry.subquery()))
    if count and count >= MAX_ATTACHMENTS:
        raise RefusedFile(FileFault.TOO_MANY, most=MAX_ATTACHMENTS)
    attachment = Attachment(
        entry_id=entry.id, kind=kind, file_sha256=kept.sha256, name=file.name, added_at=now
    )
    session.add(attachment)
    session.flush()
    _record_file(session, actor, "entry:attach", entry, attachment, now)
    return attachment


def detach(session: Session, attachment_id: int, *, actor: Actor, now: datetime) -> Attachment:
    """Take a file out of the dossier again; return what was taken."""
    attachment = session.get(Attachment, attachment_id)
    if attachment is None:
        raise NotFound
    entry = _editable(session, attachment.entry_id, actor, now)
    session.delete(attachment)
    _record_file(session, actor, "entry:detach", entry, attachment, now)
    return attachment


def submit_entry(session: Session, entry_id: int, *, actor: Actor, now: datetime) -> Entry:
    """Send the dossier in, with facility and product as they are now; a returned one keeps its receipt code.

    Raises
    ------
    InvalidInput
        With everything that is missing, or names that no certificate could show.
    """
    # The contest is locked first, as by those who review entries and open scoring.
    of_entry = select(Contest.id).join(Entry, Entry.contest_id == Contest.id).where(Entry.id == entry_id)
    session.execute(of_entry.with_for_update(of=Contest))
    entry = _editable(session, entry_id, actor, now)
    if gaps := entry_gaps(session, entry, in_vietnam(now).date()):
        raise InvalidInput(gaps)
    product, facility = entry.product, entry.product.facility
    if faults := letter_faults(product=product.name, facility=facility.name, address=facility.address):
        raise InvalidInput(faults)
    entry.dossier = {"answers": entry.dossier["answers"], **_snapshot(product)}
    entry.group_code = product.group_code
    old, entry.state = entry.state, EntryState.SUBMITTED
    entry.receipt_code = entry.receipt_code or f"HS-{new_code(8)}"
    entry.submitted_at, entry.version = now, entry.version + 1
    record(
        session,
        actor,
        "entry:submit",
        entry,
        now=now,
        contest_id=entry.contest_id,
        old=old,
        new=entry.state,
        receipt_code=entry.receipt_code,
        dossier_sha256=hashlib.sha256(canonical_json(entry.dossier).encode()).hexdigest(),
        files=_files_of(session, entry),
    )
    return entry


def _editable(session: Session, entry_id: int, actor: Actor, now: datetime) -> Entry:
    """The entry, locked, if this person may change its dossier now."""
    entry = entry_for(session, actor, entry_id, lock=True)
    require(entry.state in EDITABLE, SENT)
    contest, today = entry.contest, in_vietnam(now).date()
    was_submitted = entry.submitted_at is not None
    require_registration(contest.state, contest.calendar, today, was_submitted=was_submitted)
    return entry


def _files_of(session: Session, entry: Entry) -> list[list[str]]:
    """Kind and hash of each file of the dossier, in order."""
    of_entry = select(Attachment.kind, Attachment.file_sha256).where(Attachment.entry_id == entry.id)
    return [[kind.value, sha256] for kind, sha256 in session.execute(of_entry.order_by(Attachment.id))]


def _snapshot(product: Product) -> dict[str, dict[str, str | bool]]:
    """The product and its facility as they stand in the dossier that is sent in."""
    facility = product.facility
    return {
        "facility": {
            "name": facility.name,
            "kind": facility.kind,
            "tax_code": facility.tax_code,
            "territory": facility.territory.full_name,
            "address": facility.address,
            "representative": facility.representative,
            "phone": facility.phone,
            "email": facility.email,
        },
        "product": {
            "name": product.name,
            "is_set": product.is_set,
            "group_code": product.group_code,
            "description": product.description,
        },
    }


def _record_file(
    session: Session, actor: Actor, action: str, entry: Entry, file: Attachment, now: datetime
) -> None:
    record(
        session,
        actor,
        action,
        entry,
        now=now,
        contest_id=entry.contest_id,
        attachment_id=file.id,
        kind=file.kind,
        name=file.name,
        sha256=file.file_sha256,
    )
