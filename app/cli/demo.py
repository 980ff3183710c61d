"""`binhchon demo`: an example to look at, built by driving the real services."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.folder_lock import in_use
from app.cli.refusals import Refusal
from app.cli.serve import check_port, run_server
from app.config import Settings
from app.demo.build import Example
from app.demo.effort import work
from app.demo.export import SUMMARY, export_example
from app.demo.folder import UNFINISHED, clear, is_finished, is_unfinished, strange_paths
from app.demo.people import ACCOUNTS, PASSWORD
from app.domain.file_errors import reason_of
from app.domain.vietnamese import in_vietnam
from app.installation import open_installation
from app.services.files import FileStore

ADDRESS = "127.0.0.1"


@click.command()
@click.option(
    "--dir",
    "folder",
    default=Path("var/demo"),
    show_default=True,
    type=click.Path(path_type=Path),
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
    if not no_serve:
        check_port(ADDRESS, port)
    settings = prepare(folder, port, rebuild=rebuild)
    if no_serve:
        click.echo((folder / SUMMARY).read_text(encoding="utf-8"))
        return
    click.echo(f"\nMật khẩu chung / password: {PASSWORD}")
    for role, email in ACCOUNTS.items():
        click.echo(f"  {email:<30} {role}")
    with in_use(folder):
        check_port(ADDRESS, port)  # building takes minutes
        run_server(settings, ADDRESS, port)


def prepare(folder: Path, port: int, *, rebuild: bool = False) -> Settings:
    """Give the settings of a finished example in the folder; build it where there is none.

    Raises
    ------
    Refusal
        The folder holds what no example made, or is in use.
    """
    environ = {
        "BINHCHON_DATA_DIR": str(folder),
        "BINHCHON_PUBLIC_URL": f"http://{ADDRESS}:{port}",
        "BINHCHON_EXAMPLE": "1",
    }
    try:
        finished = is_finished(folder)
        if finished and not rebuild:
            click.echo(f"Dùng lại ví dụ đã dựng trong {folder} (dựng lại: --rebuild).", err=True)
            settings = Settings.from_env(environ)
            open_installation(settings).dispose()  # it may have been built by an older version
            return settings
        if folder.exists() and not (finished or is_unfinished(folder)) and any(folder.iterdir()):
            message = f"{folder} chứa thứ khác, không phải ví dụ; hãy chỉ ra một thư mục trống bằng --dir."
            raise Refusal(message)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with in_use(folder, alone=True):
            _make_room(folder)
            settings = Settings.from_env(environ)
            _build(settings)
    except OSError as error:
        message = f"Không dùng được thư mục {folder}: {reason_of(error)}."
        raise Refusal(message) from error
    return settings


def _make_room(folder: Path) -> None:
    """Remove the old example, unless somebody put something beside it."""
    strange = strange_paths(folder)
    if strange:
        named = ", ".join(strange[:5]) + (", …" if len(strange) > 5 else "")
        message = f"{folder} có thứ không thuộc về ví dụ ({named}); hãy chuyển đi nơi khác rồi dựng lại."
        raise Refusal(message)
    clear(folder)
    (folder / UNFINISHED).touch()


def _build(settings: Settings) -> None:
    engine = open_installation(settings)
    today = in_vietnam(datetime.now(UTC)).date()
    with progress_of(work(today)) as tick:
        example = Example(engine, FileStore(settings.files_dir), settings.public_url, tick)
        example.build(today)
        export_example(engine, settings, example.people)
    engine.dispose()
    (settings.data_dir / UNFINISHED).unlink()


@contextmanager
def progress_of(total: int) -> Iterator[Callable[[int], object]]:
    """Show how far the building is: a bar in a terminal, a line for every tenth in a file or pipe."""
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("Dựng ví dụ / building the example", total=total)
            yield lambda count: progress.advance(task, count)
            progress.update(task, completed=total)
        return
    done, said, start = 0, 0, monotonic()

    def tick(count: int) -> None:
        nonlocal done, said
        done += count
        if done * 10 // total > said:
            said = done * 10 // total
            click.echo(
                f"Dựng ví dụ / building the example: {said * 10} % ({monotonic() - start:.0f} s)", err=True
            )

    click.echo("Dựng ví dụ / building the example: 0 %", err=True)
    yield tick
