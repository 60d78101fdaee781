"""A server that is asked to stop tells phones when to come back, finishes, and is not sent anybody new; and its figures."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import gevent
import pytest
from gevent import socket

from facilitation.serving import Server
from tests.playing import Day, open_application
from tests.realtime.test_served import UPGRADE, until


def read(sock: socket.socket) -> bytes:
    said = b""
    while got := sock.recv(1 << 16):
        said += got
    return said


def test_phones_are_told_when_to_come_back_and_the_rest_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    application = open_application(tmp_path)
    day = Day(application)
    monkeypatch.setattr("facilitation.serving.FINISH", 1.0)
    server = Server(application)
    server._wsgi.address = ("127.0.0.1", 0)
    port = server.start()
    client = application.flask.test_client()
    assert client.get("/etat/pret").status_code == 200
    with gevent.Timeout(60), socket.create_connection(("127.0.0.1", port)) as sock:
        cookie = f"Cookie: forum_{day.slug}={day.tokens[day.bob.device_id]}\r\n"
        sock.sendall(UPGRADE.format(origin=cookie).encode())
        until(sock, b'0{"sid"')
        sock.sendall(b"\x81\x82\0\0\0\x0040")
        asked = json.dumps(["screen:open", {"forum": day.slug, "screen": "phone", "lang": "data", "version": -1}])
        body = f"421{asked}".encode()
        sock.sendall(b"\x81\xfe" + len(body).to_bytes(2, "big") + bytes(4) + body)
        said = b""
        while b"431[" not in said:
            said += sock.recv(1 << 16)
        figures = client.get("/metrics").get_data(as_text=True)
        assert "\nfacilitation_phones 1\n" in figures
        assert "facilitation_lag_seconds " in figures
        assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
        gevent.spawn(server.stop)
        said = read(sock)
    assert b'42["leaving",{"after":2000,"spread":2002}]' in said
    assert said.index(b"leaving") < said.index(b"\x81\x0241") < said.index(b"\x88\x02\x03\xe8")
    assert client.get("/etat/pret").status_code == 503
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port))


JOIN = b'{"op": "0123456789abcdef", "payload": {"name": "Odile"}}'
SERVE = """
import sys
from gevent import monkey
monkey.patch_all()
import facilitation.serving as serving
from facilitation.app import create_app
from facilitation.settings import read_settings
server = serving.Server(create_app(read_settings({"database": sys.argv[1], "exports": sys.argv[2], "host": "127.0.0.1"})))
server._wsgi.address = ("127.0.0.1", 0)
print(server.start(), flush=True)
server.run()
print("ended", flush=True)
"""


def listens(port: int) -> bool:
    with socket.socket() as sock:
        return bool(sock.connect_ex(("127.0.0.1", port)) == 0)


def test_what_is_being_asked_when_the_signal_comes_is_answered_and_kept(tmp_path: Path) -> None:
    application = open_application(tmp_path)
    day = Day(application)
    application.house.close()
    command = [sys.executable, "-c", SERVE, f"sqlite:///{tmp_path / 'forum.db'}", str(tmp_path / "exports")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with gevent.Timeout(60), socket.create_connection(("127.0.0.1", port)) as idle, socket.create_connection(("127.0.0.1", port)) as sock:
            # This one keeps its connection and asks nothing further: nobody waits for it.
            idle.sendall(b"GET /etat HTTP/1.1\r\nHost: forum.test\r\n\r\n")
            until(idle, b"HTTP/1.1 200")
            head = (
                f"POST /f/{day.slug}/c/join HTTP/1.1\r\nHost: forum.test\r\nContent-Type: application/json\r\nX-Facilitation: 1\r\n"
                f"Expect: 100-continue\r\nContent-Length: {len(JOIN)}\r\n\r\n"
            )
            sock.sendall(head.encode() + JOIN[:20])
            until(sock, b"100 Continue")
            os.kill(process.pid, signal.SIGTERM)
            while listens(port):
                gevent.sleep(0.01)
            sock.sendall(JOIN[20:])
            said = read(sock)
            assert b"HTTP/1.1 200" in said
            assert b'"token"' in said
        assert process.stdout.readline() == "ended\n"
    assert process.returncode == 0
    again = open_application(tmp_path)
    day.application, day.house = again, again.house
    assert "Odile" in {row["name"] for row in day.forum.people}
    again.house.close()


def test_who_only_keeps_a_connection_delays_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facilitation.serving.FINISH", 600.0)
    server = Server(open_application(tmp_path))
    server._wsgi.address = ("127.0.0.1", 0)
    with gevent.Timeout(60), socket.create_connection(("127.0.0.1", server.start())) as sock:
        sock.sendall(b"GET /etat HTTP/1.1\r\nHost: forum.test\r\n\r\n")
        until(sock, b"HTTP/1.1 200")
        server.stop()
        read(sock)
