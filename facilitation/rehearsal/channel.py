"""Socket.IO over a WebSocket, the part of it that phones and laptops use: events, answers, bytes."""

import json
from collections.abc import Callable
from functools import lru_cache
from time import perf_counter
from typing import Any
from urllib.parse import SplitResult

import gevent
from gevent.event import AsyncResult

from facilitation.rehearsal.polling import Polling
from facilitation.rehearsal.websocket import PATIENCE, Closed, WebSocket

PATH = "/socket.io/?EIO=4&transport=websocket"
Handler = Callable[[Any, float], None]
Answered = Callable[[dict[str, Any] | None, float], None]


class Unanswered(Exception):
    """No answer came in time, or the connection ended first."""


class Channel:
    """One open connection. `handlers` get an event's message and the instant it came; `lost` is called when it ends."""

    def __init__(
        self, url: SplitResult, cookie: str, handlers: dict[str, Handler], lost: Callable[[], None],
        patience: float = PATIENCE, *, polls: bool = False,
    ) -> None:  # fmt: skip
        self._handlers = handlers
        self._lost = lost
        self._waiting: dict[int, Answered] = {}
        self._serial = 0
        self._half: tuple[str, int] | None = None
        self._pieces: list[bytes] = []
        headers = {"Cookie": cookie} if cookie else {}
        self._socket = Polling(url, headers, patience) if polls else WebSocket(url, PATH, headers, patience)
        self._ready = AsyncResult()
        self._reader = gevent.spawn(self._read)
        try:
            self._ready.get(timeout=patience)
        except BaseException:
            self.close()
            raise

    def call(self, event: str, data: dict[str, Any], patience: float = 8.0) -> tuple[dict[str, Any], float]:
        """Send an event and wait: the answer, and the instant it came. Raises Unanswered."""
        result = AsyncResult()
        self.ask(event, data, lambda answer, at: result.set((answer, at)))
        try:
            answer, at = result.get(timeout=patience)
        except gevent.Timeout:
            raise Unanswered(f"{event}: {patience} s") from None
        if answer is None:
            raise Unanswered(f"{event}: the connection ended")
        return answer, at

    def ask(self, event: str, data: dict[str, Any], answered: Answered) -> None:
        """Send an event; `answered` gets its answer, or None when the connection ends first. Raises Unanswered."""
        self._serial += 1
        serial = self._serial
        blobs: list[bytes] = []
        text = json.dumps([event, _packed(data, blobs)], ensure_ascii=False)
        self._waiting[serial] = answered
        try:
            self._socket.send(f"45{len(blobs)}-{serial}{text}" if blobs else f"42{serial}{text}", *blobs)
        except OSError as error:
            self._waiting.pop(serial, None)
            raise Unanswered(str(error)) from None

    def close(self) -> None:
        """Hang up."""
        self._lost = lambda: None
        self._socket.close()
        self._reader.kill()

    def _read(self) -> None:
        try:
            for message in self._socket.messages():
                self._take(message, perf_counter())
        except OSError as error:
            waiting, self._waiting = self._waiting, {}
            for answered in waiting.values():
                answered(None, perf_counter())
            if not self._ready.ready():
                self._ready.set_exception(Closed(str(error)))
            self._lost()

    def _take(self, message: str | bytes, at: float) -> None:
        if isinstance(message, bytes):
            self._pieces.append(message)
            if self._half is not None and len(self._pieces) == self._half[1]:
                text, _ = self._half
                self._half, pieces = None, self._pieces
                self._dispatch(text[0], _filled(_parsed(text[1:]), pieces), at)
            return
        kind = message[:2]
        if message[:1] == "0":
            self._socket.send("40")
        elif message[:1] == "2":
            self._socket.send("3" + message[1:])
        elif kind == "40":
            self._ready.set(None)
        elif kind == "44":
            self._ready.set_exception(Closed(message))
        elif kind in {"42", "43"}:
            self._dispatch(kind[1], _parsed(message[2:]), at)
        elif kind in {"45", "46"}:
            count, _, rest = message[2:].partition("-")
            self._half, self._pieces = (("2" if kind == "45" else "3") + rest, int(count)), []

    def _dispatch(self, kind: str, parsed: tuple[str, Any], at: float) -> None:
        serial, body = parsed
        if kind == "3":
            answered = self._waiting.pop(int(serial), None)
            if answered is not None:
                answered(body[0] if body else {}, at)
        elif body[0] in self._handlers:
            self._handlers[body[0]](body[1] if len(body) > 1 else None, at)


# A hall's phones receive the very same news: it is read once, and what comes of it is never changed.
@lru_cache(maxsize=128)
def _parsed(text: str) -> tuple[str, Any]:
    start = text.index("[")
    return text[:start], json.loads(text[start:])


def _packed(value: Any, blobs: list[bytes]) -> Any:
    if isinstance(value, bytes):
        blobs.append(value)
        return {"_placeholder": True, "num": len(blobs) - 1}
    if isinstance(value, dict):
        return {key: _packed(one, blobs) for key, one in value.items()}
    return value


def _filled(parsed: tuple[str, Any], pieces: list[bytes]) -> tuple[str, Any]:
    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return pieces[value["num"]] if value.get("_placeholder") else {key: fill(one) for key, one in value.items()}
        return [fill(one) for one in value] if isinstance(value, list) else value

    return parsed[0], fill(parsed[1])
