"""One message to a whole room: encoded and framed once, and written straight to each socket that can take it.

Socket.IO's own `emit` puts a packet into every socket's queue and wakes a greenlet for each. Here a socket whose queue is empty
gets the ready-made frame at once. One that has fallen behind gets nothing more to lag behind with: it is told, when it has
caught up, that it missed something, and asks for its screen afresh. Rooms, packets and transports stay Socket.IO's.
"""

from collections.abc import Iterable
from time import thread_time
from typing import Any

from flask_socketio import SocketIO
from socketio.packet import EVENT, Packet

from facilitation.realtime.engine import Straight
from facilitation.realtime.websocket import frame
from facilitation.services.aside import breathe

# How many hear before answers to commands go first, and into how many such parts a full hall falls at most.
AT_A_TIME, PARTS = 250, 20
MOST_WAITING = 4
NAMESPACE = "/"


class Broadcast:
    """Speaks to the rooms of one Socket.IO server, in this process. `spent` are the processor's seconds that took."""

    def __init__(self, socketio: SocketIO) -> None:
        self._server = socketio.server
        self.spent = 0.0

    def tell(self, room: str, name: str, message: dict[str, Any]) -> set[str]:
        """Send an event that holds no bytes to everybody in a room who can take it now; returns the sids of those who have fallen
        behind."""
        return self.tell_some(self.present(room), name, message, binary=False)

    def tell_some(self, sids: Iterable[str], name: str, message: dict[str, Any], *, binary: bool | None = None) -> set[str]:
        """The same to these sockets; those that have left are passed over. Unless `binary` is told, bytes are looked for."""
        encoded = Packet(EVENT, data=[name, message], namespace=NAMESPACE, binary=binary).encode()
        parts = encoded if isinstance(encoded, list) else [encoded]
        ready = b"".join(frame(f"4{part}" if isinstance(part, str) else part) for part in parts)
        behind, told = set(), list(sids)
        at_a_time, began = max(AT_A_TIME, len(told) // PARTS), thread_time()
        for count, sid in enumerate(told, 1):
            socket = self._server.eio.sockets.get(self._server.manager.eio_sid_from_sid(sid, NAMESPACE))
            if socket is None:
                # Not one of engine.io's, or gone: Socket.IO knows what to do.
                self._server.emit(name, message, to=sid)
            elif socket.upgraded and not socket.upgrading and (isinstance(socket.queue, Straight) or socket.queue.empty()):
                if not socket.wire.offer(ready):
                    behind.add(sid)
            elif socket.queue.qsize() < MOST_WAITING:
                # Until long polling fetches it.
                self._server.emit(name, message, to=sid)
            else:
                behind.add(sid)
            if not count % at_a_time:
                # Answers to commands overtake news.
                self.spent += thread_time() - began
                breathe()
                began = thread_time()
        self.spent += thread_time() - began
        return behind

    def present(self, room: str) -> list[str]:
        """The sids of those in a room."""
        return [sid for sid, _ in self._server.manager.get_participants(NAMESPACE, room)]
