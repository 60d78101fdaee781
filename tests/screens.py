"""Pictures of every screen and of the compte-rendu, for docs/images: `make screens`."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

OUT = Path(__file__).parents[1] / "docs" / "images"
HOST = "forum.test"
PHONE, LAPTOP, WALL = {"width": 390, "height": 844}, {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}
LINK = re.compile(r"http://\S+")
STAGES = ("propositions", "vote", "ateliers", "engagements", "cloture")
# What else there is to see, by stage: the file's name, and the page's path inside the forum.
TEAM_PAGES = {
    "propositions": (("cockpit-wall", "cockpit?vue=mur"),),
    "vote": (("cockpit-ballot", "cockpit?vue=vote"),),
    "ateliers": (
        ("organisation", "organisation"), ("template", "organisation/modeles/nouveau"), ("cockpit-agenda", "cockpit?vue=agenda"),
        ("cockpit-sheets", "cockpit?vue=fiches"), ("grid", "grille"), ("sheet-paper", "fiches/1/page"),
    ),
    "engagements": (("cockpit-engagements-list", "cockpit?vue=engagements"), ("cockpit-people", "cockpit?vue=personnes")),
    "cloture": (("proceedings", "compte-rendu"), ("formats", "compte-rendu/formats")),
}  # fmt: skip
PHONE_PAGES = {
    "propositions": (("phone-topic", "sujets/1"),),
    "ateliers": (("phone-agenda", "agenda"), ("phone-sheets", "fiches"), ("phone-sheet", "fiches/1"), ("phone-me", "moi")),
    "engagements": (("phone-commitments", "engagements"),),
}  # fmt: skip


@contextmanager
def demo(stage: str, folder: Path) -> Iterator[tuple[str, str, str]]:
    """A served demonstration: the addresses of the forum, of its organiser and of its projector."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-u", "-m", "facilitation.cli", "demo", "--stage", stage, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--address", f"http://{HOST}:{port}", "--database", f"sqlite:///{folder / stage}.db"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"}) as server:
        links: list[str] = []
        for line in server.stdout or ():
            links += LINK.findall(line)
            if len(links) == 3:
                break
        try:
            yield links[0], links[1], links[2]
        finally:
            server.terminate()


