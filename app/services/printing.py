"""Between the texts people write and the documents that print them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, NotReady
from app.domain.marks import format_average
from app.domain.messages import N_, Message
from app.domain.rules import PrizeRule
from app.domain.vietnamese import format_date
from app.models import Decision, Organiser
from app.queries.organisers import organiser_on
from certificates import (
    DocumentError,
    DoesNotFit,
    EmptyText,
    TextTooLong,
    UnprintableText,
    foreign_letters,
)


def printing_fault(error: DocumentError) -> Message:
    """What is wrong with one text of a document, and what to do about it."""
    if isinstance(error, EmptyText):
        return Message(N_("This is printed and cannot be empty."))
    if isinstance(error, TextTooLong):
        return Message(
            N_("This has %(length)d characters; at most %(limit)d can be printed. Shorten it."),
            {"length": error.length, "limit": error.limit},
        )
    if isinstance(error, UnprintableText):
        return _foreign(error.characters)
    if isinstance(error, DoesNotFit):
        return Message(N_("The names and the address together do not fit on one page. Shorten the longest."))
    return Message(N_("This does not fit the rest of the document: %(problem)s."), {"problem": str(error)})


def letter_faults(**texts: str) -> dict[str, Message]:
    """Field -> what to do, for each text with letters that no document can print: better told when they are typed."""
    foreign = {field: foreign_letters(text) for field, text in texts.items()}
    return {field: _foreign(letters) for field, letters in foreign.items() if letters}


def check_letters(**texts: str) -> None:
    """Raise InvalidInput for texts with letters that no document can print."""
    if faults := letter_faults(**texts):
        raise InvalidInput(faults)


def _foreign(letters: str) -> Message:
    text = N_("These characters cannot be printed: %(characters)s. Replace them.")
    return Message(text, {"characters": letters})


def decision_in_words(decision: Decision) -> str:
    """A decision as documents name it: number and day."""
    return f"Quyết định số {decision.number} ngày {format_date(decision.signed_on)}"


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a signatory's title, such as authority and post; one empty line for no text."""
    return tuple(text.splitlines()) or ("",)


_TEXTS = {
    "product": N_("Text in question: the name of a product."),
    "facility": N_("Text in question: the name of a facility."),
    "address": N_("Text in question: the address of a facility."),
    "signatory": N_("Text in question: the name of the signatory."),
    "name": N_("Text in question: a person’s name."),
    "place": N_("Text in question: the place."),
}


def unprintable(document: Message, error: DocumentError) -> NotReady:
    """The refusal that names the document, the text because of which it cannot be printed, and what to do."""
    text = _TEXTS.get(error.field, N_("Text in question: another text of the contest."))
    return NotReady((document, Message(text), printing_fault(error)))


def prizes_in_words(prizes: Sequence[tuple[PrizeRule, int]]) -> str:
    """How many products have each class of prize, in Vietnamese."""
    return f"Hạng giải: {'; '.join(f'{prize.name_vi} {number} sản phẩm' for prize, number in prizes)}."


def the_organiser(session: Session, territory_id: int, day: date) -> Organiser:
    """The organiser in whose name a document is printed; NotReady when none is known."""
    organiser = organiser_on(session, territory_id, day)
    if organiser is None:
        raise NotReady((Message(N_("No organiser is registered for this territory on that day.")),))
    return organiser


def passes_in_words(averages: Sequence[int | None]) -> tuple[str, ...]:
    """What an entry got in each pass (hundredths), as documents print it; nothing for a contest of one pass."""
    printed = ("–" if average is None else format_average(average) for average in averages)
    return tuple(f"V{number}: {text}" for number, text in enumerate(printed, start=1))
