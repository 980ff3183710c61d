"""`binhchon send-mail`: hands over what people sent from the outbox, for installations that another server runs."""

import click

from app.cli.refusals import Refusal
from app.config import Settings
from app.installation import open_installation
from app.jobs import send_due


@click.command()
def send_mail() -> None:
    """Hand the messages that were sent from the outbox to the mail server, once (for cron; `serve` does it itself)."""
    settings = Settings.from_env()
    if settings.mail is None:
        message = "Chưa đặt BINHCHON_MAIL_SERVER; không gửi được thư nào."
        raise Refusal(message)
    engine = open_installation(settings)
    done = send_due(engine, settings.mail)
    engine.dispose()
    failed = [delivery.error for delivery in done if not delivery.is_sent]
    click.echo(f"Đã gửi {len(done) - len(failed)} thư, chưa gửi được {len(failed)} thư.")
    for error in failed:
        click.echo(f"  {error}")
