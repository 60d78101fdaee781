"""Everything a participant does, over HTTP alone: no script, only pages, forms and redirections."""


import pytest

from tests.playing import Day
from tests.web.plain_browser import PlainBrowser, Reader


@pytest.fixture
def odile(day: Day) -> PlainBrowser:
    """Somebody who came in by the door."""
    return PlainBrowser(day.application.flask, day.slug).get().send("join", name="Odile Charvin", organisation="Vernoue")


def titles(day: Day) -> list[str]:
    return [row["title"] for row in day.forum.topics]


def test_reading_the_door_joins_nobody(day: Day) -> None:
    before = day.forum.joined
    door = PlainBrowser(day.application.flask, day.slug)
    for path in ("", "/mur", "/agenda", "/fiches", "/engagements", "/moi", "/aller?n=1", "/sujets/1"):
        door.get(path)
        assert door.status == 200
        assert len(door.forms("join")) == 1
    assert day.forum.joined == before


def test_a_name_is_never_asked_for(day: Day) -> None:
    before = day.forum.joined
    page = PlainBrowser(day.application.flask, day.slug).get().send("join")
    assert day.forum.joined == before + 1
    assert "Le forum va commencer" in page.reads()
    day.to("topics")
    page.get().send("propose_topic", "false", title="Des abris au col")
    assert titles(day) == ["Des abris au col"]


def test_a_topic_with_details(day: Day, odile: PlainBrowser) -> None:
    day.to("topics")
    odile.get().send("propose_topic", "true", title="Un car le dimanche ?", details__="Les horaires\n\nLe prix\n")
    topic = day.forum.topics[0]
    assert (topic["title"], topic["authors"]) == ("Un car le dimanche ?", ["Odile Charvin"])
    assert topic["details"] == ["Les horaires", "Le prix"]
    assert odile.status == 200
    assert "Un car le dimanche" in odile.reads()


def test_a_topic_without_ones_name(day: Day, odile: PlainBrowser) -> None:
    day.to("topics")
    odile.get().send("propose_topic", "false", title="Qui paie ?")
    assert day.forum.topics[0]["authors"] == []


def test_the_same_form_sent_twice_makes_one_topic(day: Day, odile: PlainBrowser) -> None:
    day.to("topics")
    odile.get()
    page = odile.page
    odile.send("propose_topic", "true", title="Une seule fois")
    odile.page = page
    odile.send("propose_topic", "true", title="Une seule fois")
    assert titles(day) == ["Une seule fois"]


def test_changing_and_withdrawing_ones_topic(day: Day, odile: PlainBrowser) -> None:
    day.to("topics")
    odile.get().send("propose_topic", "true", title="Un titre")
    odile.get("/sujets/1").send("edit_topic", title="Un meilleur titre", details__="précisé")
    assert titles(day) == ["Un meilleur titre"]
    odile.get("/sujets/1").send("withdraw_topic")
    assert odile.at.endswith("/moi")
    assert "Vous l’avez retiré" in odile.reads()


def test_what_the_team_changed_shows_its_author_the_original(day: Day, odile: PlainBrowser) -> None:
    day.to("topics")
    odile.get().send("propose_topic", "true", title="Mon titre à moi")
    day.do(day.fatou, "edit_topic", topic=day.forum.topics[0]["id"], title="Un titre d’équipe")
    text = odile.get("/moi").reads()
    assert "Modifié par l’équipe. Vous aviez écrit" in text
    assert "Mon titre à moi" in text


def test_placing_and_lifting_dots(day: Day, odile: PlainBrowser) -> None:
    topics = [day.propose(day.bob, f"Sujet {number}") for number in range(1, 5)]
    day.to("vote")
    odile.get()
    assert len(odile.forms("place_dot")) == 4
    for count in range(3):
        odile.send("place_dot", nth=count)
    assert sum(day.forum.counts.values()) == 3
    assert "3 gommettes posées, reçues." in odile.reads()
    assert "Toutes sont posées." in odile.reads()
    odile.send("place_dot", nth=3)
    assert odile.status == 422
    assert "Vos 3 gommettes sont posées" in odile.reads()
    odile.get().send("lift_dot")
    assert sum(day.forum.counts.values()) == 2
    assert "Il vous en reste 1." in odile.reads()
    assert set(day.forum.counts) <= set(topics)


