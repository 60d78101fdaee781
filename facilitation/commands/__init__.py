"""What each command of the command line does; a module per command."""

import argparse
import sys
from collections.abc import Sequence

from facilitation.commands import backup, create, demo, doctor, generate, purge, rehearse, sbom, serve, transfer, worker
from facilitation.commands.backup import damaged_words
from facilitation.commands.instance import ServerSaidNo
from facilitation.domain.refusals import Refusal
from facilitation.settings import BadSettings
from facilitation.store.backups import DamagedBase
from facilitation.store.locking import AlreadyServed

MODULES = (serve, demo, create, generate, rehearse, transfer, backup, doctor, sbom, purge, worker)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    made = argparse.ArgumentParser(prog="facilitation", description="Conduire un forum ouvert, du QR code au compte-rendu.")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    for module in MODULES:
        module.add(commands)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    asked = parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except BadSettings as error:
        print(f"Réglage : {error}", file=sys.stderr)
    except AlreadyServed as error:
        print(f"Un serveur utilise déjà cette base ({error.holder}). Arrêtez-le, ou adressez-vous à lui.", file=sys.stderr)
    except DamagedBase as error:
        print(damaged_words(error), file=sys.stderr)
    except ServerSaidNo as error:
        print(f"Le serveur a refusé : {error}", file=sys.stderr)
    except Refusal as refusal:
        print(f"Refusé : {refusal.code}", file=sys.stderr)
    return 1
