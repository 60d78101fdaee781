"""The line on real sockets: a stalled reader, an offer of compression, an endless message, what is no WebSocket at all."""

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import gevent
import gevent.event
import pytest
from gevent import socket
from gevent.server import StreamServer

from facilitation.realtime import websocket
from facilitation.realtime.websocket import BINARY, CLOSE, CONTINUED, MOST_BACKLOG, MOST_BYTES, PING, TEXT, Line, accepted, frame

Talk = Callable[[Line], None]
HELLO = (
    b"GET / HTTP/1.1\r\nHost: forum.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
SMALL_BUFFER = 65_536
MESSAGES = 2_000


class Client:
    """A reader on a bare socket, which reads only when told to."""

    def __init__(self, port: int) -> None:
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        self.sock.connect(("127.0.0.1", port))
        self.sock.sendall(HELLO)
        self.pending = b""
        while b"\r\n\r\n" not in self.pending:
            self.pending += self.sock.recv(4096)
        self.head, _, self.pending = self.pending.partition(b"\r\n\r\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def rest(self) -> bytes:
        """Everything up to the end of the connection."""
        parts = [self.pending]
        while data := self.sock.recv(1 << 16):
            parts.append(data)
        return b"".join(parts)


def frames(stream: bytes) -> Iterator[bytes]:
    """What the unmasked text frames of a stream hold, up to where it stops being one or closes."""
    at = 0
    while at + 2 <= len(stream) and stream[at] == 0x81:
        size, head = stream[at + 1], 2
        if size == 126:
            size, head = struct.unpack_from(">H", stream, at + 2)[0], 4
        elif size == 127:
            size, head = struct.unpack_from(">Q", stream, at + 2)[0], 10
        yield stream[at + head : at + head + size]
        at += head + size


def masked(opcode: int, payload: bytes, *, claims: int | None = None, final: bool = True) -> bytes:
    """A client's frame under a mask; `claims` is the length its head announces."""
    head = struct.pack(">BBQ4s", (0x80 if final else 0) | opcode, 0x80 | 127, claims or len(payload), b"\1\2\3\4")
    return head + bytes(byte ^ b"\1\2\3\4"[index % 4] for index, byte in enumerate(payload[:200_000])) + payload[200_000:]


def short(opcode: int, payload: bytes) -> bytes:
    """A control frame."""
    return bytes([0x80 | opcode, 0x80 | len(payload)]) + bytes(4) + payload


@contextmanager
def serving(talk: Talk) -> Iterator[int]:
    """A gevent server that upgrades each connection, talks, and hangs up."""

    def accept(sock: Any, _address: object) -> None:
        lines = sock.recv(4096).decode().split("\r\n")[1:]
        asked = dict(line.split(": ", 1) for line in lines if line)
        answer = accepted({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in asked.items()})
        assert answer is not None
        sock.sendall(answer)
        talk(Line(sock))
        sock.close()

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = StreamServer(listener, accept)
    server.start()
    try:
        yield int(server.server_port)
    finally:
        server.stop(timeout=1)


def wished() -> list[bytes]:
    return [b"%06d" % index + b"x" * 1_000 for index in range(MESSAGES)]


def test_a_stalled_reader_gets_every_frame_intact_and_nobody_waits_for_it() -> None:
    others: list[bool] = []

    def talk(line: Line) -> None:
        gevent.spawn(others.append, True)
        for message in wished():
            line.push(frame(message.decode()))
        assert line.waiting > 1
        assert others == []
        line.end()
        line.wait()

    with serving(talk) as port, gevent.Timeout(60), Client(port) as client:
        gevent.idle()
        assert list(frames(client.rest())) == wished()
    assert others == [True]


def test_news_is_not_offered_to_who_has_yet_to_take_the_last() -> None:
    taken: list[bool] = []

    def talk(line: Line) -> None:
        while line.offer(frame("x" * 300_000)):
            taken.append(True)
        taken.append(line.offer(frame("trop tôt")))
        line.push(frame("reçu"))
        line.end()
        line.wait()

    with serving(talk) as port, gevent.Timeout(60), Client(port) as client:
        gevent.idle()
        heard = list(frames(client.rest()))
    assert taken[-1] is False
    assert heard == [b"x" * 300_000] * (len(taken) - 1) + ["reçu".encode()]


def test_who_takes_nothing_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "STALLED_AFTER", 0.2)
    ended: list[object] = []

    def talk(line: Line) -> None:
        for message in wished():
            line.push(frame(message.decode()))
        ended.append(line.wait())
        line.push(frame("trop tard"))
        ended.append(line.offer(frame("trop tard")))

    with serving(talk) as port, gevent.Timeout(60), Client(port) as client:
        while len(ended) < 2:
            gevent.sleep(0.01)
        *whole, cut = frames(client.rest())
    assert ended == [None, False]
    assert whole == wished()[: len(whole)]
    assert wished()[len(whole)].startswith(cut)


def test_who_lets_too_much_pile_up_is_hung_up_on() -> None:
    ended: list[object] = []

    def talk(line: Line) -> None:
        before, part = resident(), frame("x" * 100_000)
        for _ in range(40 * MOST_BACKLOG // len(part)):
            line.push(part)
        assert resident() - before < 3 * MOST_BACKLOG
        ended.extend([line.waiting, line.wait()])

    with serving(talk) as port, gevent.Timeout(60), Client(port) as client:
        while len(ended) < 2:
            gevent.sleep(0.01)
        client.rest()
    assert ended == [0, None]


def test_who_reads_slowly_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "STALLED_AFTER", 0.6)

    def talk(line: Line) -> None:
        for message in wished():
            line.push(frame(message.decode()))
        line.end()
        line.wait()

    heard = b""
    with serving(talk) as port, gevent.Timeout(60), Client(port) as client:
        for _ in range(8):
            gevent.sleep(0.1)
            heard += client.sock.recv(200_000)
        client.pending += heard
        assert list(frames(client.rest())) == wished()


def test_compression_is_not_accepted() -> None:
    with serving(lambda line: line.end()) as port, gevent.Timeout(60), Client(port) as client:
        head = client.head
    assert head.startswith(b"HTTP/1.1 101")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
    assert b"permessage-deflate" not in head


@pytest.mark.parametrize("name", ["KEY", "VERSION", "CONNECTION"])
def test_what_asks_for_no_web_socket_gets_none(name: str) -> None:
    asked = {
        "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==", "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "HTTP_CONNECTION": "keep-alive, Upgrade",
    }  # fmt: skip
    assert accepted(asked) is not None
    for wrong in ("", "é", "8", "YQ=="):
        assert accepted({key: wrong if key.endswith(name) else value for key, value in asked.items()}) is None


def resident() -> int:
    """This process's memory in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def heard_from(*parts: bytes) -> tuple[list[object], bytes]:
    """What a line hears of these bytes, and what it says before it hangs up."""
    got: list[object] = []

    def talk(line: Line) -> None:
        while (message := line.wait()) is not None:
            got.append(message)
        got.append(None)

    with serving(talk) as port, gevent.Timeout(60), Client(port) as client:
        with suppress(OSError):
            for part in parts:
                client.sock.sendall(part)
            client.sock.shutdown(socket.SHUT_WR)
        said = b""
        with suppress(ConnectionResetError):
            said = client.rest()
        while None not in got:
            gevent.sleep(0.01)
    return got[:-1], said


def test_an_endless_message_closes_the_connection_and_is_not_kept() -> None:
    before = resident()
    got, _ = heard_from(masked(BINARY, bytes(100_000), claims=100 << 20), *[bytes(1 << 20)] * 99)
    assert got == []
    assert resident() - before < 8 * MOST_BYTES


def test_pieces_without_end_close_the_connection() -> None:
    piece = masked(CONTINUED, b"x" * 100_000, final=False)
    got, said = heard_from(masked(TEXT, b"x", final=False), *[piece] * (MOST_BYTES // 100_000 + 1))
    assert got == []
    assert said in (b"", b"\x88\x02\x03\xf1")


def test_a_message_of_the_largest_size_still_comes_through() -> None:
    got, _ = heard_from(masked(BINARY, b"y" * 200_000 + bytes(MOST_BYTES - 200_000)))
    assert [len(one) for one in got if isinstance(one, bytes)] == [MOST_BYTES]
    assert isinstance(got[0], bytes)
    assert got[0][:200_000] == b"y" * 200_000


def test_a_message_in_pieces_with_a_ping_between_is_joined() -> None:
    got, said = heard_from(
        masked(TEXT, "Où v".encode()[:2], final=False), short(PING, b"la"), masked(CONTINUED, "Où va".encode()[2:]), masked(BINARY, b"")
    )
    assert got == ["Où va", b""]
    assert said == b"\x8a\x02la"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\xc1\x80\0\0\0\0", 1002), (b"\x81\x00", 1002), (masked(CONTINUED, b"x"), 1002), (masked(3, b"x"), 1002),
        (short(11, b""), 1002), (b"\x09\x80\0\0\0\0", 1002), (b"\x89\xfe\0\x80\0\0\0\0", 1002),
        (masked(TEXT, b"a", final=False) + masked(TEXT, b"b"), 1002), (masked(TEXT, b"\xff"), 1007),
        (short(CLOSE, b"\x03\xe9"), 1001), (short(CLOSE, b""), 1000),
    ],
)  # fmt: skip
def test_what_is_no_web_socket_is_told_why_and_hung_up_on(sent: bytes, code: int) -> None:
    got, said = heard_from(masked(TEXT, b"bonjour") + sent + masked(TEXT, b"encore"))
    assert got == ["bonjour"]
    assert said in (b"\x88\x02" + code.to_bytes(2, "big"), b"")
