"""One phone's WebSocket, light enough for ten thousand of them: no greenlet and no queue of its own while all goes well.

Whole frames or none, no compression, messages capped. What a phone does not take at once waits in a bounded backlog that is
finished behind everybody's back; who takes nothing for STALLED_AFTER seconds, or lets too much pile up, is hung up on and comes
back for a fresh screen.
"""

import binascii
import contextlib
import socket
import struct
from base64 import b64decode, b64encode
from collections import deque
from hashlib import sha1
from typing import Any

import gevent

MOST_BYTES = 1_200_000
MOST_BACKLOG = 2_500_000
STALLED_AFTER = 30.0
AT_A_TIME = 16_384
CONTINUED, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
WRONG, NOT_TEXT, TOO_BIG = 1002, 1007, 1009
SWITCHING = (b"HTTP/1.1 101 Switching Protocols", b"Upgrade: websocket", b"Connection: Upgrade")
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class StalledReader(OSError):
    """A peer that took nothing for STALLED_AFTER seconds."""


class Unreadable(Exception):
    """What came is no WebSocket; `code` says why, as RFC 6455 numbers it."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def frame(payload: str | bytes, kind: int | None = None) -> bytes:
    """A whole, unmasked WebSocket frame."""
    body = payload.encode() if isinstance(payload, str) else payload
    head = 0x80 | (kind if kind is not None else TEXT if isinstance(payload, str) else BINARY)
    size = len(body)
    if size < 126:
        return struct.pack(">BB", head, size) + body
    if size < 65_536:
        return struct.pack(">BBH", head, 126, size) + body
    return struct.pack(">BBQ", head, 127, size) + body


def accepted(environ: dict[str, Any]) -> bytes | None:
    """The answer that opens a WebSocket, deaf to offers of compression; None where this asks for none."""
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "").strip()
    try:
        is_key = len(b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        is_key = False
    words = {word.strip().lower() for word in environ.get("HTTP_CONNECTION", "").split(",")}
    if not is_key or "upgrade" not in words or environ.get("HTTP_SEC_WEBSOCKET_VERSION", "").strip() != "13":
        return None
    proof = b64encode(sha1(key.encode() + GUID).digest())  # noqa: S324  the protocol's own, no secret
    return b"\r\n".join((*SWITCHING, b"Sec-WebSocket-Accept: " + proof, b"", b""))


class Line:
    """A WebSocket on a gevent socket whose handshake is done. One greenlet reads; anybody pushes, and nobody waits to."""

    __slots__ = ("_backlog", "_ending", "_is_open", "_pending", "_raw", "_size", "_sock")

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._raw = sock._sock  # noqa: SLF001  the system's socket, which answers at once
        self._backlog: deque[memoryview] = deque()
        self._size = 0
        self._pending = b""
        self._is_open = True
        self._ending = False

    @property
    def waiting(self) -> int:
        """How many frames, or ends of frames, the peer has yet to take."""
        return len(self._backlog)

    def offer(self, data: bytes) -> bool:
        """Send frames without waiting; False, with nothing sent, where the peer has yet to take what went before."""
        if self._backlog or not self._is_open:
            return False
        try:
            sent = self._raw.send(data)
        except BlockingIOError:
            return False
        except OSError:
            # Whoever reads from this socket finds it closed.
            return False
        if sent < len(data):
            self._keep(memoryview(data)[sent:])
        return True

    def push(self, data: bytes) -> None:
        """Send frames after what waits already. Who lets too much pile up is hung up on."""
        if self._is_open and not self.offer(data):
            self._keep(memoryview(data))

    def end(self, code: int = 1000) -> None:
        """Say goodbye, and hang up once it is said."""
        if self._is_open and not self._ending:
            self.push(frame(struct.pack(">H", code), CLOSE))
            self._ending = True
            if not self._backlog:
                self.hang_up()

    def hang_up(self) -> None:
        """End the connection now; whoever reads from it finds it closed."""
        self._is_open = False
        self._backlog.clear()
        with contextlib.suppress(OSError):
            self._raw.shutdown(socket.SHUT_RDWR)

    def wait(self) -> str | bytes | None:
        """The next message; None once the connection has ended."""
        try:
            return self._message()
        except Unreadable as error:
            self.end(error.code)
        except OSError:
            self.hang_up()
        return None

    def _keep(self, rest: memoryview) -> None:
        self._size = self._size + len(rest) if self._backlog else len(rest)
        if self._size > MOST_BACKLOG:
            self.hang_up()
            return
        self._backlog.append(rest)
        if len(self._backlog) == 1:
            gevent.spawn(self._finish)

    def _finish(self) -> None:
        """Send what a peer did not take at once, as it takes it."""
        try:
            while self._backlog:
                with gevent.Timeout(STALLED_AFTER, StalledReader("nothing was read")):
                    sent = self._sock.send(self._backlog[0])
                if not self._backlog:
                    return
                self._size -= sent
                if sent < len(self._backlog[0]):
                    self._backlog[0] = self._backlog[0][sent:]
                else:
                    self._backlog.popleft()
        except OSError:
            self.hang_up()
        if self._ending:
            self.hang_up()

    def _message(self) -> str | bytes | None:
        """The next message, its pieces joined; control frames are dealt with on the way."""
        parts: list[bytes] = []
        kind, size = CONTINUED, 0
        while True:
            first, second = self._read(2)
            opcode, length = first & 0x0F, second & 0x7F
            if first & 0x70 or not second & 0x80:
                raise Unreadable(WRONG)
            if opcode >= CLOSE:
                if length > 125 or not first & 0x80:
                    raise Unreadable(WRONG)
                if not self._controlled(opcode, self._body(length)):
                    return None
                continue
            if (opcode == CONTINUED) == (kind == CONTINUED) or opcode > BINARY:
                raise Unreadable(WRONG)
            kind = kind or opcode
            if length > 125:
                length = int.from_bytes(self._read(2 if length == 126 else 8), "big")
            size += length
            if size > MOST_BYTES:
                raise Unreadable(TOO_BIG)
            parts.append(self._body(length))
            if first & 0x80:
                return _whole(kind, parts)

    def _controlled(self, opcode: int, body: bytes) -> bool:
        """Answer a ping or a goodbye; False where the connection ends."""
        if opcode == CLOSE:
            self.end(int.from_bytes(body[:2], "big") if len(body) > 1 else 1000)
        elif opcode == PING:
            self.push(frame(body, PONG))
        elif opcode != PONG:
            raise Unreadable(WRONG)
        return opcode != CLOSE

    def _body(self, length: int) -> bytes:
        mask, body = self._read(4), self._read(length)
        key = (mask * (length // 4 + 1))[:length]
        return (int.from_bytes(body, "big") ^ int.from_bytes(key, "big")).to_bytes(length, "big")

    def _read(self, length: int) -> bytes:
        """Exactly so many bytes. Raises OSError where the connection ends before."""
        if len(self._pending) < length:
            got, parts = len(self._pending), [self._pending]
            self._pending = b""
            while got < length:
                data = self._sock.recv(AT_A_TIME)
                if not data:
                    raise OSError("ended")
                got += len(data)
                parts.append(data)
            self._pending = b"".join(parts)
        taken, self._pending = self._pending[:length], self._pending[length:]
        return taken


def _whole(kind: int, parts: list[bytes]) -> str | bytes:
    data = parts[0] if len(parts) == 1 else b"".join(parts)
    if kind == BINARY:
        return data
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Unreadable(NOT_TEXT) from None
