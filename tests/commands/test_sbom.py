"""The list of what is installed holds every locked package, and only those."""

import json
import re
from pathlib import Path

import pytest

from facilitation.commands import main

LOCK = Path(__file__).parents[2] / "requirements.lock"


def test_it_lists_every_locked_package_with_its_hashes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sbom"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.5")
    locked = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", LOCK.read_text(), re.MULTILINE)
    assert [(one["name"], one["version"]) for one in told["components"]] == [(name.lower(), version) for name, version in locked]
    assert len(locked) > 40
    counted = sum(len(one["hashes"]) for one in told["components"])
    assert counted == LOCK.read_text().count("--hash=sha256:")
    assert all(one["hashes"] and one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}" for one in told["components"])


def test_a_lock_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["sbom", "--lock", str(tmp_path / "rien.lock")]) == 1
    assert "ne peut pas être lu" in capsys.readouterr().err
