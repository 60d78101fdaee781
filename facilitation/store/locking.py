"""While a server runs on an SQLite file it alone writes: a lock beside the file says so."""

import fcntl
import os
from pathlib import Path

from sqlalchemy.engine import make_url


class AlreadyServed(Exception):
    """Another process holds the file; `holder` is what it wrote about itself."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class FileLock:
    """An exclusive advisory lock beside an SQLite file; does nothing for other databases."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        name = address.database if address.get_backend_name() == "sqlite" else None
        self._path = Path(f"{name}.lock") if name and name != ":memory:" else None
        self._handle: int | None = None

    def take(self, about: str) -> None:
        """Hold the lock until `release` or the end of the process. Raises AlreadyServed."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 400).decode(errors="replace")
            os.close(handle)
            raise AlreadyServed(holder) from None
        os.ftruncate(handle, 0)
        os.write(handle, about.encode())
        self._handle = handle

    def release(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
