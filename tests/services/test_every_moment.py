"""Every command of the table, in every role, at every moment of the day, with another forum's ids too; docs/api.md says the same."""

import re
from collections.abc import Iterator

import pytest

from facilitation.app import Application
from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.services.table import COMMANDS
from tests.services.test_table import IDS, NAMES, Payload, Played, Try, cast, payload_for, play, trial
from tests.watching import refused
from tools.api import ALWAYS, document

# tests/test_api_docs.py holds docs/api.md to it.
API = document()
NOBODYS = {Code.NOT_FOUND, Code.NOT_ALLOWED, Code.NOT_JOINED, Code.LINK_REVOKED, Code.WRONG_CODE, Code.BALLOT_CODE_USED, Code.MOMENT_LEFT}


@pytest.fixture(scope="module")
def here(application: Application) -> Iterator[Played]:
    played = play(application)
    yield played
    assert played.is_untouched()


@pytest.fixture(scope="module")
def elsewhere(application: Application) -> Iterator[Played]:
    played = play(application)
    yield played
    assert played.is_untouched()


def told(name: str, line: str) -> set[str]:
    """One line of a command's section in docs/api.md, as the set of its words."""
    section = API.split(f"### {name}\n")[1].split("\n### ", maxsplit=1)[0]
    found = next(one for one in section.splitlines() if one.startswith(f"- {line}: "))
    return set(found.removeprefix(f"- {line}: ").replace("`", "").split(", "))


def goes_to(attempt: Try, played: Played, moment: str) -> None:
    at = played.ids["leaving"]
    if moment != at:
        attempt(played.day.fatou, "go_to_moment", {"leaving": at, "to": moment}, op="d" * 32)


def at(payload: Payload, played: Played, moment: str) -> Payload:
    """The payload of somebody who sees the day where it is."""
    return {**payload, "leaving": moment} if payload.get("leaving") else payload


@pytest.mark.parametrize("name", NAMES)
def test_every_role_in_every_moment(here: Played, elsewhere: Played, name: str) -> None:
    spec, payload, theirs = COMMANDS[name], payload_for(COMMANDS[name], here), payload_for(COMMANDS[name], elsewhere)
    foreign = [key for key in (*IDS, "token", "code") if payload.get(key) is not None]
    allowed = {code.replace("the common ones", "") for code in told(name, "refusals")} | set(ALWAYS)
    assert told(name, "who") == {role.value for role in spec.who}
    kinds = {row["kind"]: row["id"] for row in here.day.forum.moments}
    assert len(kinds) > 8
    for kind, moment in kinds.items():
        with trial(here) as attempt:
            goes_to(attempt, here, moment)
            for role, actor in cast(here).items():
                asked = at(payload, here, moment)
                if not spec.who & actor.roles:
                    # The door itself says so, before any transaction: nothing of the day is asked.
                    with refused(Code.NOT_JOINED if role is Role.VISITOR else Code.NOT_ALLOWED):
                        here.day.house.dispatch.perform(here.day.event_id, actor, name, "e" * 32, asked)
                    continue
                for key in foreign:
                    with pytest.raises(Refusal) as caught:
                        attempt(actor, name, {**asked, key: theirs[key]}, op=f"{role.value:f<32}")
                    assert caught.value.code in NOBODYS or caught.value.code.value in allowed, (kind, role, key, caught.value.code)
                check(attempt, actor, name, asked, allowed | {""}, kind)


def check(attempt: Try, actor: object, name: str, asked: Payload, allowed: set[str], kind: str) -> None:
    """A refusal is one that docs/api.md tells; what the page says of moments is so."""
    line = " ".join(told(name, "moments"))
    named = {one.value for one in MomentKind if re.search(rf"\b{one.value}\b", line)}
    code = ""
    try:
        attempt(actor, name, asked, op="g" * 32)
    except Refusal as refusal:
        code = refusal.code.value
    assert code in allowed, (kind, actor)
    if code == "wrong_moment":
        assert named
        assert kind not in named
    elif not code and "restitution" in named:
        assert kind in named
