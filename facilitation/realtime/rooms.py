"""Socket.IO's own list of who is in which room, which also knows it the other way round.

As it comes, whoever leaves is looked for in every room; and each phone has a room of its own, so that ten thousand phones that
leave together cost a hundred million looks. Here each says itself which rooms it is in.
"""

from typing import Any

from socketio.manager import Manager


class Rooms(Manager):  # type: ignore[misc]
    """Rooms by phone, besides phones by room."""

    def __init__(self) -> None:
        super().__init__()
        self._inside: dict[tuple[str, str], set[str | None]] = {}

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        """Put a phone into a room. Raises ValueError and KeyError as Socket.IO does."""
        super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)
        self._inside.setdefault((namespace, sid), set()).add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        """Take a phone out of a room; nothing where it is not there."""
        super().basic_leave_room(sid, namespace, room)
        inside = self._inside.get((namespace, sid))
        if inside is not None:
            inside.discard(room)
            if not inside:
                del self._inside[namespace, sid]

    def basic_disconnect(self, sid: str, namespace: str, **_kwargs: Any) -> None:
        """Take a phone out of everything."""
        for room in tuple(self._inside.get((namespace, sid), ())):
            self.basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for waiting in (self.pending_connect, self.pending_disconnect):
            if sid in waiting.get(namespace, ()):
                waiting[namespace].remove(sid)
                if not waiting[namespace]:
                    del waiting[namespace]

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        """The rooms a phone is in, its own included."""
        return [room for room in self._inside.get((namespace, sid), ()) if room is not None]
