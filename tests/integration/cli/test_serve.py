"""`binhchon serve` and `binhchon demo` before they begin: the port, and the address that goes with it."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.serve import check_port, own_address
from app.config import Settings
from app.web.factory import create_app


@pytest.fixture(params=[False, True], ids=["alone", "ready to share"])
def taken_port(request: pytest.FixtureRequest) -> Iterator[int]:
    """A port of this machine that another program listens on."""
    with socket.socket() as listener:
        if request.param:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("command", [["serve"], ["serve", "--address", "0.0.0.0"], ["demo", "--dir", "demo"]])  # noqa: S104 -- refused
def test_a_port_that_is_taken_is_refused_before_anything_starts(
    taken_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(
        main, [*command, "--port", str(taken_port)], env={"BINHCHON_DATA_DIR": str(tmp_path / "data")}
    )

    message = f"Cổng {taken_port} đang được dùng; hãy chọn cổng khác bằng --port.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", message)
    assert list(tmp_path.iterdir()) == []


def test_a_port_is_free_again_once_its_server_has_ended() -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as every server does
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            listener.accept()[0].close()  # which leaves the port waiting for late packets

    check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["serve", "--address", "192.0.2.1"], env={"BINHCHON_DATA_DIR": str(tmp_path)}
    )

    message = "Không mở được cổng 8000 ở địa chỉ 192.0.2.1: máy này không có địa chỉ đó.\n"
    assert (result.exit_code, result.stderr) == (2, message)


@pytest.mark.parametrize(
    ("address", "public_url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123"),
        ("0.0.0.0", "http://127.0.0.1:8123"),  # noqa: S104 -- an address to be shown
        ("::", "http://127.0.0.1:8123"),
        ("::1", "http://[::1]:8123"),
        ("192.168.1.20", "http://192.168.1.20:8123"),
        ("may-chu.example", "http://may-chu.example:8123"),
    ],
)
def test_without_a_setting_the_public_address_is_where_the_server_listens(
    tmp_path: Path, address: str, public_url: str
) -> None:
    default = own_address(address, 8123)
    unset = Settings.from_env({"BINHCHON_DATA_DIR": str(tmp_path)}, public_url=default)
    named = {"BINHCHON_DATA_DIR": str(tmp_path), "BINHCHON_PUBLIC_URL": "https://so.example.vn/"}

    assert unset.public_url == public_url
    assert Settings.from_env(named, public_url=default).public_url == "https://so.example.vn"


@pytest.mark.parametrize(
    ("public_url", "example", "cookie"),
    [
        ("http://127.0.0.1:8000", False, "session"),
        ("http://127.0.0.1:8000", True, "session-example"),
        ("https://so.example.vn", False, "__Host-session"),
        ("https://so.example.vn", True, "__Host-session-example"),
    ],
)
def test_the_example_and_own_data_keep_each_other_s_sign_in(
    settings: Settings, public_url: str, example: bool, cookie: str
) -> None:
    app = create_app(replace(settings, public_url=public_url, example=example))

    answer = app.test_client().get("/sign-in", base_url=public_url)

    assert [header.partition("=")[0] for header in answer.headers.getlist("Set-Cookie")] == [cookie]
