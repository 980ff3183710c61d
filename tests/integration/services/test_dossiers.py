import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.dossiers import StaleDossier
from app.domain.entries import AttachmentKind, EntryState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.questions import QUESTIONS
from app.domain.rules import GroupRule
from app.models import Attachment, Contest, Entry, LedgerEvent, Qualification, StoredFile
from app.models.base import canonical_json
from app.services.dossiers import (
    SaveDossier,
    StartEntry,
    detach,
    save_dossier,
    start_entry,
    submit_entry,
)
from app.services.entry_reviews import return_entry
from app.services.intake import FileFault, RefusedFile
from tests.builders import NOW, World
from tests.dossiers import ANSWERS, Maker, certificate_of
from tests.uploads import paper, picture, pictures

PHOTO = AttachmentKind.PHOTO


def start(maker: Maker, contest: Contest, product_id: int, now: datetime = NOW) -> Entry:
    with maker.world.session() as session:
        return start_entry(session, StartEntry(contest.id, product_id), actor=maker.actor, now=now)


def save(
    maker: Maker, entry: Entry, version: int | None = None, now: datetime = NOW, **answers: str
) -> Entry:
    with maker.world.session() as session:
        command = SaveDossier(entry.id, version or entry.version, answers)
        return save_dossier(session, command, actor=maker.actor, now=now)


def submit(maker: Maker, entry: Entry, now: datetime = NOW) -> Entry:
    with maker.world.session() as session:
        return submit_entry(session, entry.id, actor=maker.actor, now=now)


def answers_of(world: World, entry: Entry) -> dict[str, str]:
    stored: dict[str, str] = world.get(Entry, entry.id).dossier["answers"]
    return stored


def actions(world: World, entry: Entry) -> list[str]:
    statement = select(LedgerEvent).where(
        LedgerEvent.subject_kind == "entries", LedgerEvent.subject_id == entry.id
    )
    return [event.action for event in world.all(statement.order_by(LedgerEvent.id))]


# Starting


def test_a_product_is_entered_with_an_empty_dossier(world: World) -> None:
    maker = Maker(world)
    product = maker.product(group="C")

    entry = start(maker, maker.contest(), product.id)

    assert (entry.state, entry.group_code, entry.dossier, entry.receipt_code) == (
        EntryState.DRAFT,
        "C",
        {"answers": {}},
        None,
    )
    assert actions(world, entry) == ["entry:start"]


def test_a_product_is_entered_once_in_a_contest(world: World) -> None:
    maker = Maker(world)
    contest, product = maker.contest(), maker.product()
    start(maker, contest, product.id)

    with pytest.raises(InvalidInput, match="product_id: This product is in this contest already"):
        start(maker, contest, product.id)


def test_a_facility_may_enter_many_products_and_a_product_many_contests(world: World) -> None:
    maker = Maker(world)
    first, second = maker.contest(), maker.contest()
    tea, tray = maker.product(), maker.product()

    started = [start(maker, contest, product.id) for contest in (first, second) for product in (tea, tray)]

    assert len({entry.id for entry in started}) == 4


def test_a_group_that_the_contest_leaves_out_is_refused(world: World) -> None:
    maker = Maker(world)
    contest = maker.contest(rules=world.rules(groups=(GroupRule("A", "Thủ công", "Crafts"),)))

    with pytest.raises(InvalidInput, match="does not take products of this group"):
        start(maker, contest, maker.product(group="B").id)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (datetime(2026, 2, 28, 16, 59, tzinfo=UTC), False),
        (datetime(2026, 2, 28, 17, 0, tzinfo=UTC), True),  # midnight in Vietnam
        (datetime(2026, 4, 30, 16, 59, tzinfo=UTC), True),
        (datetime(2026, 4, 30, 17, 0, tzinfo=UTC), False),
    ],
)
def test_the_days_of_registration_are_days_in_vietnam(world: World, moment: datetime, allowed: bool) -> None:
    maker = Maker(world)
    contest = world.contest(ContestState.REGISTRATION)

    if allowed:
        assert start(maker, contest, maker.product().id, now=moment).state is EntryState.DRAFT
    else:
        with pytest.raises(IllegalState, match="from 01/03/2026 to 30/04/2026"):
            start(maker, contest, maker.product().id, now=moment)


@pytest.mark.parametrize(
    "state", [s for s in ContestState if s not in (ContestState.DRAFT, ContestState.REGISTRATION)]
)
def test_later_stages_take_no_dossiers(world: World, state: ContestState) -> None:
    maker = Maker(world)

    with pytest.raises(IllegalState, match="Registration for this contest is closed"):
        start(maker, maker.contest(state=state), maker.product().id)


