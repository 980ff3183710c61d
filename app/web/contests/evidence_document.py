"""The evidence of a contest as a document for programs."""

from dataclasses import asdict
from fractions import Fraction
from typing import Any

from app.domain.marks import format_average
from app.services.evidence_records import Change, EntryEvidence, Evidence, PanelEvidence


def evidence_document(evidence: Evidence) -> dict[str, Any]:
    """The evidence for programs: exact distances as fractions of points, statistics as numbers or null."""
    contest = evidence.results.contest
    return {
        "format": "binhchon.contest-evidence/1",
        "example": contest.is_example,
        "contest": {"name": contest.name, "slug": contest.slug, "year": contest.year, "tier": contest.tier},
        "rules_digest": contest.rules_digest,
        "inputs_digest": evidence.results.inputs_digest,
        "marks_unchanged": evidence.is_same,
        "version": evidence.results.version,
        "entries": [_entry_document(entry) for entry in evidence.entries],
        "passes": _passes_document(evidence),
        "judges": [asdict(judge) for judge in evidence.judges],
        "panels": [_panel_document(panel) for panel in evidence.panels],
        "bootstrap": asdict(evidence.bootstrap),
        "steps": {
            "total": asdict(evidence.funnels.total),
            "groups": {name: asdict(funnel) for name, funnel in evidence.funnels.groups},
            "places": {name: asdict(funnel) for name, funnel in evidence.funnels.places},
        },
    }


def _passes_document(evidence: Evidence) -> dict[str, Any] | None:
    rules = evidence.results.contest.rules
    if rules.passes == 1:
        return None
    entries = [
        {
            "entry": line.row.code,
            "first": _points(line.first),
            "second": _points(line.second),
            "to_advance": _points(line.to_advance),
            "went_on": line.went_on,
            "change": _points(line.change),
        }
        for line in evidence.passes
    ]
    return {
        "deciding_pass": rules.deciding_pass,
        "advance_mark": format_average(rules.advance_mark, "."),
        "entries": entries,
    }


def _entry_document(entry: EntryEvidence) -> dict[str, Any]:
    row, margin = entry.row, entry.margin
    return {
        "entry": row.code,
        "group": row.jury.group,
        "product": row.product,
        "facility": row.facility,
        "sheets": row.jury.sheets,
        "totals": [format_average(total, ".") for total in row.totals],
        "value": None if row.value is None else f"{row.value.numerator}/{row.value.denominator}",
        "average": None if row.average is None else format_average(row.average, "."),
        "rank": row.jury.rank,
        "rank_interval": entry.ranks,
        "outcome": row.outcome,
        "decided_by": row.decided_by,
        "to_threshold": margin and _points(margin.to_threshold),
        "to_cut": margin and _points(margin.to_cut),
        "compared_with": entry.rival.code if entry.rival else None,
        "flagged": entry.is_flagged,
        "discussed": entry.is_settled,
        "changes": [_change_document(change) for change in entry.changes],
        "flip": _points(entry.flip),
    }


def _change_document(change: Change) -> dict[str, Any]:
    threshold = None if change.threshold is None else format_average(change.threshold, ".")
    return {
        "without": change.without,
        "method": change.method,
        "threshold": threshold,
        "outcome": change.outcome,
    }


def _points(hundredths: Fraction | None) -> str | None:
    if hundredths is None:
        return None
    points = hundredths / 100
    return f"{points.numerator}/{points.denominator}"


def _panel_document(panel: PanelEvidence) -> dict[str, Any]:
    found = asdict(panel.agreement)
    return {"group": panel.group.code if panel.group else None, **found}
