"""The socket's door: opening screens and sending commands, with the same answers as over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, request
from flask_socketio import SocketIO, join_room

from facilitation import PROTOCOL
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.realtime.news import Newsroom, room
from facilitation.services.house import House
from facilitation.services.screens import may_open
from facilitation.store.columns import Row
from facilitation.web.limits import check_rate
from facilitation.web.visitors import token_for
from facilitation.web.words import LANGUAGES, refusal_body, speaking

Answer = dict[str, Any]
Handler = Callable[[dict[str, Any]], Answer]


class Door:
    """The handlers of one Socket.IO server. `seats` remembers which rooms each socket sits in."""

    def __init__(self, app: Flask, socketio: SocketIO, house: House, newsroom: Newsroom) -> None:
        self.app = app
        self.socketio = socketio
        self.house = house
        self.newsroom = newsroom
        self.seats: dict[str, set[str]] = {}
        self._tokens: dict[str, str] = {}
        self.on("screen:open", self.open_screen)
        self.on("command", self.command)
        socketio.on_event("disconnect", self._leave)
        socketio.on_event("connect", self._enter)

    def on(self, name: str, handler: Handler) -> None:
        """Answer an event; a refusal is an answer, worded in the language the message names."""

        def answer(message: object = None) -> Answer:
            asked = message if isinstance(message, dict) else {}
            lang = asked.get("lang")
            with speaking(lang if lang in LANGUAGES else None):
                try:
                    _same_protocol(asked)
                    return {"ok": True, **handler(asked)}
                except Refusal as refusal:
                    return refusal_body(refusal)

        self.socketio.on_event(name, answer)

    def who(self, asked: dict[str, Any]) -> tuple[Row, Actor]:
        """The forum a message names and who sent it."""
        slug = str(asked.get("forum", ""))
        return self.house.knock(slug, token_for(slug, self.auth()))

    def auth(self) -> str | None:
        """The token a third party gave when it connected."""
        return self._tokens.get(request.sid)  # type: ignore[attr-defined]

    def open_screen(self, asked: dict[str, Any]) -> Answer:
        """Seat this socket in a screen's room."""
        event, actor = self.who(asked)
        event_id = event["id"]
        screen, lang = str(asked.get("screen", "")), str(asked.get("lang", "fr"))
        if lang not in (*LANGUAGES, "data") or not may_open(actor, screen):
            raise Refusal(Code.NO_SCREEN if lang not in (*LANGUAGES, "data") else Code.NOT_ALLOWED)
        person = actor.participant_id if Role.VISITOR not in actor.roles else None
        version = asked.get("version")
        self._sit(event_id, screen, lang, person)
        opened = self.newsroom.open(
            request.sid, event_id, person, screen, lang, version if isinstance(version, int) else -1  # type: ignore[attr-defined]
        )  # fmt: skip
        mine = self.house.me(event_id, person) if person else None
        return {**opened, "me": mine, "now": datetime.now(UTC).isoformat()}

    def command(self, asked: dict[str, Any]) -> Answer:
        """Carry out a command of the table."""
        event, actor = self.who(asked)
        payload = asked.get("payload")
        if not isinstance(payload, dict):
            raise Refusal(Code.BAD_PAYLOAD)
        name, op = str(asked.get("name", "")), str(asked.get("op", ""))
        check_rate(actor, request.remote_addr or "", name)
        outcome = self.house.dispatch.perform(event["id"], actor, name, op, payload)
        return {"number": outcome.number, "answer": outcome.answer}

    def _sit(self, event_id: str, screen: str, lang: str, person: str | None) -> None:
        sid = request.sid  # type: ignore[attr-defined]
        seats = self.seats.setdefault(sid, set())
        if len(seats) > 24:
            raise Refusal(Code.TOO_FAST)
        wanted = {room(event_id, screen, lang)} | ({room(event_id, "me", person)} if person else set())
        for name in wanted - seats:
            join_room(name)
        seats |= wanted

    def _enter(self, auth: object = None) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        if isinstance(token, str):
            self._tokens[request.sid] = token  # type: ignore[attr-defined]

    def _leave(self, _reason: str = "") -> None:
        sid = request.sid  # type: ignore[attr-defined]
        self._tokens.pop(sid, None)
        self.seats.pop(sid, None)
        self.newsroom.leave(sid)



def _same_protocol(asked: dict[str, Any]) -> None:
    if asked.get("protocol", PROTOCOL) != PROTOCOL:
        raise Refusal(Code.OUTDATED)
