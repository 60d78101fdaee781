"""Sockets in process: what one device sends, and everything it hears."""

from typing import Any
from weakref import WeakValueDictionary

import gevent
from flask_socketio.test_client import SocketIOTestClient

from facilitation import PROTOCOL
from facilitation.domain.roles import Actor
from tests.playing import Day

Message = dict[str, Any]
# As it comes, this table keeps every client for ever, and with each a whole application.
SocketIOTestClient.clients = WeakValueDictionary()


class Socket:
    """A device's socket, with or without a token."""

    def __init__(self, day: Day, actor: Actor | None) -> None:
        self.day = day
        token = day.tokens[actor.device_id] if actor else None
        application = day.application
        self.client = application.socketio.test_client(application.flask, auth={"token": token} if token else None)
        self.heard: list[tuple[str, Message]] = []

    def ask(self, event: str, **message: Any) -> Message:
        answer: Message = self.client.emit(event, {"forum": self.day.slug, "protocol": PROTOCOL, **message}, callback=True)
        return answer

    def open(self, screen: str, lang: str = "data", version: int = -1) -> Message:
        return self.ask("screen:open", screen=screen, lang=lang, version=version)

    def told(self, name: str) -> list[Message]:
        """Everything heard under this name, once the newsroom has nothing more to say."""
        hall = self.day.application.newsroom._halls.get(self.day.event_id)
        version = self.day.forum.version
        # Sheets are told at the end of the turn.
        gevent.sleep(0)
        with gevent.Timeout(60):
            while hall and any(hall.audience.get(key) and board.looked < version for key, board in hall.boards.items()):
                gevent.sleep(0.01)
        self.heard += [(one["name"], one["args"][0]) for one in self.client.get_received()]
        return [message for heard, message in self.heard if heard == name]
