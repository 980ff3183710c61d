"""What the minutes tell of a meeting, in Vietnamese: who was there, how each product was voted on, what was said."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from app.domain.meetings import PollBy
from app.domain.results import Office
from app.domain.vietnamese import as_sentence, format_date, in_vietnam
from app.queries.agenda import AgendaLine, PollView
from app.queries.attendance import Seat
from app.queries.ballot_turns import AnnulledPoll, Break
from app.queries.meetings import MeetingPage

OFFICES = {
    Office.CHAIR: "Chủ tịch Hội đồng",
    Office.DEPUTY: "Phó Chủ tịch Hội đồng",
    Office.MEMBER: "Ủy viên Hội đồng",
    Office.SECRETARY: "Thư ký Hội đồng",
}
WAYS = {PollBy.DEVICE: "biểu quyết trên thiết bị cá nhân", PollBy.HANDS: "biểu quyết giơ tay"}


def titled(name: str, office: Office, position: str) -> str:
    """A member as the minutes name them."""
    return f"{name}, {OFFICES[office]}{f' ({position})' if position else ''}"


def attendance_in_words(page: MeetingPage) -> Iterator[str]:
    """A line for each member of the council, with the times at which they came and left."""
    for seat in page.seats:
        yield f"{titled(seat.name, seat.office, seat.position)}: {_stays(page, seat)};"


def quorum_in_words(page: MeetingPage, members: int, quorum: int) -> str:
    """How many came, and how many had to."""
    came = sum(bool(seat.stays) for seat in page.seats)
    return (
        f"Hội đồng có {members} thành viên; cuộc họp cần ít nhất {quorum} thành viên có mặt; {came} thành viên dự "
        "họp. Mỗi lượt biểu quyết đều có đủ số thành viên cần thiết."
    )


def presiding(page: MeetingPage) -> Seat | None:
    """Who led the meeting, and signs its minutes: the chair, or a deputy where the chair did not come.

    The chair answers for the council's minutes also where a deputy led a part of its meeting: they tell which.
    """
    return next((seat for seat in _leaders(page) if seat.stays or page.meeting is None), None)


def _leaders(page: MeetingPage) -> list[Seat]:
    """Who can lead a meeting, the chair first."""
    return [seat for seat in page.seats if seat.office in (Office.CHAIR, Office.DEPUTY)]


def _led_by(page: MeetingPage, moment: datetime) -> Seat | None:
    """Who led the meeting from a moment on; nobody while it has no quorum and cannot go on."""
    here = [seat for seat in page.seats if seat.is_there(moment)]
    return next((seat for seat in _leaders(page) if seat in here and len(here) >= page.quorum), None)


def _stood_in(page: MeetingPage) -> Iterator[str]:
    """Who led the meeting while its chair was not there, from when until when, as attendance tells."""
    chair = presiding(page)
    moments = sorted({moment for seat in page.seats for stay in seat.stays for moment in stay if moment})
    spans = [(who, next(at)) for who, at in groupby(moments, key=lambda moment: _led_by(page, moment))]
    ends = [*(begin for _who, begin in spans[1:]), None][: len(spans)]
    for (who, begin), end in zip(spans, ends, strict=True):
        is_roll_call = end is not None and end - begin < timedelta(minutes=1)
        if chair and who and who != chair and not is_roll_call:
            span = _span(page, begin, end)
            yield f"T{span[1:]}, {OFFICES[who.office]} {who.name} chủ trì thay {OFFICES[chair.office]}."


def keeping(page: MeetingPage) -> Seat | None:
    """The council's secretary, if one came."""
    came = (seat for seat in page.seats if seat.stays or page.meeting is None)
    return next((seat for seat in came if seat.office is Office.SECRETARY), None)


