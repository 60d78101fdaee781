"""What the disk really holds: a file layer put under SQLite, which notes what each flush has made sure of.

SQLite's own file layer does all the work. What is written is remembered; once the file has been flushed (fsync) it is noted in
a ledger beside. Who kills the server and gives each file only what its ledger has, has what a power cut would leave
(`facilitation.rehearsal.faults.power`).

The same layer can be told to break: `Controls` is a small file that both processes have mapped.
Works where Python uses the system's SQLite library (Linux distributions); elsewhere `install` raises NoWitness.
"""

import ctypes
import mmap
import os
import sqlite3
import struct
from enum import IntEnum
from pathlib import Path
from typing import Any

from gevent.monkey import get_original

from facilitation.rehearsal.faults.ledger import Ledger, forget

LIBRARY = "libsqlite3.so.0"
WATCHED = (".db", ".db-wal", ".db-journal")
FULL, IOERR_WRITE, IOERR_FSYNC = 13, 778, 1034
# Where things stand in SQLite's structures, in words of eight bytes: they are part of its stable interface.
_NEXT, _NAME, _OPEN, _DELETE, _VFS_WORDS = 2, 3, 5, 6, 22
_WRITE, _TRUNCATE, _SYNC, _SIZE, _METHOD_WORDS = 3, 4, 5, 6, 19
_OPENS = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
_DELETES = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_WRITES = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_TRUNCATES = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)
_SYNCS = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_SIZES = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int64))


# SQLite calls these until the process ends.
_INSTALLED: list["Witness"] = []


class NoWitness(Exception):
    """This Python carries an SQLite library of its own, under which nothing can be put."""


def is_possible() -> bool:
    """Whether this Python's SQLite is the one this layer would be put under."""
    try:
        library = ctypes.CDLL(LIBRARY)
        library.sqlite3_libversion.restype = ctypes.c_char_p
        maps = Path("/proc/self/maps").read_text("utf-8")
    except (OSError, AttributeError):
        return False
    found = library.sqlite3_libversion().decode() == sqlite3.sqlite_version
    return found and "libsqlite3" in maps


class Disk(IntEnum):
    """How the disk is."""

    WELL = 0
    FULL = 1
    READ_ONLY = 2
    UNFLUSHED = 3


class Controls:
    """What the server is told while it runs: the seconds a flush takes more, how the disk is, the clock's offset in seconds."""

    _LAYOUT = struct.Struct("ddd")

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        if fresh:
            path.write_bytes(self._LAYOUT.pack(0.0, float(Disk.WELL), 0.0))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), self._LAYOUT.size)

    def read(self) -> tuple[float, Disk, float]:
        """Flush seconds, disk, clock offset."""
        flush, disk, offset = self._LAYOUT.unpack(self._map[:])
        return flush, Disk(int(disk)), offset

    def set(self, *, flush: float | None = None, disk: Disk | None = None, offset: float | None = None) -> None:
        """Change some of them."""
        old = self.read()
        self._map[:] = self._LAYOUT.pack(
            old[0] if flush is None else flush, float(old[1] if disk is None else disk), old[2] if offset is None else offset
        )


