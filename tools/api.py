"""docs/api.md, made from the code: `python -m tools.api > docs/api.md`."""

import sys
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from string import Template
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from facilitation import PROTOCOL
from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code
from facilitation.domain.roles import Role
from facilitation.domain.sheets import SCHEMA
from facilitation.domain.text import NAME_MOST, TEXT_MOST, TITLE_MOST
from facilitation.realtime.sheets import MOST_AWARENESS
from facilitation.realtime.websocket import MOST_BYTES
from facilitation.services import payloads, verbs
from facilitation.services.screens import SCREENS
from facilitation.services.table import COMMANDS, Command
from facilitation.services.writing import MOST_UPDATE
from facilitation.web.errors import STATUS
from facilitation.web.limits import PER_PERSON, WINDOW
from tools.reachable import Index

assert verbs.LOADED
HERE = Path(__file__).parent
NAMED_TYPES = {
    "Id": "id", "Chosen": "id, or null", "Ids": "list of ids", "Line": f"one line, at most {TITLE_MOST} characters",
    "Title": f"one line, 1 to {TITLE_MOST} characters", "Name": f"one line, at most {NAME_MOST} characters",
    "Prose": f"text, at most {TEXT_MOST} characters", "Words": f"text, 1 to {TEXT_MOST} characters",
    "Lines": f"list of lines, each at most {TITLE_MOST} characters",
}  # fmt: skip
PLAIN_TYPES = {str: "text", int: "integer", bool: "true or false", NoneType: "null"}
ALWAYS = ("bad_payload", "empty", "too_long", "not_joined", "not_allowed", "other_payload", "not_kept", "too_fast", "outdated")
WHEN = {
    Code.VOTE_NOT_OPEN: "while a vote is open: a moment of kind `vote` opens one, and so does `open_vote`",
    Code.VOTE_OPEN: "while no vote is open",
    Code.NOT_A_SLOT: "any; `slot` is a moment of kind `workshops`",
    Code.WRONG_MOMENT: "while the day is at its `restitution`",
    Code.MOMENT_LEFT: "any; `leaving` is the moment the day is at",
}
ONLY_HTTP = ("forged", "no_forum", "unknown_command")


def type_name(kind: Any) -> str:
    """A payload field's type, in words."""
    for name, words in NAMED_TYPES.items():
        if kind == getattr(payloads, name):
            return words
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return type_name(inside[0]) + _limits(inside[1:])
    if origin in {Union, UnionType}:
        return ", or ".join(type_name(one) for one in inside)
    if origin is Literal:
        return " or ".join(f"`{one}`" for one in inside)
    if origin is list:
        return f"list, each {type_name(inside[0])}"
    return _class_name(kind)


def _class_name(kind: type) -> str:
    if issubclass(kind, BaseModel):
        return "{" + ", ".join(f"{name}: {type_name(of)}" for name, of in _fields(kind)) + "}"
    if issubclass(kind, Enum):
        return " or ".join(f"`{one.value}`" for one in kind)
    return PLAIN_TYPES[kind]


def _limits(found: Iterable[Any]) -> str:
    told = []
    for one in found:
        for limit in one.metadata if isinstance(one, FieldInfo) else [one]:
            words = {
                Ge: lambda it: f"from {it.ge}", Le: lambda it: f"to {it.le}", Lt: lambda it: f"below {it.lt}",
                MaxLen: lambda it: f"at most {it.max_length} of them", MinLen: lambda it: f"at least {it.min_length}",
            }.get(type(limit))  # fmt: skip
            told.append(words(limit) if words else f"as `{limit.pattern}`" if getattr(limit, "pattern", None) else "")
    return "".join(f", {one}" for one in told if one)


def _fields(model: type[BaseModel]) -> list[tuple[str, Any]]:
    """Fields with their annotations as written, parents' first."""
    found: dict[str, Any] = {}
    for parent in reversed(model.__mro__):
        if issubclass(parent, BaseModel) and parent is not BaseModel:
            found.update({name: of for name, of in parent.__annotations__.items() if name in model.model_fields})
    return list(found.items())


def _who(roles: frozenset[Role]) -> str:
    return ", ".join(role.value for role in Role if role in roles)


