import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.dossiers import StaleDossier
from app.domain.entries import AttachmentKind, EntryState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.questions import QUESTIONS
from app.domain.rules import GroupRule
from app.models import Attachment, Entry, LedgerEvent, Qualification
from tests.builders import NOW, World
from tests.dossiers import ANSWERS, Maker, certificate_of
from tests.uploads import paper, picture

PHOTO = AttachmentKind.PHOTO


def actions(world: World, entry: Entry) -> list[str]:
    statement = select(LedgerEvent).where(
        LedgerEvent.subject_kind == "entries", LedgerEvent.subject_id == entry.id
    )
    return [event.action for event in world.all(statement.order_by(LedgerEvent.id))]


# Starting


def test_a_product_is_entered_with_an_empty_dossier(world: World) -> None:
    maker = Maker(world)
    product = maker.product(group="C")

    entry = maker.start(maker.contest(), product)

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
    maker.start(contest, product)

    with pytest.raises(InvalidInput, match="product_id: This product is in this contest already"):
        maker.start(contest, product)


def test_a_facility_may_enter_many_products_and_a_product_many_contests(world: World) -> None:
    maker = Maker(world)
    first, second = maker.contest(), maker.contest()
    tea, tray = maker.product(), maker.product()

    started = [maker.start(contest, product) for contest in (first, second) for product in (tea, tray)]

    assert len({entry.id for entry in started}) == 4


def test_a_group_that_the_contest_leaves_out_is_refused(world: World) -> None:
    maker = Maker(world)
    contest = maker.contest(rules=world.rules(groups=(GroupRule("A", "Thủ công", "Crafts"),)))

    with pytest.raises(InvalidInput, match="does not take products of this group"):
        maker.start(contest, maker.product(group="B"))


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
        assert maker.start(contest, maker.product(), now=moment).state is EntryState.DRAFT
    else:
        with pytest.raises(IllegalState, match="from 01/03/2026 to 30/04/2026"):
            maker.start(contest, maker.product(), now=moment)


@pytest.mark.parametrize(
    "state", [s for s in ContestState if s not in (ContestState.DRAFT, ContestState.REGISTRATION)]
)
def test_later_stages_take_no_dossiers(world: World, state: ContestState) -> None:
    maker = Maker(world)

    with pytest.raises(IllegalState, match="Registration for this contest is closed"):
        maker.start(maker.contest(state=state), maker.product())


def test_a_contest_that_is_being_prepared_does_not_exist_for_facilities(world: World) -> None:
    maker = Maker(world)

    with pytest.raises(NotFound):
        maker.start(maker.contest(state=ContestState.DRAFT), maker.product())


def test_a_contest_of_another_province_does_not_exist_either(world: World) -> None:
    maker = Maker(world)

    with pytest.raises(NotFound):
        maker.start(maker.contest(world.territory("Hà Nội")), maker.product())


def test_a_facility_of_a_merged_province_enters_where_it_went(world: World) -> None:
    maker = Maker(world, world.territory("Bình Thuận", date(2024, 1, 1)))

    assert maker.start(maker.contest(), maker.product()).state is EntryState.DRAFT


def test_nobody_enters_a_foreign_product(world: World) -> None:
    maker = Maker(world)

    with pytest.raises(NotFound):
        maker.start(maker.contest(), world.product())


def test_a_higher_tier_wants_a_certificate_of_the_tier_below(world: World) -> None:
    maker = Maker(world)

    with pytest.raises(InvalidInput, match="valid certificate of the tier below"):
        maker.start(maker.regional(), maker.product())


def test_a_valid_certificate_opens_the_higher_tier(world: World) -> None:
    maker = Maker(world)
    product = maker.product()
    lower = world.entry(maker.contest(state=ContestState.FINAL), product)
    certificate = certificate_of(world, lower)

    entry = maker.start(maker.regional(), product)

    assert world.get(Qualification, entry.id).certificate_id == certificate.id


def test_a_certificate_of_another_product_or_one_that_expired_opens_nothing(world: World) -> None:
    maker = Maker(world)
    product, other = maker.product(), maker.product()
    certificate_of(world, world.entry(maker.contest(state=ContestState.FINAL), other))
    lower = world.entry(maker.contest(state=ContestState.FINAL), product)
    certificate_of(world, lower, issued_on=date(2022, 1, 1), valid_until=NOW.date() - timedelta(days=1))

    with pytest.raises(InvalidInput, match="product_id"):
        maker.start(maker.regional(), product)

    assert world.all(select(Entry).where(Entry.state == EntryState.DRAFT)) == []


# What is carried over


def test_a_second_dossier_of_a_product_begins_with_what_the_first_held(world: World) -> None:
    maker = Maker(world)
    product = maker.product()
    first = maker.whole(maker.draft(product=product))
    maker.attach(first, AttachmentKind.LOWER_CERTIFICATE, "cũ.pdf", paper(2))

    entry = maker.start(maker.contest(), product)

    assert maker.answers(entry) == {key: text for key, text in ANSWERS.items() if key != "truth"}
    kinds = [file.kind for file in world.all(select(Attachment).where(Attachment.entry_id == entry.id))]
    assert sorted(kinds) == [PHOTO, PHOTO, PHOTO, AttachmentKind.REGISTRATION_PAPER]


