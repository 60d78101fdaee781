"""Taking the compte-rendu home: at once where it is ready, with progress where it is not."""

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import gevent
import pypdf
import pytest
from werkzeug.test import Client, TestResponse

from facilitation.publishing.jobs import OnProgress, Worker
from facilitation.publishing.kinds import QUICK
from facilitation.publishing.lost import LINES_MOST
from tests.playing import Day

LINE = {"type": "paragraph", "spans": [{"text": "ligne"}]}
SAID = "n’a pas pu être mis en pages"


@pytest.fixture
def reader(day: Day) -> Client:
    """Bob's phone."""
    client = day.application.flask.test_client()
    client.set_cookie(f"forum_{day.slug}", next(token for device, token in day.tokens.items() if device == day.bob.device_id))
    return client


def come(reader: Client, path: str) -> TestResponse:
    """The page once it is there, by the address the page of progress leads to."""
    with gevent.Timeout(120):
        while (answer := reader.get(path)).status_code == 202:
            if "frais" not in path:
                path = answer.text.partition("url=")[2].partition('"')[0]
            gevent.sleep(0.02)
    return answer


def spaced(page: str) -> str:
    """French spaces made plain."""
    return " ".join(page.split())


def words(answer: TestResponse) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)


def test_a_first_reader_sees_how_far_it_is_and_then_has_it(day: Day, reader: Client) -> None:
    day.to("topics")
    day.propose(day.bob, "Un four au village")
    first = reader.get(f"/f/{day.slug}/compte-rendu.pdf")
    assert first.status_code == 202
    assert "Le compte-rendu se prépare" in first.text
    answer = come(reader, f"/f/{day.slug}/compte-rendu.pdf")
    assert "Un four au village" in words(answer)
    assert answer.mimetype == "application/pdf"
    assert int(answer.headers["Age"]) < 600


def test_the_next_has_it_at_once_and_is_told_its_age(day: Day, reader: Client) -> None:
    day.to("topics")
    here = f"/f/{day.slug}/compte-rendu"
    come(reader, f"{here}.pdf")
    day.propose(day.bob, "Un four au village")
    day.house.clock = lambda: day.application.flask.extensions["desk"].state(day.event_id).printed.at + timedelta(seconds=12)
    late = reader.get(f"{here}.pdf")
    assert (late.status_code, late.headers["Age"]) == (200, "12")
    assert "Un four au village" not in words(late)
    page = reader.get(f"{here}/formats").text
    assert "Il a 12 secondes." in spaced(page)
    assert f"{here}.pdf?depuis={day.forum.version}" in page
    assert "Un four au village" in words(come(reader, f"{here}.pdf?depuis={day.forum.version}"))
    assert "Il est à jour." in spaced(reader.get(f"{here}/formats").text)