def course_of(
    page: MeetingPage,
    annulled: Sequence[AnnulledPoll],
    discussion: str,
    parts: Mapping[int, str],
    breaks: Sequence[Break] = (),
) -> Iterator[str]:
    """How the meeting went; `parts` is what is said of the discussion of each entry."""
    yield from discussion.splitlines()
    for point in page.points:
        yield from point.paragraphs
    yield from _stood_in(page)
    told: set[int] = set()
    for line in page.lines:
        if line.poll and line.poll.id not in told:
            told.add(line.poll.id)
            yield _vote(line.poll, page.of_poll(line.poll))
        yield from _said(line, parts.get(line.entry.row.entry_id, ""))
    codes = {row.entry_id: row.code for row in page.results.rows}  # also of what left the ballot since
    for one in annulled:
        yield _annulled(one, ", ".join(codes[entry] for entry in one.entry_ids))
    for pause in breaks:
        yield (
            f"Cuộc họp kết thúc {spoken(pause.ended_at)} và họp tiếp từ {spoken(pause.resumed_at)}. "
            f"Lý do: {as_sentence(pause.reason)}"
        )


def _vote(poll: PollView, lines: Sequence[AgendaLine]) -> str:
    if poll.is_list:
        codes = ", ".join(line.entry.row.code for line in lines)
        what = f"Các sản phẩm {codes} ({lines[0].group.name_vi}), không ai phản đối biểu quyết chung"
    else:
        what = f"Sản phẩm {lines[0].entry.row.code} ({lines[0].entry.product})"
    aside = ""
    if poll.aside:
        aside = f" Rời phòng họp, không biểu quyết vì là sản phẩm của cơ sở mình: {', '.join(poll.aside)}."
    return (
        f"{what}: {WAYS[poll.taken_by]}, {spoken(poll.closed_at or poll.opened_at)}; {len(poll.entitled)} thành "
        f"viên có mặt có quyền biểu quyết.{aside}"
    )


def _said(line: AgendaLine, text: str) -> Iterator[str]:
    for number, paragraph in enumerate(part for part in text.splitlines() if part):
        yield paragraph if number else f"Thảo luận về sản phẩm {line.entry.row.code}: {paragraph}"


def _annulled(one: AnnulledPoll, codes: str) -> str:
    if one.objector:
        return (
            f"Lượt biểu quyết chung các sản phẩm {codes} dừng {spoken(one.at)} để biểu quyết riêng từng sản phẩm, "
            f"theo đề nghị của {one.objector}."
        )
    return f"Lượt biểu quyết {codes} bị hủy {spoken(one.at)}. Lý do: {as_sentence(one.reason)}"


def _stays(page: MeetingPage, seat: Seat) -> str:
    if not seat.stays or page.meeting is None:
        return "vắng mặt"
    (came, left), *later = seat.stays
    if not later and left is None and came == page.meeting.opened_at:
        return "có mặt"
    return f"có mặt {', '.join(_span(page, begin, end, 'khi kết thúc') for begin, end in seat.stays)}"


def _span(page: MeetingPage, begin: datetime, end: datetime | None, at_last: str = "") -> str:
    """From when until when, or until what comes at last; with the days unless all was on one."""
    meeting, ballot = page.meeting, page.ballot
    opened = meeting.opened_at if meeting else begin
    closed = (meeting and meeting.closed_at) or (ballot and ballot.closed_at) or begin
    days = {in_vietnam(moment).date() for moment in (opened, closed, begin, end or begin)}
    said = _clock if len(days) == 1 else _clock_and_day
    if end is None:
        return f"từ {said(begin)}{f' đến {at_last}' if at_last else ''}"
    is_one_day = in_vietnam(begin).date() == in_vietnam(end).date()
    return f"từ {_clock(begin) if is_one_day else said(begin)} đến {said(end)}"


def _clock(moment: datetime) -> str:
    return f"{in_vietnam(moment):%H} giờ {in_vietnam(moment):%M}"


def _clock_and_day(moment: datetime) -> str:
    return f"{_clock(moment)} ngày {format_date(in_vietnam(moment).date())}"


def spoken(moment: datetime) -> str:
    """A moment as the minutes say it."""
    local = in_vietnam(moment)
    return f"lúc {local:%H} giờ {local:%M} phút ngày {format_date(local.date())}"