class Album:
    """Takes pictures and keeps them small."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def context(self, size: dict[str, int], scale: int = 1) -> BrowserContext:
        return self._browser.new_context(viewport=size, device_scale_factor=scale, locale="fr-FR", reduced_motion="reduce")  # type: ignore[arg-type]

    def keep(self, page: Page, name: str) -> None:
        if page.locator("#live").count():
            page.locator("html[data-live=live]").wait_for()
        if page.locator("#editor .ProseMirror, #sheet").count():
            page.locator("#editor .ProseMirror section").first.wait_for()
        page.evaluate("document.fonts.ready")
        self.save(page.screenshot(), name)

    def save(self, content: bytes, name: str) -> None:
        OUT.mkdir(parents=True, exist_ok=True)
        path = OUT / f"{name}.png"
        path.write_bytes(content)
        with Image.open(path) as picture:
            picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
        print(path.relative_to(OUT.parents[1]), path.stat().st_size)


def through(page: Page, link: str) -> None:
    """Open a capability link as its holder does."""
    page.goto(link)
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url(re.compile("/f/"))


def pictures(album: Album, stage: str, folder: Path) -> None:
    """Every screen of one stage."""
    with demo(stage, folder) as (forum, organiser, projector):
        team = album.context(LAPTOP)
        page = team.new_page()
        through(page, organiser)
        base = page.url.split("/organisation")[0]
        page.goto(f"{base}/cockpit")
        album.keep(page, f"cockpit-{stage}")
        if stage == "ateliers":
            page.goto(forum.rsplit("/", 1)[0])
            album.keep(page, "home")
            page.goto(f"{forum.rsplit('/', 1)[0]}/nouveau")
            album.keep(page, "create")
            sheet = _first_sheet(team, base)
            page.goto(f"{base}/fiche/{sheet}")
            album.keep(page, "sheet")
        for name, path in TEAM_PAGES.get(stage, ()):
            page.goto(f"{base}/{path}")
            album.keep(page, name)
        if stage == "cloture":
            _book(album, team, base, folder)
        wall = album.context(WALL).new_page()
        through(wall, projector)
        album.keep(wall, f"projector-{stage}")
        phone = album.context(PHONE, 2).new_page()
        phone.goto(forum)
        if stage == "propositions":
            album.keep(phone, "phone-entry")
        phone.get_by_role("button", name="Entrer", exact=True).click()
        phone.locator("#enter").wait_for(state="detached")
        album.keep(phone, f"phone-{stage}")
        for name, path in PHONE_PAGES.get(stage, ()):
            phone.goto(f"{base}/{path}")
            album.keep(phone, name)
        if stage == "ateliers":
            _restitution(album, page, wall, phone, base)


def _restitution(album: Album, page: Page, wall: Page, phone: Page, base: str) -> None:
    """The demonstration has no such stage: the day is moved on to it, and a workshop given the floor."""
    archive = json.loads(_fetched(page.context, f"{base}/archive.json")[1])
    moments = archive["tables"]["moment"]
    there = next(row["id"] for row in moments if row["kind"] == "restitution")
    first = min(archive["tables"]["workshop"], key=lambda row: row["number"])
    page.goto(f"{base}/cockpit")
    _act(page, "go_to_moment", {"to": there, "leaving": archive["event"]["moment_id"]})
    _act(page, "set_talk", {"workshop": first["id"], "speaker": "Anaïs Perrin", "minutes": 6})
    _act(page, "present_workshop", {"to": first["id"], "leaving": None})
    phone.goto(base)
    for shown, name in ((page, "cockpit-restitution"), (wall, "projector-restitution"), (phone, "phone-restitution")):
        shown.get_by_text(first["title"]).first.wait_for()
        album.keep(shown, name)


def _act(page: Page, command: str, payload: dict[str, object]) -> None:
    """A command as the page's scripts send it."""
    answer = page.evaluate(
        """async ([name, payload]) => {
            const op = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
            const headers = { "Content-Type": "application/json", "X-Facilitation": "1" };
            const body = JSON.stringify({ op, payload });
            return (await fetch(`c/${name}`, { method: "POST", headers, body })).json();
        }""",
        [command, payload],
    )
    if not answer["ok"]:
        raise RuntimeError(f"{command}: {answer['text']}")


def _first_sheet(team: BrowserContext, base: str) -> str:
    archive = json.loads(_fetched(team, f"{base}/archive.json")[1])
    workshops = {row["id"]: row["number"] for row in archive["tables"]["workshop"]}
    sheets = [row for row in archive["tables"]["sheet"] if row["workshop_id"]]
    return str(min(sheets, key=lambda row: workshops[row["workshop_id"]])["id"])


def _fetched(team: BrowserContext, url: str) -> tuple[int, bytes]:
    """What the server answers to somebody with these cookies; only the browser knows forum.test, so by number."""
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in team.cookies())
    request = urllib.request.Request(url.replace(HOST, "127.0.0.1"), headers={"Cookie": cookies})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status, answer.read()


def _book(album: Album, team: BrowserContext, base: str, folder: Path) -> None:
    status, content = _fetched(team, f"{base}/compte-rendu.pdf?frais=1")
    while status == 202:
        team.pages[0].wait_for_timeout(500)
        status, content = _fetched(team, f"{base}/compte-rendu.pdf?frais=1")
    pdf = folder / "book.pdf"
    pdf.write_bytes(content)
    for number in range(1, 30):
        made = subprocess.run(
            ["pdftoppm", "-r", "70", "-png", "-f", str(number), "-l", str(number), "-singlefile", pdf, folder / "page"],
            capture_output=True, check=False,
        )  # fmt: skip
        if made.returncode or not (folder / "page.png").exists():
            break
        if number in {1, 3, 5, 6, 8, 10, 12}:
            album.save((folder / "page.png").read_bytes(), f"book-{number:02d}")
        (folder / "page.png").unlink()


def main() -> int:
    """Take all pictures, or those of the stages named."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM") or "chromium"
        arguments = ["--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=_found(program), args=arguments)
        for stage in sys.argv[1:] or STAGES:
            pictures(Album(browser), stage, Path(folder))
        browser.close()
    return 0


def _found(program: str) -> str:
    import shutil

    found = shutil.which(program)
    if found is None:
        raise SystemExit("Chromium is not on this machine: run `make screens`, or set CHROMIUM to its path.")
    return found


if __name__ == "__main__":
    sys.exit(main())
