"""Published lists as tables and as documents, for files; the steps of a contest as bars."""

from typing import Any

from app.domain.marks import format_average
from app.domain.rule_sentences import rule_sentences
from app.queries.public_results import PublicResults, RecognisedRow
from app.queries.statistics import Count, Steps
from app.services.spreadsheets import Cell, Column, Kind, Table
from app.web.example import EXAMPLE_EN, EXAMPLE_VI, note_cell, note_column, notes_of
from app.web.filters import average, day
from app.web.i18n import _
from app.web.labels import label, prize_name
from app.web.pass_columns import averages_document, pass_columns
from app.web.plots import Bar, bars


def recognised_table(page: PublicResults) -> Table:
    """The recognised products of a contest."""
    columns = (
        Column(_("Code")),
        Column(_("Group")),
        Column(_("Product")),
        Column(_("Facility")),
        Column(_("Address")),
        Column(_("Average"), Kind.POINTS),
        *pass_columns(page.rules.passes),
        Column(_("Outcome")),
        *((Column(_("Prize class")),) if page.rules.prizes else ()),
        *((Column(_("Products of the set")),) if page.sets else ()),
        Column(_("Certificate")),
        Column(_("Certificate today")),
        Column(_("Valid until")),
        *note_column(is_example=page.is_example),
    )
    rows = [_cells(page, row) for row in page.rows]
    return Table(_("Results"), columns, rows, notes_of(page.name, is_example=page.is_example))


def _cells(page: PublicResults, row: RecognisedRow) -> tuple[Cell, ...]:
    return (
        row.code,
        row.group,
        row.names.product,
        row.names.facility,
        row.names.address,
        row.average,
        *row.by_pass,
        outcome_of(page),
        *((_prize(page, row),) if page.rules.prizes else ()),
        *((_members(row),) if page.sets else ()),
        row.certificate,
        label(row.standing) if row.standing else "",
        day(row.valid_until) if row.valid_until else "",
        *note_cell(is_example=page.is_example),
    )


def _prize(page: PublicResults, row: RecognisedRow) -> str:
    return prize_name(row.prize, page.rules) if row.prize else ""


def _members(row: RecognisedRow) -> str:
    members = row.product_set.members if row.product_set else ()
    return "; ".join(f"{one.code} {one.product} ({average(one.average)})" for one in members)


def outcome_of(page: PublicResults) -> str:
    """What every product on the list is."""
    return _("Proposed for recognition") if page.provisional else _("Recognised")


def recognised_document(page: PublicResults) -> dict[str, Any]:
    """The published list for programs."""
    decision = page.decision
    return {
        "format": "binhchon.public-results/1",
        "example": page.is_example,
        **({"note": f"{EXAMPLE_VI} / {EXAMPLE_EN}"} if page.is_example else {}),
        "contest": {
            "slug": page.slug,
            "name": page.name,
            "year": page.year,
            "tier": page.tier,
            "place": page.place.full_name,
            "now_part_of": page.place.now or None,
        },
        "state": page.state,
        "published_at": page.published_at.isoformat(),
        "decision": decision
        and {
            "number": decision.number,
            "signed_on": decision.signed_on.isoformat(),
            "signing_body": decision.signing_body,
        },
        "replaces_decision": page.replaces
        and {"number": page.replaces.number, "signed_on": page.replaces.signed_on.isoformat()},
        "rules": {language: rule_sentences(page.rules, page.tier, language) for language in ("vi", "en")},
        "rules_digest": page.rules_digest,
        "inputs_digest": page.inputs_digest,
        "ledger_head": page.head and {"size": page.head.size, "root": page.head.root},
        "counts": {name: _count(count) for name, count in vars(page.numbers.steps).items()},
        **_prizes(page),
        **_changes(page),
        "entries": [_entry(row) | _prize_of(page, row) for row in page.rows],
    }


def _count(count: Count) -> dict[str, int]:
    return {"products": count.products, "facilities": count.facilities}


def _prizes(page: PublicResults) -> dict[str, Any]:
    """The classes of prize and how many have each; nothing for a contest without prizes."""
    counted = [
        {"code": prize.code, "vi": prize.name_vi, "en": prize.name_en, "products": number}
        for prize, number in page.prizes
    ]
    return {"prizes": counted} if counted else {}


def _changes(page: PublicResults) -> dict[str, Any]:
    """What the council changed of the jury's list, as far as it is public; nothing where it changed nothing."""
    told = [
        {
            "number": motion.number,
            "kind": motion.kind,
            **motion.proposal.content,
            **({"entries": [entry.code for entry in motion.entries]} if motion.entries else {}),
            "reason": motion.reason,
            "votes": dict(zip(("yes", "no", "abstain"), motion.counts or (), strict=False)),
        }
        for motion in page.motions
    ]
    return {"council_changes": told} if told else {}


def _prize_of(page: PublicResults, row: RecognisedRow) -> dict[str, str | None]:
    return {"prize": row.prize} if page.rules.prizes else {}


def _entry(row: RecognisedRow) -> dict[str, Any]:
    return {
        "entry": row.code,
        "group": row.group,
        "product": row.names.product,
        "is_set": row.names.is_set,
        **_members_of(row),
        "facility": row.names.facility,
        "address": row.names.address,
        "average": None if row.average is None else format_average(row.average, "."),
        **averages_document(row.by_pass),
        "certificate": row.certificate or None,
        "certificate_today": row.standing,
        "valid_until": row.valid_until and row.valid_until.isoformat(),
    }


def _members_of(row: RecognisedRow) -> dict[str, Any]:
    """The entries of a set that the council made; nothing for a product, or a set that was entered as one."""
    if row.product_set is None:
        return {}
    members = [
        {
            "entry": member.code,
            "product": member.product,
            "average": None if member.average is None else format_average(member.average, "."),
        }
        for member in row.product_set.members
    ]
    return {"members": members, "joined_by": row.product_set.ground}


def step_bars(steps: Steps, *, provisional: bool) -> list[Bar]:
    """The steps of a contest as bars: products by length, facilities as a number."""
    lines = (
        (_("Registered"), steps.registered),
        (_("Accepted"), steps.accepted),
        (_("With a result"), steps.scored),
        (_("Reached the threshold"), steps.reached),
        (_("Put to the vote"), steps.voted),
        (_("Proposed for recognition") if provisional else _("Recognised"), steps.recognised),
        (_("Certified"), steps.certified),
    )
    return bars([(title, count.products, str(count.facilities)) for title, count in lines])
