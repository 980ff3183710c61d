"""Style sheets, scripts and icons: under addresses that change with them, so that browsers need not ask again."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_from_directory
from flask_compress import Compress

YEAR = 365 * 24 * 60 * 60


def version_of(folder: Path) -> str:
    """A short name for all that lies in the folder: another one as soon as any file is another."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def init_static(app: Flask) -> None:
    """Serve the static folder at /static/version/<version>/…, and compress what is worth it."""
    assert app.static_folder is not None  # noqa: S101 -- for the type checker
    folder = Path(app.static_folder)
    current = version_of(folder)

    def static(filename: str, version: str = "") -> Response:
        """Send a file; for good if its address names this version, otherwise to be asked for again."""
        response = send_from_directory(folder, filename, max_age=YEAR if version == current else None)
        response.direct_passthrough = False
        response.make_sequence()
        response.close()  # what compresses it would leave the file open
        return response

    def with_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("version", current)

    app.view_functions["static"] = static
    app.jinja_env.globals["static_folder"] = lambda: f"{app.static_url_path}/version/{current}"
    app.add_url_rule("/static/version/<version>/<path:filename>", endpoint="static", view_func=static)
    app.url_defaults(with_version)
    app.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    app.config["COMPRESS_STREAMS"] = False
    Compress(app)
