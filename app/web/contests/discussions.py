"""Entries whose judges lie far apart: the list of them, and settling one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.permissions import Permission
from app.queries.discussions import DiscussionsPage, discussion_page, discussions_page
from app.queries.spreads import WideEntry
from app.services.discussions import SettleDiscussion, settle_discussion
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField, number_of
from app.web.filters import mark
from app.web.i18n import _, _l, say
from app.web.plots import DotPlot, dot_plot


@bp.get("/<int:contest_id>/discussions")
@requires(Permission.DISCUSSION_SETTLE)
def discussions(contest_id: int) -> str:
    """List the entries to discuss, those still open first."""
    return _list(contest_id)


class SettleForm(Form):
    """What the jury agreed on."""

    spread = HiddenField()
    seen = HiddenField()
    note = LongTextField(_l("What the jury agreed on"))


@bp.route("/<int:contest_id>/discussions/<int:entry_id>", methods=["GET", "POST"])
@requires(Permission.DISCUSSION_SETTLE)
def discussion(contest_id: int, entry_id: int) -> ResponseReturnValue:
    """Show every judge's marks of one entry, and settle it with a note."""
    form, status = SettleForm(), 200
    if form.validate_on_submit():
        command = _command(contest_id, entry_id, form)
        try:
            with transaction() as session:
                settle_discussion(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
            status = 422
        except IllegalState as error:
            form.form_errors.append(say(error.message))
            status = 409
        else:
            flash(_("What the jury agreed on is recorded."), "success")
            return redirect(url_for(".discussions", contest_id=contest_id), 303)
    try:
        page = discussion_page(read(), current_actor(), contest_id, entry_id)
    except NotFound:
        if not form.form_errors:
            raise
        return _list(contest_id, form), status  # it is not to be discussed any more: the note is shown there
    return render_template("contests/discussion.html", page=page, form=form), status


def _command(contest_id: int, entry_id: int, form: SettleForm) -> SettleDiscussion:
    spread, note, seen = number_of(form.spread.data), form.note.data or "", form.seen.data or ""
    return SettleDiscussion(contest_id, entry_id, spread, note, seen)


def _list(contest_id: int, form: SettleForm | None = None) -> str:
    page = discussions_page(read(), current_actor(), contest_id)
    plots = {entry.entry_id: _plot(page, entry) for entry in page.entries}
    return render_template("contests/discussions.html", page=page, plots=plots, form=form)


def _plot(page: DiscussionsPage, entry: WideEntry) -> DotPlot:
    text = _(
        "Totals of %(code)s: %(totals)s.",
        code=entry.code,
        totals="; ".join(mark(total) for total in entry.totals) or "–",
    )
    return dot_plot(entry.totals, None, page.contest.rules.threshold, page.plot_range, text)
