"""Text that a rule says to a person, kept untranslated until a page or a command shows it."""

from dataclasses import dataclass, field


def mark_for_translation(text: str) -> str:
    """Return the English text as it is; the name lets the catalogue extractor find it."""
    return text


N_ = mark_for_translation


@dataclass(frozen=True)
class Message:
    """An English msgid with named placeholders, and the values that fill them."""

    text: str
    values: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text
