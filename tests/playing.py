"""A day played in process on a real SQLite file, with a cast: Alice organises, Fatou facilitates, Bob and Chloé take part."""

import secrets
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from facilitation.app import Application, create_app
from facilitation.domain.roles import Actor
from facilitation.services.creation import Created, NewEvent
from facilitation.services.forum import Forum
from facilitation.settings import read_settings
from facilitation.store.identity import VISITOR
from facilitation.store.migrating import migrate
from facilitation.web.words import moment_titles


class Clock:
    """A time that moves only when told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 14, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def later(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)


class Day:
    """One forum and its people. `do` performs a command and returns its answer."""

    def __init__(self, application: Application, **asked: Any) -> None:
        self.application = application
        self.house = application.house
        with application.flask.test_request_context():
            self.titles = moment_titles()
        self.made: Created = self.house.create(NewEvent(**{"title": "Mobilités en vallée", **asked}), self.titles)
        self.event_id, self.slug = self.made.event_id, self.made.slug
        self.tokens: dict[str, str] = {}
        self.alice = self.through(self.made.token, "Alice")
        self.fatou = self.through(self.do(self.alice, "invite", role="facilitator", label="Fatou")["link"])
        self.bob = self.join("Bob")
        self.chloe = self.join("Chloé")

    def do(self, actor: Actor, command: str, /, op: str | None = None, **payload: Any) -> dict[str, Any]:
        return self.house.dispatch.perform(self.event_id, actor, command, op or secrets.token_hex(16), payload).answer

    def again(self, actor: Actor) -> Actor:
        """The same device, with the roles it has by now."""
        return self.house.actor(self.event_id, self.tokens[actor.device_id])

    def with_token(self, token: str) -> Actor:
        actor = self.house.actor(self.event_id, token)
        self.tokens[actor.device_id] = token
        return actor

    def join(self, name: str = "", organisation: str = "") -> Actor:
        return self.with_token(self.do(VISITOR, "join", name=name, organisation=organisation)["token"])

    def through(self, link: str, name: str = "") -> Actor:
        return self.with_token(self.do(VISITOR, "use_link", token=link, name=name)["token"])

    def to(self, kind: str) -> None:
        """Move the day to the first moment of this kind."""
        forum = self.forum
        target = next(row["id"] for row in forum.moments if row["kind"] == kind)
        self.do(self.fatou, "go_to_moment", to=target, leaving=forum.event["moment_id"])

    def propose(self, actor: Actor, title: str, **more: Any) -> str:
        return str(self.do(actor, "propose_topic", title=title, **more)["id"])

    @property
    def forum(self) -> Forum:
        return self.house.forum(self.event_id)


@cache
def migrated() -> bytes:
    """A database without a forum, as migrations leave it: a fifth of a second of work, done once for all the files of a run."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "empty.db"
        migrate(f"sqlite:///{made}")
        return made.read_bytes()


class Compiled(BytecodeCache):
    """What templates compile to, by their text: each application of a run would else compile them all again."""

    def __init__(self) -> None:
        self._done: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (done := self._done.get(bucket.key + bucket.checksum)) is not None:
            bucket.bytecode_from_string(done)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._done[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


COMPILED = Compiled()


def open_application(folder: Path, **settings: object) -> Application:
    """The whole application on a SQLite file of this folder, a fresh one where there is none."""
    file = folder / "forum.db"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(migrated())
    made = create_app(read_settings({"database": f"sqlite:///{file}", "exports": folder / "exports", **settings}))
    made.flask.jinja_env.bytecode_cache = COMPILED
    return made
