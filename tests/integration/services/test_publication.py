import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.models import Contest, Decision, LedgerEvent
from app.services.publication import RecordDecision, check_decision, publish_provisional, record_decision
from tests.awards import Award, move, scored, voted
from tests.builders import NOW, World


def command(award: Award, **changes: object) -> RecordDecision:
    usual = RecordDecision(
        contest_id=award.contest.id,
        number="125/QĐ-UBND",
        signed_on=date(2026, 3, 12),
        signing_body="Ủy ban nhân dân tỉnh Lâm Đồng",
        signatory_title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        signatory="Phạm Thị Thanh Hà",
        place="Lâm Đồng",
        early_reason="Không có khiếu nại.",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # any field of the command


def published(world: World) -> Award:
    award = voted(world, [[9000], [6000]])
    with world.session() as session:
        publish_provisional(session, award.contest.id, actor=award.actor, now=NOW)
    return award


def test_publishing_remembers_when(world: World) -> None:
    award = published(world)

    contest = world.get(Contest, award.contest.id)

    assert (contest.state, contest.published_at) == (ContestState.PROVISIONAL, NOW)
    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "contest:move"))
    assert event.details == '{"new":"provisional","old":"voted"}'


@pytest.mark.parametrize("state", [state for state in ContestState if state is not ContestState.VOTED])
def test_only_a_voted_list_is_published(world: World, state: ContestState) -> None:
    award = scored(world, [[9000]])
    move(award, state)

    with world.session() as session, pytest.raises(IllegalState):
        publish_provisional(session, award.contest.id, actor=award.actor, now=NOW)


def test_a_recorded_decision_makes_the_list_final(world: World) -> None:
    award = published(world)

    with world.session() as session:
        record_decision(session, command(award), actor=award.actor, now=NOW + timedelta(days=3))

    [decision] = world.all(select(Decision))
    assert (decision.number, decision.signed_on, decision.signatory_title, decision.signatory) == (
        "125/QĐ-UBND",
        date(2026, 3, 12),
        "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        "Phạm Thị Thanh Hà",
    )
    assert world.get(Contest, award.contest.id).state is ContestState.FINAL


@pytest.mark.parametrize("day", [date(2026, 3, 9), date(2026, 3, 14)])
def test_a_decision_is_signed_between_the_vote_and_today(world: World, day: date) -> None:
    award = published(world)

    with world.session() as session, pytest.raises(InvalidInput) as caught:
        record_decision(
            session, command(award, signed_on=day), actor=award.actor, now=NOW + timedelta(days=3)
        )

    assert [str(message) for message in caught.value.fields.values()] == [
        "Enter the day on which the decision was signed: from the vote on 10/03/2026 to today, 13/03/2026."
    ]
    assert world.all(select(Decision)) == []


@pytest.mark.parametrize(
    ("field", "text", "fault"),
    [
        ("number", "", "This is printed and cannot be empty."),
        ("number", "1" * 61, "This has 61 characters; at most 60 can be printed. Shorten it."),
        ("signatory", "Phạm 🪷", "These characters cannot be printed: 🪷. Replace them."),
        ("signatory_title", "", "This is printed and cannot be empty."),
        (
            "signatory_title",
            "A\nB\nC\nD\nE",
            "This does not fit the rest of the document: signatory_title: has more than four lines.",
        ),
        ("signing_body", "", "This is printed and cannot be empty."),
        ("place", "", "This is printed and cannot be empty."),
    ],
)
def test_what_a_certificate_could_not_print_is_refused_at_once(
    world: World, field: str, text: str, fault: str
) -> None:
    award = published(world)

    with world.session() as session, pytest.raises(InvalidInput) as caught:
        record_decision(
            session, command(award, **{field: text}), actor=award.actor, now=NOW + timedelta(days=3)
        )

    assert {name: str(message) for name, message in caught.value.fields.items()} == {field: fault}


@pytest.mark.parametrize("reason", ["", "x" * 2001])
def test_a_decision_before_the_term_for_complaints_ends_has_its_reason(world: World, reason: str) -> None:
    award = published(world)
    last_day, day_after = NOW + timedelta(days=21), NOW + timedelta(days=22)

    with world.session() as session, pytest.raises(InvalidInput) as caught:
        record_decision(session, command(award, early_reason=reason), actor=award.actor, now=last_day)
    with world.session() as session:
        check_decision(session, command(award, early_reason=""), actor=award.actor, now=day_after)

    assert list(caught.value.fields) == ["early_reason"]
    assert world.all(select(Decision)) == []


def test_the_reason_for_an_early_decision_is_on_record(world: World) -> None:
    award = published(world)

    with world.session() as session:
        record_decision(session, command(award), actor=award.actor, now=NOW + timedelta(days=3))

    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "decision:record"))
    assert json.loads(event.details)["new"]["early_reason"] == "Không có khiếu nại."


def test_a_decision_needs_a_published_list_and_comes_once(world: World) -> None:
    award = voted(world, [[9000]])
    now = NOW + timedelta(days=3)

    with world.session() as session, pytest.raises(IllegalState):
        record_decision(session, command(award), actor=award.actor, now=now)
    with world.session() as session:
        publish_provisional(session, award.contest.id, actor=award.actor, now=NOW)
    with world.session() as session:
        record_decision(session, command(award), actor=award.actor, now=now)
    with world.session() as session, pytest.raises(IllegalState):
        record_decision(session, command(award), actor=award.actor, now=now)


def test_nobody_publishes_or_decides_for_another_territory(world: World) -> None:
    award = voted(world, [[9000]])
    stranger = world.actor(world.organiser(world.territory("An Giang")))

    with world.session() as session:
        with pytest.raises(NotFound):
            publish_provisional(session, award.contest.id, actor=stranger, now=NOW)
        with pytest.raises(NotFound):
            record_decision(session, command(award), actor=stranger, now=NOW)
