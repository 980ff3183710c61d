"""Ordinary mistakes in settings: each is one line in Vietnamese and exit code 2, on every command."""

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.config import Settings


def upgraded(folder: Path, **environ: str) -> Result:
    """Run `binhchon upgrade` on a folder with these settings."""
    return CliRunner().invoke(main, ["upgrade"], env={"BINHCHON_DATA_DIR": str(folder)} | environ)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "BINHCHON_PUBLIC_URL",
            value,
            f"BINHCHON_PUBLIC_URL phải là địa chỉ đầy đủ, như https://binhchon.example.vn, không phải “{value}”.",
        )
        for value in ("so.gov.vn", "https://", "ftp://so.gov.vn", "http://so.gov.vn:cong", "http://[::1")
    ]
    + [
        (
            "BINHCHON_BEHIND_PROXIES",
            value,
            f"BINHCHON_BEHIND_PROXIES phải là số máy chủ proxy đứng trước (từ 0 đến 9), không phải “{value}”.",
        )
        for value in ("abc", "-1", "1.5", "١", "")
    ]
    + [
        (
            "BINHCHON_DATABASE_URL",
            value,
            (
                "BINHCHON_DATABASE_URL không dùng được; hãy ghi như postgresql+psycopg://user@host/binhchon"
                " hoặc sqlite:////thư-mục/tên-tệp."
            ),
        )
        for value in (
            "nonsense",
            "nonsense://host/name",
            "mysql+mysqldb://host/name",
            "postgresql+psycopg://h:x/n",
        )
    ],
)
def test_a_setting_that_makes_no_sense_is_named_in_one_line(
    tmp_path: Path, name: str, value: str, message: str
) -> None:
    result = upgraded(tmp_path, **{name: value})

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{message}\n")


def test_a_data_folder_that_cannot_be_made_is_named_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    under_a_file, a_file = upgraded(file / "data"), upgraded(file)

    assert (under_a_file.exit_code, under_a_file.stderr) == (
        2,
        (
            f"Không dùng được thư mục {file}/data: một phần của đường dẫn không phải là thư mục."
            " Hãy kiểm tra BINHCHON_DATA_DIR.\n"
        ),
    )
    assert (a_file.exit_code, a_file.stderr) == (
        2,
        f"Không dùng được thư mục {file}: đã có một tệp cùng tên. Hãy kiểm tra BINHCHON_DATA_DIR.\n",
    )


@pytest.mark.parametrize(
    "address",
    ["postgresql+psycopg://somebody:secret@127.0.0.1:1/binhchon", "sqlite:////none/binhchon.sqlite"],
)
def test_a_database_that_cannot_be_reached_is_named_without_its_password(
    tmp_path: Path, address: str
) -> None:
    result = upgraded(tmp_path, BINHCHON_DATABASE_URL=address)

    [line] = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (2, "")
    assert line.startswith(f"Không mở được cơ sở dữ liệu {address.replace('secret', '***')}: ")
    assert line.endswith(" Hãy kiểm tra máy chủ và BINHCHON_DATABASE_URL.")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "binhchon.sqlite").write_text("thư ngỏ " * 100)

    result = upgraded(tmp_path)

    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_a_new_data_folder_is_its_owner_s_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "var" / "data"

    Settings.from_env({"BINHCHON_DATA_DIR": str(folder)})

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert caplog.messages == []


def test_a_data_folder_that_others_can_read_is_closed_with_a_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tmp_path.chmod(0o755)

    Settings.from_env({"BINHCHON_DATA_DIR": str(tmp_path)})
    Settings.from_env({"BINHCHON_DATA_DIR": str(tmp_path)})

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert caplog.messages == [
        f"Thư mục dữ liệu {tmp_path} trước đây người khác đọc được; nay chỉ chủ của nó mở được."
    ]


def test_a_folder_that_everybody_may_write_to_stays_open_and_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tmp_path.chmod(0o1777)

    Settings.from_env({"BINHCHON_DATA_DIR": str(tmp_path)})

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777
    assert caplog.messages == [
        f"Lưu ý: người dùng khác trên máy này có thể đọc được thư mục dữ liệu {tmp_path}."
    ]
