"""`create`: make a forum and print its links."""

import argparse
from typing import Any

from facilitation.app import create_app
from facilitation.commands.instance import alone, through_server
from facilitation.commands.serve import add_server_options, public_address, settings_of
from facilitation.services.creation import NewEvent
from facilitation.store.locking import AlreadyServed
from facilitation.web.words import moment_titles


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("create", help="créer un forum et afficher ses liens")
    add_server_options(made)
    made.add_argument("title", help="titre du forum")
    made.add_argument("--mode", choices=("vote", "each"), default="vote", help="voter, ou un atelier par sujet")
    made.add_argument("--programme", choices=("day", "half", "bare"), default="day", help="journée, demi-journée, ou nu")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Create it, through the running server if there is one."""
    settings = settings_of(asked)
    ask = NewEvent(title=asked.title, mode=asked.mode, programme=asked.programme)
    try:
        with alone(settings, "facilitation create") as house:
            application = create_app(settings, house)
            with application.flask.test_request_context():
                titles = moment_titles()
            made = house.create(ask, titles)
            slug, token = made.slug, made.token
    except AlreadyServed as held:
        answer = through_server(settings, held, "create", ask.model_dump_json().encode())
        slug, token = answer["slug"], answer["token"]
    where = public_address(settings)
    print(f"Le forum :            {where}/{slug}")
    print(f"L’organisation :      {where}/cle/{token}")
    return 0
