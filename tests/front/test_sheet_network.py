"""The editor on the real server and the networks of real rooms: no WebSocket, silence, a dead battery, two hands in one place."""

import pytest
from playwright.sync_api import expect

from tests.front.cable import Upgrades
from tests.front.laptops import Table

pytestmark = pytest.mark.browser


def under(table: Table, title: str) -> list[str]:
    """The lines that the server's disk holds under this title, up to the next."""
    titles = [section["title"] for section in table.data()["sections"]]
    lines = table.lines()
    start = lines.index(title) + 1
    rest = lines[start:]
    return rest[: next((at for at, line in enumerate(rest) if line in titles), len(rest))]


# --- Networks


@pytest.mark.parametrize("upgrades", [Upgrades.REFUSE, Upgrades.SWALLOW])
def test_everything_works_without_websocket(table: Table, upgrades: Upgrades) -> None:
    maelle, joseph = table.sit("Maëlle", upgrades), table.sit("Joseph")
    maelle.says("Reçu")
    for laptop, title in ((maelle, "Enjeux"), (joseph, "Besoins")):
        laptop.go(title)
    for one, other in zip("là où l’été finit", "une œuvre, à Noël", strict=True):
        maelle.press(one)
        joseph.press(other)
    assert table.all_equal() is not None
    assert under(table, "Enjeux") == ["là où l’été finit"]
    assert under(table, "Besoins") == ["une œuvre, à Noël"]
    expect(joseph.page.locator("#present")).to_contain_text("Maëlle")
    assert (maelle.cable.upgraded, joseph.cable.upgraded > 0) == (0, True)
    maelle.cable.cut()
    maelle.press("!")
    maelle.says("Gardé")
    maelle.cable.mend()
    assert table.all_equal() is not None


def test_nothing_needs_a_secure_page(table: Table) -> None:
    page = table.sit("Maëlle").page
    assert page.evaluate("[isSecureContext, typeof crypto.randomUUID, typeof crypto.subtle]") == [False, *["undefined"] * 2]


def test_a_line_that_carries_nothing_is_left_for_another_long_before_it_ends(table: Table) -> None:
    """After five seconds, and two at most to the next try: twice that, for a slow machine; left to itself it takes forty-five."""
    maelle = table.sit("Maëlle")
    maelle.go("Enjeux")
    maelle.press("à")
    maelle.says("Reçu")
    maelle.cable.hush()
    maelle.press("ç")
    maelle.says("Gardé")
    assert table.all_equal(15) is not None
    assert under(table, "Enjeux") == ["àç"]


