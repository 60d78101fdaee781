"""Pictures: kept whole beside the log, which only says that they came and went."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from facilitation.store import tables
from facilitation.store.changes import Ledger
from facilitation.store.columns import Row
from facilitation.store.secrets import new_id

LOGO = "logo"
PHOTO = "photo"
COVER = "cover"


def pictures(connection: Connection, event_id: str) -> list[Row]:
    """A forum's logos in the order they came, without their bytes."""
    return _found(connection, event_id, LOGO, whole=False)


def pictures_for(connection: Connection, event_id: str, purpose: str) -> list[Row]:
    """A forum's pictures of one purpose, without their bytes."""
    return _found(connection, event_id, purpose, whole=False)


def whole_pictures(connection: Connection, event_id: str) -> list[Row]:
    """A forum's logos, the photo of its cover and its accepted photos, bytes included."""
    accepted = (row for row in _found(connection, event_id, PHOTO, whole=True) if row["accepted"])
    own = (_found(connection, event_id, purpose, whole=True) for purpose in (LOGO, COVER))
    return [*(row for rows in own for row in rows), *accepted]


def photos(connection: Connection, event_id: str) -> list[Row]:
    """A forum's photos in the order they came, without their bytes; `label` says what each shows."""
    return _found(connection, event_id, PHOTO, whole=False)


def _found(connection: Connection, event_id: str, purpose: str, *, whole: bool) -> list[Row]:
    table = tables.picture
    columns = [column for column in table.c if whole or column is not table.c.data]
    query = select(*columns).where(table.c.event_id == event_id, table.c.purpose == purpose)
    return [dict(row) for row in connection.execute(query.order_by(table.c.created_at, table.c.id)).mappings()]


def add_picture(ledger: Ledger, label: str, data: bytes, width: int, height: int, at: datetime) -> None:
    """Keep a logo, as PNG."""
    _add(ledger, at, purpose=LOGO, mime="image/png", label=label, data=data, width=width, height=height)


def put_cover(ledger: Ledger, label: str, data: bytes, width: int, height: int, at: datetime) -> None:
    """Keep the photo of the compte-rendu's cover, as JPEG, in place of the former one."""
    for row in pictures_for(ledger.connection, ledger.event_id, COVER):
        remove_picture(ledger, row["id"])
    _add(ledger, at, purpose=COVER, mime="image/jpeg", label=label, data=data, width=width, height=height)


def add_photo(ledger: Ledger, at: datetime, **values: Any) -> None:
    """Keep a photo of a sheet (its `sheet_id`, `participant_id`, `label`, `data`, sizes), as JPEG, until it is accepted."""
    _add(ledger, at, purpose=PHOTO, mime="image/jpeg", accepted=False, **values)


def _add(ledger: Ledger, at: datetime, **values: Any) -> None:
    ledger.rewrote(tables.picture)
    row = {"id": new_id(), "event_id": ledger.event_id, "created_at": at, **values}
    ledger.connection.execute(insert(tables.picture).values(row))


def accept_photo(ledger: Ledger, picture_id: str, alt: str) -> None:
    """Show a photo, with what it shows in words."""
    table = tables.picture
    ledger.rewrote(table)
    mine = update(table).where(table.c.id == picture_id, table.c.event_id == ledger.event_id, table.c.purpose == PHOTO)
    ledger.connection.execute(mine.values(accepted=True, label=alt))


def copy_pictures(connection: Connection, event_id: str, to: str) -> None:
    """Give another forum the same logos, and the same cover."""
    table = tables.picture
    own = (table.c.event_id == event_id, table.c.purpose.in_((LOGO, COVER)))
    for row in connection.execute(select(table).where(*own)).mappings().all():
        connection.execute(insert(table).values({**row, "id": new_id(), "event_id": to}))


def remove_picture(ledger: Ledger, picture_id: str) -> None:
    """Take a picture of this forum away."""
    table = tables.picture
    ledger.rewrote(table)
    ledger.connection.execute(delete(table).where(table.c.id == picture_id, table.c.event_id == ledger.event_id))
