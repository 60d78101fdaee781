"""What people commit to: by themselves or through a scribe, with or without their name, joined by others."""

from facilitation.domain.refusals import Code
from facilitation.services.screens import build_screen
from facilitation.store.identity import VISITOR
from tests.playing import Day
from tests.services.test_templates import written
from tests.watching import nothing_changes, refused, shown, undone_exactly


def told(day: Day) -> list[tuple[str, str, str]]:
    return [(row["text"], row["name"], row["from"]) for row in day.forum.shown_engagements()]


def test_one_commits_with_or_without_a_name(day: Day) -> None:
    day.do(day.bob, "edit_profile", name="Bob", organisation="Mairie")
    day.do(day.bob, "engage", text="Relancer le car")
    day.do(day.bob, "engage", text="En silence", named=False)
    assert told(day) == [("Relancer le car", "Bob", "Mairie"), ("En silence", "", "")]
    assert [row["number"] for row in day.forum.engagements] == [1, 2]


def test_at_any_moment(day: Day) -> None:
    for kind in ("welcome", "circle", "closing"):
        day.to(kind)
        day.do(day.bob, "engage", text=kind)
    assert len(told(day)) == 3


def test_a_scribe_writes_for_somebody_who_said_it_aloud(day: Day) -> None:
    day.do(day.fatou, "engage", text="Ouvrir mon jardin", on_behalf="Mme Roux", organisation="Jardins")
    day.do(day.fatou, "engage", text="Rester discrète", on_behalf="Mme Blanc", organisation="Fanfare", named=False)
    assert told(day) == [("Ouvrir mon jardin", "Mme Roux", "Jardins"), ("Rester discrète", "", "")]
    assert [row["spoken"] for row in day.forum.engagements] == [True, True]


def test_who_takes_notes_is_a_scribe_and_others_are_not(day: Day) -> None:
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "engage", text="Pour une autre", on_behalf="Mme Roux")
    plenary = next(row["id"] for row in day.forum.moments if row["kind"] == "closing")
    day.do(day.bob, "take_notes", moment=plenary)
    day.do(day.again(day.bob), "engage", text="Pour une autre", on_behalf="Mme Roux")
    assert told(day) == [("Pour une autre", "Mme Roux", "")]


def test_a_visitor_commits_to_nothing(day: Day) -> None:
    with refused(Code.NOT_JOINED), nothing_changes(day):
        day.do(VISITOR, "engage", text="Rien")
    with refused(Code.EMPTY), nothing_changes(day):
        day.do(day.bob, "engage", text="  ")


def test_an_author_changes_and_takes_back_their_own(day: Day) -> None:
    mine = day.do(day.bob, "engage", text="Relancer")["id"]
    for command, more in (("edit_engagement", {"text": "Autre"}), ("withdraw_engagement", {})):
        with refused(Code.ENGAGEMENT_NOT_YOURS), nothing_changes(day):
            day.do(day.chloe, command, engagement=mine, **more)
    day.do(day.bob, "edit_engagement", engagement=mine, text="Relancer la mairie")
    assert told(day) == [("Relancer la mairie", "Bob", "")]
    day.do(day.bob, "withdraw_engagement", engagement=mine)
    assert told(day) == []


def test_what_the_team_edits_keeps_its_original(day: Day) -> None:
    mine = day.do(day.bob, "engage", text="Relancer")["id"]
    day.do(day.fatou, "edit_engagement", engagement=mine, text="Relancer la mairie")
    own = day.house.me(day.event_id, str(day.bob.participant_id))["engagements"]
    assert [(row["text"], row["original"]) for row in own] == [("Relancer la mairie", {"text": "Relancer"})]


def test_others_join_with_or_without_their_name(day: Day) -> None:
    mine = day.do(day.bob, "engage", text="Relancer")["id"]
    day.do(day.chloe, "join_engagement", engagement=mine)
    day.do(day.fatou, "join_engagement", engagement=mine, named=False)
    assert [(row["joined"], row["with"]) for row in day.forum.engagements] == [(2, ["Chloé"])]
    day.do(day.chloe, "join_engagement", engagement=mine, named=False)
    assert [(row["joined"], row["with"]) for row in day.forum.engagements] == [(2, [])]
    day.do(day.chloe, "leave_engagement", engagement=mine)
    assert [row["joined"] for row in day.forum.engagements] == [1]
    with refused(Code.ALREADY_JOINED), nothing_changes(day):
        day.do(day.bob, "join_engagement", engagement=mine)


def test_what_is_hidden_is_not_sent_and_comes_back_exactly(day: Day) -> None:
    mine = day.do(day.bob, "engage", text="Relancer la mairie")["id"]
    undone_exactly(day, day.fatou, "hide_engagement", engagement=mine)
    day.do(day.fatou, "hide_engagement", engagement=mine)
    day.to("circle")
    assert "Relancer" not in str(build_screen(day.forum, "engagements")) + str(build_screen(day.forum, "projector"))
    undone_exactly(day, day.fatou, "restore_engagement", engagement=mine)


def test_with_reading_first_an_engagement_shows_once_it_was_read(day: Day) -> None:
    day.do(day.fatou, "set_rules", review=True)
    held = day.do(day.bob, "engage", text="Relancer")
    assert (held["held"], told(day)) == (True, [])
    with refused(Code.NOT_FOUND), nothing_changes(day):
        day.do(day.chloe, "join_engagement", engagement=held["id"])
    day.do(day.fatou, "restore_engagement", engagement=held["id"])
    assert told(day) == [("Relancer", "Bob", "")]


def test_phones_are_quiet_in_the_circle(day: Day) -> None:
    day.do(day.bob, "engage", text="Relancer")
    day.to("circle")
    assert shown(day, "phone", "ballot", "topic") + shown(day, "phone", "topic", "topic") == []


def test_an_action_becomes_an_engagement_and_keeps_where_it_comes_from(market: Day) -> None:
    workshop = market.do(market.fatou, "keep_topics", topics=[market.forum.topics[0]["id"]])["workshops"][0]
    sheet = written(market, workshop, actions="Relancer la mairie (qui : Ana ; quand : en juin)")
    (item,) = [one.data for one in build_screen(market.forum, f"sheet:{sheet}") if one.kind == "action"]
    assert (item["text"], item["who"], item["when"]) == ("Relancer la mairie", "Ana", "en juin")
    mine = market.do(market.bob, "engage", text=item["text"], action=item["text"], workshop=item["workshop"])["id"]
    market.do(market.bob, "edit_engagement", engagement=mine, text="Écrire au maire")
    assert [(row["text"], row["action"], row["workshop_id"]) for row in market.forum.engagements] == [
        ("Écrire au maire", "Relancer la mairie", workshop),
    ]  # fmt: skip
    assert shown(market, "engagements", "engagement", "action") == ["Relancer la mairie"]
    market.do(market.chloe, "engage", text="Sans atelier", action="Inventée")
    assert [row["action"] for row in market.forum.engagements] == ["Relancer la mairie", ""]
