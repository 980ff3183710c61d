"""The forms in which the result of a file of marks is given: JSON, CSV, a workbook, and a table to read."""

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import xlsxwriter

from app.domain.marks import format_average, format_mark
from app.domain.rules import ContestRules, Method, ThresholdOp
from app.services.faults import SHOWN, FileFault, refuse
from app.services.score_file import EntryResult, FileResult
from app.services.spreadsheets import harmless

FORMAT: Final = "binhchon.results/1"
COLUMNS: Final = ("entry", "group", "sheets", "value", "average", "rank", "outcome", "decided_by")

_MOST_ROWS: Final = 2**20
"""Of one sheet in a workbook, its heading included."""

_SIGNS: Final = {ThresholdOp.GE: "≥", ThresholdOp.GT: ">"}


@dataclass(frozen=True)
class Labels:
    """The words of one language: headings, and names of outcomes, rules, methods and deciding keys."""

    decimal: str
    entries: str
    columns: Mapping[str, str]
    outcomes: Mapping[str, str]
    rules: Mapping[str, str]
    methods: Mapping[str, str]
    decided_by: Mapping[str, str]
    results_sheet: str
    rules_sheet: str
    blank_sheets: str
    misleading: str


def as_json(result: FileResult) -> str:
    """Give the document of format `binhchon.results/1`, one entry a line; `notes` only where there are any."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    rules, counts = encode(rules_document(result.rules)), encode(result.counts)
    entries = ",\n  ".join(map(encode, map(_document, result.entries)))
    notes = f' "notes": {encode([blank_note(result)])},\n' if result.blank_rows else ""
    return (
        f'{{"format": "{FORMAT}",\n "rules": {rules},\n "counts": {counts},\n{notes}'
        f' "entries": [\n  {entries}]}}\n'
    )


def blank_note(result: FileResult) -> dict[str, Any]:
    """Tell how many sheets are blank, and where the first ones begin."""
    rows = result.blank_rows
    return {"kind": "blank_sheets", "count": len(rows), "rows": list(rows[:SHOWN])}


def notes_of(result: FileResult, labels: Labels) -> list[str]:
    """Give a sentence for what the figures alone would not tell."""
    notes = []
    if result.blank_rows:
        notes.append(blank_sentence(result, labels.blank_sheets))
    threshold = format_mark(result.rules.threshold, labels.decimal)
    for entry in result.misleading[:SHOWN]:
        printed = format_average(entry.average or 0, labels.decimal)
        value = _decimals(entry.value or Fraction(), labels.decimal)
        sign = _SIGNS[result.rules.threshold_op]
        outcome = labels.outcomes[entry.outcome]
        notes.append(
            labels.misleading.format(
                entry=entry.entry, printed=printed, value=value, bar=f"{sign} {threshold}", outcome=outcome
            )
        )
    return notes


def blank_sentence(result: FileResult, words: str) -> str:
    """Say how many sheets are blank, and where the first ones begin."""
    rows = result.blank_rows
    named = ", ".join(map(str, rows[:SHOWN])) + (", …" if len(rows) > SHOWN else "")
    return words.format(count=len(rows), rows=named)


def _decimals(value: Fraction, decimal: str) -> str:
    """The fraction, and its first six decimals, cut off rather than rounded."""
    whole, rest = divmod(value.numerator * 10**6 // value.denominator, 10**6)
    digits = f"{rest:06d}…" if (value * 10**6).denominator > 1 else f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{_fraction(value)} = {whole}{decimal}{digits}"


def rules_document(rules: ContestRules, decimal: str = ".") -> dict[str, Any]:
    """Give the rules that were used; a parameter that the method does not ask for is None."""
    return {
        "method": rules.method.value,
        "threshold": format_mark(rules.threshold, decimal),
        "threshold_op": rules.threshold_op.value,
        "trim": rules.trim if rules.method is Method.TRIMMED else None,
        "outlier": format_mark(rules.outlier, decimal) if rules.method is Method.WITHOUT_OUTLIERS else None,
        "min_sheets": rules.min_sheets,
        "tie_break": list(rules.tie_break),
        "quota": rules.quota,
        "group_quota": rules.group_quotas,
        "step": format_mark(rules.mark_step, decimal),
        "criteria": [
            {
                "id": criterion.code,
                "max": format_mark(criterion.max_mark, decimal),
                "floor": format_mark(criterion.floor, decimal),
            }
            for criterion in rules.criteria
        ],
    }


def as_csv(result: FileResult) -> str:
    """Give one line per entry, under the names that the JSON document uses."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for entry in result.entries:
        row = _document(entry)
        writer.writerow(row | {"entry": harmless(row["entry"]), "group": harmless(row["group"] or "")})
    return text.getvalue()


