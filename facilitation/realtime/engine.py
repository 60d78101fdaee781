"""What python-engineio is given to run a hall on: a greenlet a phone, packets written straight to its line, one clock for pings.

As it comes, each of its sockets has a queue with a greenlet that empties it, a greenlet that reads, one that sleeps until the
next ping, and one that handles. Each greenlet costs some 20 kB and a turn of the loop per message. Its protocol, its sockets,
its timeouts and its rooms stay: only what it looks up in the table of its asynchronous mode is replaced. Who polls and never
fetches is hung up on as who stalls on a WebSocket is.
"""

from collections import deque
from collections.abc import Callable
from time import monotonic, time
from typing import Any

import gevent
from engineio.async_drivers.gevent import Thread
from engineio.async_drivers.gevent import _async as gevent_driver
from engineio.exceptions import SocketIsClosedError, UnknownPacketError
from engineio.packet import PING, Packet
from engineio.socket import Socket
from gevent.queue import JoinableQueue

from facilitation.realtime.websocket import MOST_BACKLOG, Line, accepted, frame

# What python-engineio would say once aloud of somebody else's request, its session's name too; here it is no news.
KNOWN_FAULTS = {"bad-jsonp-index", "bad-origin", "bad-sid", "bad-transport", "bad-upgrade", "bad-version"}


class Straight:
    """Stands where a socket's queue stood: what is put into it is on its way when `put` returns."""

    __slots__ = ("line",)

    def __init__(self, line: Line) -> None:
        self.line = line

    def put(self, packet: Packet | None) -> None:
        """Send a packet; None ends the connection, as it ends engine.io's writer."""
        if packet is None:
            self.line.end()
        else:
            self.line.push(frame(packet.encode()))

    def empty(self) -> bool:
        """Whether the peer has taken all that went before."""
        return not self.line.waiting

    def qsize(self) -> int:
        """How much the peer has yet to take; the line bounds it."""
        return self.line.waiting

    def join(self) -> None:
        """Nothing is ever left to wait for."""

    def task_done(self) -> None:
        """Nothing is ever left to count."""


