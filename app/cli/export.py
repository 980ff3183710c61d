"""`binhchon export`: a contest whole, with the program that verifies it."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.output_files import write_whole
from app.cli.refusals import Refusal
from app.config import Settings
from app.domain.contests import COUNCIL_SEES
from app.domain.errors import IllegalState
from app.domain.file_errors import reason_of
from app.installation import open_installation
from app.models import Contest
from app.services.bundles import auditor, export_bundle
from app.services.files import FileStore


@click.command()
@click.argument("contest")
@click.option(
    "--to",
    "path",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The zip file to write.",
)
def export(contest: str, path: Path) -> None:
    """Write CONTEST (its address, such as lam-dong-2026) with all that proves its result to a zip file."""
    settings = Settings.from_env()
    engine = open_installation(settings)
    try:
        with Session(engine) as session:
            found = session.scalars(select(Contest).where(Contest.slug == contest)).one_or_none()
        if found is None:
            raise Refusal(f"Không có đợt bình chọn nào tên {contest}.")
        if found.state not in COUNCIL_SEES:
            raise Refusal(f"Đợt {contest} chưa kết thúc chấm điểm; trước đó không ai được xem điểm.")
        bundle = BytesIO()
        store, now = FileStore(settings.files_dir), datetime.now(UTC)
        export_bundle(engine, found.id, bundle, store=store, actor=auditor(found.id), now=now)
        write_whole(path, bundle.getvalue())
    except IllegalState as error:
        raise Refusal(f"Không xuất được gói của đợt {contest}: {error}") from error
    except OSError as error:
        raise Refusal(f"Không ghi được {path}: {reason_of(error)}.") from error
    finally:
        engine.dispose()
    click.echo(f"Đã ghi {path}. Kiểm chứng: binhchon verify {path}")
