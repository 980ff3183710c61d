"""`binhchon serve` and `binhchon upgrade`."""

import os

import click

from app.config import Settings
from app.installation import open_installation


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads in each process."
)
def serve(address: str, port: int, workers: int, threads: int) -> None:
    """Serve the application; brings the database up to date first."""
    settings = Settings.from_env()
    open_installation(settings).dispose()
    run_server(settings, address, port, workers, threads)


@click.command()
def upgrade() -> None:
    """Bring the database to this version's schema and load reference data into an empty one."""
    engine = open_installation(Settings.from_env())
    click.echo(f"{engine.url.render_as_string(hide_password=True)} is up to date.")
    engine.dispose()


def run_server(settings: Settings, address: str, port: int, workers: int = 1, threads: int = 4) -> None:
    """Run until interrupted. Worker processes read these same settings from the environment."""
    from granian import Granian  # noqa: PLC0415 -- only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415

    os.environ |= {
        "BINHCHON_DATA_DIR": str(settings.data_dir),
        "BINHCHON_DATABASE_URL": settings.database_url,
        "BINHCHON_PUBLIC_URL": settings.public_url,
    }
    click.echo(f"binhchon: http://{address}:{port}  (Ctrl+C stops)")
    Granian(
        "app.web.factory:create_app",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        factory=True,
        websockets=False,
        log_access=False,
    ).serve()
