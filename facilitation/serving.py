"""Running the application: one process, many phones, and a stop that finishes what was begun."""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EMFILE, ENFILE
from socket import SHUT_RD, SHUT_RDWR
from time import monotonic
from types import TracebackType
from typing import Any

import gevent
from engineio.exceptions import EngineIOError
from gevent.event import Event
from gevent.pool import Pool
from gevent.pywsgi import Input, WSGIHandler, WSGIServer
from werkzeug.exceptions import RequestTimeout

from facilitation.app import Application
from facilitation.keeping import Keeper
from facilitation.realtime.engine import show_out
from facilitation.realtime.pulse import Pulse
from facilitation.store.locking import FileLock
from facilitation.web.pages.watching import Gauges

# Seconds a connection may say nothing, may take to name what it asks, and may take at least to send the rest.
IDLE, HEAD, BODY = 75.0, 20.0, 30.0
# A body may take longer by what a slow phone needs for it, in bytes a second, up to a photo's size.
SLOWEST, LARGEST = 50_000, 17_000_000
# Seconds for answers on their way; when phones come back to a server that starts again, and how far apart, in milliseconds.
FINISH, RESTART_MS, EACH_MS = 5.0, 2000, 2
# Seconds after which the thread that commits gets the interpreter back while a screen is built. Each statement costs it a turn:
# with Python's own 5 ms, a batch of commands waited for tenths of a second in which nothing was computed for it.
TAKES_TURNS = 0.0005
LOG = logging.getLogger("facilitation")


class SlowBody(RequestTimeout, EngineIOError):  # type: ignore[misc]
    """A body that takes too long; pages and Socket.IO each know it as the asker's fault."""


class Body(Input):  # type: ignore[misc]
    """What a request sends after its head, for so long. Raises SlowBody."""

    def __init__(self, found: Any, wire: Any) -> None:
        self.wire = wire
        super().__init__(found.rfile, found.content_length, found.socket, found.chunked_input)
        self.until = monotonic() + BODY + min(found.content_length or 0, LARGEST) / SLOWEST

    def read(self, length: int | None = None) -> Any:
        with self._awaited():
            return super().read(length)

    def readline(self, size: int | None = None) -> Any:
        with self._awaited():
            return super().readline(size)

    @contextmanager
    def _awaited(self) -> Iterator[None]:
        try:
            with gevent.Timeout(max(0.0, self.until - monotonic()), SlowBody()):
                yield
        except SlowBody:
            # Now, whatever is still done with what came: Socket.IO waits for its own reader first.
            with suppress(OSError):
                self.wire.shutdown(SHUT_RDWR)
            raise


