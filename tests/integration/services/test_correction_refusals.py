from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domain.certificates import CertificateStatus
from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, StaleVersion
from app.domain.permissions import Role
from app.models import Contest, Decision, WithdrawnList
from app.services.corrections import OpenCorrection, open_correction
from tests.awards import Award, issued
from tests.builders import NOW, World
from tests.bundles import bundle_of, faults_of, finished, unpacked
from tests.corrections import (
    FALL,
    TOTALS,
    WHY,
    corrected,
    decide_again,
    open_final,
    publish_again,
    record,
    standing,
)


def state_of(award: Award) -> ContestState:
    contest: Contest = award.world.get(Contest, award.contest.id)
    return contest.state


@pytest.mark.parametrize("seen", [None, 99_999])
def test_a_page_that_knew_nothing_of_the_decision_corrects_nothing(world: World, seen: int | None) -> None:
    award = finished(world, TOTALS)

    with pytest.raises(StaleVersion), world.session() as session:
        open_correction(session, OpenCorrection(award.contest.id, WHY, seen), actor=award.actor, now=NOW)

    assert (state_of(award), world.all(select(WithdrawnList))) == (ContestState.FINAL, [])


def test_a_correction_under_way_is_not_opened_twice(world: World) -> None:
    award = finished(world, TOTALS)
    open_final(award)

    with pytest.raises(IllegalState):
        open_final(award)

    assert len(world.all(select(WithdrawnList))) == 1


def test_the_corrected_list_can_be_corrected_before_its_decision(world: World, tmp_path: Path) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    publish_again(award, FALL)

    with pytest.raises(StaleVersion):
        open_final(award)  # its page spoke of the decision; what is withdrawn now is a provisional list
    with world.session() as session:
        open_correction(session, OpenCorrection(award.contest.id, "Khiếu nại"), actor=award.actor, now=NOW)
    decide_again(award, {0: 7000})

    lists = world.all(select(WithdrawnList).order_by(WithdrawnList.id))
    assert [(one.decision_id is None, one.reason) for one in lists] == [(False, WHY), (True, "Khiếu nại")]
    assert [one.status for one in issued(world)] == [CertificateStatus.VALID] * 2
    assert [one.superseded_reason for one in world.all(select(Decision).order_by(Decision.id))] == [WHY, ""]
    assert faults_of(tmp_path, unpacked(bundle_of(award))) == []


@pytest.mark.parametrize("reason", ["", "x" * 1001, "không in được \U0001f600"])
def test_a_reason_that_cannot_be_kept_or_printed_withdraws_nothing(world: World, reason: str) -> None:
    award = finished(world, TOTALS)

    with pytest.raises(InvalidInput) as refusal:
        open_final(award, reason)

    assert list(refusal.value.fields) == ["reason"]
    assert (state_of(award), world.all(select(WithdrawnList))) == (ContestState.FINAL, [])


def test_nobody_else_withdraws_a_final_list(world: World) -> None:
    award = finished(world, TOTALS)
    others = (
        world.organiser(world.territory("An Giang")),
        world.member(Role.OBSERVER, contest_id=award.contest.id),
        world.user_of(award.judges[0].user_id),
    )

    for other in others:
        with pytest.raises(NotFound):
            open_final(award, actor=world.actor(other))

    assert state_of(award) is ContestState.FINAL


def test_a_decision_is_recorded_once(world: World) -> None:
    award = corrected(world)

    with pytest.raises(IllegalState):
        record(award, number="131/QĐ-UBND")

    assert len(world.all(select(Decision))) == 2


@pytest.mark.parametrize("seen", [None, 99_999])
def test_a_page_that_named_another_decision_replaces_none(world: World, seen: int | None) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    publish_again(award, FALL)

    with pytest.raises(StaleVersion):
        record(award, replaces_id=seen)

    assert (state_of(award), standing(world).number) == (ContestState.PROVISIONAL, "125/QĐ-UBND")


def test_a_decision_does_not_replace_itself(world: World) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    publish_again(award, FALL)

    with pytest.raises(InvalidInput) as refusal:
        record(award, number="125/QĐ-UBND")

    assert list(refusal.value.fields) == ["number"]
    assert {one.status for one in issued(world)} == {CertificateStatus.VALID}


def test_the_database_itself_refuses_two_decisions_that_stand(world: World) -> None:
    award = finished(world, TOTALS)
    first = standing(world)
    said = {name: getattr(first, name) for name in ("signing_body", "signatory_title", "signatory", "place")}

    with pytest.raises(IntegrityError):
        world.add(
            Decision(
                contest_id=award.contest.id,
                number="126/QĐ-UBND",
                signed_on=first.signed_on,
                recorded_at=NOW,
                **said,
            )
        )
