"""`worker`: make the documents and timetables that servers ask of their shared queue."""

import argparse
import logging
import signal
from typing import Any

import gevent

from facilitation import logs
from facilitation.publishing.hands import Hands
from facilitation.settings import PREFIX, BadSettings, read_settings

LOG = logging.getLogger("facilitation")


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("worker", help="fabriquer comptes-rendus et grilles pour plusieurs serveurs (avec Redis)")
    made.set_defaults(run=run)


def run(_asked: argparse.Namespace) -> int:
    """Work until asked to stop; what was begun is finished. Raises BadSettings where there is no queue."""
    settings = read_settings()
    if not settings.redis:
        raise BadSettings(f"{PREFIX}REDIS: a worker takes its work from there; without it each server makes its own documents")
    if settings.log == "json":
        logs.install()
    hands = Hands(settings.redis)
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, hands.stop)
    if settings.log == "json":
        LOG.info("ready to work")
    else:
        print("Prêt à fabriquer.", flush=True)
    hands.run()
    return 0
