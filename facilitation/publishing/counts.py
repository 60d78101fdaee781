"""How the book tells votes: dots or marks of interest, in one round or several."""

from markupsafe import Markup

from facilitation.publishing import dots
from facilitation.publishing.book import Book, Round, Topic, Vote, Workshop
from facilitation.publishing.words import Words

# A former round shows the topics that had most; its table of figures would be a book of its own.
_ROUND_MOST = 12


class Counts:
    """The votes of one book in words and in dots."""

    def __init__(self, book: Book, words: Words) -> None:
        self.book = book
        self.words = words
        self.mode = book.vote.mode if book.vote else "dots"

    def label(self) -> str:
        """The head of a column or of a line of figures."""
        return self.words._("Intérêt") if self.mode == "interest" else self.words._("Gommettes")

    def said(self, votes: int, mode: str = "") -> str:
        """So many, in words."""
        if (mode or self.mode) == "interest":
            return self.words.ngettext("%(n)d marque d’intérêt", "%(n)d marques d’intérêt", votes)
        return self.words.ngettext("%(n)d gommette", "%(n)d gommettes", votes)

    def legend(self) -> str:
        """What the size of a circle on the cover tells."""
        if self.mode == "interest":
            return self.words._("Plus il est grand, plus il a intéressé de personnes.")
        return self.words._("Plus il est grand, plus il a reçu de gommettes.")

    def turnout(self, vote: Vote | Round) -> str:
        """Who voted, and how much in all."""
        if vote.mode == "interest":
            told = self.words.ngettext("%(n)d personne a donné", "%(n)d personnes ont donné", vote.voters)
        else:
            told = self.words.ngettext("%(n)d personne a posé", "%(n)d personnes ont posé", vote.voters)
        return f"{told} {self.said(vote.dots, vote.mode)}."

    def in_margin(self, workshop: Workshop) -> Markup:
        votes = workshop.votes or 0
        return dots.row(votes, dots.FILLS[workshop.colour], self.said(votes), radius=1.45, pitch=3.45, per_row=10)

    def in_table(self, topic: Topic) -> Markup:
        votes = topic.votes or 0
        most = max(min(other.votes or 0, dots.PLAIN_MOST) for other in self.book.topics)
        return self._row(topic, votes, most, self.said(votes), 35)

    def in_round(self, held: Round) -> list[tuple[Topic, int, Markup]]:
        """The topics of a former round with most votes, each with its dots."""
        by_number = {topic.number: topic for topic in self.book.topics}
        found = [(by_number[one.topic], one.votes) for one in held.votes if one.topic in by_number and one.votes]
        found.sort(key=lambda one: (-one[1], one[0].number))
        most = max([min(votes, dots.PLAIN_MOST) for _, votes in found] or [1])
        return [
            (topic, votes, self._row(topic, votes, most, self.said(votes, held.mode), 35)) for topic, votes in found[:_ROUND_MOST]
        ]  # fmt: skip

    def left_out(self, held: Round) -> int:
        """How many topics with votes a former round does not show."""
        return max(0, sum(1 for one in held.votes if one.votes) - _ROUND_MOST)

    def _row(self, topic: Topic, votes: int, most: int, alternative: str, room: float) -> Markup:
        workshop = self.book.workshop(topic.outcome.workshop) if topic.outcome.workshop is not None else None
        pitch = min(1.22, room / max(most, 1))
        fill = dots.FILLS[workshop.colour] if workshop else dots.SOFT
        return dots.row(votes, fill, alternative, radius=min(0.45, pitch * 0.4), pitch=pitch, per_row=dots.PLAIN_MOST)