def test_a_topic_after_the_opening_is_listed_apart_and_can_be_hosted(day: Day, odile: PlainBrowser) -> None:
    day.propose(day.bob, "À temps")
    day.do(day.fatou, "add_room", name="Les Tilleuls")
    day.to("vote")
    odile.get("/mur").send("propose_topic", "true", title="Arrivé tard")
    odile.get()
    assert len(odile.forms("place_dot")) == 1
    assert "Arrivés après l’ouverture" in odile.reads()
    day.to("market")
    odile.get("/sujets/2").send("host_topic")
    workshop = day.forum.workshops[0]
    assert (workshop["title"], workshop["hosts"], workshop["room"]["name"]) == ("Arrivé tard", ["Odile Charvin"], "Les Tilleuls")


def test_choosing_workshops(day: Day, odile: PlainBrowser) -> None:
    day.do(day.fatou, "add_room", name="La Verrière", capacity=1)
    day.do(day.fatou, "open_workshop", title="La gare", room=day.forum.rooms[0]["id"], slot=day.forum.slots[0]["id"])
    day.to("market")
    odile.get().send("join_workshop")
    assert day.forum.workshops[0]["joined"] == 1
    assert "Salle pleine, venez quand même" in odile.reads()
    odile.send("leave_workshop")
    assert day.forum.workshops[0]["joined"] == 0


def test_taking_notes_from_a_phone_to_a_laptop(day: Day, odile: PlainBrowser) -> None:
    day.do(day.fatou, "open_workshop", title="La gare")
    day.to("workshops")
    odile.get().send("take_notes")
    assert "/notes/" in odile.at
    code = odile.page.partition("big-code")[2].partition('class="aloud">')[2].partition("<")[0].replace(" ", "")
    assert len(code) == 6
    laptop = PlainBrowser(day.application.flask, day.slug).get("/notes").send("use_code", code=code.lower())
    assert laptop.at.startswith(f"/f/{day.slug}/fiche/")
    assert '"may": "write"' in laptop.page
    assert '"may": "write"' in laptop.get(laptop.at.removeprefix(f"/f/{day.slug}")).page
    late = PlainBrowser(day.application.flask, day.slug).get("/notes").send("use_code", code=code, name="Joseph")
    assert "chacun n’en ouvre qu’un" in late.reads()
    assert late.forms("use_code")[0].fields["name"] == "Joseph"
    odile.send("take_notes")
    assert "Un code pour un autre ordinateur" in odile.reads()
    assert code not in odile.page
    other = PlainBrowser(day.application.flask, day.slug).get().send("join")
    other.get(laptop.at.removeprefix(f"/f/{day.slug}"))
    assert other.at == f"/f/{day.slug}/fiches/1"


def test_engagements(day: Day, odile: PlainBrowser) -> None:
    day.do(day.bob, "engage", text="Prêter mon vélo")
    day.to("circle")
    odile.get().send("engage", "true", text="Ouvrir un covoiturage\nle mardi")
    row = day.forum.engagements[-1]
    assert (row["text"], row["name"]) == ("Ouvrir un covoiturage\nle mardi", "Odile Charvin")
    assert "Je m’engage" not in row["text"]
    odile.get("/engagements").send("join_engagement", "true", nth=1)
    assert day.forum.engagements[0]["with"] == ["Odile Charvin"]
    odile.get("/moi").send("edit_engagement", text="Ouvrir deux covoiturages")
    odile.send("leave_engagement")
    odile.send("withdraw_engagement")
    assert [row["state"] for row in day.forum.engagements] == ["shown", "withdrawn"]
    assert day.forum.engagements[0]["with"] == []


