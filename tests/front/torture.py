"""Five laptops in one sheet, typing, deleting, moving and reloading on a network that breaks: `python -m tests.front.torture`.

Every letter that is typed is typed once in the whole sheet, so that a loss has a name, and so has a doubling. Two people who
reshape one line may double it (docs/architecture.md); a letter that is there twice elsewhere, or back after it was deleted,
is a failure. Results are kept, one line a seed, in
the file that --results names; a run that was stopped goes on where it was. Several processes share the seeds, each with a
browser and a server of its own. Of a seed that failed, all that the server kept stays beside the results, for an autopsy.
"""

import argparse
import base64
import json
import os
import random
import re
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.front.laptops import Laptop, Room, Table, serving

WITHIN = 5.0
PATIENCE = 30.0
NAMES = ("Maëlle", "Joseph", "Nadia", "Basile", "Zoé")
TITLES = ("Enjeux", "Bonnes pratiques", "Besoins", "Actions", "En synthèse")
LETTERS = [chr(code) for code in (*range(0xC0, 0x180), *range(0x1E00, 0x1F00)) if chr(code).isalpha()]
BURST, STEPS = 4, 24
SAFE = re.compile(r"^\s*(Gardé|Reçu)")
PLACE = """([share, across]) => {
  const lines = document.querySelectorAll('.ProseMirror section > p, .ProseMirror li > p');
  const line = lines[Math.floor(share * lines.length)];
  line.scrollIntoView({block: 'center', behavior: 'instant'});
  const {left, top, height} = line.getBoundingClientRect();
  return [left + across, top + height / 2];
}"""
# The title one is under, and what an act may tear up: the block with those beside it, or two sections that change places.
TORN = """(way) => {
  const node = getSelection().anchorNode;
  const here = node?.nodeType === 3 ? node.parentElement : node;
  const section = here?.closest?.('section');
  const block = here?.closest?.('section > *, .ProseMirror > :not(section)');
  const torn = {
    block: [block?.previousElementSibling, block, block?.nextElementSibling].filter((one) => one && !one.matches('h2')),
    up: [section?.previousElementSibling, section],
    down: [section, section?.nextElementSibling],
  }[way];
  return [section?.querySelector('h2')?.textContent ?? '', torn.map((one) => one?.textContent ?? '').join('')];
}"""


@dataclass
class Outcome:
    """What a seed came to: letters by name, seconds until all were equal (None: not in PATIENCE), and what went wrong.

    Of letters there twice, those count that no two people have reshaped; of deleted ones that are back, those nobody has.
    """

    seed: int
    typed: int
    lost: str
    doubled: str
    revived: str
    seconds: float | None
    faults: list[str]
    doubled_by_nobody: str = ""
    revived_by_nobody: str = ""

    def holds(self) -> bool:
        in_time = self.seconds is not None and self.seconds <= WITHIN
        return in_time and not (self.lost or self.faults or self.doubled_by_nobody or self.revived_by_nobody)


class Reshaping:
    """Who has split, listed or moved what: by letter, and for lines still empty by the title they were under."""

    def __init__(self, titles: list[str]) -> None:
        self._all_titles = set(titles)
        self._letters: defaultdict[str, set[int]] = defaultdict(set)
        self._titles: defaultdict[str, set[int]] = defaultdict(set)

    def note(self, who: int, title: str, text: str) -> None:
        """One act, told from what stood there before it."""
        for letter in text:
            self._letters[letter].add(who)
        if not text.strip():
            self._titles[title].add(who)

    def most(self, letter: str, lines: list[str]) -> int:
        """How many people have reshaped a line this letter stands in; what was typed there later goes along."""
        found, title = [set[int]()], ""
        for line in lines:
            if line in self._all_titles:
                title = line
            elif letter in line:
                found.append(self._titles[title].union(*(self._letters[one] for one in line)))
        return max(map(len, found))


