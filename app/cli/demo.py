"""`binhchon demo`: an example to look at, built by driving the real services."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.serve import run_server
from app.config import Settings
from app.demo.build import ORGANISERS, TOTAL, Example
from app.demo.export import SUMMARY, export_example
from app.demo.people import PASSWORD
from app.domain.vietnamese import in_vietnam
from app.installation import open_installation
from app.services.files import FileStore

ACCOUNTS = {
    "Cơ quan tổ chức / organiser": ORGANISERS["An Giang"],
    "Giám khảo / judge": "giam-khao@example.vn",
    "Thành viên hội đồng / council member": "hoi-dong@example.vn",
    "Cơ sở / facility": "co-so@example.vn",
    "Người giám sát / observer": "giam-sat@example.vn",
    "Quản trị / administrator": "quan-tri@example.vn",
    "Tổ chức khu vực / regional organiser": ORGANISERS["Phía Nam"],
    "Tổ chức quốc gia / national organiser": ORGANISERS["Việt Nam"],
}


@click.command()
@click.option(
    "--dir",
    "folder",
    default=Path("var/demo"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the database, the files and what is exported.",
)
@click.option(
    "--no-serve", is_flag=True, help="Only build; leave the documents, lists and a summary in the folder."
)
@click.option("--rebuild", is_flag=True, help="Build anew even if the folder holds a finished example.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to serve on."
)
def demo(folder: Path, no_serve: bool, rebuild: bool, port: int) -> None:  # noqa: FBT001 -- click's options
    """Build the example (made-up names, synthetic marks, real counts) and serve it."""
    folder = folder.absolute()
    settings = prepare(folder, port, anew=rebuild or no_serve)
    if no_serve:
        click.echo((folder / SUMMARY).read_text(encoding="utf-8"))
        return
    click.echo(f"\nMật khẩu chung / password: {PASSWORD}")
    for role, email in ACCOUNTS.items():
        click.echo(f"  {role:<40} {email}")
    run_server(settings, "127.0.0.1", port)


def prepare(folder: Path, port: int, *, anew: bool) -> Settings:
    """Give the settings of a finished example in the folder; build it where there is none."""
    finished = (folder / SUMMARY).exists()
    if folder.exists() and any(folder.iterdir()) and not (finished or (folder / "building").exists()):
        raise click.UsageError(f"{folder} holds something else. Name an empty folder with --dir.")
    if not finished or anew:
        shutil.rmtree(folder, ignore_errors=True)
    public_url = f"http://127.0.0.1:{port}"
    settings = Settings.from_env({"BINHCHON_DATA_DIR": str(folder), "BINHCHON_PUBLIC_URL": public_url})
    if not (folder / SUMMARY).exists():
        _build(settings)
    return settings


def _build(settings: Settings) -> None:
    marker = settings.data_dir / "building"
    marker.touch()
    engine = open_installation(settings)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Dựng ví dụ / building the example", total=TOTAL)
        store = FileStore(settings.files_dir)
        example = Example(engine, store, settings.public_url, lambda done: progress.advance(task, done))
        example.build(in_vietnam(datetime.now(UTC)).date())
        progress.update(task, description="Xuất danh sách / exporting", completed=TOTAL)
        export_example(engine, settings, example.people)
    engine.dispose()
    marker.unlink()
