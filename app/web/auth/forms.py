"""Forms of one's own account."""

from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from app.domain.passwords import check_password
from app.web.fields import Form, TextField
from app.web.i18n import _l


class AcceptForm(Form):
    """Taking one more role with an account that exists."""


class NewPasswordForm(Form):
    """A password, typed twice."""

    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Choose a password."))])
    password_again = PasswordField(
        _l("Password, once more"),
        validators=[EqualTo("password", _l("The two passwords differ. Type the same one twice."))],
    )

    def checked_password(self, email: str) -> str:
        """The password as it is hashed; raise InvalidInput if it is easy to guess."""
        return check_password(self.password.data or "", email=email)


class NewAccountForm(NewPasswordForm):
    """A name and a password for a new account."""

    name = TextField(
        _l("Full name"),
        validators=[InputRequired(_l("Enter the full name, as it shall stand in documents."))],
    )