def test_a_contest_that_is_being_prepared_does_not_exist_for_facilities(world: World) -> None:
    maker = Maker(world)

    with pytest.raises(NotFound):
        start(maker, maker.contest(state=ContestState.DRAFT), maker.product().id)


def test_a_contest_of_another_province_does_not_exist_either(world: World) -> None:
    maker = Maker(world)

    with pytest.raises(NotFound):
        start(maker, maker.contest(world.territory("Hà Nội")), maker.product().id)


def test_a_facility_of_a_merged_province_enters_where_it_went(world: World) -> None:
    maker = Maker(world, world.territory("Bình Thuận", date(2024, 1, 1)))

    assert start(maker, maker.contest(), maker.product().id).state is EntryState.DRAFT


def test_nobody_enters_a_foreign_product(world: World) -> None:
    maker = Maker(world)

    with pytest.raises(NotFound):
        start(maker, maker.contest(), world.product().id)


def regional(maker: Maker) -> Contest:
    return maker.contest(
        maker.world.territory("Miền Trung – Tây Nguyên"), rules=maker.world.rules(lower_tier_skipped="")
    )


def test_a_higher_tier_wants_a_certificate_of_the_tier_below(world: World) -> None:
    maker = Maker(world)

    with pytest.raises(InvalidInput, match="valid certificate of the tier below"):
        start(maker, regional(maker), maker.product().id)


def test_a_valid_certificate_opens_the_higher_tier(world: World) -> None:
    maker = Maker(world)
    product = maker.product()
    lower = world.entry(maker.contest(state=ContestState.FINAL), product)
    certificate = certificate_of(world, lower)

    entry = start(maker, regional(maker), product.id)

    assert world.get(Qualification, entry.id).certificate_id == certificate.id


def test_a_certificate_of_another_product_or_one_that_expired_opens_nothing(world: World) -> None:
    maker = Maker(world)
    product, other = maker.product(), maker.product()
    certificate_of(world, world.entry(maker.contest(state=ContestState.FINAL), other))
    lower = world.entry(maker.contest(state=ContestState.FINAL), product)
    certificate_of(world, lower, issued_on=date(2022, 1, 1), valid_until=NOW.date() - timedelta(days=1))

    with pytest.raises(InvalidInput, match="product_id"):
        start(maker, regional(maker), product.id)

    assert world.all(select(Entry).where(Entry.state == EntryState.DRAFT)) == []


# What is carried over


def test_a_second_dossier_of_a_product_begins_with_what_the_first_held(world: World) -> None:
    maker = Maker(world)
    product = maker.product()
    first = maker.whole(maker.draft(product=product))
    maker.attach(first, AttachmentKind.LOWER_CERTIFICATE, "cũ.pdf", paper(2))

    entry = start(maker, maker.contest(), product.id)

    assert answers_of(world, entry) == {key: text for key, text in ANSWERS.items() if key != "truth"}
    kinds = [file.kind for file in world.all(select(Attachment).where(Attachment.entry_id == entry.id))]
    assert sorted(kinds) == [PHOTO, PHOTO, PHOTO, AttachmentKind.REGISTRATION_PAPER]


def test_the_first_dossier_of_another_product_begins_with_form_01(world: World) -> None:
    maker = Maker(world)
    maker.whole()

    entry = start(maker, maker.contest(), maker.product().id)

    assert set(answers_of(world, entry)) == {q.key for q in QUESTIONS if q.form == "registration"}
    assert world.all(select(Attachment).where(Attachment.entry_id == entry.id)) == []


def test_nothing_is_carried_from_one_facility_to_another(world: World) -> None:
    Maker(world).whole()
    maker = Maker(world)

    assert answers_of(world, start(maker, maker.contest(), maker.product().id)) == {}


# Saving


def test_answers_are_saved_with_gaps_and_the_rest_stays(world: World) -> None:
    maker = Maker(world)
    entry = save(maker, maker.draft(), uses="Pha uống", features="")

    entry = save(maker, entry, features="Hương sen")

    assert answers_of(world, entry) == {"uses": "Pha uống", "features": "Hương sen", "truth": ""}
    assert entry.version == 3


def test_the_ledger_holds_old_and_new_of_what_changed(world: World) -> None:
    maker = Maker(world)
    entry = save(maker, maker.draft(), uses="Pha uống", features="Hương sen")

    save(maker, entry, uses="Làm quà", features="Hương sen")

    [_first, second] = world.all(select(LedgerEvent).order_by(LedgerEvent.id))
    assert json.loads(second.details) == {"old": {"uses": "Pha uống"}, "new": {"uses": "Làm quà"}}


