"""The organisers' hand on the compte-rendu: what they order, write, colour and keep out holds in every format."""

import io
import json
import re
import zipfile
from typing import Any

import pypdf
import pytest
from PIL import Image

from facilitation.app import Application
from facilitation.domain.layout import USUAL, contrast
from facilitation.domain.refusals import Code
from facilitation.publishing.formats import MAKERS
from facilitation.publishing.kinds import QUICK
from facilitation.publishing.pages import pictures, print_page
from facilitation.publishing.pdf import pdf
from facilitation.web.desk import snapshot
from tests.playing import Day
from tests.publishing.test_formats import squeezed, text_of
from tests.watching import refused, undone_exactly
from tests.web.test_office_organisation import Desk

TEXTS = ("docx", "odt", "html", "md")


def part(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, **more}


@pytest.fixture
def lived(application: Application) -> Day:
    """Two topics with names, one workshop with its notes, two engagements, people who are named."""
    day = Day(application)
    day.to("topics")
    odile = day.join("Odile Quénneville", "Le Car")
    day.do(day.alice, "edit_event", title="Mobilités", theme="Venir avec Odile Quenneville.", facilitators=["QUENNEVILLE Odile"])
    first, _ = day.propose(odile, "Le car de 7 h"), day.propose(day.bob, "Le vélo de nuit", details=["vu par odile QUENNEVILLE"])
    day.to("market")
    day.do(day.fatou, "keep_topics", topics=[first])
    workshop = day.forum.workshops[0]["id"]
    day.do(odile, "take_notes", workshop=workshop)
    day.do(odile, "engage", text="Relancer la mairie", workshop=workshop)
    day.do(day.bob, "engage", text="Réparer dix vélos")
    return day


def made(day: Day) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(snapshot(day.house, day.event_id).book))
    return found


def laid(day: Day, *chapters: dict[str, Any], **more: Any) -> dict[str, Any]:
    day.do(day.alice, "save_layout", chapters=list(chapters), **more)
    return made(day)


def all_formats(book: dict[str, Any]) -> dict[str, bytes]:
    from facilitation.publishing.book import read

    whole = read(book)
    printed = pdf(print_page(whole), pictures=pictures(whole))
    return {**{kind: MAKERS[kind](book) for kind in QUICK}, "pdf": printed}


def everything_in(kind: str, content: bytes) -> str:
    """Whatever a program can find in a file of this kind, spaces and accents as they are."""
    if kind == "pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if kind in {"docx", "odt", "csv.zip"}:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return content.decode("utf-8", "replace").replace("\\u00e9", "é")


def test_chapters_come_in_the_order_and_under_the_names_they_were_given(lived: Day) -> None:
    book = laid(
        lived, part("engagements", title="Ce que nous ferons"), part("topics"),
        part("motives", text="Parce que le car **ne passe plus**."), part("", title="Table ronde", text="- Dit par l’un"),
        part("people", shown=True), part("", title="Le plan du bourg", text="Rue haute.", annex=True),
    )  # fmt: skip
    wanted = ["Ce que nous ferons", "Réparer dix vélos", "Le vélo de nuit", "ne passe plus", "Table ronde", "Dit par l’un", "Rue haute."]
    for kind in TEXTS:
        text = text_of(kind, MAKERS[kind](book))
        places = [text.rfind(squeezed(one)) for one in wanted]
        assert places == sorted(places), kind
        assert -1 not in places, kind
    assert squeezed("Annexe : Le plan du bourg") in text_of("html", MAKERS["html"](book))


@pytest.mark.parametrize(
    ("key", "gone"),
    [("topics", "Le vélo de nuit"), ("engagements", "Relancer la mairie"), ("people", "Bob"), ("opening", "Venir avec")],
)
def test_a_chapter_left_out_is_in_no_format_nor_in_the_data(lived: Day, key: str, gone: str) -> None:
    if key == "people":
        lived.do(lived.bob, "edit_profile", name="Bob Gautheret", listed=True)
        gone = "Gautheret"
        lived.do(lived.alice, "save_layout", chapters=[part("topics", shown=False), part("engagements", shown=False)])
    others = [part("topics", shown=False), part("engagements", shown=False)] if key == "people" else []
    assert gone in json.dumps(made(lived), ensure_ascii=False)
    for kind, content in all_formats(laid(lived, *others, part(key, shown=False))).items():
        assert gone not in everything_in(kind, content), kind


