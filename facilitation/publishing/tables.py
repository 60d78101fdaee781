"""The book's tables as CSV files in one ZIP, as a French spreadsheet opens them: semicolons, UTF-8 with its mark."""

import csv
import io
from collections.abc import Iterator, Sequence

from facilitation.publishing.archive import packed
from facilitation.publishing.book import Book
from facilitation.publishing.story import Teller

# A cell that begins with one of these may be run as a formula; an apostrophe before it makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Cell = str | int | None


def tables(book: Book) -> bytes:
    """sujets.csv, votes.csv, ateliers.csv and engagements.csv."""
    teller = Teller(book)
    _ = teller._
    files = {
        "sujets": ([_("N°"), _("Sujet"), _("Détails"), _("Proposé par"), _("Suite")], _topics(teller)),
        "votes": ([_("N°"), _("Sujet"), teller.counts.label(), _("Tour")], _votes(book)),
        "ateliers": (
            [_("N°"), _("Titre"), _("Nés des sujets"), _("Rapporteurs"), _("Proposé par"), _("Créneau"), _("Salle"),
             teller.counts.label(), _("Rang"), _("Personnes inscrites"), _("Fiche")],
            _workshops(teller),
        ),
        "engagements": ([_("Personne"), _("Organisation"), _("Engagement"), _("Atelier"), _("Avec")], _engagements(book)),
    }  # fmt: skip
    return packed({f"{name}.csv": _file(head, rows) for name, (head, rows) in files.items()})


def safe(cell: Cell) -> Cell:
    """What a spreadsheet shows and never runs."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" \u00a0\u202f").startswith(_FORMULA) else cell


def _file(head: Sequence[str], rows: Iterator[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _topics(teller: Teller) -> Iterator[Sequence[Cell]]:
    for topic in teller.book.topics:
        yield topic.number, topic.title, "\n".join(topic.details), ", ".join(topic.authors), teller.fate(topic)


def _votes(book: Book) -> Iterator[Sequence[Cell]]:
    if book.vote is not None:
        titles = {topic.number: topic.title for topic in book.topics}
        last = len(book.vote.former) + 1
        yield from ((topic.number, topic.title, topic.votes, last) for topic in book.topics)
        for held in book.vote.former:
            yield from ((one.topic, titles.get(one.topic), one.votes, held.number) for one in held.votes)


def _workshops(teller: Teller) -> Iterator[Sequence[Cell]]:
    for one in teller.book.workshops:
        topics = ", ".join(map(str, one.from_topics))
        yield (
            one.number, one.title, topics, ", ".join(one.rapporteurs), ", ".join(one.hosts), one.slot, one.room, one.votes,
            one.rank, one.joined, teller._("oui") if one.written else teller._("non"),
        )  # fmt: skip


def _engagements(book: Book) -> Iterator[Sequence[Cell]]:
    for engaged in book.engagements:
        for item in engaged.items:
            yield engaged.person, engaged.organisation, item.text, item.workshop, ", ".join(item.joined)
