"""What a page writes on its device in the very moment it is left: no letter hangs on a write that never ended."""

import pytest
from playwright.sync_api import WebSocketRoute

from tests.front.laptops import Laptop, Table

pytestmark = pytest.mark.browser

# `stuck`: writes of the browser's database never end, as where the page is left meanwhile. `late`: they end, unheard yet.
SLOW = """
window.stuck = false;
window.late = null;
for (const name of ['add', 'put']) {
  const write = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (...given) {
    return window.stuck ? this.count() : write.apply(this, given);
  };
}
const heard = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, 'oncomplete');
Object.defineProperty(IDBTransaction.prototype, 'oncomplete', {
  ...heard,
  set(act) {
    heard.set.call(this, (event) => (window.late ? window.late.push(() => act(event)) : act(event)));
  },
});
"""


def slow(table: Table, name: str) -> Laptop:
    """Somebody at a laptop whose disk can be held up."""
    laptop = table.sit(name)
    laptop.context.add_init_script(SLOW)
    laptop.load()
    laptop.says("Reçu")
    return laptop


def test_a_late_write_does_not_take_along_what_was_typed_since(table: Table) -> None:
    maelle = slow(table, "Maëlle")
    maelle.go("Besoins")
    maelle.page.evaluate("window.late = []")
    maelle.press("à")
    maelle.page.wait_for_function("() => window.late.length > 0")
    maelle.says("Reçu")
    maelle.cable.cut()
    maelle.page.evaluate("window.stuck = true")
    maelle.press("ë")
    maelle.page.evaluate("window.late.splice(0).forEach((act) => act())")
    maelle.leave()
    maelle.cable.mend()
    maelle.load()
    assert table.all_equal() is not None
    assert "àë" in maelle.lines()


def test_last_words_are_one_s_own_where_somebody_moves_their_place_away(table: Table) -> None:
    maelle, joseph = slow(table, "Maëlle"), table.sit("Joseph")
    joseph.go("Besoins")
    for letter in "Où ?":
        joseph.press(letter)
    assert table.all_equal() is not None
    maelle.page.evaluate("[window.stuck, window.late] = [true, []]")
    maelle.cable.cut()
    maelle.go("Besoins")
    maelle.page.keyboard.press("End")
    maelle.press("ë")
    joseph.page.keyboard.press("Alt+ArrowUp")
    joseph.says("Reçu")
    maelle.leave()
    maelle.cable.mend()
    maelle.load()
    assert table.all_equal() is not None
    assert maelle.said().count("ë") == 1


def test_words_put_back_by_a_page_that_died_are_not_put_back_again(table: Table) -> None:
    maelle, joseph = slow(table, "Maëlle"), table.sit("Joseph")
    joseph.go("Besoins")
    for letter in "Où ?":
        joseph.press(letter)
    assert table.all_equal() is not None
    maelle.cable.cut()
    maelle.go("Besoins")
    maelle.page.keyboard.press("End")
    maelle.press("ë")
    maelle.says("Gardé")
    joseph.page.keyboard.press("Alt+ArrowUp")
    joseph.says("Reçu")
    # From here on this device keeps nothing: neither the move nor what was put back because of it.
    maelle.page.evaluate("window.stuck = true")
    maelle.cable.mend()
    assert table.all_equal() is not None
    assert maelle.said().count("ë") == 1
    maelle.crash()
    maelle.load()
    assert table.all_equal() is not None
    assert maelle.said().count("ë") == 1


def test_last_words_wait_on_the_device_for_what_they_stand_on(table: Table) -> None:
    maelle, joseph = slow(table, "Maëlle"), table.sit("Joseph")
    assert table.all_equal() is not None
    maelle.page.evaluate("[window.stuck, window.late] = [true, []]")
    joseph.go("Besoins")
    joseph.press("à")
    joseph.says("Reçu")
    maelle.page.wait_for_function("() => document.querySelector('.ProseMirror').textContent.includes('à')")
    maelle.cable.cut()
    maelle.go("Besoins")
    maelle.page.keyboard.press("End")
    maelle.press("ë")
    maelle.leave()
    maelle.cable.mend()
    # Back without a line: what Joseph wrote is not here, so that nothing can be put behind it yet.
    asked: list[str] = []

    def swallow(line: WebSocketRoute) -> None:
        asked.append(line.url)

    maelle.page.route("**/socket.io/**", lambda route: route.abort())
    maelle.page.route_web_socket("**/socket.io/**", swallow)
    maelle.load()
    maelle.go("Enjeux")
    maelle.press("z")
    maelle.says("Gardé")
    maelle.leave()
    maelle.page.close()
    maelle.renew()
    maelle.load()
    assert table.all_equal() is not None
    assert "ë" in maelle.said()
    assert "z" in maelle.said()
    assert asked != []


def test_two_tabs_of_one_laptop_each_leave_their_last_words(table: Table) -> None:
    maelle = slow(table, "Maëlle")
    tabs = [(maelle.page, maelle.wire)]
    maelle.renew()
    maelle.load()
    maelle.says("Reçu")
    tabs.append((maelle.page, maelle.wire))
    maelle.cable.cut()
    for (maelle.page, maelle.wire), title, letter in zip(tabs, ("Besoins", "Enjeux"), "ëz", strict=True):
        maelle.page.bring_to_front()
        maelle.page.evaluate("[window.stuck, window.late] = [true, []]")
        maelle.go(title)
        maelle.page.keyboard.press("End")
        maelle.press(letter)
    for maelle.page, maelle.wire in tabs:
        maelle.leave()
    tabs[0][0].close()
    maelle.cable.mend()
    maelle.load()
    assert table.all_equal() is not None
    assert "ë" in maelle.said()
    assert "z" in maelle.said()