class Torture:
    """One seed played on one sheet."""

    def __init__(self, table: Table, seed: int, steps: int, *, reshaping: bool = True) -> None:
        self.reshaping = reshaping
        self.chance = random.Random(seed)
        self.table = table
        self.seed, self.steps = seed, steps
        self.letters: list[str] = []
        self.typed = ""
        self.erased: set[str] = set()
        self.reshaped = Reshaping([])

    def play(self) -> Outcome:
        laptops = [self.table.sit(name) for name in NAMES]
        # What a blank sheet says already can be told neither lost nor doubled.
        blank = "".join(laptop.said() for laptop in laptops)
        self.reshaped = Reshaping(laptops[0].lines())
        self.letters = [letter for letter in LETTERS if letter not in blank]
        self.chance.shuffle(self.letters)
        for laptop, title in zip(laptops, TITLES, strict=True):
            laptop.go(title)
        for _ in range(self.steps * len(laptops)):
            self.step(self.chance.choice(laptops))
        # What is gone comes back before the network does, so that the time taken is the network's.
        for laptop in laptops:
            laptop.cable.mend()
        seconds = self.table.all_equal(PATIENCE)
        return self.judge(seconds)

    def judge(self, seconds: float | None) -> Outcome:
        deleted = {letter for laptop in self.table.laptops for letter in laptop.deleted + laptop.page.evaluate("deleted")}
        screens = [laptop.said() for laptop in self.table.laptops] + ["".join(self.table.lines())]
        lost = "".join(one for one in self.typed if one not in deleted and not all(one in screen for screen in screens))
        doubled = "".join(one for one in self.typed if screens[-1].count(one) > 1)
        revived = "".join(sorted(one for one in self.erased if one in self.typed and one in screens[-1]))
        lines = self.table.lines()
        by_nobody = ("".join(one for one in found if self.reshaped.most(one, lines) < hands)
                     for found, hands in ((doubled, 2), (revived, 1)))  # fmt: skip
        return Outcome(self.seed, len(self.typed), lost, doubled, revived, seconds, self.table.faults(), *by_nobody)

    def step(self, laptop: Laptop) -> None:
        acts = {
            self.type: 50, self.compose: 8, self.wander: 12, self.erase: 8, self.enter: 7, self.list: 3, self.indent: 2,
            self.move_section: 2, self.break_line: 6, self.mend_line: 8, self.reload: 2, self.die: 1,
        }  # fmt: skip
        if not self.reshaping:
            for act in (self.enter, self.list, self.indent, self.move_section):
                del acts[act]
        act = self.chance.choices(list(acts), list(acts.values()))[0]
        act(laptop)

    def type(self, laptop: Laptop) -> None:
        word = self.take(self.chance.randint(1, 2 * BURST))
        for letter in word:
            laptop.press(letter)

    def compose(self, laptop: Laptop) -> None:
        word = self.take(self.chance.randint(1, BURST))
        if word:
            laptop.compose("´", word[0], word)

    def take(self, count: int) -> str:
        taken = "".join(self.letters.pop() for _ in range(min(count, len(self.letters))))
        self.typed += taken
        return taken

    def wander(self, laptop: Laptop) -> None:
        """Click somewhere in the text."""
        where = laptop.page.evaluate(PLACE, [self.chance.random(), self.chance.uniform(1, 120)])
        laptop.page.mouse.click(*where)

    def erase(self, laptop: Laptop) -> None:
        before = laptop.said()
        self.press_delete(laptop)
        after = laptop.said()
        # What was seen to go. What a key was about to take (laptops.WATCH) is only a guess, good enough to excuse a loss.
        self.erased |= {one for one in before if one not in after}

    def press_delete(self, laptop: Laptop) -> None:
        if self.chance.random() < 0.3:
            for _ in range(self.chance.randint(1, 3)):
                laptop.page.keyboard.press("Shift+ArrowLeft")
            laptop.page.keyboard.press("Delete")
        else:
            laptop.page.keyboard.press("Backspace")

    def reshape(self, laptop: Laptop, way: str) -> None:
        self.reshaped.note(self.table.laptops.index(laptop), *laptop.page.evaluate(TORN, way))

    def enter(self, laptop: Laptop) -> None:
        self.reshape(laptop, "block")
        laptop.page.keyboard.press("Enter")

    def list(self, laptop: Laptop) -> None:
        self.reshape(laptop, "block")
        laptop.page.keyboard.press("Control+Shift+8")

    def indent(self, laptop: Laptop) -> None:
        self.reshape(laptop, "block")
        laptop.page.keyboard.press(self.chance.choice(["Tab", "Shift+Tab"]))
        # Outside a list, Tab leaves the text.
        laptop.page.evaluate("document.querySelector('.ProseMirror').focus()")

    def move_section(self, laptop: Laptop) -> None:
        key = self.chance.choice(["Alt+ArrowUp", "Alt+ArrowDown"])
        self.reshape(laptop, "up" if key.endswith("Up") else "down")
        laptop.page.keyboard.press(key)

    def break_line(self, laptop: Laptop) -> None:
        self.chance.choice([laptop.cable.cut, laptop.cable.hush, laptop.cable.mute])()

    def mend_line(self, laptop: Laptop) -> None:
        laptop.cable.mend()

    def reload(self, laptop: Laptop) -> None:
        laptop.leave()
        self.come_back(laptop)

    def die(self, laptop: Laptop) -> None:
        """The battery, at a moment when the page says that everything is kept."""
        # Where the browser keeps nothing, or not yet, the page says « Pas encore reçu », and is right.
        laptop.page.locator("#state:not([aria-busy=true])").filter(has_text=SAFE).wait_for()
        laptop.crash()
        self.come_back(laptop)

    def come_back(self, laptop: Laptop) -> None:
        # A page asked for over connections that died in silence would wait for the browser, not for us.
        laptop.cable.cut()
        laptop.cable.mend()
        laptop.load()
        laptop.go(self.chance.choice(TITLES))


