import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.certificates import CertificateStatus
from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotReady
from app.models import CertificateRegister, Contest, Decision, IssuedCertificate, LedgerEvent, StoredFile
from app.models.engine import WRITES, write_session
from app.services.certificates import (
    IssueCertificates,
    Reissue,
    Revoke,
    certificate_from_printed,
    issue_certificates,
    reissue,
    revoke,
    take_serial,
)
from app.services.files import FileStore
from certificates import certificate_pdf
from tests.awards import PUBLIC_URL, Award, certified, decided, issue, issued, move, voted
from tests.builders import NOW, World

LATER = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)


def reissued(
    award: Award, certificate: IssuedCertificate, reason: str = "Giấy bị rách", now: datetime = LATER
) -> Any:
    store = FileStore(award.world.files_dir)
    with award.world.session() as session:
        command = Reissue(certificate.id, reason)
        return reissue(session, command, store=store, actor=award.actor, now=now, public_url=PUBLIC_URL)


def test_certificates_are_numbered_in_rank_order_and_only_recognised_entries_get_one(world: World) -> None:
    award = decided(world, [[7000], [9000], [8000], [9500]], carried=[True, True, True, False])

    assert issue(award) == 3

    assert [(row.entry_id, row.number, row.serial) for row in issued(world)] == [
        (award.entries[1].id, "01/2026/GCN-CNNTTB", 1),
        (award.entries[2].id, "02/2026/GCN-CNNTTB", 2),
        (award.entries[0].id, "03/2026/GCN-CNNTTB", 3),
    ]


def test_a_certificate_prints_what_the_register_holds(world: World) -> None:
    facility = world.facility("Cơ sở Ngọc Liên", address="Thôn 1, xã Tân Hòa")
    award = decided(world, [[8000]], products=[world.product(facility, "Trà sen Tây Hồ", is_set=True)])

    issue(award)

    [certificate] = issued(world)
    assert certificate.printed == {
        "issuer_parent": None,
        "issuer": "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG",
        "number": "01/2026/GCN-CNNTTB",
        "tier": "cấp tỉnh",
        "territory": "Tỉnh Lâm Đồng",
        "year": 2026,
        "product": "Trà sen Tây Hồ",
        "is_set": True,
        "members": [],
        "group": "Nhóm sản phẩm chế biến nông, lâm, thủy sản và thực phẩm",
        "facility": "Cơ sở Ngọc Liên",
        "address": "Thôn 1, xã Tân Hòa, tỉnh Lâm Đồng",
        "decision_number": "125/QĐ-UBND",
        "decision_date": "2026-03-10",
        "place": "Lâm Đồng",
        "signed_on": "2026-03-10",
        "signatory_title": ["CHỦ TỊCH"],
        "signatory": "Phạm Thị Thanh Hà",
        "valid_until": "2029-03-10",
        "check_url": f"{PUBLIC_URL}/c/{certificate.code}",
        "code": certificate.code,
        "prize": None,
        "example": False,
    }
    assert (certificate.issued_on, certificate.valid_until) == (date(2026, 3, 10), date(2029, 3, 10))
    assert certificate.status is CertificateStatus.VALID


def test_the_stored_file_is_the_one_that_the_hash_names_and_can_be_printed_again(world: World) -> None:
    facility = world.facility("Cơ sở Ngọc Liên")
    award = decided(world, [[8000]], products=[world.product(facility, "Trà sen Tây Hồ")])

    issue(award)

    [certificate] = issued(world)
    content = FileStore(world.files_dir).read(certificate.file_sha256)
    stored = world.get(StoredFile, certificate.file_sha256)
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert hashlib.sha256(content).hexdigest() == certificate.file_sha256
    assert (stored.size, stored.media_type) == (len(content), "application/pdf")
    assert "Trà sen Tây Hồ" in text
    assert "Cơ sở Ngọc Liên" in text
    assert certificate.code in text
    assert certificate_pdf(certificate_from_printed(certificate.printed)) == content


def test_certificates_are_issued_in_batches_and_never_twice(world: World) -> None:
    award = decided(world, [[9000], [8000], [7000]])

    counts = [issue(award, limit=2), issue(award, limit=2), issue(award, limit=2)]

    assert counts == [2, 1, 0]
    assert [row.serial for row in issued(world)] == [1, 2, 3]


