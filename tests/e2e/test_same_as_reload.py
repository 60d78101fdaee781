"""Page load and messages make the page a reload would: every role, hidden results, both languages."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Forum, Phones

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LAPTOP, WALL = {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}
# What the page adds for its own reader: hidden tokens, walking clocks, what is open, and where the projector's pages turn.
SHOWN = """() => Object.fromEntries([...document.querySelectorAll('[data-slot]')].map(slot => [slot.dataset.slot,
  [...slot.children].filter(item => item.dataset.at !== undefined).map(item => {
    const copy = item.cloneNode(true);
    for (const one of [copy, ...copy.querySelectorAll('*')]) {
      if (one.matches('input[name=op]')) one.setAttribute('value', '');
      if (one.matches('[data-until], [data-since], [data-at-time]')) one.textContent = '';
      for (const name of ['style', 'hidden', 'class', 'tabindex', 'open', 'data-page']) one.removeAttribute(name);
    }
    return [copy.id, copy.dataset.at, copy.outerHTML.replace(/\\s+/g, ' ')];
  })]))"""


def items_of(slots: dict[str, list[list[str]]]) -> dict[str, str]:
    """Each item's HTML by its slot and id."""
    return {f"{slot}/{name}": html for slot, items in slots.items() for name, _at, html in items}


class Watched:
    """A page that stays open all day, and how to open it afresh."""

    def __init__(self, name: str, page: Page, address: str) -> None:
        self.name, self.page, self.address = name, page, address
        page.goto(address)
        page.locator("html[data-live=live]").wait_for()

    def is_as_reloaded(self) -> None:
        """The page kept up by messages holds what a new page holds; it is given a moment to hear the last of them."""
        fresh = self.page.context.new_page()
        fresh.goto(self.address)
        fresh.locator("html[data-live=live]").wait_for()
        live, loaded = self.page.evaluate(SHOWN), fresh.evaluate(SHOWN)
        for _ in range(150):
            if live == loaded:
                break
            self.page.wait_for_timeout(200)
            live, loaded = self.page.evaluate(SHOWN), fresh.evaluate(SHOWN)
        fresh.close()
        told, read = items_of(live), items_of(loaded)
        differ = {name: (told.get(name), read.get(name)) for name in told.keys() | read.keys() if told.get(name) != read.get(name)}
        assert (self.name, differ) == (self.name, {})
        assert live == loaded


@pytest.fixture
def people(forum: Forum) -> tuple[str, str]:
    """Two participants, by their tokens."""
    return forum.person("Béatrice Vial"), forum.person("Sam Okoro")


@pytest.fixture
def watched(forum: Forum, phones: Phones, people: tuple[str, str]) -> list[Watched]:
    """Two phones, one in each language, a wall, two cockpits, and a projector."""
    bea, sam = people
    ana = forum.do("", "use_link", token=forum.lead("invite", role="facilitator", label="Ana")["link"])["token"]
    beamer = forum.do("", "use_link", token=forum.lead("invite", role="projector")["link"])["token"]
    return [
        Watched("phone", phones.page(forum, bea), forum.address),
        Watched("phone in English", phones.page(forum, sam, lang="en"), forum.address),
        Watched("wall", phones.page(forum, sam), f"{forum.address}/mur"),
        Watched("cockpit", phones.page(forum, ana, size=LAPTOP), f"{forum.address}/cockpit"),
        Watched("cockpit in English", phones.page(forum, forum.organiser, size=LAPTOP, lang="en"), f"{forum.address}/cockpit"),
        Watched("projector", phones.page(forum, beamer, size=WALL), f"{forum.address}/projecteur"),
    ]


