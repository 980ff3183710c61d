"""Speaking with a mail server (SMTP): a message in, what became of it out. Nothing here knows the database."""

import smtplib
import ssl
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from app.domain.mails import MailServer, Security
from app.services.mail_sending import ClaimedMail, Delivery

TIMEOUT = 20  # seconds for each step of the conversation
# A server that does not let us in, or in this name, is a matter of settings: it is tried again once they are mended.
OURS = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPSenderRefused,
)


def message_of(mail: ClaimedMail, server: MailServer, now: datetime) -> EmailMessage:
    """The message as it goes out: plain text; ValueError if a header cannot be written as one line."""
    message = EmailMessage(policy=SMTP)
    name, sender = parseaddr(server.sender)
    message["From"] = Address(name, addr_spec=_ascii(sender))
    message["To"] = Address(mail.name, addr_spec=_ascii(mail.address))
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=_ascii(mail.reply_to))
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.message_id}@{_ascii(sender).rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def deliver(mail: ClaimedMail, server: MailServer, *, now: datetime) -> Delivery:
    """Hand a message to the server and say what became of it. Whatever goes wrong is an answer, never an error."""
    try:
        message = message_of(mail, server, now)
    except (ValueError, MessageError, IndexError) as error:
        return Delivery(f"message: {error}", is_final=True)
    try:
        connection = _connect(server)
        try:
            connection.send_message(message)
        finally:
            _take_leave(connection)
    except smtplib.SMTPRecipientsRefused as error:
        [(code, reply)] = error.recipients.values()
        return _refused(code, reply)
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error, may_change=isinstance(error, OURS))
    except (smtplib.SMTPException, OSError) as error:
        return Delivery(f"{type(error).__name__}: {error}")
    return Delivery()


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security is Security.TLS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        if server.security is Security.STARTTLS:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _take_leave(connection: smtplib.SMTP) -> None:
    """End the conversation. What the server has taken is sent, whatever it says to the goodbye."""
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()


def _refused(code: int, reply: bytes | str, *, may_change: bool = False) -> Delivery:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return Delivery(f"{code} {' '.join(text.split())}", is_final=500 <= code < 600 and not may_change)


def _ascii(address: str) -> str:
    """An address with its domain as the wire takes it."""
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"
