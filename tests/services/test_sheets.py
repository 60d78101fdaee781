"""The pen of a sheet: taken on a phone, carried to a laptop by a short code, handed by the team, put down."""

import pytest

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.services.writing import write_update
from facilitation.store.documents import new_document
from facilitation.store.identity import VISITOR
from tests.playing import Clock, Day
from tests.watching import last_change, nothing_changes, refused, rows, shown, undone_exactly


@pytest.fixture
def workshop(market: Day) -> str:
    """A workshop of Bob's."""
    market.do(market.fatou, "keep_topics", topics=[market.forum.topics[0]["id"]])
    return str(market.forum.workshops[0]["id"])


def holders(day: Day) -> list[list[str]]:
    return [row["rapporteurs"] for row in day.forum.sheets]


def test_taking_the_pen_makes_the_sheet_with_its_sections(market: Day, workshop: str) -> None:
    sheet = market.do(market.chloe, "take_notes", workshop=workshop)["sheet"]
    assert holders(market) == [["Chloé"]]
    assert [section["key"] for section in market.forum.contents[sheet]["sections"]] == [
        "enjeux", "bonnes-pratiques", "besoins", "actions", "synthese", "synthese-idees", "synthese-phrase", "synthese-voeu",
    ]  # fmt: skip
    assert market.again(market.chloe).sheets == {sheet}


def test_the_code_lets_a_laptop_write_as_the_same_person(market: Day, workshop: str) -> None:
    notes = market.do(market.chloe, "take_notes", workshop=workshop)
    typed = f" {notes['code'][:3].lower()}-{notes['code'][3:]} "
    laptop = market.with_token(market.do(VISITOR, "use_code", code=typed)["token"])
    assert laptop.participant_id == market.chloe.participant_id
    assert laptop.device_id != market.chloe.device_id
    assert laptop.roles == frozenset({Role.PARTICIPANT, Role.RAPPORTEUR})


def test_codes_are_short_and_kept_as_hashes(market: Day, workshop: str) -> None:
    code = market.do(market.chloe, "take_notes", workshop=workshop)["code"]
    assert len(code) == 6
    assert code not in str([rows(market, table) for table in ("code", "change", "operation")])


def test_a_wrong_or_old_code_opens_nothing(market: Day, workshop: str, clock: Clock) -> None:
    code = market.do(market.chloe, "take_notes", workshop=workshop)["code"]
    with refused(Code.WRONG_CODE), nothing_changes(market):
        market.do(VISITOR, "use_code", code="ZZZZZZ" if code != "ZZZZZZ" else "YYYYYY")
    clock.later(2 * 60 + 1)
    with refused(Code.CODE_EXPIRED), nothing_changes(market):
        market.do(VISITOR, "use_code", code=code)


def test_a_code_opens_one_laptop_which_may_type_it_again(market: Day, workshop: str) -> None:
    code = market.do(market.chloe, "take_notes", workshop=workshop)["code"]
    laptop = market.with_token(market.do(VISITOR, "use_code", code=code)["token"])
    with refused(Code.CODE_USED), nothing_changes(market):
        market.do(VISITOR, "use_code", code=code)
    with refused(Code.CODE_USED), nothing_changes(market):
        market.do(market.bob, "use_code", code=code)
    again = market.with_token(market.do(laptop, "use_code", code=code)["token"])
    assert again.participant_id == market.chloe.participant_id
    other = market.do(market.chloe, "take_notes", workshop=workshop)["code"]
    assert other != code
    second = market.with_token(market.do(VISITOR, "use_code", code=other)["token"])
    assert second.sheets == market.again(laptop).sheets


def test_a_plenary_moment_has_a_sheet_and_a_meal_has_none(market: Day) -> None:
    by_kind = {row["kind"]: row["id"] for row in market.forum.moments}
    sheet = market.do(market.bob, "take_notes", moment=by_kind["plenary"])["sheet"]
    assert [section["title"] for section in market.forum.contents[sheet]["sections"]] != []
    for moment in (by_kind["meal"], None):
        with refused(Code.NOT_FOUND), nothing_changes(market):
            market.do(market.bob, "take_notes", moment=moment)


def test_the_team_hands_the_pen_to_somebody_and_takes_it_back_exactly(market: Day, workshop: str) -> None:
    undone_exactly(market, market.fatou, "hand_pen", workshop=workshop, name="Mme Roux")
    market.do(market.fatou, "hand_pen", workshop=workshop, name="Mme Roux")
    undone_exactly(market, market.fatou, "hand_pen", workshop=workshop, participant=market.bob.participant_id)
    assert holders(market) == [["Mme Roux"]]
    with refused(Code.EMPTY), nothing_changes(market):
        market.do(market.fatou, "hand_pen", workshop=workshop)
    with refused(Code.NOT_ALLOWED), nothing_changes(market):
        market.do(market.bob, "hand_pen", workshop=workshop, name="Moi")


def test_a_sheet_that_somebody_else_writes_is_not_taken_back(market: Day, workshop: str) -> None:
    market.do(market.fatou, "hand_pen", workshop=workshop, name="Mme Roux")
    handed = last_change(market)
    market.do(market.bob, "take_notes", workshop=workshop)
    with refused(Code.CHANGED_SINCE), nothing_changes(market):
        market.do(market.fatou, "undo", change=handed)


def test_putting_the_pen_down_leaves_what_was_written(market: Day, workshop: str) -> None:
    sheet = market.do(market.chloe, "take_notes", workshop=workshop)["sheet"]
    market.do(market.chloe, "put_pen_down", sheet=sheet)
    assert holders(market) == [[]]
    assert market.again(market.chloe).sheets == frozenset()
    assert len(rows(market, "sheet_update")) == 1


