import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from app.domain.ballots import TIED_REASON
from app.domain.contests import ContestState
from app.domain.errors import IllegalState, NotFound, NotReady
from app.domain.motions import MotionKind
from app.domain.permissions import Permission
from app.domain.results import Choice, Office
from app.models import Ballot, BallotItem, CouncilMember, Recusal, User, Vote
from app.queries.ballots import ballot_desk
from app.services.ballot_turns import CloseWithoutVote, TurnBack, close_without_vote, reopen_ballot
from app.services.ballots import CastVotes, CloseBallot, cast_votes, close_ballot
from app.services.documents import results_list_file
from app.services.files import FileStore
from app.services.minutes import minutes_file
from app.services.minutes_of_motions import motion_sentences
from app.services.motions import WithdrawMotion, withdraw_motion
from tests.awards import Award, decided, move, scored, voted
from tests.builders import NOW, World
from tests.motions import close as close_hands
from tests.motions import proposed, put
from tests.sets import Sets

TODAY = date(2026, 3, 10)


def text_of(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.split())


def minutes(award: Award) -> str:
    with award.world.session() as session:
        return text_of(
            minutes_file(session, award.actor, award.contest.id, store=FileStore(award.world.files_dir))
        )


def results_list(award: Award) -> str:
    with award.world.session() as session:
        return text_of(results_list_file(session, award.contest.slug, today=TODAY))


def test_a_final_list_names_what_was_recognised_and_the_decision(world: World) -> None:
    facility = world.facility("Cơ sở Ngọc Liên")
    products = [world.product(facility, "Trà sen Tây Hồ"), world.product(facility, "Mứt hồng")]
    award = decided(world, [[7072], [6000]], products=products, carried=[True, False])

    text = results_list(award)

    assert "DANH SÁCH SẢN PHẨM CÔNG NGHIỆP NÔNG THÔN TIÊU BIỂU CẤP TỈNH NĂM 2026" in text
    assert "Danh sách chính thức" in text
    assert "kèm theo Quyết định số 125/QĐ-UBND ngày 10/03/2026" in text.replace("QĐ- ", "QĐ-")
    assert "Trà sen Tây Hồ Cơ sở Ngọc Liên Thôn 1, xã Tân Hòa, tỉnh Lâm Đồng 70,72" in text
    assert "Mứt hồng" not in text
    assert "Tổng số: 2 sản phẩm của 1 cơ sở đăng ký" in text
    assert award.contest.rules_digest is not None
    assert award.contest.rules_digest in text.replace(" ", "")
    assert "VÍ DỤ" not in text


def test_a_provisional_list_says_until_when_complaints_are_taken(world: World) -> None:
    award = voted(world, [[7072]])
    move(award, ContestState.PROVISIONAL)

    text = results_list(award)

    assert "Danh sách dự kiến" in text
    assert "Dự kiến công nhận" in text
    assert "trong 15 ngày làm việc, đến hết ngày 31/03/2026 nếu không có ngày nghỉ lễ" in text


def test_the_list_of_an_example_says_that_it_is_one(world: World) -> None:
    assert "VÍ DỤ – DỮ LIỆU GIẢ ĐỊNH" in results_list(decided(world, [[7072]], is_example=True))


def test_a_list_that_is_not_published_is_not_printed(world: World) -> None:
    with pytest.raises(NotFound):
        results_list(voted(world, [[7072]]))


def test_a_list_with_letters_that_cannot_be_printed_says_which(world: World) -> None:
    award = decided(world, [[7072]], products=[world.product(name="Trà sen 🪷")])

    with pytest.raises(NotReady) as caught:
        results_list(award)

    assert [str(reason) for reason in caught.value.reasons] == [
        "The list cannot be printed.",
        "Text in question: the name of a product.",
        "These characters cannot be printed: 🪷. Replace them.",
    ]