def test_answering_a_grouping(day: Day, odile: PlainBrowser) -> None:
    day.to("topics")
    odile.get().send("propose_topic", "true", title="Les cars")
    other = day.propose(day.bob, "Les bus")
    topics = [day.forum.topics[0]["id"], other]
    day.do(day.fatou, "propose_group", topics=topics)
    odile.get("/moi")
    assert "Réunir votre sujet avec d’autres" in odile.reads()
    odile.send("refuse_group")
    assert day.forum.groups[0]["state"] == "refused"
    assert "Réunir votre sujet" not in odile.reads()


def test_ones_data(odile: PlainBrowser) -> None:
    odile.get("/moi").send("edit_profile", name="Odile C.", organisation="")
    assert odile.forms("edit_profile")[0].fields["name"] == "Odile C."
    assert "listed" in odile.forms("edit_profile")[0].fields


@pytest.mark.parametrize("typed", ["", "   ", "x" * 10_000, "\u202e\u202d"])
def test_a_refused_text_is_given_back(day: Day, odile: PlainBrowser, typed: str) -> None:
    day.to("topics")
    odile.get().send("propose_topic", "true", title=typed, details__="gardé")
    assert odile.status == 422
    form = odile.forms("propose_topic")[0]
    assert (form.fields["title"], form.fields["details[]"]) == (typed, "gardé")
    odile.send("propose_topic", title="Plus court")
    assert (titles(day), day.forum.topics[0]["details"]) == (["Plus court"], ["gardé"])


def test_a_form_with_a_stale_token_works_at_the_second_press(day: Day, odile: PlainBrowser) -> None:
    day.do(day.fatou, "open_workshop", title="La gare")
    day.to("market")
    odile.get("/agenda").send("join_workshop", op="op-0123456789abcdef")
    assert (odile.status, day.forum.workshops[0]["joined"]) == (422, 0)
    assert "Renvoyez-le" in odile.reads()
    odile.send("join_workshop")
    assert day.forum.workshops[0]["joined"] == 1
    odile.get("/mur").send("propose_topic", "true", op="op-0123456789abcdef", title="Un abri", details__="au col")
    assert titles(day) == []
    odile.send("propose_topic")
    assert [(row["title"], row["details"], row["authors"]) for row in day.forum.topics] == [("Un abri", ["au col"], ["Odile Charvin"])]


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "العربية أولا", "🚲🚲🚲", "a\nb\tc"])
def test_any_text_is_shown_as_text(day: Day, odile: PlainBrowser, typed: str) -> None:
    day.to("topics")
    odile.get().send("propose_topic", "true", title=typed)
    assert titles(day) == [" ".join(typed.split())]
    assert "<script>alert" not in odile.page


def test_a_number_finds_its_topic(day: Day, odile: PlainBrowser) -> None:
    topic = day.propose(day.bob, "La gare")
    assert odile.get("/aller?n=1").at == f"/f/{day.slug}/mur"
    day.to("vote")
    assert odile.get("/aller?n=01").at == f"/f/{day.slug}"
    assert f'id="ballot-{topic}"' in odile.page
    assert odile.get("/aller?n=99").status == 422
    assert odile.get("/aller?n=xyz").status == 422


def test_a_closed_forum_only_reads(day: Day, odile: PlainBrowser) -> None:
    day.propose(day.bob, "La gare")
    day.do(day.bob, "engage", text="Prêter mon vélo")
    day.do(day.alice, "close_event")
    for path in ("", "/mur", "/agenda", "/fiches", "/engagements", "/moi"):
        odile.get(path)
        assert odile.status == 200
        # Only finding a topic, and forgetting who one was, are left.
        assert all(form.action.endswith(("/aller", "/erase_me")) for form in Reader(odile.page).forms), path
    assert "Emporter le compte-rendu" in odile.get().reads()
