"""The archive restores: export, import on an empty instance, export again gives the same bytes."""

import json
from pathlib import Path

import pytest

from facilitation.store.archive import BadArchive, export_archive, import_archive
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


def test_it_holds_no_credential(day: Day) -> None:
    archive = lived_in(day).decode()
    for secret in (*day.tokens.values(), day.made.token, day.house.key.decode()):
        assert secret not in archive


def test_a_forum_that_is_here_is_not_imported_over(day: Day) -> None:
    archive = lived_in(day)
    with pytest.raises(BadArchive, match="here already"):
        day.house.writer.submit(lambda connection: import_archive(connection, archive))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: "{", "not JSON"),
        (lambda content: json.dumps({**content, "format": "other"}), "not a forum's archive"),
        (lambda content: json.dumps({**content, "version": 99}), "format number 99"),
        (lambda content: json.dumps({**content, "tables": {}}), "unreadable"),
    ],
)
def test_a_spoilt_archive_says_why(day: Day, tmp_path: Path, spoil: object, said: str) -> None:
    content = json.loads(lived_in(day))
    elsewhere = open_application(tmp_path / "elsewhere")
    with pytest.raises(BadArchive, match=said):
        elsewhere.house.writer.submit(
            lambda connection: import_archive(connection, spoil(content).encode())  # type: ignore[operator]
        )
    elsewhere.house.close()
