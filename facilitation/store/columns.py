"""Column types and the one codec by which rows become JSON and come back: log, undo and archive share it."""

import base64
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, LargeBinary, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Row = dict[str, Any]


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite hands back naive ones, so the zone is put on again here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return aware.astimezone(UTC)


def encode(row: Row) -> Row:
    """A row with instants as ISO text and bytes as base64, fit for JSON."""

    def one(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        return value

    return {key: one(value) for key, value in row.items()}


def decode(table: Table, row: Row) -> Row:
    """The inverse of `encode`, guided by the table's column types. Raises KeyError on an unknown column."""

    def one(key: str, value: Any) -> Any:
        kind = table.c[key].type
        if value is not None and isinstance(kind, Instant):
            return datetime.fromisoformat(value)
        if value is not None and isinstance(kind, LargeBinary):
            return base64.b64decode(value)
        return value

    return {key: one(key, value) for key, value in row.items()}
