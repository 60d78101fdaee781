"""One's own part of the compte-rendu, from the phone."""

import io

import pypdf
from flask.testing import FlaskClient

from facilitation.app import Application
from tests.playing import Day

PAGE = "moi/compte-rendu"


def client(application: Application, day: Day, who: object) -> tuple[FlaskClient, dict[str, str]]:
    return application.flask.test_client(), {"Authorization": f"Bearer {day.tokens[who.device_id]}"}  # type: ignore[attr-defined]


def test_it_holds_what_is_mine_and_nothing_else(application: Application, day: Day) -> None:
    day.propose(day.chloe, "Le car de nuit")
    day.propose(day.bob, "Un verger au collège")
    workshop = day.do(day.fatou, "open_workshop", title="Les haies du canton")["id"]
    day.do(day.chloe, "join_workshop", workshop=workshop)
    day.do(day.chloe, "engage", text="Planter dix arbres")
    day.do(day.bob, "engage", text="Tailler la haie")
    browser, known = client(application, day, day.chloe)
    seen = browser.get(f"/f/{day.slug}/{PAGE}", headers=known)
    assert seen.headers["Cache-Control"] == "private, no-store"
    page = seen.text.replace("\u00a0", " ")
    assert all(words in page for words in ("Le car de nuit", "Les haies", "Planter dix arbres", "Mes sujets"))
    assert not any(words in page for words in ("Un verger", "Tailler la haie"))
    made = browser.get(f"/f/{day.slug}/{PAGE}.pdf", headers=known).data
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert ("Planter dix arbres" in text, "Tailler" in text) == (True, False)
    assert application.flask.test_client().get(f"/f/{day.slug}/{PAGE}").status_code == 303


def test_it_tells_what_became_of_each_of_my_topics(application: Application, day: Day) -> None:
    day.to("topics")
    hosted, grouped, left = (day.propose(day.chloe, title) for title in ("Le car de nuit", "La gare", "Un verger"))
    other = day.propose(day.bob, "Le quai des cars")
    group = day.do(day.chloe, "propose_group", topics=[grouped, other])["id"]
    day.do(day.bob, "agree_group", group=group)
    room = day.do(day.fatou, "add_room", name="Le Préau")["id"]
    day.to("market")
    day.do(day.chloe, "host_topic", topic=hosted, slot=day.forum.slots[0]["id"], room=room)
    fates = {row["id"]: row["fate"] for row in day.house.me(day.event_id, str(day.chloe.participant_id))["topics"]}
    assert (fates[hosted]["kind"], fates[hosted]["room"], fates[hosted]["number"]) == ("workshop", "Le Préau", 1)
    assert (fates[grouped]["kind"], [one["title"] for one in fates[grouped]["with"]]) == ("group", ["Le quai des cars"])
    assert (fates[left]["kind"], fates[left]["free"]) == ("unplaced", True)
    browser, known = client(application, day, day.chloe)
    page = " ".join(browser.get(f"/f/{day.slug}/{PAGE}", headers=known).text.replace("\u00a0", " ").split())
    assert all(words in page for words in ("Le Préau", "Le quai des cars", "pas programmé"))
    own = " ".join(browser.get(f"/f/{day.slug}/moi", headers=known).text.replace("\u00a0", " ").split())
    assert "Vous pouvez encore l’accueillir dans toute case libre." in own


def test_where_nothing_is_mine_it_says_what_will_come(application: Application, day: Day) -> None:
    browser, known = client(application, day, day.chloe)
    page = " ".join(browser.get(f"/f/{day.slug}/{PAGE}", headers=known).text.replace("\u00a0", " ").split())
    assert "Il n’y a encore rien de vous ici." in page
    assert "Sommaire" not in page
    assert '<link rel="icon" href="/static/icon.svg"' in page
    made = browser.get(f"/f/{day.slug}/{PAGE}.pdf", headers=known).data
    reader = pypdf.PdfReader(io.BytesIO(made))
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert ("rien de vous ici" in text, "Sommaire" in text) == (True, False)
