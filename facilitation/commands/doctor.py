"""`doctor`: what is missing on this machine and how to mend it; `--salle`: whether the room's network lets phones in."""

import argparse
import ctypes
import os
import resource
import socket
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy.engine import make_url

from facilitation.commands.backup import damaged_words
from facilitation.commands.room_check import check_room
from facilitation.commands.serve import add_server_options, settings_of
from facilitation.settings import Settings
from facilitation.store.backups import DamagedBase, check_whole

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
ENOUGH_FILES = 4096
SLOW_DISK = 0.02
Finding = tuple[bool, str, str]


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("doctor", help="dire ce qui manque et comment y remédier")
    add_server_options(made)
    made.add_argument("--salle", action="store_true", help="essayer le réseau de la salle avec un téléphone")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print one line per check; status 1 when something must be mended."""
    settings = settings_of(asked)
    if asked.salle:
        return check_room(settings)
    healthy = True
    for fine, what, cure in findings(settings):
        healthy = healthy and fine
        print(f"{'bien ' if fine else 'MANQUE'}  {what}" + ("" if fine else f"\n        {cure}"))
    return 0 if healthy else 1


def findings(settings: Settings) -> Iterator[Finding]:
    """Each check: whether it is fine, what was looked at, how to mend it."""
    yield sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}", "Installez Python 3.11 ou plus récent."
    for library, package in LIBRARIES.items():
        yield _loads(library), f"{library}, pour le compte-rendu en PDF", f"apt-get install {package}"
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    yield (
        allowed >= ENOUGH_FILES,
        f"{allowed} connexions permises à la fois",
        f"Avant de lancer le serveur : ulimit -n {ENOUGH_FILES} (ou davantage pour plus de téléphones).",
    )
    yield _base_is_whole(settings)
    flush = _flush_seconds()
    yield (
        flush < SLOW_DISK,
        f"disque : {flush * 1000:.1f} ms pour être sûr d’avoir écrit",
        "Ce disque est lent : gardez la base sur le disque interne plutôt que sur une clé ou un réseau.",
    )
    yield (
        _port_free(settings),
        f"le port {settings.port} est libre",
        f"Un programme l’occupe. Choisissez-en un autre : facilitation serve --port {settings.port + 1}",
    )


def _base_is_whole(settings: Settings) -> Finding:
    try:
        check_whole(make_url(settings.database))
    except DamagedBase as error:
        return False, "la base", damaged_words(error)
    except sqlite3.OperationalError as error:
        return False, "la base", f"Elle ne se laisse pas lire ({error})."
    return True, "la base", ""


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _flush_seconds() -> float:
    """The median time of ten small writes flushed to disk, in seconds."""
    times = []
    with tempfile.NamedTemporaryFile(dir=".") as file:
        for _ in range(10):
            start = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def _port_free(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True
