"""Pictures: kept whole beside the log, which only says that they came and went."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, delete, insert, select

from facilitation.store import tables
from facilitation.store.changes import Ledger
from facilitation.store.columns import Row
from facilitation.store.secrets import new_id

LOGO = "logo"


def pictures(connection: Connection, event_id: str) -> list[Row]:
    """A forum's logos in the order they came, without their bytes."""
    return _found(connection, event_id, [column for column in tables.picture.c if column is not tables.picture.c.data])


def whole_pictures(connection: Connection, event_id: str) -> list[Row]:
    """The same, bytes included."""
    return _found(connection, event_id, list(tables.picture.c))


def _found(connection: Connection, event_id: str, columns: list[Column[Any]]) -> list[Row]:
    table = tables.picture
    query = select(*columns).where(table.c.event_id == event_id, table.c.purpose == LOGO)
    return [dict(row) for row in connection.execute(query.order_by(table.c.created_at, table.c.id)).mappings()]


def add_picture(ledger: Ledger, label: str, data: bytes, width: int, height: int, at: datetime) -> None:
    """Keep a logo, as PNG."""
    ledger.changed.add(tables.picture.name)
    ledger.connection.execute(insert(tables.picture).values(
        id=new_id(), event_id=ledger.event_id, purpose=LOGO, label=label, mime="image/png", width=width, height=height,
        data=data, created_at=at))  # fmt: skip


def copy_pictures(connection: Connection, event_id: str, to: str) -> None:
    """Give another forum the same pictures."""
    table = tables.picture
    for row in connection.execute(select(table).where(table.c.event_id == event_id)).mappings().all():
        connection.execute(insert(table).values({**row, "id": new_id(), "event_id": to}))


def remove_picture(ledger: Ledger, picture_id: str) -> None:
    """Take a picture of this forum away."""
    table = tables.picture
    ledger.changed.add(table.name)
    ledger.connection.execute(delete(table).where(table.c.id == picture_id, table.c.event_id == ledger.event_id))
