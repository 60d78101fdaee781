"""The cockpit's thread, its present moment, and the acts that can be taken back."""

from typing import Any

from facilitation.services.screens import Item, build_screen, may_open
from tests.playing import Clock, Day


def shown(day: Day, kind: str) -> list[Item]:
    items = [item for item in build_screen(day.forum, "cockpit") if item.kind == kind]
    return sorted(items, key=lambda item: item.at)


def only(day: Day, kind: str) -> dict[str, Any]:
    (item,) = shown(day, kind)
    return item.data


def test_before_the_day_begins_the_next_step_opens_it(day: Day) -> None:
    now = only(day, "cockpit_now")
    assert (now["moment"], now["next"]["kind"], now["back"], now["part"]) == ("", "welcome", None, "journee")
    assert shown(day, "cockpit_shift") == []


def test_the_present_moment_has_a_step_forward_and_one_back(day: Day) -> None:
    day.to("topics")
    now = only(day, "cockpit_now")
    assert (now["kind"], now["next"]["kind"], now["back"]["kind"], now["part"]) == ("topics", "vote", "plenary", "mur")
    assert only(day, "cockpit_shift")["leaving"] == now["moment"]


def test_skipped_moments_are_no_step(day: Day) -> None:
    day.to("topics")
    for kind in ("plenary", "vote"):
        moment = next(row["id"] for row in day.forum.moments if row["kind"] == kind)
        day.do(day.fatou, "skip_moment", moment=moment, on=True)
    now = only(day, "cockpit_now")
    assert (now["next"]["kind"], now["back"]["kind"]) == ("market", "welcome")


def test_the_thread_says_how_late_the_present_moment_began(day: Day, clock: Clock) -> None:
    day.to("welcome")
    start = next(row["start"] for row in day.forum.moments if row["kind"] == "plenary")
    clock.later(start - 9 * 60 + 12)
    day.to("plenary")
    thread = {item.data["title"]: item.data for item in shown(day, "cockpit_moment")}
    assert {title for title, data in thread.items() if data["late"]} == {"Plénière"}
    assert thread["Plénière"]["late"] == 12
    assert (thread["Accueil"]["past"], thread["Plénière"]["is_now"], thread["Vote"]["past"]) == (True, True, False)


def test_a_spoken_moment_offers_its_notes(day: Day) -> None:
    day.to("plenary")
    assert only(day, "cockpit_now")["notes"] == {"sheet": "", "writers": []}
    moment = day.forum.event["moment_id"]
    sheet = day.do(day.bob, "take_notes", moment=moment)["sheet"]
    assert only(day, "cockpit_now")["notes"] == {"sheet": sheet, "writers": ["Bob"]}


def test_a_closed_forum_offers_no_step_and_waits_for_nothing_but_late_sheets(day: Day) -> None:
    day.to("topics")
    day.do(day.fatou, "keep_topics", topics=[day.propose(day.alice, "Les trains")])
    day.to("closing")
    assert {item.data["about"] for item in shown(day, "cockpit_wait")} == {"rooms", "notes"}
    day.do(day.alice, "close_event")
    now = only(day, "cockpit_now")
    assert (now["closed"], now["late"], now["next"], now["back"], now["moment"], now["notes"]) == (True, False, None, None, "", None)
    assert shown(day, "cockpit_shift") == []
    assert all(item.data["closed"] for item in shown(day, "cockpit_moment"))
    assert shown(day, "cockpit_wait") == []
    assert shown(day, "cockpit_last") == []
    assert {item.data["closed"] for item in shown(day, "cockpit_act")} == {True}
    day.do(day.alice, "accept_late_sheets", until="2099-01-01")
    assert only(day, "cockpit_now")["late"]
    assert {item.data["about"] for item in shown(day, "cockpit_wait")} == {"notes"}


def test_the_last_act_says_who_what_and_when(day: Day, clock: Clock) -> None:
    day.to("topics")
    clock.later(7)
    day.do(day.alice, "extend_moment", leaving=day.forum.event["moment_id"], minutes=10)
    last = only(day, "cockpit_last")
    assert (last["actor"], last["command"], last["minute"]) == ("Alice", "extend_moment", 9 * 60 + 7)
    assert last["about"]["minutes"] == 10
    day.do(day.fatou, "undo", change=last["change"])
    last = only(day, "cockpit_last")
    assert (last["actor"], last["command"], last["about"]["moment"]) == ("Fatou", "go_to_moment", "Propositions")


def test_acts_are_listed_newest_first(day: Day) -> None:
    topic = day.propose(day.bob, "Le car de 7 h")
    day.do(day.fatou, "hide_topic", topic=topic)
    day.do(day.alice, "blank_screen", on=True)
    acts = [(item.data["command"], item.data["about"]) for item in shown(day, "cockpit_act")]
    assert acts == [("blank_screen", {"on": True, "on_text": False}), ("hide_topic", {"number": 1})]


def test_no_participant_may_open_the_cockpit(day: Day) -> None:
    assert [may_open(actor, "cockpit") for actor in (day.alice, day.fatou, day.bob)] == [True, True, False]
