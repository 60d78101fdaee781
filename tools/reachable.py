"""What a function can come to, read from the sources: refusals it can raise, items it can make, fields it answers."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

Where = tuple[str, str]
EVERYWHERE = {"facilitation.services.turn", "facilitation.services.table", "facilitation.services.payloads"}
METHODS = {"find": "NOT_FOUND", "person": "NOT_JOINED"}


@cache
def _module(name: str) -> dict[str, ast.AST]:
    """The functions and constants of a module by name; imported names lead to where they come from."""
    found: dict[str, ast.AST] = {}
    for node in _tree(name).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found.update({target.id: node.value for target in node.targets if isinstance(target, ast.Name)})
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
        elif isinstance(node, ast.ImportFrom) and _is_followed(node.module or ""):
            found.update({alias.asname or alias.name: ast.ImportFrom(node.module, [alias], 0) for alias in node.names})
    return found


def _is_followed(name: str) -> bool:
    return name.startswith("facilitation.services") and name not in EVERYWHERE


def _tree(name: str) -> ast.Module:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))


class Index:
    """Follows names from function to function within the services."""

    def reached(self, module: str, name: str, seen: set[Where] | None = None) -> Iterator[ast.AST]:
        """Every definition `name` of `module` leads to, itself first."""
        seen = set() if seen is None else seen
        found = _module(module).get(name)
        if found is None or (module, name) in seen:
            return
        seen.add((module, name))
        if isinstance(found, ast.ImportFrom):
            yield from self.reached(str(found.module), found.names[0].name, seen)
            return
        yield found
        own = _own_names(found)
        for node in ast.walk(found):
            if isinstance(node, ast.Name) and node.id not in own:
                yield from self.reached(module, node.id, seen)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                yield from self._of_module(module, node.value.id, node.attr, seen)

    def _of_module(self, module: str, owner: str, name: str, seen: set[Where]) -> Iterator[ast.AST]:
        """`groups.members`, where `groups` is a module that was imported."""
        found = _module(module).get(owner)
        if isinstance(found, ast.ImportFrom):
            inside = f"{found.module}.{found.names[0].name}"
            if _is_module(inside):
                yield from self.reached(inside, name, seen)

    def codes(self, module: str, name: str) -> set[str]:
        """The names of the refusals it can raise, beside those every command can."""
        found = set()
        for part in self.reached(module, name):
            for node in ast.walk(part):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    if node.value.id == "Code":
                        found.add(node.attr)
                    elif node.value.id == "turn" and node.attr in METHODS:
                        found.add(METHODS[node.attr])
        return found

    def items(self, module: str, name: str) -> dict[str, set[str]]:
        """The kinds of items it can make, by slot."""
        found: dict[str, set[str]] = {}
        for part in self.reached(module, name):
            for node in ast.walk(part):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Item":
                    slot, kind = (_text(node.args[index]) for index in (1, 3))
                    found.setdefault(slot, set()).add(kind)
        return found

    def answer(self, module: str, name: str) -> list[str]:
        """The fields of what it returns."""
        found = _module(module).get(name)
        returned = [node.value for node in ast.walk(found) if isinstance(node, ast.Return)] if found else []
        for value in returned:
            if isinstance(value, ast.Dict):
                return [_text(key) for key in value.keys if key is not None]
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
                return self.answer(module, value.func.id)
        return []


def _own_names(found: ast.AST) -> set[str]:
    """What a function calls its own, whatever its module has by that name."""
    stored = {node.id for node in ast.walk(found) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.arg for node in ast.walk(found) if isinstance(node, ast.arg)}


@cache
def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _text(node: ast.expr) -> str:
    """A constant's text; what is made at run time reads as …"""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "…"
