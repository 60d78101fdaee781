"""`serve`: run the server on a database."""

import argparse
import logging
import sys
from typing import Any

from facilitation import logs
from facilitation.app import create_app
from facilitation.commands.limits import flush_ms, raise_files, warnings
from facilitation.serving import Server
from facilitation.settings import Settings, read_settings
from facilitation.web.addresses import local_address

LOG = logging.getLogger("facilitation")


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("serve", help="faire tourner le serveur")
    add_server_options(made)
    made.add_argument("--expect", type=int, default=1000, metavar="N", help="téléphones attendus (1000)")
    made.set_defaults(run=run)


def add_server_options(made: argparse.ArgumentParser) -> None:
    """Where to listen and what to serve."""
    made.add_argument("--database", help="adresse SQLAlchemy de la base (ou FACILITATION_DATABASE)")
    made.add_argument("--host", help="adresse d’écoute")
    made.add_argument("--port", type=int, help="port d’écoute")
    made.add_argument("--address", help="adresse que les gens tapent et scannent")


def settings_of(asked: argparse.Namespace) -> Settings:
    """Settings from the environment, the command line first."""
    return read_settings({name: getattr(asked, name, None) for name in ("database", "host", "port", "address")})


def public_address(settings: Settings) -> str:
    """The address people reach this server at."""
    if settings.address:
        return settings.address.rstrip("/")
    host = local_address() if settings.host in {"0.0.0.0", "::", ""} else settings.host  # noqa: S104
    return f"http://{host}" if settings.port == 80 else f"http://{host}:{settings.port}"


def run(asked: argparse.Namespace) -> int:
    """Serve until stopped."""
    settings = settings_of(asked)
    if settings.log == "json":
        logs.install()
    files = raise_files()
    server = Server(create_app(settings))
    found = warnings(files, flush_ms(settings.database), asked.expect)
    if settings.log == "json":
        LOG.info("open on port %s", server.start())
        for _ in found:
            LOG.warning("this machine may be too small for %s phones; `facilitation doctor` says why", asked.expect)
    else:
        for warning in found:
            print(warning, file=sys.stderr)
        server.start()
        print(f"facilitation est ouvert : {public_address(settings)}", flush=True)
    server.run()
    return 0
