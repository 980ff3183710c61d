"""What the minutes conclude from the votes of the council, in Vietnamese."""

from collections.abc import Iterator

from app.domain.rules import ContestRules
from app.domain.vietnamese import as_sentence
from app.queries.ballots import BallotLine, BallotPage
from app.services.minutes_of_motions import nomination_conclusion
from app.services.printing import prizes_in_words


def conclusions_of(ballot: BallotPage) -> Iterator[str]:
    """What the council recognises and does not, who is given which prize, and its own words."""
    if not ballot.lines:
        yield "Không có sản phẩm nào được đề nghị công nhận."
        return
    carried = [line for line in ballot.lines if line.counts and line.counts.carried]
    others = [line for line in ballot.lines if line not in carried]
    facilities = len({line.row.facility for line in carried})
    yield (
        f"Hội đồng thống nhất đề nghị công nhận {len(carried)} sản phẩm của {facilities} cơ sở"
        f"{_codes(carried)}."
    )
    if others:
        yield f"Không đề nghị công nhận {len(others)} sản phẩm{_codes(others)}."
    if ballot.prizes:
        yield prizes_in_words(ballot.prizes)
    yield from (_settled_prize(line, ballot.rules) for line in ballot.lines if line.given.reason)
    yield from nomination_conclusion(ballot)
    if ballot.note:
        first, *further = as_sentence(ballot.note).splitlines()  # each line is a paragraph
        yield f"Kết luận của hội đồng: {first}"
        yield from filter(None, further)


def _settled_prize(line: BallotLine, rules: ContestRules) -> str:
    given = line.given
    marks = "bằng nhau ở ranh giới hạng giải" if given.jury.tied else _prize_name(given.jury.prize, rules)
    lost = "" if line.prize == given.prize else " Sản phẩm không được đề nghị công nhận nên không nhận giải."
    said = f"Hạng giải của sản phẩm {given.code}: {_prize_name(given.prize, rules)} (theo điểm: {marks})."
    return f"{said}{lost} Lý do: {as_sentence(given.reason)}"


def _prize_name(code: str | None, rules: ContestRules) -> str:
    return rules.prize(code).name_vi if code else "không có giải"


def _codes(lines: list[BallotLine]) -> str:
    return f": {', '.join(sorted(line.row.code for line in lines))}" if lines else ""