class Handler(WSGIHandler):  # type: ignore[misc]
    """One connection: who dribbles is let go, nothing personal is logged, and nothing is kept by proxies unasked.

    A server that leaves finishes the answers on their way; connections that wait for a further question end.
    """

    def handle(self) -> None:
        # A phone that left halfway through an answer is nothing to report.
        with suppress(ConnectionError):
            super().handle()

    def read_requestline(self) -> str:
        said = [""]
        quiet: set[Any] = getattr(self.server, "quiet", set())
        quiet.add(self.socket)
        if getattr(self.server, "is_leaving", False):
            deafen(self.socket)
        try:
            with gevent.Timeout(IDLE, False):  # noqa: FBT003  gevent's way to say: end without an error
                said.append(super().read_requestline())
        finally:
            quiet.discard(self.socket)
        return said[-1]

    def read_request(self, raw_requestline: str) -> bool:
        was_read = [False]
        with gevent.Timeout(HEAD, False):  # noqa: FBT003  as above
            was_read.append(super().read_request(raw_requestline))
        return was_read[-1]

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        if isinstance(environ["wsgi.input"], Input):
            environ["wsgi.input"] = self.wsgi_input = Body(environ["wsgi.input"], self.socket)
        return environ

    def finalize_headers(self) -> None:
        if not any(name.lower() == b"cache-control" for name, _ in self.response_headers):
            self.response_headers.append((b"Cache-Control", b"private, no-store"))
        super().finalize_headers()

    def handle_error(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if isinstance(error, SlowBody):
            self.close_connection = True
        else:
            super().handle_error(kind, error, where)

    def log_error(self, *_: Any) -> None:
        # What gevent would say of a request it cannot read names the asker's address.
        LOG.info("a request that cannot be read")

    def _log_error(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        # The same, with the address asked for.
        LOG.error("unexpected error while answering", exc_info=(kind, error, where))


def deafen(sock: Any) -> None:
    """What has come on it is still answered; nothing further is waited for."""
    with suppress(OSError):
        sock.shutdown(SHUT_RD)


class NoLineLeft(OSError):
    """The system allows no further connection."""


class Listener(WSGIServer):  # type: ignore[misc]
    """Takes connections. Where the system allows no more, it waits until some have ended, and prints no page for each try.

    `quiet` are the connections on which nothing is being asked.
    """

    def __init__(self, address: tuple[str, int], app: Any) -> None:
        # Only a pool knows whom to wait for: without one, stopping waits for nobody.
        super().__init__(address, app, log=None, backlog=4096, handler_class=Handler, spawn=Pool())
        self.is_leaving = False
        self.quiet: set[Any] = set()

    def leave(self) -> None:
        """Take nobody new, answer what was asked within FINISH seconds, end the rest."""
        self.is_leaving = True
        self.stop_accepting()
        for sock in list(self.quiet):
            deafen(sock)
        self.stop(timeout=FINISH)

    def init_socket(self) -> None:
        super().init_socket()
        hub = gevent.get_hub()
        hub.NOT_ERROR = (*hub.NOT_ERROR, NoLineLeft)

    def do_read(self) -> Any:
        try:
            return super().do_read()
        except OSError as error:
            if error.errno not in {EMFILE, ENFILE}:
                raise
            # Said when it begins: the pause doubles with each try that fails.
            if self.delay <= self.min_delay:
                LOG.warning("no file left for a further connection; see docs/operate.md")
            raise NoLineLeft(*error.args) from None


class Server:
    """The web server of one application; holds the database's lock while it runs."""

    def __init__(self, application: Application) -> None:
        settings = application.settings
        self._application = application
        self._keeper = Keeper(application)
        self._lock = FileLock(settings.database)
        self._lock.take(f"http://{settings.host}:{settings.port}")
        self._gauges = application.flask.extensions["gauges"]
        assert isinstance(self._gauges, Gauges)
        self._wsgi = Listener((settings.host, settings.port), application.flask)
        self._asked = Event()

    def start(self) -> int:
        """Listen, and return the port; a second call only returns it."""
        if not self._wsgi.started:
            self._wsgi.start()
            self._keeper.start()
            self._pulse = Pulse()
            self._gauges.add("lag_seconds", "gauge", "How late this process woke up at worst, of late.", self._pulse.lag)
        return int(self._wsgi.server_port)

    def run(self) -> None:
        """Listen until asked to stop; what was being written is finished."""
        sys.setswitchinterval(TAKES_TURNS)
        self.start()
        # Leaving takes seconds, and the process ends with this greenlet: a signal only asks, and the stop is waited for here.
        gevent.signal_handler(signal.SIGTERM, self._asked.set)
        gevent.signal_handler(signal.SIGINT, self._asked.set)
        self._asked.wait()
        self.stop()

    def stop(self) -> None:
        """Take nobody new, tell phones when to come back, finish what was begun, let go of the file."""
        if self._wsgi.started:
            LOG.info("leaving")
            self._keeper.stop()
            self._gauges.is_leaving = True
            self._wsgi.stop_accepting()
            self._say_goodbye()
            self._wsgi.leave()
            self._pulse.stop()
            self._application.house.close()
            self._lock.release()

    def _say_goodbye(self) -> None:
        """Phones come back one after the other: at once where other processes wait for them, else once this one may be up."""
        sockets, phones = self._application.socketio, self._application.newsroom.everybody()
        after = 100 if self._application.others else RESTART_MS
        sockets.emit("leaving", {"after": after, "spread": after + phones * EACH_MS})
        for sid in [sid for sid, _ in sockets.server.manager.get_participants("/", None)]:
            with suppress(KeyError, EngineIOError):
                show_out(sockets.server, sid)
