"""Imports point down, and inside a floor a noun imports only nouns that come earlier in the day."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "facilitation"
FLOORS = {"domain": 0, "markdown": 0, "store": 1, "services": 2, "web": 3, "realtime": 3, "publishing": 3}
ROOF = 4
DAY = (
    "refusals", "roles", "text", "ring", "typography", "participants", "links", "events", "moments", "families",
    "topics", "near", "groups", "codes", "authors", "cards", "pitches", "devices", "rounds", "votes", "grid",
    "rooms", "seats", "workshops", "attendance", "hosts", "claims", "presence", "fates", "talks", "sheets", "merging", "history",
    "templates", "remarks", "engagements", "proceedings",
)  # fmt: skip
ALLOWED = {"sqlalchemy": {"store"}, "flask": {"web", "realtime"}, "weasyprint": {"publishing"}}


def modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if "node_modules" not in path.parts]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.stmt):
            yield from ((name, node.lineno) for name in named(node))


def named(node: ast.stmt) -> Iterator[str]:
    """What one statement imports, names of packages completed with what is taken from them."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor_of(dotted: str) -> int:
    parts = dotted.split(".")
    return FLOORS.get(parts[1], ROOF) if len(parts) > 1 else -1


def dotted(path: Path) -> str:
    return ".".join(("facilitation", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def test_imports_point_down() -> None:
    wrong = []
    for path in modules():
        here = floor_of(dotted(path))
        for name, line in imports(path):
            if name.startswith("facilitation.") and floor_of(name) > here:
                if name in {"facilitation.settings", "facilitation.PROTOCOL", "facilitation.serving.local_address"}:
                    continue
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
    assert wrong == []


def test_the_domain_needs_only_the_standard_library() -> None:
    import sys

    wrong = [
        f"{path.name}:{line} imports {name}"
        for path in (PACKAGE / "domain").glob("*.py") for name, line in imports(path)
        if not name.startswith("facilitation.domain") and name.split(".")[0] not in sys.stdlib_module_names
        and name != "facilitation"
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("floor", ["domain", "services"])
def test_a_noun_imports_only_earlier_nouns(floor: str) -> None:
    wrong = []
    for path in (PACKAGE / floor).glob("*.py"):
        if path.stem not in DAY or path.stem == "proceedings":
            continue
        for name, line in imports(path):
            parts = name.split(".")
            known = parts[:2] == ["facilitation", floor] and len(parts) > 2 and parts[2] in DAY
            if known and DAY.index(parts[2]) > DAY.index(path.stem):
                wrong.append(f"{path.name}:{line} imports {parts[2]}")
    assert wrong == []


def test_sql_is_written_in_the_store_alone() -> None:
    wrong = []
    for path in modules():
        if "store" in path.parts:
            continue
        for name, line in imports(path):
            if name in {"sqlalchemy.select", "sqlalchemy.insert", "sqlalchemy.update", "sqlalchemy.delete", "sqlalchemy.text"}:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
    assert wrong == []


def test_only_the_floors_that_may_know_of_flask_sqlalchemy_and_weasyprint_do() -> None:
    wrong = []
    for path in modules():
        room = path.relative_to(PACKAGE).parts[0]
        for name, line in imports(path):
            top = name.split(".")[0]
            if top == "flask" and room in {"domain", "store", "services", "publishing"}:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
            if top == "weasyprint" and room != "publishing":
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
    assert wrong == []


def test_services_never_emit() -> None:
    wrong = [
        str(path.relative_to(PACKAGE)) for path in (PACKAGE / "services").rglob("*.py") if ".emit(" in path.read_text("utf-8")
    ]
    assert wrong == []


def test_a_server_loads_nothing_that_makes_documents() -> None:
    """Two seconds of every start, and a third of what a server then weighs."""
    known = {dotted(path): path for path in modules()}
    reached, waiting = set[str](), ["facilitation.cli"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            if name in known:
                waiting += [found for node in ast.parse(known[name].read_text("utf-8")).body for found in named(node)]
    assert "facilitation.publishing.jobs" in reached
    assert {"weasyprint", "pikepdf", "docx", "odfdo", "fontTools", "lxml"} & {name.partition(".")[0] for name in reached} == set()
