"""Issuing, replacing and revoking certificates. Numbers come from the register: without gaps, never twice."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from app.domain.certificates import CertificateStatus, add_months, certificate_number, leads_nowhere, new_code
from app.domain.contests import ContestState, check_real
from app.domain.entry_names import as_sent
from app.domain.errors import InvalidInput, NotFound, NotReady, require
from app.domain.judging import check_reason
from app.domain.ledger import Occasion
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import in_vietnam
from app.models import Ballot, BallotItem, CertificateRegister, Contest, Entry, IssuedCertificate, Result
from app.queries.computations import deciding_computation
from app.queries.decisions import newest_certificate
from app.queries.scope import contest_for, contests_within
from app.services.certificate_texts import (
    ENTRY_ON_PAPER,
    Award,
    Particulars,
    award_of,
    certificate_of,
    names_now,
)
from app.services.files import FileStore, keep_file
from app.services.ledger import record
from app.services.printing import unprintable
from app.services.replacing import take_back
from app.services.sequencing import publish_head
from certificates import Certificate, DocumentError, certificate_pdf


@dataclass(frozen=True)
class IssueCertificates:
    """Issue so many of the certificates that a contest still lacks."""

    contest_id: int
    limit: int
    understood: bool = False  # that nobody else can open the address in the QR codes


def issue_certificates(
    session: Session,
    command: IssueCertificates,
    *,
    store: FileStore,
    actor: Actor,
    now: datetime,
    public_url: str,
) -> int:
    """Issue missing certificates of recognised entries in rank order and tell how many; 0 when all are there.

    Raises
    ------
    IllegalState
        There is no signed decision.
    InvalidInput
        The QR codes would lead nowhere, and nobody has said that this is understood.
    NotReady
        Nothing that is missing can be printed; names the first entry and why.
    """
    contest = contest_for(session, actor, Permission.CERTIFICATE_ISSUE, command.contest_id, lock=True)
    check_real(is_practice=contest.is_practice)
    require(contest.state is ContestState.FINAL, N_("Certificates are issued once the decision is recorded."))
    _check_address(contest, public_url, understood=command.understood)
    award = award_of(session, contest, public_url)
    issued, refused = 0, None
    for entry in _missing(session, contest):
        try:
            certificate = _issue(session, award, entry, store, now)
        except DocumentError as error:
            refused = refused or _unprintable(entry, error)
            continue
        _record_issue(session, actor, certificate, contest, now, "certificate:issue")
        issued += 1
        if issued == command.limit:
            break
    if refused and not issued:
        raise refused
    if issued:
        publish_head(session, contest.id, Occasion.CERTIFICATES, now=now)
    return issued


@dataclass(frozen=True)
class Reissue:
    """Replace a certificate by a new one under a new number."""

    certificate_id: int
    reason: str
    understood: bool = False  # as above


def reissue(
    session: Session, command: Reissue, *, store: FileStore, actor: Actor, now: datetime, public_url: str
) -> IssuedCertificate:
    """Give a new certificate with today's names, valid as long as the old one, which is then replaced."""
    old, contest = _held(session, command.certificate_id, actor)
    check_reason(command.reason)
    today = in_vietnam(now).date()
    require(old.status is CertificateStatus.VALID, N_("Only a certificate that stands can be replaced."))
    require(today < old.valid_until, N_("This certificate has expired and cannot be replaced."))
    _check_address(contest, public_url, understood=command.understood)
    require(contest.state is ContestState.FINAL, N_("Certificates are issued once the decision is recorded."))
    award = award_of(session, contest, public_url)
    entry = session.scalars(select(Entry).where(Entry.id == old.entry_id).options(ENTRY_ON_PAPER)).one()
    old.status = CertificateStatus.REPLACED
    try:
        new = _issue(session, award, entry, store, now, replaces=old, reason=command.reason)
    except DocumentError as error:
        raise _unprintable(entry, error) from error
    _record_issue(
        session, actor, new, contest, now, "certificate:reissue", replaces=old.number, reason=command.reason
    )
    publish_head(session, contest.id, Occasion.CERTIFICATES, now=now)
    return new


@dataclass(frozen=True)
class Revoke:
    """Take a certificate back."""

    certificate_id: int
    reason: str


def revoke(session: Session, command: Revoke, *, actor: Actor, now: datetime) -> IssuedCertificate:
    """Revoke a certificate for a written reason; the check page says so at once."""
    certificate, contest = _held(session, command.certificate_id, actor)
    check_reason(command.reason)
    require(
        certificate.status is CertificateStatus.VALID, N_("Only a certificate that stands can be revoked.")
    )
    take_back(session, certificate, contest.id, command.reason, actor=actor, now=now)
    publish_head(session, contest.id, Occasion.CERTIFICATES, now=now)
    return certificate


