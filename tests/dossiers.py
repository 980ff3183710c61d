"""A whole dossier, and the steps to one, for tests."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select

from app.domain.certificates import certificate_number, new_code
from app.domain.contests import ContestState
from app.domain.entries import AttachmentKind, EntryState
from app.models import (
    Attachment,
    Ballot,
    BallotItem,
    Contest,
    Entry,
    Facility,
    IssuedCertificate,
    Product,
    Territory,
    User,
)
from app.services.dossiers import (
    Attach,
    SaveDossier,
    StartEntry,
    attach,
    detach,
    save_dossier,
    start_entry,
    submit_entry,
)
from app.services.files import FileStore, keep_file
from tests.builders import NOW, World
from tests.uploads import paper, pictures

ANSWERS = {
    "representative_title": "Giám đốc hợp tác xã",
    "year_established": "2012",
    "workers": "25",
    "main_business": "Chế biến trà ướp hương",
    "contact_person": "Lê Thị Mận",
    "contact_phone": "0987654321",
    "uses": "Pha uống hằng ngày, làm quà biếu.",
    "features": "Ướp hương sen tươi ba lần.",
    "specifications": "Hộp 100 g, 250.000 đồng.",
    "materials": "Búp trà và sen đều của địa phương.",
    "technology": "Hái, làm héo, ướp sen, sấy, đóng gói.",
    "capacity": "2 tấn mỗi năm, có thể lên 5 tấn.",
    "revenue": "2024: 1.250; 2025: 1.480.",
    "markets": "Bán trong nước; xuất khẩu sang Nhật Bản.",
    "plans": "Mở thêm xưởng sấy.",
    "jobs": "25 lao động, 8 triệu đồng mỗi tháng.",
    "environment": "Xử lý nước thải; giấy an toàn thực phẩm đến 2027.",
    "standards": "Tiêu chuẩn cơ sở TCCS 01:2024.",
    "intellectual_property": "Nhãn hiệu số 123456.",
    "design": "Hộp giấy vẽ hoa sen.",
    "awards": "OCOP 4 sao năm 2024.",
    "truth": "yes",
}
# Days that hold for the tests' own day and for whichever day they are run on.
OPEN = {
    "registration_opens_on": date(2026, 1, 1),
    "registration_closes_on": date(2199, 12, 31),
    "scoring_closes_on": date(2200, 1, 31),
}


def certificate_of(
    world: World, entry: Entry, issued_on: date = date(2026, 3, 10), valid_until: date = date(2029, 3, 10)
) -> IssuedCertificate:
    """A certificate in the register for an entry, without a file that could be printed."""
    store, serial = FileStore(world.files_dir), entry.id
    with world.session() as session:
        file = keep_file(session, store, f"certificate {serial}".encode(), "application/pdf", now=NOW)
        number = certificate_number(serial, issued_on.year, "GCN-CNNTTB")
        certificate = IssuedCertificate(
            entry_id=entry.id,
            series="GCN-CNNTTB",
            year=issued_on.year,
            serial=serial,
            number=number,
            code=new_code(),
            issued_on=issued_on,
            valid_until=valid_until,
            printed={},
            file_sha256=file.sha256,
        )
        session.add(certificate)
    return certificate


class Maker:
    """A facility with a person who works for it, and what they do."""

    def __init__(self, world: World, territory: Territory | None = None) -> None:
        self.world = world
        self.store = FileStore(world.files_dir)
        self.facility: Facility = world.facility(territory=territory)
        self.user: User = world.facility_user(self.facility)
        self.actor = world.actor(self.user)

    def contest(self, territory: Territory | None = None, **fields: object) -> Contest:
        """A contest that takes dossiers."""
        state = fields.pop("state", ContestState.REGISTRATION)
        return self.world.contest(state, territory, **{**OPEN, **fields})  # type: ignore[arg-type]  # plain keywords

    def regional(self) -> Contest:
        """A regional contest near the facility, which asks for a provincial certificate."""
        region = self.world.territory("Miền Trung – Tây Nguyên")
        return self.contest(region, rules=self.world.rules(lower_tier_skipped=""))

    def product(self, name: str = "", **fields: object) -> Product:
        """A product of this facility."""
        return self.world.product(self.facility, name, **fields)  # type: ignore[arg-type]  # plain keywords

    def draft(
        self, contest: Contest | None = None, product: Product | None = None, **fields: object
    ) -> Entry:
        """An entry whose dossier has not been begun."""
        contest, product = contest or self.contest(), product or self.product()
        return self.world.entry(contest, product, EntryState.DRAFT, **fields)

    def whole(
        self, entry: Entry | None = None, answers: Mapping[str, str] = ANSWERS, photos: int = 3
    ) -> Entry:
        """A draft with everything a dossier needs."""
        entry = entry or self.draft()
        with self.world.session() as session:
            command = SaveDossier(entry.id, entry.version, dict(answers))
            entry = save_dossier(session, command, actor=self.actor, now=NOW)
        self.attach(entry, AttachmentKind.REGISTRATION_PAPER, "Giấy đăng ký.pdf", paper())
        for number, content in enumerate(pictures(photos), start=1):
            self.attach(entry, AttachmentKind.PHOTO, f"Ảnh {number}.jpg", content)
        return entry

    def start(self, contest: Contest, product: Product, now: datetime = NOW) -> Entry:
        """Enter a product by the service."""
        with self.world.session() as session:
            return start_entry(session, StartEntry(contest.id, product.id), actor=self.actor, now=now)

    def save(self, entry: Entry, version: int | None = None, now: datetime = NOW, **answers: str) -> Entry:
        """Save answers over a version of the entry, the one at hand unless said otherwise."""
        with self.world.session() as session:
            command = SaveDossier(entry.id, version or entry.version, answers)
            return save_dossier(session, command, actor=self.actor, now=now)

    def submit(self, entry: Entry, now: datetime = NOW) -> Entry:
        """Send the dossier in."""
        with self.world.session() as session:
            return submit_entry(session, entry.id, actor=self.actor, now=now)

    def answers(self, entry: Entry) -> dict[str, str]:
        """What the database holds of the answers."""
        stored: dict[str, str] = self.world.get(Entry, entry.id).dossier.get("answers", {})
        return stored

    def attach(self, entry: Entry, kind: AttachmentKind, name: str, content: bytes) -> int:
        """Put a file into the dossier; return the attachment's id."""
        with self.world.session() as session:
            command = Attach(entry.id, kind, name, content)
            return attach(session, command, store=self.store, actor=self.actor, now=NOW).id

    def detach_first(self, entry: Entry) -> Attachment:
        """Take the first file out of the dossier."""
        [first, *_rest] = self.world.all(select(Attachment).where(Attachment.entry_id == entry.id))
        with self.world.session() as session:
            return detach(session, first.id, actor=self.actor, now=NOW)

    def vote(self, entry: Entry, *, carried: bool) -> None:
        """What the council made of an entry."""
        ballot = Ballot(contest_id=entry.contest_id, place="Hội trường", members=3, quorum=2, opened_at=NOW)
        counts = {"yes": 3, "no": 0, "abstain": 0} if carried else {"yes": 0, "no": 3, "abstain": 0}
        ballot.items = [BallotItem(entry_id=entry.id, on_jury_list=True, carried=carried, **counts)]
        self.world.add(ballot)