def test_a_batch_that_dies_half_way_leaves_no_gap_and_is_simply_done_again(world: World) -> None:
    award = decided(world, [[9000], [8000]])
    store = FileStore(world.files_dir)

    with Session(world.engine.execution_options(**WRITES)) as session:  # the machine dies before it commits
        command = IssueCertificates(award.contest.id, 1)
        issue_certificates(session, command, store=store, actor=award.actor, now=NOW, public_url=PUBLIC_URL)
    assert issued(world) == []

    assert issue(award) == 2
    assert [row.serial for row in issued(world)] == [1, 2]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000", "http://0.0.0.0"]
)
def test_qr_codes_that_nobody_could_follow_are_issued_only_by_those_who_understand(
    world: World, address: str
) -> None:
    award = decided(world, [[9000]])
    store = FileStore(world.files_dir)
    known: dict[str, Any] = {"store": store, "actor": award.actor, "now": NOW, "public_url": address}

    with pytest.raises(InvalidInput) as first, world.session() as session:
        issue_certificates(session, IssueCertificates(award.contest.id, 1), **known)
    issued_before = issued(world)
    with world.session() as session:
        issue_certificates(session, IssueCertificates(award.contest.id, 1, understood=True), **known)
    [certificate] = issued(world)
    with pytest.raises(InvalidInput) as second, world.session() as session:
        reissue(session, Reissue(certificate.id, "Giấy bị rách"), **known)
    with world.session() as session:
        reissue(session, Reissue(certificate.id, "Giấy bị rách", understood=True), **known)

    assert [list(error.value.fields) for error in (first, second)] == [["understood"], ["understood"]]
    assert issued_before == []
    assert [row.printed["check_url"] for row in issued(world)] == [
        f"{address}/c/{row.code}" for row in issued(world)
    ]
    assert len(issued(world)) == 2


def test_the_example_s_certificates_are_for_no_paper_and_ask_for_nothing(world: World) -> None:
    award = decided(world, [[9000]])
    with world.session() as session:
        session.get_one(Contest, award.contest.id).is_example = True

    with world.session() as session:
        count = issue_certificates(
            session,
            IssueCertificates(award.contest.id, 9),
            store=FileStore(world.files_dir),
            actor=award.actor,
            now=NOW,
            public_url="http://127.0.0.1:8000",
        )

    assert count == 1


def test_contests_that_share_a_series_share_its_numbers_and_a_new_year_begins_at_one(world: World) -> None:
    first, second = decided(world, [[9000]]), decided(world, [[8000]], territory=world.territory("An Giang"))
    issue(first)
    issue(second)

    replacement = reissued(second, issued(world)[1])

    assert [row.number for row in issued(world)] == [
        "01/2026/GCN-CNNTTB",
        "02/2026/GCN-CNNTTB",
        "01/2027/GCN-CNNTTB",
    ]
    assert replacement.replaces_id == issued(world)[1].id


def test_fifty_that_take_numbers_at_once_get_fifty_different_ones_without_a_gap(world: World) -> None:
    def take(_turn: int) -> int:
        with write_session(world.engine) as session:
            return take_serial(session, "GCN-LD", 2026)

    with ThreadPoolExecutor(50) as pool:
        serials = list(pool.map(take, range(50)))

    assert sorted(serials) == list(range(1, 51))
    [register] = world.all(select(CertificateRegister))
    assert register.last_serial == 50


def test_organisers_who_press_the_button_at_once_issue_each_certificate_once(world: World) -> None:
    award = decided(world, [[9000], [8000], [7500], [7000]])

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _turn: issue(award, limit=2), range(4)))

    assert sorted(counts) == [0, 0, 2, 2]
    assert [row.serial for row in issued(world)] == [1, 2, 3, 4]
    assert len({row.entry_id for row in issued(world)}) == 4


def test_what_cannot_be_printed_is_passed_over_and_then_named(world: World) -> None:
    good, bad = world.product(name="Trà sen"), world.product(name="Trà sen 🪷")
    award = decided(world, [[7000], [9000]], products=[good, bad])

    assert issue(award) == 1
    with pytest.raises(NotReady) as caught:
        issue(award)

    assert [str(reason) for reason in caught.value.reasons] == [
        "The certificate of entry B-002 cannot be printed.",
        "Text in question: the name of a product.",
        "These characters cannot be printed: 🪷. Replace them.",
    ]
    assert [row.number for row in issued(world)] == ["01/2026/GCN-CNNTTB"]
    assert [row.last_serial for row in world.all(select(CertificateRegister))] == [1]


def test_nothing_is_issued_before_the_decision(world: World) -> None:
    award = voted(world, [[9000]])

    with pytest.raises(IllegalState, match="once the decision is recorded"):
        issue(award)


def test_nobody_issues_for_another_territory(world: World) -> None:
    award = decided(world, [[9000]])
    award.organiser = world.organiser(world.territory("An Giang"))

    with pytest.raises(NotFound):
        issue(award)


