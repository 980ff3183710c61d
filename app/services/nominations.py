"""Nominating certified entries for the tier above, with the same dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from app.domain.certificates import new_code
from app.domain.contests import ContestState, check_real
from app.domain.entries import AttachmentKind, EntryState
from app.domain.errors import InvalidInput, NotFound, NotReady, require
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import in_vietnam
from app.models import Attachment, Contest, Entry, IssuedCertificate, Nomination, Qualification
from app.queries.nominations import candidates, open_target
from app.queries.qualifications import entry_qualification_faults
from app.queries.scope import contests_within
from app.services.ledger import record

MAX_EXEMPTION = 500


@dataclass(frozen=True)
class Nominate:
    """Send a certified entry up; `exemption` says why a tier between is passed over."""

    entry_id: int
    to_contest_id: int
    exemption: str = ""


def nominate(session: Session, command: Nominate, *, actor: Actor, now: datetime) -> Entry:
    """Make a certified entry a submitted entry of a higher contest that is open for registration.

    Dossier and attachments are carried, with the certificate added to them.

    Raises
    ------
    NotReady
        With everything that speaks against it: certificate, tier, territory, or an entry already there.
    InvalidInput
        A tier is passed over without a reason.
    """
    entry = _own_entry(session, command.entry_id, actor)
    target = open_target(session, command.to_contest_id, lock=True)
    check_real(is_practice=entry.contest.is_practice)
    _check_open(entry.contest, target, now)
    certificate = _certificate(session, entry, target, now)
    exemption = _exemption(command.exemption, skips=target.tier is not entry.contest.tier.above)
    new = _carried(session, entry, certificate, target, now)
    nomination = Nomination(
        entry_id=entry.id,
        to_contest_id=target.id,
        new_entry_id=new.id,
        nominated_by_id=actor.user_id,
        nominated_at=now,
    )
    ground = {"certificate_id": certificate.id} if not exemption else {"exemption": exemption}
    session.add_all(
        [
            nomination,
            Qualification(entry_id=new.id, **ground, recorded_by_id=actor.user_id, recorded_at=now),
        ]
    )
    # Both contests tell of it, each in its own ledger.
    facts = {
        "entry_id": entry.id,
        "new_entry_id": new.id,
        "certificate": certificate.number,
        "exemption": exemption,
    }
    record(session, actor, "entry:nominate", nomination, now=now, contest_id=entry.contest_id, **facts)
    record(session, actor, "entry:arrive-by-nomination", new, now=now, contest_id=target.id, **facts)
    return new


def _check_open(contest: Contest, target: Contest, now: datetime) -> None:
    """Raise IllegalState unless one contest is decided and not being corrected, and the other takes entries."""
    require(
        contest.state is ContestState.FINAL,
        N_(
            "Products are nominated while the decision on their contest stands and nothing is being corrected."
        ),
    )
    require(
        target.state is ContestState.REGISTRATION
        and target.registration_opens_on <= in_vietnam(now).date() <= target.registration_closes_on,
        N_("That contest is not open for registration today."),
    )


def _certificate(session: Session, entry: Entry, target: Contest, now: datetime) -> IssuedCertificate:
    """The certificate that opens the higher contest; NotReady says why it does not."""
    today = in_vietnam(now).date()
    found = candidates(session, entry.contest_id, target, today=today, entry_id=entry.id)
    if not found:
        raise NotFound
    if found[0].faults:
        raise NotReady(found[0].faults)
    return session.get_one(IssuedCertificate, found[0].certificate_id)


def qualification_faults(session: Session, entry: Entry, *, now: datetime) -> Sequence[Message]:
    """Everything that keeps an entry out of its contest for want of a lower certificate; empty when it may."""
    return entry_qualification_faults(session, entry.id, today=in_vietnam(now).date())


def _own_entry(session: Session, entry_id: int, actor: Actor) -> Entry:
    entry = session.scalars(
        select(Entry)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.id == entry_id, contests_within(actor, Permission.ENTRY_NOMINATE))
        .options(contains_eager(Entry.contest), selectinload(Entry.attachments))
        .with_for_update(read=True, of=Contest)
    ).one_or_none()
    if entry is None:
        raise NotFound
    return entry


def _exemption(text: str, *, skips: bool) -> str:
    """The reason for passing over a tier; empty when none is passed over."""
    if not skips:
        return ""
    if not text or len(text) > MAX_EXEMPTION:
        message = N_("Write in at most %(limit)d letters why the tier between is passed over.")
        raise InvalidInput({"exemption": Message(message, {"limit": MAX_EXEMPTION})})
    return text


def _carried(
    session: Session, entry: Entry, certificate: IssuedCertificate, target: Contest, now: datetime
) -> Entry:
    name = f"Giấy chứng nhận {certificate.number.replace('/', '-')}.pdf"
    papers = [(paper.kind, paper.file_sha256, paper.name) for paper in entry.attachments]
    papers.append((AttachmentKind.LOWER_CERTIFICATE, certificate.file_sha256, name))
    new = Entry(
        contest_id=target.id,
        product_id=entry.product_id,
        group_code=entry.group_code,
        state=EntryState.SUBMITTED,
        dossier=dict(entry.dossier),
        receipt_code=f"HS-{new_code(8)}",
        submitted_at=now,
        created_at=now,
        attachments=[
            Attachment(kind=kind, file_sha256=sha256, name=name, added_at=now)
            for kind, sha256, name in papers
        ],
    )
    session.add(new)
    session.flush()
    return new
