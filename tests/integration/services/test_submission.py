import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.entries import AttachmentKind, EntryState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.questions import QUESTIONS
from app.domain.rules import GroupRule
from app.models import Attachment, Contest, Entry, LedgerEvent, StoredFile
from app.models.base import canonical_json
from app.services.dossiers import (
    detach,
)
from app.services.entry_reviews import return_entry
from app.services.intake import FileFault, RefusedFile
from tests.builders import NOW, World
from tests.dossiers import ANSWERS, Maker, certificate_of
from tests.uploads import picture, pictures

PHOTO = AttachmentKind.PHOTO


def actions(world: World, entry: Entry) -> list[str]:
    statement = select(LedgerEvent).where(
        LedgerEvent.subject_kind == "entries", LedgerEvent.subject_id == entry.id
    )
    return [event.action for event in world.all(statement.order_by(LedgerEvent.id))]


# Files


def test_a_photo_is_kept_with_its_small_picture(world: World) -> None:
    maker = Maker(world)
    entry = maker.draft()

    attachment = world.get(Attachment, maker.attach(entry, PHOTO, "Ảnh.png", picture(kind="PNG")))

    file = world.get(StoredFile, attachment.file_sha256)
    assert (attachment.name, file.media_type) == ("Ảnh.jpg", "image/jpeg")
    assert hashlib.sha256(maker.store.read(file.sha256)).hexdigest() == file.sha256
    assert file.thumbnail_sha256
    assert maker.store.read(file.thumbnail_sha256).startswith(b"\xff\xd8\xff")
    assert actions(world, entry) == ["entry:attach"]


def test_the_same_photo_twice_is_one(world: World) -> None:
    maker = Maker(world)
    entry = maker.draft()

    first = maker.attach(entry, PHOTO, "a.jpg", picture())
    second = maker.attach(entry, PHOTO, "b.jpg", picture())

    assert first == second
    assert len(world.all(select(Attachment))) == 1


def test_two_entries_may_hold_the_same_photo(world: World) -> None:
    maker = Maker(world)

    ids = {maker.attach(maker.draft(), PHOTO, "a.jpg", picture()) for _ in range(2)}

    assert len(ids) == 2


def test_a_dossier_holds_thirty_files(world: World) -> None:
    maker = Maker(world)
    entry = maker.draft()
    refused = []
    for number, content in enumerate(pictures(40)):
        try:
            maker.attach(entry, PHOTO, f"{number}.jpg", content)
        except RefusedFile as error:
            refused.append((error.fault, str(error.fields["files"])))

    assert len(world.all(select(Attachment))) == 30
    assert refused == [(FileFault.TOO_MANY, "A dossier holds at most 30 files. Remove some first.")] * 10


def test_a_file_is_taken_out_again(world: World) -> None:
    maker = Maker(world)
    entry = maker.whole()

    gone = maker.detach_first(entry)

    assert world.all(select(Attachment).where(Attachment.id == gone.id)) == []
    assert actions(world, entry)[-1] == "entry:detach"


def test_a_file_that_does_not_exist_cannot_be_taken_out(world: World) -> None:
    maker = Maker(world)

    with world.session() as session, pytest.raises(NotFound):
        detach(session, 4711, actor=maker.actor, now=NOW)


# Sending in


def test_a_whole_dossier_is_sent_in_and_gets_a_receipt_code(world: World) -> None:
    maker = Maker(world)

    entry = maker.submit(maker.whole())

    assert (entry.state, entry.submitted_at) == (EntryState.SUBMITTED, NOW)
    assert entry.receipt_code is not None
    assert entry.receipt_code.startswith("HS-")
    assert len(entry.receipt_code) == 12


def test_what_is_sent_is_frozen_with_facility_and_product(world: World) -> None:
    maker = Maker(world)
    product = maker.product("Trà sen", description="Trà ướp sen.")

    entry = maker.submit(maker.whole(maker.draft(product=product)))

    facility = maker.facility
    assert world.get(Entry, entry.id).dossier == {
        "answers": ANSWERS,
        "facility": {
            "name": facility.name,
            "kind": "cooperative",
            "tax_code": facility.tax_code,
            "territory": "Tỉnh Lâm Đồng",
            "address": "Thôn 1, xã Tân Hòa",
            "representative": "Trần Thị Hạnh",
            "phone": "0912345678",
            "email": facility.email,
        },
        "product": {"name": "Trà sen", "is_set": False, "group_code": "B", "description": "Trà ướp sen."},
    }