def test_a_reissued_certificate_has_a_new_number_and_the_old_validity(world: World) -> None:
    award = certified(world, [[9000]])
    [old] = issued(world)

    reissued(award, old)

    old, new = issued(world)
    assert (old.status, new.status) == (CertificateStatus.REPLACED, CertificateStatus.VALID)
    assert (new.number, new.replaces_id, new.reissue_reason) == ("01/2027/GCN-CNNTTB", old.id, "Giấy bị rách")
    assert (new.issued_on, new.valid_until) == (date(2027, 1, 20), old.valid_until)
    assert new.code != old.code
    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "certificate:reissue"))
    assert '"replaces":"01/2026/GCN-CNNTTB"' in event.details


def test_a_replaced_revoked_or_expired_certificate_is_not_replaced_again(world: World) -> None:
    award = certified(world, [[9000], [8000], [7000]])
    replaced, taken_back, expired = issued(world)
    reissued(award, replaced)
    with world.session() as session:
        revoke(session, Revoke(taken_back.id, "Vi phạm"), actor=award.actor, now=NOW)

    for certificate in (replaced, taken_back):
        with pytest.raises(IllegalState, match="that stands"):
            reissued(award, certificate)
    with pytest.raises(IllegalState, match="has expired"):
        reissued(award, expired, now=NOW + timedelta(days=4 * 365))


def test_a_revoked_certificate_keeps_its_reason_and_its_day(world: World) -> None:
    award = certified(world, [[9000]])
    [certificate] = issued(world)

    with world.session() as session:
        revoke(session, Revoke(certificate.id, "Hàng giả nhãn hiệu"), actor=award.actor, now=LATER)

    [certificate] = issued(world)
    assert (certificate.status, certificate.revoked_at, certificate.revocation_reason) == (
        CertificateStatus.REVOKED,
        LATER,
        "Hàng giả nhãn hiệu",
    )
    assert issue(award) == 0
    with world.session() as session, pytest.raises(IllegalState):
        revoke(session, Revoke(certificate.id, "Lần nữa"), actor=award.actor, now=LATER)


@pytest.mark.parametrize("reason", ["", "x" * 1001])
def test_revoking_and_replacing_need_a_reason(world: World, reason: str) -> None:
    award = certified(world, [[9000]])
    [certificate] = issued(world)

    with world.session() as session, pytest.raises(InvalidInput) as caught:
        revoke(session, Revoke(certificate.id, reason), actor=award.actor, now=LATER)
    with pytest.raises(InvalidInput):
        reissued(award, certificate, reason=reason)

    assert list(caught.value.fields) == ["reason"]
    assert [row.status for row in issued(world)] == [CertificateStatus.VALID]


def test_certificates_of_another_territory_and_unknown_ones_are_not_found(world: World) -> None:
    award = certified(world, [[9000]])
    stranger = world.actor(world.organiser(world.territory("An Giang")))

    with world.session() as session:
        with pytest.raises(NotFound):
            revoke(session, Revoke(issued(world)[0].id, "Lý do"), actor=stranger, now=NOW)
        with pytest.raises(NotFound):
            revoke(session, Revoke(999, "Lý do"), actor=award.actor, now=NOW)


def test_the_database_itself_refuses_a_second_valid_certificate_for_an_entry(world: World) -> None:
    certified(world, [[9000]])
    [certificate] = issued(world)
    twin = {
        column.key: getattr(certificate, column.key)
        for column in IssuedCertificate.__table__.columns
        if column.key != "id"
    }

    with Session(world.engine) as session:
        session.add(IssuedCertificate(**twin | {"serial": 9, "number": "09", "code": "9"}))
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_regional_certificate_names_the_agency_and_the_ministry_above_it(world: World) -> None:
    region = world.territory("Phía Nam")
    award = decided(world, [[9000]], territory=region)
    with world.session() as session:
        decision = session.scalars(select(Decision)).one()
        decision.signing_body = "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"
        decision.signatory_title = "KT. CỤC TRƯỞNG\nPHÓ CỤC TRƯỞNG"

    issue(award)

    printed = issued(world)[0].printed
    assert (printed["issuer_parent"], printed["issuer"]) == (
        "BỘ CÔNG THƯƠNG",
        "CỤC ĐỔI MỚI SÁNG TẠO, CHUYỂN ĐỔI XANH VÀ KHUYẾN CÔNG",
    )
    assert (printed["tier"], printed["territory"]) == ("cấp khu vực", "Khu vực phía Nam")
    assert printed["signatory_title"] == ["KT. CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG"]


def test_a_contest_that_is_final_without_a_decision_issues_nothing(world: World) -> None:
    award = voted(world, [[9000]])
    move(award, ContestState.FINAL)

    with pytest.raises(IllegalState, match="once the decision is recorded"):
        issue(award)
