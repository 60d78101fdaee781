"""The HTTP doors: what reading changes (nothing), what is forged, what is sent twice, where one is led, what is told to whom."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_hex

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilitation import PROTOCOL
from facilitation.app import Application
from facilitation.domain.roles import Actor
from facilitation.web.limits import LIMITER
from facilitation.web.visitors import cookie_name
from tests.playing import Day
from tests.watching import archive, nothing_changes, rows

ELSEWHERE = "http://ailleurs.test"


def browser(day: Day, actor: Actor | None = None) -> FlaskClient:
    """A browser, with the forum's cookie where somebody is given."""
    client = day.application.flask.test_client()
    if actor is not None:
        client.set_cookie(cookie_name(day.slug), day.tokens[actor.device_id])
    return client


def hidden_token(client: FlaskClient, path: str) -> str:
    """The hidden token of a page's forms."""
    found = re.search(r'name="op" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def send(client: FlaskClient, day: Day, command: str, payload: object, **headers: str) -> TestResponse:
    """The JSON door, as our own scripts use it."""
    body = {"op": token_hex(16), "payload": payload, "protocol": PROTOCOL}
    return client.post(f"/f/{day.slug}/c/{command}", json=body, headers={"X-Facilitation": "1", **headers})


# --- Reading


def pages(day: Day) -> list[str]:
    """Every address that can be read, with this forum's ids and its secrets in it."""
    link = day.do(day.alice, "invite", role="facilitator")["link"]
    notes = day.do(day.bob, "take_notes", moment=next(row["id"] for row in day.forum.moments if row["kind"] == "plenary"))
    room = day.do(day.fatou, "add_room", name="Préau")["id"]
    known = {"slug": day.slug, "room": room, "token": link, "sheet_id": notes["sheet"], "reference": notes["sheet"], "number": "1",
             "code": "fr", "name": "livre.docx", "picture": "0" * 24, "ending": "md", "person": str(day.bob.participant_id), "key": "0" * 32}  # fmt: skip
    rules = day.application.flask.url_map.iter_rules()
    found = [
        re.sub(r"<(?:\w+:)?(\w+)>", lambda part: known[part[1]], rule.rule)
        for rule in rules if "GET" in (rule.methods or ()) and "socket.io" not in rule.rule
    ]  # fmt: skip
    return [path for path in found if not path.endswith(".pdf")]


def test_reading_changes_nothing_whoever_reads(day: Day) -> None:
    day.propose(day.bob, "Le car")
    paths = pages(day)
    assert len(paths) > 20
    with nothing_changes(day):
        for actor in (None, day.bob, day.fatou, day.alice):
            for path in paths:
                assert browser(day, actor).get(path).status_code in {200, 302, 303, 403, 404, 422}, path
                assert browser(day, actor).get(f"/f/{day.slug}/c/join").status_code == 405


def test_every_page_carries_what_protects_it(day: Day) -> None:
    for path in [*pages(day), "/rien/du/tout"]:
        answer = browser(day, day.alice).get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';"), path
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "connect-src 'self' ws://localhost wss://localhost;" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
        assert "Access-Control-Allow-Origin" not in answer.headers
        if answer.mimetype == "text/html":
            assert re.findall(r"<script(?![^>]*(?:src=|application/json))|\sstyle=|\son\w+=", answer.text) == [], path


@pytest.mark.parametrize("host", ["forum.test; script-src *", "forum.test,ailleurs.test", "forum.test ailleurs.test", "*", "*.test"])
def test_no_word_is_slipped_into_the_policy_by_a_name(day: Day, host: str) -> None:
    answer = browser(day).get("/etat", headers={"Host": host})
    assert "connect-src 'self';" in answer.headers["Content-Security-Policy"]


def test_no_page_of_one_forum_shows_anothers(day: Day, application: Application) -> None:
    other = Day(application)
    other.propose(other.bob, "Le secret de l’autre vallée")
    sheet = other.do(other.bob, "take_notes", moment=next(r["id"] for r in other.forum.moments if r["kind"] == "plenary"))["sheet"]
    for path in (f"/f/{day.slug}/fiche/{sheet}", f"/f/{day.slug}/fiches/{sheet}", f"/f/{day.slug}/notes/{sheet}"):
        for actor in (day.bob, day.alice):
            assert browser(day, actor).get(path).status_code in {403, 404}, path
    stranger = day.application.flask.test_client()
    stranger.set_cookie(cookie_name(day.slug), other.tokens[other.alice.device_id])
    for path in ("cockpit", "organisation", "archive.json", "book.json", "compte-rendu.pdf?frais=1", "projecteur"):
        assert stranger.get(f"/f/{day.slug}/{path}").status_code == 403, path
    for path in ("compte-rendu", "compte-rendu.pdf"):
        assert stranger.get(f"/f/{day.slug}/{path}").headers["Location"] == f"/f/{day.slug}"


def test_the_compte_rendu_of_a_closed_forum_is_for_whoever_has_its_address(day: Day) -> None:
    day.propose(day.bob, "Le car de nuit")
    day.do(day.alice, "close_event")
    absent = browser(day)
    assert f'href="/f/{day.slug}/compte-rendu"' in absent.get(f"/f/{day.slug}").text
    page = absent.get(f"/f/{day.slug}/compte-rendu")
    assert (page.status_code, page.headers["X-Robots-Tag"]) == (200, "noindex")
    assert "Le car de nuit" in page.text.replace("\u00a0", " ")
    assert absent.get(f"/f/{day.slug}/book.json").status_code == 200
    assert absent.get(f"/f/{day.slug}/archive.json").status_code == 403
    day.do(day.alice, "reopen_event")
    assert absent.get(f"/f/{day.slug}/compte-rendu").status_code == 303


# --- What is forged


def test_a_form_without_its_own_token_is_refused(day: Day) -> None:
    client, page = browser(day, day.bob), f"/f/{day.slug}/mur"
    theirs = hidden_token(browser(day, day.chloe), page)
    mine = hidden_token(client, page)
    with nothing_changes(day):
        for op in ("", "faux", f"{mine.split('.')[0]}.{'0' * 32}", theirs, f"é.{mine}", mine.replace(".", "")):
            answer = client.post(f"/f/{day.slug}/c/propose_topic", data={"op": op, "title": "Le car"})
            assert answer.status_code == 422
            assert "Le car" in answer.text


@pytest.mark.parametrize(
    "headers", [{"Origin": ELSEWHERE}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://localhost.ailleurs.test"}]
)  # fmt: skip
def test_what_another_site_sends_is_refused(day: Day, headers: dict[str, str]) -> None:
    client = browser(day, day.bob)
    op = hidden_token(client, f"/f/{day.slug}/mur")
    with nothing_changes(day):
        form = client.post(f"/f/{day.slug}/c/propose_topic", data={"op": op, "title": "Le car"}, headers=headers)
        assert form.status_code == 403
        assert send(client, day, "propose_topic", {"title": "Le car"}, **headers).json["code"] == "forged"  # type: ignore[index]


def test_json_that_a_foreign_form_could_send_is_refused(day: Day) -> None:
    client = browser(day, day.bob)
    with nothing_changes(day):
        answer = client.post(f"/f/{day.slug}/c/propose_topic", json={"op": "a" * 32, "payload": {"title": "Le car"}})
        assert (answer.status_code, answer.json["code"]) == (403, "forged")  # type: ignore[index]


@pytest.mark.parametrize("body", ["{", "[]", "null", '"x"', '{"payload": 3}', '{"op": {}, "payload": {}}', '{"op": "\\ud800"}', ""])
def test_json_that_cannot_be_read_is_answered(day: Day, body: str) -> None:
    client = browser(day, day.bob)
    with nothing_changes(day):
        answer = client.post(
            f"/f/{day.slug}/c/propose_topic", data=body, content_type="application/json", headers={"X-Facilitation": "1"}
        )
        assert answer.status_code == 422
        assert answer.json["ok"] is False  # type: ignore[index]


# --- What is sent


def test_the_same_plain_form_twice_has_one_effect(day: Day) -> None:
    client = browser(day, day.bob)
    fields = {"op": hidden_token(client, f"/f/{day.slug}/mur"), "title": "Le car", "named": "true"}
    places = [client.post(f"/f/{day.slug}/c/propose_topic", data=fields).status_code for _ in range(3)]
    assert places == [303] * 3
    assert [row["title"] for row in rows(day, "topic")] == ["Le car"]


def test_joining_twice_from_one_form_makes_one_person(day: Day) -> None:
    client = browser(day)
    fields = {"op": hidden_token(client, f"/f/{day.slug}"), "name": "Odile"}
    first = client.post(f"/f/{day.slug}/c/join", data=fields)
    again = browser(day).post(f"/f/{day.slug}/c/join", data=fields)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Set-Cookie"].split(";")[0] == again.headers["Set-Cookie"].split(";")[0]
    assert day.forum.joined == 3


def test_a_refused_form_gives_the_text_back(day: Day) -> None:
    client, long = browser(day, day.bob), "Le car <b>& le train</b> " * 20
    op = hidden_token(client, f"/f/{day.slug}/mur")
    with nothing_changes(day):
        answer = client.post(f"/f/{day.slug}/c/propose_topic", data={"op": op, "title": long, "details[]": "Où ?\nQuand ?"})
    assert answer.status_code == 422
    assert "Le car &lt;b&gt;&amp; le train&lt;/b&gt; Le car" in answer.text
    assert "Où ?\nQuand ?" in answer.text
    assert "<b>&" not in answer.text


def test_a_form_sent_too_often_gives_the_text_back_too(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser(day, day.bob)
    op = hidden_token(client, f"/f/{day.slug}/mur")
    monkeypatch.setattr("facilitation.web.limits.PER_PERSON", 0)
    with nothing_changes(day):
        answer = client.post(f"/f/{day.slug}/c/propose_topic", data={"op": op, "title": "Le car de 7 h"})
        assert "Le car de 7 h" in answer.text
        assert send(client, day, "propose_topic", {"title": "Le car"}).status_code == 429
    assert send(browser(day), day, "join", {}).status_code == 200


@pytest.fixture
def unlimited() -> Iterator[None]:
    """Nothing counted before, nor left behind."""
    LIMITER._asked.clear()
    yield
    LIMITER._asked.clear()


def guess(day: Day, code: str, address: str, actor: Actor | None = None) -> int:
    body = {"op": token_hex(16), "payload": {"code": code}, "protocol": PROTOCOL}
    asked = browser(day, actor).post(
        f"/f/{day.slug}/c/use_code", json=body, headers={"X-Facilitation": "1"}, environ_base={"REMOTE_ADDR": address}
    )
    return asked.status_code


def notes_code(day: Day) -> str:
    """A fresh short code, of the plenary's sheet."""
    plenary = next(row["id"] for row in day.forum.moments if row["kind"] == "plenary")
    return str(day.do(day.bob, "take_notes", moment=plenary)["code"])


@pytest.mark.usefixtures("unlimited")
def test_wrong_codes_are_counted_by_address(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facilitation.web.limits.WRONG_CODES_PER_ADDRESS", 30)
    fair = [notes_code(day) for _ in range(2)]
    assert [guess(day, f"AAA{n:03d}", "10.0.0.1") for n in range(30)] == [422] * 30
    assert [guess(day, code, "10.0.0.1") for code in ("AAA999", fair[0])] == [429, 429]
    assert [guess(day, code, "10.0.0.2") for code in (fair[0], "AAA999")] == [200, 422]
    # A plain form is counted with the others, and keeps what was typed.
    client = browser(day)
    op = hidden_token(client, f"/f/{day.slug}/notes")
    form = client.post(f"/f/{day.slug}/c/use_code", data={"op": op, "code": fair[1]}, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert form.status_code == 422
    assert fair[1] in form.text
    assert "Attendez une minute" in form.text


@pytest.mark.usefixtures("unlimited")
def test_wrong_codes_are_counted_by_forum(day: Day, application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facilitation.web.limits.WRONG_CODES_PER_FORUM", 50)
    fair = notes_code(day)
    assert {guess(day, f"AAA{n:03d}", f"10.0.0.{n % 40}") for n in range(50)} == {422}
    assert guess(day, fair, "10.0.1.1") == 429
    other = Day(application)
    assert guess(other, notes_code(other), "10.0.1.1") == 200


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("is_seated", [True, False])
def test_one_prankster_and_the_hall_goes_on(day: Day, *, is_seated: bool) -> None:
    hall, prankster = "10.0.0.1", day.bob if is_seated else None
    found = [guess(day, f"AAA{n:03d}", hall, prankster) for n in range(70)]
    assert found == ([422] * 20 + [429] * 50 if is_seated else [422] * 70)
    # Behind the same address: a laptop that is nobody's, and somebody who has a seat.
    assert guess(day, notes_code(day), hall) == 200
    assert guess(day, notes_code(day), hall, day.chloe) == 200


@pytest.mark.usefixtures("unlimited")
def test_a_hall_that_types_right_codes_is_never_slowed_down(day: Day) -> None:
    assert {guess(day, notes_code(day), "10.0.0.1") for _ in range(65)} == {200}


@pytest.mark.parametrize(
    "wished",
    ["http://ailleurs.test/", "//ailleurs.test", "/\\ailleurs.test", "javascript:alert(1)", "/f/autre", "/f/{slug}/\\..", "/f/{slug}evil",
     "/f/{slug}/c/join", "https://ailleurs.test/f/{slug}/mur", "\r\nSet-Cookie: x=1"],
)  # fmt: skip
def test_a_form_leads_nowhere_else(day: Day, wished: str) -> None:
    client, wished = browser(day, day.bob), wished.replace("{slug}", day.slug)
    for field in ("next", "referer"):
        fields = {"op": hidden_token(client, f"/f/{day.slug}/mur"), "title": "Le car", **({"next": wished} if field == "next" else {})}
        referer = {"Referer": wished} if field == "referer" and "\n" not in wished else {}
        place = client.post(f"/f/{day.slug}/c/propose_topic", data=fields, headers=referer).headers["Location"]
        assert re.fullmatch(rf"/f/{day.slug}(/mur)?", place), place


def test_a_form_leads_back_to_the_page_it_was_on(day: Day) -> None:
    client = browser(day, day.bob)
    fields = {"op": hidden_token(client, f"/f/{day.slug}/mur"), "title": "Le car"}
    back = client.post(f"/f/{day.slug}/c/propose_topic", data=fields, headers={"Referer": f"http://localhost/f/{day.slug}/mur?n=3"})
    assert back.headers["Location"] == f"/f/{day.slug}/mur?n=3"


# --- Secrets


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(day: Day) -> None:
    link = day.do(day.alice, "invite", role="facilitator")["link"]
    for command, payload in (("join", {"name": "Odile"}), ("use_link", {"token": link})):
        cookie = send(browser(day), day, command, payload).headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain=" not in cookie


def test_a_program_is_given_its_token_and_no_cookie(day: Day) -> None:
    asked = {"op": "a" * 32, "payload": {"name": "Robot"}, "protocol": PROTOCOL}
    joined = browser(day).post(f"/f/{day.slug}/c/join", json=asked, headers={"X-Facilitation": "1"}).json
    assert joined is not None
    headers = {"Authorization": f"Bearer {joined['answer']['token']}"}
    answer = browser(day).post(f"/f/{day.slug}/c/propose_topic", json={"op": "b" * 32, "payload": {"title": "Le car"}}, headers=headers)
    assert answer.json is not None
    assert answer.json["ok"] is True
    assert "Set-Cookie" not in answer.headers


def test_links_are_on_no_page_and_in_no_title(day: Day) -> None:
    link = day.do(day.alice, "invite", role="facilitator", label="Gaston")["link"]
    secrets = [link, day.made.token, *day.tokens.values()]
    for actor in (None, day.bob, day.fatou, day.alice):
        for path in pages(day):
            text = browser(day, actor).get(path).data.decode("utf-8", "replace")
            title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
            assert [one for one in secrets if title and one in title[1]] == []
            if not path.startswith("/cle/"):
                assert [one for one in secrets if one in text] == [], path


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A real server and the file that gets everything it says."""
    folder = tmp_path_factory.mktemp("server")
    said = folder / "said.txt"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-u", "-m", "facilitation.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--database", f"sqlite:///{folder / 'forums.db'}"]
    with said.open("w") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process:
        with subprocess.Popen(["tail", "-n", "+1", "-f", str(said)], stdout=subprocess.PIPE, text=True) as watch:
            assert watch.stdout is not None
            assert "facilitation" in watch.stdout.readline()
            watch.terminate()
        yield port, said
        process.terminate()
        process.wait(60)


def test_secrets_are_in_no_log(talkative: tuple[int, Path]) -> None:
    port, said = talkative
    secret = "jeton-tres-secret-0123456789"

    def ask(method: str, path: str, body: str = "", **headers: str) -> int:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(method, path, body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    opened = {"Content-Type": "application/json", "X-Facilitation": "1"}
    body = json.dumps({"op": "a" * 32, "payload": {"token": secret}})
    assert ask("GET", f"/cle/{secret}") == 404
    assert ask("GET", "/", Authorization=f"Bearer {secret}", Cookie=f"forum_x={secret}") == 200
    assert ask("POST", "/f/rien/c/use_link", body, **opened) == 404
    assert ask("POST", f"/cle/{secret}", "x" * 100) in {403, 404}
    assert ask("GET", f"/socket.io/?EIO=4&transport=polling&token={secret}") == 200
    assert ask("GET", f"/{secret}%00%FF/{secret}") == 404
    assert secret not in said.read_text()


def test_the_archive_is_for_organisers_alone(day: Day) -> None:
    statuses = [browser(day, actor).get(f"/f/{day.slug}/archive.json").status_code for actor in (None, day.bob, day.fatou, day.alice)]
    assert statuses == [403, 403, 403, 200]
    assert browser(day, day.alice).get(f"/f/{day.slug}/archive.json").data == archive(day)
