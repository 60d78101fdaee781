"""What messages ask of every key typed, and only commands change: who holds a token, whether a sheet is there."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection

from facilitation.store.columns import Row

# Tokens and ids are shorter.
LONGEST = 64
T = TypeVar("T")
Key = tuple[str, str]


class Known:
    """Read once between two commands of a forum: typing takes no number of its log."""

    def __init__(self, reading: Callable[[], Connection]) -> None:
        self._reading = reading
        self._forums: dict[str, tuple[int, dict[Key, Any]]] = {}

    def recall(self, event: Row, kind: str, name: str, fetch: Callable[[Connection], T | None]) -> T | None:
        """What there is of a kind under a name, in the forum as `event` says it is. What there is not is not kept: anybody may
        ask for it, under as many names as they like, and no name is longer than LONGEST."""
        if len(name) > LONGEST:
            return None
        number, known = self._forums.get(event["id"], (-1, {}))
        if number != event["number"]:
            known = {}
            self._forums[event["id"]] = (event["number"], known)
        found: T | None = known.get((kind, name))
        if found is None:
            with self._reading() as connection:
                found = fetch(connection)
            if found is not None:
                known[kind, name] = found
        return found

    def forget(self, event_id: str) -> None:
        """Let go of a forum: whoever asks again has it read again."""
        self._forums.pop(event_id, None)

    def kept(self, event_id: str) -> set[Key]:
        """The kinds and names kept of a forum."""
        return set(self._forums.get(event_id, (0, {}))[1])
