"""Templates: what sheets start from, the synthesis that ends each, organisers' own; and what stands for a sheet without one."""

from typing import Any

import pytest

from facilitation.demonstration.notes import _typed
from facilitation.domain.refusals import Code
from facilitation.domain.sheets import SYNTHESIS_PARTS
from facilitation.domain.templates import heading, ready, suggested
from facilitation.rehearsal.scripts import Chapter, Script
from facilitation.services.proceedings import book
from facilitation.store.identity import VISITOR
from tests.playing import Day
from tests.services.test_sheets import write
from tests.watching import nothing_changes, refused, shown, undone_exactly

SYNTHESIS = ["En synthèse", "Idées clés", "Une phrase pour résumer", "Un vœu pour la suite"]


@pytest.fixture
def workshops(market: Day) -> list[str]:
    """Three workshops without a sheet."""
    made = market.do(market.fatou, "keep_topics", topics=[row["id"] for row in market.forum.topics])["workshops"]
    return [str(one) for one in made]


def titles(day: Day, workshop: str, who: Any = None) -> list[str]:
    sheet = day.do(who or day.bob, "take_notes", workshop=workshop)["sheet"]
    return [section["title"] for section in day.forum.contents[sheet]["sections"]]


def written(day: Day, workshop: str, **texts: str) -> str:
    """A sheet in which these sections, by key with _ for -, hold a line each; Chloé writes it."""
    sheet = str(day.do(day.chloe, "take_notes", workshop=workshop)["sheet"])
    titled = {one["key"]: one["title"] for one in day.forum.contents[sheet]["sections"]}
    said = {key.replace("_", "-"): text for key, text in texts.items()}
    chapters = [
        Chapter(key, titled[key], "", [{"type": "paragraph", "spans": [{"text": text}]}]) for key, text in said.items()
    ]
    with day.house.reading() as connection:
        blank = day.house.documents.at(connection, sheet)[1].whole()
    write(day, sheet, "a" * 32, _typed(blank, Script([], chapters), Script([], chapters)))
    return sheet


def test_each_ready_made_template_ends_with_the_four_parts(market: Day, workshops: list[str]) -> None:
    for name, workshop in zip(("forum-ouvert", "questions", "restitution"), workshops, strict=True):
        market.do(market.alice, "choose_template", name=name)
        assert titles(market, workshop)[-4:] == SYNTHESIS
    assert [row["template"] for row in sorted(market.forum.sheets, key=lambda row: row["created_at"])] == ["forum-ouvert", "questions", "restitution"]


def test_organisers_write_their_own_with_their_own_words(market: Day, workshops: list[str]) -> None:
    sections = [
        {"title": "Ce qui nous réunit", "prompt": "Et pourquoi ?"}, {"title": ""}, {"title": "Pistes", "optional": True},
        {"key": "synthese", "title": "Pour finir", "prompt": "En dix mots"}, {"key": "synthese-voeu", "title": "Notre souhait"},
    ]  # fmt: skip
    own = market.do(market.alice, "save_template", name="Le nôtre", sections=sections)["id"]
    market.do(market.alice, "choose_template", name=own)
    assert titles(market, workshops[0]) == ["Ce qui nous réunit", "Pistes", "Pour finir", "Notre souhait"]
    market.do(market.alice, "save_template", template=own, name="Le nôtre", sections=[{"title": "Une seule"}])
    assert titles(market, workshops[0]) == ["Ce qui nous réunit", "Pistes", "Pour finir", "Notre souhait"]
    assert titles(market, workshops[1]) == ["Une seule", "En synthèse"]
    keys = [section["key"] for section in market.forum.headings(own)]
    assert (len(keys), keys[-1]) == (len(set(keys)), SYNTHESIS_PARTS[0])


def test_a_template_taken_away_gives_way_to_the_usual_one(market: Day, workshops: list[str]) -> None:
    own = market.do(market.alice, "save_template", name="Le nôtre", sections=[{"title": "Une seule"}])["id"]
    market.do(market.alice, "choose_template", name=own)
    undone_exactly(market, market.alice, "remove_template", template=own)
    market.do(market.alice, "remove_template", template=own)
    assert titles(market, workshops[0])[0] == "Enjeux"
    with refused(Code.NOT_FOUND), nothing_changes(market):
        market.do(market.alice, "choose_template", name=own)


def test_every_act_on_templates_is_taken_back(market: Day) -> None:
    undone_exactly(market, market.alice, "save_template", name="Le nôtre", sections=[{"title": "Une seule"}])
    undone_exactly(market, market.alice, "choose_template", name="restitution")
    for actor in (market.fatou, market.bob):
        with refused(Code.NOT_ALLOWED), nothing_changes(market):
            market.do(actor, "choose_template", name="restitution")


