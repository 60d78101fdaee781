"""Keys that come at once are kept together: in as many statements as one, with a number and a version each, and nobody suffers."""

import threading
from typing import Any

import pytest
from sqlalchemy import event

from facilitation.domain.refusals import Code, Refusal
from facilitation.services.writing import MOST_UPDATE, Kept, Update, write_updates
from facilitation.store.documents import new_document
from facilitation.store.sheets import Typed
from tests.playing import Clock, Day
from tests.watching import rows

DATA = new_document({"preamble": [], "sections": []})


@pytest.fixture
def sheets(market: Day) -> list[str]:
    market.do(market.fatou, "keep_topics", topics=[row["id"] for row in market.forum.topics])
    return [market.do(market.chloe, "take_notes", workshop=row["id"])["sheet"] for row in market.forum.workshops[:2]]


def at_once(day: Day, updates: list[Update]) -> tuple[list[Any], list[str]]:
    """All of them in one commit: how each was answered, and what was asked of the database."""
    house, held, running = day.house, threading.Event(), threading.Event()
    answers: list[Any] = [None] * len(updates)
    asked: list[str] = []

    def hold_up(_: object) -> None:
        running.set()
        held.wait(60)

    def one(place: int) -> None:
        try:
            answers[place] = house.writer.submit_with(
                day.event_id, lambda connection, many: write_updates(connection, day.event_id, many), updates[place]
            )
        except Refusal as refusal:
            answers[place] = refusal.code

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    holding = threading.Thread(target=lambda: house.writer.submit(hold_up))
    holding.start()
    assert running.wait(60)
    threads = []
    for place in range(len(updates)):
        threads.append(threading.Thread(target=one, args=(place,)))
        threads[-1].start()
        while house.writer.waiting <= place:
            threads[-1].join(0.001)
    event.listen(house.writer._engine, "before_cursor_execute", note)
    held.set()
    for thread in (holding, *threads):
        thread.join(30)
    event.remove(house.writer._engine, "before_cursor_execute", note)
    return answers, [statement for statement in asked if not statement.startswith("ROLLBACK")]


def update(day: Day, sheet: str, op: str, data: bytes = DATA) -> Update:
    return Update(sheet, Typed(op * 32, data, day.chloe.participant_id), day.house.clock())


def test_each_has_its_number_and_its_version(market: Day, sheets: list[str]) -> None:
    one, other = sheets
    before = market.forum.version
    answers, _ = at_once(market, [update(market, sheet, op) for sheet, op in ((one, "a"), (other, "b"), (one, "c"), (one, "a"), (other, "d"))])
    assert all(isinstance(answer, Kept) for answer in answers)
    assert [answer.number for answer in answers] == [2, 2, 3, 2, 3]
    told = [answer.news for answer in answers]
    assert [news.version - before if news else None for news in told] == [1, 2, 3, None, 4]
    assert [news.grown for news in told if news] == [((one, 2),), ((other, 2),), ((one, 3),), ((other, 3),)]
    assert market.forum.version == before + 4
    assert sorted(row["number"] for row in rows(market, "sheet_update") if row["sheet_id"] == one) == [1, 2, 3]
    again, _ = at_once(market, [update(market, one, "c"), update(market, one, "a")])
    assert [(answer.number, answer.news) for answer in again] == [(3, None), (2, None)]


def test_forty_keys_cost_as_many_statements_as_one(market: Day, sheets: list[str]) -> None:
    _, alone = at_once(market, [update(market, sheets[0], "a")])
    answers, together = at_once(market, [update(market, sheets[0], chr(200 + index)) for index in range(40)])
    assert [answer.number for answer in answers] == list(range(3, 43))
    assert len(together) == len(alone)


def test_one_that_is_refused_takes_nobody_along(market: Day, sheets: list[str]) -> None:
    answers, _ = at_once(
        market, [update(market, sheets[0], "a"), update(market, sheets[0], "b", bytes(MOST_UPDATE + 1)), update(market, sheets[1], "c")]
    )
    assert [answer if isinstance(answer, Code) else answer.number for answer in answers] == [2, Code.BAD_UPDATE, 2]


def test_only_the_first_after_a_nudge_answers_it(clock: Clock, market: Day, sheets: list[str]) -> None:
    clock.later(1)
    # She holds one pen at a time: the last she took.
    market.do(market.fatou, "nudge", sheet=sheets[1])
    clock.later(1)
    answers, _ = at_once(market, [update(market, sheets[1], "a"), update(market, sheets[1], "b")])
    assert [answer.news.touched for answer in answers] == [frozenset({market.chloe.participant_id}), frozenset()]