def test_a_name_kept_out_is_nowhere_however_it_is_written(lived: Day) -> None:
    lived.do(lived.alice, "save_layout", chapters=[part("welcome", text="Merci à Odile **QUÉNNEVILLE**, et à Bob.")])
    before = all_formats(made(lived))
    assert "nneville" in everything_in("html", before["html"]).lower()
    book = laid(lived, part("welcome", text="Merci à Odile **QUÉNNEVILLE**, et à Bob."), hidden=["Odile Quenneville"])
    for kind, content in all_formats(book).items():
        found = everything_in(kind, content).lower().replace("é", "e")
        assert "quenneville" not in found, kind
        assert "odile" not in found, kind
    assert "Merci à […], et à Bob." in "".join(span["text"] for span in book["texts"][0]["blocks"][0]["spans"])
    assert [(one["person"], one["items"][0]["text"]) for one in book["engagements"]] == [
        (None, "Relancer la mairie"), ("Bob", "Réparer dix vélos")
    ]  # fmt: skip


def test_colours_that_cannot_be_read_are_darkened(lived: Day) -> None:
    answer = lived.do(lived.alice, "save_layout", accent="#ffd54a", ground="#112233")
    assert contrast(answer["darkened"], "#FFFFFF") >= 4.5
    assert made(lived)["layout"] | {"chapters": []} == {"chapters": [], "accent": answer["darkened"], "ground": "#112233"}
    assert lived.do(lived.alice, "save_layout", accent="#2F4BB5")["darkened"] == ""
    with refused(Code.BAD_PAYLOAD):
        lived.do(lived.alice, "save_layout", accent="red;}")
    with refused(Code.NOT_ALLOWED):
        lived.do(lived.fatou, "save_layout")


def test_laying_out_can_be_taken_back(lived: Day) -> None:
    undone_exactly(lived, lived.alice, "save_layout", chapters=[part("people", shown=False)], accent="#1C5A40")


def test_footnotes_and_cross_references_reach_every_format(lived: Day) -> None:
    text = "Voir [l’atelier](#atelier-1), pas [celui-là](#atelier-99)[^a].\n\n[^a]: Dit *au* marché."
    book = laid(lived, part("welcome", text=text))
    assert "Dit au marché." in everything_in("pdf", all_formats(book)["pdf"])
    html = MAKERS["html"](book).decode()
    assert 'href="#atelier-1"' in html
    assert "atelier-99" not in html
    assert "[^1]: Dit *au* marché." in MAKERS["md"](book).decode()
    with zipfile.ZipFile(io.BytesIO(MAKERS["docx"](book))) as archive:
        assert "Dit " in archive.read("word/footnotes.xml").decode()
        assert 'w:footnoteReference w:id="1"' in archive.read("word/document.xml").decode()
    with zipfile.ZipFile(io.BytesIO(MAKERS["odt"](book))) as archive:
        assert 'text:note-class="footnote"' in archive.read("content.xml").decode()


# --- The page itself


@pytest.fixture
def office(application: Any) -> Desk:
    return Desk(application)


def fields(page: str) -> dict[str, Any]:
    """The rows of the form as a browser would send them."""
    rows = page.partition('<ol class="headings"')[2].partition("</ol>")[0]
    keys = re.findall(r'name="key" value="([^"]*)"', rows)
    return {"key": keys, "title": [""] * len(keys), "text": [""] * len(keys), "shown": ["yes"] * len(keys), "annex": [""] * len(keys)}


