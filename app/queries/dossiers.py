"""A dossier to read, by whoever may: its product and facility, the answers of both forms, photos and papers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.contests import COUNCIL_SEES
from app.domain.entries import EDITABLE, AttachmentKind, EntryState
from app.domain.entry_names import with_province
from app.domain.errors import NotFound
from app.domain.facilities import FacilityKind
from app.domain.permissions import Actor, Permission
from app.domain.questions import DossierForm, Question, sections_of
from app.domain.rules import GroupRule
from app.models import (
    Attachment,
    Contest,
    Entry,
    Facility,
    Judge,
    Product,
    ScoreSheet,
    StoredFile,
)
from app.queries.conflicts import own_sheet
from app.queries.scope import contests_within


@dataclass(frozen=True)
class FacilityAsSent:
    """The facility as it stands in the dossier."""

    name: str
    kind: FacilityKind
    tax_code: str
    territory: str
    address: str
    representative: str
    phone: str
    email: str

    @property
    def full_address(self) -> str:
        """The address with its province, as documents print it."""
        return with_province(self.address, self.territory)


@dataclass(frozen=True)
class ProductAsSent:
    """The product as it stands in the dossier."""

    name: str
    is_set: bool
    group_code: str
    description: str


@dataclass(frozen=True)
class Answer:
    """A question and what was answered; an empty text is no answer."""

    question: Question
    text: str


@dataclass(frozen=True)
class Section:
    """Answers under one heading (a msgid)."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class AttachedFile:
    """A photo or a paper of the dossier."""

    id: int
    kind: AttachmentKind
    name: str
    size: int
    media_type: str


@dataclass(frozen=True)
class DossierPage:
    """A dossier as it was sent in, or as it stands while it is being written."""

    entry_id: int
    code: str | None
    receipt_code: str | None
    submitted_at: datetime | None
    facility: FacilityAsSent
    product: ProductAsSent
    group: GroupRule
    answers: dict[str, str]
    files: tuple[AttachedFile, ...]

    @property
    def registration(self) -> tuple[Section, ...]:
        """Form 01 (phiếu đăng ký)."""
        return _sections(DossierForm.REGISTRATION, self.answers)

    @property
    def description(self) -> tuple[Section, ...]:
        """Form 02 (thuyết minh)."""
        return _sections(DossierForm.DESCRIPTION, self.answers)

    @property
    def photos(self) -> tuple[AttachedFile, ...]:
        """The photos."""
        return tuple(file for file in self.files if file.kind is AttachmentKind.PHOTO)

    @property
    def papers(self) -> tuple[AttachedFile, ...]:
        """Everything attached that is no photo."""
        return tuple(file for file in self.files if file.kind is not AttachmentKind.PHOTO)


def dossier_page(session: Session, entry_id: int) -> DossierPage:
    """Read a dossier. Nothing is checked here: whoever calls has scoped the entry to its reader."""
    entry = session.scalars(
        select(Entry)
        .where(Entry.id == entry_id)
        .options(
            joinedload(Entry.contest),
            joinedload(Entry.product).joinedload(Product.facility).joinedload(Facility.territory),
            selectinload(Entry.attachments).joinedload(Attachment.file),
        )
        .execution_options(populate_existing=True)
    ).one()
    product = _product(entry)
    groups = {group.code: group for group in entry.contest.rules.groups}
    return DossierPage(
        entry_id=entry.id,
        code=entry.code,
        receipt_code=entry.receipt_code,
        submitted_at=entry.submitted_at,
        facility=_facility(entry),
        product=product,
        group=groups.get(product.group_code, GroupRule(product.group_code, "", "")),
        answers=entry.dossier.get("answers", {}),
        files=tuple(
            AttachedFile(file.id, file.kind, file.name, file.file.size, file.file.media_type)
            for file in entry.attachments
        ),
    )


@dataclass(frozen=True)
class StoredAttachment:
    """What is needed to send an attachment."""

    name: str
    kind: AttachmentKind
    sha256: str
    thumbnail_sha256: str | None
    media_type: str


def attachment_for(session: Session, actor: Actor, attachment_id: int) -> StoredAttachment:
    """The attachment, if this person may read the dossier it is in; NotFound otherwise."""
    row = session.execute(
        select(
            Attachment.name,
            Attachment.kind,
            StoredFile.sha256,
            StoredFile.thumbnail_sha256,
            StoredFile.media_type,
        )
        .join(Attachment.file)
        .join(Entry, Entry.id == Attachment.entry_id)
        .join(Entry.contest)
        .join(Entry.product)
        .where(Attachment.id == attachment_id, may_read_dossier(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return StoredAttachment(*row)


def may_read_dossier(actor: Actor) -> ColumnElement[bool]:
    """Condition on Entry, Contest and Product: the facility's own people, and those who judge the entry."""
    return or_(Product.facility_id.in_(actor.facilities(Permission.ENTRY_EDIT)), may_judge_dossier(actor))


def may_judge_dossier(actor: Actor) -> ColumnElement[bool]:
    """Condition on Entry, Contest and Product: the organiser, observers, the entry's judges, the council."""
    sheet = select(ScoreSheet.id).join(Judge, Judge.id == ScoreSheet.judge_id)
    return or_(
        and_(Entry.state != EntryState.DRAFT, contests_within(actor, Permission.CONTEST_VIEW)),
        sheet.where(ScoreSheet.entry_id == Entry.id, own_sheet(actor)).exists(),
        and_(
            Entry.state == EntryState.ACCEPTED,
            Contest.id.in_(actor.contests(Permission.BALLOT_VOTE)),
            Contest.state.in_(COUNCIL_SEES),
        ),
    )


def _sent(entry: Entry, part: str) -> Mapping[str, Any] | None:
    """What the dossier holds of it since it was sent in; None while the facility is working on it."""
    return None if entry.state in EDITABLE else entry.dossier.get(part)


def _facility(entry: Entry) -> FacilityAsSent:
    sent = _sent(entry, "facility")
    if sent is not None:
        return FacilityAsSent(**{**sent, "kind": FacilityKind(sent["kind"])})
    facility = entry.product.facility
    return FacilityAsSent(
        facility.name,
        facility.kind,
        facility.tax_code,
        facility.territory.full_name,
        facility.address,
        facility.representative,
        facility.phone,
        facility.email,
    )


def _product(entry: Entry) -> ProductAsSent:
    sent = _sent(entry, "product")
    if sent is not None:
        return ProductAsSent(**sent)
    product = entry.product
    return ProductAsSent(product.name, product.is_set, product.group_code, product.description)


def _sections(form: DossierForm, answers: Mapping[str, str]) -> tuple[Section, ...]:
    return tuple(
        Section(title, tuple(Answer(question, answers.get(question.key, "")) for question in questions))
        for title, questions in sections_of(form)
    )
