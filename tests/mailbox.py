"""A real mail server for tests, in a process of its own: each letter becomes a file."""

import socket
import subprocess
import sys
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class Box:
    """What the server does with a letter: refuses some addresses, for good or for now, and keeps the others."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802, ARG002
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if address.startswith("later@") and not (self.folder / "now").exists():
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002
        to = ",".join(envelope.rcpt_tos).encode()
        number = len(list(self.folder.glob("*.eml")))
        beside = self.folder / f"{number}.part"
        beside.write_bytes(b"X-To: " + to + b"\r\n" + envelope.content)
        beside.rename(self.folder / f"{number:04d}.eml")
        return "250 kept"


class Mailbox:
    """A server on a port of this machine, up or down as the test wishes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._server: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.mailbox", str(self.port), str(self.folder)], stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
        assert self._server.stdout is not None
        assert self._server.stdout.readline() == "open\n"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server is not None
        self._server.terminate()
        self._server.wait(10)
        assert self._server.stdout is not None
        self._server.stdout.close()

    @property
    def letters(self) -> list[EmailMessage]:
        """What came, in order."""
        found = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(self.folder.glob("*.eml")))
        return list(found)


def main(port: int, folder: str) -> None:
    import asyncio

    from aiosmtpd.controller import UnthreadedController

    loop = asyncio.new_event_loop()
    controller = UnthreadedController(Box(folder), hostname="127.0.0.1", port=port, loop=loop)
    controller.begin()  # type: ignore[no-untyped-call]
    sys.stdout.write("open\n")
    sys.stdout.flush()
    loop.run_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
