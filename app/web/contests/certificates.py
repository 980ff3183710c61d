"""Issuing the certificates of a contest in batches, replacing and revoking them."""

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField

from app.config import Settings
from app.domain.certificates import leads_nowhere
from app.domain.contests import ContestState
from app.domain.errors import InvalidInput, NotReady
from app.domain.messages import Message
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.certificates import certificate_row, certificates_page
from app.queries.contests import ContestHead
from app.services.certificate_texts import outdated_certificates
from app.services.certificates import (
    IssueCertificates,
    Reissue,
    Revoke,
    issue_certificates,
    reissue,
    revoke,
)
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import file_store, read, transaction
from app.web.fields import Form, LongTextField
from app.web.i18n import _, _l, ngettext

BATCH = 25
"""Certificates made by one press of the button: some seconds of work."""


class IssueForm(Form):
    """Whether it is clear that QR codes would lead nowhere; asked only where they would."""

    understood = BooleanField(_l("I understand that nobody else can check these certificates"))


class ReasonForm(Form):
    """Why a certificate is revoked."""

    reason = LongTextField(_l("Reason"))


class ReplaceForm(ReasonForm, IssueForm):
    """Why a certificate is replaced."""


@bp.get("/<int:contest_id>/certificates")
@requires(Permission.CONTEST_VIEW)
def certificates(contest_id: int) -> str:
    """List the certificates of a contest and those that are still missing."""
    return _show(contest_id, IssueForm())


@bp.post("/<int:contest_id>/certificates")
@requires(Permission.CERTIFICATE_ISSUE)
def issue(contest_id: int) -> ResponseReturnValue:
    """Issue the next certificates, each in a transaction of its own: what was made stays made."""
    form = IssueForm()
    issued = 0
    reasons: tuple[Message, ...] = ()
    try:
        while issued < BATCH and _issue_one(contest_id, understood=form.understood.data):
            issued += 1
    except InvalidInput as error:
        form.refuse(error)
        return _show(contest_id, form), 422
    except NotReady as error:
        reasons = error.reasons
    if issued:
        flash(
            ngettext("%(num)d certificate was issued.", "%(num)d certificates were issued.", issued),
            "success",
        )
    if reasons:
        return _show(contest_id, form, reasons), 409
    return redirect(url_for(".certificates", contest_id=contest_id), 303)


@bp.route("/certificates/<int:certificate_id>/revoke", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_ISSUE)
def revoke_certificate(certificate_id: int) -> ResponseReturnValue:
    """Ask why a certificate is taken back; revoke it."""
    form = ReasonForm()

    def act(session: Session) -> str:
        row = revoke(
            session, Revoke(certificate_id, form.reason.data or ""), actor=current_actor(), now=now()
        )
        return _("Certificate %(number)s is revoked.", number=row.number)

    return _carry_out(certificate_id, form, act, "contests/revoke.html")


@bp.route("/certificates/<int:certificate_id>/replace", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_ISSUE)
def replace_certificate(certificate_id: int) -> ResponseReturnValue:
    """Ask why a certificate is replaced; issue a new one under a new number."""
    form = ReplaceForm()

    def act(session: Session) -> str:
        command = Reissue(certificate_id, form.reason.data or "", understood=form.understood.data)
        row = reissue(
            session,
            command,
            store=file_store(),
            actor=current_actor(),
            now=now(),
            public_url=_settings().public_url,
        )
        return _("Certificate %(number)s was issued in its place.", number=row.number)

    return _carry_out(certificate_id, form, act, "contests/replace.html")


def _carry_out(
    certificate_id: int, form: ReasonForm, act: Callable[[Session], str], template: str
) -> ResponseReturnValue:
    """Show the form; do what it asks, and show it again with what was typed if the rules refuse."""
    page = certificate_row(read(), current_actor(), certificate_id, today=in_vietnam(now()).date())
    status = 200
    reasons: tuple[Message, ...] = ()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                done = act(session)
        except InvalidInput as error:
            form.refuse(error)
            status = 422
        except NotReady as error:
            reasons, status = error.reasons, 409
        else:
            flash(done, "success")
            return redirect(url_for(".certificates", contest_id=page.contest.id), 303)
    return render_template(template, page=page, form=form, reasons=reasons, **_address(page.contest)), status


def _issue_one(contest_id: int, *, understood: bool) -> int:
    with transaction() as session:
        return issue_certificates(
            session,
            IssueCertificates(contest_id, limit=1, understood=understood),
            store=file_store(),
            actor=current_actor(),
            now=now(),
            public_url=_settings().public_url,
        )


def _show(contest_id: int, form: IssueForm, reasons: tuple[Message, ...] = ()) -> str:
    today = in_vietnam(now()).date()
    page = certificates_page(read(), current_actor(), contest_id, today=today)
    may_act, fields = page.contest.may(Permission.CERTIFICATE_ISSUE), _printed_fields()
    outdated = outdated_certificates(read(), current_actor(), contest_id, today=today)
    return render_template(
        "contests/certificates.html",
        page=page,
        form=form,
        reasons=reasons,
        may_issue=may_act and page.contest.state is ContestState.FINAL,
        may_revoke=may_act,
        outdated={row: [fields.get(name, name) for name in names] for row, names in outdated.items()},
        batch=BATCH,
        **_address(page.contest),
    )


def _printed_fields() -> dict[str, str]:
    return {
        "tier": _("Tier"),
        "territory": _("Territory"),
        "year": _("Year"),
        "product": _("Product"),
        "is_set": _("Set of products"),
        "group": _("Product group"),
        "prize": _("Prize class"),
        "facility": _("Facility"),
        "address": _("Address"),
    }


def _address(contest: ContestHead) -> dict[str, Any]:
    """Where QR codes lead, and whether it has to be understood that nobody else gets there."""
    public_url = _settings().public_url
    return {
        "public_url": public_url,
        "leads_nowhere": leads_nowhere(public_url) and not contest.is_example,
    }


def _settings() -> Settings:
    settings: Settings = current_app.extensions["binhchon_settings"]
    return settings
