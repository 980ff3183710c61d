"""Minutes that draft themselves from the meeting, are written into, signed by two, and found when changed."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted, StaleVersion
from app.domain.meetings import PollBy, Presence
from app.domain.results import Office
from app.models import CouncilMember, User
from app.queries.minutes import earlier_minutes, minutes_file_of
from app.services.ballot_turns import TurnBack, reopen_ballot
from app.services.corrections import OpenCorrection, open_correction
from app.services.minutes_editing import (
    ReopenMinutes,
    reopen_minutes,
)
from tests.builders import World
from tests.bundles import bundle_of, closed, edited, faults_of, rehashed, unpacked
from tests.meetings import ABSTAIN, NAMES, NO, YES
from tests.minutes import CHAIR, SECRETARY, Desk, scan

HOSTILE = "<script>alert('x')</script> {{ 7 * 7 }} %(name)s & “ngoặc”"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_minutes_draft_themselves_from_what_happened(desk: Desk) -> None:
    desk.bar(3, 1)
    desk.open(time(9, 0))
    desk.attend(0, 1, 2, clock=time(9, 2))
    desk.attend(3)
    desk.go(0)
    desk.remark("Ông Khánh đề nghị bổ sung mã truy xuất.", 0)
    desk.remark("Hội đồng nghe báo cáo tổng hợp.")
    wrong = desk.take(PollBy.HANDS)
    desk.annul(wrong, "Đếm nhầm.")
    desk.by_hands(0, 3, 0, 1)
    desk.attend(4)
    desk.go(1)
    poll = desk.take()
    for member, choice in ((0, YES), (1, NO), (2, NO), (4, ABSTAIN)):
        desk.vote(poll, member, choice)
    desk.count(poll)
    desk.attend(4, presence=Presence.LEFT)
    desk.by_hands(2, 4, 0, 0)
    desk.close_ballot("Hội đồng thống nhất kết quả.")
    desk.close()

    text = desk.text

    codes = [entry.code for entry in desk.entries]
    for said in (
        "Thời gian bắt đầu: 09 giờ 00 phút, ngày 10 tháng 3 năm 2026.",
        "Địa điểm: Phòng họp số 2.",
        "Võ Thị Nhàn, Chủ tịch Hội đồng: có mặt từ 09 giờ 02 đến khi kết thúc;",
        "Đặng Bình, Ủy viên Hội đồng: có mặt từ 09 giờ 15 đến 09 giờ 23;",
        "Hội đồng có 5 thành viên; cuộc họp cần ít nhất 4 thành viên có mặt; 5 thành viên dự họp.",
        "Hội đồng nghe báo cáo tổng hợp.",
        f"Sản phẩm {codes[0]} (Sản phẩm 0): biểu quyết giơ tay, lúc 09 giờ 14 phút ngày 10/03/2026; 4 thành viên",
        f"Thảo luận về sản phẩm {codes[0]}: Ông Khánh đề nghị bổ sung mã truy xuất.",
        f"Sản phẩm {codes[1]} (Sản phẩm 1): biểu quyết trên thiết bị cá nhân",
        "Rời phòng họp, không biểu quyết vì là sản phẩm của cơ sở mình: Lý Thu.",
        f"Lượt biểu quyết {codes[0]} bị hủy lúc 09 giờ 11 phút ngày 10/03/2026. Lý do: Đếm nhầm.",
        "Kết luận của hội đồng: Hội đồng thống nhất kết quả.",
        "Cuộc họp kết thúc vào 09 giờ 28 phút",
    ):
        assert said in text, said
    assert "90,00 3 0 1" in text
    assert "89,00 1 2 1" in text


def test_a_list_and_an_objection_to_one_are_in_the_minutes(desk: Desk) -> None:
    desk.begin()
    poll = desk.take(PollBy.DEVICE, 0, 1)
    desk.object(poll, 2)
    desk.count(desk.take(PollBy.HANDS, 0, 1), 5, 0, 0)
    desk.by_hands(2, 5, 0, 0)
    desk.close_ballot()

    course = " ".join(desk.draft.document.course)

    codes = f"{desk.entries[0].code}, {desk.entries[1].code}"
    assert f"Các sản phẩm {codes} (Nhóm sản phẩm thủ công mỹ nghệ), không ai phản đối" in course
    assert f"biểu quyết chung các sản phẩm {codes} dừng lúc" in course
    assert course.endswith("theo đề nghị của Phạm Quốc Khánh.")


def test_the_deputy_presides_where_the_chair_does_not_come(desk: Desk) -> None:
    with desk.world.session() as session:
        session.get_one(CouncilMember, desk.seats[3].id).office = Office.DEPUTY
    desk.begin(1, 2, 3, 4)
    for entry in range(3):
        desk.by_hands(entry, 4, 0, 0)
    desk.close_ballot()

    assert desk.draft.document.chair == NAMES[3]
    assert f"{NAMES[0]}, Chủ tịch Hội đồng: vắng mặt;" in desk.draft.document.attendance


def test_what_the_secretary_writes_is_printed_and_every_wording_stays_on_record(desk: Desk) -> None:
    desk.voted().close()
    entry = desk.entries[0].id
    desk.edit(0, introduction="Bà Nhàn khai mạc.\nThông qua chương trình.", parts={entry: HOSTILE})
    desk.edit(
        1,
        introduction="Bà Nhàn khai mạc.",
        conclusion="Giao thư ký hoàn thiện hồ sơ.",
        parts={entry: HOSTILE},
    )
    desk.edit(
        9,
        introduction="Bà Nhàn khai mạc.",
        conclusion="Giao thư ký hoàn thiện hồ sơ.",
        parts={entry: HOSTILE},
    )

    text = desk.text

    assert "Nội dung Bà Nhàn khai mạc. 1. Hội đồng nghe" in text
    assert f"Thảo luận về sản phẩm {desk.entries[0].code}: {HOSTILE}" in text
    assert "Giao thư ký hoàn thiện hồ sơ. Cuộc họp kết thúc" in text
    first, second = desk.events("minutes:edit")
    assert first["changes"]["introduction"] == ["", "Bà Nhàn khai mạc.\nThông qua chương trình."]
    assert second["changes"] == {
        "introduction": ["Bà Nhàn khai mạc.\nThông qua chương trình.", "Bà Nhàn khai mạc."],
        "conclusion": ["", "Giao thư ký hoàn thiện hồ sơ."],
    }


def test_who_writes_over_another_s_text_is_told(desk: Desk, world: World) -> None:
    desk.voted()
    desk.edit(0, introduction="Một")

    with pytest.raises(StaleVersion, match="Somebody else changed"):
        desk.edit(0, introduction="Hai", by=desk.organiser)
    for name, text in (("introduction", "x" * 4001), ("conclusion", "茶"), ("discussion", "🪷")):
        with pytest.raises(InvalidInput) as caught:
            desk.edit(1, None, **({"introduction": "Một"} | {name: text}))
        assert list(caught.value.fields) == [name]
    with pytest.raises(NotFound):
        desk.edit(1, introduction="Một", parts={desk.entries[3].id: "Không có trong biểu quyết"})
    for outsider in (desk.users[0], desk.users[2], world.organiser(world.territory("An Giang"))):
        with pytest.raises(NotFound):
            desk.edit(1, introduction="Hai", by=outsider)

    assert desk.row.introduction == "Một"


def test_long_remarks_can_be_kept_and_shortened_and_leave_the_other_texts_open(desk: Desk) -> None:
    desk.begin()
    for letter in "abc":
        desk.remark(letter * 2000, 0)
        desk.remark(letter * 2000)
    for entry in range(3):
        desk.by_hands(entry, 5, 0, 0)
    desk.close_ballot()
    entry, said = desk.entries[0].id, "\n".join(letter * 2000 for letter in "abc")

    desk.edit(0, introduction="Bà Nhàn khai mạc.", discussion=said, parts={entry: said})
    desk.edit(1, introduction="Bà Nhàn khai mạc.", discussion=said[:5000], parts={entry: said[1:]})

    assert "Bà Nhàn khai mạc." in desk.text
    written = desk.draft.written
    assert written is not None
    assert (written.discussion, [part.text for part in written.parts]) == (said[:5000], [said[1:]])
    longer = (("discussion", f"{said[:5000]}x", said[1:]), (f"part_{entry}", said[:5000], said))
    for field, discussion, part in longer:
        with pytest.raises(InvalidInput) as caught:
            desk.edit(2, introduction="Bà Nhàn khai mạc.", discussion=discussion, parts={entry: part})
        assert list(caught.value.fields) == [field]


def test_what_is_said_after_the_minutes_were_written_into_is_in_them_too(desk: Desk) -> None:
    desk.voted()
    desk.edit(0, introduction="Bà Nhàn khai mạc.")

    desk.remark("Bà Nhàn cảm ơn Hội đồng.")

    assert desk.draft.document.course[0] == "Bà Nhàn cảm ơn Hội đồng."


def test_a_line_that_the_printed_minutes_cannot_hold_is_refused_where_it_is_written(desk: Desk) -> None:
    desk.voted()
    entry = desk.entries[0].id

    with pytest.raises(InvalidInput) as caught:
        desk.edit(0, parts={entry: f"Ông Khánh:\n{'x' * 3901}"})
    desk.edit(0, parts={entry: "x" * 3900})

    assert str(caught.value.fields[f"part_{entry}"]) == (
        "At most 3900 characters in one line; there is a line of 3901. Break it in two."
    )
    assert desk.draft.document.course[1].endswith("x" * 3900)


def test_the_minutes_wait_for_the_ballot_and_signatures_for_the_end(desk: Desk) -> None:
    desk.begin()
    with pytest.raises(IllegalState, match="once the ballot is closed"):
        desk.edit(0, introduction="Sớm")
    for entry in range(3):
        desk.by_hands(entry, 5, 0, 0)
    desk.close_ballot()

    with pytest.raises(IllegalState, match="End the meeting first"):
        desk.sign(CHAIR, 0)


def test_two_sign_what_they_have_read_and_the_minutes_are_frozen(desk: Desk) -> None:
    desk.voted().close()
    desk.edit(0, introduction="Bà Nhàn khai mạc.")
    fingerprint = desk.draft.fingerprint
    desk.sign_both()

    frozen = desk.pdf

    text = desk.text
    assert text.count("Đã xác nhận điện tử lúc 12 giờ 20 phút ngày 10/03/2026") == 2
    assert "".join(text.split()).count(f"Mãvănbản:{fingerprint}") == 2
    assert desk.row.pdf_sha256 is not None
    assert desk.store.read(desk.row.pdf_sha256) == frozen
    first, second = desk.events("minutes:sign")
    assert first == {"signing": "secretary", "name": NAMES[1], "text_sha256": fingerprint}
    assert second == {
        "signing": "chair",
        "name": NAMES[0],
        "text_sha256": fingerprint,
        "seals": {"documents/minutes.pdf": desk.row.pdf_sha256},
    }
    with pytest.raises(IllegalState, match="frozen"):
        desk.edit(1, introduction="Khác")
    with desk.world.session() as session:
        session.get_one(User, desk.users[0].id).name = "Võ Thị Thanh Nhàn"
    assert desk.pdf == frozen


def test_only_who_presided_and_who_kept_the_minutes_sign_and_what_they_read(desk: Desk) -> None:
    desk.voted().close()
    for signing, member in ((CHAIR, 1), (CHAIR, 2), (SECRETARY, 0), (SECRETARY, 2)):
        with pytest.raises(NotPermitted):
            desk.sign(signing, member)
    old = desk.draft.fingerprint
    desk.edit(0, introduction="Sửa sau khi đọc.")
    with pytest.raises(StaleVersion, match="Read them again"):
        desk.sign(CHAIR, 0, fingerprint=old)
    desk.sign(CHAIR, 0)
    with pytest.raises(IllegalState, match="there already"):
        desk.sign(CHAIR, 0)
    stranger = desk.world.organiser(desk.world.territory("An Giang"))
    desk.users.append(stranger)
    with pytest.raises(NotFound):
        desk.sign(SECRETARY, 5)

    assert [event["signing"] for event in desk.events("minutes:sign")] == ["chair"]


def test_a_change_takes_off_the_one_signature_that_is_there(desk: Desk) -> None:
    desk.voted().close()
    desk.sign(CHAIR, 0)

    desk.edit(0, introduction="Bổ sung.")

    assert desk.events("minutes:edit")[0]["voided"] == [NAMES[0]]
    desk.sign_both()
    assert desk.row.pdf_sha256


def test_where_the_council_s_secretary_does_not_come_the_organiser_keeps_and_signs_the_minutes(
    desk: Desk,
) -> None:
    desk.begin(0, 2, 3, 4)
    for entry in range(3):
        desk.by_hands(entry, 4, 0, 0)
    desk.close_ballot()
    desk.close()
    desk.users.append(desk.organiser)

    for member in (0, 2):
        with pytest.raises(NotPermitted):
            desk.sign(SECRETARY, member)
    desk.sign(SECRETARY, 5)
    desk.sign(CHAIR, 0)

    assert [event["name"] for event in desk.events("minutes:sign")] == [desk.organiser.name, NAMES[0]]
    assert desk.row.pdf_sha256 is not None


def test_signed_minutes_are_opened_again_with_a_reason_and_both_sign_anew(desk: Desk) -> None:
    desk.voted().close()
    again = ReopenMinutes(desk.contest.id, "Thiếu ý kiến của bà Thu.")
    with pytest.raises(IllegalState, match="Nobody has signed"):
        desk.do(reopen_minutes, again)
    desk.sign_both()
    old = desk.row.pdf_sha256
    with pytest.raises(InvalidInput):
        desk.do(reopen_minutes, ReopenMinutes(desk.contest.id, ""))
    with pytest.raises(NotFound):
        desk.do(reopen_minutes, again, by=desk.users[0])

    desk.do(reopen_minutes, again)

    [said] = desk.events("minutes:reopen")
    assert (said["reason"], [one[:2] for one in said["signed"]]) == (
        again.reason,
        [["secretary", NAMES[1]], ["chair", NAMES[0]]],
    )
    assert desk.row.pdf_sha256 is None
    desk.edit(desk.row.version, introduction="Bổ sung ý kiến.")
    desk.sign_both()
    assert desk.row.pdf_sha256 not in (None, old)


def test_opening_the_ballot_again_takes_the_signatures_off(desk: Desk) -> None:
    desk.voted().close()
    desk.sign_both()

    desk.do(reopen_ballot, TurnBack(desk.contest.id, "Đếm nhầm."), by=desk.organiser)

    assert (desk.row.pdf_sha256, desk.events("minutes:reopen")[0]["reason"]) == (None, "Đếm nhầm.")


def test_a_scan_is_kept_with_its_hash_and_a_newer_one_beside_it(desk: Desk) -> None:
    desk.voted().close()
    with pytest.raises(NotFound):
        scan(desk, by=desk.users[0])
    scan(desk)
    first = desk.row.scan_sha256
    scan(desk, b"%PDF-better")

    old, new = desk.events("minutes:keep-scan")
    assert (old["sha256"], new["old"], new["sha256"]) == (first, first, desk.row.scan_sha256)
    assert old["original_sha256"] == "0" * 64
    assert desk.store.read(str(first)) == b"%PDF-scan"


def test_what_was_signed_stays_when_the_result_is_corrected(desk: Desk) -> None:
    desk.voted().close()
    desk.sign_both()
    signed = desk.row.pdf_sha256

    desk.do(open_correction, OpenCorrection(desk.contest.id, "Khiếu nại đúng."), by=desk.organiser)

    assert desk.state is ContestState.SCORING
    stranger = desk.world.actor(desk.world.organiser(desk.world.territory("An Giang")))
    with desk.world.session() as session:
        [kept] = earlier_minutes(session, desk.contest.id)
        assert (kept.ballot_id, kept.pdf_sha256, kept.annulled_at) == (None, signed, desk.now)
        actor = desk.world.actor(desk.users[2])
        assert minutes_file_of(session, actor, desk.contest.id, kept.id, "signed")[1] == signed
        with pytest.raises(NotFound):
            minutes_file_of(session, actor, desk.contest.id, kept.id, "scan")
        with pytest.raises(NotFound):
            minutes_file_of(session, stranger, desk.contest.id, kept.id, "signed")


def test_a_bundle_finds_counts_and_minutes_that_were_changed(world: World, tmp_path: Path) -> None:
    award = closed(world, [[9000], [8500], [8000]])
    desk = Desk(world, award=award)
    desk.begin()
    desk.remark("Chỉ để ghi biên bản.", 0)
    desk.by_hands(0, 4, 1, 0)
    wrong = desk.by_hands(1, 0, 5, 0)
    desk.annul(wrong)
    desk.by_devices(1, YES, YES, YES, NO, YES)
    desk.by_hands(2, 5, 0, 0)
    desk.close_ballot()
    desk.close()
    unsigned = unpacked(bundle_of(award))
    desk.sign_both()
    files = unpacked(bundle_of(award))
    desk.do(reopen_minutes, ReopenMinutes(desk.contest.id, "Bổ sung."))
    desk.edit(desk.row.version, introduction="Bổ sung.")
    reopened = unpacked(bundle_of(award))

    for whole in (unsigned, files, reopened):
        assert faults_of(tmp_path, whole) == []
    assert b"bi\xc3\xaan b\xe1\xba\xa3n" not in files["details.jsonl"]
    forged = rehashed({**files, "documents/minutes.pdf": b"%PDF-"})
    assert [fault.partition(":")[0] for fault in faults_of(tmp_path, forged)] == [
        "documents/minutes.pdf by the ledger"
    ]

    def one_more(ballot: Any) -> None:
        ballot["items"][0] |= {"yes": 5, "no": 0}

    found = faults_of(tmp_path, edited(files, "ballot.json", one_more))
    assert [fault.partition(":")[0] for fault in found] == [
        "ballot.json by the ledger",
        "Counts of the ballot",
        "Counts of the meeting",
    ]
