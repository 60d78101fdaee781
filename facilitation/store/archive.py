"""A forum whole, as a file that restores it: every row, credentials as hashes only, the same bytes each time."""

import json
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import CompileError, OperationalError, StatementError

from facilitation.store import tables
from facilitation.store.columns import Row, decode, encode

FORMAT, VERSION = "facilitation-archive", 3
# Tables each version brought; columns that came later take their defaults.
BROUGHT = {
    2: ("template", "talk", "remark", "readback", "paper", "voter", "voting_code", "snapshot", "restoration"),
    3: ("layout", "presence", "candidacy", "card", "pitch", "wish"),
}
# An address left to receive the book once does not travel.
STAYING = frozenset({"wish"})
DISAGREES = "ses lignes ne vont pas ensemble ; reprenez le fichier tel qu’il a été exporté"


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
    if table.name in STAYING:
        return []
    query = select(table).where(table.c.event_id == event_id).order_by(*table.primary_key.columns)
    return [encode(dict(row)) for row in connection.execute(query).mappings()]


def import_archive(connection: Connection, data: bytes) -> str:
    """Put a forum back, links and all; returns its slug. Raises BadArchive, also when the forum is here already."""
    content = _read(data)
    try:
        event = decode(tables.event, content["event"])
        rows = {table: [decode(table, row) for row in content["tables"][table.name]] for table in tables.NOUNS}
        there = select(tables.event.c.id).where((tables.event.c.id == event["id"]) | (tables.event.c.slug == event["slug"]))
        is_astray = any(row["event_id"] != event["id"] for found in rows.values() for row in found)
        is_loose = _points_nowhere(event, rows)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadArchive(f"il y manque quelque chose, ou quelque chose y est illisible ({error})") from None
    if is_astray:
        raise BadArchive("elle contient des lignes d’un autre forum")
    if is_loose:
        raise BadArchive(DISAGREES)
    try:
        if connection.execute(there).first() is not None:
            raise BadArchive("ce forum, ou un autre à la même adresse, est déjà dans cette base")
        connection.execute(insert(tables.event).values(event))
        for table, found in rows.items():
            if found:
                connection.execute(insert(table), found)
    except OperationalError:
        # The database could not be written: that is not the archive's fault.
        raise
    except (StatementError, CompileError):
        raise BadArchive(DISAGREES) from None
    return str(event["slug"])


def _points_nowhere(event: Row, rows: dict[Table, list[Row]]) -> bool:
    """Whether one of the few references that the tables do not hold themselves leads to no row."""
    sheets = {row["id"] for row in rows[tables.sheet]}
    moments = {row["id"] for row in rows[tables.moment]}
    held = [row["sheet_id"] for table in (tables.grant, tables.code) for row in rows[table]]
    return not sheets.issuperset(filter(None, held)) or not moments.issuperset(filter(None, [event["moment_id"]]))


def _read(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise BadArchive("ce n’est pas du JSON") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise BadArchive("ce n’est pas l’archive d’un forum")
    version, found = content.get("version"), content.get("tables")
    if not isinstance(version, int) or not 1 <= version <= VERSION:
        raise BadArchive(f"son format porte le numéro {version} ; cette version-ci lit jusqu’au numéro {VERSION}")
    if isinstance(found, dict):
        found |= {name: [] for since, names in BROUGHT.items() if since > version for name in names}
    return content
