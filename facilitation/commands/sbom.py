"""`facilitation sbom`: every locked dependency with its version and hashes, as CycloneDX."""

import argparse
import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[2] / "requirements.lock"
LINE = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.IGNORECASE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("sbom", help="liste les dépendances verrouillées (CycloneDX)")
    made.add_argument("--lock", type=Path, default=LOCK, help="le fichier des versions")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the list."""
    try:
        locked = asked.lock.read_text(encoding="utf-8")
    except OSError as error:
        print(f"Ce fichier ne peut pas être lu : {asked.lock} ({error.strerror}).", file=sys.stderr)
        return 1
    print(json.dumps(bill(locked), indent=1, ensure_ascii=False))
    return 0


def bill(locked: str) -> dict[str, Any]:
    """A lock's packages as a CycloneDX document, the same for the same lock."""
    parts = [_component(block) for block in re.split(r"\n(?=\S)", locked) if LINE.match(block)]
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": parts}


def _component(block: str) -> dict[str, Any]:
    found = LINE.match(block)
    assert found is not None
    name, version = found[1].lower(), found[2]
    made: dict[str, Any] = {
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
