"""`demo`: open a demonstration forum, mid-day, and serve it."""

import argparse
from typing import Any

from facilitation.commands.serve import add_server_options, run


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("demo", help="ouvrir le forum de démonstration")
    add_server_options(made)
    made.set_defaults(run=run)


def options(asked: argparse.Namespace) -> None:
    """Nothing more."""
