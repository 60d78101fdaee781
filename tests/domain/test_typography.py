import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitation.domain.typography import french, ordinals, plain, title

THIN = "\u202f"
FIRM = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Comment ?", f"Comment{THIN}?"),
        ("Comment?", f"Comment{THIN}?"),
        ("Enjeux : agir ; tenir !", f"Enjeux{THIN}: agir{THIN}; tenir{THIN}!"),
        ("Partout !!!!", f"Partout{THIN}!!!!"),
        ("« pas d'Internet »", f"«{THIN}pas d’Internet{THIN}»"),
        ("«Profiter»", f"«{THIN}Profiter{THIN}»"),
        ("25% ou 30 % des voix exprimées", f"25{THIN}% ou 30{THIN}% des voix exprimées"),
        ("10 000 personnes", f"10{THIN}000 personnes"),
        ("en 2016 125 personnes", "en 2016 125 personnes"),
        ("le n° 33, p. 7", f"le n°{FIRM}33, p.{FIRM}7"),
        ("20 min", f"20{FIRM}min"),
        ("Rendez-vous à 10:30", "Rendez-vous à 10:30"),
        ("l'eau et l’air", "l’eau et l’air"),
    ],
)
def test_french_spaces(typed: str, printed: str) -> None:
    assert french(typed) == printed


@pytest.mark.parametrize(
    "address", ["https://forum.test/f?a=b;c=d", "mailto:ines@example.org?subject=oui", "ines.roux@example.org"]
)
def test_addresses_are_left_alone(address: str) -> None:
    assert french(f"Voir {address} pour cela") == f"Voir {address} pour{FIRM}cela"


def test_a_short_last_word_keeps_its_neighbour() -> None:
    assert french("La légitimité à faire pour et avec tous.") == f"La légitimité à faire pour et avec{FIRM}tous."


def test_a_title_never_ends_a_line_on_a_small_word() -> None:
    assert title("Catalyseur des innovations et de la co-construction") == (
        f"Catalyseur des{FIRM}innovations et{FIRM}de{FIRM}la{FIRM}co-construction"
    )


def test_letters_of_ordinals_are_raised() -> None:
    assert list(ordinals("1er forum du XXIe siècle")) == [
        ("1", False), ("er", True), (" forum du XXI", False), ("e", True), (" siècle", False),
    ]


@pytest.mark.parametrize("text", ["Vers Ver", "10 de", "93 ers"])
def test_words_that_only_look_like_ordinals_are_not(text: str) -> None:
    assert list(ordinals(text)) == [(text, False)]


@given(st.text(alphabet=string.ascii_letters + " ;:?!«»%'’0123456789.é@-\u202f\u00a0"))
def test_setting_twice_changes_nothing_more(text: str) -> None:
    assert french(french(text)) == french(text)
    assert title(title(text)) == title(text)
    assert "".join(piece for piece, _ in ordinals(text)) == text


@given(st.text(alphabet=string.ascii_letters + " ;:?!«»%'é"))
def test_only_spaces_and_apostrophes_change(text: str) -> None:
    assert plain(title(text)).replace(" ", "") == plain(text).replace(" ", "")


@pytest.mark.parametrize("unit", ["a", "!", " ", "«", "a@", "1 ", "www.", "123 ", "' "])
def test_ten_thousand_characters_take_no_time(unit: str) -> None:
    started = time.process_time()
    title(unit * (10_000 // len(unit)))
    assert time.process_time() - started < 2
