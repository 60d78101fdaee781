"""The forum on one page, whatever the number of workshops."""

import io
from typing import Any

import pypdf
import pytest

from facilitation.markdown import blocks
from facilitation.publishing.book import read
from facilitation.publishing.brief import brief, lead
from facilitation.publishing.pages import print_page
from facilitation.publishing.pdf import pdf

TITLE = "Comment accueillir les saisonniers dans la vallée, pour plus d’une saison, et sans promettre trop, {}"
SHEET = "Le manque de relève. Les clés que personne n’a, parce que chacun croit que l’autre les tient depuis toujours.\n\n- Le bruit"


def book_of(count: int, words: str = SHEET) -> dict[str, Any]:
    workshops = [
        {"number": number, "title": TITLE.format(number), "votes": number % 50,
         "sheet": {"preamble": [], "sections": [{"key": "synthese", "title": "En synthèse", "blocks": blocks(words)}]}}
        for number in range(1, count + 1)
    ]  # fmt: skip
    figures = {"participants": 2108, "topics": 600, "workshops": count, "engagements": 2000}
    return {"forum": {"title": "Vivre ici"}, "figures": figures, "workshops": workshops}


@pytest.mark.parametrize(("count", "words"), [(3, SHEET), (7, SHEET), (24, SHEET), (60, SHEET), (6, "\n\n".join([SHEET] * 9))])
def test_it_takes_one_page(count: int, words: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf(print_page(read(book_of(count, words))))))
    starts = [reader.get_destination_page_number(mark) or 0 for mark in reader.outline if not isinstance(mark, list)]
    assert starts[1] - starts[0] == 1
    text = reader.pages[starts[0]].extract_text()
    page = brief(read(book_of(count, words)))
    assert all(f"{entry.workshop.number}" in text for entry in page.entries)


def test_few_have_their_lines_many_have_one_sentence_and_the_rest_are_counted() -> None:
    few, some, many = (brief(read(book_of(count))) for count in (3, 12, 150))
    assert (few.full, few.left_out, [entry.lead for entry in few.entries]) == (True, 0, ["", "", ""])
    assert (some.full, some.left_out, len([*some.entries])) == (False, 0, 12)
    assert all(entry.lead for entry in some.entries)
    shown = [entry.workshop for entry in many.entries]
    assert many.left_out == 150 - len(shown)
    assert len(shown) > 15
    assert [one.number for one in shown] == sorted(one.number for one in shown)
    least = min(one.votes or 0 for one in shown)
    assert all((one.votes or 0) <= least for one in read(book_of(150)).workshops if one not in shown)


def test_the_two_columns_are_about_as_long() -> None:
    left, right = brief(read(book_of(12))).columns
    assert abs(len(left) - len(right)) <= 1


def test_one_sentence_is_whole_where_it_fits_and_cut_after_a_word() -> None:
    assert lead(blocks("Le pain.\n\nLa farine"), 40) == "Le pain. La farine"
    assert lead(blocks("- le pain\n- la farine\n- le sel"), 26) == "le pain ; la farine"
    assert lead(blocks("Une phrase entière. Une autre bien plus longue que la place"), 36) == "Une phrase entière."
    assert lead(blocks("Une phrase qui ne tient pas dans si peu"), 20) == "Une phrase qui ne…"
    assert lead([], 40) == ""
