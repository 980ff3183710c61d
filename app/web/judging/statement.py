"""A judge's impartiality statement, signed before the first sheet, and the possible conflicts that follow from it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from app.domain.conflicts import ConflictKind
from app.domain.errors import IllegalState, InvalidInput
from app.domain.impartiality import CURRENT, WORDINGS
from app.domain.judging import MAX_REASON, check_reason
from app.domain.permissions import Permission
from app.queries.possible_conflicts import OwnConflicts, PossibleConflict, own_conflicts
from app.queries.statements import OwnStatement, own_statement, statement_before_sheet
from app.services.assignments import Recuse, recuse
from app.services.conflicts import AnswerConflict, answer_conflict
from app.services.statements import LONGEST, Declared, SignStatement, sign_statement
from app.web.access import current_actor, now, requires
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField, TextField, filled_in, longest
from app.web.i18n import _, _l, language, say
from app.web.judging.blueprint import bp
from app.web.kept_forms import keep_typed_form

View = TypeVar("View", bound=Callable[..., Any])
STAND_ASIDE, NO_CONFLICT = "aside", "none"


def after_statement(view: View) -> View:
    """Send a judge who has not signed the contest's statement there first, and back to the sheet afterwards."""

    @wraps(view)
    def guarded(sheet_id: int) -> ResponseReturnValue:
        contest_id = statement_before_sheet(read(), current_actor(), sheet_id)
        if contest_id is None:
            return cast("ResponseReturnValue", view(sheet_id))
        if request.method == "POST":
            keep_typed_form()  # the sheet shows it again
        return redirect(url_for("judging.statement", contest_id=contest_id, sheet=sheet_id), 303)

    return cast("View", guarded)


def statement_first(contest_id: int) -> ResponseReturnValue | None:
    """The way to the contest's statement for a judge who has not signed it; None if nothing is missing."""
    own = own_statement(read(), current_actor(), contest_id)
    if own.statement is not None or not own.may_sign:
        return None
    if request.method == "POST":
        keep_typed_form()  # the page shows it again
    return redirect(url_for("judging.statement", contest_id=contest_id), 303)


class DeclaredForm(Form):
    """What a judge declares, in the words for whoever takes it over from paper."""

    employer = TextField(_l("Employer"), validators=[longest(LONGEST)])
    employer_tax_code = TextField(_l("Tax code of the employer"), validators=[longest(20)])
    address = TextField(_l("Address"), validators=[longest(LONGEST)])
    links = LongTextField(_l("Facilities the judge has to do with"))

    @property
    def declared(self) -> Declared:
        """What was typed, for a service."""
        names = ("employer", "employer_tax_code", "address", "links")
        return Declared(**{name: self.data[name] or "" for name in names})


class StatementForm(DeclaredForm):
    """A judge's own statement."""

    links = LongTextField(_l("Facilities you have to do with"))
    agreed = BooleanField(_l("I have read this statement and agree to it"))


class AnswerForm(Form):
    """What a judge says to a possible conflict."""

    seen = TextField()
    reason = LongTextField(_l("Why"), validators=[filled_in, longest(MAX_REASON)])


@bp.route("/contests/<int:contest_id>/statement", methods=["GET", "POST"])
@requires(Permission.SCORE_SHEET_EDIT)
def statement(contest_id: int) -> ResponseReturnValue:
    """Show the statement of a contest, and sign it."""
    page = own_statement(read(), current_actor(), contest_id)
    form = StatementForm(data=page.declared)
    if form.is_submitted() and form.validate():
        command = SignStatement(contest_id, form.data["agreed"], language(), form.declared)
        try:
            with transaction() as session:
                sign_statement(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("Your statement is signed and on record."), "success")
            return redirect(_after_signing(contest_id), 303)
    return _show(page, form), 422 if form.errors else 200


def _show(page: OwnStatement, form: StatementForm) -> str:
    wording = WORDINGS[CURRENT]
    return render_template(
        "judging/statement.html",
        page=page,
        form=form,
        wording=wording,
        sheet_id=_asked_sheet(),
        version=CURRENT,
    )


