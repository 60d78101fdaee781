"""The project's promises: two commands, locked dependencies, a reason for each exception, nothing of one machine."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
SCRIPTS = ("deploy/system.sh", ".ci/run")
# Written so that this file does not hold what it looks for.
NOT_OURS = re.compile(r"https?://[^\s\"']*(?:/simple/|registry\.)|--(?:extra-)?index[-]url|/(?:work|root)/(?!\*)")


def text(path: str) -> str:
    return (ROOT / path).read_text()


def project_files() -> list[Path]:
    """Every file that git keeps or would keep."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def locked(lock: str) -> dict[str, str]:
    """Package to version."""
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)", text(lock), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def unmet(requirements: list[str], pins: dict[str, str]) -> list[str]:
    parsed = [Requirement(line) for line in requirements]
    return [one.name for one in parsed if not one.specifier.contains(pins.get(canonicalize_name(one.name), "0"))]


def test_readme_opens_with_the_two_commands() -> None:
    opening = text("README.md").split("```")[1]
    assert re.findall(r"^make \w+", opening, re.MULTILINE) == ["make run", "make test"]


def test_every_make_command_of_the_docs_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    named = {
        target
        for path in [ROOT / "README.md", *ROOT.glob("docs/*.md"), ROOT / "deploy" / "README.md", ROOT / ".ci" / "run"]
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text(), re.MULTILINE)
    }
    assert named - targets == set()


def test_help_lists_every_target() -> None:
    shown = subprocess.run(["make", "-s", "-C", ROOT, "help"], check=True, capture_output=True, text=True).stdout
    targets = re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE)
    assert re.findall(r"^  make ([a-z-]+) ", shown, re.MULTILINE) == targets


def test_locks_cover_what_is_declared() -> None:
    users = [*PROJECT["dependencies"], *EXTRAS["cluster"], *EXTRAS["build"]]
    assert unmet(users, locked("requirements.lock")) == []
    assert unmet([*users, *EXTRAS["dev"]], locked("requirements-dev.lock")) == []


def test_both_locks_agree() -> None:
    engineers = locked("requirements-dev.lock")
    assert {name: engineers.get(name) for name in locked("requirements.lock")} == locked("requirements.lock")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes_and_no_address(lock: str) -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", text(lock), flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"https?:|--\w*index|--find-links", text(lock)) == []


def test_front_end_lock_names_no_host() -> None:
    packages = json.loads(text("facilitation/static/package-lock.json"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_each_dependency_says_why() -> None:
    listed = re.search(r"^dependencies = \[.*?^\[project\.scripts\]", text("pyproject.toml"), re.MULTILINE | re.DOTALL)
    assert listed is not None
    lines = listed.group().splitlines()
    entries = [at for at, line in enumerate(lines) if line.startswith('    "')]
    assert [lines[at].strip() for at in entries if not lines[at - 1].startswith("    # ")] == []
    assert len(entries) == len(PROJECT["dependencies"]) + sum(map(len, EXTRAS.values()))


def test_each_exception_to_the_style_says_why() -> None:
    section = text("pyproject.toml").split("\nignore = [")[1].split("[tool.ruff.lint.mccabe]")[0]
    rules = [line for line in section.splitlines() if re.match(r'    "[A-Z]+\d*"', line)]
    assert [line for line in rules if not re.search(r'", # \w.{10,}', line)] == []


def test_no_file_holds_a_registry_or_a_path_of_one_machine() -> None:
    found = {}
    for path in project_files():
        matches = NOT_OURS.findall(path.read_bytes().decode(errors="ignore"))
        if matches:
            found[str(path.relative_to(ROOT))] = matches
    assert found == {}


def test_no_file_is_too_heavy_for_a_clone() -> None:
    assert [path.name for path in project_files() if path.stat().st_size > 2_000_000] == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_executable_and_well_formed(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)


LAZY_TEST = "import pytest\n@pytest.mark.skip(reason={reason!r})\ndef test_it(): ...\n"
LAZY_FILE = "import pytest\npytest.skip({reason!r}, allow_module_level=True)\n"


@pytest.mark.parametrize(
    ("lazy", "reason", "no_skips", "workers", "code"),
    [
        (LAZY_TEST, "too lazy", "1", "0", 1), (LAZY_TEST, "too lazy", "1", "2", 1), (LAZY_FILE, "too lazy", "1", "2", 1),
        (LAZY_TEST, "too lazy", "0", "0", 0), (LAZY_TEST, "shared folder absent", "1", "2", 0),
    ],
)  # fmt: skip
def test_a_hidden_skip_fails_where_none_may_hide(
    tmp_path: Path, lazy: str, reason: str, no_skips: str, workers: str, code: int
) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_lazy.py").write_text(lazy.format(reason=reason))
    (tmp_path / "test_busy.py").write_text("def test_it(): ...\n")
    environment = os.environ | {
        "FACILITATION_NO_SKIPS": no_skips,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "xdist",
        "-n",
        workers,
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == code, ended.stdout


def test_the_phone_font_is_light() -> None:
    fonts = ROOT / "facilitation" / "static" / "fonts" / "web"
    assert (fonts / "bricolage-grotesque-phone.woff2").stat().st_size <= 16_000
    told = {
        name: int(size.replace(",", ""))
        for name, size in re.findall(
            r"`(bricolage[\w-]+\.woff2)` \| ([\d,]+)", text("facilitation/static/fonts/web/README.md")
        )
    }
    assert told == {path.name: path.stat().st_size for path in fonts.glob("bricolage*.woff2")}
