"""Grouping, voting and claiming over HTTP alone: no script, only pages, forms and redirections."""

from collections.abc import Iterator

import pytest

from facilitation.app import Application
from tests.playing import Day, open_application
from tests.web.plain_browser import PlainBrowser


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """One application for the whole file; each test has a forum of its own in it."""
    made = open_application(tmp_path_factory.mktemp("house"))
    yield made
    made.house.close()


@pytest.fixture
def day(application: Application) -> Day:
    made = Day(application)
    made.to("topics")
    return made


@pytest.fixture
def odile(day: Day) -> PlainBrowser:
    """Somebody who came in by the door and proposed a topic, the first."""
    page = PlainBrowser(day.application.flask, day.slug).get().send("join", name="Odile Charvin")
    return page.get().send("propose_topic", "true", title="Un car le dimanche ?")


def test_an_author_asks_another_whether_their_topics_join(day: Day, odile: PlainBrowser) -> None:
    other = day.propose(day.bob, "Des cars plus tard le soir")
    form = odile.get("/sujets/1").forms("propose_group")[0]
    sent = odile.client.post(form.action, data={**form.fields, "topics[]": [form.fields["topics[]"], other]})
    assert sent.headers["Location"].endswith("/sujets/1#reunir")
    assert "Réunir avec le n° 2 ? On attend encore une réponse" in odile.get("/sujets/1").reads().replace("\u202f", " ")
    assert odile.forms("propose_group") == []
    day.do(day.bob, "refuse_group", group=day.forum.groups[0]["id"])
    assert "garde son sujet à part, et c’est définitif" in odile.get("/sujets/1").reads()
    assert odile.forms("propose_group") == []


def test_only_authors_are_offered_to_group_a_topic(day: Day, odile: PlainBrowser) -> None:
    day.propose(day.bob, "Des cars plus tard le soir")
    assert odile.get("/sujets/2").forms("propose_group") == []


def test_a_workshop_is_retitled_and_handed_over_from_its_authors_phone(day: Day, odile: PlainBrowser) -> None:
    day.do(day.fatou, "keep_topics", topics=[day.forum.topics[0]["id"]])
    assert "/ateliers/1" in odile.get("/moi").page
    form = odile.get("/ateliers/1").forms("retitle_workshop")[0]
    odile.client.post(form.action, data={**form.fields, "title": "Le dimanche en car"})
    form = odile.get("/ateliers/1").forms("hand_workshop")[0]
    sent = odile.client.post(form.action, data={**form.fields, "name": "Chloé"})
    assert sent.headers["Location"].endswith("/ateliers/1")
    assert "Accueilli par Chloé" in odile.get("/ateliers/1").reads()
    assert "Vous ne l’accueillez plus vous-même" in odile.reads()
    chloe = PlainBrowser(day.application.flask, day.slug)
    chloe.client.set_cookie(f"forum_{day.slug}", day.tokens[day.chloe.device_id])
    assert "Le dimanche en car" in chloe.get("/agenda").reads()
    assert len(chloe.get("/ateliers/1").forms("hand_workshop")) == 1
    bob = PlainBrowser(day.application.flask, day.slug)
    bob.client.set_cookie(f"forum_{day.slug}", day.tokens[day.bob.device_id])
    assert bob.get("/ateliers/1").forms("retitle_workshop") == []
    day.do(day.alice, "close_event")
    assert odile.get("/ateliers/1").forms("retitle_workshop") == []
    assert odile.get("/ateliers/9").status == 404


def test_the_team_computes_a_grid_and_takes_it(day: Day) -> None:
    for title in ("Le car", "Le vélo", "La salle"):
        day.propose(day.bob, title)
    for room in ("Préau", "Cuisine"):
        day.do(day.fatou, "add_room", name=room, capacity=12)
    day.to("vote")
    day.do(day.fatou, "keep_topics", topics=[row["id"] for row in day.forum.topics])
    team = PlainBrowser(day.application.flask, day.slug)
    team.client.set_cookie(f"forum_{day.slug}", day.tokens[day.fatou.device_id])
    assert "Personne n’a encore dit où il va" in team.get("/grille").reads()
    for workshop in day.forum.workshops[:2]:
        day.do(day.chloe, "join_workshop", workshop=workshop["id"])
    op = next(form for form in team.get("/grille").page.split("<form") if "afresh" in form).split('name="op" value="')[1].split('"')[0]
    shown = team.client.post(f"/f/{day.slug}/grille", data={"op": op}).text
    assert "100" in shown.split("<h2>")[1].split("</h2>")[0]
    placed = [part.split('"')[0] for part in shown.split('name="placed" value="')[1:]]
    op = shown.split('adopter"><input type="hidden" name="op" value="')[1].split('"')[0]
    taken = team.client.post(f"/f/{day.slug}/grille/adopter", data={"op": op, "placed": placed})
    assert taken.headers["Location"].endswith("/cockpit?vue=agenda")
    one, other = day.forum.workshops[:2]
    assert one["moment_id"] != other["moment_id"]
    stranger = PlainBrowser(day.application.flask, day.slug).get("/grille")
    assert stranger.status == 403
