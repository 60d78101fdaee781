"""Who runs the day: an organiser's laptop that makes the programme, moves from moment to moment, and writes for others."""

import re
from urllib.parse import urlsplit

from facilitation.domain.moments import MomentKind
from facilitation.rehearsal.browser import Browser
from facilitation.rehearsal.cases import Case
from facilitation.rehearsal.phone import Device, NotAnswered, Sent

K = MomentKind
PROGRAMME: tuple[tuple[MomentKind, str, int], ...] = (
    (K.WELCOME, "Accueil", 30), (K.PLENARY, "Plénière", 25), (K.TOPICS, "Propositions", 45), (K.VOTE, "Vote", 25),
    (K.MARKET, "Place du marché", 20), (K.WORKSHOPS, "Ateliers 1", 75), (K.MEAL, "Repas", 60), (K.WORKSHOPS, "Ateliers 2", 75),
    (K.RESTITUTION, "Restitution", 40), (K.CIRCLE, "Cercle des engagements", 40), (K.CLOSING, "Clôture", 20),
)  # fmt: skip
START = 9 * 60
_OP = re.compile(r'name="op" value="([^"]+)"')
_COOKIE = "forum_"


class Refused(Exception):
    """The server would not let the rehearsal begin; the message says why."""


class Facilitator(Device):
    """An organiser's device."""

    def __init__(self, browser: Browser, slug: str) -> None:
        super().__init__(browser.url.geturl(), slug)
        self.browser = browser
        self.moment: str | None = None
        self.moments: list[tuple[MomentKind, str]] = []

    def do(self, name: str, /, **payload: object) -> Sent:
        """A command that has to be accepted. Raises NotAnswered."""
        sent = self.command(name, payload)
        if not sent.ok:
            raise NotAnswered(f"{name} : {sent.answer.get('text', '')} {sent.answer.get('fields', '')}")
        return sent

    def prepare(self, case: Case, dots: int) -> None:
        """What the forum says of itself, how it votes, its programme and its rooms."""
        self.do(
            "edit_event", title=case.title, meeting=case.meeting, date=case.date, place=case.place, host=case.host,
            theme=case.theme_markdown, objectives=case.objectives_markdown, organisers=case.organisers,
            partners=case.partners, facilitators=case.facilitators, language="en" if case.language == "en" else "fr",
        )  # fmt: skip
        self.do("set_rules", mode="vote", keep=max(1, len(case.chosen())), dots=dots, cap=1, live_results=True)
        plans: list[dict[str, object]] = []
        start = START
        for kind, title, minutes in PROGRAMME:
            plan = {"kind": kind.value, "title": title, "start": start, "minutes": minutes}
            made = self.do("save_moment", **plan).result["id"]
            plans.append({**plan, "id": made})
            self.moments.append((kind, made))
            start += minutes
        self.do("arrange_moments", moments=plans)
        slots = sum(1 for kind, _, _ in PROGRAMME if kind is K.WORKSHOPS)
        for index in range(-(-len(case.workshops) // slots)):
            self.do("add_room", name=f"Salle {index + 1}")

    def move(self, kind: MomentKind) -> str:
        """Go forward to the next moment of this kind, through those between; returns its id."""
        passed = [moment for _, moment in self.moments]
        here = passed.index(self.moment) if self.moment else -1
        for next_kind, moment in self.moments[here + 1 :]:
            self.do("go_to_moment", leaving=self.moment, to=moment)
            self.moment = moment
            if next_kind is kind:
                return moment
        raise LookupError(kind)


def open_link(url: str, link: str) -> Facilitator:
    """The organiser of the forum whose link this is, at `url` or where the link says. Raises Refused, Unreachable."""
    parts = urlsplit(link)
    browser = Browser(url or f"{parts.scheme}://{parts.netloc}")
    return _seated(browser, parts.path, {}, "Ce lien n’ouvre aucun forum : vérifiez le lien d’organisation.")


def create_by_web(url: str, title: str) -> Facilitator:
    """Make a forum as an organiser does in a browser. Raises Refused, Unreachable."""
    why = "Ce serveur ne crée pas de forum pour tout le monde : donnez un lien d’organisation avec --link."
    return _seated(Browser(url), "/nouveau", {"title": title}, why)


def _seated(browser: Browser, path: str, fields: dict[str, str], why: str) -> Facilitator:
    """Fill in the form at `path`; the cookie that comes back names the forum and opens it."""
    form = browser.get(path)
    op = _OP.search(form.text)
    if form.status == 200 and op is not None:
        browser.post_form(path, {**fields, "op": op.group(1)})
    held = [name.removeprefix(_COOKIE) for name in browser.cookies if name.startswith(_COOKIE)]
    if not held:
        raise Refused(why)
    return Facilitator(browser, held[0])
