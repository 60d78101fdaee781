"""Everything published, searched for what must not be there: secrets, hidden words, names not to be named, results too early."""

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from facilitation.app import Application
from facilitation.domain.roles import Actor
from facilitation.publishing import book as books
from facilitation.publishing.pages import print_page, single_file, web_page
from facilitation.publishing.pdf import pdf
from facilitation.services.proceedings import book
from facilitation.services.screens import SCREENS, build_screen
from facilitation.store.reading import listed_people
from tests.playing import Day

SHOWN = ("Le car de 7 h", "Zoé Lafleur", "Relancer la mairie", "Ouvrir mon jardin", "Fanfare municipale")
UNSAID = {
    "a hidden topic": "Vendre la mairie", "its details": "À un promoteur", "a held topic": "Jamais relu",
    "what the team changed": "Le car de sept heures", "an author without a name": "Barnabé Discret",
    "a hidden name": "Gontran Masqué", "and their organisation": "Confrérie du Masque",
    "a hidden engagement": "Insulter le préfet", "a held engagement": "Pas encore relu", "one taken back": "Finalement non",
    "who joined in without a name": "Hortense Muette", "who was spoken for": "Mme Blanc Incognito",
    "and her organisation": "Chorale Incognito", "who said nothing": "Passant Silencieux", "a label": "Lien de Gaston",
    "a remark": "Nous avons dit le contraire", "a hidden remark": "Remarque à cacher",
    "the Wi-Fi": "motdepasse-wifi",
}  # fmt: skip


def screens(day: Day) -> dict[str, str]:
    """What every screen of phones and projector sends, as data."""
    names = [name for name in SCREENS if name not in {"sheet", "topic", "door", "seat", "workshop", "cockpit", "remarks"}]
    names += [f"sheet:{row['id']}" for row in day.forum.sheets] + [f"topic:{row['number']}" for row in day.forum.topics]
    names += [f"{name}:{row['id']}" for row in day.forum.rooms for name in ("door", "seat")]
    names += [f"workshop:{row['number']}" for row in day.forum.workshops]
    return {name: json.dumps([item.data for item in build_screen(day.forum, name)], ensure_ascii=False) for name in names}


def book_of(day: Day) -> dict[str, Any]:
    with day.house.reading() as connection:
        return book(day.forum, listed_people(connection, day.event_id), [], day.house.clock())


@dataclass
class Lived:
    """A day in which everything that can be hidden was; what it showed during the vote, and its secrets."""

    day: Day
    secrets: list[str]
    early_book: dict[str, Any] = field(default_factory=dict)
    early_screens: dict[str, str] = field(default_factory=dict)


def quietly(day: Day, name: str, *, listed: bool = False, organisation: str = "") -> Actor:
    """Somebody joins, and says whether the compte-rendu may name them."""
    who = day.join(name)
    day.do(who, "edit_profile", name=UNSAID.get(name, name), organisation=UNSAID.get(organisation, organisation), listed=listed)
    return who


@pytest.fixture(scope="module")
def lived(application: Application) -> Lived:
    day = Day(application)
    link = day.do(day.alice, "invite", role="facilitator", label=UNSAID["a label"])["link"]
    day.do(day.alice, "edit_event", wifi_name="Salle", wifi_password=UNSAID["the Wi-Fi"])
    made = Lived(day, [link, day.made.token])
    quiet, mute = quietly(day, "an author without a name"), quietly(day, "who joined in without a name")
    masked = quietly(day, "a hidden name", listed=True, organisation="and their organisation")
    quietly(day, "who said nothing")
    zoe = quietly(day, "Zoé Lafleur", listed=True, organisation="Fanfare municipale")
    topics = morning(day, zoe, quiet, masked)
    made.early_book, made.early_screens = book_of(day), screens(day)
    made.secrets += [*afternoon(day, topics, zoe, quiet, masked, mute), *day.tokens.values()]
    return made


def morning(day: Day, zoe: Actor, quiet: Actor, masked: Actor) -> list[str]:
    """Topics, and a vote under way; the topics that will be kept."""
    do, fatou = day.do, day.fatou
    day.to("topics")
    kept = day.propose(zoe, UNSAID["what the team changed"])
    do(fatou, "edit_topic", topic=kept, title="Le car de 7 h")
    topics = [kept, day.propose(quiet, "Un sujet sans nom", named=False), day.propose(masked, "Un sujet masqué")]
    hidden = day.propose(day.bob, UNSAID["a hidden topic"], details=[UNSAID["its details"]])
    do(fatou, "hide_topic", topic=hidden)
    do(fatou, "set_rules", review=True)
    day.propose(day.bob, UNSAID["a held topic"])
    do(day.bob, "engage", text=UNSAID["a held engagement"])
    do(fatou, "set_rules", review=False)
    day.to("vote")
    for person in (zoe, day.bob, day.chloe):
        do(person, "place_dot", topic=kept)
    return topics


