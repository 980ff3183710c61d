"""Sign-in by Flask-Security over our own `users` table: settings, limits, and what enters the ledger."""

import base64
import hashlib
import hmac
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, g, render_template, request, session
from flask_security import (
    MailUtil,
    PasswordUtil,
    RoleMixin,
    Security,
    SQLAlchemySessionUserDatastore,
    Totp,
    UserMixin,
)
from flask_security.mail_util import EmailValidateException
from flask_security.signals import password_changed, tf_disabled, tf_profile_changed, user_authenticated
from flask_security.utils import uia_email_mapper
from flask_wtf import FlaskForm
from sqlalchemy import bindparam, inspect, select
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Session, scoped_session

from app.config import Settings
from app.domain.errors import InvalidInput
from app.domain.passwords import check_password
from app.domain.permissions import Actor
from app.models import Base, User
from app.services.emails import clean_email
from app.services.ledger import record
from app.web import sign_in_forms as forms
from app.web.access import now
from app.web.db import read
from app.web.expired import ask_to_sign_in, here
from app.web.i18n import TRANSLATIONS, say
from app.web.kept_forms import csrf_secret_of
from app.web.security import OWNER
from app.web.words import FLASK_SECURITY

SESSION_LIFE = timedelta(hours=12)  # after typing the password, however busy; idle sessions end sooner


class Account(UserMixin, Base):
    """The `users` table as Flask-Security wants to see it; our own code uses `User`."""

    __table__ = User.__table__

    if TYPE_CHECKING:
        name: str
        tf_last_counter: int | None


# A used recovery code is taken out of the list in place: the change has to be noticed.
MutableList.associate_with_attribute(inspect(Account).attrs["mf_recovery_codes"].class_attribute)


class Accounts(SQLAlchemySessionUserDatastore):
    """The accounts, by whatever they are looked for; the one who asks, in a select made once."""

    _BY_SESSION = select(Account).where(Account.__table__.c.fs_uniquifier == bindparam("fs_uniquifier"))

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Account | None:  # noqa: FBT001, FBT002 -- Flask-Security's signature
        """Find an account by one of its fields."""
        if kwargs.keys() == {"fs_uniquifier"}:
            account: Account | None = self.db.session.scalar(self._BY_SESSION, kwargs)
        else:
            found: Any = super().find_user(case_insensitive=case_insensitive, **kwargs)
            account = found
        return account


