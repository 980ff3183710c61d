"""What the rules refuse. One tree; `app.web.errors` turns each branch into a page.

DomainError
├── NotFound          nothing there, or nothing this person may know of
├── NotPermitted      known and visible, but not for this person to do
├── IllegalState      the contest, entry or sheet is not in a state that allows it
│   ├── StaleVersion  somebody saved since this page was opened
│   └── NotReady      conditions for the next step are not met; lists every one
└── InvalidInput      what was typed breaks a rule; says which field and why
"""

from app.domain.messages import N_, Message


class DomainError(Exception):
    """A rule refused; `message` is for the person who asked."""

    default = N_("This cannot be done.")

    def __init__(self, text: str | None = None, **values: str | int) -> None:
        self.message = Message(text or self.default, dict(values))
        super().__init__(str(self.message))


class NotFound(DomainError):
    """The thing does not exist, or belongs to somebody else: both answer alike."""

    default = N_("This page does not exist.")


class NotPermitted(DomainError):
    """A person may see the thing but not do this to it."""

    default = N_("Your role does not allow this.")


class IllegalState(DomainError):
    """The thing is past, or not yet at, the state in which this may be done."""

    default = N_("This can no longer be done at this stage.")


class StaleVersion(IllegalState):
    """Another save came first; nothing was overwritten."""

    default = N_(
        "This sheet was saved elsewhere since you opened it. Both versions are shown; choose and save again."
    )


class NotReady(IllegalState):
    """Conditions for this step are not met: `reasons` names each of them, all at once."""

    default = N_("Something has to be done before this step.")

    def __init__(self, reasons: tuple[Message, ...]) -> None:
        super().__init__()
        self.reasons = reasons

    def __str__(self) -> str:
        return "; ".join(str(reason) for reason in self.reasons)


class InvalidInput(DomainError):
    """Fields that break a rule: name of the field -> what is wrong and what to do."""

    default = N_("Some answers need attention.")

    def __init__(self, fields: dict[str, Message]) -> None:
        super().__init__()
        self.fields = fields

    def __str__(self) -> str:
        return "; ".join(f"{name}: {message}" for name, message in self.fields.items())


def require(condition: object, text: str, **values: str | int) -> None:
    """Raise IllegalState with this text unless the condition holds."""
    if not condition:
        raise IllegalState(text, **values)
