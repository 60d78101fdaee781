"""Every page there is passes axe-core, on a phone and on a laptop; a new page that is not in this list fails the test."""

import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import AT_REST, Forum, Phones
from tests.playing import open_application

pytestmark = pytest.mark.browser
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
# Addresses that answer with a file, data or another address.
NO_PAGE = {
    "/<slug>/notes", "/etat", "/etat/pret", "/metrics", "/langue/<code>", "/f/<slug>/moi/programme.ics",
    "/f/<slug>/programme/<person>.<key>.ics", "/f/<slug>/affiche.pdf", "/f/<slug>/a-imprimer.pdf",
    "/f/<slug>/aller", "/f/<slug>/archive.json", "/f/<slug>/book.json", "/f/<slug>/compte-rendu.<ending>", "/f/<slug>/compte-rendu.pdf",
    "/f/<slug>/depouillement.json", "/f/<slug>/logo/<picture>", "/f/<slug>/moi.json", "/f/<slug>/moi/compte-rendu.pdf",
    "/f/<slug>/photo/<picture>", "/f/<slug>/couverture/<picture>", "/f/<slug>/compte-rendu/couleurs-<name>.css",
    "/f/<slug>/compte-rendu/editions/<int:number>/<name>",
}  # fmt: skip
VISITOR = {"/", "/<slug>", "/nouveau", "/rejoindre", "/f/<slug>", "/cle/<token>"}
ORGANISER = {
    "/f/<slug>/cockpit", "/f/<slug>/organisation", "/f/<slug>/organisation/modeles/<reference>", "/f/<slug>/projecteur",
    "/f/<slug>/grille", "/f/<slug>/sceller", "/f/<slug>/fiche/<sheet_id>", "/f/<slug>/fiche/<sheet_id>/historique",
    "/f/<slug>/organisation/compte-rendu", "/f/<slug>/salles/codes",
}  # fmt: skip


def rules(folder: Path) -> set[str]:
    application = open_application(folder)
    found = {rule.rule for rule in application.flask.url_map.iter_rules() if "GET" in (rule.methods or ())}
    application.house.close()
    return found - NO_PAGE


def played(forum: Forum) -> tuple[str, dict[str, str]]:
    """A forum with something on each page; a participant's token, and what addresses hold."""
    forum.go("topics")
    odile = forum.person("Odile Charvin")
    topics = [forum.propose(odile, title) for title in ("Le car de 7 h", "Un vélo par famille")]
    forum.go("vote")
    forum.do(odile, "place_dot", topic=topics[0])
    forum.lead("close_vote")
    forum.lead("add_room", name="La Verrière")
    forum.lead("keep_topics", topics=topics[:1])
    forum.lead("fill_grid")
    workshop = forum.rows("workshop")[0]["id"]
    sheet = forum.do(odile, "take_notes", workshop=workshop)["sheet"]
    forum.do(odile, "engage", text="Je prête deux vélos", named=True)
    forum.lead("seal_vote")
    link = forum.lead("invite", role="projector", label="")["link"]
    return odile, {
        "slug": forum.slug, "reference": "1", "number": "1", "sheet_id": sheet, "token": link, "code": "ABCDEF",
        "room": forum.rows("room")[0]["id"],
    }  # fmt: skip


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_every_page_is_for_everybody(forum: Forum, phones: Phones, size: dict[str, int], tmp_path: Path) -> None:
    odile, held = played(forum)
    held_by = {"": phones.page(forum, size=size), odile: phones.page(forum, odile, size=size),
               forum.organiser: phones.page(forum, forum.organiser, size=size)}  # fmt: skip
    found: dict[str, list[str]] = {}
    asked: set[SplitResult] = set()
    for page in held_by.values():
        page.on("request", lambda request: asked.add(urlsplit(request.url)))
    for rule in sorted(rules(tmp_path)):
        page = held_by["" if rule in VISITOR else forum.organiser if rule in ORGANISER else odile]
        values = {**held, "reference": "nouveau"} if "modeles" in rule else held
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part, values=values: values[part[1]], rule)  # type: ignore[misc]
        answer = page.goto(forum.server.address + path)
        assert answer is not None
        assert answer.headers["content-type"].startswith("text/html"), rule
        if page.locator("#live").count():
            page.locator("html[data-live=live]").wait_for()
        page.wait_for_function(AT_REST)
        faults = Axe().run(page).response["violations"]
        found[rule] = [f"{one['id']}: {node['html'][:160]}" for one in faults for node in one["nodes"]]
        assert page.locator("h1").count() > 0, rule
    assert {rule: faults for rule, faults in found.items() if faults} == {}
    # No page asks anything of anybody else.
    assert {f"{one.scheme}://{one.netloc}" for one in asked if one.scheme not in {"data", "blob"}} == {forum.server.address}
