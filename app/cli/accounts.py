"""`binhchon create-administrator`: the first account, made on the machine itself."""

from collections.abc import Callable
from datetime import UTC, datetime

import click
from argon2 import PasswordHasher
from babel.support import Translations

from app.cli.refusals import Refusal
from app.config import Settings
from app.domain.errors import InvalidInput
from app.domain.messages import Message
from app.domain.passwords import check_password
from app.domain.permissions import SYSTEM
from app.installation import open_installation
from app.models.engine import write_session
from app.services.accounts import clean_name
from app.services.administration import CreateAdministrator
from app.services.administration import create_administrator as create
from app.services.emails import clean_email
from app.web.i18n import DEFAULT_LANGUAGE, TRANSLATIONS

FIELDS = {"email": "Địa chỉ thư điện tử", "name": "Họ và tên", "password": "Mật khẩu"}


@click.command()
@click.argument("email")
@click.option("--name", prompt=FIELDS["name"], help="Full name.")
@click.option(
    "--password",
    prompt=FIELDS["password"],
    confirmation_prompt="Nhập lại mật khẩu",
    hide_input=True,
    help="At least 12 characters; asked for when left out.",
)
def create_administrator(email: str, name: str, password: str) -> None:
    """Create an administrator's account with this e-mail address."""
    _check(
        lambda: clean_email(email), lambda: clean_name(name), lambda: check_password(password, email=email)
    )
    password_hash = PasswordHasher().hash(check_password(password, email=email))
    engine = open_installation(Settings.from_env())
    try:
        with write_session(engine) as session:
            command = CreateAdministrator(email, name, password_hash)
            user = create(session, command, actor=SYSTEM, now=datetime.now(UTC))
    except InvalidInput as error:
        raise _refusal(error.fields) from error
    finally:
        engine.dispose()
    click.echo(f"Đã tạo tài khoản quản trị. Hãy đăng nhập bằng địa chỉ {user.email}.")


def _check(*checks: Callable[[], str]) -> None:
    """Ask every question before answering, so that all faults are told at once."""
    faults: dict[str, Message] = {}
    for check in checks:
        try:
            check()
        except InvalidInput as error:
            faults |= error.fields
    if faults:
        raise _refusal(faults)


def _refusal(faults: dict[str, Message]) -> Refusal:
    catalogue = Translations.load(str(TRANSLATIONS), [DEFAULT_LANGUAGE])
    lines = [
        f"{FIELDS[field]}: {catalogue.gettext(fault.text) % fault.values}" for field, fault in faults.items()
    ]
    return Refusal("\n".join(lines))