def test_minutes_tell_who_was_there_what_was_voted_and_what_follows(world: World) -> None:
    products = [world.product(name="Trà sen Tây Hồ"), world.product(name="Mứt hồng treo gió")]
    award = voted(world, [[7072], [7500]], products=products, carried=[True, False])
    with world.session() as session:
        members = list(session.scalars(select(CouncilMember).order_by(CouncilMember.id)))
        session.get_one(User, members[0].user_id).name = "Phạm Thị Thanh Hà"
        members[0].position = "Phó Giám đốc Sở Công Thương"
        session.execute(update(Ballot).values(closing_note="Hồ sơ chưa đủ"))
        for item in session.scalars(select(BallotItem)):
            session.add(Vote(item_id=item.id, member_id=members[0].id, choice=Choice.YES, cast_at=NOW))

    text = minutes(award)

    assert "Thời gian bắt đầu: 09 giờ 00 phút, ngày 10 tháng 3 năm 2026." in text
    assert "Địa điểm: Phòng họp số 2." in text
    assert "Phạm Thị Thanh Hà, Chủ tịch Hội đồng (Phó Giám đốc Sở Công Thương): đã biểu quyết;" in text
    assert "Nguyễn Văn Minh, Thư ký Hội đồng: không biểu quyết đầy đủ;" in text
    assert "Hội đồng có 2 thành viên; cần ít nhất 2 thành viên biểu quyết; 1 thành viên đã biểu quyết" in text
    assert "2 sản phẩm được tiếp nhận; 2 sản phẩm được chọn; 0 sản phẩm đồng hạng" in text
    assert "Sản phẩm đạt khi kết quả từ 70 điểm trở lên." in text
    assert "70,72 2 0 0" in text
    assert "75,00 0 2 0" in text
    assert "đề nghị công nhận 1 sản phẩm của 1 cơ sở: B-001." in text
    assert "Không đề nghị công nhận 1 sản phẩm: B-002." in text
    assert "Kết luận của hội đồng: Hồ sơ chưa đủ" in text
    assert "Cuộc họp kết thúc vào 10 giờ 00 phút, ngày 10 tháng 3 năm 2026./." in text


def test_an_added_entry_stands_in_the_minutes_with_its_reason(world: World) -> None:
    award = voted(world, [[7072], [7500]])
    with world.session() as session:
        item = session.scalars(select(BallotItem).order_by(BallotItem.id)).first()
        assert item is not None
        item.on_jury_list, item.reason = False, "Sản phẩm OCOP 5 sao"

    assert "Sản phẩm B-001 được đưa thêm vào danh sách biểu quyết. Lý do: Sản phẩm OCOP 5 sao" in minutes(
        award
    )


def test_judges_who_did_not_score_a_product_stand_in_the_minutes_with_their_reasons(world: World) -> None:
    award = voted(world, [[7072, 7100], [8000, 8100]])
    for entry, reason in zip(
        award.entries, ("Là em gái chủ cơ sở 🪷\ncủa xã.", "Đã tư vấn cho cơ sở."), strict=True
    ):
        judge_id, entry_id = award.judges[1].id, entry.id
        world.add(Recusal(judge_id=judge_id, entry_id=entry_id, reason=reason, recorded_at=NOW))

    text = minutes(award)

    name = world.user_of(award.judges[1].user_id).name
    for entry, reason in zip(
        award.entries, ("Là em gái chủ cơ sở của xã.", "Đã tư vấn cho cơ sở."), strict=True
    ):
        assert f"{name} (GK2) không tham gia chấm sản phẩm {entry.code}. Lý do: {reason}" in text


def test_the_minutes_of_a_council_that_had_nothing_to_vote_on(world: World) -> None:
    award = scored(world, [[6000], [5000]])
    for office in (Office.CHAIR, Office.SECRETARY):
        world.council_member(award.contest, office)
    command = CloseWithoutVote(award.contest.id, "Phòng họp số 2", "Không sản phẩm nào đạt 70 điểm.")
    with world.session() as session:
        close_without_vote(session, command, actor=award.actor, now=NOW)

    text = minutes(award)

    assert "2 sản phẩm được tiếp nhận; 0 sản phẩm được chọn" in text
    assert "2 sản phẩm không đạt" in text
    assert "Hội đồng có 2 thành viên; không có sản phẩm nào phải biểu quyết." in text
    assert "3. Không có sản phẩm nào đưa ra biểu quyết. Lý do: Không sản phẩm nào đạt 70 điểm." in text
    assert "Không có sản phẩm nào được đề nghị công nhận." in text
    assert "biểu quyết đầy đủ" not in text
    assert "Lý do thay đổi" not in text