@pytest.fixture
def rendered(day: Day, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is rendered while a test runs; nothing is ahead of being asked for."""
    jobs: list[str] = []
    make = Worker.make

    def noted(worker: Worker, job: Mapping[str, Any], *more: Any, **named: Any) -> None:
        jobs.append(job["format"])
        make(worker, job, *more, **named)

    monkeypatch.setattr(Worker, "make", noted)
    monkeypatch.setattr(day.application.flask.extensions["desk"], "settle", 600)
    return jobs


def test_the_kept_edition_is_served_at_once_and_nothing_is_rendered_for_it(
    day: Day, reader: Client, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    here = f"/f/{day.slug}/compte-rendu"
    day.to("topics")
    day.propose(day.bob, "Un lavoir")
    printed = come(reader, f"{here}.pdf").data
    come(reader, f"{here}.docx")
    press = day.application.flask.extensions["desk"].state(day.event_id)
    monkeypatch.setattr(day.house, "clock", lambda: press.printed.at + timedelta(seconds=9))
    assert rendered == ["pdf", "docx"]
    for path, age in ((f"{here}.pdf", "9"), (f"{here}.docx", None)):
        for _ in range(2):
            answer = reader.get(path)
            assert (answer.status_code, answer.headers.get("Age")) == (200, age)
            assert (answer.data == printed) == (path == f"{here}.pdf")
    # One behind the last change is handed out as it is, and says so.
    day.propose(day.bob, "Un four au village")
    late = reader.get(f"{here}.pdf")
    assert (late.status_code, late.headers["Age"], late.data == printed) == (200, "9", True)
    assert "Il a 9 secondes." in spaced(reader.get(f"{here}/formats").text)
    assert rendered == ["pdf", "docx"]


def test_bringing_it_up_to_date_makes_a_fresh_one_and_tells_how_far_it_is(
    day: Day, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    here = f"/f/{day.slug}/compte-rendu"
    day.to("topics")
    come(reader, f"{here}.pdf")
    day.propose(day.bob, "Un four au village")
    found = re.search(r'href="([^"]+depuis=\d+)">Le mettre à jour<', spaced(reader.get(f"{here}/formats").text))
    assert found is not None
    asked, seen = found.group(1), []
    make = Worker.make

    def watched(worker: Worker, job: Mapping[str, Any], on_progress: OnProgress, *more: Any) -> None:
        def between_pages(step: Mapping[str, Any]) -> None:
            on_progress(step)
            seen.append(reader.get(asked))

        make(worker, job, between_pages, *more)

    monkeypatch.setattr(Worker, "make", watched)
    first = reader.get(asked)
    assert (first.status_code, "La mise en pages commence." in spaced(first.text)) == (202, True)
    answer = come(reader, asked)
    told = [re.search(r"(\d+) pages? déjà prêtes?", spaced(page.text)) for page in seen if page.status_code == 202]
    pages = len(pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    assert sorted({int(one.group(1)) for one in told if one}) == [*range(1, pages + 1)]
    assert "Un four au village" in words(answer)
    assert int(answer.headers["Age"]) < 600


def test_what_could_not_be_printed_is_named_where_it_is_taken_and_prepared(day: Day, reader: Client) -> None:
    here = f"/f/{day.slug}"
    organiser = day.application.flask.test_client()
    organiser.set_cookie(f"forum_{day.slug}", day.tokens[day.alice.device_id])
    pages = ((reader, f"{here}/compte-rendu/formats"), (organiser, f"{here}/organisation/compte-rendu"))
    said = "Un chapitre n’a pas pu être mis en pages"
    assert [said in spaced(client.get(path).text) for client, path in pages] == [False, False]
    press = day.application.flask.extensions["desk"]
    shot = press.snapshot(day.event_id)
    text = {"key": "annexe-1", "title": "Une annexe sans fin", "annex": True, "blocks": [LINE] * (LINES_MOST + 1)}
    press.snapshot, kept = lambda _: replace(shot, book={**shot.book, "texts": [text]}), press.snapshot
    try:
        assert SAID in spaced(words(come(reader, f"{here}/compte-rendu.pdf")))
    finally:
        press.snapshot = kept
    for client, path in pages:
        page = spaced(client.get(path).text)
        assert (said in page, "Une annexe sans fin" in page) == (True, True)
    day.propose(day.bob, "Un four au village")
    come(reader, f"{here}/compte-rendu.pdf?depuis={day.forum.version}")
    assert [said in spaced(client.get(path).text) for client, path in pages] == [False, False]


def test_programs_get_it_as_of_now(day: Day, reader: Client) -> None:
    here = f"/f/{day.slug}/compte-rendu.pdf"
    come(reader, here)
    day.to("topics")
    day.propose(day.bob, "Un four au village")
    waiting = reader.get(f"{here}?frais=1")
    assert (waiting.status_code, waiting.get_json()["state"]) == (202, "printing")
    assert "Un four au village" in words(come(reader, f"{here}?frais=1"))


def test_what_was_taken_back_is_not_handed_out_again(day: Day, reader: Client) -> None:
    here = f"/f/{day.slug}/compte-rendu.pdf"
    day.to("topics")
    topic = day.propose(day.bob, "Un four au village")
    come(reader, here)
    day.do(day.fatou, "hide_topic", topic=topic)
    assert reader.get(here).status_code == 202
    assert "Un four au village" not in words(come(reader, here))


def test_somebody_typing_all_the_time_keeps_nobody_waiting(day: Day, reader: Client) -> None:
    here = f"/f/{day.slug}/compte-rendu.pdf"
    day.to("topics")
    first = reader.get(here)
    day.propose(day.bob, "Un four au village")
    answer = come(reader, first.text.partition("url=")[2].partition('"')[0])
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["", ".pdf", "/formats", ".html", ".docx"])
def test_strangers_have_to_come_in_first(day: Day, path: str) -> None:
    answer = day.application.flask.test_client().get(f"/f/{day.slug}/compte-rendu{path}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/f/{day.slug}")


@pytest.mark.parametrize("asked", ["compte-rendu.exe", "compte-rendu.page", "compte-rendu."])
def test_formats_nobody_knows_are_not_found(day: Day, reader: Client, asked: str) -> None:
    assert reader.get(f"/f/{day.slug}/{asked}").status_code == 404


@pytest.mark.parametrize("since", ["abc", "-1", "9" * 400, "%00", "\u0663"])
def test_an_odd_version_is_none(day: Day, reader: Client, since: str) -> None:
    assert come(reader, f"/f/{day.slug}/compte-rendu.pdf?depuis={since}").status_code == 200


def test_every_format_is_one_link_away(day: Day, reader: Client) -> None:
    here = f"/f/{day.slug}/compte-rendu"
    links = [link for link in re.findall(r'href="([^"]+)"', reader.get(f"{here}/formats").text) if link.startswith(f"{here}.")]
    assert {link.removeprefix(f"{here}.") for link in links} == {*QUICK, "pdf"}
    for ending, kind in QUICK.items():
        answer = reader.get(f"{here}.{ending}")
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.headers["Content-Disposition"] == f"attachment; filename=compte-rendu-mobilites-vallee.{ending}"


def test_a_format_is_made_once_for_each_version(day: Day, reader: Client) -> None:
    here = f"/f/{day.slug}/compte-rendu.md"
    first = reader.get(here).data
    day.house.clock = lambda: datetime(2031, 1, 1, tzinfo=UTC)
    assert reader.get(here).data == first
    day.to("topics")
    day.propose(day.bob, "Un four au village")
    assert "Un four au village" in reader.get(here).text
