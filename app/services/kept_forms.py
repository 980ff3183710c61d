"""What was typed in a form when the session had ended: kept for a day, given back once, bounded in size and number.

Nobody has signed in when a form is kept, so nothing here enters the ledger; it is no act until it is saved.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.models import KeptForm

KEPT_FOR = timedelta(hours=24)
MAX_KEPT = 1000
MAX_BYTES = 64 * 1024
MAX_PATH = 200


@dataclass(frozen=True)
class KeepForm:
    """The fields of a form, the path of its page, and the person for whom that page was made."""

    path: str
    user_id: int
    fields: Mapping[str, Sequence[str]]


def keep_form(session: Session, command: KeepForm, *, now: datetime) -> str | None:
    """Keep a form and return the secret that gives it back to this person; None if it is too large to keep."""
    text = json.dumps({name: list(texts) for name, texts in command.fields.items()}, ensure_ascii=False)
    if len(text.encode()) > MAX_BYTES or len(command.path) > MAX_PATH:
        return None
    newest = select(KeptForm.token_sha256).order_by(KeptForm.kept_at.desc()).limit(MAX_KEPT - 1)
    session.execute(
        delete(KeptForm)
        .where(or_(KeptForm.kept_at <= now - KEPT_FOR, KeptForm.token_sha256.not_in(newest)))
        .execution_options(synchronize_session=False)
    )
    token = secrets.token_urlsafe(32)
    digest = _digest(token, command.user_id)
    session.add(KeptForm(token_sha256=digest, path=command.path, fields_json=text, kept_at=now))
    session.flush()
    return token


def take_back(
    session: Session, token: str, path: str, user_id: int, *, now: datetime
) -> dict[str, list[str]] | None:
    """Give back, once, what this person typed on this page; None if there is nothing or it is too old."""
    text = session.scalar(
        delete(KeptForm)
        .where(
            KeptForm.token_sha256 == _digest(token, user_id),
            KeptForm.path == path,
            KeptForm.kept_at > now - KEPT_FOR,
        )
        .returning(KeptForm.fields_json)
        .execution_options(synchronize_session=False)
    )
    if text is None:
        return None
    fields: dict[str, list[str]] = json.loads(text)
    return fields


def _digest(token: str, user_id: int) -> str:
    """What is stored of a secret: it opens the form to one person only."""
    return hashlib.sha256(f"{user_id}:{token}".encode()).hexdigest()
