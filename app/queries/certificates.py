"""Certificates: the register of one contest, the public check by code, and who may have the file."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.certificates import Standing, normalise_code, standing_of
from app.domain.errors import NotFound
from app.domain.permissions import Actor, Permission
from app.models import (
    Ballot,
    BallotItem,
    Contest,
    Decision,
    Entry,
    Facility,
    IssuedCertificate,
    Product,
    StoredFile,
)
from app.queries.contests import ContestHead, head_of
from app.queries.decisions import Correction, correction_of, newest_certificate, standing_decision
from app.queries.mergers import sets_of
from app.queries.scope import contests_within


@dataclass(frozen=True)
class CertificateRow:
    """One certificate in the organiser's list, by what it prints."""

    id: int
    number: str
    product: str
    facility: str
    issued_on: date
    valid_until: date
    standing: Standing
    reason: str  # why it was revoked, or why it replaces another
    replaces: str  # the number of that other

    @property
    def stands(self) -> bool:
        """Whether it can be revoked or replaced."""
        return self.standing is Standing.VALID


@dataclass(frozen=True)
class MissingRow:
    """A recognised entry without a certificate."""

    code: str
    product: str
    facility: str


@dataclass(frozen=True)
class CertificatesPage:
    """The register of one contest."""

    contest: ContestHead
    rows: tuple[CertificateRow, ...]  # in the order of issue
    missing: tuple[MissingRow, ...]
    recognised: int

    @property
    def done(self) -> int:
        """How many recognised entries have been given a certificate."""
        return self.recognised - len(self.missing)


def certificates_page(session: Session, actor: Actor, contest_id: int, *, today: date) -> CertificatesPage:
    """The certificates of a contest that this person organises or observes."""
    contest = head_of(session, actor, contest_id)
    old = aliased(IssuedCertificate)
    issued = session.execute(
        select(IssuedCertificate, old.number)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .outerjoin(old, old.id == IssuedCertificate.replaces_id)
        .where(Entry.contest_id == contest.id)
        .order_by(IssuedCertificate.id)
    ).all()
    recognised = session.execute(
        select(newest_certificate(), Entry.id, Entry.code, Product.name, Facility.name)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .join(BallotItem, BallotItem.entry_id == Entry.id)
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .where(Ballot.contest_id == contest.id, BallotItem.carried.is_(True))
        .order_by(Entry.code)
    ).all()
    sets = sets_of(session, contest.id)
    return CertificatesPage(
        contest=contest,
        rows=tuple(_row(certificate, replaces or "", today) for certificate, replaces in issued),
        missing=tuple(
            MissingRow(code or "", sets[entry_id].name if entry_id in sets else product, facility)
            for newest, entry_id, code, product, facility in recognised
            if newest is None
        ),
        recognised=len(recognised),
    )


def certificate_row(session: Session, actor: Actor, certificate_id: int, *, today: date) -> "CertificateForm":
    """One certificate that this person may revoke or replace; NotFound otherwise."""
    certificate = session.scalars(
        select(IssuedCertificate)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(IssuedCertificate.id == certificate_id, contests_within(actor, Permission.CERTIFICATE_ISSUE))
    ).one_or_none()
    if certificate is None:
        raise NotFound
    contest_id = session.scalars(select(Entry.contest_id).where(Entry.id == certificate.entry_id)).one()
    return CertificateForm(head_of(session, actor, contest_id), _row(certificate, "", today))


@dataclass(frozen=True)
class CertificateForm:
    """One certificate before it is revoked or replaced."""

    contest: ContestHead
    certificate: CertificateRow


def _row(certificate: IssuedCertificate, replaces: str, today: date) -> CertificateRow:
    return CertificateRow(
        id=certificate.id,
        number=certificate.number,
        product=certificate.printed["product"],
        facility=certificate.printed["facility"],
        issued_on=certificate.issued_on,
        valid_until=certificate.valid_until,
        standing=standing_of(certificate.status, certificate.valid_until, today),
        reason=certificate.revocation_reason or certificate.reissue_reason,
        replaces=replaces,
    )


@dataclass(frozen=True)
class CheckedCertificate:
    """What anybody learns of a certificate by its code."""

    printed: dict[str, Any]
    code: str
    standing: Standing
    valid_until: date
    revoked_at: datetime | None
    reason: str  # of the revocation
    slug: str  # of its contest
    correction: Correction | None  # of its contest's result, while it runs
    now_by: Decision | None  # the decision that recognises the product now, if it is not the printed one
    replaced_by: str  # the number that took its place
    sha256: str
    size: int

    @property
    def is_example(self) -> bool:
        """Whether it belongs to an example and certifies nothing."""
        return bool(self.printed["example"])


def checked_certificate(session: Session, code: str, *, today: date) -> CheckedCertificate | None:
    """The certificate with a code, however it was typed; None for a code that was never given."""
    new = aliased(IssuedCertificate)
    found = session.execute(
        select(IssuedCertificate, StoredFile.size, new.number, Contest.id, Contest.slug)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(StoredFile, StoredFile.sha256 == IssuedCertificate.file_sha256)
        .outerjoin(new, new.replaces_id == IssuedCertificate.id)
        .where(IssuedCertificate.code == normalise_code(code))
    ).one_or_none()
    if found is None:
        return None
    certificate, size, replaced_by, contest_id, slug = found
    return CheckedCertificate(
        printed=certificate.printed,
        code=certificate.code,
        standing=standing_of(certificate.status, certificate.valid_until, today),
        valid_until=certificate.valid_until,
        revoked_at=certificate.revoked_at,
        reason=certificate.revocation_reason,
        slug=slug,
        correction=correction_of(session, contest_id),
        now_by=_other_decision(standing_decision(session, contest_id), certificate.printed),
        replaced_by=replaced_by or "",
        sha256=certificate.file_sha256,
        size=size,
    )


def _other_decision(standing: Decision | None, printed: dict[str, Any]) -> Decision | None:
    if standing is None:
        return None
    named = (printed["decision_number"], printed["decision_date"])
    return None if named == (standing.number, standing.signed_on.isoformat()) else standing


@dataclass(frozen=True)
class CertificateFile:
    """What is needed to send the printed file."""

    number: str
    sha256: str


def certificate_file(session: Session, actor: Actor, certificate_id: int) -> CertificateFile:
    """The file of a certificate, for its contest's organiser and observer and for its facility."""
    found = session.execute(
        select(IssuedCertificate.number, IssuedCertificate.file_sha256)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Product, Product.id == Entry.product_id)
        .where(
            IssuedCertificate.id == certificate_id,
            or_(
                contests_within(actor, Permission.CONTEST_VIEW),
                Product.facility_id.in_(actor.facilities(Permission.ENTRY_EDIT)),
            ),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return CertificateFile(*found)
