"""`binhchon create-administrator`: in Vietnamese, all faults at once."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.cli import main
from app.models import User

GOOD = "hoa sen nở trên hồ"


@pytest.fixture
def environ(database_url: str, tmp_path: Path) -> dict[str, str]:
    """Settings of this test's database."""
    return {"BINHCHON_DATA_DIR": str(tmp_path), "BINHCHON_DATABASE_URL": database_url}


def create(environ: dict[str, str], *arguments: str, typed: str = "") -> Result:
    """Run the command, answering its questions."""
    return CliRunner(env=environ).invoke(main, ["create-administrator", *arguments], input=typed)


def test_an_administrator_is_made_by_answering_in_vietnamese(environ: dict[str, str], engine: Engine) -> None:
    result = create(environ, "Minh@Example.vn", typed=f"Lê Minh\n{GOOD}\n{GOOD}\n")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "Họ và tên: Lê Minh",
        "Mật khẩu: ",
        "Nhập lại mật khẩu: ",
        "Đã tạo tài khoản quản trị. Hãy đăng nhập bằng địa chỉ minh@example.vn.",
    ]
    with Session(engine) as session:
        assert [(user.email, user.name) for user in session.scalars(select(User))] == [
            ("minh@example.vn", "Lê Minh")
        ]


def test_all_faults_are_told_at_once_the_address_first(environ: dict[str, str], engine: Engine) -> None:
    result = create(environ, "không", "--name", " ", "--password", "ngắn")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "Địa chỉ thư điện tử: Hãy nhập địa chỉ thư điện tử, ví dụ ten@example.vn.",
        "Họ và tên: Hãy nhập đầy đủ họ tên như sẽ in trên văn bản.",
        "Mật khẩu: Hãy dùng ít nhất 12 ký tự; nên dùng một câu ngắn.",
    ]
    with Session(engine) as session:
        assert session.scalars(select(User)).all() == []


def test_an_address_that_is_taken_is_refused_in_vietnamese(environ: dict[str, str], engine: Engine) -> None:
    create(environ, "minh@example.vn", "--name", "Lê Minh", "--password", GOOD)

    again = create(environ, "MINH@example.vn", "--name", "Trần Minh", "--password", GOOD)

    assert (again.exit_code, again.stdout) == (2, "")
    assert again.stderr == "Địa chỉ thư điện tử: Địa chỉ này đã thuộc về một tài khoản khác.\n"
    with Session(engine) as session:
        assert [user.name for user in session.scalars(select(User))] == ["Lê Minh"]
