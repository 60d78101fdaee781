"""`demo`: open a demonstration forum, mid-day, and serve it."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from facilitation.app import create_app
from facilitation.commands.serve import add_server_options, public_address
from facilitation.demonstration.play import STAGES, play
from facilitation.publishing import qr
from facilitation.services.house import now
from facilitation.serving import Server
from facilitation.settings import PREFIX, read_settings
from facilitation.store.locking import FileLock
from facilitation.web.words import moment_titles

OWN = Path("demo.db")


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("demo", help="ouvrir le forum de démonstration, en pleine journée")
    add_server_options(made)
    made.add_argument("--stage", choices=tuple(STAGES), default="ateliers", help="le moment de la journée (ateliers)")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Play the demonstration and serve it until stopped."""
    given = asked.database or os.environ.get(f"{PREFIX}DATABASE")
    options = {name: getattr(asked, name) for name in ("host", "port", "address")}
    settings = read_settings({**options, "database": given or f"sqlite:///{OWN}"})
    lock = FileLock(settings.database)
    lock.take("facilitation demo")
    if not given:
        _forget()
    application = create_app(settings)
    with application.flask.test_request_context():
        titles = moment_titles()
    played = play(application.house, titles, asked.stage, now())
    lock.release()
    server = Server(application)
    where = public_address(settings)
    address = f"{where}/{played.created.slug}"
    if sys.stdout.encoding.lower().startswith("utf"):
        print(qr.terminal(address, colours=sys.stdout.isatty()))
    print(f"Le forum :            {address}")
    print(f"L’organisation :      {where}/cle/{played.created.token}")
    print(f"Le projecteur :       {where}/cle/{played.projector}")
    print("Le premier s’ouvre sur les téléphones, le deuxième pour l’équipe, le troisième sur l’écran de la salle.")
    print("Ctrl C arrête tout.", flush=True)
    server.run()
    return 0


def _forget() -> None:
    """The demonstration starts afresh: its own file, and no other, is replaced."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{OWN}{ending}").unlink(missing_ok=True)
