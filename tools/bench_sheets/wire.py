"""A WebSocket for a load generator: frames made beforehand, read only where somebody looks, thrown away elsewhere."""

import socket
from collections.abc import Callable, Iterator

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
PATIENCE = 60.0
# Browsers offer it, so it is offered; a server that took it would have to be read otherwise.
OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
# How our server says no; a run in which it did lost keys.
REFUSED = b'"ok":false'
_ENGINE_PING, _ENGINE_PONG = b"\x81\x012", b"\x81\x81\0\0\0\x003"


def frame(opcode: int, payload: bytes) -> bytes:
    """One frame as a client sends it, masked with zeros."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + b"\0\0\0\0" + payload


class Wire:
    """One connection; blocking until `release`. `said` is the text that came last: it names the binary message after it."""

    def __init__(self, port: int, path: str, cookie: str = "") -> None:
        self.received = self.refused = 0
        self.said = b""
        self._in = bytearray()
        self._out = bytearray()
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head = f"Cookie: {cookie}\r\n" if cookie else ""
        self._socket.sendall((
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"{OFFER}{head}\r\n"
        ).encode())  # fmt: skip
        while b"\r\n\r\n" not in self._in:
            self._receive()
        answer, _, rest = bytes(self._in).partition(b"\r\n\r\n")
        self._in = bytearray(rest)
        if b" 101 " not in answer.split(b"\r\n")[0] or b"permessage-deflate" in answer.lower():
            raise ConnectionError(answer.decode())

    def fileno(self) -> int:
        """For a poll."""
        return self._socket.fileno()

    def wait(self, wanted: Callable[[int, bytes], bool]) -> bytes:
        """Read until a frame is the one wanted; only before `release`."""
        while True:
            # One at a time: what comes after the one wanted stays to be read.
            for opcode, payload in self._frames():
                if wanted(opcode, payload):
                    return payload
            self._receive()

    def release(self) -> None:
        """From here on nothing waits."""
        self._socket.settimeout(0.0)

    def send(self, data: bytes) -> None:
        """Send frames; what the socket does not take is kept for `push`."""
        self._out += data
        self.push()

    def push(self) -> None:
        """Send what was kept."""
        while self._out:
            try:
                sent = self._socket.send(self._out)
            except BlockingIOError:
                return
            del self._out[:sent]

    def read(self) -> Iterator[bytes]:
        """The binary messages there are."""
        if not self._take():
            return
        for opcode, payload in self._frames():
            if opcode == BINARY:
                yield payload
                continue
            self.said = payload
            if payload == b"2" and opcode == TEXT:
                self.send(_ENGINE_PONG)
            elif REFUSED in payload:
                self.refused += 1
            elif opcode == PING:
                self.send(frame(10, payload))

    def drain(self) -> None:
        """Throw away what there is; a heartbeat is answered."""
        try:
            data = self._socket.recv(262_144)
        except BlockingIOError:
            return
        if not data:
            raise ConnectionError("hung up")
        self.received += len(data)
        self.refused += data.count(REFUSED)
        if _ENGINE_PING in data:
            self.send(_ENGINE_PONG)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _take(self) -> bool:
        try:
            self._receive()
        except BlockingIOError:
            return False
        return True

    def _receive(self) -> None:
        data = self._socket.recv(262_144)
        if not data:
            raise ConnectionError("hung up")
        self.received += len(data)
        self._in += data

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        buffer = self._in
        while len(buffer) >= 2:
            length, head = buffer[1], 2
            if length > 125:
                head = 4 if length == 126 else 10
                if len(buffer) < head:
                    return
                length = int.from_bytes(buffer[2:head], "big")
            if len(buffer) < head + length:
                return
            opcode, payload = buffer[0] & 0x0F, bytes(buffer[head : head + length])
            del buffer[: head + length]
            if opcode == CLOSE:
                raise ConnectionError(f"closed: {payload!r}")
            yield opcode, payload
