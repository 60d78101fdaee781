"""Pages of the phone: what they show when, in both languages, and what they say when something is wrong."""

import re

import pytest

from facilitation.domain.moments import MomentKind
from facilitation.domain.roles import Role
from facilitation.services.screens import SCREENS, build_screen
from tests.playing import Day
from tests.web.plain_browser import PlainBrowser

SEEN_BY_PHONES = {"around", "phone", "entry", "topic", "wall", "agenda", "workshop", "sheets", "sheet", "engagements"}


@pytest.fixture
def full(day: Day) -> Day:
    """A forum with one of everything."""
    topics = [day.propose(day.bob, "La gare", details=["ses horaires"]), day.propose(day.chloe, "Les cars", named=False)]
    day.to("vote")
    day.propose(day.bob, "Arrivé tard")
    day.do(day.bob, "place_dot", topic=topics[0])
    day.do(day.fatou, "propose_group", topics=topics)
    for room in ("Les Tilleuls", "La Verrière"):
        day.do(day.fatou, "add_room", name=room, capacity=1)
    day.do(day.fatou, "keep_topics", topics=[topics[0]])
    day.do(day.fatou, "fill_grid")
    day.do(day.fatou, "open_workshop", title="Sans salle")
    day.do(day.fatou, "open_workshop", title="Annulé")
    day.do(day.fatou, "cancel_workshop", workshop=day.forum.workshops[2]["id"])
    day.do(day.bob, "take_notes", workshop=day.forum.workshops[0]["id"])
    day.do(day.chloe, "join_workshop", workshop=day.forum.workshops[0]["id"])
    first = day.do(day.bob, "engage", text="Prêter mon vélo")["id"]
    day.do(day.chloe, "join_engagement", engagement=first)
    day.do(day.fatou, "announce", text="Le café est servi.")
    day.do(day.fatou, "call_plenary", on=True)
    return day


def phone(day: Day) -> PlainBrowser:
    return PlainBrowser(day.application.flask, day.slug).get().send("join", name="Odile")


def test_the_short_address_is_the_door_itself_and_leads_inside_who_has_entered(day: Day) -> None:
    passer_by = PlainBrowser(day.application.flask, day.slug)
    door = passer_by.client.get(f"/{day.slug}")
    assert (door.status_code, 'id="enter"' in door.text) == (200, True)
    assert door.headers["Cache-Control"] == "private, no-store"
    inside = phone(day).client.get(f"/{day.slug}")
    assert (inside.status_code, inside.location) == (302, f"/f/{day.slug}")
    assert passer_by.client.get("/nulle-part").status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_item_of_every_screen_can_be_drawn(full: Day, language: str) -> None:
    renderer = full.application.flask.extensions["renderer"]
    names = SEEN_BY_PHONES - {"topic", "sheet", "workshop"} | {"topic:1", "topic:3", "workshop:1", f"sheet:{full.forum.sheets[0]['id']}"}
    for kind in MomentKind:
        full.to(kind.value)
        for name in names:
            for item in renderer.items(build_screen(full.forum, name), language).values():
                assert re.match(r"<\w+ ", item["html"])
                assert f'id="{item["id"]}"' in item["html"]
                assert "\u202f\u202f" not in item["html"]


def test_screens_of_phones_tell_nobody_who_is_who(full: Day) -> None:
    people = {row["participant_id"] for topic in full.forum.topics for row in topic["owners"]}
    for kind in MomentKind:
        full.to(kind.value)
        told = str([build_screen(full.forum, name) for name in ("phone", "wall", "agenda", "engagements", "topic:1")])
        assert not any(person in told for person in people)


