"""« Mes données »: what is held is told, taken home, and forgotten everywhere."""

import json

from facilitation.domain.roles import Role
from facilitation.web.visitors import cookie_name
from tests.playing import Day
from tests.watching import archive, rows
from tests.web.plain_browser import PlainBrowser


def phone(day: Day, name: str, organisation: str = "") -> tuple[PlainBrowser, object]:
    actor = day.join(name, organisation)
    browser = PlainBrowser(day.application.flask, day.slug)
    browser.client.set_cookie(cookie_name(day.slug), day.tokens[actor.device_id])
    return browser, actor


def test_what_is_held_goes_home_in_a_file(day: Day) -> None:
    browser, odile = phone(day, "Odile Quenneville", "La Fabrique")
    day.propose(odile, "Le car de nuit")  # type: ignore[arg-type]
    answer = browser.client.get(f"/f/{day.slug}/moi.json")
    held = json.loads(answer.text)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (held["held"]["name"], held["held"]["organisation"]) == ("Odile Quenneville", "La Fabrique")
    assert [row["title"] for row in held["held"]["topics"]] == ["Le car de nuit"]
    assert [row["command"] for row in held["acts"]] == ["propose_topic"]
    other = json.loads(phone(day, "Paul")[0].client.get(f"/f/{day.slug}/moi.json").text)
    assert "Odile" not in str(other)
    assert day.application.flask.test_client().get(f"/f/{day.slug}/moi.json").status_code == 303


def test_who_erases_themselves_is_named_nowhere_and_leaves_their_topics(day: Day) -> None:
    browser, odile = phone(day, "Odile Quenneville", "La Fabrique des Cols")
    day.propose(odile, "Le car de nuit", named=True)  # type: ignore[arg-type]
    day.do(odile, "engage", text="Relancer la mairie", named=True)  # type: ignore[arg-type]
    day.do(odile, "edit_profile", name="Odile Quenneville", organisation="La Fabrique des Cols", listed=True)  # type: ignore[arg-type]
    assert archive(day).count(b"Odile Quenneville") > 3
    before, votes = day.forum.joined, rows(day, "vote")
    page = browser.get("/moi").send("erase_me")
    assert page.status == 200
    for kept in (archive(day), browser.get("").page.encode(), json.dumps(day.forum.topics, default=str).encode()):
        assert b"Quenneville" not in kept
        assert b"Fabrique des Cols" not in kept
    assert [(row["title"], row["authors"]) for row in day.forum.topics] == [("Le car de nuit", [])]
    assert (day.forum.joined, rows(day, "vote")) == (before, votes)
    assert day.again(odile).roles == frozenset({Role.VISITOR})  # type: ignore[arg-type]
    log = sorted(rows(day, "change"), key=lambda row: row["number"])
    assert [row["number"] for row in log] == list(range(1, len(log) + 1))


def test_a_closed_forum_still_forgets(day: Day) -> None:
    browser, _ = phone(day, "Odile Quenneville")
    day.do(day.alice, "close_event")
    browser.get("/moi").send("erase_me")
    assert b"Quenneville" not in archive(day)
