"""The real nginx with the files of deploy/nginx: nothing of theirs goes unencrypted, and nobody passes for this machine."""

import re
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import gevent
import pytest
from gevent.threadpool import ThreadPool

from facilitation.serving import Server
from tests.playing import open_application
from tools.cluster.fronts import ONE, SEVERAL, Front, as_shipped, free_port

ASIDE = ThreadPool(1)


def aside(ask: Callable[[], HTTPResponse]) -> HTTPResponse:
    """In a thread of its own: the server it ends up at lives in this one."""
    found: HTTPResponse = ASIDE.spawn(ask).get()
    return found


def over_tls(front: Front, path: str, **headers: str) -> HTTPResponse:
    context = ssl.create_default_context(cafile=str(front.certificate))
    context.check_hostname = False

    def ask() -> HTTPResponse:
        line = HTTPSConnection("127.0.0.1", front.secret, timeout=60, context=context)
        line.request("GET", path, headers=headers)
        with closing(line):
            found = line.getresponse()
            found.read()
            return found

    return aside(ask)


def bare(front: Front, path: str) -> HTTPResponse:
    def ask() -> HTTPResponse:
        line = HTTPConnection("127.0.0.1", front.bare, timeout=60)
        line.request("GET", path, headers={"Host": "forum.exemple.org"})
        with closing(line):
            found = line.getresponse()
            found.read()
            return found

    return aside(ask)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    """One process on SQLite that was told of its proxy."""
    made = Server(open_application(tmp_path, proxy=True))
    made._wsgi.address = ("127.0.0.1", 0)
    yield made.start()
    made.stop()


@pytest.mark.parametrize("configuration", [SEVERAL, ONE], ids=lambda path: path.stem)
def test_whoever_types_the_bare_address_ends_up_encrypted_and_stays_so(tmp_path: Path, configuration: Path) -> None:
    # Nobody answers behind it: what nginx says by itself is said all the same.
    with as_shipped(tmp_path, configuration, [free_port()]) as front:
        sent_on = bare(front, "/f/vallee?x=1")
        assert (sent_on.status, sent_on.headers["Location"]) == (301, "https://forum.exemple.org/f/vallee?x=1")
        found = over_tls(front, "/")
        assert found.status == 502
        assert found.headers["Strict-Transport-Security"] == "max-age=31536000"
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        line = HTTPSConnection("127.0.0.1", front.secret, timeout=60, context=old)
        with closing(line), pytest.raises(ssl.SSLError):
            line.request("GET", "/")


def test_one_process_behind_it_knows_who_asks_and_over_what(tmp_path: Path, server: int) -> None:
    with as_shipped(tmp_path, ONE, [server]) as front, gevent.Timeout(60):
        page = over_tls(front, "/langue/en", **{"X-Forwarded-Proto": "http", "X-Forwarded-For": "127.0.0.1"})
        assert page.status < 400
        assert re.search(r"^langue=.*; Secure", page.headers["Set-Cookie"])
        assert over_tls(front, "/metrics").status == 403
