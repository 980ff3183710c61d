"""From a document to HTML, and from HTML to PDF."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

import segno
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from certificates.documents import Certificate, Minutes, ResultsList
from certificates.errors import NativeLibraryMissing
from certificates.sheets import ScoreSheets
from certificates.wording import clock, long_date, short_date, unbroken

EXAMPLE_MARK = "VÍ DỤ – DỮ LIỆU GIẢ ĐỊNH"
QR_TITLE = "Mã QR của trang tra cứu giấy chứng nhận"
KEYING_QR_TITLE = "Mã QR của trang nhập phiếu chấm điểm"

# The certificate's letter sizes are the classes fit-0 (largest) to fit-8 of its style sheet. These lengths of
# product, facility and address together say where to begin; a wrong guess only costs another layout.
FIT_LENGTHS = (150, 220, 300, 420, 560)
SMALLEST_FIT = 8

_layouts = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent / "layouts"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_layouts.filters |= {"clock": clock, "long_date": long_date, "short_date": short_date, "unbroken": unbroken}


def certificate_html(document: Certificate, fit: int) -> str:
    """The certificate as HTML in the letter size `fit`."""
    return _html("certificate", document, fit=fit, qr=_qr(document.check_url, QR_TITLE))


def results_list_html(document: ResultsList) -> str:
    """The results list as HTML."""
    rows = [row for group in document.groups for row in group.rows]
    columns = {"ranks": any(row.rank for row in rows), "averages": any(row.average for row in rows)}
    return _html("results_list", document, **columns, prizes=any(row.prize for row in rows))


def minutes_html(document: Minutes) -> str:
    """The minutes as HTML."""
    return _html("minutes", document, prizes=any(entry.prize for entry in document.entries))


def score_sheets_html(document: ScoreSheets) -> str:
    """A judge's empty score sheets as HTML."""
    codes = [_qr(sheet.keying_url, f"{KEYING_QR_TITLE} {sheet.entry_code}") for sheet in document.sheets]
    return _html("score_sheets", document, codes=codes)


def certificate_pdf(document: Certificate) -> bytes:
    """Print a certificate on one page of A4 landscape.

    The same document gives the same bytes. Raises `DoesNotFit` when the texts are too long even in the
    smallest letters and `NativeLibraryMissing` when Pango is not installed.
    """
    length = len(document.product) + len(document.facility) + len(document.address)
    fits = range(bisect_left(FIT_LENGTHS, length), SMALLEST_FIT + 1)
    return _pdf("certificate", (certificate_html(document, fit) for fit in fits), one_page=True)


def results_list_pdf(document: ResultsList) -> bytes:
    """Print a results list on A4 portrait; raises `NativeLibraryMissing` when Pango is not installed."""
    return _pdf("results_list", [results_list_html(document)])


def minutes_pdf(document: Minutes) -> bytes:
    """Print minutes on A4 portrait; raises `NativeLibraryMissing` when Pango is not installed."""
    return _pdf("minutes", [minutes_html(document)])


def score_sheets_pdf(document: ScoreSheets) -> bytes:
    """Print score sheets on A4 portrait, each on a page of its own; raises `NativeLibraryMissing` without Pango."""
    return _pdf("score_sheets", [score_sheets_html(document)])


def _qr(address: str, title: str) -> str:
    code = segno.make(address, error="m", micro=False)
    svg: str = code.svg_inline(
        border=4, omitsize=True, light="#fff", title=title, svgclass=None, lineclass=None
    )
    return svg


def _html(layout: str, document: object, **more: object) -> str:
    template = _layouts.get_template(f"{layout}/{layout}.html")
    return template.render(doc=document, example_mark=EXAMPLE_MARK, **more)


def _pdf(layout: str, attempts: Iterable[str], *, one_page: bool = False) -> bytes:
    try:
        # WeasyPrint takes a second to load and fails without Pango: only those who print shall need it.
        from certificates.press import print_pdf  # noqa: PLC0415
    except OSError as error:
        named = re.search(r"library '([^']+)'", str(error))
        raise NativeLibraryMissing(named[1] if named else str(error)) from error
    return print_pdf(layout, attempts, one_page=one_page)
