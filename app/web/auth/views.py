"""A person's own account; links to an account, to a role or to a new password."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, hash_password, logout_user

from app.domain.errors import InvalidInput
from app.queries.accounts import account_page
from app.queries.invitations import InvitationPage, invitation_page
from app.services.accounts import AcceptInvitation, accept_invitation
from app.services.administration import end_sessions
from app.web.access import current_actor, now, public, signed_in
from app.web.auth.forms import AcceptForm, NewAccountForm, NewPasswordForm
from app.web.db import read, transaction
from app.web.i18n import _

bp = Blueprint("auth", __name__, url_prefix="/account")


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Show one's own account and what can be done with it."""
    return render_template("auth/account.html", page=account_page(read(), current_user.id))


@bp.post("/end-sessions")
@signed_in
def end_all_sessions() -> ResponseReturnValue:
    """Sign out on every device."""
    with transaction() as session:
        end_sessions(session, actor=current_actor(), now=now())
    logout_user()
    flash(_("You are signed out on all devices."), "success")
    return redirect(url_for("security.login"), 303)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    """Let the holder of a link use it; an account that exists has to be signed in."""
    page = invitation_page(read(), token, now=now())
    form = _form_for(page)
    if form is not None and form.validate_on_submit():
        try:
            _accept(token, page, form)
        except InvalidInput as error:
            form.refuse(error)
        else:
            return redirect(url_for("home.index" if current_user.is_authenticated else "security.login"), 303)
    status = 422 if form is not None and form.errors else 200
    return render_template("auth/invitation.html", page=page, form=form, token=token), status


def _form_for(page: InvitationPage) -> AcceptForm | NewPasswordForm | None:
    """The form that fits the link and the reader; None if the reader has to sign in, or out, first."""
    reader = current_user.id if current_user.is_authenticated else None
    if reader is not None and reader != page.account_id:
        return None
    if page.is_password_link:
        return NewPasswordForm()
    if page.account_id is None:
        return NewAccountForm(name="" if page.registers_facility else page.name)
    return AcceptForm() if reader is not None else None


def _accept(token: str, page: InvitationPage, form: AcceptForm | NewPasswordForm) -> None:
    """Use the link with what was typed."""
    password_hash, name = "", ""
    if isinstance(form, NewPasswordForm):
        password_hash = hash_password(form.checked_password(page.email))
    if isinstance(form, NewAccountForm):
        name = form.name.data or ""
    reader = current_user.id if current_user.is_authenticated else None
    with transaction() as session:
        accept_invitation(session, AcceptInvitation(token, name, password_hash, reader), now=now())
    if page.is_password_link:
        logout_user()
        flash(_("The new password is set. Sign in with it."), "success")
    elif reader is None:
        flash(_("Your account is ready. Sign in with your e-mail address and the password."), "success")
    else:
        flash(_("The role is yours. You find what it opens in the menu."), "success")
