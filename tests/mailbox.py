"""A real mail server for tests, in a process of its own: each letter becomes a file."""

import json
import socket
import ssl
import subprocess
import sys
from contextlib import closing
from dataclasses import astuple, dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Secured:
    """A server that shows a certificate and asks who writes; "none" offers no secret line. The key lies beside the certificate."""

    security: str
    certificate: Path
    user: str
    password: str

    def context(self) -> ssl.SSLContext:
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        made.load_cert_chain(self.certificate, self.certificate.with_name("key.pem"))
        return made


class Box:
    """What the server does with a letter: refuses some addresses, for good or for now, and keeps the others."""

    def __init__(self, folder: str, secured: Secured | None = None) -> None:
        self.folder = Path(folder)
        self.secured = secured

    def knows(self, _server: Any, session: Any, _envelope: Any, _mechanism: str, told: Any) -> Any:
        """Whether this is whom we write for; each password that was tried is kept."""
        from aiosmtpd.smtp import AuthResult

        assert self.secured is not None
        password = told.password.decode()
        with (self.folder / "tried").open("a") as tried:
            tried.write(json.dumps(password) + "\n")
        right = (told.login.decode(), password) == (self.secured.user, self.secured.password)
        session.writer = told.login.decode() if right else ""
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802, ARG002
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if address.startswith("later@") and not (self.folder / "now").exists():
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        to = ",".join(envelope.rcpt_tos).encode()
        number = len(list(self.folder.glob("*.eml")))
        beside = self.folder / f"{number}.part"
        line = f"X-Line: {'secret' if server.transport.get_extra_info('ssl_object') else 'open'}\r\nX-User: {getattr(session, 'writer', '')}\r\n".encode()
        beside.write_bytes(b"X-To: " + to + b"\r\n" + line + envelope.content)
        beside.rename(self.folder / f"{number:04d}.eml")
        return "250 kept"


class Mailbox:
    """A server on a port of this machine, up or down as the test wishes."""

    def __init__(self, folder: Path, secured: Secured | None = None) -> None:
        self.folder = folder
        self._how = [*map(str, astuple(secured))] if secured else []
        folder.mkdir(parents=True, exist_ok=True)
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._server: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.mailbox", str(self.port), str(self.folder), *self._how], stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
        assert self._server.stdout is not None
        assert self._server.stdout.readline() == "open\n"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server is not None
        self._server.terminate()
        self._server.wait(60)
        assert self._server.stdout is not None
        self._server.stdout.close()

    @property
    def tried(self) -> list[str]:
        """The passwords it was shown."""
        path = self.folder / "tried"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def letters(self) -> list[EmailMessage]:
        """What came, in order."""
        found = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(self.folder.glob("*.eml")))
        return list(found)


def main(port: int, folder: str, *how: str) -> None:
    import asyncio

    from aiosmtpd.controller import UnthreadedController

    loop = asyncio.new_event_loop()
    secured = Secured(how[0], Path(how[1]), how[2], how[3]) if how else None
    box, more = Box(folder, secured), dict[str, Any]()
    if secured:
        more = {"authenticator": box.knows, "auth_required": True, "auth_require_tls": secured.security != "none"}
        if secured.security == "starttls":
            more |= {"tls_context": secured.context(), "require_starttls": True}
        elif secured.security == "tls":
            more |= {"ssl_context": secured.context(), "auth_require_tls": False}
    controller = UnthreadedController(box, hostname="127.0.0.1", port=port, loop=loop, **more)
    controller.begin()  # type: ignore[no-untyped-call]
    sys.stdout.write("open\n")
    sys.stdout.flush()
    loop.run_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
