"""What a browser does over HTTP: cookies, a page with all its assets, forms and JSON posts."""

import gzip
import json
import re
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

PATIENCE = 60.0
_ASSETS = re.compile(r'(?:src|href)="(/static/[^"#]+)"')
_LIVE = re.compile(r'<script type="application/json" id="live">(.*?)</script>', re.DOTALL)


class Unreachable(Exception):
    """The server cannot be spoken to; the message says how."""


@dataclass(frozen=True)
class Response:
    """An answer, unpacked."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class Browser:
    """One device's browser on one server: a connection kept open, cookies, and assets loaded once."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self.url = urlsplit(url.rstrip("/"))
        self.cookies: SimpleCookie = SimpleCookie()
        self._seen: set[str] = set()
        self._connection: HTTPConnection | None = None
        self._patience = patience

    @property
    def cookie(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())

    def page(self, path: str) -> Response:
        """A page, redirections followed, and the assets it names that this browser has not kept. Raises Unreachable."""
        response = self._sound(path)
        for asset in dict.fromkeys(_ASSETS.findall(response.text)):
            if asset not in self._seen:
                self._seen.add(asset)
                self._sound(asset)
        return response

    def get(self, path: str) -> Response:
        """GET, redirections followed."""
        response = self._send("GET", path, None, {})
        for _ in range(5):
            if response.status not in {301, 302, 303, 307, 308}:
                break
            path = urljoin(path, response.headers["location"])
            response = self._send("GET", _inside(path), None, {})
        return response

    def post_json(self, path: str, data: dict[str, Any]) -> Response:
        """POST as the page's scripts do."""
        headers = {"Content-Type": "application/json", "X-Facilitation": "1"}
        return self._send("POST", path, json.dumps(data).encode(), headers)

    def post_form(self, path: str, fields: dict[str, str]) -> Response:
        """POST as a plain form does; the redirection is not followed."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, urlencode(fields).encode(), headers)

    def _sound(self, path: str) -> Response:
        response = self.get(path)
        if response.status != 200:
            raise Unreachable(f"{path} répond {response.status}")
        return response

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Response:
        sent = {"Accept-Encoding": "gzip", "Accept-Language": "fr", "User-Agent": "facilitation-rehearse", **headers}
        if method == "POST":
            sent["Origin"] = f"{self.url.scheme}://{self.url.netloc}"
        if self.cookies:
            sent["Cookie"] = self.cookie
        for attempt in (1, 2):
            try:
                return self._exchange(method, path, body, sent)
            except (OSError, HTTPException) as error:
                self.close()
                if attempt == 2:
                    raise Unreachable(f"{self.url.netloc} ne répond pas ({error}).") from None
        raise AssertionError

    def _exchange(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Response:
        if self._connection is None:
            self._connection = _open(self.url, self._patience)
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        data = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        fields = {name.lower(): value for name, value in answer.getheaders()}
        if fields.get("content-encoding") == "gzip":
            data = gzip.decompress(data)
        return Response(answer.status, fields, data)


def live(page: str) -> dict[str, Any]:
    """What a live page says of itself: forum, screen, version; empty where the page is not live."""
    found = _LIVE.search(page)
    data = json.loads(found.group(1)) if found else {}
    return data if isinstance(data, dict) else {}


def _open(url: SplitResult, patience: float) -> HTTPConnection:
    if url.scheme == "https":
        return HTTPSConnection(url.netloc, timeout=patience, context=ssl.create_default_context())
    return HTTPConnection(url.netloc, timeout=patience)


def _inside(path: str) -> str:
    parts = urlsplit(path)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