def _after_signing(contest_id: int) -> str:
    """To the possible conflicts, if there are any to answer; otherwise back to the sheet, or to the list."""
    if own_conflicts(read(), current_actor(), contest_id).unanswered:
        return url_for(".conflicts", contest_id=contest_id, sheet=_asked_sheet())
    return onward(contest_id)


def onward(contest_id: int) -> str:
    """Where the judge was going: the sheet that was asked for, or the list."""
    sheet_id = _asked_sheet()
    return url_for(".index", contest=contest_id) if sheet_id is None else url_for(".sheet", sheet_id=sheet_id)


def _asked_sheet() -> int | None:
    return request.args.get("sheet", type=int)


@bp.get("/contests/<int:contest_id>/conflicts")
@requires(Permission.SCORE_SHEET_EDIT)
def conflicts(contest_id: int) -> str:
    """Show the judge what they have in common with facilities of the contest."""
    return _show_conflicts(own_conflicts(read(), current_actor(), contest_id))


@bp.post("/contests/<int:contest_id>/conflicts/<int:entry_id>")
@requires(Permission.SCORE_SHEET_EDIT)
def answer(contest_id: int, entry_id: int) -> ResponseReturnValue:
    """Take the judge's word: standing aside, or no conflict and why."""
    page = own_conflicts(read(), current_actor(), contest_id)
    form = AnswerForm(prefix=prefix_of(entry_id))
    aside = request.form.get("act") == STAND_ASIDE
    if not form.validate_on_submit():
        return _show_conflicts(page, {entry_id: form}), 422
    try:
        _carry_out(page, entry_id, form, aside=aside)
    except InvalidInput as error:
        form.refuse(error)
        return _show_conflicts(page, {entry_id: form}), 422
    except IllegalState as error:
        page = own_conflicts(read(), current_actor(), contest_id)
        return _show_conflicts(page, {entry_id: form}, say(error.message)), 409
    flash(
        _("It is on record that you do not score it.") if aside else _("Your answer is on record."), "success"
    )
    return redirect(url_for(".conflicts", contest_id=contest_id, sheet=_asked_sheet()), 303)


def _carry_out(page: OwnConflicts, entry_id: int, form: AnswerForm, *, aside: bool) -> None:
    judge_id, reason = page.own.judge_id, form.data["reason"]
    with transaction() as session:
        if aside:
            check_reason(reason)
            recuse(session, Recuse(judge_id, entry_id, reason), actor=current_actor(), now=now())
        else:
            command = AnswerConflict(page.own.contest.id, judge_id, entry_id, form.data["seen"], reason)
            answer_conflict(session, command, actor=current_actor(), now=now())


def prefix_of(entry_id: int) -> str:
    """What the names of the fields about one entry begin with."""
    return f"entry{entry_id}-"


def _show_conflicts(page: OwnConflicts, sent: dict[int, AnswerForm] | None = None, problem: str = "") -> str:
    forms = {one.entry_id: _form_for(one) for one in page.conflicts} | (sent or {})
    shown = {one.entry_id for one in page.conflicts}
    return render_template(
        "judging/conflicts.html",
        page=page,
        forms=forms,
        refused=[form for key, form in forms.items() if form.errors and key in shown],
        unkept=[form.reason.data for key, form in forms.items() if key not in shown and form.reason.data],
        problem=problem,
        onward=onward(page.own.contest.id),
        sheet_id=_asked_sheet(),
        certain=ConflictKind.OWN_FACILITY,
    )


def _form_for(conflict: PossibleConflict) -> AnswerForm:
    reason = conflict.answer.reason if conflict.answer else ""
    return AnswerForm(prefix=prefix_of(conflict.entry_id), data={"seen": conflict.digest, "reason": reason})


@bp.app_template_global()
def own_conflicts_of(contest_id: int) -> OwnConflicts:
    """What a judge's list says of the statement: whether it is signed, and what is still to be answered."""
    return own_conflicts(read(), current_actor(), contest_id)
