"""A workshop's hosts and the authors of its topics retitle it and hand it over; nobody else does."""

import pytest

from facilitation.domain.refusals import Code
from tests.playing import Day
from tests.watching import nothing_changes, refused, rows


@pytest.fixture
def workshop(market: Day) -> str:
    """The first topic, Bob's, as a workshop he hosts."""
    market.do(market.fatou, "keep_topics", topics=[market.forum.topics[0]["id"]])
    return str(market.forum.workshops[0]["id"])


def cares(day: Day) -> list[str]:
    return [who.name for who in (day.bob, day.chloe) if day.house.me(day.event_id, str(who.participant_id))["hosting"]]


def test_its_host_retitles_it_and_the_topic_keeps_its_own(market: Day, workshop: str) -> None:
    topic = market.forum.topics[0]["title"]
    market.do(market.bob, "retitle_workshop", workshop=workshop, title="Le premier car")
    assert (market.forum.workshops[0]["title"], market.forum.topics[0]["title"]) == ("Le premier car", topic)
    with refused(Code.WORKSHOP_NOT_YOURS), nothing_changes(market):
        market.do(market.chloe, "retitle_workshop", workshop=workshop, title="À moi")


def test_who_is_in_the_circle_under_that_name_hosts_it_for_good(market: Day, workshop: str) -> None:
    market.do(market.bob, "hand_workshop", workshop=workshop, name="Chloé")
    assert market.forum.workshops[0]["hosts"] == ["Chloé"]
    # An author stays free to come back.
    assert cares(market) == ["Bob", "Chloé"]
    market.do(market.chloe, "retitle_workshop", workshop=workshop, title="Le premier car")
    market.do(market.bob, "host_again", workshop=workshop)
    assert sorted(market.forum.workshops[0]["hosts"]) == ["Bob", "Chloé"]
    market.do(market.chloe, "hand_workshop", workshop=workshop, name="Bob")
    assert market.forum.workshops[0]["hosts"] == ["Bob"]
    assert cares(market) == ["Bob"]
    with refused(Code.WORKSHOP_NOT_YOURS), nothing_changes(market):
        market.do(market.chloe, "host_again", workshop=workshop)


def test_a_name_that_nobody_or_two_people_bear_is_only_a_name(market: Day, workshop: str) -> None:
    market.do(market.bob, "hand_workshop", workshop=workshop, name="Mme Roux")
    assert (market.forum.workshops[0]["hosts"], cares(market)) == (["Mme Roux"], ["Bob"])
    market.join("Chloé")
    market.do(market.bob, "hand_workshop", workshop=workshop, name="Chloé")
    assert (sorted(market.forum.workshops[0]["hosts"]), cares(market)) == (["Chloé", "Mme Roux"], ["Bob"])
    assert [row["participant_id"] for row in rows(market, "host")] == [None, None]


def test_a_name_is_asked_for_and_a_cancelled_workshop_has_no_host_to_change(market: Day, workshop: str) -> None:
    with refused(Code.EMPTY), nothing_changes(market):
        market.do(market.bob, "hand_workshop", workshop=workshop, name=" ")
    market.do(market.fatou, "cancel_workshop", workshop=workshop)
    for command, more in (("hand_workshop", {"name": "Chloé"}), ("retitle_workshop", {"title": "Le car"}), ("host_again", {})):
        with refused(Code.NOT_FOUND), nothing_changes(market):
            market.do(market.bob, command, workshop=workshop, **more)
