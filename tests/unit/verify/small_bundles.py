"""Small bundles without a ledger: what the functions of `verify.py` are called with."""

import json
from collections.abc import Sequence
from typing import Any

from app.verify.verify import Bundle, Sheets

RULES: dict[str, Any] = {
    "criteria": [{"code": "A", "floor": 0}, {"code": "B", "floor": 0}],
    "method": "mean",
    "trim": 1,
    "outlier": 500,
    "threshold": 7000,
    "threshold_op": "ge",
    "min_sheets": 1,
    "tie_break": [],
    "quota": None,
    "group_quotas": {},
}


def opened(
    entries: Sequence[dict[str, Any]] = (),
    sheets: Sequence[dict[str, Any]] = (),
    results: Sequence[dict[str, Any]] = (),
    **rules: Any,
) -> Bundle:
    """A bundle without a ledger; rules by name where they differ."""
    files = {
        "contest": {"id": 1, "rules_digest": "r1"},
        "rules": RULES | rules,
        "entries": entries,
        "sheets": sheets,
        "results": results,
    }
    written = {f"{name}.json": json.dumps(value).encode() for name, value in files.items()}
    return Bundle(written | {"ledger.jsonl": b"", "details.jsonl": b""})


def entry(number: int, group: str = "X", facility_id: int = 0) -> dict[str, Any]:
    return {"id": number, "code": f"E{number}", "group": group, "facility_id": facility_id or number}


def a_sheet(number: int, entry_id: int, judge: int, pass_no: int = 1) -> dict[str, Any]:
    return {"id": number, "entry": entry_id, "judge": judge, "pass": pass_no}


def given_sheets(*entries: Sequence[tuple[int, int]]) -> Sheets:
    """Marks for A and B, sheet by sheet; entries and judges are numbered from 1."""
    return {
        number: {judge: {"A": a, "B": b} for judge, (a, b) in enumerate(sheets, start=1)}
        for number, sheets in enumerate(entries, start=1)
    }


def columns(results: dict[int, dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for _entry, row in sorted(results.items())]
