"""The parts of the cockpit, each with what the team must see in it, and what waits for them."""

from typing import Any

from facilitation.services.screens import Item, build_screen
from tests.playing import Day


def shown(day: Day, kind: str) -> list[Item]:
    items = [item for item in build_screen(day.forum, "cockpit") if item.kind == kind]
    return sorted(items, key=lambda item: item.at)


def only(day: Day, kind: str) -> dict[str, Any]:
    (item,) = shown(day, kind)
    return item.data


def waits(day: Day) -> list[tuple[str, Any]]:
    """What waits, with the number or count each names."""
    return [(item.data["about"], item.data.get("number", item.data.get("count"))) for item in shown(day, "cockpit_wait")]


def test_held_topics_come_first_and_wait(day: Day) -> None:
    day.propose(day.bob, "Le car de 7 h")
    day.do(day.fatou, "set_rules", review=True)
    day.propose(day.chloe, "Un vélo par famille")
    rows = [(item.data["number"], item.data["state"]) for item in shown(day, "cockpit_topic")]
    assert rows == [(2, "held"), (1, "shown")]
    assert waits(day) == [("heldtopics", 1)]
    assert only(day, "cockpit_head_wall") == {"topics": 1, "held": 1, "groups": 0}


def test_a_corrected_topic_shows_what_its_author_wrote(day: Day) -> None:
    topic = day.propose(day.bob, "Le car de 7 heure")
    day.do(day.fatou, "edit_topic", topic=topic, title="Le car de 7 h")
    assert only(day, "cockpit_topic")["original"] == {"title": "Le car de 7 heure", "details": []}


def test_a_grouping_says_who_agreed_and_who_is_silent(day: Day) -> None:
    topics = [day.propose(day.bob, "Le car de 7 h"), day.propose(day.chloe, "Le car du matin", named=False)]
    group = day.do(day.fatou, "propose_group", topics=topics)["id"]
    day.do(day.bob, "agree_group", group=group)
    assert [(one["name"], one["number"], one["said"]) for one in only(day, "cockpit_group")["authors"]] == [
        ("Bob", 1, "agreed"),
        ("", 2, ""),
    ]
    (wait,) = shown(day, "cockpit_wait")
    day.do(day.fatou, "record_agreement", group=group, author=wait.data["silent"][0]["id"])
    assert only(day, "cockpit_group")["state"] == "agreed"
    assert only(day, "cockpit_group")["authors"][1]["spoken"]
    assert waits(day) == []


def test_who_carries_two_topics_of_a_grouping_is_asked_once(day: Day) -> None:
    topics = [day.propose(day.bob, title) for title in ("Le car de 7 h", "Le car du matin")]
    group = day.do(day.fatou, "propose_group", topics=topics)["id"]
    (wait,) = shown(day, "cockpit_wait")
    assert [one["name"] for one in wait.data["silent"]] == ["Bob"]
    day.do(day.fatou, "record_agreement", group=group, author=wait.data["silent"][0]["id"])
    assert only(day, "cockpit_group")["state"] == "agreed"


def test_grouped_topics_are_not_offered_for_another_grouping(day: Day) -> None:
    topics = [day.propose(day.bob, title) for title in ("Le car", "Le bus", "Le vélo")]
    day.do(day.fatou, "propose_group", topics=topics[:2])
    assert {item.data["title"]: item.data["free"] for item in shown(day, "cockpit_topic")} == {
        "Le car": False,
        "Le bus": False,
        "Le vélo": True,
    }


def voted(day: Day) -> list[str]:
    day.do(day.fatou, "set_rules", keep=2)
    topics = [day.propose(day.bob, title) for title in ("Le car", "Le bus", "Le vélo", "La marche")]
    day.to("vote")
    for actor, chosen in ((day.bob, (0, 1, 2)), (day.chloe, (0,))):
        for index in chosen:
            day.do(actor, "place_dot", topic=topics[index])
    return topics


