"""Each author is told what became of their topic, whoever moved what, and nobody else is disturbed."""

from facilitation.publishing.book import Book
from facilitation.publishing.story import Teller
from facilitation.services.proceedings import book
from tests.playing import Day

Heard = list[frozenset[str]]


def test_authors_hear_when_their_workshop_its_place_or_the_day_moves(day: Day) -> None:
    day.to("topics")
    topic = day.propose(day.bob, "Le car")
    day.propose(day.chloe, "La gare")
    heard: Heard = []
    day.house.listeners.append(lambda news: heard.append(news.touched))
    bob, chloe = str(day.bob.participant_id), str(day.chloe.participant_id)

    def told() -> frozenset[str]:
        return heard[-1] & {bob, chloe}

    room = day.do(day.fatou, "add_room", name="Préau")["id"]
    assert told() == frozenset()
    day.do(day.fatou, "keep_topics", topics=[topic])
    assert told() == {bob}
    workshop = day.forum.workshops[0]["id"]
    day.do(day.fatou, "place_workshop", workshop=workshop, room=room, slot=day.forum.slots[0]["id"])
    assert told() == {bob}
    day.do(day.fatou, "edit_room", room=room, name="Grange", capacity=10)
    assert told() == {bob}
    day.do(day.fatou, "shift_rest", leaving=day.forum.event["moment_id"], minutes=10)
    assert told() == {bob}
    day.to("market")
    assert told() == {bob, chloe}
    fate = day.house.me(day.event_id, bob)["topics"][0]["fate"]
    assert (fate["kind"], fate["room"], fate["start"]) == ("workshop", "Grange", day.forum.slots[0]["start"])
    day.do(day.fatou, "cancel_workshop", workshop=workshop)
    assert told() == {bob}
    assert day.house.me(day.event_id, bob)["topics"][0]["fate"]["kind"] == "unplaced"


def test_before_places_are_given_a_topic_is_on_the_wall(day: Day) -> None:
    day.to("topics")
    topic = day.propose(day.bob, "Le car")
    fate = day.house.me(day.event_id, str(day.bob.participant_id))["topics"][0]["fate"]
    assert (fate["kind"], fate["free"]) == ("wall", False)
    day.do(day.bob, "withdraw_topic", topic=topic)
    assert day.house.me(day.event_id, str(day.bob.participant_id))["topics"][0]["fate"]["kind"] == "withdrawn"


def test_once_the_forum_is_closed_nothing_can_be_taken(day: Day) -> None:
    day.to("topics")
    day.propose(day.bob, "Le car")
    day.do(day.fatou, "add_room", name="Préau")
    day.do(day.alice, "close_event")
    fate = day.house.me(day.event_id, str(day.bob.participant_id))["topics"][0]["fate"]
    assert (fate["kind"], fate["free"]) == ("unplaced", False)


def test_the_book_says_not_scheduled_once_the_agenda_is_made(day: Day) -> None:
    day.to("topics")
    kept = day.propose(day.bob, "Le car")
    day.propose(day.chloe, "La gare")

    def told() -> list[str]:
        return [row["outcome"]["kind"] for row in book(day.forum, [], [], day.house.clock())["topics"]]

    assert told() == ["wall", "wall"]
    day.to("market")
    # Until there is a workshop, nobody was left out of the agenda.
    assert told() == ["wall", "wall"]
    day.do(day.fatou, "keep_topics", topics=[kept])
    assert told() == ["workshop", "unplaced"]
    words = story_of(day)
    assert [words[1], words[2]] == ["Atelier 1", "pas programmé"]


def story_of(day: Day) -> dict[int, str]:
    """What the written formats say became of each topic."""
    made = Book.model_validate(book(day.forum, [], [], day.house.clock()))
    return {topic.number: Teller(made).fate(topic) for topic in made.topics}
