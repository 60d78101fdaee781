"""What a sheet holds is what the phone, the book and the archive show, whatever was written."""

import json
import secrets
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilitation.domain import sheets
from facilitation.publishing.book import read
from facilitation.publishing.pages import web_page
from facilitation.services.writing import write_update
from facilitation.store.archive import export_archive
from facilitation.store.columns import decode
from facilitation.store.documents import Document
from facilitation.store.tables import sheet_update
from facilitation.web.desk import snapshot
from tests import read_back
from tests.playing import Day
from tests.random_sheets import blocks, random_sheets


@pytest.fixture
def workshop(day: Day) -> str:
    day.to("topics")
    topic = day.propose(day.bob, "Le car de 7 h")
    day.do(day.fatou, "keep_topics", topics=[topic])
    return str(day.forum.workshops[0]["id"])


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random_sheets, blocks, st.booleans())
def test_phone_book_and_archive_show_what_the_sheet_holds(
    day: Day, workshop: str, data: Any, jotted: Any, wanted: bool
) -> None:
    """Of the notes beside it, the archive holds all, the phone nothing, and the book what the organiser asks for."""
    sheet = day.do(day.bob, "take_notes", workshop=workshop)["sheet"]
    day.do(day.alice, "show_notes", shown=wanted)
    with day.house.reading() as connection:
        document = Document(day.house.documents.at(connection, sheet)[1].whole())
    mark = {"type": "paragraph", "spans": [{"text": "ŒUFGRIFFON"}]}
    notes = sheets.cleaned({"preamble": [*jotted, mark], "sections": []})["preamble"]
    wished = sheets.cleaned({**data, "sections": [*data["sections"], {"key": "besoins", "title": "Besoins", "blocks": []}]})
    update, now, op = document.rewrite(wished, notes), day.house.clock(), f"{secrets.token_hex(16)}"
    day.house.writer.submit(lambda connection: write_update(connection, day.event_id, sheet, op, update, day.bob, now))
    held = day.forum.contents[sheet]
    assert held == wished

    with day.house.reading() as connection:
        rows = json.loads(export_archive(connection, day.event_id))["tables"]["sheet_update"]
    archived = Document(*(decode(sheet_update, row)["data"] for row in rows))
    assert (archived.read(), archived.notes()) == (held, notes)

    client = day.application.flask.test_client()
    client.set_cookie(f"forum_{day.slug}", day.tokens[day.bob.device_id])
    phone = client.get(f"/f/{day.slug}/fiches/1").text
    with day.application.flask.test_request_context():
        book = web_page(read(snapshot(day.house, day.event_id).book), "/book.css")
    assert read_back.on_phone(phone) == read_back.parts_of(held["preamble"], held["sections"], joined=False)
    assert "ŒUFGRIFFON" not in phone
    jotted_down = read_back.held(notes) if wanted else []
    assert read_back.in_book(book) == (read_back.parts_of(held["preamble"], held["sections"], joined=True), jotted_down)
