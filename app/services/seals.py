"""Seals: hashes of files of the bundle, kept in the ledger by the act after which they change no more.

The ballot's close seals all that the council voted on; the decision seals itself. Whoever changes one of these in
the database afterwards makes another file than the ledger names, and every later head covers the seal.
"""

import hashlib
from typing import Final

from sqlalchemy.orm import Session

from app.services.bundle_awards import decision_rows
from app.services.bundle_rows import TABLES, ballot_row, json_file

VOTED_ON: Final = ("entries", "sheets", "recusals", "discussions", "results")


def seals_of_the_vote(session: Session, contest_id: int) -> dict[str, str]:
    """SHA-256, by name, of the files that stand still once the council has voted."""
    session.flush()
    files = {name: json_file(TABLES[name](session, contest_id)) for name in VOTED_ON}
    return _hashes(files | {"ballot": json_file(ballot_row(session, contest_id))})


def seals_of_the_decision(session: Session, contest_id: int) -> dict[str, str]:
    """SHA-256, by name, of the file of the decisions."""
    session.flush()
    return _hashes({"decision": json_file(decision_rows(session, contest_id))})


def _hashes(files: dict[str, bytes]) -> dict[str, str]:
    return {f"{name}.json": hashlib.sha256(content).hexdigest() for name, content in files.items()}
