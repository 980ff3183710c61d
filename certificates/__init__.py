"""The award's official documents: plain values in, PDF out.

A PDF is tagged PDF/A-2a and PDF/UA-1, uses no letters but the shipped ones, and is the same byte for byte
whenever it is made again from the same document.
"""

from certificates.documents import (
    Certificate,
    Minutes,
    MinutesEntry,
    ResultsGroup,
    ResultsList,
    ResultsRow,
    Signature,
    foreign_letters,
)
from certificates.errors import (
    DocumentError,
    DoesNotFit,
    EmptyText,
    ForbiddenAddress,
    InconsistentDocument,
    NativeLibraryMissing,
    TextTooLong,
    UnprintableText,
)
from certificates.render import certificate_pdf, minutes_pdf, results_list_pdf, score_sheets_pdf
from certificates.sheets import ScoreSheet, ScoreSheetLine, ScoreSheets

__all__ = [
    "Certificate",
    "DocumentError",
    "DoesNotFit",
    "EmptyText",
    "ForbiddenAddress",
    "InconsistentDocument",
    "Minutes",
    "MinutesEntry",
    "NativeLibraryMissing",
    "ResultsGroup",
    "ResultsList",
    "ResultsRow",
    "ScoreSheet",
    "ScoreSheetLine",
    "ScoreSheets",
    "Signature",
    "TextTooLong",
    "UnprintableText",
    "certificate_pdf",
    "foreign_letters",
    "minutes_pdf",
    "results_list_pdf",
    "score_sheets_pdf",
]
