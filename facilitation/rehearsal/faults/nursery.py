"""Servers that can be killed and started again in a fraction of a second, each a process of its own on the same files.

The nursery is a process that has imported the program and done nothing else. Asked on its standard input, it forks: the child
opens the database, as any server does after a crash, and says `ready` with the highest version its forums have. What the
nursery saves is the reading of Python's modules, nothing that a crash could have spoilt.
"""

from gevent import monkey

monkey.patch_all()

import importlib  # noqa: E402  gevent's patch comes before everything else
import json  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
from datetime import datetime, timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from gevent.os import fork_gevent  # noqa: E402

from facilitation.app import create_app, open_house  # noqa: E402
from facilitation.rehearsal.faults.witness import Controls, Witness  # noqa: E402
from facilitation.services.house import House, now  # noqa: E402
from facilitation.serving import Server  # noqa: E402
from facilitation.settings import Settings  # noqa: E402
from facilitation.store.events import highest_version  # noqa: E402


def main() -> int:
    """Fork a server for each line of JSON; ends with its input."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    say(nursery=os.getpid())
    # Read without Python's own buffer: a child must not find a line that was meant for its parent.
    pending = b""
    while data := os.read(0, 65_536):
        pending += data
        while b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            if fork_gevent() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                os._exit(_live(json.loads(line)))
    return 0


def say(**words: Any) -> None:
    """One line of JSON to whoever asked."""
    os.write(1, json.dumps(words).encode() + b"\n")


def _live(asked: dict[str, Any]) -> int:
    """One server's whole life; the status it ends with."""
    os.setpgid(0, 0)
    with Path(asked["log"]).open("ab") as log:
        os.dup2(log.fileno(), 2)
    try:
        _serve(asked)
    except BaseException as error:  # noqa: BLE001  said, so that nobody waits for this server
        say(failed=repr(error))
        return 1
    return 0


def _serve(asked: dict[str, Any]) -> None:
    for name in asked["changes"]:
        importlib.import_module(name)
    controls = Controls(Path(asked["controls"]))
    if asked["witness"]:
        Witness(Path(asked["flushed"]), controls).install()

    def clock() -> datetime:
        return now() + timedelta(seconds=controls.read()[2])

    settings = Settings(
        database=f"sqlite:///{asked['database']}", host="127.0.0.1", port=asked["port"], exports=Path(asked["exports"]),
        address=f"http://127.0.0.1:{asked['port']}",
    )  # fmt: skip
    house = open_house(settings, clock)
    server = Server(create_app(settings, house))
    version = _version(house)
    server.start()
    say(ready=os.getpid(), version=version)
    server.run()


def _version(house: House) -> int:
    with house.reading() as connection:
        return highest_version(connection)


if __name__ == "__main__":
    raise SystemExit(main())
