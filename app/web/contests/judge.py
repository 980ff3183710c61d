"""The organiser's page of one judge: head of jury, dismissal, single entries, and who stands aside."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from app.domain.contests import JURY_OPEN
from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.queries.juries import JudgePage, judge_page
from app.services.assignments import Recuse, assign_entry, lift_recusal, recuse, unassign_entry
from app.services.juries import dismiss_judge, name_head
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField, filled_in, longest
from app.web.i18n import _, _l


class RecusalForm(Form):
    """An entry that a judge does not score, or may score after all, and why."""

    entry_id = SelectField(_l("Entry"), coerce=int)
    reason = LongTextField(_l("Reason"), validators=[filled_in, longest(2000)])


@bp.get("/<int:contest_id>/jury/<int:judge_id>")
@requires(Permission.CONTEST_VIEW)
def judge(contest_id: int, judge_id: int) -> str:
    """Show one judge with all accepted entries."""
    return _show(judge_page(read(), current_actor(), contest_id, judge_id))


@bp.post("/<int:contest_id>/jury/<int:judge_id>/head")
@requires(Permission.JURY_APPOINT)
def head(contest_id: int, judge_id: int) -> ResponseReturnValue:
    """Make a judge the head of jury."""
    page = judge_page(read(), current_actor(), contest_id, judge_id)
    with transaction() as session:
        name_head(session, judge_id, actor=current_actor(), now=now())
    flash(_("%(name)s is now the head of jury.", name=page.name), "success")
    return redirect(url_for(".judge", contest_id=contest_id, judge_id=judge_id), 303)


@bp.post("/<int:contest_id>/jury/<int:judge_id>/dismiss")
@requires(Permission.JURY_APPOINT)
def dismiss(contest_id: int, judge_id: int) -> ResponseReturnValue:
    """Take a judge off the jury."""
    page = judge_page(read(), current_actor(), contest_id, judge_id)
    with transaction() as session:
        dismiss_judge(session, judge_id, actor=current_actor(), now=now())
    flash(_("%(name)s is no longer on the jury.", name=page.name), "success")
    return redirect(url_for(".jury", contest_id=contest_id), 303)


@bp.post("/<int:contest_id>/jury/<int:judge_id>/entries/<int:entry_id>/<any(assign, unassign):act>")
@requires(Permission.JURY_APPOINT)
def seat(contest_id: int, judge_id: int, entry_id: int, act: str) -> ResponseReturnValue:
    """Give a judge one entry, or take it back."""
    judge_page(read(), current_actor(), contest_id, judge_id)
    with transaction() as session:
        if act == "assign":
            assign_entry(session, judge_id, entry_id, actor=current_actor(), now=now())
        else:
            unassign_entry(session, judge_id, entry_id, actor=current_actor(), now=now())
    flash(_("The entry was assigned.") if act == "assign" else _("The entry was taken back."), "success")
    return redirect(url_for(".judge", contest_id=contest_id, judge_id=judge_id), 303)


@bp.post("/<int:contest_id>/jury/<int:judge_id>/<any(recuse, lift):act>")
@requires(Permission.JURY_APPOINT)
def stand_aside(contest_id: int, judge_id: int, act: str) -> ResponseReturnValue:
    """Record that a judge does not score an entry, or take such a record back."""
    page = judge_page(read(), current_actor(), contest_id, judge_id)
    form = _recusal_forms(page)[act]
    if not form.validate_on_submit():
        return _show(page, **{act: form}), 422
    command = Recuse(judge_id, form.data["entry_id"], form.data["reason"])
    try:
        with transaction() as session:
            if act == "recuse":
                recuse(session, command, actor=current_actor(), now=now())
            else:
                lift_recusal(session, command, actor=current_actor(), now=now())
    except InvalidInput as error:
        form.refuse(error)
        return _show(page, **{act: form}), 422
    flash(_("It was recorded."), "success")
    return redirect(url_for(".judge", contest_id=contest_id, judge_id=judge_id), 303)


def _show(page: JudgePage, **forms: RecusalForm) -> str:
    return render_template(
        "contests/judge.html",
        page=page,
        forms=_recusal_forms(page) | forms,
        may_appoint=page.contest.may(Permission.JURY_APPOINT) and page.contest.state in JURY_OPEN,
    )


def _recusal_forms(page: JudgePage) -> dict[str, RecusalForm]:
    recuse_form, lift_form = RecusalForm(prefix="recuse-"), RecusalForm(prefix="lift-")
    recuse_form.entry_id.choices = _choices(page, recused=False)
    lift_form.entry_id.choices = _choices(page, recused=True)
    return {"recuse": recuse_form, "lift": lift_form}


def _choices(page: JudgePage, *, recused: bool) -> list[tuple[int, str]]:
    return [
        (entry.id, f"{entry.code} – {entry.product}")
        for entry in page.entries
        if (entry.recused is not None) is recused
    ]
