"""Previews for organisers: a judge's list and sheets as the judge sees them, empty and read-only.

Opening one is a form of its own (`contests.open_preview`), which the ledger keeps; the pages here only show it.
"""

from flask import render_template

from app.domain.permissions import Permission
from app.queries.preview import preview_list, preview_sheet
from app.web.access import current_actor, now, requires
from app.web.db import read
from app.web.judging.blueprint import bp
from app.web.judging.forms import sheet_form


@bp.get("/previews/<int:event_id>")
@requires(Permission.JURY_APPOINT)
def preview(event_id: int) -> str:
    """List what the judge would score."""
    page = preview_list(read(), current_actor(), event_id, now())
    return render_template("judging/preview.html", page=page)


@bp.get("/previews/<int:event_id>/entries/<int:entry_id>")
@requires(Permission.JURY_APPOINT)
def preview_entry(event_id: int, entry_id: int) -> str:
    """Show the empty sheet of one entry."""
    page = preview_sheet(read(), current_actor(), event_id, entry_id, now())
    form = sheet_form(page)(formdata=None)
    values = {"version": 0, "saved": {}, "notice": None, "open_parts": form.parts_to_open}
    return render_template("judging/sheet.html", page=page, form=form, **values)
