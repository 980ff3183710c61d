"""Sending files that are made for the reader who asks."""

import json
from typing import Any

from flask import Response

from app.services.spreadsheets import Table, csv_file
from app.web.filters import content_disposition
from app.web.i18n import decimal_sign

CSV = "text/csv; charset=utf-8"
JSON = "application/json; charset=utf-8"
PDF = "application/pdf"
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, media_type: str) -> Response:
    """A file to be saved under a name that may hold Vietnamese letters."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


def download_csv(table: Table, name: str) -> Response:
    """A table as CSV, with the signs that spreadsheets of the reader's language expect."""
    return download(csv_file(table, decimal_sign()), name, CSV)


def download_json(document: dict[str, Any], name: str) -> Response:
    """A document as JSON, readable by people too."""
    return download(json.dumps(document, ensure_ascii=False, indent=1).encode(), name, JSON)
