"""E-mail addresses as they are stored and compared."""

from email_validator import EmailNotValidError, validate_email

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message


def clean_email(text: str, field: str = "email") -> str:
    """A typed address in small letters; raise InvalidInput if it is none. The network is never asked."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise InvalidInput({field: Message(N_("Enter an e-mail address such as ten@example.vn."))}) from None
    return found.normalized.casefold()
