import hashlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import time_machine
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from certificates import ForbiddenAddress, certificate_pdf, minutes_pdf, results_list_pdf
from certificates.press import HERE, ClosedFetcher, print_pdf
from certificates.render import _html, _layouts
from tests.unit.certificates.samples import (
    TORTURE,
    Printed,
    make_certificate,
    make_entry,
    make_group,
    make_list,
    make_minutes,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "Cà phê & sữa &amp; <b>đậm</b>",
    "{{ 7*7 }} {% for x in y %} {# ẩn #}",
    "file:///etc/passwd http://example.com/a.png",
    '"><img src=http://example.com/a.png>',
    "url(http://example.com/a.css) </title></style>",
    "'; DROP TABLE entry; --",
]
PRINT: dict[str, Callable[[str], bytes]] = {
    "certificate": lambda name: certificate_pdf(make_certificate(product=name, facility=name, address=name)),
    "results list": lambda name: results_list_pdf(
        make_list(title=name, groups=(make_group(label=name), make_group()), rules=(name,))
    ),
    "minutes": lambda name: minutes_pdf(make_minutes(subject=name, entries=(make_entry(product=name),))),
}
every_document = pytest.mark.parametrize("print_named", PRINT.values(), ids=PRINT.keys())


@every_document
@pytest.mark.parametrize("name", HOSTILE)
def test_what_looks_like_code_is_printed_as_it_was_typed(
    print_named: Callable[[str], bytes], name: str
) -> None:
    document = Printed(print_named(name))

    assert "".join(name.split()) in document.letters
    assert "49" not in document.letters
    assert [page.get("/Annots") for page in document.reader.pages] == [None] * len(document.pages)
    assert {"/OpenAction", "/AA", "/Names"} & set(document.root) == set()


@every_document
def test_only_the_shipped_typeface_is_embedded_and_only_in_part(print_named: Callable[[str], bytes]) -> None:
    fonts = Printed(print_named(TORTURE)).fonts

    assert {name.partition("+")[2] for name in fonts} <= {
        "Binhchon-Tinos",
        "Binhchon-Tinos-Bold",
        "Binhchon-Tinos-Italic",
        "Binhchon-Tinos-Bold-Italic",
    }
    assert all(len(name.partition("+")[0]) == len("/ABCDEF") for name in fonts)


@every_document
def test_vietnamese_letters_can_be_read_back(print_named: Callable[[str], bytes]) -> None:
    assert TORTURE in Printed(print_named(TORTURE)).text


@every_document
def test_every_document_is_tagged_vietnamese_and_titled(print_named: Callable[[str], bytes]) -> None:
    root = Printed(print_named("Trà sen")).root

    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"] == {"/Marked": True}
    assert root["/ViewerPreferences"] == {"/DisplayDocTitle": True}


@every_document
def test_every_document_has_a_heading_and_paragraphs_for_screen_readers(
    print_named: Callable[[str], bytes],
) -> None:
    kinds = [kind for kind, _ in Printed(print_named("Trà sen")).tags]

    assert kinds[0] == "/Document"
    assert kinds.count("/H1") == 1
    assert "/P" in kinds


@every_document
def test_every_document_claims_pdf_a_and_pdf_ua_in_one_block_of_metadata(
    print_named: Callable[[str], bytes],
) -> None:
    root = Printed(print_named("Trà sen")).root
    metadata = root["/Metadata"].get_data().decode()

    assert metadata.count("<rdf:RDF") == 1
    assert 'pdfaid:part="2" pdfaid:conformance="A"' in metadata
    assert 'pdfuaid:part="1"' in metadata
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"


def test_a_table_is_tagged_with_its_headers() -> None:
    kinds = [kind for kind, _ in Printed(results_list_pdf(make_list(groups=(make_group(3),)))).tags]

    assert [kinds.count(kind) for kind in ("/Table", "/THead", "/TBody", "/TH", "/TR")] == [1, 1, 1, 7, 5]


@every_document
def test_the_same_document_gives_the_same_bytes_whatever_the_clock_says(
    print_named: Callable[[str], bytes],
) -> None:
    first = print_named("Trà sen")
    print_named("Mật ong hoa tràm")
    with time_machine.travel(datetime(2031, 5, 6, tzinfo=UTC), tick=True):
        again = print_named("Trà sen")

    assert again == first
    assert print_named("Trà Sen") != first


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "import hashlib, sys; from certificates import certificate_pdf;"
        "from tests.unit.certificates.samples import make_certificate;"
        "print(hashlib.sha256(certificate_pdf(make_certificate())).hexdigest())"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=HERE.parent,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == hashlib.sha256(certificate_pdf(make_certificate())).hexdigest()