def afternoon(day: Day, topics: list[str], zoe: Actor, quiet: Actor, masked: Actor, mute: Actor) -> list[str]:
    """Workshops, notes and engagements; the codes that were given out."""
    do, fatou = day.do, day.fatou
    day.to("market")
    do(fatou, "add_room", name="Préau")
    do(fatou, "keep_topics", topics=topics)
    do(fatou, "fill_grid")
    workshops = [row["id"] for row in day.forum.workshops]
    codes = [str(do(who, "take_notes", workshop=one)["code"]) for who, one in zip((zoe, masked), workshops[:2], strict=True)]
    sheet = day.forum.sheets[0]["id"]
    do(quiet, "write_remark", sheet=sheet, text=UNSAID["a remark"])
    do(fatou, "hide_remark", remark=do(quiet, "write_remark", sheet=sheet, text=UNSAID["a hidden remark"])["id"])
    mine = do(zoe, "engage", text="Relancer la mairie")["id"]
    do(quiet, "engage", text="Sans me nommer", named=False)
    do(masked, "engage", text="Masqué mais engagé")
    do(mute, "join_engagement", engagement=mine, named=False)
    do(masked, "join_engagement", engagement=mine)
    spoken = {"on_behalf": UNSAID["who was spoken for"], "organisation": UNSAID["and her organisation"]}
    do(fatou, "engage", text="Ouvrir mon jardin", named=False, **spoken)
    do(fatou, "hide_engagement", engagement=do(day.bob, "engage", text=UNSAID["a hidden engagement"])["id"])
    do(day.bob, "withdraw_engagement", engagement=do(day.bob, "engage", text=UNSAID["one taken back"])["id"])
    do(fatou, "hide_name", participant=masked.participant_id)
    day.to("circle")
    return codes


def published(lived: Lived) -> dict[str, str]:
    """The compte-rendu in every form, as text without the spaces that typography and line breaks change."""
    data = book_of(lived.day)
    read = books.read(data)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf(print_page(read)))).pages)
    forms = {"data": json.dumps(data, ensure_ascii=False), "page": web_page(read, "book.css"), "file": single_file(read), "pdf": text}
    return {name: squeezed(form) for name, form in forms.items()}


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u00ad", "").replace("-", "").replace("’", "'")


@pytest.fixture(scope="module")
def forms(lived: Lived) -> dict[str, str]:
    return published(lived)


@pytest.mark.parametrize("form", ["data", "page", "file", "pdf"])
def test_the_book_says_what_it_may_and_nothing_else(lived: Lived, forms: dict[str, str], form: str) -> None:
    assert [word for word in SHOWN if squeezed(word) not in forms[form]] == []
    assert [what for what, words in UNSAID.items() if squeezed(words) in forms[form]] == []
    assert [secret for secret in lived.secrets if squeezed(secret) in forms[form]] == []


def test_the_book_holds_no_id_of_a_person_or_a_device(lived: Lived, forms: dict[str, str]) -> None:
    ids = [lived.day.event_id, *lived.day.tokens, *(str(row["id"]) for row in lived.day.forum.people)]
    assert [(name, one) for name, form in forms.items() for one in ids if one in form] == []


def test_screens_say_what_they_may_and_nothing_else(lived: Lived) -> None:
    # The projector shows the Wi-Fi to those who arrive, and a name shows until the team hides it.
    for moments, told in ((lived.early_screens, {"the Wi-Fi", "a hidden name"}), (screens(lived.day), {"the Wi-Fi"})):
        for name, text in moments.items():
            assert [(name, what) for what, words in UNSAID.items() if words in text and what not in told] == []
            assert [(name, secret) for secret in lived.secrets if secret in text] == []


def test_results_are_published_after_the_close_alone(lived: Lived) -> None:
    assert (lived.early_book["vote"], {topic["votes"] for topic in lived.early_book["topics"]}) == (None, {None})
    late = book_of(lived.day)
    assert (late["vote"]["voters"], [topic["votes"] for topic in late["topics"]]) == (3, [3, 0, 0])
    counted = [name for name, text in lived.early_screens.items() if '"votes": 3' in text or '"count": 3' in text]
    assert counted == []
