"""What of a file has been flushed: how it was at first, and the writes that each flush made sure of, flush by flush."""

import os
import struct
from pathlib import Path

_BLOB = struct.Struct("<Q")
_WRITE = struct.Struct("<cqq")
WRITE, TRUNCATE = b"w", b"t"


class Ledger:
    """One file's writes since it was opened; they count once `flushed` has been called. Killed halfway, that flush does not."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._log = folder / f"{path.name}.log"
        self._pending: list[bytes] = []
        self._handle = os.open(self._log, os.O_RDWR | os.O_CREAT, 0o600)
        os.lseek(self._handle, sum(_BLOB.size + len(blob) for blob in _blobs(self._log)), os.SEEK_SET)

    def write(self, offset: int, data: bytes) -> None:
        """Bytes put at a place."""
        self._pending += [_WRITE.pack(WRITE, offset, len(data)), data]

    def truncate(self, size: int) -> None:
        """The file made so long."""
        self._pending.append(_WRITE.pack(TRUNCATE, size, 0))

    def flushed(self) -> None:
        """All of it is on the disk."""
        blob, self._pending = b"".join(self._pending), []
        if blob:
            os.write(self._handle, _BLOB.pack(len(blob)) + blob)
            os.ftruncate(self._handle, os.lseek(self._handle, 0, os.SEEK_CUR))


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
