"""Settings, read once from the environment; nothing else reads it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class BadSetting(ValueError):
    """A setting cannot be used as it is; the message names it."""


@dataclass(frozen=True)
class Settings:
    """Where data is kept and how the application is reached."""

    data_dir: Path
    database_url: str
    secret_key: str
    public_url: str = "http://127.0.0.1:8000"
    behind_proxies: int = 0
    require_second_factor: bool = False
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
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read `BINHCHON_*`; everything has a default that suits one office PC.

        Raises
        ------
        BadSetting
            If a value cannot be used.
        """
        data_dir = Path(environ.get("BINHCHON_DATA_DIR", "var/data")).absolute()
        data_dir.mkdir(parents=True, exist_ok=True)
        public_url = environ.get("BINHCHON_PUBLIC_URL", cls.public_url).rstrip("/")
        if not public_url.startswith(("http://", "https://")):
            msg = "BINHCHON_PUBLIC_URL must begin with http:// or https://"
            raise BadSetting(msg)
        proxies = environ.get("BINHCHON_BEHIND_PROXIES", "0")
        if not proxies.isdecimal():
            msg = "BINHCHON_BEHIND_PROXIES must be the number of proxies in front, such as 1"
            raise BadSetting(msg)
        return cls(
            data_dir=data_dir,
            database_url=environ.get("BINHCHON_DATABASE_URL", f"sqlite:///{data_dir / 'binhchon.sqlite'}"),
            secret_key=environ.get("BINHCHON_SECRET_KEY") or _kept_secret(data_dir / "secret-key"),
            public_url=public_url,
            behind_proxies=int(proxies),
            require_second_factor=environ.get("BINHCHON_REQUIRE_SECOND_FACTOR", "0") == "1",
        )


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
