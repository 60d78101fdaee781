"""What lies between one device and the server: it carries, breaks, goes silent, stalls, or lets no WebSocket through."""

import contextlib
import socket
from dataclasses import dataclass, field
from enum import Enum, auto

import gevent
from gevent.event import Event
from gevent.server import StreamServer

_HEAD_MOST = 16_384
_REFUSED = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Upgrades(Enum):
    """What the network does with WebSocket."""

    PASS = auto()
    REFUSE = auto()
    SWALLOW = auto()


@dataclass(eq=False)
class _Pair:
    """One connection, both ways."""

    near: socket.socket
    far: socket.socket
    upgraded: bool = False
    silent: bool = False
    carriers: list[gevent.Greenlet] = field(default_factory=list)


class Cable:
    """A port of its own that carries bytes to the server and back."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._pairs: set[_Pair] = set()
        self._flows = Event()
        self._flows.set()
        self._is_cut = self._is_mute = False
        self.upgrades = Upgrades.PASS
        self._door = StreamServer(("127.0.0.1", 0), self._carry)
        self._door.start()
        self.port = int(self._door.server_port)

    def cut(self) -> None:
        """Close what is open, refuse what is new."""
        self._is_cut = True
        self._hang_up_all()

    def mute(self) -> None:
        """Nothing passes and nothing closes; what is open now carries nothing ever again."""
        self._is_mute = True
        for pair in self._pairs:
            pair.silent = True

    def stall(self) -> None:
        """Take nothing more from the server, as a phone does whose reader has stopped; it comes later."""
        self._flows.clear()

    def forbid(self, upgrades: Upgrades) -> None:
        """From now on no WebSocket: those that are open close."""
        self.upgrades = upgrades
        for pair in [pair for pair in self._pairs if pair.upgraded]:
            _hang_up(pair)

    def mend(self) -> None:
        """Carry again; WebSocket stays forbidden."""
        self._is_cut = self._is_mute = False
        self._flows.set()

    def close(self) -> None:
        """Take it away."""
        self._door.stop(timeout=0)
        self._flows.set()
        self._hang_up_all()

    def _hang_up_all(self) -> None:
        for pair in list(self._pairs):
            _hang_up(pair)

    def _carry(self, near: socket.socket, _address: object) -> None:
        if self._is_cut:
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self._server))
        except OSError:
            near.close()
            return
        pair = _Pair(near, far, silent=self._is_mute)
        self._pairs.add(pair)
        back = gevent.spawn(self._back, pair)
        self._forth(pair)
        back.join()
        self._pairs.discard(pair)

    def _forth(self, pair: _Pair) -> None:
        with contextlib.suppress(OSError):
            data = pair.near.recv(_HEAD_MOST)
            if b"upgrade: websocket" in data.lower():
                pair.upgraded = True
                if self.upgrades is Upgrades.REFUSE:
                    pair.near.sendall(_REFUSED)
                    data = b""
                pair.silent = pair.silent or self.upgrades is Upgrades.SWALLOW
            while data:
                if not pair.silent:
                    pair.far.sendall(data)
                data = pair.near.recv(65_536)
        _hang_up(pair)

    def _back(self, pair: _Pair) -> None:
        with contextlib.suppress(OSError):
            while data := pair.far.recv(65_536):
                self._flows.wait()
                if not pair.silent:
                    pair.near.sendall(data)
        # A connection that went silent stays so: its end is not told either.
        if not pair.silent:
            _hang_up(pair)


def _hang_up(pair: _Pair) -> None:
    for end in (pair.near, pair.far):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
