"""The one command table: every change is a row here, with its payload, who may ask for it, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

from sqlalchemy import Table

from facilitation.domain.moments import MomentKind
from facilitation.domain.roles import Role
from facilitation.services.payloads import Payload
from facilitation.services.turn import Turn

Answer = dict[str, Any]
Verb = Callable[[Turn, Any], Answer | None]
Hook = Callable[[Turn], None]


@dataclass(frozen=True)
class Command:
    """One row of the table.

    `moments` None means at any moment; a command with a `secret` logs nobody, and its
    operation ids are scoped by what `secret` returns (a ballot), so that nothing pairs a person and a choice.
    `when_late` works after the close for as long as late sheets are taken; `when_closed` at any time after it.
    """

    name: str
    payload: type[Payload]
    who: frozenset[Role]
    run: Verb
    moments: frozenset[MomentKind] | None = None
    undoable: bool = False
    secret: Callable[[Turn], str] | None = None
    when_closed: bool = False
    when_late: bool = False
    gives: str | None = None

    @property
    def about(self) -> str:
        """The first line of the verb's docstring."""
        return (self.run.__doc__ or "").strip().split("\n")[0]


COMMANDS: dict[str, Command] = {}
ENTERING: dict[MomentKind, list[Hook]] = {}
LEAVING: dict[MomentKind, list[Hook]] = {}
UNDONE: list[Hook] = []
ERASED: list[Hook] = []
CHANGED: list[tuple[frozenset[str], Hook]] = []


def command(
    *who: Role, moments: frozenset[MomentKind] | None = None, undoable: bool = False, secret: Callable[[Turn], str] | None = None,
    when_closed: bool = False, when_late: bool = False, gives: str | None = None,
) -> Callable[[Verb], Verb]:  # fmt: skip
    """Enter a verb into the table under its own name; its second parameter's type is the payload."""

    def enter(verb: Verb) -> Verb:
        payload = get_type_hints(verb)["ask"]
        COMMANDS[verb.__name__] = Command(
            verb.__name__, payload, frozenset(who), verb, moments, undoable, secret, when_closed, when_late, gives
        )
        return verb

    return enter


def entering(kind: MomentKind) -> Callable[[Hook], Hook]:
    """Run the hook when the day enters a moment of this kind, in the same transaction."""

    def note(hook: Hook) -> Hook:
        ENTERING.setdefault(kind, []).append(hook)
        return hook

    return note


def leaving(kind: MomentKind) -> Callable[[Hook], Hook]:
    """Run the hook when the day leaves a moment of this kind, in the same transaction."""

    def note(hook: Hook) -> Hook:
        LEAVING.setdefault(kind, []).append(hook)
        return hook

    return note


def after_undo(hook: Hook) -> Hook:
    """Run the hook when a change has been taken back, in the same transaction; it refuses what no longer fits the day."""
    UNDONE.append(hook)
    return hook


def after_erasing(hook: Hook) -> Hook:
    """Run the hook when somebody is forgotten, in the same transaction, before their name is."""
    ERASED.append(hook)
    return hook


def when_changed(*tables: Table) -> Callable[[Hook], Hook]:
    """Run the hook after any command that changed a row of these tables, in the same transaction, for whom it concerns."""

    def note(hook: Hook) -> Hook:
        CHANGED.append((frozenset(table.name for table in tables), hook))
        return hook

    return note