def test_without_scripts_buttons_move_add_and_keep(office: Desk) -> None:
    here = f"{office.here}/compte-rendu"
    page = office.client.get(here).text
    sent = fields(page)
    assert sent["key"] == list(USUAL)
    moved = office.send("organisation/compte-rendu", **sent, do="down-0").text
    assert fields(moved)["key"][:2] == ["welcome", "brief"]
    added = office.send("organisation/compte-rendu", **fields(moved), do="add").text
    sent = fields(added)
    assert sent["key"][-1] == ""
    sent["title"][-1], sent["text"][-1] = "Table ronde", "Dit par l’une."
    answer = office.send("organisation/compte-rendu", **sent, accent="#FFEE00", ground="", hidden="")
    assert answer.status_code == 303
    again = office.client.get(answer.headers["Location"]).text
    assert "assombrie jusqu’à #" in again
    layout = office.forum().layout
    assert layout is not None
    assert [one["key"] for one in layout["chapters"]][:2] == ["welcome", "brief"]
    assert layout["chapters"][-1]["text"] == "Dit par l’une."


def test_a_bad_colour_comes_back_with_what_was_typed(office: Desk) -> None:
    sent = fields(office.client.get(f"{office.here}/compte-rendu").text)
    sent["text"][1] = "Bienvenue à tous."
    answer = office.send("organisation/compte-rendu", **sent, accent="rouge")
    assert answer.status_code == 422
    assert "Bienvenue à tous." in answer.text
    assert office.forum().layout is None


def test_the_cover_has_a_photo_and_the_next_forum_keeps_the_model(office: Desk) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (900, 600), "#2E7D5B").save(photo, "PNG")
    photo.seek(0)
    kept = office.send("organisation/compte-rendu/couverture", picture=(photo, "place.png"), label="La place du bourg")
    assert kept.status_code == 303
    found = re.search(rf"/f/{office.slug}/couverture/\w+", office.client.get(f"{office.here}/compte-rendu").text)
    assert found
    assert office.client.get(found[0]).mimetype == "image/jpeg"
    sent = fields(office.client.get(f"{office.here}/compte-rendu").text)
    sent["title"][0], sent["text"][1] = "Une page pour tout dire", "Mots du jour."
    office.send("organisation/compte-rendu", **sent, accent="#1C5A40", hidden="Jean Dupont")
    page = office.client.get(f"/f/{office.slug}/compte-rendu").text
    assert "La place du bourg" in " ".join(page.split())
    assert (css := re.search(r'href="(/f/[^"]+couleurs-1c5a40-x\.css)"', page))
    assert office.client.get(css[1]).text == ":root{--accent:#1C5A40;}\n"
    copied = office.application.house.duplicate(office.forum().event["id"], "Le suivant")
    model = office.application.house.forum(copied.event_id).layout
    assert model is not None
    assert (model["accent"], model["hidden"]) == ("#1C5A40", [])
    assert [(one["title"], one["text"]) for one in model["chapters"][:2]] == [("Une page pour tout dire", ""), ("", "")]


def test_another_forum_of_the_same_hands_lends_its_model(office: Desk) -> None:
    sent = fields(office.client.get(f"{office.here}/compte-rendu").text)
    office.send("organisation/compte-rendu", **sent, accent="#1C5A40")
    answer = office.client.post(f"/f/{office.slug}/dupliquer", data={"op": _op(office), "title": "Rivières"})
    other = re.search(r"/f/([a-z0-9-]+)/organisation", answer.text)
    assert other
    second = f"/f/{other[1]}/organisation/compte-rendu"
    page = office.client.get(second).text
    assert f'<option value="{office.slug}">' in page
    op = re.search(r'name="op" value="([^"]+)"', page)
    assert op
    done = office.client.post(f"{second}/modele", data={"op": op[1], "forum": office.slug})
    assert done.status_code == 303
    assert office.client.post(f"{second}/modele", data={"op": op[1], "forum": "ailleurs"}).status_code == 404


def _op(office: Desk) -> str:
    found = re.search(r'name="op" value="([^"]+)"', office.page())
    assert found
    return found[1]


@pytest.mark.parametrize("name", ["x-x", "1c5a40", "1c5a40-zzz", "1C5A40-x", "}-x"])
def test_other_style_sheets_are_none(office: Desk, name: str) -> None:
    answer = office.client.get(f"/f/{office.slug}/compte-rendu/couleurs-{name}.css")
    assert (answer.status_code, answer.text) == (200, "") if name == "x-x" else answer.status_code == 404