def test_the_model_of_a_forum_takes_its_templates_along(market: Day) -> None:
    own = market.do(market.alice, "save_template", name="Le nôtre", sections=[{"title": "Une seule"}])["id"]
    market.do(market.alice, "choose_template", name=own)
    copy = market.house.forum(market.house.duplicate(market.event_id, "Le même").event_id)
    assert [row["name"] for row in copy.templates] == ["Le nôtre"]
    assert copy.event["template"] == copy.templates[0]["id"] != own


def test_any_part_of_the_synthesis_stands_for_the_sheet(market: Day, workshops: list[str]) -> None:
    sheet = written(market, workshops[0], enjeux="Le car", synthese_voeu="Un car le soir")
    found = market.forum.digest(next(row for row in market.forum.sheets if row["id"] == sheet))
    assert found is not None
    assert (found["extract"], found["section"]["title"]) == (False, "En synthèse")
    assert [block["spans"][0]["text"] for block in found["section"]["blocks"]] == ["Un vœu pour la suite", "Un car le soir"]  # type: ignore[typeddict-item]
    assert shown(market, "cockpit", "cockpit_desk", "synthesis") == [False, False, True]


def test_without_one_the_rapporteur_chooses_what_is_shown(market: Day, workshops: list[str]) -> None:
    sheet = written(market, workshops[0], enjeux="Le car", besoins="Un arrêt")
    assert shown(market, f"remarks:{sheet}", "extract", "chosen") == [""]
    market.to("restitution")
    assert (shown(market, "phone", "digest", "section")[0], shown(market, "phone", "digest", "extract")[0]) == ("Besoins", True)
    rapporteur = market.again(market.chloe)
    market.do(rapporteur, "choose_extract", sheet=sheet, section="enjeux")
    assert shown(market, "phone", "digest", "section")[0] == "Enjeux"
    assert shown(market, "projector", "projector_talk", "section")[0] == "Enjeux"
    chapter = book(market.forum, [], [], market.house.clock())["workshops"][0]["digest"]
    assert (chapter["extract"], chapter["section"]["title"]) == (True, "Enjeux")
    market.do(rapporteur, "choose_extract", sheet=sheet, section="disparue")
    assert shown(market, "phone", "digest", "section")[0] == "Besoins"
    with refused(Code.NOT_ALLOWED), nothing_changes(market):
        market.do(market.again(market.bob), "choose_extract", sheet=sheet, section="enjeux")
    market.do(market.bob, "take_notes", workshop=workshops[1])
    with refused(Code.NOT_YOUR_SHEET), nothing_changes(market):
        market.do(market.again(market.bob), "choose_extract", sheet=sheet, section="enjeux")
    with refused(Code.NOT_JOINED), nothing_changes(market):
        market.do(VISITOR, "choose_extract", sheet=sheet)


def test_optional_sections_count_once_they_are_written(market: Day, workshops: list[str]) -> None:
    market.do(market.alice, "choose_template", name="questions")
    sheet = str(market.do(market.chloe, "take_notes", workshop=workshops[0])["sheet"])
    row = market.forum.sheets[0]
    assert market.forum.filled(row) == [False, False]
    assert row["id"] == sheet


def test_disagreements_have_a_place_that_waits_to_be_asked_for(market: Day, workshops: list[str]) -> None:
    assert "Points de désaccord" not in titles(market, workshops[0])
    for name in ("forum-ouvert", "questions"):
        assert [one["title"] for one in suggested(ready(name, "fr"), "fr")] == ["Points de désaccord"]
    assert suggested(ready("restitution", "fr"), "fr") == []
    own = [heading("rubrique-1", "Ce qui nous occupe", ""), heading("rubrique-2", " Points de désaccord", "")]
    assert [one["key"] for one in suggested(own[:1], "en")] == ["desaccords"]
    assert suggested(own, "fr") == []
    sheet = market.forum.sheets[0]
    marks = len(market.forum.progress(sheet))
    # Added and left blank, it is no section to fill; written, it counts.
    content = market.forum.contents[sheet["id"]]
    content["sections"].insert(0, {"key": "desaccords", "title": "Points de désaccord", "blocks": []})
    assert len(market.forum.progress(sheet)) == marks
    content["sections"][0]["blocks"].append({"type": "paragraph", "spans": [{"text": "Le prix."}]})
    assert len(market.forum.progress(sheet)) == marks + 1
