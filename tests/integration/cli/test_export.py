"""`binhchon export` writes a bundle and `binhchon verify` recounts it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.config import Settings
from app.models.base import canonical_json
from tests.builders import World
from tests.bundles import closed, edited, judged, unpacked, zipped


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    """What tells the command where the test's data are."""
    return {
        "BINHCHON_DATA_DIR": str(settings.data_dir),
        "BINHCHON_DATABASE_URL": settings.database_url,
        "BINHCHON_SECRET_KEY": settings.secret_key,
        "BINHCHON_PUBLIC_URL": settings.public_url,
    }


def run(environ: dict[str, str], *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environ)


def test_what_is_exported_verifies(world: World, environ: dict[str, str], tmp_path: Path) -> None:
    award = closed(world, [[7000, 7200]])
    path = tmp_path / "goi.zip"

    exported = run(environ, "export", award.contest.slug, "--to", path)
    verified = run(environ, "verify", path)

    assert (exported.exit_code, exported.stdout) == (
        0,
        f"Đã ghi {path}. Kiểm chứng: binhchon verify {path}\n",
    )
    assert (verified.exit_code, "ĐÚNG: tất cả đều khớp." in verified.stdout) == (0, True)


def test_a_forged_bundle_and_a_foreign_head_are_wrong(
    world: World, environ: dict[str, str], tmp_path: Path
) -> None:
    award = closed(world, [[7000, 7200]])
    path = tmp_path / "goi.zip"
    run(environ, "export", award.contest.slug, "--to", path)

    foreign = run(environ, "verify", path, "--head", "ab" * 32)
    path.write_bytes(
        zipped(edited(unpacked(path.read_bytes()), "sheets.json", lambda rows: rows[0].update(state="draft")))
    )
    forged = run(environ, "verify", path)

    assert (foreign.exit_code, f"Mã gốc {'ab' * 32} không có trong gói" in foreign.stdout) == (1, True)
    assert (forged.exit_code, "SAI: Phiếu 1, nộp" in forged.stdout) == (1, True)


def test_a_folder_that_was_unpacked_verifies(world: World, environ: dict[str, str], tmp_path: Path) -> None:
    award, folder = closed(world, [[7000]]), tmp_path / "unpacked"
    run(environ, "export", award.contest.slug, "--to", tmp_path / "goi.zip")
    for name, content in unpacked((tmp_path / "goi.zip").read_bytes()).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    assert run(environ, "verify", folder).exit_code == 0
    (folder / "manifest.json").write_text(canonical_json({"files": {}, "format": "binhchon.bundle/1"}))
    assert run(environ, "verify", folder).exit_code == 1


def test_an_unknown_contest_one_still_scored_and_a_missing_folder_are_refused(
    world: World, environ: dict[str, str], tmp_path: Path
) -> None:
    award, path = judged(world, [[7000]]), tmp_path / "goi.zip"

    unknown = run(environ, "export", "khong-co", "--to", path)
    early = run(environ, "export", award.contest.slug, "--to", path)

    assert (unknown.exit_code, unknown.stderr) == (2, "Không có đợt bình chọn nào tên khong-co.\n")
    assert (early.exit_code, early.stderr) == (
        2,
        f"Đợt {award.contest.slug} chưa kết thúc chấm điểm; trước đó không ai được xem điểm.\n",
    )
    assert not path.exists()
    done = closed(world, [[7000]])
    nowhere = run(environ, "export", done.contest.slug, "--to", tmp_path / "không có" / "goi.zip")
    assert nowhere.exit_code == 2
    assert nowhere.stderr.startswith("Không ghi được ")
