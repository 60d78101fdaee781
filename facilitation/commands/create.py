"""`create`: make a forum and print its links."""

import argparse
from typing import Any

from facilitation.app import create_app
from facilitation.commands.serve import add_server_options, public_address, settings_of
from facilitation.services.creation import NewEvent
from facilitation.store.locking import FileLock
from facilitation.web.words import moment_titles


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("create", help="créer un forum et afficher ses liens")
    add_server_options(made)
    made.add_argument("title", help="titre du forum")
    made.add_argument("--mode", choices=("vote", "each"), default="vote")
    made.add_argument("--programme", choices=("day", "half", "bare"), default="day")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Create it; refused while a server holds the file."""
    settings = settings_of(asked)
    lock = FileLock(settings.database)
    lock.take("facilitation create")
    application = create_app(settings)
    with application.flask.test_request_context():
        titles = moment_titles()
    made = application.house.create(NewEvent(title=asked.title, mode=asked.mode, programme=asked.programme), titles)
    application.house.close()
    lock.release()
    where = public_address(settings)
    print(f"Le forum :            {where}/{made.slug}")
    print(f"L’organisation :      {where}/cle/{made.token}")
    return 0