def play(
    room: Room, browser: Browser, seed: int, steps: int = STEPS, autopsy: Path | None = None, *, reshaping: bool = True
) -> Outcome:
    """A fresh sheet, tortured once; each of the five does about `steps` things. What failed is kept in `autopsy`.

    Who reshapes splits, lists and moves lines: two who do so to the same ones may double them, and what one erased there may be
    put back by the other. Elsewhere, and without reshaping, nothing may (Outcome.holds).
    """
    table = room.sheet(browser)
    try:
        found = Torture(table, seed, steps, reshaping=reshaping).play()
        if autopsy is not None and not found.holds():
            updates = [base64.b64encode(update).decode() for update in table.updates()]
            laptops = [{"screen": laptop.lines(), "deleted": laptop.deleted} for laptop in table.laptops]
            autopsy.write_text(json.dumps({**asdict(found), "laptops": laptops, "updates": updates}, ensure_ascii=False))
        return found
    finally:
        table.close()


def _done(results: Path) -> dict[int, Outcome]:
    lines = results.read_text().splitlines() if results.exists() else []
    return {found.seed: found for found in (Outcome(**json.loads(line)) for line in lines)}


def _row(found: Outcome) -> str:
    seconds = "–" if found.seconds is None else f"{found.seconds:.1f}"
    faults = f"  {found.faults[0][:60]}" if found.faults else ""
    doubled = f"{len(found.doubled)}/{len(found.doubled_by_nobody)}"
    revived = f"{len(found.revived)}/{len(found.revived_by_nobody)}"
    columns = (found.seed, found.typed, len(found.lost), doubled, revived, seconds)
    return " ".join(f"{column!s:>8}" for column in columns) + f"  {'holds' if found.holds() else 'FAILS'}{faults}"


def _play_each(seeds: list[int], results: Path) -> None:
    """Play these seeds on a server and in a browser of one's own; each line of the results is written in one go."""
    options = ["--no-sandbox", "--host-resolver-rules=MAP forum.test 127.0.0.1"]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as room:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=options)
        for seed in seeds:
            found = play(room, browser, seed, autopsy=results.with_suffix(f".{seed}.json"))
            with results.open("a") as kept:
                kept.write(json.dumps(asdict(found), ensure_ascii=False) + "\n")
            print(_row(found), flush=True)
        browser.close()


def main() -> int:
    """Play the seeds not yet played; exit code 1 when one of them failed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=200)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--results", type=Path, default=Path("torture.jsonl"))
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--again", action="store_true", help="play again the seeds that failed")
    args = asked.parse_args()
    wanted = range(args.first, args.first + args.seeds)
    known = _done(args.results)
    left = [seed for seed in wanted if seed not in known or (args.again and not known[seed].holds())]
    print(" ".join(f"{name:>8}" for name in ("seed", "typed", "lost", "doubled", "revived", "seconds")), flush=True)
    shares = [share for share in (left[one :: args.processes] for one in range(args.processes)) if share]
    with ProcessPoolExecutor(max(len(shares), 1), get_context("spawn")) as pool:
        for share in [pool.submit(_play_each, share, args.results) for share in shares]:
            share.result()
    done = {seed: found for seed, found in _done(args.results).items() if seed in wanted}
    failed = [seed for seed, found in done.items() if not found.holds()]
    sums = {what: sum(len(getattr(found, what)) for found in done.values())
            for what in ("lost", "doubled", "doubled_by_nobody", "revived", "revived_by_nobody")}  # fmt: skip
    print(f"{len(done)} seeds, {sum(found.typed for found in done.values())} letters, {sums['lost']} lost; "
          f"there twice {sums['doubled']}, {sums['doubled_by_nobody']} where no two reshaped; "
          f"back {sums['revived']}, {sums['revived_by_nobody']} where nobody did; failed: {failed or 'none'}")  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
