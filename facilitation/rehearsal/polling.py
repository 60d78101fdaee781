"""Socket.IO without WebSocket: long polling, as browsers fall back to it where WebSocket is blocked."""

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult

from facilitation.rehearsal.websocket import Closed

PATH = "/socket.io/?EIO=4&transport=polling"
_BETWEEN = "\x1e"


class Polling:
    """The same three verbs as a WebSocket: messages, send, close."""

    def __init__(self, url: SplitResult, headers: dict[str, str], patience: float) -> None:
        self._url = url
        self._headers = {"Origin": f"{url.scheme}://{url.netloc}", **headers}
        self._patience = patience
        self._sid = ""
        self._sending = threading.Lock()
        self._line: socket.socket | None = None
        self.closed = False
        self._first = self._ask("GET", patience)
        self._sid = str(json.loads(self._first.split(_BETWEEN)[0][1:])["sid"])

    def messages(self) -> Iterator[str | bytes]:
        """Messages as they come, until the connection ends. Raises Closed."""
        waiting = self._first
        while True:
            for packet in waiting.split(_BETWEEN):
                if packet in {"1", "6"}:
                    continue
                yield base64.b64decode(packet[1:]) if packet.startswith("b") else packet
            if self.closed:
                raise Closed("closed")
            # The server holds a request until it has something to say, a ping at the latest.
            waiting = self._ask("GET", 60.0)

    def send(self, *messages: str | bytes) -> None:
        """Send messages in order. Raises OSError."""
        packets = [one if isinstance(one, str) else "b" + base64.b64encode(one).decode() for one in messages]
        with self._sending:
            self._ask("POST", self._patience, _BETWEEN.join(packets).encode())

    def close(self) -> None:
        """Leave."""
        self.closed = True
        if self._line is not None:
            # Whoever reads from it closes it: a reader of files bears no other hand in the same thread.
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _ask(self, method: str, patience: float, body: bytes | None = None) -> str:
        connection = HTTPConnection(self._url.netloc, timeout=patience)
        headers = {**self._headers, "Content-Type": "text/plain;charset=UTF-8"} if body is not None else self._headers
        path = f"{PATH}&sid={self._sid}" if self._sid else PATH
        try:
            connection.connect()
            if method == "GET":
                self._line = connection.sock
            if self.closed:
                raise Closed("closed")
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException) as error:
            raise Closed(str(error)) from None
        finally:
            connection.close()
        if answer.status != 200:
            raise Closed(f"{answer.status}")
        return text