def _moments(spec: Command, codes: set[str]) -> str:
    """When a command works: the moments it belongs to, or what must be the case, as its refusals tell."""
    if spec.moments:
        return ", ".join(kind.value for kind in MomentKind if kind in spec.moments)
    for code, words in WHEN.items():
        if code.name in codes:
            return words
    if spec.when_late:
        return "any, and once the forum is closed while it takes late sheets"
    return "any, and once the forum is closed" if spec.when_closed else "any"


def command_text(spec: Command, index: Index) -> str:
    """One command's section."""
    module, name = spec.run.__module__, spec.run.__name__
    own = index.codes(module, name) - {code.upper() for code in ALWAYS} | ({Code.WRONG_MOMENT.name} if spec.moments else set())
    refusals = sorted(Code[one].value for one in own) + ([] if spec.when_closed else ["forum_closed"])
    answer = [*index.answer(module, name), *([spec.gives] if spec.gives else [])]
    lines = [
        f"### {spec.name}", "", spec.about, "", f"- who: {_who(spec.who)}", f"- moments: {_moments(spec, own)}",
        f"- refusals: {', '.join(f'`{one}`' for one in refusals) or 'the common ones'}",
    ]  # fmt: skip
    if answer:
        lines.append(f"- answer: {', '.join(f'`{one}`' for one in answer)}")
    if spec.undoable:
        lines.append("- can be taken back with `undo`")
    if spec.secret:
        lines.append("- secret: the log names nobody")
    told = " ".join((spec.payload.__doc__ or "").split())
    rows = _fields(spec.payload)
    if rows:
        lines += ["", told, "", "| field | type | |", "|---|---|---|"]
        lines += [f"| `{name}` | {type_name(of).replace('|', '∣')} | {_default(spec.payload, name)} |" for name, of in rows]
    return "\n".join(lines)


def _default(model: type[BaseModel], name: str) -> str:
    return "required" if model.model_fields[name].is_required() else "optional"


def commands_text(index: Index) -> str:
    """Every command, in the order of the day."""
    day = [module.__name__ for module in verbs.LOADED]
    ordered = sorted(COMMANDS.values(), key=lambda spec: day.index(spec.run.__module__))
    return "\n\n".join(command_text(spec, index) for spec in ordered)


def screens_text(index: Index) -> str:
    """Every screen, with what may lie in each of its slots."""
    parts = []
    for name, screen in SCREENS.items():
        builder = screen.build
        items = index.items(builder.__module__, builder.__name__)
        rows = [f"| `{slot}` | {', '.join(f'`{kind}`' for kind in sorted(kinds))} |" for slot, kinds in sorted(items.items())]
        table = ["", "| slot | kinds of items |", "|---|---|", *rows] if rows else []
        about = (builder.__doc__ or "").split("\n")[0].replace(" Raises NO_SCREEN.", " Where there is none: `no_screen`.")
        parts.append("\n".join([f"### {name}", "", about, "", f"- who: {_who(screen.who)}", *table]))
    return "\n\n".join(parts)


def codes_text() -> str:
    """Every refusal with the status HTTP answers it with."""
    rows = [f"| `{code.value}` | {STATUS.get(code, 422)} |" for code in Code]
    return "\n".join(["| code | status |", "|---|---|", *rows])


def example() -> str:
    """The program that joins, proposes and listens, without its docstring."""
    return (HERE / "api_example.py").read_text(encoding="utf-8").split('"""', 2)[2].strip()


def document() -> str:
    """The whole page."""
    index = Index()
    text = Template((HERE / "api_template.md").read_text(encoding="utf-8"))
    return text.substitute(
        protocol=PROTOCOL, schema=SCHEMA, most_bytes=MOST_BYTES, most_update=MOST_UPDATE, most_awareness=MOST_AWARENESS,
        per_person=PER_PERSON, window=int(WINDOW), always=", ".join(f"`{code}`" for code in ALWAYS),
        only_http=", ".join(f"`{code}`" for code in ONLY_HTTP), example=example(), commands=commands_text(index),
        screens=screens_text(index), codes=codes_text(),
    )  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(document())
