"""Pages of the administrator: accounts, roles and links."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import InvalidInput
from app.domain.permissions import Permission, Role
from app.domain.vietnamese import in_vietnam, normalise
from app.queries.accounts import account_page, accounts_page
from app.queries.invitations import open_invitations
from app.services import administration
from app.services.accounts import invite, make_password_link, withdraw_invitation
from app.services.roles import end_membership
from app.web.access import current_actor, now, requires
from app.web.admin.forms import InviteForm, PersonForm
from app.web.db import read, transaction
from app.web.i18n import _

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/")
@requires(Permission.ACCOUNT_ADMINISTER)
def index() -> ResponseReturnValue:
    """List accounts, or those that a search finds."""
    search = normalise(request.args.get("q", ""))[:200]
    number = request.args.get("page", 1, type=int)
    page = accounts_page(read(), search, min(max(number, 1), 10_000))
    return render_template("admin/accounts.html", page=page)


@bp.route("/accounts/<int:user_id>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_ADMINISTER)
def account(user_id: int) -> ResponseReturnValue:
    """Show an account; correct its name and address."""
    page = account_page(read(), user_id)
    form = PersonForm(obj=page)
    if form.validate_on_submit():
        command = administration.CorrectAccount(user_id, form.name.data or "", form.email.data or "")
        try:
            with transaction() as session:
                administration.correct_account(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The account was corrected."), "success")
            return redirect(url_for(".account", user_id=user_id), 303)
    return render_template("admin/account.html", page=page, form=form), 422 if form.errors else 200


@bp.post("/accounts/<int:user_id>/disable")
@requires(Permission.ACCOUNT_ADMINISTER)
def disable(user_id: int) -> ResponseReturnValue:
    """Shut a person out."""
    with transaction() as session:
        user = administration.disable_account(session, user_id, actor=current_actor(), now=now())
    flash(_("The account of %(name)s is disabled; all sessions have ended.", name=user.name), "success")
    return redirect(url_for(".account", user_id=user_id), 303)


@bp.post("/accounts/<int:user_id>/enable")
@requires(Permission.ACCOUNT_ADMINISTER)
def enable(user_id: int) -> ResponseReturnValue:
    """Let a person in again."""
    with transaction() as session:
        user = administration.enable_account(session, user_id, actor=current_actor(), now=now())
    flash(_("%(name)s can sign in again.", name=user.name), "success")
    return redirect(url_for(".account", user_id=user_id), 303)


@bp.post("/accounts/<int:user_id>/remove-second-factor")
@requires(Permission.ACCOUNT_ADMINISTER)
def remove_second_factor(user_id: int) -> ResponseReturnValue:
    """Help a person whose telephone is lost."""
    with transaction() as session:
        user = administration.remove_second_factor(session, user_id, actor=current_actor(), now=now())
    flash(_("%(name)s can sign in with the password alone.", name=user.name), "success")
    return redirect(url_for(".account", user_id=user_id), 303)


@bp.post("/accounts/<int:user_id>/password-link")
@requires(Permission.ACCOUNT_ADMINISTER)
def password_link(user_id: int) -> ResponseReturnValue:
    """Show, this once, a link to a new password."""
    with transaction() as session:
        token = make_password_link(session, user_id, actor=current_actor(), now=now())
    page = account_page(read(), user_id)
    return _show_link(token, page.name, page.email, user_id)


@bp.post("/memberships/<int:membership_id>/end")
@requires(Permission.ACCOUNT_ADMINISTER)
def end_role(membership_id: int) -> ResponseReturnValue:
    """End a role."""
    with transaction() as session:
        user_id = end_membership(session, membership_id, actor=current_actor(), now=now()).user_id
    flash(_("The role has ended."), "success")
    return redirect(url_for(".account", user_id=user_id), 303)


@bp.get("/invitations/")
@requires(Permission.ACCOUNT_ADMINISTER)
def invitations() -> ResponseReturnValue:
    """List links that can still be used."""
    return render_template("admin/invitations.html", invitations=open_invitations(read(), now=now()))


@bp.post("/invitations/<int:invitation_id>/withdraw")
@requires(Permission.ACCOUNT_ADMINISTER)
def withdraw(invitation_id: int) -> ResponseReturnValue:
    """Make a link useless."""
    with transaction() as session:
        withdraw_invitation(session, invitation_id, actor=current_actor(), now=now())
    flash(_("The link no longer works."), "success")
    return redirect(url_for(".invitations"), 303)


@bp.route("/invitations/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_ADMINISTER)
def new_invitation() -> ResponseReturnValue:
    """Ask for the role, then for the person; show the link, this once."""
    role = next((role for role in Role if role == request.args.get("role")), None)
    if role is None:
        return render_template("admin/choose_role.html", roles=list(Role))
    form = InviteForm.for_role(role, read(), in_vietnam(now()).date())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                token = invite(session, form.command(role, session), actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            return _show_link(token, form.data["name"], form.data["email"])
    return render_template("admin/invite.html", form=form, role=role), 422 if form.errors else 200


def _show_link(token: str, name: str, email: str, user_id: int | None = None) -> ResponseReturnValue:
    """Show a link to send, this once: to a role, or to a new password for an account."""
    return render_template("admin/link.html", token=token, name=name, email=email, user_id=user_id), 201
