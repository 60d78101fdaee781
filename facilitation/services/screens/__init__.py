"""What each kind of device shows: pure functions from a forum to ordered items."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.services.forum import Forum

Key = tuple[int | str, ...]


@dataclass(frozen=True)
class Item:
    """One thing on a screen. It lives in `slot`, sorted by `at` (text, compared as is); `data` is language-free JSON."""

    id: str
    slot: str
    at: str
    kind: str
    data: dict[str, Any]


Build = Callable[[Forum, str], list[Item]]


@dataclass(frozen=True)
class Screen:
    """A kind of screen: how it is built from a forum and its argument (after the colon), and who may open it.

    One that `takes_argument` has one screen for each, the others have one and no more: each name costs a room and what it shows.
    One `of_sheet` is for those who write the sheet its argument names, and for the team.
    """

    build: Build
    who: frozenset[Role]
    of_sheet: bool = False
    takes_argument: bool = False


SCREENS: dict[str, Screen] = {}
# The longest argument: ids are shorter.
LONGEST = 64


def screen(
    name: str, *who: Role, of_sheet: bool = False, takes_argument: bool = False
) -> Callable[[Build], Build]:
    """Enter a builder into the table of screens."""

    def enter(build: Build) -> Build:
        SCREENS[name] = Screen(build, frozenset(who), of_sheet, takes_argument or of_sheet)
        return build

    return enter


def build_screen(forum: Forum, name: str) -> list[Item]:
    """The items of a screen such as `phone` or `sheet:<id>`. Raises NO_SCREEN."""
    found, argument = named(name)
    return found.build(forum, argument)


def named(name: str) -> tuple[Screen, str]:
    """The kind of screen a name means, and its argument. Raises NO_SCREEN."""
    kind, colon, argument = name.partition(":")
    found = SCREENS.get(kind)
    if found is None or len(argument) > LONGEST or (colon and not found.takes_argument):
        raise Refusal(Code.NO_SCREEN)
    return found, argument


def may_open(actor: Actor, name: str) -> bool:
    """Whether this device may see a screen at all. Raises NO_SCREEN."""
    found, argument = named(name)
    if not found.who & (actor.roles | {Role.VISITOR}):
        return False
    return not found.of_sheet or actor.is_team() or argument in actor.sheets


def order(*parts: int) -> str:
    """A sort key of numbers that compares as text."""
    return ".".join(f"{part:06d}" for part in parts)
