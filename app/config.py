"""Settings, read once from the environment; nothing else reads it."""

import logging
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from app.domain.file_errors import reason_of

log = logging.getLogger(__name__)


class BadSetting(ValueError):
    """A setting cannot be used as it is; the message names it, in Vietnamese, and says what to do."""


@dataclass(frozen=True)
class Settings:
    """Where data is kept and how the application is reached."""

    data_dir: Path
    database_url: str
    secret_key: str
    public_url: str = "http://127.0.0.1:8000"
    behind_proxies: int = 0
    require_second_factor: bool = False
    example: bool = False  # whether the example is served: its sessions end nobody's beside it
    testing: bool = field(default=False, kw_only=True)

    @property
    def files_dir(self) -> Path:
        """Folder of the content-addressed store."""
        return self.data_dir / "files"

    @property
    def https(self) -> bool:
        """Whether people reach the application by TLS; decides cookies and HSTS."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ, **defaults: str) -> "Settings":
        """Read `BINHCHON_*`; everything has a default that suits one office PC.

        Raises
        ------
        BadSetting
            If a value cannot be used.
        """
        public_url = _public_url(
            environ.get("BINHCHON_PUBLIC_URL") or defaults.get("public_url", cls.public_url)
        )
        proxies = environ.get("BINHCHON_BEHIND_PROXIES", "0")
        if proxies not in {str(count) for count in range(10)}:
            msg = f"BINHCHON_BEHIND_PROXIES phải là số máy chủ proxy đứng trước (từ 0 đến 9), không phải “{proxies}”."
            raise BadSetting(msg)
        data_dir = Path(environ.get("BINHCHON_DATA_DIR", "var/data")).absolute()
        try:
            _keep_private(data_dir)
            secret_key = environ.get("BINHCHON_SECRET_KEY") or _kept_secret(data_dir / "secret-key")
        except OSError as error:
            msg = f"Không dùng được thư mục {data_dir}: {reason_of(error)}. Hãy kiểm tra BINHCHON_DATA_DIR."
            raise BadSetting(msg) from error
        return cls(
            data_dir=data_dir,
            database_url=environ.get("BINHCHON_DATABASE_URL") or f"sqlite:///{data_dir / 'binhchon.sqlite'}",
            secret_key=secret_key,
            public_url=public_url,
            behind_proxies=int(proxies),
            require_second_factor=environ.get("BINHCHON_REQUIRE_SECOND_FACTOR", "0") == "1",
            example=environ.get("BINHCHON_EXAMPLE", "0") == "1",
        )


def _public_url(text: str) -> str:
    """The address without a slash at its end."""
    url = text.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        msg = f"BINHCHON_PUBLIC_URL phải là địa chỉ đầy đủ, như https://binhchon.example.vn, không phải “{text}”."
        raise BadSetting(msg)
    return url


def _keep_private(folder: Path) -> None:
    """Make a folder that only its owner can open, or close one that others can; one that is shared stays so."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if os.name != "posix" or not status.st_mode & 0o077:
        return
    if status.st_uid != os.geteuid() or status.st_mode & stat.S_ISVTX:
        log.warning("Lưu ý: người dùng khác trên máy này có thể đọc được thư mục dữ liệu %s.", folder)
        return
    folder.chmod(0o700)
    log.warning("Thư mục dữ liệu %s trước đây người khác đọc được; nay chỉ chủ của nó mở được.", folder)


def _kept_secret(path: Path) -> str:
    """The key of this installation: made once, readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
