"""What a judge's browser asks by itself: to save what was typed, and who is signed in."""

from collections.abc import Mapping
from typing import Any, TypeGuard

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.domain.errors import InvalidInput, StaleVersion
from app.domain.judging import mark_field, note_field
from app.domain.marks import InvalidMark, parse_mark
from app.domain.messages import N_, Message
from app.domain.permissions import Permission
from app.domain.vietnamese import normalise_lines
from app.queries.score_sheet import sheet_page
from app.services.autosave import Autosave, autosave_sheet
from app.services.judging import SaveSheet
from app.web.access import current_actor, now, requires, signed_in
from app.web.db import read, transaction
from app.web.fields import UNPRINTABLE, mark_error
from app.web.filters import time_of_day
from app.web.i18n import say
from app.web.judging.blueprint import bp
from app.web.judging.forms import saved_fields

MARK, NOTE, REMARK = mark_field(""), note_field(""), "remark"
MOST_FIELDS = 100


@bp.get("/session")
@signed_in
def session_facts() -> ResponseReturnValue:
    """Tell a page that was kept on the device who is signed in now, and the token that saves need."""
    return jsonify(user=current_actor().user_id, csrf_token=generate_csrf())


@bp.post("/sheets/<int:sheet_id>/autosave")
@requires(Permission.SCORE_SHEET_EDIT)
def autosave(sheet_id: int) -> ResponseReturnValue:
    """Save what was typed since the last save. It is answered once it is on disk."""
    command = _read(sheet_id, _sent())
    try:
        with transaction() as session:
            saved = autosave_sheet(session, command, actor=current_actor(), now=now())
    except StaleVersion as error:
        return jsonify(error=say(error.message), **_as_it_stands(sheet_id)), 409
    answer = {"version": saved.version, "saved_at": saved.saved_at and time_of_day(saved.saved_at)}
    return jsonify(answer | ({"now": _as_it_stands(sheet_id)} if saved.is_overtaken else {}))


def _as_it_stands(sheet_id: int) -> dict[str, Any]:
    page = sheet_page(read(), sheet_id, current_actor())
    return {"version": page.version, "saved": saved_fields(page)}


def _sent() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # more brackets within brackets than Python reads
        return None


def _read(sheet_id: int, sent: Any) -> Autosave:
    """Read `{"key": …, "version": …, "changes": {field: text}}`; InvalidInput for anything else."""
    faulty = InvalidInput({"changes": Message(N_("The save cannot be read. Reload the page."))})
    if not isinstance(sent, dict):
        raise faulty
    key, version, changes = sent.get("key"), sent.get("version"), sent.get("changes")
    if not (isinstance(key, str) and type(version) is int and 0 < version < 2**31):
        raise faulty
    if not _are_texts(changes):
        raise faulty
    return Autosave(key, _changes(sheet_id, version, changes))


def _are_texts(changes: object) -> TypeGuard[dict[str, str]]:
    return (
        isinstance(changes, dict)
        and 0 < len(changes) <= MOST_FIELDS
        and all(isinstance(text, str) for text in changes.values())
    )


def _changes(sheet_id: int, version: int, changes: Mapping[str, str]) -> SaveSheet:
    marks: dict[str, int | None] = {}
    notes: dict[str, str] = {}
    remark, faults = None, {}
    for name, text in changes.items():
        if name == REMARK:
            remark = normalise_lines(text)
        elif name.startswith(NOTE):
            notes[name.removeprefix(NOTE)] = normalise_lines(text)
        elif name.startswith(MARK):
            try:
                marks[name.removeprefix(MARK)] = parse_mark(
                    UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
                )
            except InvalidMark as error:
                faults[name] = Message(mark_error(error))
        else:
            faults[name] = Message(N_("This sheet has no such criterion."))
    if faults:
        raise InvalidInput(faults)
    return SaveSheet(sheet_id, version, marks, notes, remark)
