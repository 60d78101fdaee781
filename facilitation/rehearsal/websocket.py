"""A WebSocket as a browser opens it, thin enough for a thousand in one process; the frames are RFC 6455's."""

import base64
import hashlib
import os
import socket
import ssl
import zlib
from collections.abc import Iterator
from http.client import HTTPMessage, parse_headers
from io import BytesIO
from urllib.parse import SplitResult

from gevent.lock import RLock

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CONTINUED, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0, 1, 2, 8, 9, 10
PATIENCE = 30.0


class Closed(ConnectionError):
    """The other side is gone, or never came."""


def connect(url: SplitResult, patience: float = PATIENCE) -> socket.socket:
    """A connection to the host of an http or https address."""
    secure = url.scheme == "https"
    found = socket.create_connection((url.hostname or "", url.port or (443 if secure else 80)), patience)
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ssl.create_default_context().wrap_socket(found, server_hostname=url.hostname) if secure else found


class WebSocket:
    """Whole messages both ways. It offers permessage-deflate as browsers do, and inflates where that is accepted."""

    def __init__(self, url: SplitResult, path: str, headers: dict[str, str], patience: float = PATIENCE) -> None:
        self._buffer = bytearray()
        self._sending = RLock()
        self._inflater: zlib._Decompress | None = None
        self._socket = connect(url, patience)
        try:
            answer = self._shake_hands(url, path, headers)
        except OSError:
            self._socket.close()
            raise
        if "permessage-deflate" in answer.get("Sec-WebSocket-Extensions", ""):
            self._inflater = zlib.decompressobj(-15)
        self._socket.settimeout(None)

    def _shake_hands(self, url: SplitResult, path: str, headers: dict[str, str]) -> HTTPMessage:
        key = base64.b64encode(os.urandom(16)).decode()
        asked = {
            "Host": url.netloc, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key, "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
            "Origin": f"{url.scheme}://{url.netloc}", **headers,
        }  # fmt: skip
        lines = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
        self._socket.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        while b"\r\n\r\n" not in self._buffer:
            self._receive()
        head, _, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        self._buffer = bytearray(rest)
        status, _, fields = head.partition(b"\r\n")
        answer = parse_headers(BytesIO(fields + b"\r\n\r\n"))
        expected = base64.b64encode(hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()).decode()
        if b" 101 " not in status + b" " or answer.get("Sec-WebSocket-Accept") != expected:
            raise Closed(status.decode("latin-1"))
        return answer

    def messages(self) -> Iterator[str | bytes]:
        """Messages as they come, until the connection ends. Raises Closed."""
        pieces: list[bytes] = []
        is_text = packed = False
        while True:
            final, deflated, opcode, payload = self._frame()
            if opcode == _PING:
                self._push(_frame_of(_PONG, payload))
            elif opcode == _CLOSE:
                raise Closed("closed")
            elif opcode != _PONG:
                if opcode != _CONTINUED:
                    is_text, packed, pieces = opcode == _TEXT, deflated, []
                pieces.append(payload)
                if final:
                    whole = self._inflated(b"".join(pieces)) if packed else b"".join(pieces)
                    yield whole.decode() if is_text else whole

    def send(self, *messages: str | bytes) -> None:
        """Send messages with nothing between them. Raises OSError."""
        frames = [
            _frame_of(_TEXT, one.encode()) if isinstance(one, str) else _frame_of(_BINARY, one) for one in messages
        ]  # fmt: skip
        self._push(b"".join(frames))

    def close(self) -> None:
        """Leave, politely where possible."""
        try:
            self._push(_frame_of(_CLOSE, b"\x03\xe8"))
        except OSError:
            return
        finally:
            self._socket.close()

    def _push(self, data: bytes) -> None:
        with self._sending:
            self._socket.sendall(data)

    def _frame(self) -> tuple[bool, bool, int, bytes]:
        buffer, start = self._buffer, 2
        self._need(2)
        first, size = buffer[0], buffer[1] & 0x7F
        if size >= 126:
            start = 4 if size == 126 else 10
            self._need(start)
            size = int.from_bytes(buffer[2:start], "big")
        self._need(start + size)
        payload = bytes(buffer[start : start + size])
        del buffer[: start + size]
        return bool(first & 0x80), bool(first & 0x40), first & 0x0F, payload

    def _need(self, size: int) -> None:
        while len(self._buffer) < size:
            self._receive()

    def _receive(self) -> None:
        data = self._socket.recv(65_536)
        if not data:
            raise Closed("the connection ended")
        self._buffer += data

    def _inflated(self, data: bytes) -> bytes:
        assert self._inflater is not None
        return self._inflater.decompress(data + b"\x00\x00\xff\xff")


def _frame_of(opcode: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 65_536:
        head = bytes((0x80 | opcode, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0x80 | 127)) + size.to_bytes(8, "big")
    mask = os.urandom(4)
    key = (mask * (size // 4 + 1))[:size]
    return head + mask + (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