def test_saving_what_is_there_changes_nothing(world: World) -> None:
    maker = Maker(world)
    entry = save(maker, maker.draft(), uses="Pha uống")

    assert save(maker, entry, uses=" Pha  uống ").version == entry.version
    assert actions(world, entry) == ["entry:save"]


def test_of_two_open_tabs_the_second_does_not_overwrite_the_first(world: World) -> None:
    maker = Maker(world)
    opened = save(maker, maker.draft(), uses="Pha uống", features="Hương sen", plans="Mở rộng")
    save(maker, opened, uses="Tab thứ nhất")

    with pytest.raises(StaleDossier) as stale:
        save(maker, opened, uses="Tab thứ hai", features="Hương sen", plans="")

    assert (stale.value.stored, stale.value.version) == ({"uses": "Tab thứ nhất", "plans": "Mở rộng"}, 3)
    assert answers_of(world, opened)["uses"] == "Tab thứ nhất"


def test_two_tabs_that_say_the_same_agree(world: World) -> None:
    maker = Maker(world)
    opened = maker.draft()
    save(maker, opened, uses="Như nhau")

    assert answers_of(world, save(maker, opened, uses="Như nhau"))["uses"] == "Như nhau"


def test_an_answer_that_breaks_a_rule_is_refused_and_nothing_is_saved(world: World) -> None:
    maker = Maker(world)
    entry = maker.draft()

    with pytest.raises(InvalidInput) as refused:
        save(maker, entry, uses="a" * 10_000, year_established="xưa", features="Đúng")

    assert set(refused.value.fields) == {"uses", "year_established"}
    assert world.get(Entry, entry.id).dossier == {}


def test_after_another_answer_the_statement_has_to_be_made_again(world: World) -> None:
    maker = Maker(world)
    entry = save(maker, maker.draft(), uses="Pha uống", truth="yes")

    assert answers_of(world, save(maker, entry, uses="Làm quà"))["truth"] == ""


@pytest.mark.parametrize("state", [EntryState.SUBMITTED, EntryState.ACCEPTED, EntryState.REJECTED])
def test_a_dossier_that_was_sent_stays_as_it_is(world: World, state: EntryState) -> None:
    maker = Maker(world)
    entry = world.entry(maker.contest(), maker.product(), state)

    with pytest.raises(IllegalState, match="has been sent in"):
        save(maker, entry, uses="Sửa lén")
    with pytest.raises(IllegalState, match="has been sent in"):
        maker.attach(entry, PHOTO, "a.jpg", picture())
    with pytest.raises(IllegalState, match="has been sent in"):
        submit(maker, entry)


def test_after_the_last_day_a_draft_stays_as_it_is(world: World) -> None:
    maker = Maker(world)
    entry = maker.draft(world.contest(ContestState.REGISTRATION))

    with pytest.raises(IllegalState, match="from 01/03/2026 to 30/04/2026"):
        save(maker, entry, now=datetime(2026, 5, 1, tzinfo=UTC), uses="Muộn")


def test_a_foreign_dossier_does_not_exist(world: World) -> None:
    maker, other = Maker(world), Maker(world)
    entry = maker.whole()

    for act in (
        lambda: save(other, entry, uses="Của người khác"),
        lambda: submit(other, entry),
        lambda: other.attach(entry, PHOTO, "a.jpg", picture()),
        lambda: detach_first(other, entry),
    ):
        with pytest.raises(NotFound):
            act()


# Files


def detach_first(maker: Maker, entry: Entry) -> Attachment:
    [first, *_rest] = maker.world.all(select(Attachment).where(Attachment.entry_id == entry.id))
    with maker.world.session() as session:
        return detach(session, first.id, actor=maker.actor, now=NOW)


def test_a_photo_is_kept_with_its_small_picture(world: World) -> None:
    maker = Maker(world)
    entry = maker.draft()

    attachment = world.get(Attachment, maker.attach(entry, PHOTO, "Ảnh.png", picture(kind="PNG")))

    file = world.get(StoredFile, attachment.file_sha256)
    assert (attachment.name, file.media_type) == ("Ảnh.jpg", "image/jpeg")
    assert hashlib.sha256(maker.store.read(file.sha256)).hexdigest() == file.sha256
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

    gone = detach_first(maker, entry)

    assert world.get(Attachment, gone.id) is None
    assert actions(world, entry)[-1] == "entry:detach"


def test_a_file_that_does_not_exist_cannot_be_taken_out(world: World) -> None:
    maker = Maker(world)

    with world.session() as session, pytest.raises(NotFound):
        detach(session, 4711, actor=maker.actor, now=NOW)


# Sending in


