"""The audit asks about every locked package, fails on a known fault, and says aloud when nobody could be asked."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from facilitation.commands.sbom import bill, bundled, lock_file
from tools import audit


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """A place that knows a fault of whatever package is named in the set."""
    faulty: set[str] = set()

    class Known(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            names = [query["package"]["purl"].split("/")[1].split("@")[0] for query in asked["queries"]]
            body = json.dumps({"results": [{"vulns": [{"id": "X-1"}]} if name in faulty else {} for name in names]}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002  the library’s own names
            return

    made = HTTPServer(("127.0.0.1", 0), Known)
    Thread(target=made.serve_forever, daemon=True).start()
    monkeypatch.setenv("AUDIT_URL", f"http://127.0.0.1:{made.server_port}")
    yield faulty
    made.shutdown()
    made.server_close()


def test_it_fails_on_a_known_fault_alone(server: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main() == 0
    assert f"{len(bill(lock_file().read_text(), bundled())['components'])} locked packages" in capsys.readouterr().out
    server.add("flask")
    assert audit.main() == 1
    assert "pkg:pypi/flask@" in capsys.readouterr().out
    server.add("yjs")
    assert audit.main() == 1
    assert "pkg:npm/yjs@" in capsys.readouterr().out


def test_it_says_that_nobody_could_be_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AUDIT_URL", "http://127.0.0.1:1/")
    assert audit.main() == 0
    assert capsys.readouterr().err.startswith("SKIPPED:")
