from click.testing import CliRunner, Result
from sqlalchemy import text

from app.cli import main
from app.config import Settings
from app.domain.contests import ContestState
from tests.awards import scored
from tests.builders import World


def recompute(settings: Settings, *arguments: str) -> Result:
    """Run `binhchon recompute` on the test's installation."""
    environ = {"BINHCHON_DATA_DIR": str(settings.data_dir), "BINHCHON_DATABASE_URL": settings.database_url}
    return CliRunner().invoke(main, ["recompute", *arguments], env=environ)


def test_a_result_that_stands_is_told_in_one_line(world: World, settings: Settings) -> None:
    award = scored(world, [[8000, 7000], [6999, 7000]])

    found = recompute(settings, award.contest.slug)

    assert found.exit_code == 0
    assert found.output.startswith(f"{award.contest.slug}: vòng 1, lần tính 1: giống hệt từng byte (SHA-256 ")
    assert found.output.count("\n") == 1


def test_a_changed_mark_is_told_place_by_place_with_exit_code_1(world: World, settings: Settings) -> None:
    award = scored(world, [[6950, 7000]])
    with world.session() as session:
        session.execute(text("UPDATE marks SET value = 3000 WHERE value = 2950"))

    found = recompute(settings, "--all")

    head, digest, *lines = found.output.splitlines()
    assert (found.exit_code, head) == (1, f"{award.contest.slug}: vòng 1, lần tính 1: KHÁC ở 4 chỗ")
    assert digest.startswith("  SHA-256 của điểm: đã lưu ")
    assert lines == [
        "  B-001: tử số: đã lưu 6975, tính lại 7000",
        "  B-001: kết quả: đã lưu below, tính lại selected",
        "  B-001: độ lệch: đã lưu 50, tính lại 0",
    ]


def test_a_sheet_that_lacks_a_mark_is_told_with_exit_code_1(world: World, settings: Settings) -> None:
    award = scored(world, [[8000]])
    with world.session() as session:
        session.execute(text("DELETE FROM marks WHERE id = (SELECT min(id) FROM marks)"))

    found = recompute(settings, award.contest.slug)

    assert (found.exit_code, found.output) == (
        1,
        f"{award.contest.slug}: vòng 1, lần tính 1: KHÔNG TÍNH LẠI ĐƯỢC: có phiếu hợp lệ thiếu điểm\n",
    )


def test_all_passes_over_contests_that_have_no_result_yet(world: World, settings: Settings) -> None:
    award = scored(world, [[8000]])
    world.contest(ContestState.REGISTRATION)
    open_still = world.contest(ContestState.SCORING)

    found = recompute(settings, "--all")

    lines = found.output.splitlines()
    assert (found.exit_code, len(lines)) == (0, 2)
    assert lines[0].startswith(f"{award.contest.slug}: vòng 1")
    assert lines[1] == f"{open_still.slug}: chưa có kết quả nào để tính lại"


def test_an_unknown_contest_is_refused(settings: Settings, world: World) -> None:
    found = recompute(settings, "ha-noi-2099")

    assert (found.exit_code, found.output) == (2, "Không có đợt bình chọn nào tên ha-noi-2099.\n")


def test_neither_a_contest_nor_all_or_both_is_refused(settings: Settings, world: World) -> None:
    asked = "Hãy ghi tên một đợt bình chọn (như lam-dong-2026) hoặc --all.\n"

    assert [
        (found.exit_code, found.output) for found in (recompute(settings), recompute(settings, "x", "--all"))
    ] == [
        (2, asked),
        (2, asked),
    ]
