"""A WebSocket that survives a stalled reader: whole frames or none, no compression, messages capped.

simple-websocket calls `send` once and ignores a short write, accepts any permessage-deflate offer, and by default buffers
messages of any size. Each of these is mended here, by what is handed to it rather than by changing it.
"""

import contextlib
import socket
from typing import Any

import gevent
import gevent.event
import gevent.selectors
import simple_websocket
from engineio.async_drivers.gevent import Thread
from engineio.async_drivers.gevent import _async as gevent_driver
from gevent.lock import Semaphore

MOST_BYTES = 1_200_000
STALLED_AFTER = 30.0


class StalledReader(OSError):
    """A peer that took nothing for STALLED_AFTER seconds."""


class WholeSocket:
    """A socket whose `send` sends everything, one sender at a time."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._lock = Semaphore()
        self._is_whole = True

    def offer(self, data: bytes) -> bool:
        """Send all of `data` without waiting; False, with nothing sent, where the peer has yet to take what went before."""
        if self._lock.locked() or not self._is_whole:
            return False
        try:
            sent = self._sock.send(data, 0, timeout=0.0)
        except BlockingIOError:
            return False
        except OSError:
            # Whoever reads from this socket finds it closed.
            return False
        if sent < len(data):
            self._lock.acquire()
            self._is_whole = False
            gevent.spawn(self._finish, data[sent:])
        return True

    def _finish(self, rest: bytes) -> None:
        """Send what a peer did not take at once; the lock is held already."""
        with contextlib.suppress(OSError):
            try:
                with gevent.Timeout(STALLED_AFTER, StalledReader("nothing was read")):
                    self._sock.sendall(rest)
                self._is_whole = True
            finally:
                if not self._is_whole:
                    self._hang_up()
                self._lock.release()

    def send(self, data: bytes) -> int:
        """Send all of `data`. Raises StalledReader; nothing follows a frame that was cut short."""
        with gevent.Timeout(STALLED_AFTER, StalledReader("nothing was read")), self._lock:
            if not self._is_whole:
                raise StalledReader("an earlier frame was cut short")
            self._is_whole = False
            try:
                self._sock.sendall(data)
                self._is_whole = True
            finally:
                if not self._is_whole:
                    self._hang_up()
        return len(data)

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class Server(simple_websocket.Server):  # type: ignore[misc]
    """simple-websocket's server on a WholeSocket, deaf to offers of compression."""

    def __init__(self, environ: dict[str, Any]) -> None:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        super().__init__(
            environ, max_message_size=MOST_BYTES, thread_class=Thread, event_class=gevent.event.Event,
            selector_class=gevent.selectors.DefaultSelector, receive_bytes=16_384,
        )  # fmt: skip

    def handshake(self) -> None:
        """Upgrade the connection, on the socket that sends whole frames."""
        self.sock: Any = WholeSocket(self.sock)
        super().handshake()


class Driver:
    """What python-engineio asks of a WebSocket class under gevent."""

    def __init__(self, handler: Any, _server: Any) -> None:
        self._handler = handler
        self.ws: Any = None

    def __call__(self, environ: dict[str, Any], _start_response: Any) -> Any:
        self.ws = Server(environ)
        # The handler is a method of engine.io's socket, which broadcasts find by its id: the wire is left there for them.
        self._handler.__self__.wire = self.ws.sock
        return self._handler(self)

    def close(self) -> None:
        # Nobody need be told goodbye who no longer takes anything.
        with contextlib.suppress(OSError):
            if self.ws.connected:
                self.ws.close()

    def send(self, message: Any) -> Any:
        try:
            return self.ws.send(message)
        except simple_websocket.ConnectionClosed as error:
            raise OSError("closed") from error

    def wait(self) -> Any:
        try:
            return self.ws.receive()
        except simple_websocket.ConnectionClosed:
            return None


DRIVER = {**gevent_driver, "websocket": Driver}
