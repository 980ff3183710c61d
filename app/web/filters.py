"""How values are written on a page."""

from datetime import date, datetime
from urllib.parse import quote

from flask import Flask

from app.domain.marks import format_average, format_mark
from app.domain.vietnamese import as_sentence, format_date, in_vietnam
from app.web.i18n import decimal_sign
from app.web.qr import qr


def mark(value: int | None) -> str:
    """A mark in points: "8,5" in Vietnamese, "8.5" in English; a dash when there is none."""
    return "–" if value is None else format_mark(value, decimal_sign())


def average(hundredths: int | None) -> str:
    """An average with two decimals."""
    return "–" if hundredths is None else format_average(hundredths, decimal_sign())


def day(value: date | None) -> str:
    """A date as officials write it: 05/07/2026."""
    return "–" if value is None else format_date(value)


def moment(value: datetime | None) -> str:
    """A time of day and date in Vietnam: 10:42 05/07/2026."""
    if value is None:
        return "–"
    local = in_vietnam(value)
    return f"{local:%H:%M} {format_date(local.date())}"


def time_of_day(value: datetime) -> str:
    """The time of day in Vietnam: 10:42."""
    return f"{in_vietnam(value):%H:%M}"


def file_size(octets: int) -> str:
    """A file's size as people say it: "340 KB", "1,2 MB"."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} KB"
    return f"{octets / 1_000_000:.1f} MB".replace(".", decimal_sign())


def content_disposition(name: str, *, attachment: bool = True) -> str:
    """A header for a file name with Vietnamese letters (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().replace('"', "'").replace("?", "_")
    kind = "attachment" if attachment else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def init_filters(app: Flask) -> None:
    """Make them known to the templates."""
    for function in (mark, average, day, moment, time_of_day, file_size, as_sentence):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["qr"] = qr