def test_only_the_door_is_open_to_visitors() -> None:
    assert {name for name in SEEN_BY_PHONES if Role.VISITOR in SCREENS[name].who} == {"entry"}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("welcome", "Bienvenue."), ("plenary", "Je prends les notes de ce moment"), ("topics", "Quel sujet vous tient à cœur"),
        ("vote", "Il vous en reste 3."), ("market", "Votre programme"), ("workshops", "Je prends les notes"),
        ("break", "Une pause."), ("meal", "Bon appétit."), ("restitution", "La fiche n’est pas encore arrivée."),
        ("circle", "On s’écoute."), ("closing", "Emporter le compte-rendu"),
    ],
)  # fmt: skip
def test_each_moment_has_its_screen(full: Day, kind: str, words: str) -> None:
    odile = phone(full)
    full.to(kind)
    text = odile.get().reads()
    assert words in text.replace("\u00a0", " ").replace("\u202f", " ")
    assert ("Ensuite" in text) == (kind not in {"circle", "closing"})


def test_the_call_and_the_message_are_on_every_page(full: Day) -> None:
    odile = phone(full)
    full.do(full.fatou, "call_plenary", on=True)
    for path in ("", "/mur", "/agenda", "/fiches", "/fiches/1", "/engagements", "/moi", "/sujets/1"):
        text = odile.get(path).reads()
        assert "Retour en plénière" in text
        assert "Le café est servi." in text
        assert "Tout le forum" in odile.page


def test_results_come_once_the_vote_is_closed(full: Day) -> None:
    odile = phone(full)
    assert "1 gommette" not in odile.get().reads()
    full.do(full.fatou, "close_vote")
    odile.get()
    assert odile.forms("place_dot") == []
    assert odile.page.index(">La gare<") < odile.page.index(">Les cars<")


def test_a_topic_held_for_reading_is_seen_by_its_author_alone(day: Day) -> None:
    day.do(day.fatou, "set_rules", review=True)
    day.to("topics")
    odile, other = phone(day), phone(day)
    odile.get().send("propose_topic", "true", title="À relire")
    assert "L’équipe le relit avant de l’afficher" in odile.get().reads()
    assert odile.get("/sujets/1").status == 200
    assert "À relire" not in other.get().reads()
    assert other.get("/sujets/1").status == 404


def test_english(full: Day) -> None:
    odile = phone(full)
    odile.client.get(f"/langue/en?next=/f/{full.slug}")
    for path in ("", "/mur", "/agenda", "/fiches", "/engagements", "/moi"):
        odile.get(path)
        assert '<html lang="en"' in odile.page
        assert "The whole forum" in odile.page
    assert odile.client.get("/langue/en?next=//elsewhere.example").headers["Location"] == "/"
    assert odile.client.get("/langue/en?next=/%5Celsewhere").headers["Location"] == "/"


def test_what_pages_share_holds_nothing_of_anybody(full: Day) -> None:
    """Pieces of a page are kept for the next reader: nothing in them, nor on a newcomer's page, is one person's own."""
    full.to("vote")
    full.do(full.bob, "edit_profile", name="Bob Aubépine", organisation="Les Amis du rail", listed=True)
    full.application.flask.extensions["kept_parts"].clear()
    texts, tokens = [], []
    for who in (full.bob, full.chloe, full.bob):
        there = PlainBrowser(full.application.flask, full.slug)
        there.client.set_cookie(f"forum_{full.slug}", full.tokens[who.device_id])
        texts.append(there.client.get(f"/f/{full.slug}").text)
        tokens.append(set(re.findall(r'name="op" value="([^"]+)"', texts[-1])))
    own = {"Les Amis du rail", "Prêter mon vélo", str(full.bob.participant_id)}
    assert {word for word in own if word in texts[0]} == {word for word in own if word in texts[2]} >= {"Les Amis du rail", "Prêter mon vélo"}
    assert [word for word in own if word in texts[1]] == []
    assert not tokens[0] & tokens[1]
    parts = full.application.flask.extensions["kept_parts"]
    assert {macro for _, macro, *_ in parts} >= {"asked_card", "stuck_dot", "circles"}
    everything = "".join(parts.values())
    assert [word for word in {*own, "Bob Aubépine"} if word in everything] == []
    assert not any(token in everything for found in tokens for token in found)
