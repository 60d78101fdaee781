"""Editions: asked for by one command, frozen in every format, compared with the last, withdrawn with who is erased."""

import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import gevent
import pypdf
import pytest
from werkzeug.test import Client

from facilitation.app import Application
from facilitation.domain.editions import compared, named_in
from facilitation.domain.refusals import Code
from facilitation.keeping import purge
from facilitation.publishing import freezing
from facilitation.publishing.kinds import KINDS
from facilitation.web.editions import Publisher
from facilitation.web.visitors import cookie_name
from tests.playing import Clock, Day, open_application
from tests.watching import archive, refused
from tests.web.test_office_organisation import operation


@pytest.fixture
def day(application: Application) -> Day:
    """A forum of its own; the processes that print stay warm from one to the next."""
    return Day(application)


@pytest.fixture(autouse=True)
def formats(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an edition goes through is the same with three formats as with ten; `every_format` makes them all."""
    if "every_format" not in request.fixturenames:
        monkeypatch.setattr(freezing, "KINDS", {kind: KINDS[kind] for kind in ("html", "md", "json")})


@pytest.fixture
def every_format() -> None:
    """Asked for by tests that look at all of an edition."""


def browser(day: Day, actor: Any) -> Client:
    client = day.application.flask.test_client()
    client.set_cookie(cookie_name(day.slug), day.tokens[actor.device_id])
    return client


def publisher(day: Day) -> Publisher:
    found = day.application.flask.extensions["publisher"]
    assert isinstance(found, Publisher)
    return found


def settle(day: Day) -> list[dict[str, Any]]:
    """The editions, once nothing is being made."""
    if going := publisher(day).running.get(day.event_id):
        going.join(timeout=300)
    return day.forum.editions


def published(day: Day) -> dict[str, Any]:
    day.do(day.alice, "publish")
    return settle(day)[-1]


def folder(day: Day) -> Path:
    return publisher(day).folder(day.event_id)


def url(day: Day, edition: dict[str, Any], kind: str = "html") -> str:
    name = next(one["name"] for one in edition["files"] if one["kind"] == kind)
    return f"/f/{day.slug}/compte-rendu/editions/{edition['number']}/{name}"


def words(data: bytes) -> str:
    """The text of a PDF or a web page."""
    if data.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    return unescape(re.sub(r"<(style|script)\b.*?</\1>|<[^>]+>", "", data.decode(), flags=re.DOTALL))


@pytest.mark.usefixtures("every_format")
def test_an_edition_is_every_format_frozen_and_served_as_it_was(day: Day) -> None:
    day.to("topics")
    day.propose(day.bob, "Un four au village")
    one = published(day)
    assert one["error"] == ""
    assert (one["state"], one["number"], [file["kind"] for file in one["files"]]) == ("published", 1, [*KINDS])
    bob = browser(day, day.bob)
    answers = {file["kind"]: bob.get(url(day, one, file["kind"])) for file in one["files"]}
    for file in one["files"]:
        answer = answers[file["kind"]]
        assert (answer.status_code, answer.mimetype) == (200, KINDS[file["kind"]])
        assert hashlib.sha256(answer.data).hexdigest() == file["sha256"]
    told = json.loads(answers["json"].data)
    assert (told["edition"]["number"], told["edition"]["state"]) == (1, "published")
    assert "Projet" not in words(answers["pdf"].data)
    assert "Édition n° 1" in words(answers["pdf"].data).replace("\xa0", " ")
    attached = pypdf.PdfReader(io.BytesIO(answers["pdf"].data)).attachments["compte-rendu.json"][0]
    assert json.loads(attached) == told
    sums = (folder(day) / one["path"] / "SHA256SUMS").read_text().split()
    assert sums[::2] == [file["sha256"] for file in one["files"]]
    day.propose(day.bob, "Un lavoir")
    assert bob.get(url(day, one, "pdf")).data == answers["pdf"].data
    assert f'href="{url(day, one)}"' in bob.get(f"/f/{day.slug}/compte-rendu/formats").text
    assert day.application.flask.test_client().get(url(day, one)).status_code == 303
    with zipfile.ZipFile(io.BytesIO(answers["site.zip"].data)) as site:
        assert site.read(f"fichiers/{one['files'][0]['name']}") == answers["pdf"].data


def test_a_draft_says_so_on_every_page(day: Day) -> None:
    from tests.web.test_proceedings import come

    pdf = come(browser(day, day.bob), f"/f/{day.slug}/compte-rendu.pdf").data
    assert all("Projet" in page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_next_says_what_changed(day: Day) -> None:
    day.to("topics")
    day.propose(day.bob, "Un four au village")
    published(day)
    day.propose(day.chloe, "Un lavoir")
    day.do(day.bob, "engage", text="Prêter mon garage")
    day.do(day.alice, "save_layout", chapters=[{"key": "welcome", "text": "Bienvenue."}])
    two = published(day)
    assert [(one["kind"], one.get("numbers", one.get("count"))) for one in two["changes"]] == [
        ("topics_new", [2]), ("vote_changed", 1), ("engagements_new", 1), ("texts_changed", 1), ("layout_changed", 1)
    ]  # fmt: skip
    text = " ".join(words((folder(day) / two["path"] / two["files"][0]["name"]).read_bytes()).split())
    assert "Depuis l’édition précédente" in text
    assert "Le sujet n° 2 est nouveau" in text
    assert [bool(one["parts"]) for one in day.forum.editions] == [False, True]


def test_nothing_changed_is_nothing_said() -> None:
    assert compared({"people": "a", "sheet:1": "b"}, {"people": "a", "sheet:1": "b"}) == []
    assert compared({"sheet:3": "b", "engagement:0": "x"}, {"sheet:1": "b", "sheet:3": "c", "engagement:4": "x"}) == [
        {"kind": "sheets_new", "numbers": [1]}, {"kind": "sheets_changed", "numbers": [3]}
    ]  # fmt: skip


def test_names_are_found_whole_whatever_their_accents() -> None:
    people = {"a": "Anne", "b": "Éric  Le Goff", "c": ""}
    assert named_in("l’année de ERIC LE GOFF, hélas", people) == ["b"]
    assert named_in("panne, Anne.", people) == ["a"]


def test_two_are_not_made_at_once_and_only_organisers_publish(day: Day) -> None:
    with refused(Code.NOT_ALLOWED):
        day.do(day.fatou, "publish")
    day.do(day.alice, "publish")
    with refused(Code.EDITION_IN_HAND):
        day.do(day.alice, "publish")
    assert [one["state"] for one in settle(day)] == ["published"]


@pytest.mark.usefixtures("every_format")
def test_erasing_somebody_withdraws_the_editions_that_name_them(day: Day) -> None:
    day.to("topics")
    odile = day.join("Odile Quenneville")
    day.propose(day.bob, "Un four au village")
    first = published(day)
    day.propose(odile, "Le car de nuit")
    second = published(day)
    assert "Quenneville" in words(browser(day, day.bob).get(url(day, second)).data)
    day.do(odile, "erase_me")
    one, two, three = settle(day)
    # She had been listed among those named from the first edition on.
    assert [(row["number"], row["state"]) for row in (one, two, three)] == [(1, "withdrawn"), (2, "withdrawn"), (3, "published")]
    assert [row["files"] for row in (one, two)] == [first["files"], second["files"]]
    assert browser(day, day.bob).get(url(day, two)).status_code == 410
    assert {"kind": "withdrawn", "numbers": [1, 2]} in three["changes"]
    assert "Quenneville" not in words(browser(day, day.bob).get(url(day, three)).data)
    page = browser(day, day.bob).get(f"/f/{day.slug}/compte-rendu/formats").text
    assert second["files"][0]["sha256"] in page
    left = [path for path in folder(day).rglob("*") if path.is_file() and b"Quenneville" in path.read_bytes()]
    assert (left, [path.name for path in folder(day).iterdir() if path.is_dir()]) == ([], [three["path"]])
    assert "Quenneville" not in archive(day).decode()


def test_erasing_while_it_is_made_begins_it_again(day: Day) -> None:
    odile = day.join("Odile Quenneville")
    publisher(day).desk.quick.warm()
    day.do(day.alice, "publish")
    gevent.sleep(0)
    day.do(odile, "erase_me")
    (one,) = settle(day)
    assert one["state"] == "published"
    assert "Quenneville" not in words(browser(day, day.bob).get(url(day, one)).data)


def test_organisers_withdraw_one_by_hand(day: Day) -> None:
    one = published(day)
    day.do(day.alice, "withdraw_edition", number=1)
    settle(day)
    assert not (folder(day) / one["path"]).exists()
    assert browser(day, day.bob).get(url(day, one)).status_code == 410
    with refused(Code.NOT_FOUND):
        day.do(day.alice, "withdraw_edition", number=1)


def test_a_server_that_stopped_takes_up_what_it_left(day: Day) -> None:
    """The command is committed, its job was killed half-way: the next server deletes the half and makes the whole."""
    maker = publisher(day)
    day.house.dispatch.afterwards["publish"] = lambda _: None
    try:
        day.do(day.alice, "publish")
    finally:
        day.house.dispatch.afterwards["publish"] = maker.start
    half = folder(day) / ".edition-half"
    half.mkdir(parents=True)
    (half / "compte-rendu.pdf").write_bytes(b"%PDF")
    orphan = folder(day) / "edition-1-0123456789ab"
    orphan.mkdir()
    maker.resume()
    (one,) = settle(day)
    assert one["state"] == "published"
    assert [path.name for path in folder(day).iterdir()] == [one["path"]]


def test_one_that_cannot_be_written_says_why_and_its_number_is_taken_again(day: Day) -> None:
    folder(day).parent.mkdir(parents=True, exist_ok=True)
    folder(day).write_text("not a folder")
    day.do(day.alice, "publish")
    (one,) = settle(day)
    assert one["state"] == "failed"
    page = browser(day, day.alice).get(f"/f/{day.slug}/organisation/compte-rendu").text
    page = " ".join(page.split())
    assert "n’a pas pu être faite" in page
    assert "dossier des comptes-rendus" in page
    folder(day).unlink()
    assert day.do(day.alice, "publish") == {"number": 1}
    assert [row["state"] for row in settle(day)] == ["published"]


def test_a_file_that_is_not_what_was_published_is_not_handed_out(day: Day) -> None:
    one = published(day)
    bob, path = browser(day, day.bob), folder(day) / one["path"] / one["files"][0]["name"]
    whole = path.read_bytes()
    path.chmod(0o644)
    for there, status in ((whole + b" ", 410), (whole, 200), (None, 410)):
        if there is None:
            path.unlink()
        else:
            path.write_bytes(there)
        assert bob.get(url(day, one)).status_code == status


def test_other_files_are_not_there(day: Day) -> None:
    one = published(day)
    bob, name = browser(day, day.bob), one["files"][0]["name"]
    asked = ("2/compte-rendu.pdf", f"2/{name}", "1/SHA256SUMS", "1/..%2f..%2fforum.db", "0/x", f"{'9' * 20}/x")
    found = {path: bob.get(f"/f/{day.slug}/compte-rendu/editions/{path}").status_code for path in (*asked, f"1/{name}")}
    assert found == {**dict.fromkeys(asked, 404), f"1/{name}": 200}


@pytest.mark.usefixtures("every_format")
def test_the_office_publishes_with_a_plain_form(day: Day) -> None:
    alice = browser(day, day.alice)
    here = f"/f/{day.slug}/organisation/compte-rendu"
    page = alice.get(here).text
    assert "Publier l’édition n°" in page
    answer = alice.post(f"/f/{day.slug}/c/publish", data={"op": operation(page), "next": f"{here}#editions"})
    assert answer.status_code == 303
    settle(day)
    page = alice.get(here).text
    assert day.forum.editions[0]["files"][0]["sha256"] in page
    assert "withdraw_edition" in page


def test_editions_and_addresses_go_with_their_forum(tmp_path: Path) -> None:
    clock = Clock()
    application = open_application(tmp_path)
    application.house.clock = application.house.dispatch.clock = clock
    day = Day(application)
    published(day)
    day.do(day.bob, "ask_for_book", email="odile@exemple.org")
    day.do(day.alice, "set_lifetime", days=30)
    day.do(day.alice, "close_event")
    clock.at += timedelta(days=30)
    (certificate,) = purge(application.house, tmp_path / "certificats")
    assert json.loads(certificate.read_text())["rows"]["edition"] == 1
    assert [path for path in (tmp_path / "exports").rglob("*") if path.is_file()] == []
    application.house.close()
    left = [path for path in tmp_path.rglob("*") if path.is_file() and b"odile@exemple.org" in path.read_bytes()]
    assert left == []