def morning(forum: Forum, bea: str, sam: str) -> Iterator[str]:
    """Topics, one grouping, one hidden topic; then a vote whose results are hidden."""
    forum.lead("set_rules", live_results=False, keep=2)
    forum.go("topics")
    for index, person in enumerate((bea, sam, bea, sam, bea)):
        forum.propose(person, f"Sujet {index} <b>& suite</b>", "Une précision", named=index != 2)
    forum.do(bea, "edit_topic", topic=forum.topics[0], title="Le car de 7 h", details=[])
    forum.lead("hide_topic", topic=forum.topics[4])
    group = forum.do(sam, "propose_group", topics=[forum.topics[0], forum.topics[1]], title="Les cars")["id"]
    yield "topics"
    forum.do(bea, "agree_group", group=group)
    forum.lead("announce", text="Le vote ouvre dans cinq minutes")
    forum.lead("restore_topic", topic=forum.topics[4])
    forum.go("vote")
    for person in (bea, sam):
        for topic in forum.topics[:2]:
            forum.do(person, "place_dot", topic=topic)
    forum.do(sam, "lift_dot", topic=forum.topics[1])
    forum.propose(bea, "Arrivé tard")
    yield "vote"
    forum.lead("announce", text="")
    forum.lead("close_vote")
    yield "results"


def afternoon(forum: Forum, bea: str, sam: str) -> Iterator[str]:
    """Rooms, workshops, notes, engagements, and calls of the team."""
    rooms = [forum.lead("add_room", name=name, capacity=2)["id"] for name in ("Préau", "Cuisine")]
    forum.lead("keep_topics", topics=forum.topics[:3])
    forum.lead("fill_grid")
    forum.go("market")
    workshop, other = (row["id"] for row in sorted(forum.rows("workshop"), key=lambda row: row["number"])[:2])
    for person in (bea, sam):
        forum.do(person, "join_workshop", workshop=workshop)
    forum.lead("edit_workshop", workshop=workshop, title="Cars & trains", hosts=["Béatrice Vial"])
    forum.lead("cancel_workshop", workshop=other)
    forum.do(bea, "host_topic", topic=forum.topics[5], slot=forum.moment("workshops", 1), room=rooms[0])
    yield "market"
    forum.lead("open_claim")
    yield "claiming"
    forum.do(bea, "leave_cell", topic=forum.topics[5])
    forum.do(bea, "host_topic", topic=forum.topics[5], slot=forum.moment("workshops", 1), room=rooms[1])
    yield "claimed"
    forum.lead("blank_claim")
    yield "blank"
    forum.lead("reveal_agenda")
    yield "revealed"
    forum.go("workshops")
    forum.do(sam, "take_notes", workshop=workshop, name="Sam Okoro")
    forum.lead("call_plenary", on=True)
    forum.lead("extend_moment", leaving=forum.moment("workshops"), minutes=10)
    yield "workshops"
    forum.go("restitution")
    sheet = forum.rows("sheet")[0]["id"]
    forum.do(bea, "confirm_sheet", sheet=sheet)
    forum.do(bea, "write_remark", sheet=sheet, text="Nous avions dit <b>huit</b> heures")
    forum.lead("set_talk", workshop=workshop, speaker="Sam Okoro", minutes=6)
    forum.lead("present_workshop", to=workshop)
    yield "restitution"
    forum.go("circle")
    mine = forum.do(bea, "engage", text="Relancer la mairie", workshop=workshop)["id"]
    forum.do(sam, "join_engagement", engagement=mine)
    forum.do(sam, "engage", text="Sans me nommer", named=False)
    forum.lead("hide_engagement", engagement=forum.do(sam, "engage", text="À masquer")["id"])
    forum.lead("hide_name", participant=forum.rows("ballot_holder")[0]["participant_id"])
    yield "circle"
    forum.go("closing")
    forum.lead("close_event")
    yield "closing"


@pytest.mark.parametrize("part", [morning, afternoon])
def test_what_was_told_is_what_would_be_read(
    forum: Forum, people: tuple[str, str], watched: list[Watched], part: Callable[..., Iterator[str]]
) -> None:
    if part is afternoon:
        assert list(morning(forum, *people)) == ["topics", "vote", "results"]
    for _stage in part(forum, *people):
        for one in watched:
            one.is_as_reloaded()
