"""The entries of a practice contest: made-up facilities and products with dossiers, each marked as test data."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.entries import AttachmentKind, EntryState
from app.domain.vietnamese import fold
from app.models import Attachment, Contest, Entry, Facility, Product
from app.samples.names import MadeUpFacility, MadeUpProduct, NameMaker
from app.samples.papers import registration_paper
from app.samples.pictures import product_photo
from app.services.files import FileStore, keep_file
from app.services.intake import take_in

EACH = 2  # entries of a product group
VIEWS = (0, 1)
MARK = "DỮ LIỆU THỬ"
SUFFIX = " (dữ liệu thử)"


def add_entries(
    session: Session, contest: Contest, groups: Sequence[str], *, store: FileStore, now: datetime
) -> list[Entry]:
    """Give a practice contest its accepted entries; each practice contest gets others."""
    names = NameMaker(contest.id)
    entries = []
    for group in groups:
        for number in range(1, EACH + 1):
            made_up = names.facility(group, contest.territory.full_name)
            facility = _facility(contest, made_up, f"THU-{contest.id}-{group}{number}", now)
            session.add(facility)
            session.flush()
            product = names.product(made_up, contest.year - 1)
            entry = _entry(session, contest, facility, product, f"{group}-{number:03}", now)
            _attach(session, entry, made_up, product, facility.tax_code, store=store, now=now)
            entries.append(entry)
    return entries


def _facility(contest: Contest, made_up: MadeUpFacility, tax_code: str, now: datetime) -> Facility:
    """A facility whose tax code no real one can have."""
    name = made_up.name + SUFFIX
    return Facility(
        name=name,
        folded_name=fold(name),
        kind=made_up.kind,
        tax_code=tax_code[:14],
        territory_id=contest.territory_id,
        address=made_up.address,
        representative=made_up.representative,
        phone=made_up.phone,
        email=made_up.email,
        created_at=now,
    )


def _entry(
    session: Session, contest: Contest, facility: Facility, made_up: MadeUpProduct, code: str, now: datetime
) -> Entry:
    name = made_up.name + SUFFIX
    product = Product(
        facility_id=facility.id,
        name=name,
        folded_name=fold(name),
        is_set=made_up.is_set,
        group_code=made_up.group,
        description=made_up.description,
        created_at=now,
    )
    session.add(product)
    session.flush()
    entry = Entry(
        contest_id=contest.id,
        product_id=product.id,
        group_code=made_up.group,
        code=code,
        state=EntryState.ACCEPTED,
        dossier={"answers": made_up.answers, **_as_sent(contest, facility, product)},
        submitted_at=now,
        reviewed_at=now,
        created_at=now,
    )
    session.add(entry)
    session.flush()
    return entry


def _as_sent(contest: Contest, facility: Facility, product: Product) -> dict[str, dict[str, str | bool]]:
    """Facility and product as a dossier keeps them once it is sent in."""
    told = ("name", "kind", "tax_code", "address", "representative", "phone", "email")
    return {
        "facility": {
            **{name: getattr(facility, name) for name in told},
            "territory": contest.territory.full_name,
        },
        "product": {
            "name": product.name,
            "is_set": product.is_set,
            "group_code": product.group_code,
            "description": product.description,
        },
    }


def _attach(
    session: Session,
    entry: Entry,
    facility: MadeUpFacility,
    product: MadeUpProduct,
    tax_code: str,
    *,
    store: FileStore,
    now: datetime,
) -> None:
    paper = registration_paper(
        facility.kind,
        name=facility.name,
        tax_code=tax_code,
        address=facility.address,
        representative=facility.representative,
        issued=date(facility.established, 5, 12),
    )
    files = [(AttachmentKind.REGISTRATION_PAPER, "Giấy đăng ký (dữ liệu thử).pdf", paper)]
    for view in VIEWS:
        photo = product_photo(product.name, product.shape, view, MARK)
        files.append((AttachmentKind.PHOTO, f"Ảnh {view + 1} (dữ liệu thử).jpg", photo))
    for kind, name, content in files:
        clean = take_in(kind, name, content)
        small = clean.thumbnail and keep_file(session, store, clean.thumbnail, clean.media_type, now=now)
        kept = keep_file(session, store, clean.content, clean.media_type, now=now, thumbnail=small or None)
        session.add(
            Attachment(entry_id=entry.id, kind=kind, file_sha256=kept.sha256, name=clean.name, added_at=now)
        )
