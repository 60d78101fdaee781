"""The door behind both doors: checks who, when and whether it was asked before, then commits, then tells."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from facilitation.domain.late import takes_sheets
from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.services.payloads import Payload, read
from facilitation.services.table import CHANGED, COMMANDS, Command
from facilitation.services.turn import Turn
from facilitation.store import changes
from facilitation.store.secrets import digest
from facilitation.store.writer import Writer

ALWAYS = frozenset({"event"})
TAKEN_BACK = frozenset({"change"})


@dataclass(frozen=True)
class News:
    """What a commit did: the forum's new version, the tables it changed, and the people whose own screen changed.

    `rows`: (table, id) of what it changed, of those tables in which it can name every row; of the others any may have.
    `calm` news can wait a second: sheets grow by a character at a time, and those who write hear of it otherwise.
    `expels`: devices that may have lost a right to be where they are; None: nobody knows which. `written`: updates of sheets
    that a command made, as (sheet, number, update).
    `grown`: sheets that rapporteurs wrote in, as (sheet, number); those who have them open have heard already.
    """

    event_id: str
    version: int
    tables: frozenset[str]
    touched: frozenset[str] = frozenset()
    calm: bool = False
    expels: frozenset[str] | None = frozenset()
    written: tuple[tuple[str, int, bytes], ...] = ()
    grown: tuple[tuple[str, int], ...] = ()
    rows: frozenset[tuple[str, str]] = frozenset()


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or other is None else one | other


def merged(told: list[News]) -> list[News]:
    """One news for each forum, of all that happened there; the last version stands."""
    found: dict[str, News] = {}
    for news in told:
        had = found.get(news.event_id)
        found[news.event_id] = news if had is None else News(
            news.event_id, max(had.version, news.version), had.tables | news.tables, had.touched | news.touched,
            calm=had.calm and news.calm, expels=_both(had.expels, news.expels), written=had.written + news.written,
            grown=had.grown + news.grown,
        )  # fmt: skip
    return list(found.values())


@dataclass(frozen=True)
class Outcome:
    """An accepted command: its number in the forum's log, its answer, and its news unless it had been accepted before."""

    number: int
    answer: dict[str, Any]
    news: News | None = None


def stamped(name: str, ask: Payload) -> str:
    """The digest of a command's payload, kept with its answer."""
    return digest(json.dumps([name, ask.model_dump(mode="json")], sort_keys=True, ensure_ascii=False))


class Dispatch:
    """Carries out commands. `tell` hears of each commit, after it and never before.

    `accepted` counts commands, and `lost` those whose commit failed and that have to be sent again.
    `afterwards` holds what a command still needs once it is committed, before it is answered; asked again, it is done again.
    """

    def __init__(
        self, engine: Engine, writer: Writer, clock: Callable[[], datetime], key: bytes, tell: Callable[[News], None]
    ) -> None:
        self.engine = engine
        self.writer = writer
        self.clock = clock
        self.key = key
        self.tell = tell
        self.afterwards: dict[str, Callable[[str], None]] = {}
        self.accepted = self.lost = 0

    def perform(self, event_id: str, actor: Actor, name: str, op: str, payload: Mapping[str, Any]) -> Outcome:
        """Do it and answer after the flush. Raises Refusal; nothing of a refused command remains."""
        spec = COMMANDS.get(name)
        if spec is None:
            raise Refusal(Code.UNKNOWN_COMMAND)
        if not spec.who & actor.roles:
            raise Refusal(Code.NOT_ALLOWED if actor.roles - {Role.VISITOR} else Code.NOT_JOINED)
        if not 16 <= len(op) <= 128 or not op.isascii():
            raise Refusal(Code.BAD_PAYLOAD, fields={"op": Code.BAD_PAYLOAD})
        ask = read(spec.payload, payload)
        stamp = stamped(name, ask)
        try:
            outcome = self.writer.submit(
                lambda connection: self._carry_out(connection, event_id, actor, spec, op, ask, stamp)
            )
        except Refusal as refusal:
            self.lost += refusal.code is Code.NOT_KEPT
            raise
        assert isinstance(outcome, Outcome)
        self.accepted += 1
        if outcome.news is not None:
            self.tell(outcome.news)
        if name in self.afterwards:
            self.afterwards[name](event_id)
        return outcome

    def _carry_out(
        self, connection: Connection, event_id: str, actor: Actor, spec: Command, op: str, ask: Payload, stamp: str
    ) -> Outcome:
        event = changes.lock_event(connection, event_id)
        if event is None:
            raise Refusal(Code.NO_FORUM)
        turn = Turn(changes.Ledger(connection, event_id), event, actor, self.clock(), op, self.key)
        scope = spec.secret(turn) if spec.secret else actor.scope
        known = changes.stored_answer(connection, event_id, scope, digest(op))
        if known is not None:
            if known["digest"] != stamp:
                raise Refusal(Code.OTHER_PAYLOAD)
            return Outcome(known["number"], _with_secret(turn, spec, known["answer"]))
        _check_time(turn, spec)
        answer = spec.run(turn, ask) or {}
        for concerned, hook in CHANGED:
            if concerned & turn.ledger.changed:
                hook(turn)
        number, version = changes.bump(connection, event_id, number=True)
        changes.keep_answer(connection, event_id, scope, digest(op), stamp, number, answer)
        changes.write_change(
            turn.ledger, number, turn.now, None if spec.secret else actor.participant_id,
            "" if spec.secret else turn.actor.name, spec.name, undoable=spec.undoable, undoes=answer.get("undoes"),
        )  # fmt: skip
        # Screens show of the log only what can be taken back.
        log = TAKEN_BACK if spec.undoable or "undoes" in answer else frozenset()
        news = News(
            event_id, version, ALWAYS | log | turn.ledger.changed, frozenset(turn.touched), expels=frozenset(turn.expels),
            written=tuple(turn.written), rows=turn.ledger.named,
        )  # fmt: skip
        return Outcome(number, _with_secret(turn, spec, answer), news)


def _check_time(turn: Turn, spec: Command) -> None:
    is_late = spec.when_late and takes_sheets(turn.event, turn.now)
    if turn.event["state"] == "closed" and not spec.when_closed and not is_late:
        raise Refusal(Code.FORUM_CLOSED)
    if spec.moments is not None:
        kind = turn.kind()
        if kind not in spec.moments:
            raise Refusal(Code.WRONG_MOMENT, moment=(kind or MomentKind.WELCOME).value)


def _with_secret(turn: Turn, spec: Command, answer: dict[str, Any]) -> dict[str, Any]:
    """Tokens are given to whoever asked, again on repetition, and stored nowhere."""
    if spec.gives is None:
        return answer
    return {**answer, spec.gives: turn.short_code() if spec.gives == "code" else turn.secret(spec.gives)}
