"""The socket's door: opening screens and sending commands, with the same answers as over HTTP."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, request
from flask_socketio import SocketIO, join_room, leave_room

from facilitation import PROTOCOL
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, Actor, Role
from facilitation.realtime.engine import show_out
from facilitation.realtime.news import COCKPIT, Newsroom, room
from facilitation.realtime.pace import Pace
from facilitation.realtime.steward import Seat, Steward
from facilitation.services.house import House
from facilitation.services.known import LONGEST
from facilitation.services.screens import may_open
from facilitation.services.screens.wall import near_data
from facilitation.store.columns import Row
from facilitation.store.engine import AWAY
from facilitation.store.secrets import digest
from facilitation.web.limits import LIMITER, WINDOW, perform
from facilitation.web.visitors import token_for
from facilitation.web.words import LANGUAGES, refusal_body, speaking

Answer = dict[str, Any]
Handler = Callable[[dict[str, Any]], Answer]
MOST_SEATS = 24
NEAR_PER_PERSON = 40
# A page that has missed something asks twice a second at most.
OPENINGS = 60
TABS = 10
LOG = logging.getLogger("facilitation")


class Door:
    """The handlers of one Socket.IO server."""

    def __init__(self, app: Flask, socketio: SocketIO, house: House, newsroom: Newsroom) -> None:
        self.app = app
        self.socketio = socketio
        self.house = house
        self.newsroom = newsroom
        self._steward = Steward(house, lambda sid: show_out(socketio.server, sid))
        self._tokens: dict[str, str] = {}
        self._pace = Pace()
        self.on("screen:open", self.open_screen, most=OPENINGS)
        self.on("command", self.command)
        self.on("near", self.near, most=NEAR_PER_PERSON)
        socketio.on_event("disconnect", self._leave)
        socketio.on_event("connect", self._enter)
        # Before the newsroom hears: who is expelled hears nothing of what follows.
        house.listeners.insert(0, self._steward.hear)

    def on(self, name: str, handler: Handler, most: int | None = None) -> None:
        """Answer an event; a refusal is an answer, worded in the language the message names.

        `most` is how often one socket may ask it in ten seconds, and a device on all its sockets TABS times that; commands have
        limits of their own (web/limits.py).
        """

        def answer(message: object = None) -> Answer:
            asked = message if isinstance(message, dict) else {}
            lang = asked.get("lang")
            with speaking(lang if lang in LANGUAGES else None):
                try:
                    if most is not None:
                        self._count(name, asked, most)
                    _same_protocol(asked)
                    return {"ok": True, **handler(asked)}
                except Refusal as refusal:
                    return refusal_body(refusal)
                except AWAY as error:
                    LOG.warning("the database could not be read for %s: %s", name, type(error).__name__)
                    return refusal_body(Refusal(Code.NOT_KEPT))
                except Exception:
                    LOG.exception("unexpected error in %s", name)
                    return refusal_body(Refusal(Code.BROKEN))

        self.socketio.on_event(name, answer)

    def _count(self, name: str, asked: dict[str, Any], most: int) -> None:
        self._pace.check(f"{name}:{request.sid}", most)  # type: ignore[attr-defined]
        token = self._token(str(asked.get("forum", "")))
        if token:
            self._pace.check(f"{name}:{digest(token)}", most * TABS)

    def who(self, asked: dict[str, Any]) -> tuple[Row, Actor]:
        """The forum a message names and who sent it."""
        slug = str(asked.get("forum", ""))
        return self.house.hear(slug, self._token(slug))

    def sit(self, asked: dict[str, Any], screen: str, *rooms: str, sheet: str = "") -> list[str]:
        """Let the asker's socket hear these rooms for as long as it may open the screen, and the whole of `sheet` if one is;
        those it did not hear before."""
        event, actor = self.who(asked)
        sid: str = request.sid  # type: ignore[attr-defined]
        seats = self._steward.seats.get(sid, {})
        if len(seats) > MOST_SEATS:
            raise Refusal(Code.TOO_FAST)
        new = [name for name in rooms if name not in seats]
        for name in rooms:
            if name in new:
                join_room(name)
            self._steward.seat(sid, name, Seat(event["id"], screen, self._token(event["slug"]), actor.device_id, sheet))
        return new

    def rise(self, name: str) -> None:
        """Leave a room."""
        leave_room(name)
        self._steward.rise(request.sid, name)  # type: ignore[attr-defined]

    def _token(self, slug: str) -> str | None:
        """What the socket's holder showed: a third party's token given on connecting, or this browser's cookie."""
        return token_for(slug, self._tokens.get(request.sid))  # type: ignore[attr-defined]

    def open_screen(self, asked: dict[str, Any]) -> Answer:
        """Seat this socket in a screen's room."""
        event, actor = self.who(asked)
        event_id = event["id"]
        screen, lang = str(asked.get("screen", "")), str(asked.get("lang", "fr"))
        if lang not in (*LANGUAGES, "data"):
            raise Refusal(Code.NO_SCREEN)
        if not may_open(actor, screen):
            raise Refusal(Code.NOT_ALLOWED)
        person = actor.participant_id if Role.VISITOR not in actor.roles else None
        version = asked.get("version")
        new = self.sit(asked, screen, room(event_id, screen, lang), *([room(event_id, "me", person)] if person else []))
        try:
            opened = self.newsroom.open(
                request.sid, event_id, person, screen, lang, version if isinstance(version, int) else -1  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refusal:
            # Nobody keeps a place where there is nothing to see.
            for name in new:
                self.rise(name)
            raise
        # What is shared may be older and still true; what is one's own was read now, and is told so.
        forum = self.house.forum(event_id)
        mine = self.house.own(forum, [person])[person] if person else None
        beside = {"troubles": self.newsroom.troubles(lang), "asleep": self.newsroom.asleep(forum)} if screen == COCKPIT else {}
        back = self.newsroom.back(event_id)
        return {**opened, **beside, "me": mine, "at": forum.version, "back": back, "now": datetime.now(UTC).isoformat()}

    def command(self, asked: dict[str, Any]) -> Answer:
        """Carry out a command of the table."""
        event, actor = self.who(asked)
        payload = asked.get("payload")
        if not isinstance(payload, dict):
            raise Refusal(Code.BAD_PAYLOAD)
        name, op = str(asked.get("name", "")), str(asked.get("op", ""))
        outcome = perform(self.house, event["id"], actor, request.remote_addr or "", name, op, payload)
        return {"number": outcome.number, "answer": outcome.answer}

    def near(self, asked: dict[str, Any]) -> Answer:
        """Topics of the wall that say nearly what is being typed; asked once a pause, and nothing is kept of it."""
        event, actor = self.who(asked)
        if not actor.roles & ROOM:
            raise Refusal(Code.NOT_JOINED)
        LIMITER.check(f"near:{actor.scope}", NEAR_PER_PERSON, WINDOW, Code.TOO_FAST)
        return {"near": [near_data(row) for row in self.house.near(event["id"], str(asked.get("text", "")))]}

    def _enter(self, auth: object = None) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        if isinstance(token, str) and len(token) <= LONGEST:
            self._tokens[request.sid] = token  # type: ignore[attr-defined]

    def _leave(self, _reason: str = "") -> None:
        sid = request.sid  # type: ignore[attr-defined]
        self._tokens.pop(sid, None)
        self._steward.leave(sid)
        self.newsroom.leave(sid)


def _same_protocol(asked: dict[str, Any]) -> None:
    if asked.get("protocol", PROTOCOL) != PROTOCOL:
        raise Refusal(Code.OUTDATED)
