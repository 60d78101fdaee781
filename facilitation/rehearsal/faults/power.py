"""A power cut: of each file of the database, what was flushed is there; of the rest, what chance had written already."""

from pathlib import Path
from random import Random

from facilitation.rehearsal.faults.ledger import base, sure

BLOCK = 4096
ENDS = ("", "-wal", "-shm", "-journal")
# The index in shared memory dies with the machine; SQLite makes it anew.
FORGOTTEN = "-shm"


def all_flushed(database: Path, folder: Path) -> None:
    """What is there now is on the disk."""
    for path in folder.iterdir():
        path.unlink()
    for path in _files(database):
        base(path, folder)


def cut(database: Path, folder: Path, dice: Random) -> int:
    """Leave what a power cut leaves; returns how many unflushed blocks were lost.

    Each block of 4096 bytes that was written and not flushed is kept or lost by a throw of the dice, and so is a file's new
    length. A file never flushed is gone. Not modelled: disks that lie about a flush, blocks half written, names of files.
    """
    lost = 0
    for path in _files(database):
        flushed = None if path.name.endswith(FORGOTTEN) else sure(path, folder)
        if flushed is None:
            path.unlink()
            continue
        seen = path.read_bytes()
        size = len(seen) if dice.random() < 0.5 else len(flushed)
        left = bytearray(flushed[:size].ljust(size, b"\0"))
        for at in range(0, size, BLOCK):
            written = seen[at : at + BLOCK][: size - at]
            if written == left[at : at + len(written)]:
                continue
            if dice.random() < 0.5:
                left[at : at + len(written)] = written
            else:
                lost += 1
        path.write_bytes(left)
    all_flushed(database, folder)
    return lost


def _files(database: Path) -> list[Path]:
    return [path for end in ENDS if (path := database.with_name(database.name + end)).exists()]
