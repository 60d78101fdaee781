"""Bad input through all three doors, a plain form, JSON and the socket: a sentence, nothing changed, nothing typed lost."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import unescape
from secrets import token_hex
from typing import Any

import pytest

from facilitation import PROTOCOL
from facilitation.app import Application
from facilitation.domain.moments import MomentKind
from facilitation.domain.roles import Actor
from facilitation.services.table import COMMANDS
from facilitation.web.visitors import cookie_name
from tests.playing import Day
from tests.plugging import Socket
from tests.watching import nothing_changes
from tests.web.plain_browser import PlainBrowser


@dataclass(frozen=True)
class Said:
    """What came back: the sentence and, from a form, the whole page."""

    status: int
    text: str
    fields: dict[str, str]
    page: str = ""


Door = Callable[[Day, Actor, str, dict[str, str]], Said]


def by_form(day: Day, actor: Actor, command: str, payload: dict[str, str]) -> Said:
    """A page's form, as a browser without scripts sends it."""
    browser = PlainBrowser(day.application.flask, day.slug)
    browser.client.set_cookie(cookie_name(day.slug), day.tokens[actor.device_id])
    browser.get("/mur")
    (form,) = browser.forms("propose_topic")
    fields = form.fields if command == "propose_topic" else {"op": form.fields["op"]}
    answer = browser.client.post(f"/f/{day.slug}/c/{command}", data={**fields, **payload})
    alert = answer.text.partition('role="alert"><p>')[2].partition("</p>")[0]
    errors = dict(re.findall(r'id="again-(\w+)-error">([^<]+)<', answer.text))
    return Said(answer.status_code, unescape(alert), errors, answer.text)


def by_json(day: Day, actor: Actor, command: str, payload: dict[str, str]) -> Said:
    """Our own scripts, or a program's."""
    headers = {"Authorization": f"Bearer {day.tokens[actor.device_id]}"}
    body = {"op": token_hex(16), "payload": payload, "protocol": PROTOCOL}
    answer = day.application.flask.test_client().post(f"/f/{day.slug}/c/{command}", json=body, headers=headers)
    said: dict[str, Any] = answer.json or {}
    return Said(answer.status_code, said.get("text", ""), said.get("fields", {}))


def by_socket(day: Day, actor: Actor, command: str, payload: dict[str, str]) -> Said:
    socket = Socket(day, actor)
    said = socket.ask("command", name=command, op=token_hex(16), payload=payload, lang="fr")
    socket.client.disconnect()
    return Said(200 if said["ok"] else 422, said.get("text", ""), said.get("fields", {}))


@pytest.fixture(params=[by_form, by_json, by_socket], ids=["form", "json", "socket"])
def send(request: pytest.FixtureRequest) -> Door:
    door: Door = request.param
    return door


def is_a_sentence(text: str) -> bool:
    """Said in words, with a capital and a full stop, and no code of ours."""
    return text[:1].isupper() and text.endswith(".") and "_" not in text and len(text.split()) > 3


EMPTY, LONG = "Il manque quelques mots ici.", "C’est trop long pour cette case. Raccourcissez un peu\u202f: votre texte est gardé."
BAD_TITLES = {"": EMPTY, " \t\n ": EMPTY, "\u202e\u202d\u200b\u3164": EMPTY, "Comment faire ? " * 625: LONG, "\u202eא" * 5000: LONG, "🚲" * 10_000: LONG, "<b>gras</b>" * 910: LONG}


@pytest.mark.parametrize("title", BAD_TITLES, ids=["nothing", "spaces", "signs alone", "10,000", "right-to-left", "emoji", "HTML"])
def test_a_title_that_cannot_be_taken(day: Day, send: Door, title: str) -> None:
    with nothing_changes(day):
        said = send(day, day.bob, "propose_topic", {"title": title, "details": "gardé aussi"} if send is not by_form else {"title": title, "details[]": "gardé aussi"})
    assert said.status == 422
    assert said.text.replace("\u00a0", " ") == BAD_TITLES[title]
    assert set(said.fields) == {"title"}
    if send is by_form:
        assert title.strip("\n") in unescape(said.page)
        assert "gardé aussi" in said.page
        assert "<b>gras" not in said.page


