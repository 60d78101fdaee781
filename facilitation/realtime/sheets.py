"""Sheets over the socket: updates relayed and acknowledged by number, only after they are on disk."""

from contextlib import suppress
from typing import Any

from flask import request
from sqlalchemy import Connection

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.domain.sheets import SCHEMA
from facilitation.realtime.awake import Awake
from facilitation.realtime.broadcast import Broadcast
from facilitation.realtime.cursors import MalformedCursors
from facilitation.realtime.relay import Aware, Kept, Relay, room_of
from facilitation.realtime.sockets import OPENINGS, Answer, Door
from facilitation.services.dispatch import News
from facilitation.services.screens import may_open
from facilitation.services.writing import MOST_UPDATE, Update, write_updates
from facilitation.store.documents import MalformedUpdate
from facilitation.store.sheets import SheetFull, Typed, missed
from facilitation.web.limits import LIMITER

MOST_AWARENESS = 4000
# In ten seconds: fifty a second are more than any hand's, and what a device kept while away comes as one.
UPDATES = 500
# Bytes one person may send in so many seconds: a day of typing comes back at once, and twice.
MOST_WRITTEN, WRITTEN_WINDOW = 8_000_000, 60.0


class SheetDoor:
    """The sheet events of one Socket.IO server."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._house = door.house
        self._relay = Relay(Broadcast(door.socketio), lambda sid, name, message: door.socketio.emit(name, message, to=sid))
        self._house.listeners.append(self.hear)
        self.awake = Awake(self._house)
        door.on("sheet:open", self.open, most=OPENINGS)
        door.on("sheet:update", self.update, most=UPDATES)
        door.on("sheet:awareness", self.awareness, most=UPDATES)
        door.on("sheet:close", self.close, most=OPENINGS)

    def open(self, asked: dict[str, Any]) -> Answer:
        """What the client lacks, and whether it may write; readers have the screen `sheet:<id>`, without the notes."""
        event, actor = self._door.who(asked)
        sheet = self._house.sheet_id(event, asked.get("sheet"))
        if not may_open(actor, "sheet"):
            raise Refusal(Code.NOT_JOINED)
        if not self._house.opens_sheet(event["id"], actor, sheet):
            raise Refusal(Code.NOT_YOUR_SHEET)
        may = "write" if self._may_write(actor, sheet) and asked.get("schema") == SCHEMA else "read"
        if may == "write":
            self.awake.heard(sheet)
        vector = asked.get("vector") or b"\x00"
        if not isinstance(vector, bytes) or len(vector) > MOST_UPDATE:
            raise Refusal(Code.BAD_UPDATE)
        self._door.sit(asked, "sheet", room_of(sheet), sheet=sheet)
        with self._house.reading() as connection:
            number, document = self._house.documents.at(connection, sheet)
            try:
                lacking = document.diff(vector)
            except MalformedUpdate:
                raise Refusal(Code.BAD_UPDATE) from None
            sent = _missed(connection, sheet, asked.get("number"))
            return {"update": lacking, "missed": sent, "number": number, "vector": document.vector(), "may": may}

    def update(self, asked: dict[str, Any]) -> Answer:
        """Keep an update, then relay it to the others."""
        event, actor = self._door.who(asked)
        sheet = self._house.sheet_id(event, asked.get("sheet"))
        if not self._may_write(actor, sheet):
            raise Refusal(Code.NOT_YOUR_SHEET)
        if asked.get("schema") != SCHEMA:
            raise Refusal(Code.OLD_SCHEMA)
        op, data = asked.get("id"), asked.get("update")
        if not isinstance(op, str) or not 16 <= len(op) <= 64 or not isinstance(data, bytes):
            raise Refusal(Code.BAD_UPDATE)
        LIMITER.check(f"sheet:{actor.scope}", MOST_WRITTEN, WRITTEN_WINDOW, Code.TOO_FAST, worth=len(data))
        try:
            self._house.documents.check(self._house.reading, sheet, data)
        except MalformedUpdate:
            raise Refusal(Code.BAD_UPDATE) from None
        except SheetFull:
            raise Refusal(Code.SHEET_FULL) from None
        update = Update(sheet, Typed(op, data, actor.participant_id), self._house.clock())
        kept = self._house.writer.submit_with(
            event["id"], lambda connection, updates: write_updates(connection, event["id"], updates), update
        )
        if kept.news is not None:
            self._relay.pass_on(sheet, Kept(kept.number, data, request.sid))  # type: ignore[attr-defined]
            self._house.tell(kept.news)
            self._house.save_sheet(event["id"], sheet, kept.number)
        return {"number": kept.number}

    def hear(self, news: News) -> None:
        """Pass on what a command wrote in a sheet to those who have it open."""
        for sheet, number, data in news.written:
            self._relay.pass_on(sheet, Kept(number, data, None))

    def awareness(self, asked: dict[str, Any]) -> Answer:
        """Relay who is where in the sheet; kept nowhere. Without an update it is a heartbeat."""
        event, actor = self._door.who(asked)
        sheet = self._house.sheet_id(event, asked.get("sheet"))
        data = asked.get("update")
        if not self._may_write(actor, sheet):
            return {}
        # The beat of an open page says nothing but that it is there.
        self.awake.heard(sheet)
        if isinstance(data, bytes) and len(data) <= MOST_AWARENESS:
            with suppress(MalformedCursors):
                self._relay.show(sheet, data, request.sid)  # type: ignore[attr-defined]
        return {}

    def aware(self, sheet: str, data: bytes) -> None:
        """Pass on who is where, as another process heard it."""
        self.awake.heard(sheet)
        with suppress(MalformedCursors):
            self._relay.show(sheet, data, None)

    def tell_elsewhere(self, aware: Aware) -> None:
        """Let other processes know who is where here."""
        self._relay.elsewhere = aware

    def close(self, asked: dict[str, Any]) -> Answer:
        """Leave a sheet."""
        self._door.rise(room_of(str(asked.get("sheet", ""))))
        return {}

    def _may_write(self, actor: Actor, sheet: str) -> bool:
        return actor.is_team() or sheet in actor.sheets


def _missed(connection: Connection, sheet_id: str, number: object) -> bytes:
    """The updates after `number` as they were sent, each after its length in 4 bytes.

    None to a newcomer, where too many, or where the log no longer holds them all: some of them would mislead.

    In one piece, because browsers refuse a message with more than ten binary parts.
    """
    if not isinstance(number, int) or number < 1:
        return b""
    whole = b"".join(len(data).to_bytes(4, "big") + data for data in missed(connection, sheet_id, number))
    return whole if len(whole) <= MOST_UPDATE else b""
