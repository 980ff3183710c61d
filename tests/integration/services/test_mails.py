"""The outbox: what is queued, by whom, and what a person's word does to it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.mails import MAX_BODY, MailKind, MailState
from app.domain.permissions import Role
from app.models import Contest, LedgerEvent, Mail, User
from app.services.mails import Letter, QueueMails, cancel_mail, queue_mails, release_mail, tick_off_mail
from tests.builders import NOW, World
from tests.mails import Behind


@pytest.fixture
def behind(world: World) -> Behind:
    return Behind(world)


def refused(behind: Behind, *letters: Letter, **how: object) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        behind.queue(*letters, **how)  # type: ignore[arg-type]  # any of its options
    assert behind.states() == []
    return {name: str(message) for name, message in caught.value.fields.items()}


def test_a_reminder_waits_until_somebody_sends_it(behind: Behind) -> None:
    [mail] = behind.queue(behind.letter(body="Xin nộp phiếu."))

    [kept] = behind.world.all(select(Mail))
    assert (kept.state, kept.address, kept.name, kept.body) == (
        MailState.QUEUED,
        "an@example.vn",
        "Lê An",
        "Xin nộp phiếu.",
    )
    assert (kept.released_at, kept.attempts, kept.done_at) == (None, 0, None)
    assert behind.acts() == [("mail:queue", behind.organiser.id)]
    [event] = behind.world.all(
        select(LedgerEvent).where(LedgerEvent.subject_id == mail.id, LedgerEvent.subject_kind == "mails")
    )
    assert "Xin nộp" not in event.details  # that somebody was written to, not what


def test_the_head_of_jury_may_remind_too(behind: Behind) -> None:
    head = behind.world.user_of(behind.head.user_id)

    behind.queue(behind.letter(0), behind.letter(1), actor=behind.actor(head))

    assert behind.states() == [MailState.QUEUED, MailState.QUEUED]


def other_people(behind: Behind) -> dict[str, User]:
    world = behind.world
    elsewhere = world.contest(territory=world.territory("Quảng Ninh"))
    foreign_head = world.user()
    world.judge(elsewhere, foreign_head, is_head=True)
    return {
        "a judge": world.user_of(behind.judges[0].user_id),
        "the head of another jury": foreign_head,
        "an organiser elsewhere": world.organiser(world.territory("Quảng Ninh")),
        "an observer": world.member(Role.OBSERVER, contest_id=behind.contest.id),
        "an administrator": world.member(Role.ADMINISTRATOR),
    }


def test_nobody_else_knows_of_the_outbox(behind: Behind) -> None:
    [mail] = behind.queue()

    for who, user in other_people(behind).items():
        actor = behind.actor(user)
        with pytest.raises(NotFound):
            behind.queue(behind.letter(1), actor=actor)
        for act in (release_mail, cancel_mail, tick_off_mail):
            with pytest.raises(NotFound), behind.world.session() as session:
                act(session, mail.id, actor=actor, now=NOW)
        assert behind.states() == [MailState.QUEUED], who


def test_a_message_that_is_not_there_is_not_found(behind: Behind) -> None:
    with pytest.raises(NotFound), behind.world.session() as session:
        release_mail(session, 4711, actor=behind.actor(), now=NOW)


def test_only_judges_with_sheets_left_are_reminded(behind: Behind) -> None:
    outsider = behind.world.user()
    said = "This person has nothing left to be reminded of, or is not on the jury any more."

    for user_id in (behind.head.user_id, outsider.id, 0, -1):
        assert refused(behind, Letter(user_id, "Nhắc", "Thư")) == {f"body_{user_id}": said}


def test_a_disabled_account_is_not_written_to(behind: Behind) -> None:
    with behind.world.session() as session:
        session.get_one(User, behind.judges[0].user_id).active = False

    assert refused(behind, behind.letter(0)).keys() == {f"body_{behind.judges[0].user_id}"}


@pytest.mark.parametrize(
    ("subject", "body", "field"),
    [
        ("Nhắc\r\nBcc: all@example.vn", "Thư", "subject"),
        ("", "Thư", "subject"),
        ("Nhắc", "x" * (MAX_BODY + 1), "body"),
        ("Nhắc", "Thư\0", "body"),
    ],
)
def test_one_bad_message_keeps_all_back_and_is_named(
    behind: Behind, subject: str, body: str, field: str
) -> None:
    bad = Letter(behind.judges[1].user_id, subject, body)

    assert refused(behind, behind.letter(0), bad).keys() == {f"{field}_{behind.judges[1].user_id}"}


def test_nobody_is_chosen(behind: Behind) -> None:
    command = QueueMails(behind.contest.id, MailKind.REMINDER, ())
    with pytest.raises(InvalidInput) as caught, behind.world.session() as session:
        queue_mails(session, command, actor=behind.actor(), now=NOW)

    assert caught.value.fields.keys() == {"to"}


def test_a_judge_is_not_written_to_twice_in_a_day_unless_somebody_confirms(behind: Behind) -> None:
    behind.queue(behind.letter(0))
    later = NOW + timedelta(hours=23)

    with pytest.raises(InvalidInput) as caught:
        behind.queue(behind.letter(0), behind.letter(1), now=later)
    assert {name: message.values for name, message in caught.value.fields.items()} == {
        "confirmed": {"names": "Lê An"}
    }
    behind.queue(behind.letter(0), now=later, confirmed=True)
    behind.queue(behind.letter(0), now=later + timedelta(days=1))

    assert len(behind.states()) == 3


def test_a_cancelled_message_does_not_count_as_written(behind: Behind) -> None:
    [mail] = behind.queue()
    with behind.world.session() as session:
        cancel_mail(session, mail.id, actor=behind.actor(), now=NOW)

    behind.queue()

    assert behind.states() == [MailState.CANCELLED, MailState.QUEUED]


def test_sending_takes_a_persons_word_and_happens_once(behind: Behind) -> None:
    [mail] = behind.sent()

    assert (mail.state, mail.released_by_id, mail.released_at, mail.next_try_at) == (
        MailState.SENDING,
        behind.organiser.id,
        NOW,
        NOW,
    )
    for act in (release_mail, tick_off_mail):
        with pytest.raises(IllegalState), behind.world.session() as session:
            act(session, mail.id, actor=behind.actor(), now=NOW)
    assert behind.acts() == [("mail:queue", behind.organiser.id), ("mail:release", behind.organiser.id)]


def test_a_reminder_that_came_too_late_is_not_sent(behind: Behind) -> None:
    [mail] = behind.queue(behind.letter(0))
    behind.finish(0)

    with (
        pytest.raises(IllegalState, match="Lê An has submitted every sheet meanwhile"),
        behind.world.session() as session,
    ):
        release_mail(session, mail.id, actor=behind.actor(), now=NOW)


def test_nobody_is_reminded_once_scoring_is_closed(behind: Behind) -> None:
    [mail] = behind.queue()
    with behind.world.session() as session:
        session.get_one(Contest, behind.contest.id).state = ContestState.SCORED

    with pytest.raises(IllegalState, match="Scoring is closed"):
        behind.queue(behind.letter(1))
    with pytest.raises(IllegalState, match="Scoring is closed"), behind.world.session() as session:
        release_mail(session, mail.id, actor=behind.actor(), now=NOW)


def test_who_sends_by_hand_ticks_it_off(behind: Behind) -> None:
    [mail] = behind.queue()

    with behind.world.session() as session:
        tick_off_mail(session, mail.id, actor=behind.actor(), now=NOW)

    assert behind.states() == [MailState.BY_HAND]
    assert behind.acts()[-1] == ("mail:by-hand", behind.organiser.id)


def test_the_head_of_jury_writes_to_the_organisers_and_nobody_else_does(behind: Behind) -> None:
    head = behind.actor(behind.world.user_of(behind.head.user_id))
    ready = QueueMails(
        behind.contest.id, MailKind.READY, [Letter(behind.organiser.id, "Đã xong", "Xin mời.")]
    )

    with pytest.raises(NotFound), behind.world.session() as session:
        queue_mails(session, ready, actor=behind.actor(), now=NOW)
    with behind.world.session() as session:
        [mail] = queue_mails(session, ready, actor=head, now=NOW)

    assert (mail.kind, mail.address) == (MailKind.READY, behind.organiser.email)
