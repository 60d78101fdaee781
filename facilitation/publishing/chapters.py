"""The chapters of a book: which have something in them, what they are called, in what order they come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from facilitation.domain.layout import USUAL, Kind
from facilitation.publishing.book import Book, Workshop, Written, plenaries
from facilitation.publishing.words import Words


@dataclass(frozen=True)
class Chapter:
    """One chapter that has something to show. `group` gathers chapters under one line of the contents."""

    kind: str
    anchor: str
    title: str
    group: str = ""
    workshop: Workshop | None = None
    text: Written | None = None


def chapters(book: Book) -> list[Chapter]:
    """The chapters that have something in them, in the order the organisers gave them, or else in that of the day."""
    translated = Words(book.language)._
    usual = dict(_usual(book, translated))
    own = {one.key: one for one in book.texts}
    order = [(one.key, one.title) for one in book.layout.chapters] if book.personal is None else []
    named = {key for key, _ in order}
    found: list[Chapter] = []
    for key, title in order or [(key, "") for key in USUAL]:
        if key in own:
            found.append(_written(own[key], title, translated))
        found += _renamed(usual.get(key, []), title)
    found += [_written(one, "", translated) for one in book.texts if one.key not in named | (set() if order else set(USUAL))]
    return _numbered(found, translated)


def _renamed(found: list[Chapter], title: str) -> Iterator[Chapter]:
    """A chapter of many is renamed as a whole."""
    for one in found:
        if not title:
            yield one
        elif one.workshop is not None:
            yield Chapter(one.kind, one.anchor, one.title, title, one.workshop)
        else:
            yield Chapter(one.kind, one.anchor, title)


def _written(text: Written, title: str, _: Callable[[str], str]) -> Chapter:
    usual = {Kind.WELCOME: _("Mots d’accueil"), Kind.MOTIVES: _("Exposé des motifs"), Kind.CONCLUSION: _("Conclusion")}
    called = title or text.title or usual.get(text.key) or (_("Annexe") if text.annex else _("Sans titre"))  # type: ignore[call-overload]
    return Chapter("text", f"chapitre-{text.key}", called, text=text)


def _numbered(found: list[Chapter], _: Callable[..., str]) -> list[Chapter]:
    """Annexes are told apart by a number where there are several."""
    annexes = [one for one in found if one.text is not None and one.text.annex]
    for number, one in enumerate(annexes, 1):
        title = _("Annexe %(number)d : %(title)s", number=number, title=one.title) if len(annexes) > 1 else (
            _("Annexe : %(title)s", title=one.title) if one.title != _("Annexe") else one.title
        )
        found[found.index(one)] = Chapter(one.kind, one.anchor, title, text=one.text)
    return found


def _usual(book: Book, _: Callable[[str], str]) -> Iterator[tuple[str, list[Chapter]]]:
    """What the day itself made, by kind."""
    forum, mine = book.forum, book.personal is not None
    if (book.workshops_written or book.topics) and not mine:
        yield Kind.BRIEF, [Chapter("brief", "en-bref", _("En bref"))]
    if forum.theme or forum.objectives or any(plenaries(book.opening)):
        yield Kind.OPENING, [Chapter("opening", "ouverture", _("Ouverture"))]
    if book.topics:
        yours, all_of_them = _("Mes sujets et ce qu’ils sont devenus"), _("Les sujets proposés et ce qu’ils sont devenus")
        yield Kind.TOPICS, [Chapter("topics", "sujets", yours if mine else all_of_them)]
    if book.agenda.cells:
        yield Kind.AGENDA, [Chapter("agenda", "programme", _("Le programme des ateliers"))]
    group = _("Mes ateliers") if mine else _("Les ateliers")
    yield Kind.WORKSHOPS, [
        Chapter("workshop", f"atelier-{one.number}", one.title, group, one) for one in book.workshops_written
    ]
    if book.workshops_silent:
        title = _("Mes ateliers sans fiche") if mine else _("Les ateliers sans fiche")
        yield Kind.SILENT, [Chapter("silent", "ateliers-sans-fiche", title)]
    if any(engaged.items for engaged in book.engagements):
        yield Kind.ENGAGEMENTS, [Chapter("engagements", "engagements", _("Mes engagements") if mine else _("Les engagements"))]
    if any(plenaries(book.closing)):
        yield Kind.CLOSING, [Chapter("closing", "cloture", _("Conclusion et mots de clôture"))]
    if book.people:
        yield Kind.PEOPLE, [Chapter("people", "personnes", _("Les personnes nommées"))]
