"""What was typed over the end of a session: kept when it cannot be saved, shown again after sign-in."""

import re

from flask import request, session
from werkzeug.datastructures import MultiDict

from app.domain.questions import BY_KEY
from app.services.kept_forms import KeepForm, keep_form, take_back
from app.web.access import now
from app.web.db import transaction
from app.web.expired import from_own_page

# The forms that take long to fill in, a judge's sheet and a facility's answers: endpoint -> names of fields.
KEPT = {
    "judging.sheet": re.compile(r"version|remark|(mark|note)_[A-Za-z0-9.]{1,20}", re.ASCII),
    "facility.answers": re.compile("|".join(["version", *BY_KEY])),
}
TOKEN = "kept_form"  # noqa: S105 -- a key of the session, no secret


def keep_typed_form() -> bool:
    """Keep what this request posted, so that it is not lost with the session; whether it was kept.

    Only for a form that one of our own pages sent: nobody else may put marks before a judge.
    """
    field = KEPT.get(request.endpoint or "")
    if request.method != "POST" or field is None or not from_own_page():
        return False
    fields = {name: text for name, text in request.form.items() if field.fullmatch(name)}
    with transaction() as database:
        token = keep_form(database, KeepForm(request.path, fields), now=now())
    if token is None:
        return False
    session[TOKEN] = token
    return True


def typed_before() -> MultiDict[str, str] | None:
    """What was typed in this browser on this page before the session ended; given back once."""
    token = session.get(TOKEN)
    if token is None:
        return None
    with transaction() as database:
        fields = take_back(database, token, request.path, now=now())
    if fields is None:
        return None
    del session[TOKEN]
    return MultiDict(fields)
