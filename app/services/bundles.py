"""Exporting a contest whole, with all that proves its result: a bundle (gói kiểm chứng) that anybody can verify."""

import hashlib
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.domain.contests import COUNCIL_SEES, PUBLIC, ContestState, check_real
from app.domain.errors import IllegalState, require
from app.domain.ledger import Occasion
from app.domain.messages import N_
from app.domain.permissions import Actor, Grant, Permission, Role
from app.domain.vietnamese import in_vietnam
from app.models import Contest, LedgerEvent, LedgerHead, LedgerLeaf
from app.models.base import canonical_json
from app.models.engine import snapshot_session, write_session
from app.queries.scope import contest_for
from app.services.bundle_awards import AWARD_TABLES, certificate_rows
from app.services.bundle_rows import TABLES, ballot_row, contest_row, json_file, moment
from app.services.documents import results_list_file
from app.services.files import FileStore
from app.services.ledger import leaf_of, opening_of
from app.services.minutes import minutes_file
from app.services.sequencing import publish_head, sequence
from app.verify import SOURCE

FORMAT = "binhchon.bundle/1"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # zip files know no earlier time: the same data gives the same bytes
# What the ledger says of these is in the bundle. Dossiers hold addresses and telephone numbers, judges declare where
# they work and live, and nobody but a member of the council knows how that member voted: of such acts the bundle has
# who, when and the hash.
SHOWN = (
    "ballot:add",
    "ballot:close",
    "ballot:open",
    "ballot:prize",
    "ballot:reopen",
    "ballot:withdraw",
    "certificate:",
    "contest:",
    "council-member:",
    "decision:",
    "discussion:",
    "entry:assign",
    "judge:",
    "list:",
    "meeting:",
    "minutes:keep-scan",
    "minutes:reopen",
    "minutes:sign",
    "results:",
    "score-sheet:",
)
CLOSED = (ContestState.VOTED, *sorted(PUBLIC))
README = """GÓI KIỂM CHỨNG KẾT QUẢ BÌNH CHỌN

Chạy:  python3 verify.py          (Python 3.11 trở lên, không cần cài gì thêm)
Rồi so mã gốc in ra với mã gốc trên biên bản đã ký và trên trang công bố kết quả.
Muốn chắc chắn hơn, hãy dùng tệp verify.py lấy từ nơi khác: python3 verify.py GÓI.zip

A BUNDLE THAT PROVES THE RESULT OF A CONTEST

Run:  python3 verify.py          (Python 3.11 or newer, nothing to install)
Then compare the heads it prints with those in the signed minutes and on the public page.
To be surer still, take verify.py from elsewhere: python3 verify.py BUNDLE.zip
"""


def export_bundle(
    engine: Engine, contest_id: int, file: IO[bytes], *, store: FileStore, actor: Actor, now: datetime
) -> None:
    """Write the bundle of a contest to a file; the same data gives the same bytes.

    It opens sessions of its own: the tree is brought up to date in one, and everything is read at one moment
    in another, while nobody who writes has to wait.

    Raises
    ------
    NotFound, IllegalState
        The contest is not this person's, or scoring has not closed: nobody sees a mark before.
    NotReady
        A document of it cannot be printed.
    """
    is_whole = False
    while not is_whole:
        with write_session(engine) as session:
            contest = contest_for(session, actor, Permission.CONTEST_VIEW, contest_id)
            check_real(is_practice=contest.is_practice)
            require(contest.state in COUNCIL_SEES, N_("The result can be seen once scoring has closed."))
            _bring_up_to_date(session, contest.id, now)
        with snapshot_session(engine) as session:
            is_whole = not _unplaced(session, contest_id)  # nobody wrote in between
            if is_whole:
                _write(session, contest_id, _Archive(file), store, actor, now)


def auditor(contest_id: int) -> Actor:
    """Who exports for a command run on the machine itself."""
    return Actor(None, "system", (Grant(Role.OBSERVER, contest_id=contest_id),))


