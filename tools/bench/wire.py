"""What travels: WebSocket frames and HTTP answers as bytes, and the few lines that read and make them."""

import json
from collections.abc import Iterator
from typing import Any

PING, PONG = b"\x81\x012", b"\x81\x81\0\0\0\x003"
OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"


def masked(payload: bytes, kind: int = 0x81) -> bytes:
    """A client's frame, masked with zeros."""
    size = len(payload)
    if size < 126:
        return bytes([kind, 0x80 | size]) + b"\0\0\0\0" + payload
    return bytes([kind, 0xFE]) + size.to_bytes(2, "big") + b"\0\0\0\0" + payload


def frames(buffer: bytes) -> tuple[list[bytes], bytes]:
    """The payloads of the whole frames at the start of `buffer`, and what is left of it."""
    found, start, size = [], 0, len(buffer)
    while size - start >= 2:
        length, head = buffer[start + 1], 2
        if length > 125:
            head = 4 if length == 126 else 10
            if size - start < head:
                break
            length = int.from_bytes(buffer[start + 2 : start + head], "big")
        if size - start < head + length:
            break
        found.append(buffer[start + head : start + head + length])
        start += head + length
    return found, buffer[start:]


def handshake(port: int, cookie: str, *, deflate: bool) -> bytes:
    """The request that opens a WebSocket, with the offer of compression that browsers make."""
    return (
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"{OFFER if deflate else ''}{f'Cookie: {cookie}' if cookie else 'X-None: 1'}\r\n\r\n"
    ).encode()


def event(serial: int, name: str, message: dict[str, Any], data: bytes | None = None) -> bytes:
    """An event that asks for an answer; `data` travels as its field `update`."""
    if data is None:
        return masked(f"42{serial}{json.dumps([name, message])}".encode())
    message = {**message, "update": {"_placeholder": True, "num": 0}}
    return masked(f"451-{serial}{json.dumps([name, message])}".encode()) + masked(data, 0x82)


def http(port: int, method: str, path: str, cookie: str = "", body: dict[str, Any] | None = None) -> bytes:
    """A browser's request on a connection that stays open."""
    sent = json.dumps(body).encode() if body is not None else b""
    head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Encoding: gzip", "Accept-Language: fr"]
    if cookie:
        head.append(f"Cookie: {cookie}")
    if body is not None:
        head += ["Content-Type: application/json", "X-Facilitation: 1", f"Content-Length: {len(sent)}"]
    return "\r\n".join([*head, "", ""]).encode() + sent


def answered(head: bytes) -> tuple[int, dict[str, str]]:
    """The status and headers of an HTTP answer."""
    first, *lines = head.decode("latin-1").split("\r\n")
    return int(first.split()[1]), dict(_fields(lines))


def _fields(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(":")
        yield name.lower(), value.strip()
