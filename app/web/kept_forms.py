"""What was typed over the end of a session: kept when it cannot be saved, shown again after sign-in."""

import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, g, request, session
from flask_security import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

from app.domain.permissions import Permission
from app.domain.vietnamese import normalise_lines
from app.services.kept_forms import KeepForm, keep_form, take_back
from app.web.access import now
from app.web.db import transaction
from app.web.expired import from_own_page, here

FIELD = re.compile(r"[A-Za-z0-9_.-]{1,60}", re.ASCII)
VERSION = re.compile(r"(.*-)?(version|seen)")  # tells what a page showed
NOT_TYPED = re.compile(
    r"(.*-)?(csrf_token|version|seen|then|item_id|poll_id|entitled|replaces|spread|seats|source|signing|judge|entry|back)"
    r"|rows_.*"
)  # what hidden fields hold: a test finds those that are missing
TOKEN = "kept_form"  # noqa: S105 -- a key of the session, no secret


def csrf_secret_of(user_id: int) -> str:
    """The session's part of the CSRF token: random, and it names whom the pages of the session are made for."""
    return f"{secrets.token_hex(20)}.{user_id}"


def keep_typed_form() -> bool:
    """Keep what this request posted, so that it is not lost with the session; whether it was kept.

    Only from a page of our own, and for the person it was made for, whom its signed CSRF token names: nobody else
    may put marks before a judge, or see what another typed. Passwords are asked for only by routes without a
    permission; files are not kept.
    """
    access = getattr(current_app.view_functions.get(request.endpoint or ""), "access", None)
    typist = _typist()
    if (
        request.method != "POST"
        or not isinstance(access, Permission)
        or typist is None
        or not from_own_page()
    ):
        return False
    fields = {
        name: texts for name, texts in request.form.lists() if FIELD.fullmatch(name) and name != "csrf_token"
    }
    if not any("".join(texts).strip() for name, texts in fields.items() if not NOT_TYPED.fullmatch(name)):
        return False
    path = urlsplit(here() or "").path
    with transaction() as database:
        token = keep_form(database, KeepForm(path, typist, fields), now=now())
    if token is None:
        return False
    session[TOKEN] = [token, path, request.path, typist]
    return True


def typed_texts() -> list[str]:
    """The texts in what this request posted, for a page that has to say that they were not kept.

    A reason, a note, a finding: what has several words. Not from forms that may hold a password.
    """
    access = getattr(current_app.view_functions.get(request.endpoint or ""), "access", None)
    if request.method != "POST" or not isinstance(access, Permission):
        return []
    return texts_of(request.form)


def texts_of(fields: MultiDict[str, str]) -> list[str]:
    """The texts of several words among what was sent; a hidden field was typed by nobody."""
    typed = [text for name, text in fields.items() if not NOT_TYPED.fullmatch(name)]
    return [normalise_lines(text) for text in typed if len(text.split()) > 1]


@dataclass(frozen=True)
class Sent:
    """A form that was sent when the session had ended: the address it was sent to, and its fields."""

    address: str
    fields: MultiDict[str, str]


def sent_before() -> Sent | None:
    """What this person sent from this page in this browser when the session had ended; given back once.

    Without fields if it was kept too long.
    """
    if "sent_before" not in g:
        g.sent_before = _taken_back()
    sent: Sent | None = g.sent_before
    return sent


def typed_before() -> MultiDict[str, str] | None:
    """The same for a view that shows it by itself."""
    sent = sent_before()
    if sent is None or not sent.fields:
        return None
    g.is_shown_by_view = True
    return sent.fields


def waits_here() -> bool:
    """Whether something is kept for this person and this page."""
    kept = session.get(TOKEN)
    return (
        isinstance(kept, list)
        and len(kept) == len(("token", "page", "address", "typist"))
        and kept[1] == request.path
        and current_user.is_authenticated
        and kept[3] == current_user.id
    )


def _taken_back() -> Sent | None:
    if not waits_here():
        return None
    token, page, address, typist = session[TOKEN]
    with transaction() as database:
        fields = take_back(database, token, page, typist, now=now())
    del session[TOKEN]
    return Sent(address, MultiDict(fields or {}))


def _typist() -> int | None:
    """The person for whom the page was made whose form was sent; None if its token is not of our making."""
    signed = URLSafeTimedSerializer(
        current_app.secret_key or "", salt="wtf-csrf-token"
    )  # as Flask-WTF signs it
    try:
        secret = signed.loads(request.form.get("csrf_token", ""))
    except BadData:
        return None
    named = re.fullmatch(r"[0-9a-f]{40}\.([0-9]{1,9})", str(secret))
    return int(named[1]) if named else None