class Bounded(JoinableQueue):  # type: ignore[misc]
    """What waits until long polling fetches it. Past MOST_BACKLOG nothing is kept any more, and the session ends: whoever polls
    comes back for a fresh screen."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0
        # Known once it is connected; what it is sent before is little.
        self.socket: Socket | None = None
        self._is_over = False

    def put(self, packet: Packet | None, block: bool = True, timeout: float | None = None) -> None:  # noqa: FBT001, FBT002
        """Keep a packet, or None, which ends the session."""
        if packet is None:
            super().put(None, block, timeout)
            return
        size = _weight(packet)
        if self._is_over or self.size + size > MOST_BACKLOG:
            self._end()
            return
        self.size += size
        super().put(packet, block, timeout)

    def get(self, block: bool = True, timeout: float | None = None) -> Packet | None:  # noqa: FBT001, FBT002
        """The next packet. Raises gevent.queue.Empty."""
        packet = super().get(block, timeout)
        if packet is not None:
            self.size -= _weight(packet)
        return packet

    def _end(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        while not self.empty():
            self.get(block=False)
            self.task_done()
        if self.socket is not None:
            # In a turn of its own: who speaks to a whole room is not interrupted by one who leaves it.
            gevent.spawn(_let_go, self.socket)


def _weight(packet: Packet) -> int:
    """Bytes of a packet as polling carries it. Bytes are not encoded for it: a WebSocket may yet take them as they are."""
    return len(packet.data) * 4 // 3 if packet.binary else len(packet.encode())


def _let_go(socket: Socket) -> None:
    socket.close(wait=False, abort=True, reason=socket.server.reason.TRANSPORT_ERROR)
    socket.server.sockets.pop(socket.sid, None)


class Driver:
    """What python-engineio asks of a WebSocket class."""

    def __init__(self, handler: Callable[[Any], Any], _server: Any) -> None:
        self._handler = handler
        # The handler is a method of engine.io's socket.
        self._socket: Socket = handler.__self__  # type: ignore[attr-defined]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        answer = accepted(environ)
        if answer is None:
            if not self._socket.connected:
                self._socket.close(wait=False, abort=True)
            start_response("400 BAD REQUEST", [("Content-Type", "text/plain")])
            return [b"not a WebSocket"]
        found = environ["wsgi.input"]
        sock = getattr(found, "rfile", found).raw._sock  # noqa: SLF001  gevent's own way to its socket
        sock.sendall(answer)
        self._line = self._socket.wire = Line(sock)
        if self._socket.connected:
            # An upgrade from long polling: engine.io hands over from one to the other.
            return self._handler(self)
        self._serve()
        return []

    def close(self) -> None:
        self._line.end()

    def send(self, message: str | bytes) -> None:
        self._line.push(frame(message))

    def wait(self) -> str | bytes | None:
        return self._line.wait()

    def _serve(self) -> None:
        """Hear one phone until it goes."""
        socket, line = self._socket, self._line
        socket.connected = socket.upgraded = True
        # The greeting, and what was said while it connected.
        before, socket.queue = socket.queue, Straight(line)
        while not before.empty():
            socket.queue.put(before.get())
        # This lasts as long as the phone stays.
        del before
        try:
            while (message := line.wait()) is not None:
                try:
                    socket.receive(Packet(encoded_packet=message))
                except UnknownPacketError:
                    continue
        except (SocketIsClosedError, ValueError, IndexError):
            # Hung up on by us meanwhile, or it speaks something else.
            line.hang_up()
        finally:
            line.end()
            socket.close(wait=False, abort=True, reason=socket.server.reason.TRANSPORT_CLOSE)


class Clock:
    """Pings for everybody from one greenlet; all wait equally long, so who comes first is due first."""

    def __init__(self) -> None:
        self._due: deque[tuple[float, Socket]] = deque()
        self._walker: gevent.Greenlet | None = None

    def ping(self, socket: Socket) -> None:
        """Ping this socket when its interval is over."""
        self._due.append((monotonic() + socket.server.ping_interval, socket))
        if self._walker is None or self._walker.dead:
            self._walker = gevent.spawn(self._walk)

    def _walk(self) -> None:
        while self._due:
            due, socket = self._due[0]
            if due > monotonic():
                gevent.sleep(due - monotonic())
                continue
            self._due.popleft()
            if not socket.closing and not socket.closed:
                socket.last_ping = time()
                socket.send(Packet(PING))


class Task:
    """A background task of engine.io that is only a ping to come."""

    def __init__(self, clock: Clock, socket: Socket) -> None:
        self._clock, self._socket = clock, socket

    def start(self) -> None:
        self._clock.ping(self._socket)


def driver() -> dict[str, Any]:
    """The table of an asynchronous mode, for one server."""
    clock = Clock()

    def task(target: Any, args: Any = (), kwargs: Any = None) -> Any:
        if getattr(target, "__func__", None) is Socket._send_ping:  # noqa: SLF001  it only sleeps, then pings
            socket = target.__self__
            if isinstance(socket.queue, Bounded):
                socket.queue.socket = socket
            return Task(clock, socket)
        return Thread(target, list(args), kwargs or {})

    return {**gevent_driver, "websocket": Driver, "thread": task, "queue": Bounded}


def show_out(server: Any, sid: str) -> None:
    """End a Socket.IO connection, and its line with it: whoever does not understand goodbye is hung up on."""
    eio_sid = server.manager.eio_sid_from_sid(sid, "/")
    server.disconnect(sid)
    found = server.eio.sockets.get(eio_sid)
    if found is not None and isinstance(found.queue, Straight):
        server.eio.disconnect(eio_sid)
