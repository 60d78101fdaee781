"""What has been read of one forum, kept until a table it came from changes, or mended where it is known which rows did."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

Rows = dict[str, set[str]]
Mend = Callable[[Any, Rows], Any]
# Rows beyond which reading all anew is as quick.
MOST_MENDED = 200


@dataclass
class Changes:
    """What commits changed: tables any row of which may differ, and of others the rows that do, by table."""

    whole: set[str] = field(default_factory=set)
    rows: Rows = field(default_factory=dict)

    def add(self, tables: frozenset[str], rows: frozenset[tuple[str, str]]) -> None:
        """One more commit; a table of which it names no row may differ anywhere."""
        for table, row_id in rows:
            self.rows.setdefault(table, set()).add(row_id)
        self.whole |= tables - {table for table, _ in rows}


@dataclass
class _Kept:
    tables: frozenset[str]
    value: Any
    mends: bool
    missed: Rows = field(default_factory=dict)

    def stands(self, changes: Changes) -> bool:
        """Whether it is still of use; it notes the rows it will have to be mended for."""
        if self.tables & changes.whole:
            return False
        here = self.tables & changes.rows.keys()
        if here and not self.mends:
            return False
        for table in here:
            self.missed.setdefault(table, set()).update(changes.rows[table])
        return sum(map(len, self.missed.values())) <= MOST_MENDED


class Shelf:
    """Results of reading, each with the tables it came from. What is taken from it is shared: copy before changing it."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, _Kept] = {}

    def get(self, key: Hashable, tables: Iterable[Table], fetch: Callable[[], Any], mend: Mend | None = None) -> Any:
        """What stands under this key, fetched if it is not there; `tables` are all that `fetch` reads.

        `mend` makes of what stood here what `fetch` would read now, given the rows that changed since by table, some of which
        may be gone. It makes a new one where anything differs: others may still look at the old one.
        """
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _Kept(frozenset(table.name for table in tables), fetch(), mend is not None)
        elif found.missed and mend is not None:
            missed, found.missed = found.missed, {}
            found.value = mend(found.value, missed)
        return found.value

    def forget(self, changes: Changes | None) -> None:
        """Let go of what cannot be mended after these changes, or of everything where nobody can say what changed (None)."""
        if changes is None:
            self._kept.clear()
        else:
            self._kept = {key: found for key, found in self._kept.items() if found.stands(changes)}
