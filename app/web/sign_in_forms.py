"""Flask-Security's forms in our words, and closed to guessing."""

from datetime import timedelta
from typing import Any, ClassVar

from flask import g, request
from flask_security import current_user
from flask_security.forms import (
    ChangePasswordForm,
    LoginForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.forms import (
    Form as SecurityForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.utils import validate_redirect_url
from wtforms import Field, RadioField

from app.domain.errors import InvalidInput
from app.domain.passwords import MAX_PASSWORD
from app.domain.vietnamese import normalise
from app.services.emails import clean_email
from app.services.sign_in_attempts import code_of, forget_attempts, note_attempt, password_of, wait_for
from app.web.access import now
from app.web.db import keep_attempt, read
from app.web.fields import Form
from app.web.i18n import _l, ngettext


class InOurWords(SecurityForm):
    """Labels, and WTForms' own messages, from our catalogue."""

    labels: ClassVar[dict[str, str]] = {}

    class Meta(Form.Meta):
        """Where messages come from."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, text in self.labels.items():
            self[name].label.text = text


class Limited(InOurWords):
    """A form into which a secret is typed: only so many wrong ones are even looked at."""

    guessed = "password"  # the field

    def account(self) -> str | None:
        """Whose attempts count together; None if nothing can be guessed here."""
        return password_of(current_user.email)

    def was_right(self, *, valid: bool) -> bool | None:
        """Whether the secret was right, whatever else is wrong; None if it was not looked at."""
        return valid

    def validate(self, **kwargs: Any) -> bool:
        """Check the form, unless too many wrong secrets came before."""
        typed = self[self.guessed]
        if typed.data and len(typed.data) > MAX_PASSWORD:  # no secret is longer: not worth a hash
            typed.data = ""
        account = self.account() if typed.data else None
        if account is None:
            return self._checked(**kwargs)
        session = read()
        attempt = note_attempt(session, account, request.remote_addr or "", now=now())
        keep_attempt()
        if wait := wait_for(session, attempt, now=now()):
            keep_attempt()
            g.too_many_attempts = True
            self.form_errors = [_too_many(wait)]
            return False
        valid = self._checked(**kwargs)
        right = self.was_right(valid=valid)
        if right:
            forget_attempts(session, account)
        elif right is None:
            session.delete(attempt)
        keep_attempt()
        return valid

    def _checked(self, **kwargs: Any) -> bool:
        valid: bool = super().validate(**kwargs)
        return valid


class SignInForm(Limited, LoginForm):
    """E-mail and password. Never "remember me": office computers are shared."""

    remember = None  # type: ignore[assignment]  # WTForms' way to leave a field out
    labels: ClassVar = {"email": _l("E-mail address"), "password": _l("Password")}

    def validate(self, **kwargs: Any) -> bool:
        """Tidy the address first: it is shown again."""
        self.email.data = normalise(self.email.data or "")
        return super().validate(**kwargs)

    def account(self) -> str | None:
        """The typed address, with or without an account: both are counted and answered alike."""
        try:
            return password_of(clean_email(self.email.data or ""))
        except InvalidInput:
            return None

    def was_right(self, *, valid: bool) -> bool:
        """A disabled account's password may be right as well."""
        return valid or self.user_authenticated

    def validate_next(self, field: Field) -> None:
        """Drop a foreign address."""
        _drop_foreign(field)


class PasswordAgainForm(Limited, VerifyForm):
    """The password once more, before something delicate."""

    labels: ClassVar = {"password": _l("Password")}

    def validate_next(self, field: Field) -> None:
        """Drop a foreign address."""
        _drop_foreign(field)


class NewPasswordForm(Limited, ChangePasswordForm):
    """The present password and a new one."""

    labels: ClassVar = {
        "password": _l("Present password"),
        "new_password": _l("New password"),
        "new_password_confirm": _l("New password, once more"),
    }

    def was_right(self, *, valid: bool) -> bool | None:
        """The present password is looked at only once the new one has been typed twice."""
        return True if valid else False if self.password.errors else None


class CodeForm(Limited, TwoFactorVerifyCodeForm):
    """The six digits of the authenticator app."""

    guessed = "code"
    labels: ClassVar = {"code": _l("Code of six digits")}

    def account(self) -> str | None:
        """Setting the app up guesses nothing: the secret is on the screen."""
        return None if self.is_setup or self.user is None else code_of(self.user.id)

    def validate(self, **kwargs: Any) -> bool:
        """Tidy the code first: it is shown again."""
        self.code.data = normalise(self.code.data or "")
        return super().validate(**kwargs)


class RecoveryCodeForm(Limited, MfRecoveryForm):
    """A recovery code in place of the six digits; capitals do not matter."""

    guessed = "code"
    labels: ClassVar = {"code": _l("Recovery code")}

    def account(self) -> str | None:
        """Counted together with the six digits."""
        return None if self.user is None else code_of(self.user.id)

    def validate(self, **kwargs: Any) -> bool:
        """Tidy the code first: it is shown again."""
        self.code.data = normalise(self.code.data or "").lower()
        return super().validate(**kwargs)


class SecondFactorForm(InOurWords, TwoFactorSetupForm):
    """Turning the second factor on and off; the template has a button for each."""

    setup = RadioField(choices={"authenticator": "", "disable": ""}, validate_choice=False)


class RescueForm(InOurWords, TwoFactorRescueForm):
    """Without the choice to write an e-mail to the administrator: the application sends none."""

    help_setup = RadioField(choices=[])


def _drop_foreign(field: Field) -> None:
    if field.data and not validate_redirect_url(field.data):
        field.data = ""


def _too_many(wait: timedelta) -> str:
    minutes = -(-wait // timedelta(minutes=1))
    return ngettext(
        "Too many wrong attempts. Try again in %(num)d minute.",
        "Too many wrong attempts. Try again in %(num)d minutes.",
        minutes,
    )
