"""The list of what is installed holds every locked package, and only those."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from facilitation.commands import main
from facilitation.commands.sbom import bill, bundled

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"


def test_it_lists_every_locked_package_with_its_hashes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sbom"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.5")
    locked = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", LOCK.read_text(), re.MULTILINE)
    python = [one for one in told["components"] if one["purl"].startswith("pkg:pypi/")]
    assert [(one["name"], one["version"]) for one in python] == [(name.lower(), version) for name, version in locked]
    assert len(locked) > 40
    counted = sum(len(one["hashes"]) for one in python)
    assert counted == LOCK.read_text().count("--hash=sha256:")
    assert all(one["hashes"] and one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}" for one in python)


def test_it_lists_what_the_pages_carry_with_the_hashes_npm_checks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sbom"]) == 0
    told = [one for one in json.loads(capsys.readouterr().out)["components"] if one["purl"].startswith("pkg:npm/")]
    static = ROOT / "facilitation" / "static"
    notices = (static / "dist" / "third-party.txt").read_text().split("\n\n----\n\n")
    assert [f"{one['name']} {one['version']}" for one in told] == [notice.split(" (")[0] for notice in notices]
    locked = json.loads((static / "package-lock.json").read_text())["packages"]
    for one in told:
        (digest,) = one["hashes"]
        assert digest["alg"] == "SHA-512"
        integrity = base64.b64encode(bytes.fromhex(digest["content"])).decode()
        assert f"sha512-{integrity}" == locked[f"node_modules/{one['name']}"]["integrity"]
    scoped = next(one for one in told if one["name"] == "@socket.io/component-emitter")
    assert scoped["purl"] == f"pkg:npm/%40socket.io/component-emitter@{scoped['version']}"
    assert {"yjs", "socket.io-client"} <= {one["name"] for one in told}


def test_a_wheel_brings_its_locks_along(tmp_path: Path) -> None:
    """As little of the project as the list needs, packed and installed by the project's own settings."""
    source, prefix = tmp_path / "source", tmp_path / "prefix"
    kept = ["pyproject.toml", "README.md", "requirements.lock", "facilitation/__init__.py", "facilitation/commands/sbom.py",
            "facilitation/static/package-lock.json", "facilitation/static/dist/third-party.txt"]  # fmt: skip
    for name in kept:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    (source / "facilitation" / "commands" / "__init__.py").touch()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*install, "--prefix", str(prefix), "--ignore-installed", str(source)], check=True, timeout=300, cwd=tmp_path)
    (site,) = prefix.glob("lib/python*/site-packages")
    ask = "from facilitation.commands.sbom import *; print(json.dumps(bill(lock_file().read_text(), bundled())), lock_file())"
    said = subprocess.run(
        [sys.executable, "-c", ask], check=True, timeout=180, cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(site)},
    ).stdout  # fmt: skip
    told, lock = said.rsplit(" ", 1)
    assert Path(lock.strip()).resolve() == prefix / "share" / "facilitation" / "requirements.lock"
    purls = [one["purl"] for one in json.loads(told)["components"]]
    assert [one["purl"] for one in bill(LOCK.read_text(), bundled())["components"]] == purls


def test_a_lock_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["sbom", "--lock", str(tmp_path / "rien.lock")]) == 1
    assert "ne peut pas être lu" in capsys.readouterr().err
