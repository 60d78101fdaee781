"""The post: sends the published compte-rendu to those who left an address, once, from a process of its own; tries again when
the mail server does not answer."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import gevent
from flask import Flask, current_app
from gevent import subprocess as patient
from gevent.event import Event

from facilitation.domain.editions import EditionState
from facilitation.publishing.jobs import environment
from facilitation.publishing.words import Words
from facilitation.services import wishes as service
from facilitation.services.dispatch import News
from facilitation.services.health import Trouble
from facilitation.services.house import House
from facilitation.store import wishes
from facilitation.store.alone import alone
from facilitation.store.columns import Row

# Seconds until the next attempt after one, two, three… that failed; a letter in one go, and how long one go may last.
DELAYS = (30.0, 60.0, 120.0, 300.0, 900.0)
AT_ONCE = 40
PATIENCE = 300
LARGEST = 18_000_000
UNREACHED = "down"
# Seconds until one looks again whether the process that sends has done so, or died over it.
ELSEWHERE = 5.0


@dataclass
class Post:
    """One per process; `delays` say how long it waits when the mail server is dead."""

    house: House
    smtp: dict[str, Any] | None
    folder: Path
    delays: tuple[float, ...] = DELAYS
    failures: int = 0
    wanted: Event = field(default_factory=Event)
    going: gevent.Greenlet | None = None

    def start(self, _event_id: str = "") -> None:
        """Somebody left an address, or an edition came out; returns at once."""
        if self.smtp is None:
            return
        if self.going is None or self.going.ready():
            self.going = gevent.spawn(self._run)
        elif not self.failures:
            self.wanted.set()

    def hear(self, news: News) -> None:
        """An edition may have come out."""
        if "edition" in news.tables:
            self.start()

    def close(self) -> None:
        """Stop; whoever has not been written to is written to when a server starts again."""
        if self.going is not None:
            self.going.kill(block=True, timeout=5)

    def expire(self) -> None:
        """Forget addresses nobody could use for a month."""
        for event_id in self._forums():
            self._keep(partial(service.expire, event_id=event_id, now=self.house.clock()))

    def _run(self) -> None:
        while True:
            self.wanted.clear()
            with alone(self.house.engine, "post") as mine:
                down = mine and not self._send_all()
            if not mine:
                # Another process sends: nobody gets two letters.
                if not any(self._batch(event_id) for event_id in self._forums()):
                    return
                gevent.sleep(ELSEWHERE)
                continue
            self.failures = self.failures + 1 if down else 0
            (self.house.health.fails if down else self.house.health.works)(Trouble.MAIL)
            if down:
                gevent.sleep(self.delays[min(self.failures, len(self.delays)) - 1])
            elif not self.wanted.is_set():
                return

    def _send_all(self) -> bool:
        """Whether the mail server answered, whoever waits."""
        self.expire()
        for event_id in self._forums():
            while batch := self._batch(event_id):
                if not self._send(event_id, *batch):
                    return False
        return True

    def _forums(self) -> list[str]:
        with self.house.reading() as connection:
            return wishes.forums_waiting(connection)

    def _batch(self, event_id: str) -> tuple[Row, list[Row]] | None:
        """The newest edition still out, and who waits for it."""
        forum = self.house.forum(event_id)
        out = next((row for row in reversed(forum.editions) if row["state"] == EditionState.PUBLISHED), None)
        with self.house.reading() as connection:
            rows = wishes.waiting(connection, event_id)[:AT_ONCE]
        return (out, rows) if out and rows else None

    def _send(self, event_id: str, edition: Row, rows: list[Row]) -> bool:
        """Whether the mail server answered."""
        told, down = self._posted(event_id, edition, rows)
        done = {one.id for one in told}
        left = [service.Answered(id=row["id"], state="waiting", error=UNREACHED) for row in rows if row["id"] not in done]
        found = [*told, *(left if down else [])]
        self._keep(partial(service.answered, event_id=event_id, found=found, now=self.house.clock()))
        return not down and bool(found) and not any(one.state == service.WAITING for one in told)

    def _posted(self, event_id: str, edition: Row, rows: list[Row]) -> tuple[list[service.Answered], bool]:
        pdf = next(one for one in edition["files"] if one["kind"] == "pdf")
        if pdf["bytes"] > LARGEST:
            return [service.Answered(id=row["id"], state="refused", error="large") for row in rows], False
        assert self.smtp is not None
        forum = self.house.forum(event_id)
        job = {
            "smtp": self.smtp, "from": self.smtp["from"], "from_name": "facilitation", "name": pdf["name"],
            "file": str(self.folder / event_id / edition["path"] / pdf["name"]),
            "letters": [_letter(forum.event, edition, row) for row in rows],
        }  # fmt: skip
        lines = self._through(json.dumps(job).encode())
        answers = [service.Answered.model_validate(line) for line in lines if "id" in line]
        return answers, any("down" in line for line in lines) or len(answers) < len(rows)

    def _through(self, job: bytes) -> list[dict[str, Any]]:
        """What the sending process said, as far as it came."""
        sender = patient.Popen(
            [sys.executable, "-m", "facilitation.publishing.post"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(), close_fds=True,
        )  # fmt: skip
        try:
            out, _ = sender.communicate(job, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            sender.kill()
            out, _ = sender.communicate()
        except gevent.GreenletExit:
            sender.kill()
            raise
        whole = [line for line in out.split(b"\n")[:-1] if line]
        return [json.loads(line) for line in whole]

    def _keep(self, act: Any) -> None:
        kept = self.house.writer.submit(act)
        if kept is not None:
            self.house.tell(kept.news)


def _letter(event: Row, edition: Row, row: Row) -> dict[str, Any]:
    """A few plain sentences. Nothing in them is more than one line of what somebody typed."""
    words = Words(row["language"] or "fr")
    title = " ".join(str(event["title"]).split())
    when = words.moment(edition["made_at"], event["timezone"])
    by = words.list([" ".join(str(name).split()) for name in event["organisers"]])
    lines = [
        words._("Bonjour,"),
        words._("Vous avez demandé le compte-rendu du forum « %(title)s ». Le voici, en pièce jointe.", title=title),
        words._("C’est l’édition n° %(number)d, publiée le %(when)s.", number=edition["number"], when=when),
        words._("Votre adresse n’a servi qu’à cet envoi : elle est effacée, et vous ne recevrez rien d’autre de notre part."),
        words._("Merci d’avoir été là."),
        *([by] if by else []),
    ]
    subject = words._("Le compte-rendu de « %(title)s »", title=title)
    return {
        "id": row["id"], "to": row["address"], "language": words.language, "subject": subject[:200],
        "text": "\n\n".join(lines) + "\n",
    }  # fmt: skip


def install(flask: Flask, house: House, smtp: dict[str, Any] | None) -> None:
    """Open the post; it takes up what the last server had no time to send."""
    made = Post(house, smtp, house.exports.resolve())
    house.dispatch.afterwards["ask_for_book"] = made.start
    house.listeners.append(made.hear)
    house.closers.insert(0, made.close)
    flask.extensions["post"] = made
    made.expire()
    made.start()


def post() -> Post:
    """The post of this process."""
    found = current_app.extensions["post"]
    assert isinstance(found, Post)
    return found
