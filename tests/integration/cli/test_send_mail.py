"""`binhchon send-mail`, and the settings of the mail server."""

from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.config import BadSetting, Settings
from app.domain.mails import MailServer, MailState, Security
from app.jobs import keep_sending
from tests.builders import World
from tests.mails import Behind
from tests.smtp import mail_server

SENDER = "Sở Công Thương <binhchon@example.vn>"


def settings_with(folder: Path, **environ: str) -> Settings:
    return Settings.from_env({"BINHCHON_DATA_DIR": str(folder)} | environ)


def mail_settings(folder: Path, **environ: str) -> MailServer | None:
    given = {"BINHCHON_MAIL_SERVER": "mail.example.vn", "BINHCHON_MAIL_SENDER": SENDER} | environ
    return settings_with(folder, **given).mail


def run(database_url: str, folder: Path, **environ: str) -> Result:
    env = {"BINHCHON_DATA_DIR": str(folder), "BINHCHON_DATABASE_URL": database_url} | environ
    return CliRunner().invoke(main, ["send-mail"], env=env)


def test_the_command_hands_over_what_was_sent_and_says_what_was_not(
    world: World, database_url: str, tmp_path: Path
) -> None:
    behind = Behind(world)
    behind.sent(behind.letter(0), behind.letter(1))

    with mail_server() as server:
        environ = {
            "BINHCHON_MAIL_SERVER": "127.0.0.1",
            "BINHCHON_MAIL_PORT": str(server.settings.port),
            "BINHCHON_MAIL_SECURITY": "none",
            "BINHCHON_MAIL_SENDER": SENDER,
        }
        result = run(database_url, tmp_path, **environ)
        again = run(database_url, tmp_path, **environ)

    assert (result.exit_code, result.stdout) == (0, "Đã gửi 2 thư, chưa gửi được 0 thư.\n")
    assert again.stdout == "Đã gửi 0 thư, chưa gửi được 0 thư.\n"
    assert len(server.taken) == 2
    assert behind.states() == [MailState.SENT, MailState.SENT]


def test_without_a_server_the_command_says_so(world: World, database_url: str, tmp_path: Path) -> None:
    result = run(database_url, tmp_path)

    said = "Chưa đặt BINHCHON_MAIL_SERVER; không gửi được thư nào.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


def test_the_thread_beside_the_server_sends_and_stops(world: World) -> None:
    behind, stop = Behind(world), Event()
    behind.sent()

    with mail_server() as server:
        thread = Thread(target=keep_sending, args=(world.engine, server.settings, stop))
        thread.start()
        for _wait in range(200):
            if behind.states() == [MailState.SENT]:
                break
            stop.wait(0.05)
        stop.set()
        thread.join(timeout=10)

    assert not thread.is_alive()
    assert behind.states() == [MailState.SENT]


def test_settings_have_the_usual_ports_and_a_password_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("mật khẩu\n", encoding="utf-8")

    assert mail_settings(tmp_path) == MailServer("mail.example.vn", 587, SENDER)
    tls = mail_settings(
        tmp_path,
        BINHCHON_MAIL_SECURITY="tls",
        BINHCHON_MAIL_USER="u",
        BINHCHON_MAIL_PASSWORD_FILE=str(secret),
        BINHCHON_MAIL_PER_MINUTE="5",
    )
    assert tls == MailServer("mail.example.vn", 465, SENDER, Security.TLS, "u", "mật khẩu", 5)


def test_without_a_server_and_in_the_example_nothing_is_sent(tmp_path: Path) -> None:
    assert settings_with(tmp_path).mail is None
    assert mail_settings(tmp_path, BINHCHON_EXAMPLE="1") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BINHCHON_MAIL_SECURITY", "ssl"),
        ("BINHCHON_MAIL_PORT", "0"),
        ("BINHCHON_MAIL_PORT", "65536"),
        ("BINHCHON_MAIL_PORT", "smtp"),
        ("BINHCHON_MAIL_SENDER", "nobody"),
        ("BINHCHON_MAIL_SENDER", "a@b.vn\r\nBcc: c@d.vn"),
        ("BINHCHON_MAIL_PER_MINUTE", "-1"),
        ("BINHCHON_MAIL_PASSWORD_FILE", "/none/such"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        mail_settings(tmp_path, **{name: value})


def test_a_password_is_not_sent_unprotected_to_another_machine(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="BINHCHON_MAIL_SECURITY=none"):
        mail_settings(tmp_path, BINHCHON_MAIL_SECURITY="none", BINHCHON_MAIL_USER="u")