def test_counts_stay_out_of_the_cockpit_until_the_close(day: Day) -> None:
    voted(day)
    assert [(item.data["votes"], item.data["rank"], item.data["can_keep"]) for item in shown(day, "cockpit_result")] == [
        (None, None, False)
    ] * 4
    assert (only(day, "cockpit_round")["voters"], only(day, "cockpit_round")["joined"]) == (2, 2)


def test_the_closed_vote_ticks_those_to_keep_and_names_the_tie(day: Day) -> None:
    topics = voted(day)
    day.to("market")
    data = [item.data for item in shown(day, "cockpit_result")]
    rows = [(one["title"], one["votes"], one["rank"], one["kept"]) for one in data]
    assert rows == [("Le car", 2, 1, True), ("Le bus", 1, 2, True), ("Le vélo", 1, 2, False), ("La marche", 0, 4, False)]
    closed = only(day, "cockpit_round")
    assert (closed["kept"], closed["tie"], closed["tie_votes"]) == (2, 2, 1)
    assert waits(day) == [("keep", 2)]
    assert only(day, "cockpit_now")["part"] == "vote"
    day.do(day.fatou, "keep_topics", topics=topics[:2])
    assert only(day, "cockpit_now")["part"] == "agenda"
    assert waits(day) == [("rooms", 2)]


def test_a_late_topic_can_be_added_to_the_ballot(day: Day) -> None:
    voted(day)
    late = day.propose(day.chloe, "Le tram")
    assert waits(day) == [("late", 5)]
    day.do(day.fatou, "add_to_ballot", topic=late)
    assert waits(day) == []


def test_an_agreed_grouping_is_kept_as_one(day: Day) -> None:
    topics = [day.propose(day.bob, title) for title in ("Le car", "Le bus", "Le vélo")]
    group = day.do(day.fatou, "propose_group", topics=topics[:2])["id"]
    day.do(day.bob, "agree_group", group=group)
    day.to("vote")
    for actor, index in ((day.bob, 0), (day.chloe, 1), (day.chloe, 2)):
        day.do(actor, "place_dot", topic=topics[index])
    day.to("market")
    rows = [(item.data["numbers"], item.data["votes"]) for item in shown(day, "cockpit_result")]
    assert rows == [([1, 2], 2), ([3], 1)]


def test_the_grid_holds_placed_workshops_and_the_rest_wait(market: Day) -> None:
    day = market
    day.do(day.fatou, "keep_topics", topics=[row["id"] for row in day.forum.topics])
    assert waits(day) == [("places", 3)]
    first, forum = day.forum.workshops[0], day.forum
    day.do(day.fatou, "place_workshop", workshop=first["id"], room=forum.rooms[1]["id"], slot=forum.slots[0]["id"])
    assert [cell["number"] for cell in only(day, "cockpit_grid")["cells"].values()] == [1]
    assert list(only(day, "cockpit_grid")["cells"]) == [f"{forum.slots[0]['id']} {forum.rooms[1]['id']}"]
    assert [item.data["number"] for item in shown(day, "cockpit_workshop")] == [2, 3]
    day.do(day.fatou, "fill_grid")
    assert (waits(day), only(day, "cockpit_head_agenda")["placed"]) == ([], 3)


def test_a_form_with_no_room_chosen_takes_the_workshop_out(market: Day) -> None:
    day = market
    workshop = day.do(day.fatou, "open_workshop", title="Marcher", room="", slot="")["id"]
    day.do(day.fatou, "fill_grid")
    assert shown(day, "cockpit_workshop") == []
    day.do(day.fatou, "place_workshop", workshop=workshop, room="", slot="")
    assert [item.data["number"] for item in shown(day, "cockpit_workshop")] == [1]


