"""What `binhchon demo` leaves in its folder: lists as the public gets them, documents, bundles, a summary."""

from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.config import Settings
from app.demo.people import People
from app.demo.plan import FINISHED
from app.domain.contests import COUNCIL_SEES
from app.models import Contest, Entry, IssuedCertificate
from app.queries.statistics import ContestStatistics, sentence, statistics
from app.services.bundles import auditor, export_bundle
from app.services.files import FileStore
from app.services.minutes import minutes_file
from app.web.factory import create_app

SUMMARY = "summary.txt"
FORMATS = ("csv", "json", "xlsx", "pdf")
NOTICE = (
    "Ví dụ: tên cơ sở, tên sản phẩm là giả định, điểm chấm là dữ liệu tạo ra;\n"
    "chỉ số lượng của các đợt cấp tỉnh đã kết thúc là thật.\n"
    "Example: made-up names, synthetic marks; only the counts of the finished provincial contests are real.\n"
)


def export_example(engine: Engine, settings: Settings, people: People) -> None:
    """Write everything; the summary comes last, so that it marks a finished example."""
    store = FileStore(settings.files_dir)
    public = create_app(settings).test_client()
    with Session(engine) as session:
        for slug in _slugs(session):
            folder = settings.data_dir / "lists" / slug
            folder.mkdir(parents=True)
            _write_lists(public, slug, folder)
            _write_certificates(session, store, slug, folder / "certificates")
            _write_minutes(session, store, people, slug, folder)
        rows = statistics(session)
    _write_bundles(engine, store, settings.data_dir)
    (settings.data_dir / SUMMARY).write_text(f"{NOTICE}\n{summary(rows)}\n", encoding="utf-8")


def summary(rows: list[ContestStatistics]) -> str:
    """A paragraph for each contest: the sentence of the annual report, then its steps."""
    return "\n".join(f"{sentence(row, 'vi')}\n  {_steps(row)}" for row in rows)


def _steps(row: ContestStatistics) -> str:
    steps = {
        "đăng ký": row.steps.registered,
        "tiếp nhận": row.steps.accepted,
        "có điểm": row.steps.scored,
        "đạt điểm": row.steps.reached,
        "biểu quyết": row.steps.voted,
        "công nhận": row.steps.recognised,
        "cấp giấy": row.steps.certified,
    }
    return " → ".join(f"{name} {count.products}" for name, count in steps.items())


def _write_bundles(engine: Engine, store: FileStore, folder: Path) -> None:
    """One bundle for each contest whose marks may be seen."""
    with Session(engine) as session:
        contests = session.scalars(select(Contest).where(Contest.state.in_(COUNCIL_SEES))).all()
    for contest in contests:
        with (folder / f"{contest.slug}.bundle.zip").open("wb") as file:
            actor, now = auditor(contest.id), datetime.now(UTC)
            export_bundle(engine, contest.id, file, store=store, actor=actor, now=now)


def _slugs(session: Session) -> list[str]:
    years = {plan.name for plan in FINISHED}
    return list(session.scalars(select(Contest.slug).where(Contest.name.in_(years)).order_by(Contest.year)))


def _write_lists(public: FlaskClient, slug: str, folder: Path) -> None:
    for kind in FORMATS:
        response = public.get(f"/results/{slug}.{kind}")
        if response.status_code != 200:
            msg = f"/results/{slug}.{kind} answered {response.status_code}"
            raise RuntimeError(msg)
        (folder / f"results.{kind}").write_bytes(response.data)


def _write_certificates(session: Session, store: FileStore, slug: str, folder: Path) -> None:
    folder.mkdir()
    issued = session.execute(
        select(IssuedCertificate.serial, IssuedCertificate.file_sha256)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Contest.slug == slug)
    )
    for serial, sha256 in issued:
        (folder / f"{serial:03d}.pdf").write_bytes(store.read(sha256))


def _write_minutes(session: Session, store: FileStore, people: People, slug: str, folder: Path) -> None:
    contest = session.scalars(select(Contest).where(Contest.slug == slug)).one()
    organiser = people.organiser_of(contest.territory_id)
    (folder / "minutes.pdf").write_bytes(minutes_file(session, organiser, contest.id, store=store))
