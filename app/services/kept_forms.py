"""What was typed on a sheet when the session had ended: kept for a day, given back once, bounded in size and number.

Nobody has signed in when a form is kept, so nothing here enters the ledger; it is no act until it is saved.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.models import KeptForm

KEPT_FOR = timedelta(hours=24)
MAX_KEPT = 1000
MAX_BYTES = 64 * 1024


@dataclass(frozen=True)
class KeepForm:
    """The fields of a form, and the path it was posted to."""

    path: str
    fields: Mapping[str, str]


def keep_form(session: Session, command: KeepForm, *, now: datetime) -> str | None:
    """Keep a form and return the secret that gives it back; None if it is too large to keep."""
    text = json.dumps(dict(command.fields), ensure_ascii=False)
    if len(text.encode()) > MAX_BYTES:
        return None
    newest = select(KeptForm.token_sha256).order_by(KeptForm.kept_at.desc()).limit(MAX_KEPT - 1)
    session.execute(
        delete(KeptForm)
        .where(or_(KeptForm.kept_at <= now - KEPT_FOR, KeptForm.token_sha256.not_in(newest)))
        .execution_options(synchronize_session=False)
    )
    token = secrets.token_urlsafe(32)
    session.add(KeptForm(token_sha256=_digest(token), path=command.path, fields_json=text, kept_at=now))
    session.flush()
    return token


def take_back(session: Session, token: str, path: str, *, now: datetime) -> dict[str, str] | None:
    """Give back, once, what was kept for this page; None if there is nothing or it is too old."""
    text = session.scalar(
        delete(KeptForm)
        .where(
            KeptForm.token_sha256 == _digest(token),
            KeptForm.path == path,
            KeptForm.kept_at > now - KEPT_FOR,
        )
        .returning(KeptForm.fields_json)
        .execution_options(synchronize_session=False)
    )
    if text is None:
        return None
    fields: dict[str, str] = json.loads(text)
    return fields


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
