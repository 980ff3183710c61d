"""Settings, read once from the environment; nothing else reads it."""

import logging
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from app.domain.file_errors import reason_of
from app.domain.mails import MailServer, Security

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
    mail: MailServer | None = None  # without one nothing is sent
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
            mail=_mail_server(environ),
        )


DEFAULT_PORTS = {Security.STARTTLS: "587", Security.TLS: "465", Security.NONE: "25"}


def _mail_server(environ: Mapping[str, str]) -> MailServer | None:
    """Where mail is handed in; None where no server is named, and for the example, whose people do not exist."""
    host = environ.get("BINHCHON_MAIL_SERVER", "").strip()
    if not host or environ.get("BINHCHON_EXAMPLE", "0") == "1":
        return None
    security = environ.get("BINHCHON_MAIL_SECURITY") or Security.STARTTLS.value
    if security not in list(Security):
        msg = f"BINHCHON_MAIL_SECURITY phải là starttls, tls hoặc none, không phải “{security}”."
        raise BadSetting(msg)
    port = environ.get("BINHCHON_MAIL_PORT") or DEFAULT_PORTS[Security(security)]
    sender = environ.get("BINHCHON_MAIL_SENDER", "").strip()
    address = parseaddr(sender)[1]
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not sender.isprintable():
        msg = f"BINHCHON_MAIL_SENDER phải là địa chỉ thư, như binhchon@so-cong-thuong.example, không phải “{sender}”."
        raise BadSetting(msg)
    user = environ.get("BINHCHON_MAIL_USER", "")
    if user and security == Security.NONE and host not in ("localhost", "127.0.0.1", "::1"):
        msg = "BINHCHON_MAIL_SECURITY=none không dùng được cùng mật khẩu, trừ máy chủ thư trên chính máy này."
        raise BadSetting(msg)
    return MailServer(
        host=host,
        port=_number("BINHCHON_MAIL_PORT", port, 65535),
        sender=sender,
        security=Security(security),
        user=user,
        password=_mail_password(environ),
        per_minute=_number(
            "BINHCHON_MAIL_PER_MINUTE", environ.get("BINHCHON_MAIL_PER_MINUTE") or "30", 10_000
        ),
    )


def _mail_password(environ: Mapping[str, str]) -> str:
    """The password itself, or the first line of the file that holds it."""
    path = environ.get("BINHCHON_MAIL_PASSWORD_FILE")
    if not path:
        return environ.get("BINHCHON_MAIL_PASSWORD", "")
    try:
        return next(iter(Path(path).read_text(encoding="utf-8").splitlines()), "")
    except (OSError, UnicodeDecodeError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "không phải tệp văn bản"
        msg = f"Không đọc được BINHCHON_MAIL_PASSWORD_FILE ({path}): {reason}."
        raise BadSetting(msg) from error


def _number(name: str, text: str, most: int) -> int:
    if not re.fullmatch("[0-9]{1,5}", text, re.ASCII) or not 1 <= int(text) <= most:
        msg = f"{name} phải là số từ 1 đến {most}, không phải “{text}”."
        raise BadSetting(msg)
    return int(text)


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