def test_several_threads_may_print_at_once() -> None:
    documents = [make_certificate(product=f"Trà số {number}") for number in range(8)]
    alone = [certificate_pdf(document) for document in documents]

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(certificate_pdf, documents))

    assert together == alone


@every_document
def test_the_layouts_raise_no_complaint_of_weasyprint(
    print_named: Callable[[str], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        print_named("Trà sen")

    assert caplog.messages == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/a.png",
        "https://example.com/a.css",
        "file:///etc/passwd",
        "data:image/png;base64,iVBORw0KGgo=",
        "ftp://example.com/a",
        (HERE / "render.py").as_uri(),
        (HERE / "fonts" / "LICENSE").as_uri(),
        (HERE / "layouts" / "certificate" / "certificate.html").as_uri(),
        f"{HERE.as_uri()}/layouts/../../pyproject.toml",
        f"{HERE.as_uri()}/fonts/%2e%2e/fonts/Tinos-Regular.ttf",
        f"{(HERE / 'layouts' / 'fonts.css').as_uri()}?x=1",
        "Tinos-Regular.ttf",
        "",
    ],
)
def test_nothing_but_the_packages_own_files_can_be_fetched(address: str) -> None:
    with pytest.raises(ForbiddenAddress) as refused:
        ClosedFetcher().fetch(address)

    assert refused.value.address == address


def test_a_font_of_the_package_can_be_fetched() -> None:
    font = HERE / "fonts" / "Tinos-Bold.ttf"

    response = ClosedFetcher().fetch(font.as_uri())

    assert (response.read(), response.content_type) == (font.read_bytes(), "font/ttf")


@pytest.mark.parametrize(
    "content",
    [
        '<img src="http://127.0.0.1:1/a.png" alt="x">',
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="../pyproject.toml" alt="x">',
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="x">',
        '<link rel="stylesheet" href="https://example.com/a.css">',
        "<style>@import url(http://127.0.0.1:1/a.css)</style>",
        "<style>@font-face { font-family: x; src: url(file:///usr/share/fonts/x.ttf) }</style><p>x</p>",
        '<p style="background: url(http://127.0.0.1:1/a.png)">x</p>',
        '<svg><title>x</title><image href="http://127.0.0.1:1/a.png" width="9" height="9"/></svg>',
        '<object data="file:///etc/passwd"></object>',
        '<link rel="attachment" href="file:///etc/passwd">',
    ],
)
def test_a_layout_that_reaches_outside_stops_the_printing(content: str) -> None:
    with pytest.raises(ForbiddenAddress):
        print_pdf(
            "minutes", [f'<html lang="vi"><title>x</title><body>{content}</body></html>'], one_page=False
        )


def test_printing_goes_on_after_a_layout_was_stopped() -> None:
    with pytest.raises(ForbiddenAddress):
        print_pdf(
            "minutes",
            ['<html lang="vi"><title>x</title><img src="file:///etc/passwd" alt="x">'],
            one_page=False,
        )

    assert len(Printed(certificate_pdf(make_certificate())).pages) == 1


def test_a_value_that_a_layout_lacks_is_an_error_and_not_an_empty_space() -> None:
    with pytest.raises(UndefinedError, match="qr"):
        _html("certificate", make_certificate(), fit=0)


def test_a_layout_cannot_reach_behind_the_values_it_is_given() -> None:
    with pytest.raises(SecurityError):
        _layouts.from_string("{{ doc.__class__.__mro__ }}").render(doc=make_certificate())


def test_the_fonts_come_with_their_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in (HERE / "fonts" / "LICENSE").read_text("utf-8")


def test_a_missing_system_library_is_named_with_what_to_install() -> None:
    program = (
        "import cffi\n"
        "open_library = cffi.FFI.dlopen\n"
        "def dlopen(self, name, flags=0):\n"
        "    if 'pango' in name:\n"
        "        raise OSError(f'cannot load library {name!r}: no such file')\n"
        "    return open_library(self, name, flags)\n"
        "cffi.FFI.dlopen = dlopen\n"
        "from certificates import NativeLibraryMissing, certificate_pdf\n"
        "from tests.unit.certificates.samples import make_certificate\n"
        "try:\n"
        "    certificate_pdf(make_certificate())\n"
        "except NativeLibraryMissing as missing:\n"
        "    print(missing.library, '|', missing)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=HERE.parent, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1].startswith(
        "libpango-1.0-0 | The system library libpango-1.0-0 is not installed"
    )


def test_documents_can_be_made_without_loading_weasyprint() -> None:
    program = (
        "import sys; from tests.unit.certificates.samples import make_certificate;"
        "make_certificate(); print('weasyprint' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=HERE.parent, capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
