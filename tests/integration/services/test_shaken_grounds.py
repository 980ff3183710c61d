import pytest

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.errors import NotReady
from app.models import Contest
from app.queries.qualifications import ShakenGround, shaken_grounds
from app.services.certificates import Reissue, reissue
from app.services.entry_reviews import accept_entry
from app.services.files import FileStore
from app.services.nominations import Nominate, nominate
from tests.awards import PUBLIC_URL, Award, issued
from tests.builders import World
from tests.bundles import finished
from tests.corrections import (
    FALL,
    LATER,
    TOTALS,
    WHY,
    decide_again,
    open_final,
)

REVOKED = (
    "Sản phẩm không có trong danh sách kèm theo Quyết định số 130/QĐ-UBND ngày 10/03/2026, thay thế "
    f"Quyết định số 125/QĐ-UBND ngày 10/03/2026. Lý do sửa kết quả: {WHY}"
)


def nominated(world: World) -> tuple[Award, Contest, int]:
    """A contest whose first entry went up to a regional one."""
    award = finished(world, TOTALS)
    target = world.contest(
        ContestState.REGISTRATION,
        world.territory("Miền Trung – Tây Nguyên"),
        rules=world.rules(lower_tier_skipped=""),
    )
    with world.session() as session:
        new = nominate(session, Nominate(award.entries[0].id, target.id), actor=award.actor, now=LATER)
    return award, target, new.id


def grounds(world: World, contest: Contest) -> dict[int, ShakenGround]:
    with world.session() as session:
        return shaken_grounds(session, contest.id)


def test_a_higher_contest_sees_what_becomes_of_the_lower_certificate(world: World) -> None:
    award, target, entry_id = nominated(world)
    at_first = grounds(world, target)
    open_final(award)
    meanwhile = grounds(world, target)
    decide_again(award, FALL)

    number, contest = "02/2026/GCN-CNNTTB", award.contest.name
    assert at_first == {}
    assert meanwhile == {entry_id: ShakenGround(number, contest, None, WHY)}
    revoked_at = issued(world)[1].revoked_at
    assert grounds(world, target) == {entry_id: ShakenGround(number, contest, revoked_at, REVOKED)}


def test_a_product_whose_lower_certificate_was_revoked_is_not_accepted(world: World) -> None:
    award, target, entry_id = nominated(world)
    open_final(award)
    decide_again(award, FALL)
    upper = world.actor(world.organiser(world.territory("Miền Trung – Tây Nguyên")))

    with pytest.raises(NotReady) as refusal, world.session() as session:
        accept_entry(session, entry_id, actor=upper, now=LATER)

    assert [str(reason) for reason in refusal.value.reasons] == [
        "Certificate 02/2026/GCN-CNNTTB was revoked or replaced; a valid one is needed."
    ]
    assert target.id != award.contest.id


def test_a_lower_certificate_that_was_replaced_by_a_valid_one_keeps_the_door_open(world: World) -> None:
    award, target, entry_id = nominated(world)
    with world.session() as session:
        reissue(
            session,
            Reissue(issued(world)[1].id, "Rách"),
            store=FileStore(world.files_dir),
            actor=award.actor,
            now=LATER,
            public_url=PUBLIC_URL,
        )
    upper = world.actor(world.organiser(world.territory("Miền Trung – Tây Nguyên")))

    with world.session() as session:
        accepted = accept_entry(session, entry_id, actor=upper, now=LATER)

    assert (accepted.state, grounds(world, target)) == (EntryState.ACCEPTED, {})
