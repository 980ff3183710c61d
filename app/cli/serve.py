"""`binhchon serve` and `binhchon upgrade`."""

import errno
import os
import socket
from ipaddress import ip_address

import click

from app.cli.folder_lock import in_use
from app.cli.refusals import Refusal
from app.config import Settings
from app.domain.file_errors import reason_of
from app.installation import open_installation

WORKERS = min(2, os.cpu_count() or 1)  # more than two write no faster into one SQLite file


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=WORKERS, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads in each process."
)
def serve(address: str, port: int, workers: int, threads: int) -> None:
    """Serve the application; brings the database up to date first."""
    check_port(address, port)
    settings = Settings.from_env(public_url=own_address(address, port))
    with in_use(settings.data_dir):
        open_installation(settings).dispose()
        run_server(settings, address, port, workers, threads)


@click.command()
def upgrade() -> None:
    """Bring the database to this version's schema and load reference data into an empty one."""
    engine = open_installation(Settings.from_env())
    click.echo(f"Cơ sở dữ liệu {engine.url.render_as_string(hide_password=True)} đã cập nhật.")
    engine.dispose()


def check_port(address: str, port: int) -> None:
    """Refuse a port that anybody listens on: the server itself would share it with another of its kind.

    Raises
    ------
    Refusal
        The port is taken, or the address is not this machine's.
    """
    try:
        family, kind, protocol, _name, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":  # what a server left behind a minute ago is no hindrance
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"Cổng {port} đang được dùng; hãy chọn cổng khác bằng --port."
        else:
            message = f"Không mở được cổng {port} ở địa chỉ {address}: {reason_of(error)}."
        raise Refusal(message) from None


def own_address(address: str, port: int) -> str:
    """The address to reach this server by, unless a setting names the public one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"http://{address}:{port}"
    if parsed.is_unspecified:
        return f"http://127.0.0.1:{port}"
    return f"http://[{address}]:{port}" if parsed.version == 6 else f"http://{address}:{port}"


def run_server(
    settings: Settings,
    address: str,
    port: int,
    workers: int = 1,
    threads: int = 4,
    application: str = "app.jobs:served_app",
) -> None:
    """Run until interrupted. Worker processes read these same settings from the environment."""
    from granian import Granian  # noqa: PLC0415 -- only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415

    os.environ |= {
        "BINHCHON_DATA_DIR": str(settings.data_dir),
        "BINHCHON_DATABASE_URL": settings.database_url,
        "BINHCHON_PUBLIC_URL": settings.public_url,
        "BINHCHON_EXAMPLE": str(int(settings.example)),
    }
    click.echo(f"binhchon: http://{address}:{port}  (Ctrl+C stops)")
    Granian(
        application,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        factory=True,
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,  # one that the system killed for want of memory is no reason to stop
    ).serve()
