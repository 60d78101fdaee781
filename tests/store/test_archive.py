"""The archive restores: export, import on an empty instance, export again gives the same bytes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from facilitation.services.screens import build_screen
from facilitation.store.archive import BadArchive, export_archive, import_archive
from facilitation.store.tables import metadata
from tests.playing import Day, open_application


def lived_in(day: Day) -> bytes:
    day.to("topics")
    first = day.propose(day.bob, "Le car de 7 h", details=["Où ?", "Quand ?"])
    day.to("vote")
    day.do(day.chloe, "place_dot", topic=first)
    day.to("market")
    day.do(day.fatou, "keep_topics", topics=[first])
    workshop = day.forum.workshops[0]["id"]
    day.do(day.bob, "take_notes", workshop=workshop)
    day.do(day.bob, "engage", text="Relancer la mairie", workshop=workshop)
    with day.house.reading() as connection:
        return export_archive(connection, day.event_id)


def test_it_comes_back_to_the_byte(day: Day, tmp_path: Path) -> None:
    first = lived_in(day)
    elsewhere = open_application(tmp_path / "elsewhere")
    slug = elsewhere.house.writer.submit(lambda connection: import_archive(connection, first))
    with elsewhere.house.reading() as connection:
        second = export_archive(connection, day.event_id)
    assert slug == day.slug
    assert second == first
    bob = elsewhere.house.actor(day.event_id, day.tokens[day.bob.device_id])
    assert bob.participant_id == day.bob.participant_id
    elsewhere.house.close()


@pytest.mark.parametrize("older", sorted(Path(__file__).parent.glob("archive-*.json")), ids=lambda path: path.stem)
def test_archives_of_every_earlier_version_come_back(older: Path, tmp_path: Path) -> None:
    content = json.loads(older.read_bytes())
    elsewhere = open_application(tmp_path / "elsewhere")
    slug = elsewhere.house.writer.submit(lambda connection: import_archive(connection, older.read_bytes()))
    forum = elsewhere.house.forum(elsewhere.house.event(slug)["id"])
    assert [row["title"] for row in forum.topics] == [row["title"] for row in content["tables"]["topic"]]
    assert (forum.voters, forum.engagements[0]["text"]) == (2, "Je prête deux vélos")
    assert forum.workshops[0]["sheet"]["rapporteurs"] == ["Bob"]
    for name in ("phone", "cockpit", "projector", "wall"):
        assert build_screen(forum, name)
    with elsewhere.house.reading() as connection:
        again = json.loads(export_archive(connection, forum.event["id"]))
    kept = {table: [row | {key: now[key] for key in now.keys() - row.keys()} for row, now in zip(rows, again["tables"][table], strict=True)]
            for table, rows in content["tables"].items()}  # fmt: skip
    assert kept == {table: again["tables"][table] for table in kept}
    elsewhere.house.close()


def test_it_holds_no_credential(day: Day) -> None:
    archive = lived_in(day).decode()
    for secret in (*day.tokens.values(), day.made.token, day.house.key.decode()):
        assert secret not in archive


def test_a_forum_that_is_here_is_not_imported_over(day: Day) -> None:
    archive = lived_in(day)
    with pytest.raises(BadArchive, match="déjà dans cette base"):
        day.house.writer.submit(lambda connection: import_archive(connection, archive))


def first_row(content: dict[str, Any], table: str, **values: object) -> str:
    """The archive with one row changed."""
    row, *others = content["tables"][table]
    return json.dumps({**content, "tables": {**content["tables"], table: [{**row, **values}, *others]}})


def without(content: dict[str, Any], table: str) -> str:
    return json.dumps({**content, "tables": {**content["tables"], table: []}})


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: "{", "pas du JSON"),
        (lambda content: json.dumps({**content, "format": "other"}), "pas l’archive d’un forum"),
        (lambda content: json.dumps({**content, "version": 99}), "porte le numéro 99"),
        (lambda content: json.dumps({**content, "tables": {}}), "illisible"),
        (lambda content: json.dumps({**content, "event": {"title": "Sans adresse"}}), "illisible"),
        (lambda content: json.dumps({**content, "event": {**content["event"], "surprise": 1}}), "illisible"),
        (lambda content: first_row(content, "topic", event_id="0" * 32), "d’un autre forum"),
        (lambda content: first_row(content, "author", topic_id="0" * 32), "ne vont pas ensemble"),
        (lambda content: first_row(content, "topic", title=None), "ne vont pas ensemble"),
        (lambda content: first_row(content, "topic", title=["une", "liste"]), "ne vont pas ensemble"),
        (lambda content: first_row(content, "topic", created_at="2026-11-21T09:00:00"), "ne vont pas ensemble"),
        (lambda content: first_row(content, "grant", sheet_id="0" * 32), "ne vont pas ensemble"),
        (lambda content: without(content, "participant"), "ne vont pas ensemble"),
        (lambda content: without(content, "moment"), "ne vont pas ensemble"),
    ],
)
def test_a_spoilt_archive_says_why_and_leaves_nothing(
    day: Day, tmp_path: Path, spoil: Callable[[dict[str, Any]], str], said: str
) -> None:
    first = lived_in(day)
    elsewhere = open_application(tmp_path / "elsewhere")
    put = elsewhere.house.writer.submit
    with pytest.raises(BadArchive, match=said):
        put(lambda connection: import_archive(connection, spoil(json.loads(first)).encode()))
    with elsewhere.house.reading() as connection:
        assert [table.name for table in metadata.sorted_tables if connection.execute(select(table)).first()] == []
    assert put(lambda connection: import_archive(connection, first)) == day.slug
    elsewhere.house.close()
