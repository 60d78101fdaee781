"""A sheet nobody had begun at the close: taken up, written, photographed and read, until the day the organiser set."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from facilitation.domain.sheets import SCHEMA, plain_lines
from tests.playing import Day
from tests.plugging import Socket
from tests.web.plain_browser import PlainBrowser


def picture() -> io.BytesIO:
    kept = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(kept, "JPEG")
    kept.seek(0)
    return kept


def test_a_sheet_not_begun_before_the_close_comes_all_the_same(day: Day) -> None:
    day.do(day.fatou, "open_workshop", title="Les cars du soir")
    odile = PlainBrowser(day.application.flask, day.slug).get().send("join", name="Odile Charvin")
    day.do(day.alice, "close_event")
    assert odile.get("/fiches").forms("take_notes") == []
    assert "Écrire ou compléter une fiche" not in odile.get().reads()
    today = day.house.clock().date()
    day.do(day.alice, "accept_late_sheets", until=(today + timedelta(days=1)).isoformat())

    assert "Écrire ou compléter une fiche" in odile.get().reads()
    odile.get("/fiches").send("take_notes")
    code = odile.page.partition("big-code")[2].partition('class="aloud">')[2].partition("<")[0].replace(" ", "")
    laptop = PlainBrowser(day.application.flask, day.slug).get("/notes").send("use_code", code=code)
    assert '"may": "write"' in laptop.page
    (sheet,) = day.forum.sheets

    writer = day.with_token(laptop.client.get_cookie(f"forum_{day.slug}").value)  # type: ignore[union-attr]
    doc: Doc[Any] = Doc()
    socket = Socket(day, writer)
    doc.apply_update(socket.ask("sheet:open", sheet=sheet["id"], schema=SCHEMA, vector=b"\x00")["update"])
    known = doc.get_state()
    root = doc.get("sheet", type=XmlFragment)
    root.children.insert(0, XmlElement("paragraph", contents=[XmlText("Un car à 22 h")]))
    sent = {"sheet": sheet["id"], "schema": SCHEMA, "id": "a" * 32, "update": doc.get_update(known)}
    assert socket.ask("sheet:update", **sent)["ok"]
    socket.client.disconnect()
    assert plain_lines(day.forum.contents[sheet["id"]])[0] == "Un car à 22 h"
    assert "Un car à 22 h" in odile.get("/fiches/1").reads()

    (form,) = photo_forms(odile)
    sent_photo = {"op": photo_token(odile), "photo": (picture(), "tableau.jpg"), "alt": "Le plan"}
    assert odile.client.post(form, data=sent_photo).status_code == 303
    (photo,) = day.forum.sheets[0]["photos"]
    day.do(writer, "accept_photo", picture=photo["id"], alt="Le plan du soir")
    assert "Le plan du soir" in odile.get("/fiches/1").page
    odile.send("remove_photo")
    assert day.forum.sheets[0]["photos"] == []

    usual = day.house.clock
    try:
        day.house.clock = day.house.dispatch.clock = lambda: usual() + timedelta(days=3)
        assert odile.get("/fiches/1").forms("remove_photo") == []
        assert photo_forms(odile) == []
        assert "Écrire ou compléter une fiche" not in odile.get().reads()
    finally:
        day.house.clock = day.house.dispatch.clock = usual


def photo_forms(browser: PlainBrowser) -> list[str]:
    return [piece.partition('"')[0] for piece in browser.page.split('action="')[1:] if piece.partition('"')[0].endswith("/photos")]


def photo_token(browser: PlainBrowser) -> str:
    return browser.page.partition('/photos"')[2].partition('name="op" value="')[2].partition('"')[0]
