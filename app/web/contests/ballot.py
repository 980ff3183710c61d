"""The organiser's page of the council's ballot: open it, see the motions on it and who has voted."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput
from app.domain.permissions import Permission
from app.queries.ballots import ballot_desk
from app.services import ballots
from app.services.ballots import OpenBallot
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.motion_forms import kinds_offered
from app.web.db import read, transaction
from app.web.fields import Form, TextField
from app.web.i18n import _, _l, say


class OpeningForm(Form):
    """Where the council meets."""

    place = TextField(_l("Place of the council’s meeting"))


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
    is_voting = page.may_manage and page.contest.state is ContestState.VOTING
    return render_template(
        "contests/ballot.html",
        page=page,
        may_reopen=page.may_manage and page.contest.state is ContestState.VOTED,
        form=form or Form(),
        opening=form if isinstance(form, OpeningForm) else OpeningForm(formdata=None),
        kinds=kinds_offered(page, page.ballot) if is_voting and page.ballot else [],
        problem=problem,
    )
