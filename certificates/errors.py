"""What a document refuses, and what may stop it from being printed.

DocumentError               the text cannot be printed as it is; says which field
├── EmptyText               a field that must be there is empty
├── TextTooLong             longer than the layout is made for
├── UnprintableText         letters that the shipped typeface does not have
├── InconsistentDocument    two fields that contradict each other
└── DoesNotFit              more than one page even in the smallest letters
ForbiddenAddress            a layout asked for a file outside the package
NativeLibraryMissing        Pango or one of its companions is not installed
"""


class DocumentError(ValueError):
    """A document that may not be printed as it is; `field` names the culprit."""

    def __init__(self, field: str, problem: str) -> None:
        self.field = field
        super().__init__(f"{field}: {problem}")


class EmptyText(DocumentError):
    """A field that must be printed has no text."""

    def __init__(self, field: str) -> None:
        super().__init__(field, "must not be empty")


class TextTooLong(DocumentError):
    """A field has more characters than its place on the page was made for."""

    def __init__(self, field: str, length: int, limit: int) -> None:
        self.length, self.limit = length, limit
        super().__init__(field, f"has {length} characters; at most {limit} can be printed")


class UnprintableText(DocumentError):
    """A field has characters outside the shipped typeface; `characters` lists each once."""

    def __init__(self, field: str, characters: str) -> None:
        self.characters = characters
        codes = ", ".join(f"U+{ord(character):04X}" for character in characters)
        super().__init__(field, f"has characters that cannot be printed: {codes}")


class InconsistentDocument(DocumentError):
    """Two fields contradict each other."""


class DoesNotFit(DocumentError):
    """The texts together need more than one page even in the smallest letters."""

    def __init__(self) -> None:
        super().__init__("certificate", "does not fit on one page; shorten its longest texts")


class ForbiddenAddress(RuntimeError):
    """A layout asked for something that is not a file of this package; `address` says what."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"A layout may use only the files of this package, not {address}")


class NativeLibraryMissing(RuntimeError):
    """A library of the operating system that lays out text is missing; `library` names it."""

    def __init__(self, library: str) -> None:
        self.library = library
        super().__init__(
            f"The system library {library} is not installed, so no PDF can be made. "
            "Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. "
            "macOS: brew install pango. Windows: install Pango with MSYS2."
        )
