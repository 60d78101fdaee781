"""A forum made, found and opened without scripts: creation, its one secret link, and links given to others."""

import re
import secrets
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from facilitation.app import Application, create_app
from facilitation.settings import Settings


def token_in(page: str) -> str:
    found = re.search(r'name="op" value="([^"]+)"', page)
    assert found
    return found[1]


def link_in(page: str) -> str:
    found = re.search(r'value="http://[^/"]+(/cle/[^"]+)"', page)
    assert found
    return found[1]


def made(client: FlaskClient, slug: str, **typed: str) -> str:
    """The page that answers a creation."""
    op = token_in(client.get("/nouveau").text)
    answer = client.post("/nouveau", data={"op": op, "title": "Mobilités du quotidien en vallée", "slug": slug, **typed})
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.fixture
def slug() -> str:
    return f"forum-{secrets.token_hex(6)}"


@pytest.fixture
def client(application: Application) -> FlaskClient:
    return application.flask.test_client()


def test_the_first_page_leads_everywhere(client: FlaskClient) -> None:
    page = client.get("/").text
    assert 'action="/demo"' in page
    assert 'href="/nouveau"' in page
    assert 'href="/rejoindre"' in page
    assert page.count("<circle") > 80


def test_a_title_is_enough_and_opens_the_organisation_here(client: FlaskClient) -> None:
    page = made(client, "")
    assert client.get_cookie("forum_mobilites-quotidien") is not None
    assert client.get("/f/mobilites-quotidien/organisation").status_code == 200
    assert link_in(page) not in client.get("/f/mobilites-quotidien/organisation").text


def test_everything_asked_is_kept(client: FlaskClient, application: Application) -> None:
    made(client, "Aubrette", mode="each", programme="half", start="13:30", date="2026-11-21", organisers="Mairie\nAdèle Brun")
    event = application.house.event("aubrette")
    forum = application.house.forum(event["id"])
    assert (event["mode"], event["date"], event["organisers"]) == ("each", "2026-11-21", ["Mairie", "Adèle Brun"])
    assert (forum.moments[0]["start"], [row["kind"] for row in forum.moments].count("vote")) == (13 * 60 + 30, 0)


def test_the_same_page_sent_twice_makes_one_forum(client: FlaskClient, slug: str) -> None:
    op = token_in(client.get("/nouveau").text)
    pages = [client.post("/nouveau", data={"op": op, "title": "Eaux vives", "slug": slug}).text for _ in range(2)]
    assert link_in(pages[0]) == link_in(pages[1])
    assert client.get(f"/f/{slug}-2").status_code == 404


@pytest.mark.parametrize("wrong", [{"title": " "}, {"title": "x" * 301}, {"start": "midi"}, {"keep": "0"}, {"date": "demain"}])
def test_what_cannot_be_is_given_back(client: FlaskClient, wrong: dict[str, str]) -> None:
    op = token_in(client.get("/nouveau").text)
    typed = {"op": op, "title": "Eaux vives", "theme": "L’eau <b>de tous</b>", **wrong}
    answer = client.post("/nouveau", data=typed)
    assert answer.status_code == 422
    assert "L’eau &lt;b&gt;de tous&lt;/b&gt;" in answer.text
    assert 'role="alert"' in answer.text
    assert client.get("/f/eaux-vives").status_code == 404


def test_a_form_from_elsewhere_makes_nothing(client: FlaskClient) -> None:
    assert client.post("/nouveau", data={"op": "x.y", "title": "Eaux vives"}).status_code == 422


def test_an_instance_may_ask_for_a_key(tmp_path: Path) -> None:
    application = create_app(Settings(database=f"sqlite:///{tmp_path / 'keyed.db'}", create="key", create_key="tilleul"))
    client = application.flask.test_client()
    op = token_in(client.get("/nouveau").text)
    refused = client.post("/nouveau", data={"op": op, "title": "Eaux vives", "key": "chêne"})
    assert refused.status_code == 403
    assert 'value="Eaux vives"' in refused.text
    assert client.post("/nouveau", data={"op": op, "title": "Eaux vives", "key": "tilleul"}).status_code == 200
    application.house.close()


def test_looking_at_a_link_uses_nothing(client: FlaskClient, application: Application, slug: str) -> None:
    link = link_in(made(client, slug))
    other = application.flask.test_client()
    page = other.get(link)
    token = link.rpartition("/")[2]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert token not in re.sub(r'action="[^"]*"', "", page.text)
    assert other.get(f"/f/{slug}/organisation").status_code == 403
    opened = other.post(link, data={"op": token_in(page.text), "name": "Hugo"})
    assert (opened.status_code, opened.location) == (303, f"/f/{slug}/organisation")
    assert other.get(opened.location).status_code == 200


def test_a_dead_link_says_so(client: FlaskClient) -> None:
    answer = client.get("/cle/inconnu")
    assert answer.status_code == 404
    assert "Ce lien n’est plus valable" in answer.text


def test_a_forum_is_found_by_what_is_written_on_the_wall(client: FlaskClient, slug: str) -> None:
    made(client, slug)
    for typed in (slug, f" {slug.title()} ", f"http://forum.local/{slug}", f"https://forum.local/f/{slug}/"):
        answer = client.get("/rejoindre", query_string={"forum": typed})
        assert (answer.status_code, answer.location) == (302, f"/{slug}")


def test_a_wrong_name_gets_a_sentence(client: FlaskClient) -> None:
    answer = client.get("/rejoindre", query_string={"forum": "<aubrète>"})
    assert answer.status_code == 404
    assert "Aucun forum à cette adresse" in answer.text
    assert "&lt;aubrète&gt;" in answer.text


def test_the_language_is_kept_and_leads_back(client: FlaskClient) -> None:
    answer = client.post("/langue", data={"langue": "en", "next": "/nouveau"})
    assert (answer.status_code, answer.location) == (303, "/nouveau")
    assert '<html lang="en"' in client.get("/").text
    assert client.post("/langue", data={"langue": "en", "next": "//elsewhere.test/x"}).location == "/"
