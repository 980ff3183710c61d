"""The results list (danh sách), put together from what is published; Vietnamese, as offices file it."""

from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from app.domain.marks import format_average
from app.domain.messages import N_, Message
from app.domain.rule_sentences import rule_sentences
from app.domain.tiers import TIER_NAMES_VI
from app.domain.vietnamese import format_date, in_vietnam
from app.queries.ledger import said_of_head
from app.queries.public_results import PublicResults, RecognisedRow, public_results
from app.services.printing import (
    decision_in_words,
    lines_of,
    passes_in_words,
    prizes_in_words,
    the_organiser,
    unprintable,
)
from certificates import (
    DocumentError,
    ResultsGroup,
    ResultsList,
    ResultsRow,
    Signature,
    results_list_pdf,
)


def results_list_file(session: Session, slug: str, *, today: date) -> bytes:
    """Print the published list of a contest.

    Raises
    ------
    NotFound
        The list is not published.
    NotReady
        A text on it cannot be printed.
    """
    page = public_results(session, slug, today=today)
    try:
        return _results_list_pdf(_results_list(session, page))
    except DocumentError as error:
        raise unprintable(Message(N_("The list cannot be printed.")), error) from error


# Anybody may ask for a published list, and the same list is the same file.
@lru_cache(maxsize=32)
def _results_list_pdf(document: ResultsList) -> bytes:
    return results_list_pdf(document)


def _results_list(session: Session, page: PublicResults) -> ResultsList:
    decision = page.decision
    signed_on = decision.signed_on if decision else in_vietnam(page.published_at).date()
    organiser = the_organiser(session, page.territory_id, signed_on)
    signature = Signature(title=("TM. HỘI ĐỒNG BÌNH CHỌN", "CHỦ TỊCH"))
    subtitle = page.name
    old = page.replaces and decision_in_words(page.replaces)
    if decision:
        signature = Signature(title=lines_of(decision.signatory_title), name=decision.signatory)
        replacing = f", thay thế {old}" if old else ""
        subtitle += f" (kèm theo {decision_in_words(decision)} của {decision.signing_body}{replacing})"
    elif old:
        subtitle += f" (dự kiến thay thế danh sách kèm theo {old})"
    return ResultsList(
        issuer_parent=organiser.parent_name.upper() or None,
        issuer=organiser.name.upper(),
        place=decision.place if decision else organiser.place,
        signed_on=signed_on,
        title=f"DANH SÁCH SẢN PHẨM CÔNG NGHIỆP NÔNG THÔN TIÊU BIỂU {TIER_NAMES_VI[page.tier].upper()} NĂM {page.year}",
        subtitle=subtitle,
        provisional=page.provisional,
        rules=(_rules(page),),
        groups=tuple(
            ResultsGroup(label=group.name_vi, rows=tuple(_results_row(row, page) for row in rows))
            for group, rows in page.groups
        ),
        totals=_totals(page),
        digest=f"Mã kiểm chứng (SHA-256): quy chế {page.rules_digest}; dữ liệu phiếu chấm {page.inputs_digest}."
        + said_of_head(page.head),
        signatures=(signature,),
        example=page.is_example,
    )


def _rules(page: PublicResults) -> str:
    """The rules in one paragraph, so that the list itself begins on the first page."""
    sentences = enumerate(rule_sentences(page.rules, page.tier, "vi"), start=1)
    return "Quy chế áp dụng: " + " ".join(f"({number}) {sentence}" for number, sentence in sentences)


def _results_row(row: RecognisedRow, page: PublicResults) -> ResultsRow:
    return ResultsRow(
        entry_code=row.code,
        product=row.names.product,
        members=_members(row),
        facility=row.names.facility,
        address=row.names.address,
        average=None if row.average is None else format_average(row.average),
        by_pass=passes_in_words(row.by_pass),
        outcome="Dự kiến công nhận" if page.provisional else "Được công nhận",
        prize=page.rules.prize(row.prize).name_vi if row.prize else None,
    )


def _members(row: RecognisedRow) -> tuple[str, ...]:
    """The products of a set that the council made, each with its own average."""
    members = row.product_set.members if row.product_set else ()
    return tuple(
        f"{one.code} {one.product}" + (f" ({format_average(one.average)})" if one.average is not None else "")
        for one in members
    )


def _totals(page: PublicResults) -> tuple[str, ...]:
    steps = page.numbers.steps
    verb = "dự kiến được công nhận" if page.provisional else "được công nhận"
    totals = [
        (
            f"Tổng số: {steps.registered.products} sản phẩm của {steps.registered.facilities} cơ sở đăng ký; "
            f"{steps.accepted.products} sản phẩm được tiếp nhận; {steps.reached.products} sản phẩm đạt điểm tối "
            f"thiểu; {steps.recognised.products} sản phẩm của {steps.recognised.facilities} cơ sở {verb}."
        )
    ]
    if page.sets:
        joined = sum(len(one.members) for one in page.sets)
        totals.append(
            f"Trong đó {len(page.sets)} bộ sản phẩm do Hội đồng ghép từ {joined} sản phẩm của cùng cơ sở; mỗi bộ "
            "tính là một sản phẩm và đứng ở thứ hạng của sản phẩm có điểm cao nhất trong bộ."
        )
    if page.prizes:
        totals.append(prizes_in_words(page.prizes))
    if page.provisional:
        totals.append(
            f"Khiếu nại được tiếp nhận trong {page.rules.complaint_days} ngày làm việc, đến hết ngày "
            f"{format_date(page.complaints_until)} nếu không có ngày nghỉ lễ."
        )
    return tuple(totals)