def test_the_first_dossier_of_another_product_begins_with_form_01(world: World) -> None:
    maker = Maker(world)
    maker.whole()

    entry = maker.start(maker.contest(), maker.product())

    assert set(maker.answers(entry)) == {q.key for q in QUESTIONS if q.form == "registration"}
    assert world.all(select(Attachment).where(Attachment.entry_id == entry.id)) == []


def test_nothing_is_carried_from_one_facility_to_another(world: World) -> None:
    Maker(world).whole()
    maker = Maker(world)

    assert maker.answers(maker.start(maker.contest(), maker.product())) == {}


# Saving


def test_answers_are_saved_with_gaps_and_the_rest_stays(world: World) -> None:
    maker = Maker(world)
    entry = maker.save(maker.draft(), uses="Pha uống", features="")

    entry = maker.save(entry, features="Hương sen")

    assert maker.answers(entry) == {"uses": "Pha uống", "features": "Hương sen", "truth": ""}
    assert entry.version == 3


def test_the_ledger_holds_old_and_new_of_what_changed(world: World) -> None:
    maker = Maker(world)
    entry = maker.save(maker.draft(), uses="Pha uống", features="Hương sen")

    maker.save(entry, uses="Làm quà", features="Hương sen")

    [_first, second] = world.all(select(LedgerEvent).order_by(LedgerEvent.id))
    assert json.loads(second.details) == {"old": {"uses": "Pha uống"}, "new": {"uses": "Làm quà"}}


def test_saving_what_is_there_changes_nothing(world: World) -> None:
    maker = Maker(world)
    entry = maker.save(maker.draft(), uses="Pha uống")

    assert maker.save(entry, uses=" Pha  uống ").version == entry.version
    assert actions(world, entry) == ["entry:save"]


def test_of_two_open_tabs_the_second_does_not_overwrite_the_first(world: World) -> None:
    maker = Maker(world)
    opened = maker.save(maker.draft(), uses="Pha uống", features="Hương sen", plans="Mở rộng")
    maker.save(opened, uses="Tab thứ nhất")

    with pytest.raises(StaleDossier) as stale:
        maker.save(opened, uses="Tab thứ hai", features="Hương sen", plans="")

    assert (stale.value.stored, stale.value.version) == ({"uses": "Tab thứ nhất", "plans": "Mở rộng"}, 3)
    assert maker.answers(opened)["uses"] == "Tab thứ nhất"


def test_two_tabs_that_say_the_same_agree(world: World) -> None:
    maker = Maker(world)
    opened = maker.draft()
    maker.save(opened, uses="Như nhau")

    assert maker.answers(maker.save(opened, uses="Như nhau"))["uses"] == "Như nhau"


def test_an_answer_that_breaks_a_rule_is_refused_and_nothing_is_saved(world: World) -> None:
    maker = Maker(world)
    entry = maker.draft()

    with pytest.raises(InvalidInput) as refused:
        maker.save(entry, uses="a" * 10_000, year_established="xưa", features="Đúng")

    assert set(refused.value.fields) == {"uses", "year_established"}
    assert world.get(Entry, entry.id).dossier == {}


def test_after_another_answer_the_statement_has_to_be_made_again(world: World) -> None:
    maker = Maker(world)
    entry = maker.save(maker.draft(), uses="Pha uống", truth="yes")

    assert maker.answers(maker.save(entry, uses="Làm quà"))["truth"] == ""


@pytest.mark.parametrize("state", [EntryState.SUBMITTED, EntryState.ACCEPTED, EntryState.REJECTED])
def test_a_dossier_that_was_sent_stays_as_it_is(world: World, state: EntryState) -> None:
    maker = Maker(world)
    entry = world.entry(maker.contest(), maker.product(), state)

    with pytest.raises(IllegalState, match="has been sent in"):
        maker.save(entry, uses="Sửa lén")
    with pytest.raises(IllegalState, match="has been sent in"):
        maker.attach(entry, PHOTO, "a.jpg", picture())
    with pytest.raises(IllegalState, match="has been sent in"):
        maker.submit(entry)


def test_after_the_last_day_a_draft_stays_as_it_is(world: World) -> None:
    maker = Maker(world)
    entry = maker.draft(world.contest(ContestState.REGISTRATION))

    with pytest.raises(IllegalState, match="from 01/03/2026 to 30/04/2026"):
        maker.save(entry, now=datetime(2026, 5, 1, tzinfo=UTC), uses="Muộn")


def test_a_foreign_dossier_does_not_exist(world: World) -> None:
    maker, other = Maker(world), Maker(world)
    entry = maker.whole()

    for act in (
        lambda: other.save(entry, uses="Của người khác"),
        lambda: other.submit(entry),
        lambda: other.attach(entry, PHOTO, "a.jpg", picture()),
        lambda: other.detach_first(entry),
    ):
        with pytest.raises(NotFound):
            act()
