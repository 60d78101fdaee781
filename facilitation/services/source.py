"""One forum's tables as a reading sees them: whole, and of what has been read before only the rows that changed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from facilitation.store import reading, tables
from facilitation.store.columns import Row
from facilitation.store.shelf import Rows, Shelf


@dataclass(frozen=True)
class Source:
    """One transaction's view of a forum; what `shelf` holds has not changed since and is not read again."""

    connection: Connection
    event_id: str
    shelf: Shelf

    def every(self, table: Any) -> list[Row]:
        """Every row of a table, each a copy of one's own."""
        return [dict(row) for row in self.shared(table).values()]

    def shared(self, table: Any) -> dict[str, Row]:
        """Every row of a table by id, in id order; they are everybody's: not to be changed."""

        def fetch() -> dict[str, Row]:
            return {row["id"]: row for row in reading.all_rows(self.connection, self.event_id, table)}

        def mend(kept: dict[str, Row], missed: Rows) -> dict[str, Row]:
            ids = missed[table.name]
            there = reading.some_rows(self.connection, self.event_id, table, ids)
            if there.keys() == ids and ids <= kept.keys():
                return {**kept, **there}
            rest = {row_id: row for row_id, row in kept.items() if row_id not in ids}
            return dict(sorted((rest | there).items()))

        found: dict[str, Row] = self.shelf.get(table.name, [table], fetch, mend)
        return found

    def people(self) -> dict[str, Row]:
        """Those whose name some screen may show, by id; some may be among them who no longer own anything."""
        whose = {table.name: table for table in reading.OWNERS}

        def mend(kept: dict[str, Row], missed: Rows) -> dict[str, Row]:
            renamed = missed.get(tables.participant.name, set()) & kept.keys()
            rows = [self.shared(whose[name]).get(row_id) for name in whose.keys() & missed.keys() for row_id in missed[name]]
            new = {row["participant_id"] for row in rows if row is not None} - kept.keys() - {None}
            if not renamed | new:
                return kept
            return kept | reading.some_rows(self.connection, self.event_id, tables.participant, renamed | new)

        found: dict[str, Row] = self.shelf.get(
            "people", [tables.participant, *reading.OWNERS], lambda: reading.people_of(self.connection, self.event_id), mend
        )
        return found

    def named(self, most: int) -> list[Row]:
        """The last `most` who joined and gave a name."""

        def fetch() -> list[Row]:
            return reading.named_people(self.connection, self.event_id, most)

        def mend(kept: list[Row], missed: Rows) -> list[Row]:
            ids = missed[tables.participant.name]
            there = reading.some_rows(self.connection, self.event_id, tables.participant, ids).values()
            named = [row for row in there if row["name"] and row["joined_at"] is not None]
            rest = [row for row in kept if row["id"] not in ids]
            if len(kept) >= most and len(named) < len(kept) - len(rest):
                # Somebody left the list, and others may come up into it.
                return fetch()
            by_id = sorted([*named, *rest], key=lambda row: row["id"])
            return sorted(by_id, key=lambda row: row["joined_at"], reverse=True)[:most]

        found: list[Row] = self.shelf.get("named", [tables.participant], fetch, mend)
        return found

    def ask(self, read: Any, *arguments: Any, of: Any) -> Any:
        """What a function of the store answers to these arguments, reading one table."""
        key = (read.__name__, repr(arguments))
        return self.shelf.get(key, [of], lambda: read(self.connection, *arguments))
