from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.certificates import CertificateStatus
from app.domain.contests import ContestState
from app.domain.entries import AttachmentKind, EntryState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotReady
from app.models import (
    Attachment,
    Contest,
    Entry,
    IssuedCertificate,
    LedgerEvent,
    Nomination,
    Product,
    Qualification,
)
from app.services.certificates import Revoke, revoke
from app.services.files import FileStore, keep_file
from app.services.nominations import Nominate, nominate, qualification_faults
from tests.awards import Award, certified, decided
from tests.builders import NOW, World


def upper(world: World, territory: str = "Miền Trung – Tây Nguyên", **fields: Any) -> Contest:
    return world.contest(
        ContestState.REGISTRATION,
        world.territory(territory),
        rules=world.rules(lower_tier_skipped=""),
        **fields,
    )


def send(award: Award, target: Contest, exemption: str = "", now: datetime = NOW, entry: int = 0) -> Entry:
    with award.world.session() as session:
        command = Nominate(award.entries[entry].id, target.id, exemption)
        return nominate(session, command, actor=award.actor, now=now)


def reasons(caught: pytest.ExceptionInfo[NotReady]) -> list[str]:
    return [str(reason) for reason in caught.value.reasons]


def test_a_certified_entry_goes_up_with_its_dossier_its_papers_and_its_certificate(world: World) -> None:
    award = certified(world)
    with world.session() as session:
        lower = session.get_one(Entry, award.entries[0].id)
        lower.dossier = {"revenue": "1.200 triệu đồng"}
        photo = keep_file(session, FileStore(world.files_dir), b"a photo", "image/jpeg", now=NOW)
        session.add(
            Attachment(
                entry_id=lower.id,
                kind=AttachmentKind.PHOTO,
                file_sha256=photo.sha256,
                name="Ảnh trà sen.jpg",
                added_at=NOW,
            )
        )
    target = upper(world)

    new = send(award, target)

    [certificate] = world.all(select(IssuedCertificate))
    carried = world.get(Entry, new.id, selectinload(Entry.attachments))
    assert (carried.contest_id, carried.product_id, carried.group_code, carried.state, carried.code) == (
        target.id,
        award.entries[0].product_id,
        "B",
        EntryState.SUBMITTED,
        None,
    )
    assert carried.dossier == {"revenue": "1.200 triệu đồng"}
    assert carried.submitted_at == NOW
    assert carried.receipt_code
    assert carried.receipt_code.startswith("HS-")
    assert [(paper.kind, paper.file_sha256, paper.name) for paper in carried.attachments] == [
        (AttachmentKind.PHOTO, photo.sha256, "Ảnh trà sen.jpg"),
        (
            AttachmentKind.LOWER_CERTIFICATE,
            certificate.file_sha256,
            "Giấy chứng nhận 01-2026-GCN-CNNTTB.pdf",
        ),
    ]
    qualification = world.get(Qualification, new.id)
    assert (qualification.certificate_id, qualification.exemption) == (certificate.id, "")
    [nomination] = world.all(select(Nomination))
    assert (nomination.entry_id, nomination.to_contest_id, nomination.new_entry_id) == (
        award.entries[0].id,
        target.id,
        new.id,
    )


def test_both_contests_tell_of_a_nomination(world: World) -> None:
    award, target = certified(world), upper(world)

    send(award, target)

    of_nominations = select(LedgerEvent).where(LedgerEvent.action.like("entry:%nominat%"))
    events = world.all(of_nominations.order_by(LedgerEvent.id))
    assert [(event.action, event.contest_id) for event in events] == [
        ("entry:nominate", award.contest.id),
        ("entry:arrive-by-nomination", target.id),
    ]


def test_an_entry_goes_up_once(world: World) -> None:
    award, target = certified(world), upper(world)
    send(award, target)

    with pytest.raises(NotReady) as caught:
        send(award, target)

    assert reasons(caught) == ["This product already takes part in that contest."]
    assert len(world.all(select(Nomination))) == 1


def test_without_a_certificate_there_is_no_nomination(world: World) -> None:
    award, target = decided(world, [[9000]]), upper(world)

    with pytest.raises(NotReady) as caught:
        send(award, target)

    assert reasons(caught) == ["This product has no certificate yet."]


def test_an_expired_certificate_opens_nothing(world: World) -> None:
    award = certified(world)
    late = datetime(2029, 3, 11, 2, 0, tzinfo=UTC)
    target = upper(
        world, registration_opens_on=date(2029, 3, 1), registration_closes_on=date(2029, 4, 30), year=2029
    )

    with pytest.raises(NotReady) as caught:
        send(award, target, now=late)

    assert reasons(caught) == ["Certificate 01/2026/GCN-CNNTTB expired on 10/03/2029; a valid one is needed."]
    assert send(award, target, now=late - timedelta(days=1)).state is EntryState.SUBMITTED


def test_a_revoked_certificate_opens_nothing(world: World) -> None:
    award, target = certified(world), upper(world)
    [certificate] = world.all(select(IssuedCertificate))
    with world.session() as session:
        revoke(session, Revoke(certificate.id, "Vi phạm"), actor=award.actor, now=NOW)

    with pytest.raises(NotReady) as caught:
        send(award, target)

    assert reasons(caught) == [
        "Certificate 01/2026/GCN-CNNTTB was revoked or replaced; a valid one is needed."
    ]


