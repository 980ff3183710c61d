"""Handing messages over, to a real server on this machine: taken, refused, down, killed in between, two at once."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from sqlalchemy import select, update

from app.domain.errors import IllegalState
from app.domain.mails import LEASE, MOST_TRIES, PAUSES, MailServer, MailState, Security
from app.jobs import send_due
from app.models import LedgerEvent, Mail
from app.models.engine import write_session
from app.services.mail_sending import ClaimedMail, Delivery, claim_mail, settle_mail
from app.services.mails import cancel_mail, release_mail
from app.services.postman import deliver
from tests.builders import NOW, World
from tests.mails import Behind
from tests.smtp import mail_server


@pytest.fixture
def behind(world: World) -> Behind:
    return Behind(world)


def the_mail(behind: Behind) -> Mail:
    found: Mail
    [found] = behind.world.all(select(Mail))
    return found


def claim(behind: Behind, now: datetime = NOW, per_minute: int = 30) -> ClaimedMail | None:
    with write_session(behind.world.engine) as session:
        return claim_mail(session, now=now, per_minute=per_minute)


def settle(behind: Behind, claimed: ClaimedMail, delivery: Delivery, now: datetime = NOW) -> bool:
    with write_session(behind.world.engine) as session:
        return settle_mail(session, claimed, delivery, now=now)


def errors(behind: Behind, server: MailServer) -> list[str]:
    return [delivery.error for delivery in send_due(behind.world.engine, server)]


def test_a_message_that_somebody_sent_arrives_whole(behind: Behind) -> None:
    body = "Kính gửi ông/bà Lê An,\n\n.một dòng bắt đầu bằng dấu chấm\nTrân trọng"
    [mail] = behind.sent(behind.letter(subject="Nhắc nộp phiếu chấm điểm: còn 1/2 phiếu", body=body))

    with mail_server() as server:
        assert errors(behind, server.settings) == [""]

    [(to, _raw)], [message] = server.taken, server.messages
    assert to == ["<an@example.vn>"]
    assert message.get_content().replace("\r\n", "\n") == f"{body}\n"
    assert {name: str(message[name]) for name in ("From", "To", "Reply-To", "Subject", "Message-ID")} == {
        "From": "Sở Công Thương <binhchon@example.vn>",
        "To": "Lê An <an@example.vn>",
        "Reply-To": behind.organiser.email,
        "Subject": "Nhắc nộp phiếu chấm điểm: còn 1/2 phiếu",
        "Message-ID": f"<{mail.message_id}@example.vn>",
    }
    kept = the_mail(behind)
    assert (kept.state, kept.attempts, kept.error, kept.lease) == (MailState.SENT, 1, "", None)
    assert behind.acts()[-1] == ("mail:sent", None)


def test_nothing_leaves_that_nobody_sent(behind: Behind) -> None:
    behind.queue(behind.letter(0), behind.letter(1))

    with mail_server() as server:
        assert errors(behind, server.settings) == []

    assert server.taken == []
    assert behind.states() == [MailState.QUEUED, MailState.QUEUED]


def test_a_message_goes_once(behind: Behind) -> None:
    behind.sent(behind.letter(0), behind.letter(1))

    with mail_server() as server:
        send_due(behind.world.engine, server.settings)
        send_due(behind.world.engine, server.settings)

    assert [str(message["To"]) for message in server.messages] == [
        "Lê An <an@example.vn>",
        "Trần Bình <binh@example.vn>",
    ]


def test_two_senders_at_once_send_each_message_once(behind: Behind) -> None:
    behind.sent(behind.letter(0), behind.letter(1))

    with mail_server() as server:
        senders = [
            Thread(target=send_due, args=(behind.world.engine, server.settings)) for _number in range(2)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()

    assert sorted(str(message["To"]) for message in server.messages) == [
        "Lê An <an@example.vn>",
        "Trần Bình <binh@example.vn>",
    ]
    assert behind.states() == [MailState.SENT, MailState.SENT]


def test_one_that_is_taken_is_not_taken_again_before_its_lease_runs_out(behind: Behind) -> None:
    behind.sent()

    first = claim(behind)

    assert first is not None
    assert claim(behind, NOW + LEASE) is None
    again = claim(behind, NOW + LEASE + timedelta(seconds=1))
    assert again is not None
    assert (again.id, again.message_id) == (first.id, first.message_id)


def test_a_sender_that_was_killed_loses_nothing_and_one_that_comes_late_changes_nothing(
    behind: Behind,
) -> None:
    behind.sent()
    late = NOW + LEASE + timedelta(seconds=1)
    killed = claim(behind)
    other = claim(behind, late)
    assert killed is not None
    assert other is not None

    assert settle(behind, other, Delivery(), late)
    assert not settle(behind, killed, Delivery("too late", is_final=True), late)

    kept = the_mail(behind)
    assert (kept.state, kept.error) == (MailState.SENT, "")
    assert [act for act, _who in behind.acts()].count("mail:sent") == 1


def test_without_a_server_it_is_tried_again_ever_later_and_given_up_in_the_end(behind: Behind) -> None:
    behind.sent()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = MailServer("127.0.0.1", unused.getsockname()[1], "a@example.vn", Security.NONE)
    now, waits = NOW, []

    for _try in range(len(PAUSES) + 1):
        with time_machine.travel(now, tick=False):
            [error] = errors(behind, nobody)
            assert errors(behind, nobody) == []  # not before its time
        assert "ConnectionRefusedError" in error
        kept = the_mail(behind)
        if kept.state is MailState.SENDING and kept.next_try_at is not None:
            waits.append(kept.next_try_at - now)
            now = kept.next_try_at

    assert tuple(waits) == PAUSES
    assert (the_mail(behind).state, the_mail(behind).attempts) == (MailState.FAILED, len(PAUSES) + 1)
    assert behind.acts()[-1] == ("mail:fail", None)


@pytest.mark.parametrize(
    ("replies", "error", "state"),
    [
        ({"RCPT": "550 no such user"}, "550 no such user", MailState.FAILED),
        ({"RCPT": "451 try later"}, "451 try later", MailState.SENDING),
        ({"BODY": "554 looks like spam"}, "554 looks like spam", MailState.FAILED),
        ({"BODY": "452 disk is full"}, "452 disk is full", MailState.SENDING),
        ({"MAIL": "550 not you"}, "550 not you", MailState.SENDING),  # a matter of settings
        ({"DATA": "500 Không hiểu"}, "500 Không hiểu", MailState.FAILED),
        ({"EHLO": "500 who", "HELO": "500 who"}, "500 who", MailState.SENDING),
    ],
)
def test_a_refusal_is_kept_with_its_words(
    behind: Behind, replies: dict[str, str], error: str, state: MailState
) -> None:
    behind.sent()

    with mail_server() as server:
        server.replies.update(replies)
        assert errors(behind, server.settings) == [error]

    kept = the_mail(behind)
    assert (kept.state, kept.error, kept.lease) == (state, error, None)
    assert server.taken == []


def test_a_server_without_the_protection_asked_for_gets_nothing(behind: Behind) -> None:
    behind.sent()

    with mail_server() as server:
        [error] = errors(behind, replace(server.settings, security=Security.STARTTLS))

    assert "STARTTLS" in error
    assert (server.taken, the_mail(behind).state) == ([], MailState.SENDING)


def test_one_that_failed_can_be_sent_again(behind: Behind) -> None:
    [mail] = behind.sent()
    with mail_server() as server:
        server.replies["RCPT"] = "550 no such user"
        send_due(behind.world.engine, server.settings)
        server.replies.clear()

        with behind.world.session() as session:
            release_mail(session, mail.id, actor=behind.actor(), now=datetime.now(UTC))
        assert errors(behind, server.settings) == [""]

    assert (the_mail(behind).state, the_mail(behind).error) == (MailState.SENT, "")


def test_no_header_can_be_smuggled_in_past_the_check(behind: Behind) -> None:
    """Even a row that somebody put into the database by hand does no harm."""
    behind.sent()
    with behind.world.session() as session:
        session.execute(
            update(Mail).values(subject="Nhắc\r\nBcc: all@example.vn", name="A\r\nBcc: b@example.vn")
        )
    claimed = claim(behind)
    assert claimed is not None

    with mail_server() as server:
        told = deliver(claimed, server.settings, now=NOW)

    assert told.is_final
    assert server.taken == []


def test_no_more_leave_in_a_minute_than_the_setting_says(behind: Behind) -> None:
    behind.sent(behind.letter(0), behind.letter(1))

    with time_machine.travel(NOW, tick=False), mail_server(per_minute=1) as server:
        assert errors(behind, server.settings) == [""]
        assert errors(behind, server.settings) == []
    with time_machine.travel(NOW + timedelta(seconds=61), tick=False), mail_server(per_minute=1) as later:
        assert errors(behind, later.settings) == [""]

    assert (len(server.taken), len(later.taken)) == (1, 1)


def test_the_ledger_keeps_what_the_server_said_and_no_text(behind: Behind) -> None:
    behind.sent(behind.letter(body="Một câu riêng."))

    with mail_server() as server:
        server.replies["RCPT"] = "550 no such user"
        send_due(behind.world.engine, server.settings)

    of_mails = select(LedgerEvent).where(LedgerEvent.subject_kind == "mails").order_by(LedgerEvent.id)
    events = behind.world.all(of_mails)
    assert [event.action for event in events] == ["mail:queue", "mail:release", "mail:fail"]
    assert "550 no such user" in events[-1].details
    assert not any("Một câu riêng" in event.details for event in events)


def test_one_that_waits_for_its_next_try_can_be_cancelled_and_one_that_a_sender_holds_cannot(
    behind: Behind,
) -> None:
    [mail] = behind.sent()
    claimed = claim(behind)
    assert claimed is not None
    with pytest.raises(IllegalState), behind.world.session() as session:
        cancel_mail(session, mail.id, actor=behind.actor(), now=NOW)
    settle(behind, claimed, Delivery("451 try later"))

    with behind.world.session() as session:
        cancel_mail(session, mail.id, actor=behind.actor(), now=NOW)

    assert claim(behind, NOW + timedelta(days=1)) is None
    assert behind.states() == [MailState.CANCELLED]


def test_a_message_whose_senders_all_die_is_given_up(behind: Behind) -> None:
    behind.sent()
    now = NOW

    while claim(behind, now) is not None:
        now += LEASE + timedelta(seconds=1)

    kept = the_mail(behind)
    assert (kept.state, kept.attempts, kept.lease) == (MailState.FAILED, MOST_TRIES, None)


def test_a_server_that_takes_the_message_and_breaks_off_has_taken_it(behind: Behind) -> None:
    [mail] = behind.sent()

    with mail_server() as server:
        server.replies["QUIT"] = "421 busy"
        assert errors(behind, server.settings) == [""]

    assert (len(server.taken), the_mail(behind).state) == (1, MailState.SENT), mail.id


def test_settings_do_not_show_the_password() -> None:
    assert "geheim" not in repr(MailServer("x", 25, "a@example.vn", user="u", password="geheim"))
