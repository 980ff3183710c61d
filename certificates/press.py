"""WeasyPrint, shut off from everything but this package's own files. Importing this module needs Pango."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from weasyprint import CSS, HTML, Document
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from certificates.errors import DoesNotFit, ForbiddenAddress

HERE = Path(__file__).parent
CONTENT_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".ttf": "font/ttf"}
OWN_FILES = {path.as_uri(): path for path in HERE.rglob("*") if path.suffix in CONTENT_TYPES}

# PDF/A-2a is archivable and tagged. "screen" is the colour profile below.
OPTIONS = {"pdf_variant": "pdf/a-2a", "output_intent": "screen"}

# WeasyPrint declares PDF/A or PDF/UA, not both. PDF/A allows only properties of announced schemas, so the
# schema comes first and the claim after it.
ACCESSIBLE = b"""<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the document follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
</rdf:RDF>"""

# A font map serves one thread at a time, and one set of fonts for all threads is quickest to have.
_lock = Lock()


class ClosedFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is published without types
    """Gives the style sheets, pictures and fonts of this package; anything else ends the printing.

    `refused` keeps what was refused: while it draws an SVG picture WeasyPrint swallows every exception.
    """

    def __init__(self) -> None:
        super().__init__(fail_on_errors=True)
        self.refused: list[ForbiddenAddress] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 -- WeasyPrint's signature
        """Open one of the package's own files by its exact address."""
        if url not in OWN_FILES:
            self.refused.append(ForbiddenAddress(url))
            raise self.refused[-1]
        path = OWN_FILES[url]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": CONTENT_TYPES[path.suffix]})


def print_pdf(layout: str, attempts: Iterable[str], *, one_page: bool) -> bytes:
    """Print the first of several HTML texts that fits; raises `DoesNotFit` when none does.

    The same text gives the same bytes. Threads wait for each other.
    """
    with _lock:
        refused = _fetcher().refused
        refused.clear()
        try:
            document = _first_that_fits(layout, attempts, one_page=one_page)
            pdf: bytes = document.write_pdf(finisher=_claim_accessible, **OPTIONS)
        except FatalURLFetchingError as error:
            raise (refused[0] if refused else RuntimeError(str(error))) from error
        if refused:
            raise refused[0]
        return pdf


def _first_that_fits(layout: str, attempts: Iterable[str], *, one_page: bool) -> Document:
    for html in attempts:
        document = HTML(string=html, base_url=HERE.as_uri(), url_fetcher=_fetcher()).render(
            font_config=_fonts(),
            color_profiles={"screen": _colours()},
            stylesheets=[_style(layout)],
            cache=_pictures(),
            **OPTIONS,
        )
        if not one_page or len(document.pages) == 1:
            return document
    raise DoesNotFit


@cache
def _fetcher() -> ClosedFetcher:
    return ClosedFetcher()


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


def _colours() -> ColorProfile:
    # Anew each time: a profile that was written once gives other bytes the second time. And not WeasyPrint's
    # own option for sRGB, which leaves the file open.
    profile = BytesIO((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())
    return ColorProfile(profile, "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


@cache
def _pictures() -> dict[str, object]:
    return {}


@cache
def _style(layout: str) -> CSS:
    address = (HERE / "layouts" / layout / f"{layout}.css").as_uri()
    return CSS(url=address, url_fetcher=_fetcher(), font_config=_fonts())


def _claim_accessible(_document: object, pdf: Any) -> None:
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [part.replace(b"</rdf:RDF>", ACCESSIBLE) for part in metadata.stream]
