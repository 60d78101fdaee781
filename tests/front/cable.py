"""The cable between a laptop and the server, over real sockets: whole, cut, or silent; without WebSocket if so wished."""

import contextlib
import socket
import threading
from enum import Enum, auto

_HEAD_MOST = 16_384


class Upgrades(Enum):
    """What the network does with WebSocket."""

    PASS = auto()
    REFUSE = auto()
    SWALLOW = auto()


class Cable:
    """A port of its own that carries bytes to the server and back.

    `cut` closes what is open and refuses what is new; `hush` swallows what open connections say, `mute` also what new ones
    say, and closes nothing, as a network that drops packets does; `mend` carries new connections again.
    """

    def __init__(self, server: int, upgrades: Upgrades = Upgrades.PASS) -> None:
        self._server = server
        self._upgrades = upgrades
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._silent: set[socket.socket] = set()
        self._is_cut = self._is_mute = False
        self.upgraded = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._is_cut, self._is_mute = True, False
        self._hang_up_all()

    def hush(self) -> None:
        """What is open now carries nothing ever again; what is new works."""
        with self._lock:
            for pair in self._pairs:
                self._silent.update(pair)

    def mute(self) -> None:
        """Nothing passes, nothing falls, and what is new is taken in and left without an answer."""
        self._is_cut, self._is_mute = False, True
        self.hush()

    def mend(self) -> None:
        self._is_cut = self._is_mute = False

    def close(self) -> None:
        self._is_cut = True
        self._door.close()
        self._hang_up_all()

    def _hang_up_all(self) -> None:
        with self._lock:
            pairs, self._pairs = self._pairs, []
            self._silent.clear()
        for pair in pairs:
            _hang_up(*pair)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if self._is_cut:
                _hang_up(near)
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._server))
            except OSError:
                # As without a cable: this one is refused, the next may be taken.
                _hang_up(near)
                continue
            with self._lock:
                self._pairs.append((near, far))
                if self._is_mute:
                    self._silent.update((near, far))
            threading.Thread(target=self._carry_requests, args=(near, far), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near), daemon=True).start()

    def _carry_requests(self, near: socket.socket, far: socket.socket) -> None:
        """Towards the server; a first request that asks for WebSocket is passed, refused or swallowed."""
        with contextlib.suppress(OSError):
            head = near.recv(_HEAD_MOST)
            if b"upgrade: websocket" in head.lower():
                self.upgraded += self._upgrades is Upgrades.PASS
                if self._upgrades is Upgrades.REFUSE:
                    near.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    _hang_up(near, far)
                    return
                if self._upgrades is Upgrades.SWALLOW:
                    self._silent.update((near, far))
            if head and near not in self._silent:
                far.sendall(head)
        self._carry(near, far)

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                if one not in self._silent:
                    other.sendall(data)
        # A connection that went silent stays so: its end is not told to the other side either.
        if one not in self._silent:
            _hang_up(one, other)


def _hang_up(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
