"""What has been read of one forum, kept until a table it came from changes."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from sqlalchemy import Table


class Shelf:
    """Results of reading, each with the tables it came from. What is taken from it is shared: copy before changing it."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[frozenset[str], Any]] = {}

    def get(self, key: Hashable, tables: Iterable[Table], fetch: Callable[[], Any]) -> Any:
        """What stands under this key, fetched if it is not there; `tables` are all that `fetch` reads."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = (frozenset(table.name for table in tables), fetch())
        return found[1]

    def forget(self, changed: frozenset[str] | None) -> None:
        """Let go of what came from these tables, or of everything where nobody can say which changed (None)."""
        if changed is None:
            self._kept.clear()
        else:
            self._kept = {key: found for key, found in self._kept.items() if not found[0] & changed}
