"""`facilitation sbom`: every locked dependency with its version and hashes, as CycloneDX; what pages carry of npm included."""

import argparse
import base64
import json
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

PACKAGE = Path(__file__).parents[1]
NAME = "requirements.lock"
# What the build of the pages took from npm, written by it, and where its hashes are.
NOTICES, FRONT_LOCK = PACKAGE / "static" / "dist" / "third-party.txt", PACKAGE / "static" / "package-lock.json"
LINE = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.IGNORECASE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
NOTICE = re.compile(r"(?:\A|\n----\n\n)(\S+) (\S+) \(([^()]*)\)\n")
Part = dict[str, Any]


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("sbom", help="liste les dépendances verrouillées (CycloneDX)")
    made.add_argument("--lock", type=Path, help="le fichier des versions (par défaut, celui de cette installation)")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the list."""
    lock = asked.lock or lock_file()
    try:
        told = bill(lock.read_text(encoding="utf-8"), bundled())
    except OSError as error:
        print(f"Ce fichier ne peut pas être lu : {error.filename} ({error.strerror}).", file=sys.stderr)
        return 1
    print(json.dumps(told, indent=1, ensure_ascii=False))
    return 0


def lock_file() -> Path:
    """The versions this installation was made from: beside the sources, or where a wheel has put them."""
    beside = PACKAGE.parent / NAME
    if beside.exists():
        return beside
    try:
        files = distribution("facilitation").files or []
    except PackageNotFoundError:
        return beside
    return next((Path(str(one.locate())) for one in files if one.name == NAME), beside)


def bill(locked: str, more: list[Part]) -> dict[str, Any]:
    """A lock's packages, and more parts, as a CycloneDX document: the same for the same lock."""
    parts = [_component(block) for block in re.split(r"\n(?=\S)", locked) if LINE.match(block)]
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": parts + more}


def bundled() -> list[Part]:
    """The npm packages that are in the pages' scripts. Raises OSError; KeyError where the lock does not know one of them."""
    locked = json.loads(FRONT_LOCK.read_text(encoding="utf-8"))["packages"]
    parts = []
    for name, version, licence in NOTICE.findall(NOTICES.read_text(encoding="utf-8")):
        entry = locked[f"node_modules/{name}"]
        if entry["version"] != version:
            raise KeyError(f"{name} {version}")
        parts.append({
            "type": "library", "name": name, "version": version, "purl": f"pkg:npm/{quote(name, safe='/')}@{version}",
            "hashes": [_integrity(one) for one in entry["integrity"].split()], "licenses": [{"license": {"name": licence}}],
        })  # fmt: skip
    return parts


def _integrity(told: str) -> Part:
    """npm's `sha512-…` in base 64, as CycloneDX writes it."""
    way, _, digest = told.partition("-")
    return {"alg": f"SHA-{way.removeprefix('sha')}", "content": base64.b64decode(digest).hex()}


def _component(block: str) -> Part:
    found = LINE.match(block)
    assert found is not None
    name, version = found[1].lower(), found[2]
    made: Part = {
        "type": "library", "name": name, "version": version, "purl": f"pkg:pypi/{name}@{version}",
        "hashes": [{"alg": "SHA-256", "content": one} for one in sorted(HASH.findall(block))],
    }  # fmt: skip
    licence = _licence(name)
    return {**made, "licenses": [{"license": {"name": licence}}]} if licence else made


def _licence(name: str) -> str:
    """What the installed package says of its licence; empty where it is not installed here."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    said = next((told[key] for key in ("License-Expression", "License") if key in told), "")
    return str(said).split("\n")[0][:80]
