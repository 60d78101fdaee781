"""The two servers: who sits down at a sheet of each, how a key is said to it, and what it keeps of them."""

import json
import re
import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from facilitation import PROTOCOL
from facilitation.domain.sheets import SCHEMA
from facilitation.store.documents import Document
from tools.bench.servers import Process, Served, free_port
from tools.bench_sheets.crowd import Seat
from tools.bench_sheets.wire import BINARY, TEXT, Wire, frame
from tools.bench_sheets.work import Key, Move

HERE = Path(__file__).parent
SOCKET = "/socket.io/?EIO=4&transport=websocket"


class Ours(Served):
    """`facilitation serve` on SQLite, every update flushed to disk before it is answered or relayed."""

    name = "facilitation"

    def __init__(self, folder: Path, sheets: int) -> None:
        super().__init__(folder)
        self._base = folder / "bench.db"
        topics = [self.http(self.team, "propose_topic", title=f"Comment mieux faire, {one}")["id"] for one in range(sheets)]
        self.http(self.team, "keep_topics", topics=topics)
        self._workshops = self._ids("workshop")
        self._sheets = [str(self.http(self.team, "take_notes", workshop=one)["sheet"]) for one in self._workshops]

    def sit(self, sheet: int, writer: int) -> Seat:
        """Somebody takes the notes of a sheet on a laptop."""
        token = self.http("", "join", name=f"Rapporteur {writer}")["token"]
        self.http(token, "take_notes", workshop=self._workshops[sheet])
        wire = self._wire(token)
        about = {"forum": self.slug, "protocol": PROTOCOL, "sheet": self._sheets[sheet], "schema": SCHEMA}
        _ask(wire, "sheet:open", {**about, "vector": {"_placeholder": True, "num": 0}}, b"\0")
        serial = iter(range(10, 10_000_000))

        def told(key: Key) -> bytes:
            asked = {**about, "id": secrets.token_hex(16), "update": {"_placeholder": True, "num": 0}}
            return _event(f"451-{next(serial)}", "sheet:update", asked) + frame(BINARY, key.update)

        def shown(move: Move) -> bytes:
            asked = {**about, "update": {"_placeholder": True, "num": 0}}
            return _event("451-", "sheet:awareness", asked) + frame(BINARY, move.update)

        def updates(message: bytes) -> Iterable[bytes]:
            if wire.said.startswith(b'451-["sheet:update"'):
                yield message

        return Seat(wire, told, shown, updates, sheet, 1 + writer)

    def read(self, sheet: int) -> Wire:
        """Somebody reads a sheet on a phone."""
        wire = self._wire(self.http("", "join", name="")["token"])
        about = {"forum": self.slug, "protocol": PROTOCOL, "lang": "fr", "version": -1}
        _ask(wire, "screen:open", {**about, "screen": f"sheet:{self._sheets[sheet]}"})
        return wire

    def kept(self, sheets: int) -> int:
        """How many letters are on disk."""
        with closing(sqlite3.connect(f"file:{self._base}?mode=ro", uri=True)) as base:
            query = "select data from sheet_update where sheet_id = ? order by number"
            return sum(_letters(row[0] for row in base.execute(query, (self._sheets[one],))) for one in range(sheets))

    def _wire(self, token: str) -> Wire:
        wire = Wire(self.port, SOCKET, f"forum_{self.slug}={token}")
        wire.send(frame(TEXT, b"40"))
        wire.wait(lambda _, payload: payload.startswith(b"40"))
        return wire

    def _ids(self, table: str) -> list[str]:
        with closing(sqlite3.connect(f"file:{self._base}?mode=ro", uri=True)) as base:
            return [row[0] for row in base.execute(f"select id from {table} order by number")]  # noqa: S608  our own names


class Hocuspocus:
    """`@hocuspocus/server`, the engine behind La Suite Docs, with its database extension."""

    name = "hocuspocus"

    def __init__(self, folder: Path, _sheets: int) -> None:
        self.port = free_port()
        self._base = folder / "reference.db"
        program = ["node", str(HERE / "reference" / "server.mjs"), str(self.port), str(self._base)]
        self.process = Process(program, "ready", folder / "node.log")

    def sit(self, sheet: int, writer: int) -> Seat:
        """Somebody opens a document."""
        wire = Wire(self.port, "/")
        name = _bytes(f"fiche-{sheet}".encode())
        wire.send(frame(BINARY, name + b"\2\0" + _bytes(b"jeton") + _bytes(b"4.7.0")))
        wire.wait(lambda _, payload: payload.startswith(name + b"\2"))
        wire.send(frame(BINARY, name + b"\0\0" + _bytes(b"\0")))
        wire.wait(lambda _, payload: payload.startswith(name + b"\0\1"))

        def updates(message: bytes) -> Iterable[bytes]:
            if message.startswith(name + b"\0\2"):
                yield _unwrapped(message[len(name) + 2 :])

        def told(key: Key) -> bytes:
            return frame(BINARY, name + b"\0\2" + _bytes(key.update))

        def shown(move: Move) -> bytes:
            return frame(BINARY, name + b"\1" + _bytes(move.update))

        return Seat(wire, told, shown, updates, sheet, 1 + writer)

    def kept(self, sheets: int) -> int:
        """How many letters are on disk once the server has been asked to stop."""
        with closing(sqlite3.connect(self._base)) as base:
            found = [row[0] for row in base.execute("select data from document")]
        assert len(found) <= sheets
        return sum(_letters([data]) for data in found)


def _letters(updates: Iterable[bytes]) -> int:
    """The letters typed in the paragraphs that the writers began."""
    sheet = Document(*updates).read()
    return sum(len(span["text"]) for block in sheet["preamble"] if block["type"] == "paragraph" for span in block["spans"])


def _ask(wire: Wire, event: str, asked: dict[str, Any], *blobs: bytes) -> None:
    head = f"45{len(blobs)}-1" if blobs else "421"
    wire.send(_event(head, event, asked) + b"".join(frame(BINARY, blob) for blob in blobs))
    answered = wire.wait(lambda _, payload: re.match(rb"4[36](\d+-)?1\[", payload) is not None)
    if b'"ok":true' not in answered.replace(b" ", b""):
        raise RuntimeError(answered.decode())
    parts = re.match(rb"46(\d+)-", answered)
    for _ in range(int(parts[1]) if parts else 0):
        wire.wait(lambda opcode, _: opcode == BINARY)


def _event(head: str, event: str, asked: dict[str, Any]) -> bytes:
    return frame(TEXT, f"{head}{json.dumps([event, asked])}".encode())


def _bytes(data: bytes) -> bytes:
    size, head = len(data), b""
    while size > 0x7F:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + data


def _unwrapped(data: bytes) -> bytes:
    at = next(place for place, byte in enumerate(data) if byte < 0x80) + 1
    return data[at:]
