"""A ledger without SQL: the same verbs on rows kept in memory, a hundred times faster, for histories by the hundred thousand."""

from typing import Any

from sqlalchemy import Table

from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.changes import Ledger
from facilitation.store.columns import Row

Kept = dict[str, dict[str, Row]]


class Memory(Ledger):
    """Rows by table and id. What nothing but SQL can do (foreign keys, uniqueness) is left to the histories played on SQLite."""

    def __init__(self, event: Row) -> None:
        super().__init__(None, event["id"])  # type: ignore[arg-type]
        self.kept: Kept = {table.name: {} for table in tables.metadata.sorted_tables}
        self.kept["event"][event["id"]] = event
        self._last = 0

    def add(self, table: Table, **values: Any) -> Row:
        if "id" not in values:
            self._last += 1
            values = {"id": f"{self._last:024x}", **values}
        return super().add(table, **values)

    def _put(self, table: Table, row: Row) -> None:
        self.kept[table.name][row["id"]] = row
        self._note(table, row["id"], None, row)

    def set(self, table: Table, row_id: str, **values: Any) -> None:
        before = self.kept[table.name][row_id]
        changed = {key: value for key, value in values.items() if before[key] != value}
        if changed:
            self.kept[table.name][row_id] = {**before, **changed}
            self._note(table, row_id, {key: before[key] for key in changed}, changed)

    def remove(self, table: Table, row_id: str) -> None:
        self._note(table, row_id, self.kept[table.name].pop(row_id), None)

    def row(self, table: Table, row_id: str) -> Row | None:
        found = self.kept[table.name].get(row_id)
        return dict(found) if found is not None else None

    def rows_where(self, table: Table, **values: Any) -> list[Row]:
        asked = values.items()
        return [dict(row) for row in self.kept[table.name].values() if all(row[key] == value for key, value in asked)]

    def count_where(self, table: Table, **values: Any) -> int:
        return len(self.rows_where(table, **values))

    def highest(self, table: Table) -> int:
        return max((row["number"] for row in self.kept[table.name].values()), default=0)

    def _take_out(self, table: Table, row_id: str) -> bool:
        if table is tables.author and self.rows_where(tables.agreement, author_id=row_id):
            return False
        self.remove(table, row_id)
        return True

    def snapshot(self) -> Kept:
        """What is kept now; rows are replaced, never changed in place."""
        return {name: dict(rows) for name, rows in self.kept.items()}


class MemoryTurn(Turn):
    """A turn whose numbers need no log: nothing here takes a number back."""

    def next_number(self, table: Table) -> int:
        return self.ledger.highest(table) + 1
