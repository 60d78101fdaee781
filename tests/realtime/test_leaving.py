"""A server that is asked to stop tells phones when to come back, finishes, and is not sent anybody new; and its figures."""

import json
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
    with gevent.Timeout(20), socket.create_connection(("127.0.0.1", port)) as sock:
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