def test_after_a_long_silence_everything_is_there(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    maelle.go("Enjeux")
    joseph.go("Besoins")
    maelle.cable.mute()
    maelle.press("à")
    joseph.press("ê")
    expect(maelle.page.locator("#notice")).to_contain_text("Le réseau manque")
    maelle.cable.mend()
    assert table.all_equal() is not None
    assert under(table, "Enjeux") + under(table, "Besoins") == ["à", "ê"]


# --- What the laptop keeps


def test_a_dead_battery_loses_nothing_that_was_kept_here(table: Table) -> None:
    maelle = table.sit("Maëlle")
    maelle.go("Enjeux")
    maelle.says("Reçu")
    maelle.cable.cut()
    for letter in "Écrit à la cave, sans réseau":
        maelle.press(letter)
    maelle.says("Gardé sur cet appareil")
    maelle.crash()
    assert under(table, "Enjeux") == []
    maelle.cable.mend()
    maelle.load()
    assert table.all_equal() is not None
    assert under(table, "Enjeux") == ["Écrit à la cave, sans réseau"]


def test_finishing_erases_all_that_the_laptop_kept(table: Table) -> None:
    maelle = table.sit("Maëlle")
    maelle.go("Enjeux")
    maelle.press("é")
    maelle.says("Reçu")
    kept, _ = maelle.storage()
    assert [one["name"] for one in kept] == [f"facilitation:sheet:{table.sheet}"]
    maelle.page.get_by_role("button", name="Terminer").click()
    expect(maelle.page.get_by_role("alert")).to_contain_text("rien gardé")
    kept, others = maelle.storage()
    assert (kept, [key for key in others if "sheet" in key]) == ([], [])
    assert under(table, "Enjeux") == ["é"]


# --- Two hands in one place


def test_words_typed_into_a_section_that_another_moves_go_with_it(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    maelle.go("Besoins")
    for letter in "Un car à sept heures":
        maelle.press(letter)
    assert table.all_equal() is not None
    maelle.cable.cut()
    for letter in ", et un vélo":
        maelle.press(letter)
    maelle.page.keyboard.press("Enter")
    for letter in "Une halte":
        maelle.press(letter)
    joseph.go("Besoins")
    for _ in range(2):
        joseph.page.keyboard.press("Alt+ArrowUp")
    joseph.says("Reçu")
    maelle.cable.mend()
    assert table.all_equal() is not None
    assert table.lines()[0] == "Besoins"
    assert under(table, "Besoins") == ["Un car à sept heures, et un vélo", "Une halte"]


def test_words_typed_into_a_section_that_another_drops_come_back_under_its_title(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    maelle.go("Besoins")
    maelle.cable.cut()
    for letter in "Un abri à Brèze":
        maelle.press(letter)
    maelle.says("Gardé")
    joseph.page.get_by_role("navigation").get_by_role("button", name="Besoins").first.focus()
    joseph.page.keyboard.press("Delete")
    expect(joseph.page.locator("#editor .ProseMirror")).not_to_contain_text("Besoins")
    joseph.says("Reçu")
    maelle.cable.mend()
    assert table.all_equal() is not None
    assert under(table, "Besoins") == ["Un abri à Brèze"]
    expect(maelle.page.locator("#notice")).to_contain_text("vos mots l’ont suivi")


def test_words_added_to_a_short_line_never_end_up_inside_a_title(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    joseph.go("Actions")
    for letter in "Fermer la rue":
        joseph.press(letter)
    maelle.go("Besoins")
    for letter in "Un car":
        maelle.press(letter)
    assert table.all_equal() is not None
    titles = [section["title"] for section in table.data()["sections"]]
    maelle.cable.cut()
    for letter in ", un vélo":
        maelle.press(letter)
    maelle.says("Gardé")
    joseph.page.get_by_role("navigation").get_by_role("button", name="Besoins").first.focus()
    joseph.page.keyboard.press("Delete")
    joseph.says("Reçu")
    maelle.cable.mend()
    assert table.all_equal() is not None
    assert under(table, "Besoins") == [", un vélo"]
    assert sorted(section["title"] for section in table.data()["sections"]) == sorted(titles)
    assert under(table, "Actions") == ["Fermer la rue"]


def test_the_cursor_never_jumps_into_a_title_or_another_word(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    maelle.go("Besoins")
    for letter in "Un car":
        maelle.press(letter)
    assert table.all_equal() is not None
    joseph.page.get_by_role("navigation").get_by_role("button", name="Besoins").first.focus()
    joseph.page.keyboard.press("Delete")
    expect(maelle.page.locator("#editor .ProseMirror")).not_to_contain_text("Un car")
    maelle.press("!")
    assert table.all_equal() is not None
    assert "Besoins" not in table.lines()
    assert under(table, "Actions") == ["!"]
    assert "Bonnes pratiques" in table.lines()


def test_the_cursor_follows_a_line_that_another_makes_a_list_of(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    maelle.go("Besoins")
    for letter in "Un car ":
        maelle.press(letter)
    assert table.all_equal() is not None
    joseph.go("Besoins")
    joseph.page.keyboard.press("Control+Shift+8")
    maelle.page.locator("#editor .ProseMirror li").wait_for()
    for letter in "à l’heure":
        maelle.press(letter)
    assert table.all_equal() is not None
    assert under(table, "Besoins") == ["Un car à l’heure"]


# --- Composed letters


def test_a_letter_being_composed_survives_what_others_type_beside_it(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    maelle.go("Besoins")
    maelle.press("L")
    assert table.all_equal() is not None
    joseph.go("Besoins")
    joseph.page.keyboard.press("Home")
    maelle.wire.send("Input.imeSetComposition", {"text": "e", "selectionStart": 1, "selectionEnd": 1})
    for letter in "Où ? ":
        joseph.press(letter)
    joseph.says("Reçu")
    maelle.compose("eu", "europe", "Europé")
    assert table.all_equal() is not None
    assert under(table, "Besoins") == ["Où\u202f? LEuropé"]


def test_a_word_being_composed_is_there_after_a_reload(table: Table) -> None:
    """What a phone's keyboard underlines is not yet said, but it is already written."""
    maelle = table.sit("Maëlle")
    maelle.go("Besoins")
    maelle.press("À")
    maelle.says("Reçu")
    maelle.cable.cut()
    maelle.wire.send("Input.imeSetComposition", {"text": "l’œuvre", "selectionStart": 7, "selectionEnd": 7})
    maelle.says("Gardé")
    maelle.leave()
    maelle.cable.mend()
    maelle.load()
    assert table.all_equal() is not None
    assert under(table, "Besoins") == ["Àl’œuvre"]


def test_dictation_and_a_phone_keyboard_survive_what_others_type_and_take_away(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    maelle.go("Besoins")
    joseph.go("Enjeux")
    for phrase, letter in zip(["Où dîne-t-on ", "à Noël, ", "çà et là "], "été", strict=True):
        # Dictation: whole phrases at once, tried and corrected.
        maelle.wire.send("Input.insertText", {"text": phrase})
        joseph.press(letter)
    # A phone's keyboard: each key composes the word again, one is taken back, a suggestion replaces all.
    for step in ("n", "na", "naî", "na", "naï", "naïf"):
        maelle.wire.send("Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)})
        joseph.press("-")
    joseph.page.keyboard.press("Backspace")
    joseph.page.keyboard.press("Alt+ArrowDown")
    maelle.wire.send("Input.insertText", {"text": "naïfs"})
    maelle.compose("´", "é")
    assert table.all_equal() is not None
    assert under(table, "Besoins") == ["Où dîne-t-on à Noël, çà et là naïfsé"]
    assert under(table, "Enjeux") == ["été-----"]


# --- Eight in one sheet


def test_eight_write_at_once_and_each_sees_the_names_and_cursors_of_the_others(table: Table) -> None:
    names = ["Maëlle", "Joseph", "Nadia", "Basile", "Zoé", "Côme", "Inès", "Loïc"]
    laptops = [table.sit(name) for name in names]
    words = ["aube", "brèze", "çà", "dîner", "été", "forêt", "gîte", "hôtel"]
    titles = [section["title"] for section in table.data()["sections"]]
    assert len(titles) == 8
    for laptop, title in zip(laptops, titles, strict=True):
        laptop.go(title)
    for place in range(5):
        for laptop, word in zip(laptops, words, strict=True):
            if place < len(word):
                laptop.press(word[place])
    assert table.all_equal() is not None
    assert [under(table, title) for title in titles] == [[word] for word in words]
    for laptop, name in zip(laptops, names, strict=True):
        others = sorted(one for one in names if one != name)
        expect(laptop.page.locator("#editor .writer-caret")).to_have_count(7)
        shown = laptop.page.locator("#editor .writer-caret").evaluate_all("all => all.map((one) => one.dataset.name)")
        assert sorted(shown) == others
        expect(laptop.page.locator("#writers li")).to_have_count(8)
        colours = laptop.page.locator("#writers li").evaluate_all("all => all.map((one) => one.className)")
        assert len(set(colours)) == 8
        colours = laptop.page.locator("#writers li").evaluate_all("all => all.map((one) => one.className)")
        assert len(set(colours)) == 8
        present = laptop.page.locator("#present").inner_text()
        assert all(one in present for one in others)
