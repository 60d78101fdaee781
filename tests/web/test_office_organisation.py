"""The organiser's page, by plain forms: programme, rooms, links, logos, a model for the next forum."""

import base64
import io
import re
import sys
from html import unescape

import pypdf
import pytest
from PIL import Image
from werkzeug.test import TestResponse

from facilitation.app import Application
from facilitation.domain.refusals import Refusal
from facilitation.services.creation import NewEvent
from facilitation.services.forum import Forum
from facilitation.services.pictures import redrawn
from facilitation.web.addresses import public_address
from facilitation.web.words import moment_titles


class Desk:
    """The organiser's own device, in a forum of its own."""

    def __init__(self, application: Application) -> None:
        with application.flask.test_request_context():
            titles = moment_titles()
        self.application = application
        made = application.house.create(NewEvent(title="Eaux vives", place="Vernoue"), titles)
        self.slug, self.here = made.slug, f"/f/{made.slug}/organisation"
        self.client = application.flask.test_client()
        door = f"/cle/{made.token}"
        self.client.post(door, data={"op": operation(self.client.get(door).text), "name": "Nina"})

    def page(self) -> str:
        return self.client.get(self.here).text

    def send(self, path: str, /, **fields: object) -> TestResponse:
        """Send a plain form of the page, as the page gave it."""
        return self.client.post(f"/f/{self.slug}/{path}", data={"op": operation(self.page()), "next": self.here, **fields})

    def forum(self, slug: str = "") -> Forum:
        return self.application.house.forum(self.application.house.event(slug or self.slug)["id"])


@pytest.fixture
def desk(application: Application) -> Desk:
    return Desk(application)


def operation(page: str) -> str:
    found = re.search(r'name="op" value="([^"]+)"', page)
    assert found
    return found[1]


def picture(size: tuple[int, int] = (1200, 300), kind: str = "JPEG") -> io.BytesIO:
    drawn, image = io.BytesIO(), Image.new("RGB", size, "#2E7D5B")
    exif = image.getexif()
    exif[0x010E] = "pris chez Adèle Brun"
    image.save(drawn, kind, exif=exif)
    drawn.seek(0)
    return drawn


def test_only_organisers_come_in(desk: Desk) -> None:
    stranger = desk.application.flask.test_client()
    answer = stranger.get(desk.here)
    assert answer.status_code == 403
    assert stranger.post(f"/f/{desk.slug}/dupliquer").status_code == 403
    assert stranger.get(f"/f/{desk.slug}/affiche.pdf").status_code == 403


def test_the_programme_is_made_of_hours_as_people_type_them(desk: Desk) -> None:
    assert desk.send("organisation/moment", kind="break", title="", start="10:05", minutes="10").status_code == 303
    added = next(row for row in desk.forum().moments if row["start"] == 605)
    assert (added["kind"], added["title"], added["minutes"]) == ("break", "Pause", 10)
    desk.send("organisation/moment", id=added["id"], kind="break", title="Café", start="10:10", minutes="15")
    desk.send("c/move_moment", moment=added["id"], way="up")
    changed = next(row for row in desk.forum().moments if row["id"] == added["id"])
    assert (changed["title"], changed["minutes"]) == ("Café", 15)
    desk.send("c/remove_moment", moment=added["id"])
    assert added["id"] not in [row["id"] for row in desk.forum().moments]


def test_a_moment_without_an_hour_is_refused_on_the_same_page(desk: Desk) -> None:
    before = desk.forum().version
    answer = desk.send("organisation/moment", kind="break", title="Café", start="tantôt", minutes="10")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert desk.forum().version == before


def test_what_the_forum_says_of_itself_can_be_emptied_and_filled(desk: Desk) -> None:
    desk.send("c/edit_event", title="Eaux vives et lentes", place="", **{"organisers[]": "Mairie\r\nAdèle Brun\r\n"})
    event = desk.forum().event
    assert (event["title"], event["place"], event["organisers"]) == ("Eaux vives et lentes", "", ["Mairie", "Adèle Brun"])