GOOD_TITLES = ["Un car <script>alert(1)</script> & « deux »", "العربية أولا ثم français", "🚲👩🏽‍🌾 à vélo", "x" * 300, "l'été\u00a0: où ?"]


@pytest.mark.parametrize("title", GOOD_TITLES, ids=["HTML", "right-to-left", "emoji", "300", "accents"])
def test_a_title_that_only_looks_odd_is_taken_as_it_is(day: Day, send: Door, title: str) -> None:
    said = send(day, day.bob, "propose_topic", {"title": title})
    assert said.status in {200, 303}
    assert [row["title"] for row in day.forum.topics] == [title.replace("\u00a0", " ")]
    wall = PlainBrowser(day.application.flask, day.slug)
    wall.client.set_cookie(cookie_name(day.slug), day.tokens[day.chloe.device_id])
    assert "<script>alert" not in wall.get("/mur").page


def test_a_moment_that_does_not_allow_the_command(day: Day, send: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    only = replace(COMMANDS["propose_topic"], moments=frozenset({MomentKind.TOPICS}))
    monkeypatch.setitem(COMMANDS, "propose_topic", only)
    day.to("meal")
    with nothing_changes(day):
        said = send(day, day.bob, "propose_topic", {"title": "Le car de nuit"})
    assert said.status == 422
    assert said.text.startswith("Ce n’est pas le moment")
    assert "Le car de nuit" in said.page or send is not by_form
    day.to("topics")
    assert send(day, day.bob, "propose_topic", {"title": "Le car de nuit"}).status in {200, 303}


def test_a_vote_that_is_not_open(day: Day, send: Door) -> None:
    topic = day.propose(day.bob, "Le car")
    with nothing_changes(day):
        said = send(day, day.bob, "place_dot", {"topic": topic})
    assert said.text.replace("\u00a0", " ") == "Le vote n’est pas ouvert. Vos gommettes vous attendent."


@pytest.mark.parametrize(
    ("command", "payload", "begins"),
    [
        ("use_code", {"code": "AAAAAA"}, "Ce code n’est pas le bon."),
        ("use_link", {"token": "mort"}, "Ce lien n’est plus valable."),
        ("edit_topic", {"topic": "0" * 24, "title": "Un titre retapé"}, "Ce que vous cherchez n’est plus là."),
        ("close_event", {}, "Cette action revient à l’équipe d’animation."),
        ("engage", {"text": "é" * 10_000}, "C’est trop long pour cette case."),
        ("dance", {"text": "Un texte tapé"}, "Cette action n’existe pas."),
    ],
)  # fmt: skip
def test_what_leads_nowhere(day: Day, send: Door, command: str, payload: dict[str, str], begins: str) -> None:
    with nothing_changes(day):
        said = send(day, day.bob, command, payload)
    assert said.text.replace("\u00a0", " ").startswith(begins)
    assert is_a_sentence(said.text)
    if send is by_form:
        assert [typed for key, typed in payload.items() if key in {"title", "text", "code"} and typed not in said.page] == []


def test_a_command_that_breaks_gives_the_text_back(day: Day, send: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_turn: object, _ask: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(COMMANDS, "propose_topic", replace(COMMANDS["propose_topic"], run=broken))
    with nothing_changes(day):
        said = send(day, day.bob, "propose_topic", {"title": "Le car de nuit"})
    assert said.status in {500, 422}
    assert said.text.startswith("Un contretemps de notre côté")
    assert "Le car de nuit" in said.page or send is not by_form
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    assert send(day, day.bob, "propose_topic", {"title": "Le car de nuit"}).status in {200, 303}


# --- Addresses


@pytest.mark.parametrize("path", ["/f/aucun", "/aucun", "/f/aucun/mur", "/f/aucun/cockpit", "/f/aucun/compte-rendu", "/f/aucun/notes", "/cle/mort", "/f/a/b/c/d"])
def test_an_address_that_leads_nowhere_says_what_to_do(application: Application, path: str) -> None:
    client = application.flask.test_client()
    answer = client.get(path)
    assert answer.status_code == 404
    assert is_a_sentence(unescape(answer.text.partition('<p class="lead">')[2].partition("</p>")[0]).strip())
    assert 'href="/"' in answer.text
    told = client.get(path, headers={"X-Facilitation": "1"}).json
    assert told is not None
    assert (told["ok"], is_a_sentence(told["text"])) == (False, True)


def test_a_socket_that_names_no_forum_is_told_so(day: Day) -> None:
    socket = Socket(day, day.bob)
    for event, asked in (("screen:open", {"screen": "wall"}), ("command", {"name": "join", "payload": {}}), ("sheet:open", {"sheet": "0" * 24})):
        answer = socket.ask(event, **{**asked, "forum": "aucun", "lang": "fr"})
        assert (answer["ok"], answer["code"], is_a_sentence(answer["text"])) == (False, "no_forum", True)
    socket.client.disconnect()


def test_a_page_that_breaks_speaks_like_the_rest(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_asked: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(day.house, "forum", broken)
    client = day.application.flask.test_client()
    answer = client.get(f"/f/{day.slug}")
    assert answer.status_code == 500
    assert "Tout ce qui a été reçu est en sûreté" in answer.text.replace("\u00a0", " ")
    assert "ZeroDivision" not in answer.text
    told = client.get(f"/f/{day.slug}", headers={"X-Facilitation": "1"})
    assert (told.status_code, told.json["code"]) == (500, "broken")  # type: ignore[index]


# --- Forms of the organisers' pages


def organiser(day: Day) -> PlainBrowser:
    browser = PlainBrowser(day.application.flask, day.slug)
    browser.client.set_cookie(cookie_name(day.slug), day.tokens[day.alice.device_id])
    return browser.get("/organisation")


@pytest.mark.parametrize(
    ("path", "typed", "kept"),
    [
        ("/organisation/moment", {"kind": "break", "title": "Café " * 2000, "start": "10:30", "minutes": "15"}, ["Café Café", "10:30"]),
        ("/organisation/moment", {"kind": "break", "title": "Café", "start": "bientôt", "minutes": "beaucoup"}, ["Café", "bientôt", "beaucoup"]),
        ("/organisation/liens", {"role": "facilitator", "label": "Zoé " * 100}, ["Zoé Zoé"]),
        ("/dupliquer", {"title": "Encore " * 2000}, ["Encore Encore"]),
        ("/c/edit_event", {"title": "", "theme": "Thème " * 2000, "wifi_name": "Salle"}, ["Thème Thème", "Salle"]),
        ("/c/add_room", {"name": "Le préau", "capacity": "trop"}, ["Le préau", "trop"]),
    ],
)  # fmt: skip
def test_what_an_organiser_typed_comes_back(day: Day, path: str, typed: dict[str, str], kept: list[str]) -> None:
    browser = organiser(day)
    op = browser.forms("add_room")[0].fields["op"]
    with nothing_changes(day):
        answer = browser.client.post(f"/f/{day.slug}{path}", data={"op": op, **typed})
    assert answer.status_code == 422
    shown = unescape(answer.text.partition("<form")[2])
    assert [one for one in kept if one not in shown] == []
    assert f'action="/f/{day.slug}{path}"' in answer.text


def test_a_stale_page_of_the_organisers_works_at_the_second_press(day: Day) -> None:
    browser = organiser(day)
    typed = {"kind": "break", "title": "Café", "start": "10:30", "minutes": "15"}
    refused = browser.client.post(f"/f/{day.slug}/organisation/moment", data={"op": "vieux", **typed})
    assert refused.status_code == 422
    op = refused.text.partition('name="op" value="')[2].partition('"')[0]
    assert browser.client.post(f"/f/{day.slug}/organisation/moment", data={"op": op, **typed}).status_code == 303
    assert [row["start"] for row in day.forum.moments if row["title"] == "Café"] == [630]


def test_a_forum_that_cannot_be_made_keeps_its_form(application: Application) -> None:
    client = application.flask.test_client()
    op = client.get("/nouveau").text.partition('name="op" value="')[2].partition('"')[0]
    for typed in ({"op": op, "title": "", "theme": "Un thème"}, {"op": "vieux", "title": "Un titre", "theme": "Un thème"}, {"op": op, "title": "Un titre", "theme": "Un thème" * 1000}):
        answer = client.post("/nouveau", data=typed)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert typed["theme"] in unescape(answer.text)
        assert typed["title"] in unescape(answer.text)
