"""What tests/realtime/test_others.py runs in a process of its own, with gevent's patches, as a server runs: two servers on one
database, with a real Redis between them. `python -m tests.realtime.together NAME FOLDER`."""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402

from facilitation.app import Application  # noqa: E402
from facilitation.keeping import Keeper  # noqa: E402
from facilitation.realtime.others import CHANNEL  # noqa: E402
from facilitation.services.health import Trouble  # noqa: E402
from facilitation.store import tables  # noqa: E402
from tests.playing import Day, open_application  # noqa: E402
from tests.plugging import Socket  # noqa: E402
from tools.cluster.services import Redis  # noqa: E402

WITHIN = 30.0


def until(is_so: Callable[[], bool]) -> None:
    with gevent.Timeout(WITHIN):
        while not is_so():
            gevent.sleep(0.01)


def is_up(application: Application) -> bool:
    return application.others is not None and application.others.is_up


def a_commit_of_another_process_costs_a_reading_of_what_it_changed_only(one: Application, other: Application, _redis: Redis) -> None:
    day = Day(one)
    other.house.forum(day.event_id)
    before = dict(other.house._kept[day.event_id].shelf._kept)
    kept = [key for key, found in before.items() if found.tables == {tables.room.name}]
    assert kept
    for number in range(20):
        topic = day.propose(day.bob, f"Sujet {number}")
        # At once: what the other process is about to say has not come yet.
        assert topic in {row["id"] for row in other.house.forum(day.event_id).topics}
    after = other.house._kept[day.event_id].shelf._kept
    assert all(after[key].value is before[key].value for key in kept)


def many_commits_heard_at_once_are_told_once_and_whole(one: Application, other: Application, _redis: Redis) -> None:
    day = Day(one)
    there = Day.__new__(Day)
    there.__dict__.update({**day.__dict__, "application": other, "house": other.house})
    day.to("topics")
    phone = Socket(there, day.chloe)
    phone.open("phone")
    made = [gevent.spawn(day.propose, day.bob, f"Sujet {number}") for number in range(40)]
    gevent.joinall(made, raise_error=True)
    wanted = {f"topic-{one.value}" for one in made}

    def shown() -> set[str]:
        return {item["id"] for message in phone.told("news") for item in message["put"]}

    until(lambda: wanted <= shown())


def redis_that_goes_is_said_on_the_cockpit_and_over_by_itself(one: Application, other: Application, redis: Redis) -> None:
    day, keeper = Day(one), Keeper(one)
    cockpit = Socket(day, day.fatou)
    assert cockpit.open("cockpit", lang="fr")["troubles"] == []
    redis.stop()
    try:
        until(lambda: one.house.health.troubles == [Trouble.NEWS])
        keeper.tick()
        assert [len(message["troubles"]) for message in cockpit.told("troubles")] == [1]
        # It goes on being received, and the other finds it by itself.
        topic = day.propose(day.bob, "Sans Redis")
        assert topic in {row["id"] for row in other.house.forum(day.event_id).topics}
    finally:
        redis.start()
    until(lambda: one.house.health.troubles == [])
    keeper.tick()
    assert [len(message["troubles"]) for message in cockpit.told("troubles")] == [1, 0]


def what_nobody_expected_ends_neither_ear_nor_sweep(one: Application, other: Application, redis: Redis) -> None:
    day, heard, failures = Day(one), [], ["the rain"]
    assert one.others is not None
    assert other.others is not None
    other.others._aware = lambda sheet, _: heard.append(sheet)
    one.others._redis.publish(CHANNEL, b"no JSON")

    def is_heard() -> bool:
        one.others.say_aware("fiche", b"ici")  # type: ignore[union-attr]
        return bool(heard)

    until(is_heard)

    def fail(_: object) -> None:
        if failures:
            raise KeyError(failures.pop())

    other.house.listeners.append(fail)
    redis.stop()
    until(lambda: not is_up(other))
    day.propose(day.bob, "Un sujet")
    until(lambda: not failures)
    day.propose(day.bob, "Un autre")
    told: list[int] = []
    other.house.listeners.append(lambda news: told.append(news.version))
    until(lambda: bool(told) or other.others._versions.get(day.event_id) == day.forum.version)  # type: ignore[union-attr]
    day.propose(day.bob, "Un troisième")
    until(lambda: bool(told) and told[-1] == day.forum.version)


PLAYS = {
    play.__name__: play for play in (
        a_commit_of_another_process_costs_a_reading_of_what_it_changed_only, many_commits_heard_at_once_are_told_once_and_whole,
        redis_that_goes_is_said_on_the_cockpit_and_over_by_itself, what_nobody_expected_ends_neither_ear_nor_sweep,
    )
}  # fmt: skip


def main(name: str, folder: Path) -> None:
    """Run one of them. Raises AssertionError."""
    redis = Redis(folder)
    redis.start()
    try:
        asked = {"redis": f"redis://127.0.0.1:{redis.port}", "secret": "0123456789abcdef" * 2}
        one, other = open_application(folder, **asked), open_application(folder, **asked)
        until(lambda: is_up(one) and is_up(other))
        PLAYS[name](one, other, redis)
        other.house.close()
        one.house.close()
    finally:
        redis.stop()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
