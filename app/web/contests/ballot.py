"""The organiser's page of the council's ballot: open it, add to it, see who has voted."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.validators import DataRequired

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput
from app.domain.permissions import Permission
from app.queries.ballots import ballot_desk
from app.services import ballots
from app.services.ballots import AddToBallot, OpenBallot
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField, TextField
from app.web.i18n import _, _l, say


class OpeningForm(Form):
    """Where the council meets."""

    place = TextField(_l("Place of the council’s meeting"))


class AdditionForm(Form):
    """Which entry joins the ballot, and why."""

    entry_id = SelectField(
        _l("Product"),
        coerce=lambda value: int(value) if str(value).isdecimal() and len(str(value)) < 10 else 0,
        validators=[DataRequired(_l("Choose a product."))],
        choices=[],
        validate_choice=False,  # the rules say what may be added
    )
    reason = LongTextField(_l("Reason"))


@bp.get("/<int:contest_id>/ballot")
@requires(Permission.CONTEST_VIEW)
def ballot(contest_id: int) -> str:
    """Show the jury's list, the ballot and the attendance; the counts once it is closed."""
    return _show(contest_id)


@bp.post("/<int:contest_id>/ballot/open")
@requires(Permission.BALLOT_MANAGE)
def open_ballot(contest_id: int) -> ResponseReturnValue:
    """Put the jury's list to the council's vote."""
    form = OpeningForm()

    def act(session: Session) -> None:
        command = OpenBallot(contest_id, form.place.data or "")
        ballots.open_ballot(session, command, actor=current_actor(), now=now())

    return _carry_out(contest_id, form, act, _("The ballot is open. The members of the council can vote."))


@bp.post("/<int:contest_id>/ballot/add")
@requires(Permission.BALLOT_MANAGE)
def add_to_ballot(contest_id: int) -> ResponseReturnValue:
    """Put one more entry to the vote."""
    form = AdditionForm()

    def act(session: Session) -> None:
        command = AddToBallot(contest_id, form.entry_id.data, form.reason.data or "")
        ballots.add_to_ballot(session, command, actor=current_actor(), now=now())

    return _carry_out(contest_id, form, act, _("The product was added; every member must vote on it too."))


def _carry_out(contest_id: int, form: Form, act: Callable[[Session], None], done: str) -> ResponseReturnValue:
    """Do one step in its transaction; show the page again with what was typed if the rules refuse."""
    try:
        if not form.validate():
            return _show(contest_id, form), 422
        with transaction() as session:
            act(session)
    except InvalidInput as error:
        form.refuse(error)
        return _show(contest_id, form), 422
    except IllegalState as error:
        return _show(contest_id, form, problem=say(error.message)), 409
    flash(done, "success")
    return redirect(url_for(".ballot", contest_id=contest_id), 303)


def _show(contest_id: int, form: Form | None = None, problem: str = "") -> str:
    """Render the page; the form that was refused stands in for its empty sister."""
    page = ballot_desk(read(), current_actor(), contest_id)
    addition = form if isinstance(form, AdditionForm) else AdditionForm(formdata=None)
    addable = [(str(row.entry_id), f"{row.code} – {row.product}") for row in page.addable]
    addition.entry_id.choices = [("", _("Choose a product")), *addable]
    return render_template(
        "contests/ballot.html",
        page=page,
        may_reopen=page.may_manage and page.contest.state is ContestState.VOTED,
        form=form or Form(),
        opening=form if isinstance(form, OpeningForm) else OpeningForm(formdata=None),
        addition=addition,
        problem=problem,
    )
