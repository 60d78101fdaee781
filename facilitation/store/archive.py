"""A forum whole, as a file that restores it: every row, credentials as hashes only, the same bytes each time."""

import json
from typing import Any

from sqlalchemy import Connection, insert, select

from facilitation.store import tables
from facilitation.store.columns import decode, encode

FORMAT, VERSION = "facilitation-archive", 1


class BadArchive(ValueError):
    """The file is not an archive this version reads; the message says why."""


def export_archive(connection: Connection, event_id: str) -> bytes:
    """The forum as UTF-8 JSON, rows in key order."""
    event = connection.execute(select(tables.event).where(tables.event.c.id == event_id)).mappings().one()
    named = sorted(tables.NOUNS, key=lambda table: table.name)
    found = ",\n".join(f'"{table.name}": {_lines(_rows(connection, table, event_id))}' for table in named)
    head = f'"event": {_line(encode(dict(event)))},\n"format": {_line(FORMAT)},\n'
    return f'{{\n{head}"tables": {{\n{found}\n}},\n"version": {VERSION}\n}}\n'.encode()


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _lines(rows: list[dict[str, Any]]) -> str:
    """A row a line, so that two archives can be compared."""
    return "[\n" + ",\n".join(_line(row) for row in rows) + "\n]" if rows else "[]"


def _rows(connection: Connection, table: Any, event_id: str) -> list[dict[str, Any]]:
    query = select(table).where(table.c.event_id == event_id).order_by(*table.primary_key.columns)
    return [encode(dict(row)) for row in connection.execute(query).mappings()]


def import_archive(connection: Connection, data: bytes) -> str:
    """Put a forum back, links and all; returns its slug. Raises BadArchive, also when the forum is here already."""
    content = _read(data)
    try:
        event = decode(tables.event, content["event"])
        rows = {table: [decode(table, row) for row in content["tables"][table.name]] for table in tables.NOUNS}
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadArchive(f"unreadable at {error}") from None
    there = select(tables.event.c.id).where((tables.event.c.id == event["id"]) | (tables.event.c.slug == event["slug"]))
    if connection.execute(there).first() is not None:
        raise BadArchive("this forum, or another at its address, is here already")
    if any(row["event_id"] != event["id"] for found in rows.values() for row in found):
        raise BadArchive("it holds rows of another forum")
    connection.execute(insert(tables.event).values(event))
    for table, found in rows.items():
        if found:
            connection.execute(insert(table), found)
    return str(event["slug"])


def _read(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except ValueError:
        raise BadArchive("it is not JSON") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise BadArchive("it is not a forum's archive")
    if content.get("version") != VERSION:
        raise BadArchive(f"it has format number {content.get('version')}, this version reads {VERSION}")
    return content