class Passwords(PasswordUtil):
    """Our rules for passwords, in Flask-Security's place for them."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:  # noqa: ARG002, FBT001 -- Flask-Security's signature
        """Say what is wrong with a new password."""
        try:
            return None, check_password(password, email=kwargs["user"].email)
        except InvalidInput as error:
            return [say(message) for message in error.fields.values()], password


class Emails(MailUtil):
    """Addresses read as they are stored."""

    def normalize(self, email: str) -> str:
        """Read a typed address."""
        try:
            return clean_email(email)
        except InvalidInput as error:
            raise EmailValidateException(say(error.fields["email"])) from None


class Codes(Totp):
    """A code is good once: whoever looks over a shoulder comes too late."""

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Check a code; a new secret begins its own count."""
        if totp_secret != user.tf_totp_secret:
            self.set_last_counter(user, None)
        return super().verify_totp(token, totp_secret, user, window)

    def get_last_counter(self, user: UserMixin) -> int | None:
        """Which code was used last."""
        assert isinstance(user, Account)  # noqa: S101 -- for the type checker
        return user.tf_last_counter

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Remember the code that was used."""
        assert isinstance(user, Account)  # noqa: S101 -- for the type checker
        user.tf_last_counter = tmatch and tmatch.counter


CHEAP_HASHES = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}  # for tests
SETTINGS = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "CHANGE_URL": "/account/password",
    "VERIFY_URL": "/account/verify",
    "TWO_FACTOR_SETUP_URL": "/account/second-factor",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "TWO_FACTOR_SELECT_URL": "/sign-in/method",
    "TWO_FACTOR_RESCUE_URL": "/sign-in/rescue",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/",
    "POST_CHANGE_VIEW": "auth.index",
    "POST_VERIFY_VIEW": "auth.index",
    "TWO_FACTOR_POST_SETUP_VIEW": "auth.index",
    "LOGIN_USER_TEMPLATE": "auth/sign_in.html",
    "STATIC_FOLDER": None,  # its scripts are not used
    "CHANGEABLE": True,
    "SEND_PASSWORD_CHANGE_EMAIL": False,
    "API_ENABLED_METHODS": ["session"],
    "RETURN_GENERIC_RESPONSES": True,
    "JOIN_USER_ROLES": False,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
    # argon2 salts by itself; without the second salt a new secret key leaves all passwords as they are.
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "PASSWORD_SCHEMES": ["argon2"],
    "DEPRECATED_PASSWORD_SCHEMES": [],
    "PASSWORD_NORMALIZE_FORM": "NFC",
    "USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": uia_email_mapper, "case_insensitive": False}}],
    "TWO_FACTOR": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # one code earlier or later, for clocks that differ
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "TOTP_ISSUER": "binhchon",
    "FRESHNESS": timedelta(minutes=30),
    "FRESHNESS_GRACE_PERIOD": timedelta(minutes=15),
    "I18N_DOMAIN": "messages",  # the texts are listed in `words`
    "I18N_DIRNAME": [str(TRANSLATIONS)],
}


def init_sign_in(app: Flask, settings: Settings, database: scoped_session[Session]) -> None:
    """Configure sign-in: argon2, TOTP with recovery codes, accounts by invitation only."""
    messages = {f"MSG_{name}": text for name, text in FLASK_SECURITY.items()}
    for name, value in {**SETTINGS, **messages, **_of_installation(settings)}.items():
        app.config[f"SECURITY_{name}"] = value
    security = Security(
        app,
        Accounts(database, Account, RoleMixin),
        login_form=forms.SignInForm,
        verify_form=forms.PasswordAgainForm,
        change_password_form=forms.NewPasswordForm,
        two_factor_verify_code_form=forms.CodeForm,
        two_factor_setup_form=forms.SecondFactorForm,
        two_factor_rescue_form=forms.RescueForm,
        mf_recovery_form=forms.RecoveryCodeForm,
        mail_util_cls=Emails,
        password_util_cls=Passwords,
        totp_cls=Codes,
        render_template=_render,
    )
    security.principal.skip_static = True  # who asks does not matter for the style sheet
    security.want_json(lambda _request: False)
    security.unauthn_handler(_not_signed_in)
    app.jinja_env.globals["here"] = here
    _limit_sessions(security)
    _keep_records(app)

    @app.before_request
    def forms_only() -> None:
        if request.blueprint == "security" and request.is_json:
            abort(415)


def _of_installation(settings: Settings) -> dict[str, Any]:
    """What differs between installations: among it the keys that encrypt second factors, made from the one secret."""

    def derived(purpose: str) -> bytes:
        return hmac.digest(settings.secret_key.encode(), purpose.encode(), hashlib.sha256)

    return {
        "TWO_FACTOR_REQUIRED": settings.require_second_factor,
        "PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP_HASHES if settings.testing else {},
        "TOTP_SECRETS": {"1": derived("second factor").hex()},
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(derived("recovery codes"))],
    }


def _limit_sessions(security: Security) -> None:
    """End a session some time after the password was typed; know people by their session only, not by tokens."""
    manager = security.login_manager
    load = manager.user_callback

    def load_unless_old(user_id: str) -> Account | None:
        if request.endpoint == "judging.offline":
            return None  # devices keep that page for whoever comes
        typed_at = session.get("fs_paa", 0)
        user: Account | None = (
            load(user_id) if time.time() - typed_at < SESSION_LIFE.total_seconds() else None
        )
        return user

    manager.user_loader(load_unless_old)
    manager.request_loader(lambda _request: None)


def _keep_records(app: Flask) -> None:
    """Renew the session at sign-in; write into the ledger what Flask-Security does to accounts."""

    @user_authenticated.connect_via(app)
    def signed_in(_app: Flask, user: Account, authn_via: list[str] | None = None, **_details: object) -> None:
        session.permanent = True  # it ends when idle: see `security`
        session[OWNER] = user.id
        session["csrf_token"] = csrf_secret_of(user.id)  # whoever knew the session before does not know it
        g.pop("csrf_token", None)
        if authn_via != ["change"]:  # a new password is recorded as such
            _record(user, "account:sign-in")

    @password_changed.connect_via(app)
    def changed(_app: Flask, user: Account, **_details: object) -> None:
        _record(user, "account:change-password")

    @tf_profile_changed.connect_via(app)
    def set_up(_app: Flask, user: Account, **_details: object) -> None:
        _record(user, "account:set-up-second-factor")

    @tf_disabled.connect_via(app)
    def turned_off(_app: Flask, user: Account, **_details: object) -> None:
        user.mf_recovery_codes = None
        _record(user, "account:turn-off-second-factor")


def _record(user: Account, action: str) -> None:
    """Append to the ledger; Flask-Security commits at the end of the request."""
    person = read().get_one(User, user.id)
    record(read(), Actor(user.id, user.name), action, person, now=now(), address=request.remote_addr)


def _render(template: str, **context: Any) -> Any:
    """Show one of Flask-Security's pages; a refused form is no success."""
    page = render_template(template, **context)
    refused = any(form.errors for form in context.values() if isinstance(form, FlaskForm))
    if request.method == "POST" and refused:
        return page, 429 if "too_many_attempts" in g else 422
    return page


def _not_signed_in(mechanisms: list[str], headers: dict[str, str] | None = None) -> Any:  # noqa: ARG001 -- Flask-Security's signature
    return ask_to_sign_in()
