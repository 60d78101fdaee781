"""The kiosk, cards and pairing over plain HTTP: no script, only pages, forms and redirections."""

import io

import pypdf
import pytest

from facilitation.domain.typography import plain
from facilitation.store.secrets import codes_of
from tests.playing import Day
from tests.web.plain_browser import PlainBrowser, Reader


def press(device: PlainBrowser, part: str, **typed: str) -> bytes:
    """Fill the page's form whose address holds `part`, press it, and follow; what was answered."""
    form = next(form for form in Reader(device.page).forms if part in form.action)
    sent = device.client.post(form.action, data={**form.fields, **typed}, headers={"Referer": f"http://localhost{device.at}"})
    if sent.status_code == 303:
        sent = device.client.get(sent.headers["Location"], follow_redirects=True)
    if sent.mimetype == "text/html":
        device._keep(sent)
    return bytes(sent.data)


def through(device: PlainBrowser, link: str) -> PlainBrowser:
    device._keep(device.client.get(f"/cle/{link}"))
    press(device, "/cle/")
    return device


def browser(day: Day) -> PlainBrowser:
    return PlainBrowser(day.application.flask, day.slug)


@pytest.fixture
def tablet(day: Day) -> PlainBrowser:
    """A tablet that its link has made a kiosk."""
    link = day.do(day.fatou, "invite", role="kiosk")["link"]
    return through(browser(day), link)


def test_each_takes_a_turn_and_the_tablet_forgets_them(day: Day, tablet: PlainBrowser) -> None:
    assert "C’est à vous" in tablet.reads()
    day.to("topics")
    for name in ("Odile", "Yann"):
        press(tablet, "/borne/entrer", name=name)
        assert name in tablet.reads()
        tablet.get().send("propose_topic", "true", title=f"Le sujet de {name}")
        tablet.get("/moi")
        assert f"Le sujet de {name}" in tablet.reads()
        press(tablet, "/borne/fini")
        assert "C’est à vous" in tablet.reads()
        tablet.get("/moi")
        assert "Le sujet de" not in tablet.reads()
    assert tablet.client.get(f"/f/{day.slug}/borne").headers["Cache-Control"] == "no-store"
    assert [row["authors"] for row in day.forum.topics] == [["Odile"], ["Yann"]]


def test_at_the_short_address_a_tablet_is_a_kiosk_too(day: Day, tablet: PlainBrowser) -> None:
    answer = tablet.client.get(f"/{day.slug}")
    assert (answer.status_code, answer.location) == (302, f"/f/{day.slug}")
    assert tablet.client.get(answer.location).location == f"/f/{day.slug}/borne"


def test_a_kiosk_whose_link_was_taken_back_gives_no_turn(day: Day, tablet: PlainBrowser) -> None:
    link = next(row["id"] for row in day.forum.links if row["role"] == "kiosk")
    day.do(day.alice, "revoke_link", link=link)
    assert "n’est plus la borne" in tablet.get("/borne").reads()
    assert Reader(tablet.page).forms == []


def test_a_second_device_enters_by_the_code_of_the_first(day: Day) -> None:
    phone, laptop = browser(day), browser(day)
    phone.get().send("join", name="Odile")
    phone.get("/moi").send("pair_device")
    kept = phone.client.get_cookie(f"device_{day.slug}", path=f"/f/{day.slug}/moi")
    assert kept is not None
    code = kept.value.partition(".")[2]
    assert " ".join(code) in phone.reads()
    laptop.get("/appareil").send("use_device_code", code=code)
    assert "Odile" in laptop.get("/moi").page
    # Used, it opens nothing more, and is shown no more.
    assert " ".join(code) not in phone.get("/moi").reads()
    again = browser(day)
    again.get(f"/appareil/{code}").send("use_device_code")
    assert again.status == 422


def test_cards_are_printed_once_and_put_on_the_wall_by_their_code(day: Day) -> None:
    team = through(browser(day), day.do(day.alice, "invite", role="organiser")["link"]).get("/organisation")
    made = press(team, "/cartes", count="3")
    read = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    text = "".join(plain(read).split())
    assert all(f"Carte{number}" in text for number in (1, 2, 3))
    assert "Carte4" not in text
    code = codes_of(day.do(day.fatou, "make_cards", count=1)["batch"], 1)[0]
    stranger = browser(day).get(f"/carte/{code}")
    assert "Carte 4" in stranger.reads()
    stranger.send("put_card", title="Un banc au soleil", name="Mme Roux")
    assert "Cette carte est au mur, avec le n° 1." in stranger.reads()
    assert (day.forum.topics[0]["card"], day.forum.topics[0]["authors"]) == (4, ["Mme Roux"])
    assert browser(day).get("/carte/ABCDEFGHJKLM").status == 422


def test_an_author_s_code_opens_on_another_phone(day: Day) -> None:
    topic = day.propose(day.bob, "Le car")
    code = day.do(day.bob, "invite_author", topic=topic)["code"]
    visitor = browser(day).get(f"/avec/{code}")
    assert day.forum.topics[0]["authors"] == ["Bob"]
    visitor.send("use_author_code", name="Odile")
    assert day.forum.topics[0]["authors"] == ["Bob", "Odile"]
    assert "Qui porte ce sujet" in visitor.reads()