def test_the_ledger_holds_the_digest_of_what_was_sent_and_of_each_file(world: World) -> None:
    maker = Maker(world)
    entry = maker.submit(maker.whole())

    event = world.all(select(LedgerEvent).order_by(LedgerEvent.id))[-1]
    details = json.loads(event.details)

    dossier = canonical_json(world.get(Entry, entry.id).dossier)
    files = world.all(select(Attachment).where(Attachment.entry_id == entry.id).order_by(Attachment.id))
    assert (event.action, event.contest_id) == ("entry:submit", entry.contest_id)
    assert details["dossier_sha256"] == hashlib.sha256(dossier.encode()).hexdigest()
    assert details["files"] == [[file.kind, file.file_sha256] for file in files]


def test_everything_that_is_missing_is_told_at_once(world: World) -> None:
    maker = Maker(world)
    entry = maker.save(maker.draft(), uses="Pha uống")
    maker.attach(entry, PHOTO, "a.jpg", picture())

    with pytest.raises(InvalidInput) as refused:
        maker.submit(entry)

    required = {question.key for question in QUESTIONS if question.required} - {"uses"}
    assert set(refused.value.fields) == required | {"photos", "papers"}
    assert world.get(Entry, entry.id).state is EntryState.DRAFT


def test_without_the_statement_nothing_is_sent(world: World) -> None:
    maker = Maker(world)
    entry = maker.whole(answers={**ANSWERS, "truth": ""})

    with pytest.raises(InvalidInput) as refused:
        maker.submit(entry)

    assert list(refused.value.fields) == ["truth"]


def test_a_certificate_that_expired_since_keeps_the_dossier_back(world: World) -> None:
    maker = Maker(world)
    product = maker.product()
    lower = world.entry(maker.contest(state=ContestState.FINAL), product)
    last_day = NOW.date() + timedelta(days=3)
    certificate_of(world, lower, issued_on=date(2023, 1, 1), valid_until=last_day)
    entry = maker.whole(maker.start(maker.regional(), product))

    with pytest.raises(InvalidInput) as refused:
        maker.submit(entry, now=NOW + timedelta(days=4))
    assert list(refused.value.fields) == ["qualification"]

    assert maker.submit(entry, now=NOW + timedelta(days=3)).state is EntryState.SUBMITTED


def test_a_dossier_is_sent_once(world: World) -> None:
    maker = Maker(world)
    entry = maker.whole()
    maker.submit(entry)

    with pytest.raises(IllegalState, match="has been sent in"):
        maker.submit(entry)

    assert actions(world, entry).count("entry:submit") == 1


def test_a_returned_dossier_is_completed_and_sent_again_under_its_number(world: World) -> None:
    maker = Maker(world)
    contest = world.contest(ContestState.REGISTRATION)
    entry = maker.submit(maker.whole(maker.draft(contest)))
    organiser = world.actor(world.organiser(world.territory("Lâm Đồng")))
    with world.session() as session:
        return_entry(session, entry.id, "Thiếu giấy an toàn thực phẩm", actor=organiser, now=NOW)
    late = datetime(2026, 5, 20, tzinfo=UTC)  # after the last day: it was sent in time

    saved = maker.save(world.get(Entry, entry.id), now=late, environment="Giấy số 5", truth="yes")
    again = maker.submit(saved, now=late)

    assert (again.state, again.receipt_code, again.submitted_at) == (
        EntryState.SUBMITTED,
        entry.receipt_code,
        late,
    )
    assert maker.answers(again)["environment"] == "Giấy số 5"


def test_when_scoring_has_opened_nothing_is_sent_any_more(world: World) -> None:
    maker = Maker(world)
    contest = maker.contest()
    entry = maker.whole(maker.draft(contest))
    with world.session() as session:
        session.get_one(Contest, contest.id).state = ContestState.SCORING
    with pytest.raises(IllegalState, match="Registration for this contest is closed"):
        maker.submit(entry)


def test_the_group_sent_is_the_products_of_that_day(world: World) -> None:
    maker = Maker(world)
    product = maker.product(group="B")
    entry = maker.whole(maker.draft(product=product))
    with Session(world.engine) as session, session.begin():
        session.merge(product).group_code = "D"

    assert maker.submit(entry).group_code == "D"


def test_a_product_moved_to_a_group_that_is_not_taken_keeps_the_dossier_back(world: World) -> None:
    maker = Maker(world)
    product = maker.product(group="B")
    contest = maker.contest(rules=world.rules(groups=(GroupRule("B", "Thực phẩm", "Food"),)))
    entry = maker.whole(maker.draft(contest, product))
    with world.session() as session:
        session.merge(product).group_code = "D"

    with pytest.raises(InvalidInput) as refused:
        maker.submit(entry)

    assert list(refused.value.fields) == ["product"]