class Witness:
    """The layer, in the server's process. Everything it hands to SQLite is kept alive with it."""

    def __init__(self, flushed: Path, controls: Controls) -> None:
        self._flushed = flushed
        self._controls = controls
        self._files: dict[int, Ledger] = {}
        self._ledgers: dict[Path, Ledger] = {}
        self._methods: dict[int, Any] = {}
        self._kept: list[Any] = []
        self._sleep: Any = get_original("time", "sleep")

    def install(self) -> None:
        """Become SQLite's file layer in this process. Raises NoWitness."""
        try:
            library = ctypes.CDLL(LIBRARY)
            library.sqlite3_vfs_find.restype = ctypes.c_void_p
        except (OSError, AttributeError):
            raise NoWitness from None
        usual = library.sqlite3_vfs_find(None)
        words = (ctypes.c_int64 * _VFS_WORDS)()
        ctypes.memmove(words, usual, ctypes.sizeof(words))
        name = ctypes.create_string_buffer(b"witness")
        opens, deletes = _OPENS(words[_OPEN]), _DELETES(words[_DELETE])

        def opened(_vfs: int, path: int, file: int, flags: int, out: Any) -> int:
            status = int(opens(usual, path, file, flags, out))
            if status == 0 and path:
                self._watch(file, Path(os.fsdecode(ctypes.string_at(path))))
            return status

        def deleted(_vfs: int, path: int, sync: int) -> int:
            status = int(deletes(usual, path, sync))
            if status == 0 and path:
                self._lost(Path(os.fsdecode(ctypes.string_at(path))))
            return status

        watching, losing = _OPENS(opened), _DELETES(deleted)
        words[_NEXT], words[_NAME] = 0, ctypes.addressof(name)
        words[_OPEN] = ctypes.cast(watching, ctypes.c_void_p).value or 0
        words[_DELETE] = ctypes.cast(losing, ctypes.c_void_p).value or 0
        self._kept += [words, name, opens, watching, deletes, losing]
        if library.sqlite3_vfs_register(ctypes.byref(words), 1) != 0:
            raise NoWitness
        _INSTALLED.append(self)

    def _lost(self, path: Path) -> None:
        """A file of this name will be another one."""
        if path.name.endswith(WATCHED):
            self._ledgers.pop(path, None)
            forget(path, self._flushed)

    def _watch(self, file: int, path: Path) -> None:
        """From now on this open file answers through our table of methods."""
        own = ctypes.cast(file, ctypes.POINTER(ctypes.c_void_p))
        usual = own[0]
        if usual is None:
            return
        if path.name.endswith(WATCHED):
            self._files[file] = self._ledgers.get(path) or self._ledgers.setdefault(path, Ledger(path, self._flushed))
        else:
            self._files.pop(file, None)
        if usual not in self._methods:
            self._methods[usual] = self._table(usual)
        own[0] = ctypes.addressof(self._methods[usual])

    def _table(self, usual: int) -> Any:
        words = (ctypes.c_int64 * _METHOD_WORDS)()
        ctypes.memmove(words, usual, ctypes.sizeof(words))
        for place, made in (
            (_WRITE, self._write(_WRITES(words[_WRITE]), _SIZES(words[_SIZE]))),
            (_TRUNCATE, self._truncate(_TRUNCATES(words[_TRUNCATE]))),
            (_SYNC, self._sync(_SYNCS(words[_SYNC]))),
        ):
            self._kept.append(made)
            words[place] = ctypes.cast(made, ctypes.c_void_p).value or 0
        return words

    def _write(self, writes: Any, sizes: Any) -> Any:
        def write(file: int, data: int, amount: int, offset: int) -> int:
            disk, size = self._controls.read()[1], ctypes.c_int64()
            if disk is Disk.READ_ONLY:
                return IOERR_WRITE
            sizes(file, ctypes.byref(size))
            if disk is Disk.FULL and offset + amount > size.value:
                return FULL
            status = int(writes(file, data, amount, offset))
            if status == 0 and file in self._files:
                self._files[file].write(offset, ctypes.string_at(data, amount))
            return status

        return _WRITES(write)

    def _truncate(self, truncates: Any) -> Any:
        def truncate(file: int, size: int) -> int:
            if self._controls.read()[1] is Disk.READ_ONLY:
                return IOERR_WRITE
            status = int(truncates(file, size))
            if status == 0 and file in self._files:
                self._files[file].truncate(size)
            return status

        return _TRUNCATES(truncate)

    def _sync(self, syncs: Any) -> Any:
        def sync(file: int, flags: int) -> int:
            flush, disk, _ = self._controls.read()
            if disk in {Disk.READ_ONLY, Disk.UNFLUSHED}:
                return IOERR_FSYNC
            if flush:
                self._sleep(flush)
            ledger = self._files.get(file)
            mark = ledger.mark() if ledger else 0
            status = int(syncs(file, flags))
            if status == 0 and ledger:
                ledger.flushed(mark)
            return status

        return _SYNCS(sync)