def test_an_unticked_box_is_a_no(desk: Desk) -> None:
    desk.send("c/set_rules", review=["false", "true"], keep="4")
    assert (desk.forum().event["review"], desk.forum().event["keep"]) == (True, 4)
    desk.send("c/set_rules", review=["false"])
    assert desk.forum().event["review"] is False


def test_a_new_link_is_shown_once_and_can_be_taken_back(desk: Desk) -> None:
    answer = desk.send("organisation/liens", role="facilitator", label="Hugo Bance")
    found = re.search(r"/cle/([\w-]+)", answer.text)
    assert found
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert found[1] not in desk.page()
    other = desk.application.flask.test_client()
    assert other.get(f"/cle/{found[1]}").status_code == 200
    row = next(one for one in desk.forum().links if one["label"] == "Hugo Bance")
    desk.send("c/revoke_link", link=row["id"])
    assert other.get(f"/cle/{found[1]}").status_code == 404
    assert "Hugo Bance" not in desk.page()


def test_a_logo_is_redrawn_small_and_forgets_where_it_came_from(desk: Desk) -> None:
    assert desk.send("organisation/logos", picture=(picture(), "logo.jpg"), label="Mairie").status_code == 303
    found = re.search(r'src="(/f/[\w-]+/logo/\w+)" alt="Mairie"', desk.page())
    assert found
    kept = desk.client.get(found[1])
    with Image.open(io.BytesIO(kept.data)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("PNG", (600, 150), {})
    assert b"Brun" not in kept.data
    desk.send("c/remove_logo", picture=found[1].rpartition("/")[2])
    assert desk.client.get(found[1]).status_code == 404


def test_the_compte_rendu_carries_the_logos(desk: Desk) -> None:
    desk.send("organisation/logos", picture=(picture(), "logo.jpg"), label="Mairie")
    book = desk.client.get(f"/f/{desk.slug}/book.json").get_json()
    (kept,) = book["forum"]["logos"]
    address = f"/f/{desk.slug}/logo/{kept['id']}"
    assert (kept["label"], kept["width"], kept["height"]) == ("Mairie", 600, 150)
    assert base64.b64decode(kept["png"]) == desk.client.get(address).data
    assert f'src="{address}" alt="Logo\u202f: Mairie"' in desk.client.get(f"/f/{desk.slug}/compte-rendu").text


@pytest.mark.parametrize("data", [b"", b"<svg onload='x'/>", b"\x89PNG\r\n\x1a\nrien"])
def test_what_is_no_picture_is_refused(desk: Desk, data: bytes) -> None:
    answer = desk.send("organisation/logos", picture=(io.BytesIO(data), "logo.png"), label="Mairie")
    assert answer.status_code == 422
    assert "Cette image est illisible ou trop lourde" in answer.text
    assert "/logo/" not in desk.page()


def test_a_file_of_more_than_two_megabytes_is_refused_before_it_is_opened() -> None:
    with pytest.raises(Refusal, match="bad_image"):
        redrawn(picture().getvalue() + bytes(2_000_000))


def test_a_form_that_comes_again_keeps_one_picture(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["facilitation.web.pages.photos"], "SENT_PER_MINUTE", 100)
    desk.send("c/join", name="Nina")
    plenary = next(row["id"] for row in desk.forum().moments if row["kind"] == "plenary")
    desk.send("c/take_notes", moment=plenary)
    op = operation(desk.page())

    def send(path: str, colour: str, label: str = "Mairie", size: tuple[int, int] = (40, 40)) -> int:
        drawn = io.BytesIO()
        Image.new("RGB", size, colour).save(drawn, "PNG")
        drawn.seek(0)
        fields = {"op": op, "label": label, "alt": label, "picture": (drawn, "x.png"), "photo": (io.BytesIO(drawn.getvalue()), "x.png")}
        return desk.client.post(f"/f/{desk.slug}/{path}", data=fields).status_code

    def log() -> int:
        return int(desk.forum().event["number"])

    photos = f"fiches/{desk.forum().sheets[0]['id']}/photos"
    for path, most in (("organisation/logos", 6), ("organisation/compte-rendu/couverture", 2), (photos, 12)):
        before = log()
        # The last of them still fits, and comes again when no further one would.
        for number in range(most):
            assert [send(path, f"#0000{number:02d}") for _ in range(2)] == [303, 303], path
        assert log() - before == most, path
        assert send(path, "#000000", "Une autre légende") == (422 if most > 2 else 303)


def test_six_logos_are_enough(desk: Desk) -> None:
    for _ in range(6):
        desk.send("organisation/logos", picture=(picture((40, 40), "PNG"), "logo.png"))
    assert 'type="file"' not in desk.page()
    assert desk.send("organisation/logos", picture=(picture((40, 40)), "logo.jpg")).status_code == 422


def test_a_model_keeps_the_frame_and_nobody(desk: Desk) -> None:
    desk.send("c/add_room", name="Les Tilleuls", capacity="30")
    desk.send("c/edit_event", date="2026-11-21", theme="L’eau de tous")
    desk.send("organisation/logos", picture=(picture((40, 40)), "logo.jpg"), label="Mairie")
    desk.send("c/join", name="Adèle Brun")
    desk.send("c/propose_topic", title="Que faire du canal ?")
    answer = desk.send("dupliquer", title="Eaux lentes")
    found = re.search(r"/f/([\w-]+)/organisation", answer.text)
    assert found
    copy, source = desk.forum(found[1]), desk.forum()
    assert [row["title"] for row in copy.moments] == [row["title"] for row in source.moments]
    assert (copy.rooms[0]["name"], copy.rooms[0]["capacity"]) == ("Les Tilleuls", 30)
    assert (copy.event["theme"], copy.event["place"], copy.event["date"]) == ("L’eau de tous", "Vernoue", "")
    assert (copy.topics, copy.joined, len(source.topics)) == ([], 0, 1)
    assert 'alt="Mairie"' in desk.client.get(f"/f/{found[1]}/organisation").text


def test_a_closed_forum_opens_again(desk: Desk) -> None:
    desk.send("c/close_event")
    assert desk.forum().event["state"] == "closed"
    assert "Rouvrir le forum" in desk.page()
    desk.send("c/reopen_event")
    assert desk.forum().event["state"] == "open"


@pytest.mark.parametrize(("host", "expected"), [("forum.local", "http://forum.local"), ("192.0.2.7:5000", "http://192.0.2.7:5000")])
def test_people_scan_the_address_the_room_can_reach(application: Application, host: str, expected: str) -> None:
    with application.flask.test_request_context(base_url=f"http://{host}/"):
        assert public_address() == expected
    with application.flask.test_request_context(base_url="http://localhost:5000/"):
        assert "localhost" not in public_address()
        assert public_address().endswith(":5000")


def test_the_poster_is_a_pdf_for_organisers(desk: Desk) -> None:
    assert desk.client.get(f"/f/{desk.slug}/affiche.pdf").data.startswith(b"%PDF-")


def test_what_is_printed_before_the_day_is_for_organisers(desk: Desk) -> None:
    kit, stranger = f"/f/{desk.slug}/a-imprimer.pdf", desk.application.flask.test_client()
    assert f'href="{kit}?papier=a3&partie=doors"' in unescape(desk.page())
    pages = pypdf.PdfReader(io.BytesIO(desk.client.get(f"{kit}?papier=a3&partie=doors").data)).pages
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [842, 1191]
    assert len(pages) == max(len(desk.forum().rooms), 1)
    assert (desk.client.get(f"{kit}?partie=tout").status_code, stranger.get(kit).status_code) == (404, 403)


def test_badges_are_made_with_codes_that_serve_once(desk: Desk) -> None:
    answer = desk.send("badges.pdf", names="Inès Roux, Vélo-école\n\nPaul", blank="1", paper="a4")
    assert answer.mimetype == "application/pdf"
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    assert (text.count("Ce code sert une fois"), "Inès" in text) == (3, True)
    assert len(desk.forum().codes) == 3
    assert desk.send("badges.pdf", names="", blank="0").status_code == 422
