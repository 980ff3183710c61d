"""From the vote to the final list: the minutes, the provisional list, the signed decision."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from app.domain.contests import ContestState
from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.contests import head_of
from app.queries.publication import PublicationPage, publication_page
from app.services.minutes import minutes_file
from app.services.publication import RecordDecision, publish_provisional, record_decision
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.downloads import PDF, download
from app.web.fields import DayField, Form, LongTextField, TextField
from app.web.i18n import _, _l


class DecisionForm(Form):
    """The decision as it was signed."""

    number = TextField(_l("Number of the decision"))
    signed_on = DayField(_l("Day of signing"), validators=[InputRequired(_l("Enter the day of signing."))])
    signing_body = TextField(_l("Authority that signs"))
    signatory_title = LongTextField(_l("Title above the signature"))
    signatory = TextField(_l("Name of the signatory"))
    place = TextField(_l("Place"))


@bp.get("/<int:contest_id>/publication")
@requires(Permission.CONTEST_VIEW)
def publication(contest_id: int) -> str:
    """Show where publication stands and the next step."""
    page = _page(contest_id)
    return _show(page, DecisionForm(formdata=None, obj=page.defaults))


@bp.post("/<int:contest_id>/publish")
@requires(Permission.RESULTS_PUBLISH)
def publish(contest_id: int) -> ResponseReturnValue:
    """Make the provisional list public."""
    with transaction() as session:
        publish_provisional(session, contest_id, actor=current_actor(), now=now())
    flash(_("The provisional list is public. The term for complaints has begun."), "success")
    return redirect(url_for(".publication", contest_id=contest_id), 303)


@bp.post("/<int:contest_id>/decision")
@requires(Permission.RESULTS_PUBLISH)
def decide(contest_id: int) -> ResponseReturnValue:
    """Record the signed decision; the list is final."""
    page, form = _page(contest_id), DecisionForm()
    if form.validate():
        answers: dict[str, Any] = {field.name: field.data or "" for field in form}
        answers.pop("csrf_token", None)
        command = RecordDecision(contest_id=contest_id, **answers)
        try:
            with transaction() as session:
                record_decision(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(
                _("The decision is recorded and the list is final. Certificates can be issued now."),
                "success",
            )
            return redirect(url_for(".publication", contest_id=contest_id), 303)
    return _show(page, form), 422


@bp.get("/<int:contest_id>/minutes.pdf")
@requires(Permission.CONTEST_VIEW)
def minutes(contest_id: int) -> Response:
    """Send the minutes of the council's meeting."""
    slug = head_of(read(), current_actor(), contest_id).slug
    content = minutes_file(read(), current_actor(), contest_id)
    return download(content, f"{_('minutes')}-{slug}.pdf", PDF)


def _page(contest_id: int) -> PublicationPage:
    return publication_page(read(), current_actor(), contest_id, today=in_vietnam(now()).date())


def _show(page: PublicationPage, form: DecisionForm) -> str:
    may_act = page.contest.may(Permission.RESULTS_PUBLISH)
    return render_template(
        "contests/publication.html",
        page=page,
        form=form,
        may_publish=may_act and page.contest.state is ContestState.VOTED,
        may_decide=may_act and page.contest.state is ContestState.PROVISIONAL,
        early=page.complaints_until is not None and in_vietnam(now()).date() <= page.complaints_until,
    )