def test_a_whole_dossier_is_sent_in_and_gets_a_receipt_code(world: World) -> None:
    maker = Maker(world)

    entry = submit(maker, maker.whole())

    assert (entry.state, entry.submitted_at) == (EntryState.SUBMITTED, NOW)
    assert entry.receipt_code is not None
    assert entry.receipt_code.startswith("HS-")
    assert len(entry.receipt_code) == 12


def test_what_is_sent_is_frozen_with_facility_and_product(world: World) -> None:
    maker = Maker(world)
    product = maker.product("Trà sen", description="Trà ướp sen.")

    entry = submit(maker, maker.whole(maker.draft(product=product)))

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
    entry = submit(maker, maker.whole())

    event = world.all(select(LedgerEvent).order_by(LedgerEvent.id))[-1]
    details = json.loads(event.details)

    dossier = canonical_json(world.get(Entry, entry.id).dossier)
    files = world.all(select(Attachment).where(Attachment.entry_id == entry.id).order_by(Attachment.id))
    assert (event.action, event.contest_id) == ("entry:submit", entry.contest_id)
    assert details["dossier_sha256"] == hashlib.sha256(dossier.encode()).hexdigest()
    assert details["files"] == [[file.kind, file.file_sha256] for file in files]


def test_everything_that_is_missing_is_told_at_once(world: World) -> None:
    maker = Maker(world)
    entry = save(maker, maker.draft(), uses="Pha uống")
    maker.attach(entry, PHOTO, "a.jpg", picture())

    with pytest.raises(InvalidInput) as refused:
        submit(maker, entry)

    required = {question.key for question in QUESTIONS if question.required} - {"uses"}
    assert set(refused.value.fields) == required | {"photos", "papers"}
    assert world.get(Entry, entry.id).state is EntryState.DRAFT


def test_without_the_statement_nothing_is_sent(world: World) -> None:
    maker = Maker(world)
    entry = maker.whole(answers={**ANSWERS, "truth": ""})

    with pytest.raises(InvalidInput) as refused:
        submit(maker, entry)

    assert list(refused.value.fields) == ["truth"]


def test_a_certificate_that_expired_since_keeps_the_dossier_back(world: World) -> None:
    maker = Maker(world)
    product = maker.product()
    lower = world.entry(maker.contest(state=ContestState.FINAL), product)
    last_day = NOW.date() + timedelta(days=3)
    certificate_of(world, lower, issued_on=date(2023, 1, 1), valid_until=last_day)
    entry = maker.whole(start(maker, regional(maker), product.id))

    with pytest.raises(InvalidInput) as refused:
        submit(maker, entry, now=NOW + timedelta(days=4))
    assert list(refused.value.fields) == ["qualification"]

    assert submit(maker, entry, now=NOW + timedelta(days=3)).state is EntryState.SUBMITTED


def test_a_dossier_is_sent_once(world: World) -> None:
    maker = Maker(world)
    entry = maker.whole()
    submit(maker, entry)

    with pytest.raises(IllegalState, match="has been sent in"):
        submit(maker, entry)

    assert actions(world, entry).count("entry:submit") == 1


def test_a_returned_dossier_is_completed_and_sent_again_under_its_number(world: World) -> None:
    maker = Maker(world)
    contest = world.contest(ContestState.REGISTRATION)
    entry = submit(maker, maker.whole(maker.draft(contest)))
    organiser = world.actor(world.organiser(world.territory("Lâm Đồng")))
    with world.session() as session:
        return_entry(session, entry.id, "Thiếu giấy an toàn thực phẩm", actor=organiser, now=NOW)
    late = datetime(2026, 5, 20, tzinfo=UTC)  # after the last day: it was sent in time

    saved = save(maker, world.get(Entry, entry.id), now=late, environment="Giấy số 5", truth="yes")
    again = submit(maker, saved, now=late)

    assert (again.state, again.receipt_code, again.submitted_at) == (
        EntryState.SUBMITTED,
        entry.receipt_code,
        late,
    )
    assert answers_of(world, again)["environment"] == "Giấy số 5"


def test_when_scoring_has_opened_nothing_is_sent_any_more(world: World) -> None:
    maker = Maker(world)
    contest = maker.contest()
    entry = maker.whole(maker.draft(contest))
    with world.session() as session:
        session.get_one(Contest, contest.id).state = ContestState.SCORING
    with pytest.raises(IllegalState, match="Registration for this contest is closed"):
        submit(maker, entry)


def test_the_group_sent_is_the_products_of_that_day(world: World) -> None:
    maker = Maker(world)
    product = maker.product(group="B")
    entry = maker.whole(maker.draft(product=product))
    with Session(world.engine) as session, session.begin():
        session.merge(product).group_code = "D"

    assert submit(maker, entry).group_code == "D"
