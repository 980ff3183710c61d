"""Work that goes on beside requests: for now, handing over the messages that people sent from the outbox.

Like a view or a command this is a door: it reads the clock and commits. What is to do lies in rows, so that a sender
that is killed loses nothing, and any number of them work side by side.
"""

import logging
from datetime import UTC, datetime
from threading import Event, Thread

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.config import Settings
from app.domain.mails import MailServer, MailState
from app.models import Mail
from app.models.engine import write_session
from app.services.mail_sending import Delivery, claim_mail, settle_mail
from app.services.postman import deliver
from app.web.factory import create_app

EVERY = 5.0  # seconds between two looks at the outbox
log = logging.getLogger(__name__)


def send_due(engine: Engine, server: MailServer) -> list[Delivery]:
    """Hand over what people have sent and is due, one by one; return what became of each."""
    done: list[Delivery] = []
    while _is_due(engine):
        with write_session(engine) as session:
            claimed = claim_mail(session, now=datetime.now(UTC), per_minute=server.per_minute)
        if claimed is None:
            break
        delivery = deliver(claimed, server, now=datetime.now(UTC))
        with write_session(engine) as session:
            settle_mail(session, claimed, delivery, now=datetime.now(UTC))
        done.append(delivery)
    return done


def keep_sending(engine: Engine, server: MailServer, stop: Event) -> None:
    """Look at the outbox every few seconds until told to stop; what goes wrong is tried again with the next look."""
    while not stop.is_set():
        try:
            send_due(engine, server)
        except Exception:
            log.exception("Gửi thư bị gián đoạn; sẽ thử lại.")
        stop.wait(EVERY)


def served_app() -> Flask:
    """The application as `binhchon serve` runs it in each of its processes: with a sender beside it."""
    settings = Settings.from_env()
    app = create_app(settings)
    if settings.mail is not None:
        engine: Engine = app.extensions["binhchon_engine"]
        Thread(target=keep_sending, args=(engine, settings.mail, Event()), name="mail", daemon=True).start()
    return app


def _is_due(engine: Engine) -> bool:
    """Whether anything waits, without asking for the writer's lock."""
    due = (
        select(Mail.id).where(Mail.state == MailState.SENDING, Mail.next_try_at <= datetime.now(UTC)).limit(1)
    )
    with Session(engine) as session:
        return session.scalar(due) is not None