def test_a_contest_of_another_region_or_of_the_same_tier_is_refused(world: World) -> None:
    award = certified(world)

    with pytest.raises(NotReady) as foreign:
        send(award, upper(world, "Phía Bắc"))
    with pytest.raises(NotReady) as same:
        send(award, upper(world, "Lâm Đồng"))

    assert reasons(foreign) == [
        "Certificate 01/2026/GCN-CNNTTB was given in a territory outside this contest."
    ]
    assert reasons(same) == ["Certificate 01/2026/GCN-CNNTTB is not of the tier just below this contest."]


def test_a_province_that_was_merged_goes_up_where_its_successor_belongs(world: World) -> None:
    old = world.territory("Kiên Giang", date(2023, 6, 1))
    award = certified(world, territory=old, year=2023)

    assert send(award, upper(world, "Phía Nam")).state is EntryState.SUBMITTED


def test_passing_over_a_tier_needs_a_reason_and_keeps_it(world: World) -> None:
    award, target = certified(world), upper(world, "Việt Nam")

    with pytest.raises(InvalidInput) as caught:
        send(award, target)
    new = send(award, target, exemption="Năm 2026 không tổ chức cấp khu vực")

    assert list(caught.value.fields) == ["exemption"]
    qualification = world.get(Qualification, new.id)
    assert (qualification.certificate_id, qualification.exemption) == (
        None,
        "Năm 2026 không tổ chức cấp khu vực",
    )


def test_a_reason_where_no_tier_is_passed_over_is_not_kept(world: World) -> None:
    award = certified(world)

    new = send(award, upper(world), exemption="Không cần")

    assert world.get(Qualification, new.id).exemption == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"registration_opens_on": date(2026, 4, 1)},
        {"registration_opens_on": date(2026, 1, 1), "registration_closes_on": date(2026, 3, 9)},
    ],
)
def test_registration_must_be_open_on_the_day(world: World, fields: dict[str, Any]) -> None:
    award = certified(world)

    with pytest.raises(IllegalState, match="not open for registration today"):
        send(award, upper(world, **fields))


def test_a_contest_that_is_being_scored_takes_no_nominations(world: World) -> None:
    award = certified(world)
    region = world.contest(ContestState.SCORING, world.territory("Miền Trung – Tây Nguyên"))

    with pytest.raises(IllegalState, match="not open for registration today"):
        send(award, region)


def test_what_is_not_ones_own_or_does_not_exist_is_not_found(world: World) -> None:
    award, target = certified(world, [[9000], [8000]], carried=[True, False]), upper(world)
    hidden = world.contest(ContestState.DRAFT, world.territory("Phía Nam"))
    not_recognised = 1

    for contest in (hidden, Contest(id=999)):
        with pytest.raises(NotFound):
            send(award, contest)
    with pytest.raises(NotFound):
        send(award, target, entry=not_recognised)
    award.organiser = world.organiser(world.territory("An Giang"))
    with pytest.raises(NotFound):
        send(award, target)


def test_a_nominated_entry_qualifies_and_an_entry_from_nowhere_does_not(world: World) -> None:
    award, target = certified(world), upper(world)
    nominated = send(award, target)
    stray = world.entry(target, state=EntryState.SUBMITTED)

    with world.session() as session:
        assert qualification_faults(session, nominated, now=NOW) == ()
        assert [str(fault) for fault in qualification_faults(session, stray, now=NOW)] == [
            "A product needs a valid certificate of the tier below and is nominated by that tier's organiser."
        ]


def test_a_certificate_revoked_after_the_nomination_closes_the_door_again(world: World) -> None:
    award = certified(world)
    nominated = send(award, upper(world))
    with world.session() as session:
        session.get_one(
            IssuedCertificate, world.get(Qualification, nominated.id).certificate_id
        ).status = CertificateStatus.REPLACED

    with world.session() as session:
        faults = qualification_faults(session, nominated, now=NOW)

    assert [str(fault) for fault in faults] == [
        "Certificate 01/2026/GCN-CNNTTB was revoked or replaced; a valid one is needed."
    ]


def test_a_certificate_of_another_product_does_not_qualify(world: World) -> None:
    award = certified(world)
    nominated = send(award, upper(world))
    other: Product = world.product()
    with world.session() as session:
        session.get_one(Entry, nominated.id).product_id = other.id

    with world.session() as session:
        faults = qualification_faults(session, nominated, now=NOW)

    assert [str(fault) for fault in faults] == [
        "Certificate 01/2026/GCN-CNNTTB was given to another product."
    ]


def test_a_provincial_contest_asks_for_a_lower_certificate_unless_its_rules_say_why_not(world: World) -> None:
    free = world.contest(ContestState.REGISTRATION)
    strict = world.contest(ContestState.REGISTRATION, rules=world.rules(lower_tier_skipped=""))
    into_free = world.entry(free, state=EntryState.SUBMITTED)
    into_strict = world.entry(strict, state=EntryState.SUBMITTED)

    with world.session() as session:
        assert qualification_faults(session, into_free, now=NOW) == ()
        assert len(qualification_faults(session, into_strict, now=NOW)) == 1