def write(day: Day, sheet: str, op: str, data: bytes) -> int:
    kept = day.house.writer.submit(
        lambda connection: write_update(connection, day.event_id, sheet, op, data, day.chloe, day.house.clock())
    )
    return int(kept.number)


def test_updates_are_numbered_without_a_gap_and_kept_once(market: Day, workshop: str) -> None:
    sheet = market.do(market.chloe, "take_notes", workshop=workshop)["sheet"]
    update = new_document({"preamble": [], "sections": []})
    numbers = [write(market, sheet, op, update) for op in ("a" * 32, "b" * 32, "a" * 32, "c" * 32)]
    assert numbers == [2, 3, 2, 4]


def test_a_closed_forum_and_an_endless_update_are_refused(market: Day, workshop: str) -> None:
    sheet = market.do(market.chloe, "take_notes", workshop=workshop)["sheet"]
    with refused(Code.BAD_UPDATE), nothing_changes(market):
        write(market, sheet, "a" * 32, bytes(1_000_001))
    market.do(market.alice, "close_event")
    with pytest.raises(Refusal, match="forum_closed"), nothing_changes(market):
        write(market, sheet, "a" * 32, b"\x00\x00")


def nudged(day: Day, who: str) -> list[bool]:
    return [sheet["nudged"] for sheet in day.house.me(day.event_id, str(getattr(day, who).participant_id))["sheets"]]


def test_a_nudge_lasts_until_something_is_written(clock: Clock, market: Day, workshop: str) -> None:
    sheet = market.do(market.chloe, "take_notes", workshop=workshop)["sheet"]
    clock.later(10)
    undone_exactly(market, market.fatou, "nudge", sheet=sheet)
    market.do(market.fatou, "nudge", sheet=sheet)
    assert (nudged(market, "chloe"), shown(market, f"remarks:{sheet}", "nudge", "at")) == ([True], [clock.at.isoformat()])
    clock.later(1)
    write(market, sheet, "a" * 32, new_document({"preamble": [], "sections": []}))
    assert (nudged(market, "chloe"), shown(market, f"remarks:{sheet}", "nudge", "at")) == ([False], [])
    with refused(Code.NOT_ALLOWED), nothing_changes(market):
        market.do(market.bob, "nudge", sheet=sheet)


def test_a_sheet_is_handed_over_to_somebody_of_the_circle(market: Day, workshop: str) -> None:
    sheet = market.do(market.chloe, "take_notes", workshop=workshop)["sheet"]
    market.do(market.again(market.chloe), "hand_over", sheet=sheet, name=" bob")
    assert holders(market) == [["Bob"]]
    assert [sorted(market.again(one).sheets) for one in (market.chloe, market.bob)] == [[], [sheet]]
    other = market.do(market.bob, "take_notes", moment=next(row["id"] for row in market.forum.moments if row["kind"] == "plenary"))
    market.do(market.again(market.bob), "put_pen_down", sheet=sheet)
    with refused(Code.NOT_YOUR_SHEET), nothing_changes(market):
        market.do(market.again(market.bob), "hand_over", sheet=sheet, name="Chloé")
    with refused(Code.EMPTY), nothing_changes(market):
        market.do(market.again(market.bob), "hand_over", sheet=other["sheet"], name=" ")


def test_a_name_that_is_nobody_s_or_two_people_s_leaves_the_pen_where_it_is(market: Day, workshop: str) -> None:
    sheet = market.do(market.chloe, "take_notes", workshop=workshop)["sheet"]
    market.do(market.fatou, "engage", text="Prêter la salle", on_behalf="Mme Roux")
    market.do(market.fatou, "hand_pen", workshop=workshop, name="Gérard")
    market.join("Bob")
    chloe = market.again(market.chloe)
    for name, code in (("Bbo", Code.HEIR_UNKNOWN), ("Gérard", Code.HEIR_UNKNOWN), ("Chloé", Code.HEIR_UNKNOWN), ("Bob", Code.HEIR_TWICE)):
        with refused(code), nothing_changes(market):
            market.do(chloe, "hand_over", sheet=sheet, name=name)
    assert holders(market) == [["Chloé", "Gérard"]]
    namesake = market.join("chloé")
    market.do(chloe, "hand_over", sheet=sheet, name="Chloé")
    assert market.again(namesake).sheets == {sheet}
    assert market.again(chloe).sheets == frozenset()


def test_late_sheets_are_taken_until_the_end_of_a_day(clock: Clock, market: Day, workshop: str) -> None:
    sheet = market.do(market.chloe, "take_notes", workshop=workshop)["sheet"]
    update = new_document({"preamble": [], "sections": []})
    market.do(market.alice, "close_event")
    with refused(Code.FORUM_CLOSED), nothing_changes(market):
        write(market, sheet, "a" * 32, update)
    market.do(market.alice, "accept_late_sheets", until="2026-01-15")
    assert write(market, sheet, "b" * 32, update) == 2
    clock.later(24 * 60)
    assert write(market, sheet, "c" * 32, update) == 3
    clock.later(16 * 60)
    with refused(Code.FORUM_CLOSED), nothing_changes(market):
        write(market, sheet, "d" * 32, update)
    with refused(Code.NOT_ALLOWED), nothing_changes(market):
        market.do(market.fatou, "accept_late_sheets", until="2026-01-16")
