"""The one writer: group commit, batch-mates that do not suffer, and news only after the flush."""

import threading
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError

from facilitation.domain.refusals import Code, Refusal
from facilitation.store.engine import apart, open_engine, reading
from facilitation.store.migrating import migrate
from facilitation.store.writer import Work, Writer


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'kept.db'}"
    migrate(made)
    return made


@pytest.fixture
def writer(url: str) -> Iterator[Writer]:
    engine = open_engine(url)
    made = Writer(engine)
    made.submit(lambda connection: connection.execute(text("CREATE TABLE kept (word TEXT PRIMARY KEY)")))
    yield made
    made.close()
    engine.dispose()


def keep(word: str) -> Work:
    return lambda connection: connection.execute(text("INSERT INTO kept VALUES (:word)"), {"word": word}).rowcount


def words(url: str) -> list[str]:
    engine = open_engine(url)
    with reading(engine) as connection:
        found = [row[0] for row in connection.execute(text("SELECT word FROM kept ORDER BY word"))]
    engine.dispose()
    return found


def at_once(writer: Writer, works: list[Work]) -> list[object]:
    """Submit all while the writer is held up, so that one commit takes them together."""
    held, results = threading.Event(), [None] * len(works)

    def one(index: int) -> None:
        try:
            results[index] = writer.submit(works[index])
        except (Refusal, IntegrityError, ZeroDivisionError) as error:
            results[index] = error  # type: ignore[call-overload]

    running = threading.Event()

    def hold_up(_: Connection) -> None:
        running.set()
        held.wait(60)

    blocker = threading.Thread(target=lambda: writer.submit(hold_up))
    blocker.start()
    assert running.wait(60)
    threads = [threading.Thread(target=one, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    while writer._queue.qsize() < len(works):
        threading.Event().wait(0.001)
    held.set()
    for thread in (blocker, *threads):
        thread.join(60)
    return list(results)


def test_what_was_answered_is_in_the_file(writer: Writer, url: str) -> None:
    assert writer.submit(keep("un")) == 1
    assert words(url) == ["un"]


def test_a_refused_and_a_crashing_command_leave_their_batch_mates_alone(writer: Writer, url: str) -> None:
    def refused(connection: Connection) -> None:
        connection.execute(text("INSERT INTO kept VALUES ('refusé')"))
        raise Refusal(Code.EMPTY)

    def crashing(connection: Connection) -> None:
        connection.execute(text("INSERT INTO kept VALUES ('cassé')"))
        raise ZeroDivisionError

    answers = at_once(writer, [keep("avant"), refused, keep("milieu"), crashing, keep("avant"), keep("après")])
    assert words(url) == ["après", "avant", "milieu"]
    assert [type(answer) for answer in answers].count(int) == 3
    assert {type(answer) for answer in answers} == {int, Refusal, ZeroDivisionError, IntegrityError}


def test_a_failed_commit_answers_all_not_kept(writer: Writer, url: str) -> None:
    def breaks_the_commit(connection: Connection) -> None:
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        connection.execute(text("INSERT INTO device (id, event_id, token_hash, kind) VALUES ('d', 'nowhere', 'h', 'phone')"))

    answers = at_once(writer, [keep("un"), breaks_the_commit, keep("deux")])
    assert [getattr(answer, "code", None) for answer in answers] == [Code.NOT_KEPT] * 3
    assert words(url) == []
    assert writer.submit(keep("trois")) == 1


def test_a_disk_that_fails_within_a_command_fails_them_all_and_no_command(url: str) -> None:
    told: list[str | None] = []
    engine = open_engine(url)
    writer = Writer(engine, wrote=told.append)
    writer.submit(lambda connection: connection.execute(text("CREATE TABLE kept (word TEXT PRIMARY KEY)")))

    def fills_the_disk(connection: Connection) -> None:
        connection.execute(text("PRAGMA max_page_count=1"))
        connection.execute(text("INSERT INTO kept VALUES (:word)"), {"word": "x" * 100_000})

    answers = at_once(writer, [keep("un"), fills_the_disk, keep("deux")])
    assert [getattr(answer, "code", None) for answer in answers] == [Code.NOT_KEPT] * 3
    assert (told[-1], words(url)) == ("disk_full", [])
    engine.dispose()
    assert writer.submit(keep("trois")) == 1
    assert told[-1] is None
    writer.close()
    engine.dispose()


def test_many_threads_lose_nothing(writer: Writer, url: str) -> None:
    threads = [
        threading.Thread(target=lambda base=base: [writer.submit(keep(f"{base}-{index}")) for index in range(25)])
        for base in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(words(url)) == 200


def test_the_file_is_flushed_at_every_commit(url: str) -> None:
    engine = open_engine(url)
    with reading(engine) as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()


def test_the_writer_outlives_what_nobody_expected(url: str, caplog: pytest.LogCaptureFixture) -> None:
    engine, broken = open_engine(url), ["begin", "committed"]
    said: list[str | None] = []

    def begin(_: Connection) -> None:
        if "begin" in broken:
            broken.remove("begin")
            raise RuntimeError("the clouds")

    def committed(_: object) -> None:
        if "committed" in broken and "begin" not in broken:
            broken.remove("committed")
            raise KeyError("the rain")

    writer = Writer(engine, committed, said.append)
    event.listen(writer._engine, "begin", begin, insert=True)
    with gevent.Timeout(60):
        with pytest.raises(Refusal) as refused:
            writer.submit(lambda connection: connection.execute(text("CREATE TABLE kept (word TEXT PRIMARY KEY)")))
        assert refused.value.code == Code.NOT_KEPT
        # What fails once it is on disk takes nothing back.
        writer.submit(lambda connection: connection.execute(text("CREATE TABLE kept (word TEXT PRIMARY KEY)")))
        assert writer.submit(keep("encore")) == 1
    writer.close()
    engine.dispose()
    assert said == ["database", None, None]
    assert words(url) == ["encore"]
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [RuntimeError, KeyError]


def test_who_waits_for_an_answer_is_counted_until_it_came(url: str) -> None:
    engine = open_engine(url)
    writer = Writer(engine)
    seen: list[int] = []

    def refuse(_: Connection) -> None:
        seen.append(writer.under_way)
        raise Refusal(Code.EMPTY)

    writer.submit(lambda _: seen.append(writer.under_way))
    with pytest.raises(Refusal):
        writer.submit(refuse)
    assert (seen, writer.under_way) == ([1, 1], 0)
    writer.close()
    engine.dispose()


def test_the_writer_shares_no_pool_with_those_who_read(url: str) -> None:
    engine = open_engine(url)
    writer = Writer(engine)
    assert writer._engine.pool is not engine.pool
    assert apart(engine).pool is not engine.pool
    with reading(apart(engine)) as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    writer.close()
    engine.dispose()