def take_serial(session: Session, series: str, year: int) -> int:
    """Take the next number of a series and year; others wait until this transaction ends, so none is lost."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    opened = insert(CertificateRegister).values(series=series, year=year, last_serial=0)
    session.execute(opened.on_conflict_do_nothing())
    return session.scalars(
        update(CertificateRegister)
        .where(CertificateRegister.series == series, CertificateRegister.year == year)
        .values(last_serial=CertificateRegister.last_serial + 1)
        .returning(CertificateRegister.last_serial)
    ).one()


def _check_address(contest: Contest, public_url: str, *, understood: bool) -> None:
    """Refuse QR codes that nobody can follow; the example's are not for paper."""
    if leads_nowhere(public_url) and not contest.is_example and not understood:
        text = N_("Tick this to go on, or have the public address set first.")
        raise InvalidInput({"understood": Message(text)})


def _missing(session: Session, contest: Contest) -> Iterator[Entry]:
    """Recognised entries without a certificate, best rank first; loaded when their turn comes."""
    computation = deciding_computation(contest.id)
    entry_ids = session.scalars(
        select(Entry.id)
        .join(BallotItem, BallotItem.entry_id == Entry.id)
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .outerjoin(Result, (Result.entry_id == Entry.id) & (Result.computation_id == computation))
        .where(Ballot.contest_id == contest.id, BallotItem.carried.is_(True), newest_certificate().is_(None))
        .order_by(Result.rank, Entry.code)
    ).all()
    for entry_id in entry_ids:
        yield session.get_one(Entry, entry_id, options=[ENTRY_ON_PAPER])


def _issue(
    session: Session,
    award: Award,
    entry: Entry,
    store: FileStore,
    now: datetime,
    replaces: IssuedCertificate | None = None,
    reason: str = "",
) -> IssuedCertificate:
    rules = award.contest.rules
    # What was judged is what is certified; a replacement is there to correct names.
    names = names_now(entry) if replaces else as_sent(entry.dossier, names_now(entry))
    signed_on = in_vietnam(now).date() if replaces else award.decision.signed_on
    valid_until = replaces.valid_until if replaces else add_months(signed_on, rules.certificate_months)
    with session.begin_nested():  # a certificate that cannot be printed gives its number back
        serial = take_serial(session, rules.certificate_series, signed_on.year)
        number = certificate_number(serial, signed_on.year, rules.certificate_series)
        particulars = Particulars(number, new_code(), signed_on, valid_until)
        document = certificate_of(award, entry, names, particulars)
        file = keep_file(session, store, certificate_pdf(document), "application/pdf", now=now)
        certificate = IssuedCertificate(
            entry_id=entry.id,
            series=rules.certificate_series,
            year=signed_on.year,
            serial=serial,
            number=number,
            code=document.code,
            issued_on=signed_on,
            valid_until=valid_until,
            printed=printed_fields(document),
            file_sha256=file.sha256,
            replaces_id=replaces and replaces.id,
            reissue_reason=reason,
        )
        session.add(certificate)
    return certificate


def printed_fields(document: Certificate) -> dict[str, Any]:
    """Every field of a certificate as JSON can hold it; days as in 2026-03-10."""
    fields = asdict(document)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}


def _record_issue(
    session: Session,
    actor: Actor,
    certificate: IssuedCertificate,
    contest: Contest,
    now: datetime,
    action: str,
    **details: object,
) -> None:
    record(
        session,
        actor,
        action,
        certificate,
        now=now,
        contest_id=contest.id,
        number=certificate.number,
        entry_id=certificate.entry_id,
        file_sha256=certificate.file_sha256,
        row={
            "code": certificate.code,
            "issued_on": certificate.issued_on.isoformat(),
            "valid_until": certificate.valid_until.isoformat(),
            "printed": certificate.printed,
        },
        **details,
    )


def _held(session: Session, certificate_id: int, actor: Actor) -> tuple[IssuedCertificate, Contest]:
    """A certificate that this person may take back or replace, with its contest; both locked, the contest first."""
    contest = session.scalars(
        select(Contest)
        .join(Entry, Entry.contest_id == Contest.id)
        .join(IssuedCertificate, IssuedCertificate.entry_id == Entry.id)
        .where(IssuedCertificate.id == certificate_id, contests_within(actor, Permission.CERTIFICATE_ISSUE))
        .options(joinedload(Contest.territory))
        .with_for_update(of=Contest)
    ).one_or_none()
    if contest is None:
        raise NotFound
    return session.get_one(IssuedCertificate, certificate_id, with_for_update=True), contest


def _unprintable(entry: Entry, error: DocumentError) -> NotReady:
    text = N_("The certificate of entry %(code)s cannot be printed.")
    return unprintable(Message(text, {"code": entry.code or ""}), error)


def certificate_from_printed(fields: dict[str, Any]) -> Certificate:
    """The document again from what was kept of it: printing it gives the same bytes."""
    days = {name: date.fromisoformat(fields[name]) for name in ("decision_date", "signed_on")}
    last = fields["valid_until"] and date.fromisoformat(fields["valid_until"])
    lines = tuple(fields["signatory_title"])
    return Certificate(**fields | days | {"valid_until": last, "signatory_title": lines})
