"""`binhchon create-administrator`: the first account, made on the machine itself."""

from datetime import UTC, datetime

import click
from argon2 import PasswordHasher

from app.config import Settings
from app.domain.errors import DomainError
from app.domain.passwords import check_password
from app.domain.permissions import SYSTEM
from app.installation import open_installation
from app.models.engine import write_session
from app.services.administration import CreateAdministrator
from app.services.administration import create_administrator as create


@click.command()
@click.argument("email")
@click.option("--name", prompt=True, help="Full name.")
@click.password_option(help="At least 12 characters; asked for when left out.")
def create_administrator(email: str, name: str, password: str) -> None:
    """Create an administrator's account with this e-mail address."""
    try:
        password = check_password(password, email=email)
    except DomainError as error:
        raise click.UsageError(str(error)) from None
    engine = open_installation(Settings.from_env())
    command = CreateAdministrator(email=email, name=name, password_hash=PasswordHasher().hash(password))
    try:
        with write_session(engine) as session:
            create(session, command, actor=SYSTEM, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    finally:
        engine.dispose()
    click.echo(f"Created. Sign in as {email}.")
