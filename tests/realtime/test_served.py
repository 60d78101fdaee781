"""The server as it listens: who dribbles is let go, who sends too much is not kept, who comes from elsewhere stays outside."""

import json
from collections.abc import Iterator
from contextlib import suppress

import gevent
import pytest
from gevent import socket
from gevent.pywsgi import WSGIServer

from facilitation import serving
from facilitation.realtime.websocket import MOST_BYTES
from tests.playing import Day
from tests.realtime.test_websocket import resident
from tests.watching import nothing_changes

UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: forum.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{origin}\r\n"
)


@pytest.fixture
def port(day: Day, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The day's application as the server serves it, with more patience than a slow machine tries."""
    for name in ("IDLE", "HEAD", "BODY"):
        monkeypatch.setattr(serving, name, 60.0)
    server = WSGIServer(("127.0.0.1", 0), day.application.flask, log=None, handler_class=serving.Handler)
    server.start()
    yield int(server.server_port)
    server.stop(timeout=1)


@pytest.fixture
def hasty(port: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """The same with little patience."""
    for name in ("IDLE", "HEAD", "BODY"):
        monkeypatch.setattr(serving, name, 0.5)
    return port


def ask(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Everything the server says to these bytes, up to its hanging up."""
    with gevent.Timeout(60), socket.create_connection(("127.0.0.1", port)) as sock:
        said = b""
        with suppress(OSError):
            for part in parts:
                sock.sendall(part)
                gevent.sleep(pause)
        with suppress(ConnectionResetError):
            while data := sock.recv(1 << 16):
                said += data
        return said


def until(sock: socket.socket, wished: bytes) -> bytes:
    """What is said up to these bytes; the end of the connection before them ends the test."""
    said = b""
    while wished not in said:
        got = sock.recv(4096)
        assert got, said
        said += got
    return said


DRIBBLES = {
    "nothing": [b""],
    "a line without end": [b"GET / HT", *[b"x"] * 30],
    "a head without end": [b"GET / HTTP/1.1\r\nHost: forum.test\r\n", *[b"X-A: b\r\n"] * 30],
    "a body without end": [
        b"POST /f/{slug}/c/join HTTP/1.1\r\nHost: forum.test\r\nContent-Type: application/json\r\nX-Facilitation: 1\r\nContent-Length: 500\r\n\r\n",
        *[b" "] * 30,
    ],
    "a polling body without end": [b"POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: forum.test\r\nContent-Length: 500\r\n\r\n", *[b"x"] * 30],
    "a body nobody reads": [b"POST /etat HTTP/1.1\r\nHost: forum.test\r\nContent-Length: 5000\r\n\r\n", *[b"x"] * 30],
    "chunks without end": [
        b"POST /f/{slug}/c/join HTTP/1.1\r\nHost: forum.test\r\nContent-Type: application/json\r\nX-Facilitation: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        *[b"1\r\nx\r\n"] * 30,
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", DRIBBLES)
def test_who_dribbles_is_let_go(day: Day, hasty: int, name: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    hello = ask(hasty, b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: forum.test\r\nConnection: close\r\n\r\n")
    sid = json.loads(hello.partition(b"\r\n\r\n0")[2])["sid"]
    parts = [part.replace(b"{slug}", day.slug.encode()).replace(b"{sid}", sid.encode()) for part in DRIBBLES[name]]
    with nothing_changes(day):
        # It ends with the server's hanging up, or not at all.
        said = ask(hasty, *parts, pause=0.1)
    assert b" 200 " not in said
    assert b" 500 " not in said
    assert "127.0.0.1" not in caplog.text + capfd.readouterr().err


HALVES = (
    b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: forum.test\r\n",
    b"POST /f/{slug}/c/join HTTP/1.1\r\nHost: forum.test\r\nContent-Type: application/json\r\nX-Facilitation: 1\r\nContent-Length: 500\r\n\r\n{",
)  # fmt: skip


def test_hundreds_of_halves_hold_nobody_up(day: Day, port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(300)]
    for number, sock in enumerate(slow):
        sock.sendall(HALVES[number % len(HALVES)].replace(b"{slug}", day.slug.encode()))
    joining = b'{"op": "%032d", "payload": {"name": ""}}'
    for number in range(10):
        assert ask(port, b"GET /f/%s HTTP/1.1\r\nHost: forum.test\r\nConnection: close\r\n\r\n" % day.slug.encode())[9:12] == b"200"
        body = joining % number
        head = b"POST /f/%s/c/join HTTP/1.1\r\nHost: forum.test\r\nContent-Type: application/json\r\nX-Facilitation: 1\r\nConnection: close\r\n"
        assert ask(port, head % day.slug.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)[9:12] == b"200"
    with gevent.Timeout(60), socket.create_connection(("127.0.0.1", port)) as phone:
        phone.sendall(UPGRADE.format(origin="").encode())
        until(phone, b'0{"sid"')
    # All that time, not one of them had been let go.
    for sock in slow:
        sock.setblocking(False)
        with pytest.raises(BlockingIOError):
            sock.recv(1)
        sock.close()


def test_a_socket_that_says_little_stays(day: Day, hasty: int) -> None:
    with gevent.Timeout(60), socket.create_connection(("127.0.0.1", hasty)) as sock:
        sock.sendall(UPGRADE.format(origin="").encode())
        said = until(sock, b'0{"sid"')
        gevent.sleep(3 * serving.IDLE)
        sock.sendall(b"\x81\x82\0\0\0\x0040")
        until(sock, b'40{"sid"')
    assert said.startswith(b"HTTP/1.1 101")


def test_a_web_socket_from_another_site_is_refused(port: int) -> None:
    def head(origin: str) -> bytes:
        with gevent.Timeout(60), socket.create_connection(("127.0.0.1", port)) as sock:
            sock.sendall(UPGRADE.format(origin=origin).encode())
            return bytes(sock.recv(12))

    assert head("") == b"HTTP/1.1 101"
    assert head("Origin: http://forum.test\r\n") == b"HTTP/1.1 101"
    for origin in ("http://ailleurs.test", "null", "https://forum.test.ailleurs.test", "http://forum.test:81", "http://xforum.test"):
        assert head(f"Origin: {origin}\r\n") == b"HTTP/1.1 400", origin


@pytest.mark.parametrize("transport", ["polling", "json"])
def test_a_hundred_megabytes_are_not_kept(day: Day, port: int, transport: str) -> None:
    hello = ask(port, b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: forum.test\r\nConnection: close\r\n\r\n")
    sid = json.loads(hello.partition(b"\r\n\r\n0")[2])["sid"]
    path = f"/socket.io/?EIO=4&transport=polling&sid={sid}" if transport == "polling" else f"/f/{day.slug}/c/propose_topic"
    head = f"POST {path} HTTP/1.1\r\nHost: forum.test\r\nContent-Type: application/json\r\nX-Facilitation: 1\r\nContent-Length: 100000000\r\nConnection: close\r\n\r\n"
    part, before = bytes(1_000_000), resident()
    with nothing_changes(day):
        # Socket.IO answers a message too long only once its reader has gone: nobody waits for that here.
        said = b""
        with gevent.Timeout(3 if transport == "polling" else 60, False):
            said = ask(port, head.encode(), *[part] * 100)
    assert said[9:12] in ({b"413", b"422"} if transport == "json" else {b"", b"400"})
    assert resident() - before < 8 * MOST_BYTES


def test_answers_of_every_kind_forbid_proxies_to_keep_them(day: Day, port: int) -> None:
    for path in ("/socket.io/?EIO=4&transport=polling", "/etat", f"/f/{day.slug}"):
        head = ask(port, f"GET {path} HTTP/1.1\r\nHost: forum.test\r\nConnection: close\r\n\r\n".encode()).partition(b"\r\n\r\n")[0]
        assert b"cache-control: private, no-store" in head.lower(), path
    kept = ask(port, b"GET /static/icon.svg HTTP/1.1\r\nHost: forum.test\r\nConnection: close\r\n\r\n").partition(b"\r\n\r\n")[0]
    assert b"cache-control: max-age=3600, public" in kept.lower()
