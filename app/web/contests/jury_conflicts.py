"""The organiser's page of possible conflicts of interest: the facts side by side, and what becomes of each."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import IllegalState, InvalidInput
from app.domain.permissions import Permission
from app.queries.possible_conflicts import ConflictsPage, PossibleConflict, check_judge_of, conflicts_page
from app.services.assignments import Recuse, recuse
from app.services.conflicts import AcceptAnswer, accept_answer
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField, filled_in, longest
from app.web.i18n import _, _l, say
from app.web.pages import stands_on

Pair = tuple[int, int]


class SettleForm(Form):
    """Why a judge does not score an entry."""

    reason = LongTextField(_l("Reason"), validators=[filled_in, longest(2000)])


@bp.get("/<int:contest_id>/jury/conflicts")
@requires(Permission.JURY_APPOINT)
def jury_conflicts(contest_id: int) -> str:
    """Show what judges have in common with facilities."""
    return _show(conflicts_page(read(), current_actor(), contest_id))


@bp.post("/<int:contest_id>/jury/<int:judge_id>/conflicts/<int:entry_id>/<any(recuse, accept):act>")
@stands_on("contests.jury_conflicts")
@requires(Permission.JURY_APPOINT)
def settle_conflict(contest_id: int, judge_id: int, entry_id: int, act: str) -> ResponseReturnValue:
    """Record that the judge stands aside, or accept the judge's answer."""
    page = conflicts_page(read(), current_actor(), contest_id)
    check_judge_of(read(), contest_id, judge_id)
    form = SettleForm(prefix=_prefix(judge_id, entry_id))
    if act == "recuse" and not form.validate_on_submit():
        return _show(page, {(judge_id, entry_id): form}), 422
    try:
        with transaction() as session:
            if act == "recuse":
                command = Recuse(judge_id, entry_id, form.data["reason"])
                recuse(session, command, actor=current_actor(), now=now())
            else:
                accept = AcceptAnswer(contest_id, judge_id, entry_id, request.form.get("seen", ""))
                accept_answer(session, accept, actor=current_actor(), now=now())
    except InvalidInput as error:
        form.refuse(error)
        return _show(page, {(judge_id, entry_id): form}), 422
    except IllegalState as error:
        page = conflicts_page(read(), current_actor(), contest_id)
        return _show(page, {(judge_id, entry_id): form}, say(error.message)), 409
    flash(_("It was recorded."), "success")
    return redirect(url_for(".jury_conflicts", contest_id=contest_id), 303)


def _prefix(judge_id: int, entry_id: int) -> str:
    return f"pair{judge_id}-{entry_id}-"


def _show(page: ConflictsPage, sent: dict[Pair, SettleForm] | None = None, problem: str = "") -> str:
    forms = {(one.judge_id, one.entry_id): _form_for(one) for one in page.conflicts} | (sent or {})
    shown = {(one.judge_id, one.entry_id) for one in page.conflicts}
    return render_template(
        "contests/jury_conflicts.html",
        page=page,
        forms=forms,
        refused=[form for form in forms.values() if form.errors],
        unkept=[form.reason.data for pair, form in forms.items() if pair not in shown and form.reason.data],
        problem=problem,
    )


def _form_for(conflict: PossibleConflict) -> SettleForm:
    return SettleForm(prefix=_prefix(conflict.judge_id, conflict.entry_id))
