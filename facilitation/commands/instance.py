"""Acting on a database from the command line: through the server that holds it, or alone when none does."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from facilitation.app import open_house
from facilitation.services.house import House
from facilitation.settings import Settings, secret_key
from facilitation.store.locking import AlreadyServed, FileLock
from facilitation.web.pages.instance import HEADER, sealed


class ServerSaidNo(Exception):
    """The running server refused; the message is its sentence."""


@contextmanager
def alone(settings: Settings, about: str) -> Iterator[House]:
    """The house opened by this process alone. Raises AlreadyServed while a server holds the file."""
    lock = FileLock(settings.database)
    lock.take(about)
    house = open_house(settings)
    try:
        yield house
    finally:
        house.close()
        lock.release()


def through_server(settings: Settings, held: AlreadyServed, verb: str, body: bytes) -> dict[str, str]:
    """Ask the running server to do it. Raises ServerSaidNo."""
    if not held.holder.startswith("http"):
        raise held
    base = held.holder.replace("0.0.0.0", "127.0.0.1")  # noqa: S104  where it listens, seen from this machine
    headers = {HEADER: sealed(secret_key(settings), verb, body), "Content-Type": "application/json"}
    request = urllib.request.Request(f"{base}/api/instance/{verb}", data=body, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        raise ServerSaidNo(json.load(error).get("text", str(error))) from None
    except urllib.error.URLError as error:
        raise ServerSaidNo(str(error.reason)) from None
    assert isinstance(found, dict)
    return found
