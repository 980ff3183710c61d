"""What a product needs to enter a contest, and what its new dossier brings along from earlier ones."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.dossiers import GROUP_NOT_TAKEN
from app.domain.entries import AttachmentKind
from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.permissions import Actor
from app.domain.questions import DossierForm, questions_of
from app.domain.vietnamese import in_vietnam
from app.models import Attachment, Contest, Entry, Product, Qualification
from app.queries.facilities import lower_certificates
from app.queries.qualifications import entry_qualification_faults


def check_may_enter(session: Session, product: Product, contest: Contest) -> None:
    """Raise InvalidInput if the product is in the contest already, or of a group it does not take."""
    entered = select(Entry.id).where(Entry.contest_id == contest.id, Entry.product_id == product.id)
    if session.scalar(entered) is not None:
        raise _refused(Message(N_("This product is in this contest already.")))
    if product.group_code not in {group.code for group in contest.rules.groups}:
        raise _refused(Message(GROUP_NOT_TAKEN))


def qualify(
    session: Session, entry: Entry, product: Product, contest: Contest, *, actor: Actor, now: datetime
) -> None:
    """Enter by a certificate of the tier below where the contest asks for one; InvalidInput without it."""
    today = in_vietnam(now).date()
    faults = entry_qualification_faults(session, entry.id, today=today)
    held = lower_certificates(session, product.facility_id, contest.tier, today)
    own = [certificate for certificate in held if certificate.product_id == product.id]
    if faults and own:
        session.add(
            Qualification(
                entry_id=entry.id,
                certificate_id=own[0].certificate_id,
                recorded_by_id=actor.user_id,
                recorded_at=now,
            )
        )
        session.flush()
        faults = entry_qualification_faults(session, entry.id, today=today)
    if faults:
        raise _refused(faults[0])


def carry_over(session: Session, product: Product, entry: Entry, now: datetime) -> None:
    """Fill a new dossier from the last one of this product, or form 01 from the last one of its facility."""
    earlier = session.scalars(
        select(Entry)
        .join(Entry.product)
        .where(Product.facility_id == product.facility_id)
        .order_by((Entry.product_id == product.id).desc(), Entry.id.desc())
        .limit(1)
        .options(selectinload(Entry.attachments))
    ).first()
    forms = [DossierForm.REGISTRATION]
    if earlier and earlier.product_id == product.id:
        forms.append(DossierForm.DESCRIPTION)
        entry.attachments = [
            Attachment(kind=file.kind, file_sha256=file.file_sha256, name=file.name, added_at=now)
            for file in earlier.attachments
            if file.kind is not AttachmentKind.LOWER_CERTIFICATE
        ]
    said = earlier.dossier.get("answers", {}) if earlier else {}
    keys = [question.key for form in forms for question in questions_of(form)]
    entry.dossier = {"answers": {key: said[key] for key in keys if key in said}}


def _refused(message: Message) -> InvalidInput:
    return InvalidInput({"product_id": message})
