"""Saying in files, as pages do, that an example is one."""

from app.services.spreadsheets import Column
from app.web.i18n import _, in_language

EXAMPLE_VI = "VÍ DỤ – DỮ LIỆU GIẢ ĐỊNH"
EXAMPLE_EN = "EXAMPLE – MADE-UP DATA"


def notes_of(*lines: str, is_example: bool) -> tuple[str, ...]:
    """Lines on top of a sheet; an example says first that it is one."""
    return (*note_cell(is_example=is_example), *lines)


def note_column(*, is_example: bool) -> tuple[Column, ...]:
    """One more column for an example: a row may be copied without its heading."""
    return (Column(_("Note")),) if is_example else ()


def note_cell(*, is_example: bool) -> tuple[str, ...]:
    """What stands in that column."""
    return (in_language(EXAMPLE_VI, EXAMPLE_EN),) if is_example else ()
