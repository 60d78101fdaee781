"""What an edition changed since the last one, in a few sentences."""

from facilitation.publishing.book import Book, Changed
from facilitation.publishing.words import Words


def told(book: Book) -> list[str]:
    """The sentences, in the order of the book; none where there is nothing to compare with."""
    words = Words(book.language)
    return [sentence for one in book.edition.changes if (sentence := _sentence(one, words))]


def _sentence(one: Changed, words: Words) -> str:  # noqa: C901, PLR0911, PLR0912  one sentence for each kind
    _, ngettext = words._, words.ngettext
    listed, n = words.list([str(number) for number in one.numbers]), one.count or len(one.numbers)
    match one.kind:
        case "withdrawn":
            return ngettext(
                "L’édition n° %(l)s a été retirée ; celle-ci la remplace.",
                "Les éditions n° %(l)s ont été retirées ; celle-ci les remplace.", n, l=listed,
            )  # fmt: skip
        case "sheets_new":
            return ngettext(
                "La fiche de l’atelier %(l)s est arrivée.",
                "Les fiches des ateliers %(l)s sont arrivées.", n, l=listed,
            )  # fmt: skip
        case "sheets_changed":
            return ngettext("La fiche de l’atelier %(l)s a changé.", "Les fiches des ateliers %(l)s ont changé.", n, l=listed)
        case "sheets_gone":
            return ngettext(
                "La fiche de l’atelier %(l)s n’y est plus.",
                "Les fiches des ateliers %(l)s n’y sont plus.", n, l=listed,
            )  # fmt: skip
        case "workshops_new":
            return ngettext("L’atelier %(l)s est nouveau.", "Les ateliers %(l)s sont nouveaux.", n, l=listed)
        case "workshops_changed":
            return ngettext(
                "Le titre, les noms, la salle ou l’heure de l’atelier %(l)s ont changé.",
                "Titres, noms, salles ou heures des ateliers %(l)s ont changé.", n, l=listed,
            )  # fmt: skip
        case "workshops_gone":
            return ngettext("L’atelier %(l)s n’y est plus.", "Les ateliers %(l)s n’y sont plus.", n, l=listed)
        case "topics_new":
            return ngettext("Le sujet n° %(l)s est nouveau.", "Les sujets n° %(l)s sont nouveaux.", n, l=listed)
        case "topics_changed":
            return ngettext("Le sujet n° %(l)s a changé.", "Les sujets n° %(l)s ont changé.", n, l=listed)
        case "topics_gone":
            return ngettext("Le sujet n° %(l)s n’y est plus.", "Les sujets n° %(l)s n’y sont plus.", n, l=listed)
        case "vote_changed":
            return _("Le compte des gommettes a changé.")
        case "agenda_changed":
            return _("Le programme des ateliers a changé.")
        case "spoken_changed":
            return _("Ce qui s’est dit en plénière a changé.")
        case "engagements_new":
            return ngettext(
                "Un engagement est nouveau ou dit autrement.",
                "%(n)d engagements sont nouveaux ou dits autrement.", n,
            )  # fmt: skip
        case "engagements_gone":
            return ngettext("Un engagement n’y est plus tel quel.", "%(n)d engagements n’y sont plus tels quels.", n)
        case "texts_changed":
            return ngettext("Un texte des organisateurs a changé.", "%(n)d textes des organisateurs ont changé.", n)
        case "people_changed":
            return _("La liste des personnes nommées a changé.")
        case "forum_changed":
            return _("La présentation du forum a changé.")
        case "layout_changed":
            return _("L’ordre, les titres ou les couleurs ont changé.")
    return ""
