"""Settings: few, read once from the environment, loud when wrong. docs/operate.md lists them; a test holds both together."""

import os
import secrets
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PREFIX = "FACILITATION_"


class BadSettings(Exception):
    """A setting that cannot be used; the message says which and what it may be."""


class Settings(BaseModel):
    """One frozen object. Each field is read from FACILITATION_<NAME>."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str = Field("sqlite:///facilitation.db", description="Where everything is kept: a SQLAlchemy URL.")
    redis: str = Field("", description="Redis, where several processes serve one database: redis://localhost; else empty.")
    proxy: bool = Field(default=False, description="Whether one proxy stands in front, which says who asks and over what (TLS).")
    host: str = Field("0.0.0.0", description="The address to listen on.")  # noqa: S104  phones of the room must reach it
    port: int = Field(5000, ge=1, le=65535, description="The port to listen on.")
    address: str = Field("", description="The address people type and scan, such as http://forum.local; empty: found.")
    create: Literal["anyone", "key"] = Field("anyone", description="Who may create forums: anyone, or holders of a key.")
    create_key: str = Field("", description="The key, when `create` is `key`.")
    exports: Path = Field(Path("exports"), description="The folder comptes-rendus are written to.")
    log: Literal["plain", "json"] = Field("plain", description="How the log is written: for people, or a JSON object a line.")
    secret: str = Field("", description="The instance's secret; empty: made once and kept beside the database.")
    smtp_host: str = Field("", description="The mail server that sends the compte-rendu; empty: none, organisers get a list.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="How the line to it is kept secret.")
    smtp_user: str = Field("", description="Who we are to it; empty: it does not ask.")
    smtp_password: str = Field("", description="The password for it.", repr=False)
    smtp_password_file: Path | None = Field(None, description="A file that holds the password, in place of it.")
    smtp_from: str = Field("", description="The address letters come from.")


def read_settings(overrides: dict[str, object] | None = None) -> Settings:
    """Settings from the environment, `overrides` first. Raises BadSettings."""
    found: dict[str, object] = {
        name[len(PREFIX) :].lower(): value for name, value in os.environ.items()
        if name.startswith(PREFIX) and name[len(PREFIX) :].lower() in Settings.model_fields
    }  # fmt: skip
    found.update({key: value for key, value in (overrides or {}).items() if value is not None})
    try:
        settings = Settings.model_validate(found)
    except ValidationError as error:
        problem = error.errors()[0]
        raise BadSettings(f"{PREFIX}{str(problem['loc'][0]).upper()}: {problem['msg']}") from None
    if settings.create == "key" and not settings.create_key:
        raise BadSettings(f"{PREFIX}CREATE_KEY: a key is needed when {PREFIX}CREATE is 'key'")
    if settings.smtp_host and "@" not in settings.smtp_from:
        raise BadSettings(f"{PREFIX}SMTP_FROM: an address to send from is needed with {PREFIX}SMTP_HOST")
    if settings.smtp_password_file is not None and not settings.smtp_password_file.is_file():
        raise BadSettings(f"{PREFIX}SMTP_PASSWORD_FILE: there is no such file")
    return settings


def secret_key(settings: Settings) -> bytes:
    """The instance's secret: given, or kept in a file beside an SQLite database that only its owner reads."""
    if settings.secret:
        return settings.secret.encode()
    if not settings.database.startswith("sqlite:///"):
        raise BadSettings(f"{PREFIX}SECRET: several processes need the same secret; set one of 32 characters or more")
    path = secret_file(settings)
    if not path.exists():
        _write_secret(path, secrets.token_hex(32).encode())
    return path.read_bytes().strip()


def secret_file(settings: Settings) -> Path:
    """Where the secret of an SQLite instance is kept if none is given."""
    return Path(settings.database.removeprefix("sqlite:///") + ".secret")


def take_over_secret(settings: Settings, former: Path) -> bool:
    """Go on under another machine's secret; whether that could be, for an instance that has one keeps it. Raises OSError."""
    found = former.read_bytes().strip()
    if not settings.secret and settings.database.startswith("sqlite:///") and not secret_file(settings).exists():
        _write_secret(secret_file(settings), found)
    return bool(found) and secret_key(settings) == found


def _write_secret(path: Path, secret: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)


def smtp(settings: Settings) -> dict[str, object] | None:
    """How to reach the mail server; None where there is none."""
    if not settings.smtp_host:
        return None
    password = settings.smtp_password
    if settings.smtp_password_file is not None:
        password = settings.smtp_password_file.read_text(encoding="utf-8").strip()
    return {
        "host": settings.smtp_host, "port": settings.smtp_port, "security": settings.smtp_security, "user": settings.smtp_user,
        "password": password, "from": settings.smtp_from,
    }  # fmt: skip
