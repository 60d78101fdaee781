"""What is typed goes out whatever else fails: another tab, the browser's database, a refusal, one change out of many."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.front.desk import Desk, all_equal, state, write
from tests.front.laptops import Laptop, Table
from tests.front.test_sheet_network import under
from tests.front.test_sheet_paste import PASTE

pytestmark = pytest.mark.browser
Tab = tuple[Page, CDPSession]

# The browser's database opens only when `window.release` says so, and nobody waits four seconds for it.
LATE_DISK = """
const said = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'onsuccess');
const waiting = [];
window.release = () => waiting.splice(0).forEach((act) => act());
Object.defineProperty(IDBRequest.prototype, 'onsuccess', {
  ...said,
  set(act) {
    const isOpening = this instanceof IDBOpenDBRequest;
    said.set.call(this, isOpening ? (event) => waiting.push(() => act(event)) : act);
  },
});
const later = setTimeout;
window.setTimeout = (act, wait, ...given) => later(act, wait === 4000 ? 0 : wait, ...given);
"""
# One's own cursor is told only when it moves or is asked for: not every fifteen seconds.
STILL = "const often = setInterval; window.setInterval = (act, wait) => (wait === 3000 ? 0 : often(act, wait));"


def second_tab(laptop: Laptop) -> tuple[Tab, Tab]:
    first = laptop.page, laptop.wire
    laptop.renew()
    laptop.load()
    laptop.says("Reçu")
    return first, (laptop.page, laptop.wire)


def turn_to(laptop: Laptop, tab: Tab) -> None:
    laptop.page, laptop.wire = tab
    laptop.page.bring_to_front()


# --- Two tabs of one sheet


def test_finishing_in_one_tab_stops_nothing_in_the_other(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    maelle.go("Enjeux")
    maelle.press("à")
    maelle.says("Reçu")
    first, second = second_tab(maelle)
    maelle.page.get_by_role("button", name="Terminer").click()
    expect(maelle.page.get_by_role("alert")).to_contain_text("rien gardé")
    turn_to(maelle, first)
    second[0].close()
    maelle.press("ç")
    assert table.all_equal() is not None
    assert under(table, "Enjeux") == ["àç"]
    # This tab keeps nothing here any more, and says so; what others write is shown, and its own goes out.
    maelle.cable.cut()
    maelle.press("ë")
    maelle.says("Pas encore reçu")
    joseph.go("Besoins")
    joseph.press("ù")
    maelle.cable.mend()
    assert table.all_equal() is not None
    assert under(table, "Enjeux") + under(table, "Besoins") == ["àçë", "ù"]


def test_what_was_kept_here_and_is_erased_by_another_tab_is_said_to_be_owed(table: Table) -> None:
    maelle = table.sit("Maëlle")
    first, _second = second_tab(maelle)
    turn_to(maelle, first)
    maelle.go("Enjeux")
    maelle.cable.cut()
    maelle.press("à")
    maelle.says("Gardé sur cet appareil")
    name = f"facilitation:sheet:{table.sheet}"
    maelle.page.evaluate("(name) => new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done; })", name)
    maelle.says("Pas encore reçu")
    maelle.leave()
    maelle.cable.mend()
    maelle.load()
    assert table.all_equal() is not None
    assert under(table, "Enjeux") == ["à"]


def test_finishing_first_sends_what_another_tab_had_left(table: Table) -> None:
    maelle = table.sit("Maëlle")
    maelle.says("Reçu")
    first, second = second_tab(maelle)
    maelle.cable.cut()
    maelle.go("Besoins")
    maelle.press("ë")
    maelle.says("Gardé sur cet appareil")
    second[0].close()
    turn_to(maelle, first)
    maelle.cable.mend()
    maelle.says("Reçu")
    finish = maelle.page.get_by_role("button", name="Terminer")
    finish.click()
    expect(maelle.page.get_by_role("alert")).to_contain_text("Tout n’est pas encore reçu")
    assert table.all_equal() is not None
    assert under(table, "Besoins") == ["ë"]
    finish.click()
    expect(maelle.page.get_by_role("alert")).to_contain_text("rien gardé")


# --- A slow disk


def test_what_a_slow_disk_brings_late_is_sent_too(table: Table) -> None:
    maelle = table.sit("Maëlle")
    maelle.says("Reçu")
    maelle.cable.cut()
    maelle.go("Besoins")
    maelle.press("ë")
    maelle.says("Gardé sur cet appareil")
    maelle.leave()
    maelle.cable.mend()
    maelle.context.add_init_script(LATE_DISK)
    maelle.load()
    maelle.says("Reçu")
    assert under(table, "Besoins") == []
    maelle.page.evaluate("release()")
    maelle.page.wait_for_function("() => document.querySelector('.ProseMirror').textContent.includes('ë')")
    assert table.all_equal() is not None
    assert under(table, "Besoins") == ["ë"]


# --- Refusals


def test_what_was_refused_for_a_moment_is_sent_again_without_a_key(desk: Desk) -> None:
    maelle = desk.sit("Maëlle")
    state(maelle, "Reçu")
    desk.ask("/refuse/update/not_kept/1")
    write(maelle, "Enjeux", "é")
    expect(maelle.get_by_role("alert")).to_contain_text("le renvoie d’elle-même")
    state(maelle, "Reçu")
    expect(maelle.get_by_role("alert")).to_be_hidden()
    assert "é" in desk.kept()


def test_a_sheet_that_could_not_be_opened_is_asked_for_again(desk: Desk) -> None:
    maelle, joseph = desk.sit("Maëlle"), desk.sit("Joseph")
    all_equal(desk, maelle, joseph)
    desk.ask("/refuse/open/not_kept/2")
    desk.line.cut()
    desk.line.mend()
    expect(maelle.get_by_role("alert")).to_contain_text("le renvoie d’elle-même")
    write(joseph, "Besoins", "ù")
    assert "ù" in all_equal(desk, maelle, joseph)


def test_one_change_that_cannot_be_taken_holds_up_nothing_else(desk: Desk) -> None:
    maelle = desk.sit("Maëlle")
    write(maelle, "Enjeux", "avant ")
    state(maelle, "Reçu")
    desk.ask("/poison/%CE%A9")
    desk.line.cut()
    maelle.keyboard.type("Ω après")
    state(maelle, "Gardé sur cet appareil")
    desk.line.mend()
    expect(maelle.get_by_role("alert")).to_contain_text("«\u202fΩ\u202f»")
    state(maelle, "Reçu")
    assert "avant  après" in desk.kept()
    # The words that were left out are still said when the page comes back.
    desk.come_back(maelle, "Maëlle")
    expect(maelle.get_by_role("alert")).to_contain_text("«\u202fΩ\u202f»")


@pytest.mark.parametrize("leaves", [False, True])
def test_a_full_sheet_takes_what_makes_room_and_then_what_waited(desk: Desk, leaves: bool) -> None:
    maelle = desk.sit("Maëlle")
    write(maelle, "Enjeux", "trop long " * 20)
    all_equal(desk, maelle)
    desk.ask("/most/850")
    write(maelle, "Besoins", "à garder")
    expect(maelle.get_by_role("alert")).to_contain_text("Cette fiche est pleine")
    state(maelle, "Gardé sur cet appareil")
    if leaves:
        desk.line.cut()
    maelle.locator("#editor p", has_text="trop long").click(click_count=3)
    maelle.keyboard.press("Delete")
    if leaves:
        state(maelle, "Gardé sur cet appareil")
        maelle.goto("about:blank")
        desk.line.mend()
        desk.come_back(maelle, "Maëlle")
    state(maelle, "Reçu")
    expect(maelle.get_by_role("alert")).to_be_hidden()
    assert "à garder" in all_equal(desk, maelle)
    assert not any("trop" in line for line in desk.kept())


# --- More than one message may hold


@pytest.mark.parametrize("leaves", [False, True])
def test_a_long_day_typed_offline_goes_out_in_parts(table: Table, leaves: bool) -> None:
    maelle = table.sit("Maëlle")
    maelle.says("Reçu")
    maelle.go("Besoins")
    maelle.cable.cut()
    for part in range(3):
        lines = "\n".join(f"{part} {at} été" for at in range(1300))
        maelle.page.evaluate(PASTE, ["text/plain", lines])
    maelle.says("Gardé sur cet appareil")
    if leaves:
        maelle.leave()
    maelle.cable.mend()
    if leaves:
        maelle.load()
    assert table.all_equal() is not None
    assert len(under(table, "Besoins")) > 3890


def test_more_than_a_sheet_should_take_at_once_is_refused_with_a_word(table: Table) -> None:
    maelle = table.sit("Maëlle")
    maelle.go("Besoins")
    before = maelle.said()
    maelle.page.evaluate(PASTE, ["text/html", "<p>é</p>" * 2001])
    maelle.page.get_by_text("C’est trop long pour une fiche.").wait_for()
    assert maelle.said() == before


def test_styles_that_nothing_closes_do_not_hold_the_page_up(table: Table) -> None:
    maelle = table.sit("Maëlle")
    maelle.go("Besoins")
    maelle.page.evaluate(PASTE, ["text/html", "<p>é</p>" + "<style>" * 400_000])
    assert table.all_equal() is not None
    assert under(table, "Besoins") == ["é"]


# --- Who is there


def test_after_a_short_absence_the_cursors_of_others_are_there_again(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    maelle.context.add_init_script(STILL)
    maelle.load()
    maelle.go("Enjeux")
    joseph.go("Besoins")
    carets = joseph.page.locator("#editor .writer-caret[data-name='Maëlle']")
    expect(carets).to_have_count(1)
    joseph.cable.cut()
    expect(carets).to_have_count(0)
    joseph.cable.mend()
    expect(carets).to_have_count(1)
