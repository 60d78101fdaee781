"""What of a file has been flushed: how it was at first, and the writes that each flush made sure of, flush by flush."""

import os
import struct
from pathlib import Path

from gevent.monkey import get_original

_BLOB = struct.Struct("<Q")
_WRITE = struct.Struct("<cqq")
WRITE, TRUNCATE = b"w", b"t"


class Ledger:
    """One file's writes since it was opened; they count once flushed. Killed halfway, that flush does not.

    What a killed server had written and not flushed is still in the machine's memory: its follower finds it in the file, and its
    first flush of that file makes sure of it too.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        self._log = folder / f"{path.name}.log"
        self._pending: list[bytes] = []
        self._noted = 0
        # Threads of the system flush, not greenlets.
        self._noting = get_original("_thread", "allocate_lock")()
        self._handle = os.open(self._log, os.O_RDWR | os.O_CREAT, 0o600)
        os.lseek(self._handle, sum(_BLOB.size + len(blob) for blob in _blobs(self._log)), os.SEEK_SET)
        found = path.read_bytes() if path.exists() else b""
        if found != (sure(path, folder) or b""):
            self.write(0, found)
            self.truncate(len(found))

    def write(self, offset: int, data: bytes) -> None:
        """Bytes put at a place."""
        self._pending += [_WRITE.pack(WRITE, offset, len(data)) + data]

    def truncate(self, size: int) -> None:
        """The file made so long."""
        self._pending.append(_WRITE.pack(TRUNCATE, size, 0))

    def mark(self) -> int:
        """How far a flush that begins now will reach: what other threads write meanwhile is not sure of being in it."""
        with self._noting:
            return self._noted + len(self._pending)

    def flushed(self, mark: int) -> None:
        """All up to there is on the disk."""
        with self._noting:
            many = max(0, mark - self._noted)
            blob = b"".join(self._pending[:many])
            del self._pending[:many]
            self._noted += many
            if blob:
                os.write(self._handle, _BLOB.pack(len(blob)) + blob)
                os.ftruncate(self._handle, os.lseek(self._handle, 0, os.SEEK_CUR))


def forget(path: Path, folder: Path) -> None:
    """A file was deleted: another of its name begins with nothing."""
    for name in (path.name, f"{path.name}.log"):
        (folder / name).unlink(missing_ok=True)


def base(path: Path, folder: Path) -> None:
    """From here on: the file as it is now is on the disk."""
    (folder / path.name).write_bytes(path.read_bytes())
    (folder / f"{path.name}.log").unlink(missing_ok=True)


def sure(path: Path, folder: Path) -> bytes | None:
    """What of a file is on the disk; None where it was never flushed."""
    first, log = folder / path.name, folder / f"{path.name}.log"
    blobs = _blobs(log)
    if not first.exists() and not blobs:
        return None
    found = bytearray(first.read_bytes() if first.exists() else b"")
    for blob in blobs:
        at = 0
        while at < len(blob):
            kind, offset, size = _WRITE.unpack_from(blob, at)
            at += _WRITE.size
            if kind == TRUNCATE:
                del found[offset:]
                continue
            if len(found) < offset:
                found.extend(bytes(offset - len(found)))
            found[offset : offset + size] = blob[at : at + size]
            at += size
    return bytes(found)


def _blobs(log: Path) -> list[bytes]:
    """The whole flushes of a log, in order; one that was being noted when its server died is not among them."""
    data, at, found = log.read_bytes() if log.exists() else b"", 0, []
    while at + _BLOB.size <= len(data):
        (size,) = _BLOB.unpack_from(data, at)
        blob = data[at + _BLOB.size : at + _BLOB.size + size]
        if len(blob) < size:
            break
        found.append(blob)
        at += _BLOB.size + size
    return found
