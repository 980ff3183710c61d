"""The forms in which the advisory numbers of a file of marks are given: JSON, and tables to read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain.marks import format_average, format_mark
from app.services.evidence_file import Change, EntryEvidence, FileEvidence, JudgeEvidence, PanelEvidence
from app.services.score_output import aligned, blank_note, blank_sentence

FORMAT: Final = "binhchon.evidence/1"
STATISTICS: Final = ("kendall_w", "icc_2_1", "icc_2_k", "krippendorff_alpha")

_NONE: Final = "–"


@dataclass(frozen=True)
class Undefined:
    """A number that has no value: of a panel, of a judge or of an entry, with the reason."""

    of: str
    name: str | None
    statistic: str
    reason: str


@dataclass(frozen=True)
class EvidenceLabels:
    """The words of one language: headings, names of outcomes and methods, and sentences."""

    decimal: str
    panels: str
    judges: str
    entries: str
    whole: str
    columns: Mapping[str, str]
    outcomes: Mapping[str, str]
    methods: Mapping[str, str]
    changes: Mapping[str, str]
    statistics: Mapping[str, str]
    subjects: Mapping[str, str]
    reasons: Mapping[str, str]
    undefined: str
    advice: str
    blank_sheets: str


def as_json(evidence: FileEvidence) -> str:
    """Give the document of format `binhchon.evidence/1`, one panel, judge, entry or note a line."""
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    parts = {
        "panels": map(_panel_document, evidence.panels),
        "judges": map(_judge_document, evidence.judges),
        "sensitivity": map(_entry_document, evidence.entries),
        "notes": _notes(evidence),
    }
    lines = [f'{{"format": "{FORMAT}"']
    for name, documents in parts.items():
        listed = ",\n  ".join(map(encode, documents))
        lines.append(f' "{name}": [\n  {listed}]' if listed else f' "{name}": []')
    return ",\n".join(lines) + "}\n"


def undefined_numbers(evidence: FileEvidence) -> Iterator[Undefined]:
    """Give the numbers that have no value, in the order of the document."""
    for panel in evidence.panels:
        for statistic in STATISTICS:
            reason = getattr(panel.agreement, statistic).reason
            if reason is not None:
                yield Undefined("panel", panel.group, statistic, reason.value)
    for judge in evidence.judges:
        if judge.severity is None:
            yield Undefined("judge", judge.judge, "severity", "no_common_entry")
        elif judge.severity_low is None:
            yield Undefined("judge", judge.judge, "severity_interval", "one_common_entry")
    for entry in evidence.entries:
        if entry.flip is None:
            reason = "not_scored" if entry.outcome == "not_scored" else "no_move"
            yield Undefined("entry", entry.entry, "flip", reason)


def as_table(evidence: FileEvidence, labels: EvidenceLabels) -> str:
    """Give three tables with a heading each, and a sentence for each number that has no value."""
    lines = [labels.panels, "", *_panel_lines(evidence.panels, labels), "", ""]
    lines += [labels.judges, "", *_judge_lines(evidence.judges, labels), "", ""]
    lines += [labels.entries, "", *_entry_lines(evidence.entries, labels), "", labels.advice]
    if evidence.result.blank_rows:
        lines.append(blank_sentence(evidence.result, labels.blank_sheets))
    lines += [_sentence(undefined, labels) for undefined in undefined_numbers(evidence)]
    return "\n".join([*lines, ""])


def _panel_document(panel: PanelEvidence) -> dict[str, Any]:
    values = {statistic: getattr(panel.agreement, statistic).value for statistic in STATISTICS}
    counted = {"entries": panel.agreement.entries, "judges": panel.agreement.judges}
    return {"group": panel.group} | counted | values


def _judge_document(judge: JudgeEvidence) -> dict[str, Any]:
    return {
        "judge": judge.judge,
        "sheets": judge.sheets,
        "severity": judge.severity,
        "severity_low": judge.severity_low,
        "severity_high": judge.severity_high,
    }


def _entry_document(entry: EntryEvidence) -> dict[str, Any]:
    return {
        "entry": entry.entry,
        "outcome": entry.outcome.value,
        "changes": [_change_name(change) for change in entry.changes],
        "flip": None if entry.flip is None else format_average(entry.flip, "."),
    }


def _change_name(change: Change) -> str:
    if change.judge is not None:
        return f"without {change.judge}"
    if change.threshold is not None:
        return f"threshold {format_mark(change.threshold, '.')}"
    return str(change.method)


def _notes(evidence: FileEvidence) -> Iterator[dict[str, Any]]:
    if evidence.result.blank_rows:
        yield blank_note(evidence.result)
    for number in undefined_numbers(evidence):
        subject = {number.of: number.name}
        yield {"kind": "undefined"} | subject | {"statistic": number.statistic, "reason": number.reason}


def _panel_lines(panels: tuple[PanelEvidence, ...], labels: EvidenceLabels) -> list[str]:
    names = ("group", "panel_entries", "complete", "panel_judges", *STATISTICS)
    rows = [[labels.columns[name] for name in names]]
    for panel in panels:
        found = panel.agreement
        numbers = [str(found.entries), str(found.complete), str(found.judges)]
        values = [_decimals(getattr(found, name).value, "z.3f", labels) for name in STATISTICS]
        rows.append([labels.whole if panel.group is None else panel.group, *numbers, *values])
    return aligned(rows, range(1, len(names)))


def _judge_lines(judges: tuple[JudgeEvidence, ...], labels: EvidenceLabels) -> list[str]:
    names = ("judge", "sheets", "severity", "severity_low", "severity_high")
    rows = [[labels.columns[name] for name in names]]
    for judge in judges:
        values = (judge.severity, judge.severity_low, judge.severity_high)
        shown = [_decimals(value, "+z.2f", labels) for value in values]
        rows.append([judge.judge, str(judge.sheets), *shown])
    return aligned(rows, range(1, len(names)))


def _entry_lines(entries: tuple[EntryEvidence, ...], labels: EvidenceLabels) -> list[str]:
    rows = [[labels.columns[name] for name in ("entry", "outcome", "flip", "changes")]]
    for entry in entries:
        sign = "+" if entry.flip is not None and entry.flip > 0 else ""
        flip = _NONE if entry.flip is None else sign + format_average(entry.flip, labels.decimal)
        changes = "; ".join(_change_words(change, labels) for change in entry.changes) or _NONE
        rows.append([entry.entry, labels.outcomes[entry.outcome], flip, changes])
    return aligned(rows, {2})


def _change_words(change: Change, labels: EvidenceLabels) -> str:
    threshold = "" if change.threshold is None else format_mark(change.threshold, labels.decimal)
    method = "" if change.method is None else labels.methods[change.method]
    return labels.changes[change.kind].format(judge=change.judge, method=method, threshold=threshold)


def _decimals(value: float | None, form: str, labels: EvidenceLabels) -> str:
    return _NONE if value is None else format(value, form).replace(".", labels.decimal)


def _sentence(number: Undefined, labels: EvidenceLabels) -> str:
    name = labels.whole if number.name is None else number.name
    return labels.undefined.format(
        statistic=labels.statistics[number.statistic],
        subject=labels.subjects[number.of if number.name is not None else "file"].format(name=name),
        reason=labels.reasons[number.reason],
    )
