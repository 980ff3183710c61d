"""The minutes (biên bản) of the council's meeting, put together from its ballot, in Vietnamese."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy.orm import Session

from app.domain.errors import IllegalState
from app.domain.ledger import Occasion
from app.domain.marks import format_average
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.results import Outcome
from app.domain.rule_sentences import rule_sentences
from app.domain.rules import ContestRules
from app.domain.vietnamese import as_sentence, in_vietnam
from app.models import MinutesText
from app.queries.ballot_turns import annulled_polls, breaks_of
from app.queries.ballots import BallotDesk, BallotLine, BallotPage, ballot_desk
from app.queries.contests import ContestHead
from app.queries.decisions import correction_behind
from app.queries.ledger import newest_head, said_of_head
from app.queries.meetings import MeetingPage, meeting_on
from app.services.files import FileStore
from app.services.minutes_conclusions import conclusions_of
from app.services.minutes_confirmed import confirmed_by, fingerprint_of
from app.services.minutes_course import (
    attendance_in_words,
    course_of,
    keeping,
    presiding,
    quorum_in_words,
    spoken,
    titled,
)
from app.services.minutes_of_motions import motion_sentences
from app.services.minutes_of_recusals import recusals_in_words
from app.services.minutes_texts import minutes_of
from app.services.printing import (
    decision_in_words,
    passes_in_words,
    the_organiser,
    unprintable,
)
from certificates import DocumentError, Minutes, MinutesEntry, Signature, minutes_pdf

TO_BE_WRITTEN = "……………………………"
"""Stands where a name is not known and will be written by hand."""
CANNOT_PRINT = Message(N_("The minutes cannot be printed."))


@dataclass(frozen=True)
class Draft:
    """The minutes as they stand: what was drafted, what the secretary wrote, and what both sign."""

    desk: BallotDesk
    page: MeetingPage
    written: MinutesText | None
    document: Minutes  # as it is signed: without the confirmations

    @property
    def fingerprint(self) -> str:
        """What each of the two signs."""
        return fingerprint_of(self.document)

    @property
    def drafted_conclusions(self) -> tuple[str, ...]:
        """The conclusions that follow from the votes: those before what the secretary wrote."""
        own = tuple(_paragraphs(self.written.conclusion if self.written else ""))
        return self.document.conclusions[: len(self.document.conclusions) - len(own)]

    @property
    def confirmed(self) -> Minutes:
        """The document with the confirmations of those who have signed."""
        return confirmed_by(self.document, self.written.signatures if self.written else ())


def minutes_file(
    session: Session,
    actor: Actor,
    contest_id: int,
    *,
    store: FileStore,
    permission: Permission = Permission.CONTEST_VIEW,
) -> bytes:
    """The minutes of the council's meeting once the ballot is closed: as both signed them, or as they stand.

    Raises
    ------
    NotFound, IllegalState
        The contest is not this person's, or its ballot is still open.
    NotReady
        A text in it cannot be printed.
    """
    draft = draft_of(session, actor, contest_id, permission)
    if draft.written and draft.written.pdf_sha256:
        return store.read(draft.written.pdf_sha256)
    return print_minutes(draft.confirmed)


def print_minutes(document: Minutes) -> bytes:
    """The PDF of minutes; NotReady if a text in them cannot be printed."""
    try:
        return minutes_pdf(document)
    except DocumentError as error:
        raise unprintable(CANNOT_PRINT, error) from error


def draft_of(session: Session, actor: Actor, contest_id: int, permission: Permission) -> Draft:
    """The minutes of a closed ballot; errors as of `minutes_file`."""
    desk = ballot_desk(session, actor, contest_id, permission)
    if desk.ballot is None or desk.ballot.closed_at is None:
        raise IllegalState(N_("The minutes can be printed once the ballot is closed."))
    page = meeting_on(session, desk.results, desk.ballot)
    written = minutes_of(session, desk.ballot.id)
    try:
        return Draft(desk, page, written, _minutes(session, desk, desk.ballot, page, written))
    except DocumentError as error:
        raise unprintable(CANNOT_PRINT, error) from error


def said_of_entries(page: MeetingPage, written: MinutesText | None) -> dict[int, str]:
    """By entry, what the minutes say of its discussion: what was written, or else the remarks of the meeting."""
    said = {line.entry.row.entry_id: "\n".join(page.remarks.get(line.item_id, ())) for line in page.lines}
    return said | ({part.entry_id: part.text for part in written.parts} if written else {})


def said_in_general(page: MeetingPage, written: MinutesText | None) -> str:
    """What the minutes say of the discussion as a whole."""
    if written and written.discussion is not None:
        return written.discussion
    return "\n".join(page.remarks.get(None, ()))


def _minutes(
    session: Session, desk: BallotDesk, ballot: BallotPage, page: MeetingPage, written: MinutesText | None
) -> Minutes:
    contest, meeting = desk.results.contest, page.meeting
    opened = in_vietnam(meeting.opened_at if meeting else ballot.opened_at)
    closed = in_vietnam((meeting and meeting.closed_at) or ballot.closed_at or ballot.opened_at)
    organiser = the_organiser(session, contest.territory_id, closed.date())
    leader, keeper = presiding(page), keeping(page)
    chair, secretary = leader.name if leader else None, keeper.name if keeper else None
    annulled, breaks = annulled_polls(session, contest.id), breaks_of(session, contest.id)
    said = said_of_entries(page, written)
    return Minutes(
        issuer_parent=organiser.signing_body.upper(),
        issuer="HỘI ĐỒNG BÌNH CHỌN",
        subject=f"Họp Hội đồng của đợt “{contest.name}”",
        opened_on=opened.date(),
        opened_at=_minute(opened),
        closed_on=closed.date(),
        closed_at=_minute(closed),
        place=meeting.place if meeting else ballot.place,
        attendance=tuple(attendance_in_words(page) if meeting else _attendance(desk, ballot)),
        chair=chair or TO_BE_WRITTEN,
        secretary=secretary or TO_BE_WRITTEN,
        quorum=_quorum(desk, ballot, page),
        content=(
            *_paragraphs(written.introduction if written else ""),
            *_correcting(session, desk.contest),
            *_content(desk, ballot, page),
            *recusals_in_words(session, contest.id),
        ),
        course=tuple(course_of(page, annulled, said_in_general(page, written), said, breaks)),
        entries=tuple(_minutes_entry(line, ballot.rules) for line in ballot.lines),
        conclusions=(*conclusions_of(ballot), *_paragraphs(written.conclusion if written else "")),
        digest=f"Mã kiểm chứng (SHA-256): quy chế {contest.rules_digest}; dữ liệu phiếu chấm "
        f"{desk.results.inputs_digest} (lần tính {desk.results.version})."
        + said_of_head(newest_head(session, contest.id, Occasion.BALLOT)),
        secretary_signature=Signature(title=("THƯ KÝ",), name=secretary),
        chair_signature=Signature(title=("CHỦ TỌA",), name=chair),
        example=contest.is_example,
    )


def _paragraphs(text: str) -> Iterator[str]:
    yield from (line for line in text.splitlines() if line)


def _quorum(desk: BallotDesk, ballot: BallotPage, page: MeetingPage) -> str:
    if not ballot.lines:
        return f"Hội đồng có {ballot.members} thành viên; không có sản phẩm nào phải biểu quyết."
    if page.meeting:
        return quorum_in_words(page, ballot.members, ballot.quorum)
    return (
        f"Hội đồng có {ballot.members} thành viên; cần ít nhất {ballot.quorum} thành viên biểu quyết; "
        f"{desk.voted} thành viên đã biểu quyết đầy đủ."
    )


def _attendance(desk: BallotDesk, ballot: BallotPage) -> Iterator[str]:
    for member in desk.members:
        voted = ": đã biểu quyết" if member.has_voted else ": không biểu quyết đầy đủ"
        yield f"{titled(member.name, member.office, member.position)}{voted if ballot.lines else ''};"


def _correcting(session: Session, contest: ContestHead) -> Iterator[str]:
    """Why the council met again on a result that had been recognised."""
    if behind := correction_behind(session, contest.id, contest.state):
        old = decision_in_words(behind.decision)
        yield (
            f"Hội đồng họp lại về kết quả đã được công nhận theo {old} của {behind.decision.signing_body}, "
            "sau khi sửa kết quả chấm điểm, để trình ban hành quyết định thay thế. Lý do sửa: "
            f"{as_sentence(behind.reason)}"
        )


def _content(desk: BallotDesk, ballot: BallotPage, page: MeetingPage) -> Iterator[str]:
    counts, total = desk.results.counts, len(desk.results.rows)
    yield (
        f"1. Hội đồng nghe báo cáo kết quả chấm điểm của ban giám khảo: {total} sản phẩm được tiếp nhận; "
        f"{counts[Outcome.SELECTED]} sản phẩm được chọn; {counts[Outcome.TIED]} sản phẩm đồng hạng tại ranh "
        f"giới; {counts[Outcome.REACHED]} sản phẩm đạt nhưng ngoài số lượng; {counts[Outcome.BELOW]} sản "
        f"phẩm không đạt; {_not_advanced(counts)}{counts[Outcome.NOT_SCORED]} sản phẩm không có kết quả."
    )
    yield "2. Quy chế đã công bố trước khi chấm điểm:"
    yield from rule_sentences(desk.contest.rules, desk.contest.tier, "vi")
    if ballot.lines and page.meeting:
        yield (
            f"3. Hội đồng thảo luận và biểu quyết tại cuộc họp về {len(ballot.lines)} sản phẩm dưới đây, theo từng "
            "nhóm sản phẩm."
        )
    elif ballot.lines:
        yield f"3. Hội đồng biểu quyết từng sản phẩm trong danh sách {len(ballot.lines)} sản phẩm dưới đây."
    else:
        yield f"3. Không có sản phẩm nào đưa ra biểu quyết. Lý do: {as_sentence(ballot.note)}"
    for line in ballot.lines:
        if line.is_tied:
            yield f"Sản phẩm {line.row.code} đồng hạng tại ranh giới, được đưa ra biểu quyết. {line.reason}"
        elif not line.on_jury_list:
            reason = as_sentence(line.reason)
            yield f"Sản phẩm {line.row.code} được đưa thêm vào danh sách biểu quyết. Lý do: {reason}"
    yield from motion_sentences(ballot)
    for turn in ballot.turns:
        done = "được mở lại sau khi kết thúc" if turn.is_reopening else "đã mở trước đó được rút lại"
        yield f"Lượt biểu quyết {done}, {spoken(turn.at)}. Lý do: {as_sentence(turn.reason)}"


def _not_advanced(counts: Mapping[Outcome, int]) -> str:
    """Only a contest of two passes counts them."""
    if Outcome.NOT_ADVANCED not in counts:
        return ""
    return f"{counts[Outcome.NOT_ADVANCED]} sản phẩm không vào vòng 2; "


def _minutes_entry(line: BallotLine, rules: ContestRules) -> MinutesEntry:
    row, counts = line.row, line.counts
    return MinutesEntry(
        entry_code=row.code,
        product=line.product,
        facility=row.facility,
        average=None if row.average is None else format_average(row.average),
        by_pass=passes_in_words(row.by_pass),
        prize=rules.prize(line.prize).name_vi if line.prize else None,
        yes=counts.yes if counts else 0,
        no=counts.no if counts else 0,
        abstain=counts.abstain if counts else 0,
    )


def _minute(moment: datetime) -> time:
    return moment.time().replace(second=0, microsecond=0)