def test_sheets_nobody_writes_come_first(market: Day) -> None:
    day = market
    day.do(day.fatou, "keep_topics", topics=[row["id"] for row in day.forum.topics[:2]])
    day.do(day.fatou, "fill_grid")
    first, second = day.forum.workshops
    assert [item.data["begun"] for item in shown(day, "cockpit_desk")] == [False, False]
    day.to("workshops")
    day.do(day.bob, "take_notes", workshop=first["id"])
    assert [(item.data["number"], item.data["writers"]) for item in shown(day, "cockpit_desk")] == [(2, []), (1, ["Bob"])]
    assert waits(day) == [("pen", 2)]
    day.do(day.fatou, "hand_pen", workshop=second["id"], name="Gérard Vidal")
    assert waits(day) == []
    day.to("meal")
    assert waits(day) == [("synthesis", 1), ("synthesis", 2)]


def test_plenary_notes_nobody_takes_wait(day: Day) -> None:
    day.to("plenary")
    assert [about for about, _ in waits(day)] == ["notes"]
    day.do(day.fatou, "take_notes", moment=day.forum.event["moment_id"])
    assert waits(day) == []


def test_engagements_come_with_who_said_them(day: Day) -> None:
    day.do(day.bob, "engage", text="Ouvrir un covoiturage", named=False)
    day.do(day.fatou, "engage", text="Prêter la salle", on_behalf="Gérard Vidal", organisation="Mairie")
    rows = [(item.data["name"], item.data["from"], item.data["spoken"]) for item in shown(day, "cockpit_engagement")]
    assert rows == [("Gérard Vidal", "Mairie", True), ("", "", False)]
    assert only(day, "cockpit_head_engagements") == {"engagements": 2, "people": 2, "held": 0}


def test_a_name_can_be_hidden_and_restored(day: Day) -> None:
    people = {item.data["name"]: item.data["person"] for item in shown(day, "cockpit_person")}
    assert list(people) == ["Bob", "Chloé"]
    day.do(day.fatou, "hide_name", participant=people["Bob"])
    assert [item.data["hidden"] for item in shown(day, "cockpit_person")] == [True, False]


def test_the_message_on_phones_is_shown_until_it_is_taken_away(day: Day) -> None:
    day.do(day.fatou, "announce", text="Le repas est servi")
    assert only(day, "cockpit_message")["text"] == "Le repas est servi"
    day.do(day.fatou, "announce", text="")
    assert shown(day, "cockpit_message") == []


def test_what_waits_many_times_over_is_one_line(day: Day) -> None:
    voted(day)
    for number in range(5):
        day.propose(day.chloe, f"Tard {number}")
    assert waits(day) == [("lates", 5)]
    day.do(day.fatou, "add_all_to_ballot")
    day.to("market")
    for number in range(5):
        workshop = day.do(day.fatou, "open_workshop", title=f"Atelier {number}")["id"]
        room = day.do(day.fatou, "add_room", name=f"Salle {number}")["id"]
        day.do(day.fatou, "place_workshop", workshop=workshop, room=room, slot=day.forum.slots[0]["id"])
    day.to("workshops")
    assert waits(day) == [("pens", 5)]


def test_many_who_are_waited_for_are_one_line_that_names_them(market: Day) -> None:
    day = market
    for name in ("Salle", "Tente", "Cour"):
        day.do(day.fatou, "add_room", name=name)
    made = [day.do(day.fatou, "open_workshop", title=f"Atelier {index}", hosts=["Mme Roux"])["id"] for index in range(5)]
    day.do(day.fatou, "fill_grid")
    day.to("workshops")
    (wait,) = [item.data for item in shown(day, "cockpit_wait") if item.data["about"] == "pens"]
    assert [(one["number"], one["names"], one["room"] != "") for one in wait["told"]] == [(n, ["Mme Roux"], True) for n in range(1, 6)]
    for workshop, who in zip(made, (day.bob, day.chloe, day.bob, day.chloe, day.bob), strict=True):
        day.do(who, "take_notes", workshop=workshop)
    day.to("meal")
    (wait,) = [item.data for item in shown(day, "cockpit_wait") if item.data["about"] == "syntheses"]
    assert [(one["number"], one["names"]) for one in wait["told"]] == [
        (1, ["Bob"]), (2, ["Chloé"]), (3, ["Bob"]), (4, ["Chloé"]), (5, ["Bob"]),
    ]  # fmt: skip
