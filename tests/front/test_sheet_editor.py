"""Several people in one sheet, in real browsers, over a line that is cut or falls silent: no letter is lost."""

import pytest
from playwright.sync_api import expect

from tests.front.desk import Desk, all_equal, section, state, write

pytestmark = pytest.mark.browser


# --- Together


def test_two_people_write_at_once_and_read_the_same(desk: Desk) -> None:
    maelle, joseph = desk.sit("Maëlle"), desk.sit("Joseph")
    section(maelle, "Enjeux").click()
    section(joseph, "Besoins").click()
    for one, other in zip("L'été, où dîne-t-on ? Ça m'a ému.", "À Brèze : naïf, aigu, œuvre, même là !", strict=False):
        maelle.keyboard.type(one)
        joseph.keyboard.type(other)
    joseph.keyboard.type(" là !")
    lines = all_equal(desk, maelle, joseph)
    assert lines[lines.index("Enjeux") + 1] == "L’été, où dîne-t-on\u202f? Ça m’a ému."
    assert lines[lines.index("Besoins") + 1].startswith("À Brèze\u202f: naïf, aigu, œuvre, même")
    write(maelle, "Actions", "Début. Fin.")
    expect(joseph.locator("#editor .ProseMirror")).to_contain_text("Début. Fin.")
    section(joseph, "Actions").click()
    joseph.keyboard.press("Home")
    expect(maelle.locator("#writers")).to_contain_text("Joseph")
    for one, other in zip("éèàùç", "12345", strict=True):
        maelle.keyboard.type(one)
        joseph.keyboard.type(other)
    assert "12345Début. Fin.éèàùç" in all_equal(desk, maelle, joseph)
    expect(maelle.locator("#present")).to_contain_text("Joseph")


def test_undo_takes_back_only_ones_own(desk: Desk) -> None:
    maelle, joseph = desk.sit("Maëlle"), desk.sit("Joseph")
    write(maelle, "Enjeux", "De Maëlle")
    write(joseph, "Besoins", "De Joseph")
    all_equal(desk, maelle, joseph)
    maelle.keyboard.press("Control+z")
    expect(joseph.locator("#editor .ProseMirror")).not_to_contain_text("De Maëlle")
    assert "De Joseph" in all_equal(desk, maelle, joseph)
    maelle.keyboard.press("Control+Shift+z")
    expect(joseph.locator("#editor .ProseMirror")).to_contain_text("De Maëlle")


# --- Bad networks


def test_a_cut_line_keeps_the_words_here_and_sends_them_later(desk: Desk) -> None:
    maelle, joseph = desk.sit("Maëlle"), desk.sit("Joseph")
    write(maelle, "Enjeux", "Avant la coupure.")
    all_equal(desk, maelle, joseph)
    desk.line.cut()
    write(maelle, "Besoins", "Écrit sans réseau, à la cave.")
    write(joseph, "Besoins", "Écrit ailleurs, sans réseau non plus.")
    state(maelle, "Gardé sur cet appareil")
    state(joseph, "Gardé sur cet appareil")
    desk.line.mend()
    lines = "".join(all_equal(desk, maelle, joseph))
    assert "Écrit sans réseau, à la cave." in lines
    assert "Écrit ailleurs, sans réseau non plus." in lines


def test_words_and_deletions_left_unsent_are_found_after_a_reload(desk: Desk) -> None:
    maelle, joseph = desk.sit("Maëlle"), desk.sit("Joseph")
    write(maelle, "Enjeux", "À effacer")
    write(maelle, "Besoins", "À garder")
    all_equal(desk, maelle, joseph)
    desk.line.cut()
    section(maelle, "Enjeux").click()
    maelle.keyboard.press("Control+a")
    maelle.keyboard.press("Delete")
    state(maelle, "Gardé sur cet appareil")
    maelle.goto("about:blank")
    write(joseph, "Besoins", " et à compléter")
    state(joseph, "Gardé sur cet appareil")
    joseph.goto("about:blank")
    desk.line.mend()
    desk.come_back(maelle, "Maëlle")
    desk.come_back(joseph, "Joseph")
    lines = all_equal(desk, maelle, joseph)
    assert "À effacer" not in lines
    assert "À garder et à compléter" in lines


def test_a_line_that_falls_silent_is_left_for_another(desk: Desk) -> None:
    maelle = desk.sit("Maëlle")
    write(maelle, "Enjeux", "Parlé")
    state(maelle, "Reçu")
    desk.line.hush()
    maelle.keyboard.type(" dans le vide")
    state(maelle, "Gardé sur cet appareil")
    state(maelle, "Reçu")
    assert "Parlé dans le vide" in desk.kept()


def test_a_refusal_is_a_sentence_and_keeps_the_words(desk: Desk) -> None:
    maelle = desk.sit("Maëlle")
    desk.ask("/close/yes")
    write(maelle, "Enjeux", "Trop tard")
    expect(maelle.get_by_role("alert")).to_contain_text("Ce forum est clos.")
    state(maelle, "Gardé sur cet appareil")
    maelle.get_by_role("button", name="Terminer").click()
    expect(maelle.get_by_role("alert")).to_contain_text("Tout n’est pas encore reçu")
    desk.ask("/close/no")
    desk.line.cut()
    desk.line.mend()
    assert "Trop tard" in all_equal(desk, maelle)


def test_finishing_leaves_nothing_on_the_laptop(desk: Desk) -> None:
    maelle = desk.sit("Maëlle")
    write(maelle, "Synthèse".lower(), "Une seule horloge.")
    state(maelle, "Reçu")
    maelle.get_by_role("button", name="Terminer").click()
    expect(maelle.get_by_role("alert")).to_contain_text("rien gardé")
    expect(maelle.get_by_role("textbox", name="Texte de la fiche")).to_have_attribute("contenteditable", "false")
    assert maelle.evaluate("indexedDB.databases()") == []
    assert "Une seule horloge." in desk.kept()


def test_a_sheet_that_just_came_is_not_overwritten_by_the_first_key(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    page.get_by_role("textbox", name="Texte de la fiche").focus()
    page.keyboard.type("Bonjour")
    assert all_equal(desk, page) == ["Bonjour", "Enjeux", "Bonnes pratiques", "Besoins", "Actions", "En synthèse"]


def test_who_may_only_read_reads(desk: Desk) -> None:
    maelle, reader = desk.sit("Maëlle"), desk.sit("Nadia", "?may=read")
    desk.ask("/close/yes")
    write(maelle, "Enjeux", "Déjà trop tard")
    desk.line.cut()
    desk.line.mend()
    expect(maelle.get_by_role("alert")).to_contain_text("ne s’écrit plus d’ici")
    for page in (maelle, reader):
        expect(page.get_by_role("textbox", name="Texte de la fiche")).to_have_attribute("aria-readonly", "true")
        expect(page.get_by_role("button", name="Ajouter une rubrique")).to_be_hidden()
    assert "Déjà trop tard" not in desk.kept()
    expect(maelle.locator("#editor .ProseMirror")).to_contain_text("Déjà trop tard")
