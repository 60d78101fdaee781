"""What the machine allows a server: open files, and how fast its disk keeps what is written."""

import os
import resource
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy.engine import make_url

# Beside one file for each phone: the database's, the pages', those on their way.
BESIDES = 200
WANTED = 65_536
FLUSHES, SLOW_MS = 9, 25.0


def raise_files() -> int:
    """Ask for as many open files as may be had without being root; how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wished = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wished:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wished, hard))
        return wished
    return WANTED if soft == resource.RLIM_INFINITY else soft


def flush_ms(url: str) -> float | None:
    """Milliseconds a small write takes to be on the disk of an SQLite file, the middle of several; None for other databases."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return None
    took = []
    with tempfile.TemporaryFile(dir=Path(address.database).resolve().parent) as file:
        for _ in range(FLUSHES):
            began = perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            took.append((perf_counter() - began) * 1000)
    return median(took)


def warnings(files: int, flush: float | None, expected: int) -> list[str]:
    """What to know before so many phones come; nothing where all is well."""
    found = []
    if files < expected + BESIDES:
        found.append(
            f"Attention : le système permet {files} fichiers ouverts, il en faut {expected + BESIDES} pour {expected} téléphones."
            f" Avant de lancer le serveur : ulimit -n {expected + BESIDES} (docs/operate.md)."
        )
    if flush is not None and flush > SLOW_MS:
        found.append(
            f"Attention : ce disque met {flush:.0f} ms à garder une écriture. Les envois seront gardés, mais lents à l’être : "
            "mettez la base sur un disque SSD de la machine, ni clé USB, ni disque du réseau."
        )
    return found
