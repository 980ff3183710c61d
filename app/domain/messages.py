"""Text that a rule says to a person, kept untranslated until a page or a command shows it."""

from dataclasses import dataclass, field

from app.domain.marks import format_mark


def mark_for_translation(text: str) -> str:
    """Return the English text as it is; the name lets the catalogue extractor find it."""
    return text


N_ = mark_for_translation


class Points(int):
    """A mark among the values of a message, in hundredths: written with the decimal sign of who reads it."""

    def __str__(self) -> str:
        return format_mark(self, ".")


@dataclass(frozen=True)
class Message:
    """An English msgid with named placeholders, and the values that fill them."""

    text: str
    values: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text

    def filled(self, decimal: str) -> dict[str, str | int]:
        """The values as they go into a sentence whose language has this decimal sign."""
        return {
            name: format_mark(value, decimal) if isinstance(value, Points) else value
            for name, value in self.values.items()
        }
