"""Who lost a right leaves, for a few questions however full the hall, and also where the database was away at that moment;
news that could not be read is told once it can."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gevent
import pytest
from sqlalchemy import Engine, event, text

from facilitation.services.dispatch import News
from tests.playing import Day
from tests.plugging import Socket

Plug = Callable[..., Socket]


def until(is_so: Callable[[], object]) -> None:
    with gevent.Timeout(60):
        while not is_so():
            gevent.sleep(0.01)


def rename(engine: Engine, table: str, to: str) -> None:
    """Where a table is not there, reading it fails as it does where a database is away."""
    with engine.begin() as connection:
        connection.execute(text(f'ALTER TABLE "{table}" RENAME TO "{to}"'))


@contextmanager
def without(day: Day, table: str) -> Iterator[None]:
    """From the next commit on, before anybody hears of it."""
    listeners = day.house.listeners

    def take_away(_: News) -> None:
        listeners.remove(take_away)
        rename(day.house.engine, table, f"{table}_away")

    listeners.insert(0, take_away)
    yield
    rename(day.house.engine, f"{table}_away", table)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facilitation.realtime.news.AGAIN", 0.05)
    monkeypatch.setattr("facilitation.realtime.steward.AGAIN", 0.05)


def test_news_that_could_not_be_read_is_told_without_a_further_commit(
    day: Day, plug: Plug, caplog: pytest.LogCaptureFixture
) -> None:
    day.to("topics")
    phone = plug(day.chloe)
    phone.open("phone")
    phone.told("news")
    with caplog.at_level(logging.WARNING), without(day, "topic"):
        topic = day.propose(day.bob, "Le car")
        until(lambda: "news waits for the database" in caplog.text)
    until(lambda: f"topic-{topic}" in {item["id"] for message in phone.told("news") for item in message["put"]})


def test_whose_own_screen_could_not_be_read_is_told_too(day: Day, plug: Plug, caplog: pytest.LogCaptureFixture) -> None:
    day.to("topics")
    phone = plug(day.bob)
    assert phone.open("phone")["ok"]
    phone.told("me")
    phone.heard.clear()
    with caplog.at_level(logging.WARNING), without(day, "author"):
        day.propose(day.bob, "Le car")
        until(lambda: "news waits for the database" in caplog.text)
    until(lambda: phone.told("me"))


def test_one_who_cannot_hear_silences_nobody_and_undoes_nothing(
    day: Day, plug: Plug, caplog: pytest.LogCaptureFixture
) -> None:
    day.to("topics")
    phone = plug(day.chloe)
    phone.open("phone")
    asked: list[News] = []

    def broken(news: News) -> None:
        asked.append(news)
        raise ValueError("broken on purpose")

    day.house.listeners.insert(0, broken)
    topic = day.propose(day.bob, "Le car")
    day.house.listeners.remove(broken)
    assert len(asked) == 1
    assert "broken on purpose" in caplog.text
    until(lambda: f"topic-{topic}" in {item["id"] for message in phone.told("news") for item in message["put"]})


def test_a_right_taken_back_while_the_database_goes_is_answered_and_the_socket_shown_out_later(day: Day, plug: Plug) -> None:
    made = day.do(day.alice, "invite", role="facilitator", label="Ana")
    ana = day.through(made["link"])
    cockpit, other = plug(ana), plug(day.fatou)
    assert cockpit.open("cockpit")["ok"]
    assert other.open("cockpit")["ok"]
    with without(day, "grant"):
        day.do(day.alice, "revoke_link", link=made["id"])
        assert cockpit.client.is_connected()
    until(lambda: not cockpit.client.is_connected())
    assert other.client.is_connected()


def test_who_is_let_out_costs_a_few_questions_however_many_are_there(
    day: Day, plug: Plug, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facilitation.realtime.steward.AT_A_TIME", 5)
    hall = [plug(day.join()) for _ in range(12)]
    for phone in hall:
        assert phone.open("phone")["ok"]
    leaving = plug(day.bob)
    assert leaving.open("phone")["ok"]
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "token_hash IN" in statement or "token_hash =" in statement:
            asked.append(statement)

    engine = day.house.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        day.do(day.bob, "erase_me")
        named = len(asked)
        asked.clear()
        # What a sweep says, which does not know who.
        day.house.tell(News(day.event_id, day.forum.version, frozenset(), expels=None))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert not leaving.client.is_connected()
    assert named == 1
    assert len(asked) == 3
    assert all(phone.client.is_connected() for phone in hall)


def test_somebody_who_leaves_takes_the_hall_from_nobody_who_is_coming(day: Day, plug: Plug) -> None:
    day.to("topics")
    newsroom = day.application.newsroom
    leaving, coming = plug(day.bob), plug(day.chloe)
    elsewhere = Day(day.application)
    gone = Socket(elsewhere, elsewhere.bob)
    gone.open("phone")
    render = newsroom._render

    def slowly(*asked: object) -> dict[str, dict[str, object]]:
        # A screen is built while others come and go.
        newsroom._render = render
        gone.client.disconnect()
        leaving.client.disconnect()
        return render(*asked)  # type: ignore[arg-type]

    newsroom._render = slowly
    coming.open("phone")
    topic = day.propose(day.fatou, "Le car")
    assert f"topic-{topic}" in {item["id"] for message in coming.told("news") for item in message["put"]}
