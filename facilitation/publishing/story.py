"""The book as one story, told the same way to every format that has headings, lists and tables: what comes, in what order."""

from collections.abc import Iterator, Sequence

from facilitation.publishing import chapters, logos, pages, photos, since
from facilitation.publishing.book import (
    Blocks,
    Book,
    Engaged,
    Fate,
    Photo,
    Plenary,
    Promise,
    Sheet,
    Topic,
    Vote,
    Workshop,
    Written,
    plenaries,
)
from facilitation.publishing.brief import brief
from facilitation.publishing.counts import Counts
from facilitation.publishing.lost import missing, too_long
from facilitation.publishing.pieces import Block, Facts, Figure, Grid, Heading, Note, Picture, Pictures, Piece, Row, Text, Title
from facilitation.publishing.words import Words


class Teller:
    """Tells one book."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.words = Words(book.language)
        self._ = self.words._
        self.many = self.words.ngettext
        self.counts = Counts(book, self.words)
        self.lost = too_long(book)

    def tell(self) -> Iterator[Piece]:
        """The whole book."""
        yield from self._cover()
        group = ""
        for chapter in chapters.chapters(self.book):
            if chapter.group != group and chapter.group:
                yield Heading(1, chapter.group)
            group = chapter.group
            yield from self._told(chapter)
        yield Note(" ".join(self._colophon()))

    def _told(self, chapter: chapters.Chapter) -> list[Piece]:
        about = chapter.workshop or chapter.text
        head: list[Piece] = [] if chapter.workshop else [Heading(1, chapter.title, chapter.anchor)]
        if chapter.anchor not in self.lost:
            try:
                return [*head, *getattr(self, f"_{chapter.kind}")(*([about] if about else []))]
            except Exception as error:  # noqa: BLE001  whatever it is, it is told by its name and only this chapter is lost
                self.lost.add(chapter, repr(error))
        return [*(head or [Heading(2, self.words.bare(self.lost.titles[chapter.anchor]))]), Note(missing(self.words))]

    # --- Before the first chapter

    def _cover(self) -> Iterator[Piece]:
        forum, bare = self.book.forum, self.words.bare
        kind = self._("Compte-rendu provisoire") if self.book.edition.state == "draft" else self._("Compte-rendu")
        when = " · ".join(part for part in (self.words.month(forum.date), bare(forum.place), bare(forum.host)) if part)
        yield Title(bare(forum.title), [line for line in (kind, bare(forum.meeting), when) if line])
        rows = [
            (self.many("Organisateur", "Organisateurs", len(forum.organisers)), forum.organisers),
            (self.many("Partenaire", "Partenaires", len(forum.partners)), forum.partners),
        ]
        if found := [(label, bare(", ".join(names))) for label, names in rows if names]:
            yield Facts(found)
        if forum.cover and (data := photos.drawn(forum.cover)):
            scale = min(160 / max(forum.cover.width, 1), 110 / max(forum.cover.height, 1))
            said = bare(forum.cover.alt)
            size = (forum.cover.width * scale, forum.cover.height * scale)
            yield Figure(Picture(data, said or self._("Photo de couverture, sans description"), *size), said)
        if shown := list(self._logos()):
            yield Pictures(shown)

    def _logos(self) -> Iterator[Picture]:
        printable = logos.printable(self.book)
        other = self._("Logo de l’un des organisateurs ou partenaires")
        for logo in self.book.forum.logos:
            if logo.id in printable:
                said = self._("Logo : %(name)s", name=logo.label) if logo.label else other
                scale = min(25 / max(logo.width, 1), 13 / max(logo.height, 1))
                yield Picture(printable[logo.id], said, logo.width * scale, logo.height * scale)

    def _colophon(self) -> Iterator[str]:
        edition = self.book.edition
        if edition.state == "draft":
            yield self._("Compte-rendu provisoire.") + " " + self._("Des fiches peuvent encore arriver.")
        elif edition.number:
            yield self._("Édition n° %(number)d.", number=edition.number)
            if found := since.told(self.book):
                yield self._("Depuis l’édition précédente :") + " " + " ".join(found)
        if edition.made_at:
            yield self._("Tiré le %(moment)s.", moment=self.words.moment(edition.made_at, self.book.forum.timezone))
        yield self._("N’y sont nommées que les personnes qui l’ont choisi.")

    # --- Chapters, named after their kind

    def _brief(self) -> Iterator[Piece]:
        figures = self.book.figures
        told = [
            (figures.participants, self.many("personne présente", "personnes présentes", figures.participants)),
            (figures.topics, self.many("sujet proposé", "sujets proposés", figures.topics)),
            (figures.workshops, self.many("atelier", "ateliers", figures.workshops)),
            (figures.engagements, self.many("engagement", "engagements", figures.engagements)),
        ]
        yield Note(" · ".join(f"{self.words.number(figure)} {label}" for figure, label in told if figure))
        page = brief(self.book)
        for entry in page.entries:
            yield Heading(0, self._titled(entry.workshop))
            if not page.full:
                yield Text([_plain(self.words.bare(entry.lead))] if entry.lead else [])
                continue
            if not entry.found.synthesis:
                origin = self._("Extrait de la fiche")
                yield Note(origin + (self._(" : « %(title)s »", title=entry.found.title) if entry.found.title else ""))
            yield Text(entry.found.blocks)
        if page.left_out:
            yield Note(self._more(page.left_out))

    def _more(self, count: int) -> str:
        return self.many(
            "Cette page n’a de place que pour les ateliers les plus demandés : un autre a sa fiche plus loin.",
            "Cette page n’a de place que pour les ateliers les plus demandés : %(n)d autres ont leur fiche plus loin.",
            count,
        )

    def _opening(self) -> Iterator[Piece]:
        forum = self.book.forum
        if forum.facilitators:
            yield Facts([(self._("Animation"), self.words.bare(", ".join(forum.facilitators)))])
        if forum.theme:
            yield Heading(2, self._("Le thème"))
            yield Text(forum.theme)
        if forum.objectives:
            yield Heading(2, self._("Les objectifs"))
            yield Text(forum.objectives)
        yield from self._spoken(self.book.opening)

    def _closing(self) -> Iterator[Piece]:
        yield from self._spoken(self.book.closing)

    def _spoken(self, spoken: list[Plenary]) -> Iterator[Piece]:
        for plenary in plenaries(spoken):
            if plenary.title:
                yield Heading(2, self.words.bare(plenary.title))
            if plenary.sheet:
                yield from self._sheet(plenary.sheet)
            yield from self._notes(plenary.notes)
            yield from self._photos(plenary.photos)

    def _sheet(self, sheet: Sheet) -> Iterator[Piece]:
        if sheet.preamble:
            yield Text(sheet.preamble)
        for section in sheet.written:
            if section.title:
                yield Heading(3, self.words.bare(section.title))
            yield Text(section.blocks)

    def _notes(self, jotted: Blocks) -> Iterator[Piece]:
        if jotted:
            yield Heading(3, self._("Notes en vrac"))
            yield Text(jotted)

    def _photos(self, found: list[Photo]) -> Iterator[Piece]:
        drawn = [(photo, data) for photo in found if (data := photos.drawn(photo))]
        if drawn:
            yield Heading(3, self.many("La photo du paperboard", "Les photos du paperboard", len(drawn)))
        for photo, data in drawn:
            said = self.words.bare(photo.alt)
            scale = min(150 / max(photo.width, 1), 120 / max(photo.height, 1))
            size = (photo.width * scale, photo.height * scale) if photo.width and photo.height else (100, 75)
            yield Figure(Picture(data, said or self._("Photo d’un paperboard, sans description"), *size), said)

    def _text(self, text: Written) -> Iterator[Piece]:
        yield Text(text.blocks, 2)

    def _topics(self) -> Iterator[Piece]:
        vote = self.book.vote
        columns = [self._("N°"), self._("Sujet"), *([self.counts.label()] if vote else []), self._("Suite")]
        rows = [self._row(topic) for topic in self.book.topics]
        yield Grid(columns, rows, self._("Les sujets proposés et ce qu’ils sont devenus"), voted=vote is not None)
        if vote:
            yield Note(self.counts.turnout(vote))
            yield from self._rounds(vote)

    def _rounds(self, vote: Vote) -> Iterator[Piece]:
        for held in vote.former:
            if shown := self.counts.in_round(held):
                yield Heading(3, self.many("Le 1er tour de vote", "Le %(n)de tour de vote", held.number))
                lines = [f"{self.words.bare(topic.title)} – {self.counts.said(votes, held.mode)}" for topic, votes, _ in shown]
                yield Text([_bullets([_plain(line) for line in lines])])
                yield Note(self.counts.turnout(held))

    def _row(self, topic: Topic) -> Row:
        bare, vote = self.words.bare, self.book.vote
        late = vote is not None and topic.number in vote.late
        return Row(
            str(topic.number), bare(topic.title), [bare(one) for one in topic.details], self._listed(topic.authors),
            str(topic.votes) if topic.votes is not None else "–" if late else "", self.fate(topic),
            topic.outcome.kind is Fate.WORKSHOP,
        )  # fmt: skip

    def fate(self, topic: Topic) -> str:
        """What became of a topic, in a few words."""
        outcome = topic.outcome
        workshop = self.book.workshop(outcome.workshop) if outcome.workshop is not None else None
        parts = [self._("Atelier %(number)d", number=workshop.number)] if workshop else []
        if outcome.with_:
            numbers = ", ".join(map(str, outcome.with_))
            parts.append(self.many("avec le n° %(numbers)s", "avec les n° %(numbers)s", len(outcome.with_), numbers=numbers))
        elif not workshop:
            left = {Fate.WITHDRAWN: self._("retiré"), Fate.UNPLACED: self._("pas programmé")}
            parts.append(left.get(outcome.kind, self._("au mur")))
        return ", ".join(parts)

    def _agenda(self) -> Iterator[Piece]:
        zone = self.book.forum.timezone
        for index, (slot, rows) in enumerate(pages.agenda(self.book), 1):
            hours = " – ".join(self.words.hour(at, zone) for at in (slot.start, slot.end) if at)
            title = self.words.bare(slot.title) or self._("Créneau %(number)d", number=index)
            yield Heading(2, f"{title}, {hours}" if hours else title)
            yield Text([_bullets([_plain(" – ".join([self._titled(one), *self._where(room, one)])) for room, one in rows])])

    def _where(self, room: str, workshop: Workshop) -> list[str]:
        """The room, and when it ends where that is not with its slot; nothing where neither is known."""
        ends = workshop.until and self._("jusqu’à %(time)s", time=self.words.hour(workshop.until, self.book.forum.timezone))
        told = ", ".join(part for part in (room, ends) if part)
        return [told] if told else []

    def _workshop(self, workshop: Workshop) -> Iterator[Piece]:
        yield Heading(2, self._titled(workshop), f"atelier-{workshop.number}")
        if rows := list(self._facts(workshop)):
            yield Facts(rows)
        if workshop.sheet:
            yield from self._sheet(workshop.sheet)
        yield from self._notes(workshop.notes)
        yield from self._photos(workshop.photos)
        if found := self.book.promises_of(workshop):
            yield Heading(3, self._("Engagements nés de cet atelier"))
            yield Text([_bullets([_plain(self._promised(promise, person)) for promise, person in found])])

    def _promised(self, promise: Promise, person: str | None) -> str:
        return f"{self.words.bare(promise.text)} – {person or self._('publié sans nom')}"

    def _facts(self, workshop: Workshop) -> Iterator[tuple[str, str]]:
        if workshop.rapporteurs:
            yield self.many("Rapporteur", "Rapporteurs", len(workshop.rapporteurs)), self._listed(workshop.rapporteurs)
        if workshop.hosts and workshop.hosts != workshop.rapporteurs:
            yield self._("Proposé par"), self._listed(workshop.hosts)
        if workshop.from_topics:
            numbers = ", ".join(self._("n° %(number)d", number=number) for number in workshop.from_topics)
            yield self.many("Né du sujet", "Né des sujets", len(workshop.from_topics)), numbers
        if workshop.votes:
            rank = self.many("au 1er rang", "au %(n)de rang", workshop.rank) if workshop.rank else ""
            yield self.counts.label(), ", ".join(part for part in (str(workshop.votes), rank) if part)
        if workshop.slot or workshop.room:
            place = ", ".join(part for part in (workshop.room, workshop.slot) if part)
            yield self._("Où et quand"), self.words.bare(place)
        if workshop.joined:
            yield self._("Présence"), self.many("%(n)d personne", "%(n)d personnes", workshop.joined)

    def _silent(self) -> Iterator[Piece]:
        def line(workshop: Workshop) -> str:
            state = {"cancelled": self._("Annulé."), "not_held": self._("N’a pas eu lieu.")}
            said = [self._titled(workshop) + ".", state.get(workshop.state, self._("La fiche n’est pas arrivée."))]
            if workshop.hosts:
                said.append(f"{self._('Proposé par')} {self._listed(workshop.hosts)}.")
            if workshop.rapporteurs:
                said.append(f"{self._('Notes prises par')} {self._listed(workshop.rapporteurs)}.")
            return " ".join(said)

        yield Text([_bullets([_plain(line(workshop)) for workshop in self.book.workshops_silent])])

    def _engagements(self) -> Iterator[Piece]:
        def promises(found: Sequence[Promise]) -> Text:
            return Text([_bullets([_plain(self.promise(promise)) for promise in found])])

        for engaged in self.book.engagements:
            if engaged.items and engaged.person:
                yield Heading(0, _from(self.words.bare(engaged.person), engaged))
                yield promises(engaged.items)
        if unnamed := [promise for engaged in self.book.engagements if not engaged.person for promise in engaged.items]:
            yield Heading(0, self._("Publiés sans nom"))
            yield promises(unnamed)

    def promise(self, promise: Promise) -> str:
        """An engagement with the workshop it comes from and those who joined it."""
        workshop = self.book.workshop(promise.workshop) if promise.workshop is not None else None
        told = [self.words.bare(promise.text)]
        if workshop:
            told.append(f"({self._('Atelier %(number)d', number=workshop.number)})")
        if promise.joined:
            told.append(f"{self._('Avec')} {self._listed(promise.joined)}.")
        return " ".join(told)

    def _people(self) -> Iterator[Piece]:
        lines = [f"{one.name}, {one.organisation}" if one.organisation else one.name for one in self.book.people]
        yield Text([_bullets([_plain(self.words.bare(line)) for line in lines])])

    def _titled(self, workshop: Workshop) -> str:
        return f"{workshop.number}. {self.words.bare(workshop.title)}"

    def _listed(self, names: Sequence[str]) -> str:
        return self.words.list(names)


def story(book: Book) -> list[Piece]:
    """Everything in the book, in order."""
    return list(Teller(book).tell())


def _from(name: str, engaged: Engaged) -> str:
    return f"{name}, {engaged.organisation}" if engaged.organisation else name


def _plain(text: str) -> Block:
    return {"type": "paragraph", "spans": [{"text": text}]}


def _bullets(lines: list[Block]) -> Block:
    return {"type": "bullets", "items": [[line] for line in lines]}