def as_xlsx(result: FileResult, labels: Labels) -> bytes:
    """Give a workbook: the entries with real numbers, and the rules on a second sheet.

    Raises
    ------
    RefusedFile
        There are more entries than rows in a sheet.
    """
    if len(result.entries) >= _MOST_ROWS:
        raise refuse(FileFault.TOO_MANY_ROWS, rows=_MOST_ROWS)
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        bold, points = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
        sheet = book.add_worksheet(labels.results_sheet)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 16)
        sheet.set_column(6, 6, max(map(len, labels.outcomes.values())))
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, labels.columns[name], bold)
        for row, entry in enumerate(result.entries, start=1):
            # Codes go through `write_string`, so that one that looks like a formula stays text.
            sheet.write_string(row, 0, entry.entry)
            sheet.write_string(row, 1, entry.group or "")
            sheet.write_number(row, 2, entry.sheets)
            if entry.value is not None and entry.average is not None and entry.rank is not None:
                sheet.write_string(row, 3, _fraction(entry.value))
                sheet.write_number(row, 4, entry.average / 100, points)
                sheet.write_number(row, 5, entry.rank)
            sheet.write_string(row, 6, labels.outcomes[entry.outcome])
            sheet.write_string(row, 7, _decided_by(entry, labels))
        rules = book.add_worksheet(labels.rules_sheet)
        rules.set_column(0, 1, 40)
        for row, (name, text) in enumerate(_rule_lines(result.rules, labels)):
            rules.write_string(row, 0, name, bold)
            rules.write_string(row, 1, text)
    return data.getvalue()


def as_table(result: FileResult, labels: Labels) -> str:
    """Give a table in columns of equal width, with the counts and the notes below."""
    names = ("rank", "entry", "group", "sheets", "average", "outcome", "decided_by")
    rows = [[labels.columns[name] for name in names]]
    for entry in result.entries:
        average = "" if entry.average is None else format_average(entry.average, labels.decimal)
        rank = "" if entry.rank is None else str(entry.rank)
        outcome = labels.outcomes[entry.outcome]
        rows.append(
            [
                rank,
                entry.entry,
                entry.group or "",
                str(entry.sheets),
                average,
                outcome,
                _decided_by(entry, labels),
            ]
        )
    numeric = [names.index(name) for name in ("rank", "sheets", "average")]
    lines = aligned(rows, numeric)
    return "\n".join([*lines, "", *_summary(result, labels), *notes_of(result, labels), ""])


def aligned(rows: Sequence[Sequence[str]], numeric: Collection[int]) -> list[str]:
    """Give a heading, a line below it and the rows, in columns of equal width; numbers stand on the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if index in numeric else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return lines


def _summary(result: FileResult, labels: Labels) -> list[str]:
    counts = result.counts
    found = [f"{labels.entries}: {counts.pop('entries')}"]
    found += [f"{labels.outcomes[outcome]}: {count}" for outcome, count in counts.items() if count]
    method = f"{labels.rules['method']}: {labels.methods[result.rules.method]}"
    threshold = format_mark(result.rules.threshold, labels.decimal)
    bar = f"{labels.rules['threshold']}: {_SIGNS[result.rules.threshold_op]} {threshold}"
    return ["; ".join(found), f"{method}; {bar}"]


def _rule_lines(rules: ContestRules, labels: Labels) -> Iterator[tuple[str, str]]:
    """Give the rules as names and texts, a criterion a line."""
    for name, value in rules_document(rules, labels.decimal).items():
        if name == "threshold":
            yield labels.rules[name], f"{_SIGNS[rules.threshold_op]} {value}"
        elif name == "criteria":
            for criterion in value:
                yield (
                    f"{labels.rules['criterion']} {criterion['id']}",
                    f"{criterion['floor']}–{criterion['max']}",
                )
        elif name == "method":
            yield labels.rules[name], labels.methods[value]
        elif name == "group_quota":
            yield labels.rules[name], ", ".join(f"{group}={quota}" for group, quota in value.items())
        elif name == "tie_break":
            yield labels.rules[name], ", ".join(value)
        elif name != "threshold_op":
            yield labels.rules[name], "" if value is None else str(value)


def _document(entry: EntryResult) -> dict[str, Any]:
    return {
        "entry": entry.entry,
        "group": entry.group,
        "sheets": entry.sheets,
        "value": None if entry.value is None else _fraction(entry.value),
        "average": None if entry.average is None else format_average(entry.average, "."),
        "rank": entry.rank,
        "outcome": entry.outcome.value,
        "decided_by": entry.decided_by,
    }


def _fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _decided_by(entry: EntryResult, labels: Labels) -> str:
    return "" if entry.decided_by is None else labels.decided_by.get(entry.decided_by, entry.decided_by)
