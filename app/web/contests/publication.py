"""From the vote to the final list: the minutes, the provisional list, the signed decision."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField
from wtforms.validators import InputRequired

from app.domain.contests import ContestState
from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.contests import head_of
from app.queries.publication import PublicationPage, publication_page
from app.services.minutes import minutes_file
from app.services.publication import RecordDecision, check_decision, publish_provisional, record_decision
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import file_store, read, transaction
from app.web.downloads import PDF, download
from app.web.fields import DayField, Form, LongTextField, SeenField, TextField
from app.web.i18n import _, _l
from app.web.pages import stands_on


class DecisionForm(Form):
    """The decision as it was signed."""

    number = TextField(_l("Number of the decision"))
    signed_on = DayField(_l("Day of signing"), validators=[InputRequired(_l("Enter the day of signing."))])
    signing_body = TextField(_l("Authority that signs"))
    signatory_title = LongTextField(_l("Title above the signature"))
    signatory = TextField(_l("Name of the signatory"))
    place = TextField(_l("Place"))
    replaces = SeenField()
    early = BooleanField(_l("I know that the term for complaints has not ended"))
    early_reason = LongTextField(_l("Why the decision is recorded before the term ends"))

    def is_ticked(self) -> bool:
        """Whether the tick is there that is asked for while complaints may still come; says so if it is not."""
        if "early" not in self or self.early.data:
            return True
        self.early.errors = [_("Tick this to record the decision before the term for complaints ends.")]
        return False

    def command(self, contest_id: int) -> RecordDecision:
        """What to record."""
        names = ("number", "signed_on", "signing_body", "signatory_title", "signatory", "place")
        answers: dict[str, Any] = {name: self[name].data or "" for name in names}
        reason = self.early_reason.data or "" if "early_reason" in self else ""
        seen = self.replaces.seen
        return RecordDecision(contest_id=contest_id, **answers, early_reason=reason, replaces_id=seen)


@bp.get("/<int:contest_id>/publication")
@requires(Permission.CONTEST_VIEW)
def publication(contest_id: int) -> str:
    """Show where publication stands and the next step."""
    page = _page(contest_id)
    return _show(page, _form(page, formdata=None, obj=page.defaults))


@bp.post("/<int:contest_id>/publish")
@requires(Permission.RESULTS_PUBLISH)
def publish(contest_id: int) -> ResponseReturnValue:
    """Make the provisional list public."""
    with transaction() as session:
        publish_provisional(session, contest_id, actor=current_actor(), now=now())
    flash(_("The provisional list is public. The term for complaints has begun."), "success")
    return redirect(url_for(".publication", contest_id=contest_id), 303)


@bp.post("/<int:contest_id>/decision")
@stands_on("contests.publication")
@requires(Permission.RESULTS_PUBLISH)
def decide(contest_id: int) -> ResponseReturnValue:
    """Show once more what will be fixed, then record the signed decision; the list is final."""
    page = _page(contest_id)
    form = _form(page)
    if not form.validate():
        return _show(page, form), 422
    ticked, is_checked = form.is_ticked(), request.form.get("step") == "record"
    try:
        with transaction() as session:
            check_decision(session, form.command(contest_id), actor=current_actor(), now=now())
            if ticked and is_checked:
                record_decision(session, form.command(contest_id), actor=current_actor(), now=now())
    except InvalidInput as error:
        form.refuse(error)
    if form.errors:
        return _show(page, form), 422
    if request.form.get("step") == "change":
        return _show(page, form)
    if not is_checked:
        return render_template("contests/check_decision.html", page=page, form=form)
    done = _("The decision is recorded and the list is final. Certificates can be issued now.")
    flash(done, "success")
    return redirect(url_for(".publication", contest_id=contest_id), 303)


@bp.get("/<int:contest_id>/minutes.pdf")
@requires(Permission.CONTEST_VIEW)
def minutes(contest_id: int) -> Response:
    """Send the minutes of the council's meeting."""
    slug = head_of(read(), current_actor(), contest_id).slug
    content = minutes_file(read(), current_actor(), contest_id, store=file_store())
    return download(content, f"{_('minutes')}-{slug}.pdf", PDF)


def _page(contest_id: int) -> PublicationPage:
    return publication_page(read(), current_actor(), contest_id, today=in_vietnam(now()).date())


def _form(page: PublicationPage, **filled: Any) -> DecisionForm:
    correction = page.contest.correction
    form = DecisionForm(**filled, replaces=correction.decision.id if correction else "")
    if not page.is_early(in_vietnam(now()).date()):
        del form.early, form.early_reason
    return form


def _show(page: PublicationPage, form: DecisionForm) -> str:
    may_act = page.contest.may(Permission.RESULTS_PUBLISH)
    return render_template(
        "contests/publication.html",
        page=page,
        form=form,
        may_publish=may_act and page.contest.state is ContestState.VOTED,
        may_decide=may_act and page.contest.state is ContestState.PROVISIONAL,
    )
