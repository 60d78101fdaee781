"""Reading a sheet back: how many confirm and never who; remarks for those who write, held and hidden like all the rest."""

import json

import pytest

from facilitation.domain.refusals import Code
from facilitation.services.screens import build_screen, may_open
from facilitation.store.identity import VISITOR
from tests.playing import Clock, Day
from tests.services.test_sheets import write
from tests.watching import nothing_changes, refused, rows, shown, undone_exactly


@pytest.fixture
def sheet(market: Day) -> str:
    """A sheet that Bob writes."""
    market.do(market.fatou, "keep_topics", topics=[market.forum.topics[0]["id"]])
    return str(market.do(market.bob, "take_notes", workshop=market.forum.workshops[0]["id"])["sheet"])


def beside(day: Day, sheet: str) -> list[str]:
    return list(shown(day, f"remarks:{sheet}", "remark", "text"))


def mine(day: Day, who: str = "chloe") -> dict[str, object]:
    return day.house.me(day.event_id, str(getattr(day, who).participant_id))


def test_confirming_counts_people_once(market: Day, sheet: str) -> None:
    for person in (market.chloe, market.bob, market.chloe):
        market.do(person, "confirm_sheet", sheet=sheet)
    assert shown(market, "cockpit", "cockpit_desk", "confirmed") == [2]
    assert shown(market, f"remarks:{sheet}", "remarks_head", "confirmed") == [2]
    assert mine(market)["confirmed"] == [sheet]
    market.do(market.chloe, "unconfirm_sheet", sheet=sheet)
    assert (shown(market, "cockpit", "cockpit_desk", "confirmed"), mine(market)["confirmed"]) == ([1], [])


def test_nobody_reads_who_confirmed(market: Day, sheet: str) -> None:
    before = len(rows(market, "change"))
    market.do(market.chloe, "confirm_sheet", sheet=sheet)
    (line,) = rows(market, "change")[before:]
    assert (line["participant_id"], line["actor"], line["rows"]) == (None, "", [])
    assert str(market.chloe.participant_id) not in str([row["scope"] for row in rows(market, "operation") if row["number"] == line["number"]])
    for screen in ("cockpit", f"remarks:{sheet}", f"sheet:{sheet}", "phone", "sheets"):
        text = json.dumps([item.data for item in build_screen(market.forum, screen)], ensure_ascii=False)
        # The team's list of those who gave a name holds everybody, whether they confirmed or not.
        assert text.count(str(market.chloe.participant_id)) == (2 if screen == "cockpit" else 0)


def test_a_sheet_that_changed_since_says_so(clock: Clock, market: Day, sheet: str) -> None:
    market.do(market.chloe, "confirm_sheet", sheet=sheet)
    assert shown(market, "cockpit", "cockpit_desk", "changed_since") == [False]
    clock.later(5)
    write(market, sheet, "a" * 32, b"\x00\x00")
    assert shown(market, "cockpit", "cockpit_desk", "changed_since") == [True]
    market.do(market.chloe, "confirm_sheet", sheet=sheet)
    assert shown(market, "cockpit", "cockpit_desk", "changed_since") == [False]


def test_a_remark_reaches_those_who_write_and_the_team_alone(market: Day, sheet: str) -> None:
    market.do(market.chloe, "write_remark", sheet=sheet, text="Le car part à 8 h")
    market.do(market.chloe, "write_remark", sheet=sheet, text="Sans moi", named=False)
    assert beside(market, sheet) == ["Sans moi", "Le car part à 8 h"]
    assert shown(market, f"remarks:{sheet}", "remark", "name") == ["", "Chloé"]
    for screen in (f"sheet:{sheet}", "sheets", "phone", "projector"):
        assert "Le car part" not in str(build_screen(market.forum, screen))
    name = f"remarks:{sheet}"
    allowed = [may_open(actor, name) for actor in (market.again(market.bob), market.fatou, market.chloe, VISITOR)]
    assert allowed == [True, True, False, False]
    other = market.do(market.chloe, "take_notes", moment=next(row["id"] for row in market.forum.moments if row["kind"] == "plenary"))
    assert [may_open(market.again(market.chloe), f"remarks:{one}") for one in (sheet, other["sheet"])] == [False, True]


def test_what_is_hidden_leaves_and_comes_back(market: Day, sheet: str) -> None:
    remark = market.do(market.chloe, "write_remark", sheet=sheet, text="Trop long")["id"]
    undone_exactly(market, market.fatou, "hide_remark", remark=remark)
    market.do(market.fatou, "hide_remark", remark=remark)
    assert beside(market, sheet) == []
    assert shown(market, "cockpit", "cockpit_remark", "state") == ["hidden"]
    assert [one["state"] for one in mine(market)["remarks"]] == ["hidden"]  # type: ignore[attr-defined]
    undone_exactly(market, market.fatou, "restore_remark", remark=remark)


def test_with_reading_first_a_remark_shows_once_it_was_read(market: Day, sheet: str) -> None:
    market.do(market.fatou, "set_rules", review=True)
    held = market.do(market.chloe, "write_remark", sheet=sheet, text="À relire")
    assert (held["held"], beside(market, sheet)) == (True, [])
    assert ("heldremarks", 1) in [(item.data["about"], item.data.get("count")) for item in build_screen(market.forum, "cockpit") if item.kind == "cockpit_wait"]
    market.do(market.fatou, "restore_remark", remark=held["id"])
    assert beside(market, sheet) == ["À relire"]


def test_what_the_team_edits_keeps_its_original_for_its_author(market: Day, sheet: str) -> None:
    remark = market.do(market.chloe, "write_remark", sheet=sheet, text="Le car")["id"]
    for command, more in (("edit_remark", {"text": "Autre"}), ("withdraw_remark", {})):
        with refused(Code.REMARK_NOT_YOURS), nothing_changes(market):
            market.do(market.bob, command, remark=remark, **more)
    market.do(market.fatou, "edit_remark", remark=remark, text="Le car de 8 h")
    own = mine(market)["remarks"][0]  # type: ignore[index]
    assert (own["text"], own["original"]) == ("Le car de 8 h", {"text": "Le car"})
    assert shown(market, "cockpit", "cockpit_remark", "original") == ["Le car"]
    market.do(market.chloe, "withdraw_remark", remark=remark)
    assert beside(market, sheet) == []
    for command, more in (("edit_remark", {"text": "Encore"}), ("restore_remark", {}), ("hide_remark", {})):
        with refused(Code.NOT_FOUND), nothing_changes(market):
            market.do(market.fatou, command, remark=remark, **more)


def test_a_hidden_name_leaves_its_remarks(market: Day, sheet: str) -> None:
    market.do(market.chloe, "write_remark", sheet=sheet, text="Le car part à 8 h")
    market.do(market.fatou, "hide_name", participant=market.chloe.participant_id)
    assert (shown(market, f"remarks:{sheet}", "remark", "name"), shown(market, "cockpit", "cockpit_remark", "name")) == ([""], [""])


def test_a_visitor_says_nothing(market: Day, sheet: str) -> None:
    for command, more in (("confirm_sheet", {}), ("write_remark", {"text": "Rien"})):
        with refused(Code.NOT_JOINED), nothing_changes(market):
            market.do(VISITOR, command, sheet=sheet, **more)
    with refused(Code.EMPTY), nothing_changes(market):
        market.do(market.chloe, "write_remark", sheet=sheet, text="  ")