def test_a_ballot_that_was_opened_again_stands_in_the_minutes_with_its_reason(world: World) -> None:
    award = voted(world, [[7072]])
    with world.session() as session:
        command = TurnBack(award.contest.id, "Đếm thiếu phiếu.")
        reopen_ballot(session, command, actor=award.actor, now=NOW + timedelta(hours=2))
    for member in world.all(select(CouncilMember)):
        with world.session() as session:
            vote = CastVotes(award.contest.id, {award.entries[0].id: Choice.YES})
            cast_votes(session, vote, actor=world.actor(world.user_of(member.user_id)), now=NOW)
    with world.session() as session:
        close = CloseBallot(award.contest.id, "Hội đồng thống nhất.")
        close_ballot(session, close, actor=award.actor, now=NOW + timedelta(hours=3))

    text = minutes(award)

    assert (
        "Lượt biểu quyết được mở lại sau khi kết thúc, lúc 11 giờ 00 phút ngày 10/03/2026. "
        "Lý do: Đếm thiếu phiếu."
    ) in text
    assert "2 thành viên đã biểu quyết đầy đủ" in text
    assert "70,72 2 0 0" in text
    assert "kết thúc vào 12 giờ 00 phút" in text


def test_reasons_without_a_full_stop_do_not_run_into_the_next_sentence(world: World) -> None:
    sets = Sets(world).open()
    organiser, added = sets.award.organiser, proposed(MotionKind.ADD, sets.entries[4].id)
    put(world, sets.contest, organiser, added, reason="Sản phẩm tiêu biểu của xã")
    close_hands(world, sets.contest, organiser, 1, (0, 2, 0))
    put(world, sets.contest, organiser, added, reason="Vì sao không?")
    sets.do(withdraw_motion, WithdrawMotion(sets.contest.id, 2, "Trùng đề nghị số 1"))
    with world.session() as session:
        ballot = ballot_desk(session, sets.award.actor, sets.contest.id, Permission.CONTEST_VIEW).ballot
    assert ballot is not None

    lost, withdrawn = motion_sentences(ballot)

    assert "Lý do: Sản phẩm tiêu biểu của xã. Biểu quyết (giơ tay): 0 đồng ý" in lost
    assert "Lý do: Vì sao không? Đề nghị đã được rút lúc" in withdrawn
    assert withdrawn.endswith("ngày 10/03/2026. Lý do rút: Trùng đề nghị số 1.")


def test_a_tied_product_stands_in_the_minutes_as_such(world: World) -> None:
    award = voted(world, [[7072], [7500]], carried=[True, False])
    with world.session() as session:
        for item in session.scalars(select(BallotItem)):
            item.on_jury_list, item.reason = False, TIED_REASON

    text = minutes(award)

    assert text.count("đồng hạng tại ranh giới, được đưa ra biểu quyết. Kết quả chấm điểm bằng nhau") == 2
    assert "được đưa thêm" not in text


def test_without_a_chair_the_minutes_leave_room_to_write_the_name(world: World) -> None:
    award = voted(world, [[7072]])
    with world.session() as session:
        session.execute(update(CouncilMember).values(office=Office.MEMBER))

    assert "Chủ trì: ……………………………." in minutes(award)


def test_minutes_wait_for_the_end_of_the_vote_and_for_the_right_reader(world: World) -> None:
    award = scored(world, [[7072]])

    with pytest.raises(IllegalState, match="once the ballot is closed"):
        minutes(award)
    award.organiser = world.organiser(world.territory("An Giang"))
    with pytest.raises(NotFound):
        minutes(award)


def test_the_same_list_is_the_same_file(world: World) -> None:
    award = decided(world, [[7072]])
    with world.session() as session:
        first = results_list_file(session, award.contest.slug, today=TODAY)
        second = results_list_file(session, award.contest.slug, today=TODAY + timedelta(days=1))

    assert first == second