class _Archive:
    """A zip file whose bytes depend on nothing but what is put into it, with a manifest at its end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self._hashes: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        """Put one file in."""
        self._hashes[name] = hashlib.sha256(content).hexdigest()
        self._store(name, content)

    def add_json(self, name: str, value: object) -> None:
        """Put one file of canonical JSON in."""
        self.add(name, json_file(value))

    def close(self) -> None:
        """Write the manifest and end the file."""
        manifest = canonical_json({"files": self._hashes, "format": FORMAT})
        self._store("manifest.json", f"{manifest}\n".encode())
        self._zip.close()

    def _store(self, name: str, content: bytes) -> None:
        info = ZipInfo(name, EARLIEST)
        info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
        self._zip.writestr(info, content)


def _write(
    session: Session, contest_id: int, archive: _Archive, store: FileStore, actor: Actor, now: datetime
) -> None:
    contest = contest_for(session, actor, Permission.CONTEST_VIEW, contest_id)
    archive.add_json("contest.json", contest_row(contest))
    archive.add("rules.json", contest.rules_json.encode())
    for name, rows in (TABLES | AWARD_TABLES).items():
        archive.add_json(f"{name}.json", rows(session, contest.id))
    archive.add_json("ballot.json", ballot_row(session, contest.id))
    _add_ledger(session, contest.id, archive)
    _add_documents(session, contest, archive, store, actor, now)
    _add_certificates(session, contest.id, archive, store)
    archive.add("README.txt", README.encode())
    archive.add("verify.py", SOURCE.read_bytes())
    archive.close()


def _add_ledger(session: Session, contest_id: int, archive: _Archive) -> None:
    events = session.scalars(
        select(LedgerEvent)
        .join(LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id)
        .where(LedgerLeaf.tree == contest_id)
        .order_by(LedgerLeaf.leaf_index)
    ).all()
    archive.add("ledger.jsonl", "".join(f"{leaf_of(event)}\n" for event in events).encode())
    shown = [opening_of(event) if event.action.startswith(SHOWN) else "" for event in events]
    archive.add("details.jsonl", "".join(f"{opening}\n" for opening in shown).encode())
    heads = session.scalars(select(LedgerHead).where(LedgerHead.tree == contest_id).order_by(LedgerHead.id))
    archive.add_json(
        "heads.json",
        [
            {"size": head.size, "root": head.root, "occasion": head.occasion, "made_at": moment(head.made_at)}
            for head in heads
        ],
    )


def _add_documents(
    session: Session, contest: Contest, archive: _Archive, store: FileStore, actor: Actor, now: datetime
) -> None:
    if contest.state in CLOSED:
        archive.add("documents/minutes.pdf", minutes_file(session, actor, contest.id, store=store))
    if contest.state in PUBLIC and contest.published_at is not None:
        today = in_vietnam(now).date()
        archive.add("documents/results-list.pdf", results_list_file(session, contest.slug, today=today))


def _add_certificates(session: Session, contest_id: int, archive: _Archive, store: FileStore) -> None:
    rows: list[dict[str, Any]] = certificate_rows(session, contest_id)
    archive.add_json("certificates.json", rows)
    for row in rows:
        try:
            content = store.read(row["sha256"])
        except FileNotFoundError:
            text = N_("The file of certificate %(number)s is missing from the store of files.")
            raise IllegalState(text, number=row["number"]) from None
        archive.add(row["file"], content)


def _bring_up_to_date(session: Session, contest_id: int, now: datetime) -> None:
    """Give every event its place, and keep a head over all of them if there is none yet."""
    size = sequence(session, contest_id)
    if session.scalar(select(func.max(LedgerHead.size)).where(LedgerHead.tree == contest_id)) != size:
        publish_head(session, contest_id, Occasion.EXPORT, now=now)


def _unplaced(session: Session, contest_id: int) -> int:
    unplaced = (
        select(func.count())
        .select_from(LedgerEvent)
        .outerjoin(LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id)
        .where(LedgerEvent.contest_id == contest_id, LedgerLeaf.event_id.is_(None))
    )
    return session.scalar(unplaced) or 0
