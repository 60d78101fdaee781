"""deploy/ says one thing in all its files: compose, systemd, nginx and the environment agree with the settings."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from facilitation.commands import parser
from facilitation.settings import PREFIX, Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
NAMES = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
OUR_OWN = {"POSTGRES_PASSWORD"}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text("compose.yaml"))["services"]
    return found


def ours(services: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in services.items() if one["image"] == "facilitation"}


def environment(path: str) -> dict[str, str]:
    lines = [line for line in text(path).splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def nginx_ports() -> list[int]:
    return [int(port) for port in re.findall(r"^\s+server 127\.0\.0\.1:(\d+) ", text("nginx/facilitation.conf"), re.MULTILINE)]


def test_every_variable_named_is_a_setting(services: dict[str, Any]) -> None:
    named = {name for one in ours(services).values() for name in one["environment"]} | environment("facilitation.env").keys()
    assert named - NAMES == OUR_OWN
    variables = set(re.findall(r"\$\{(\w+)", text("compose.yaml")))
    assert variables <= environment("facilitation.env").keys()


def test_what_is_set_is_taken(services: dict[str, Any]) -> None:
    for name, one in ours(services).items():
        values = {key.removeprefix(PREFIX).lower(): value for key, value in one["environment"].items()}
        known = {key.removeprefix(PREFIX).lower(): value for key, value in environment("facilitation.env").items() if key in NAMES}
        settings = Settings.model_validate({**known, **values})
        assert settings.redis == f"redis://127.0.0.1:{port_of(services['redis'])}", name
        assert f"@127.0.0.1:{port_of(services['postgres'])}/{services['postgres']['environment']['POSTGRES_DB']}" in settings.database
        # The folder editions are kept in is one and the same; certificates lie beside it.
        assert one["volumes"] == [f"kept:{settings.exports.parent}"]
        assert environment("facilitation.env")["FACILITATION_EXPORTS"] == str(settings.exports)


def test_units_may_write_where_the_settings_say() -> None:
    kept = Path(environment("facilitation.env")["FACILITATION_EXPORTS"]).parent
    assert f"StateDirectory={kept.name}" in text("systemd/facilitation@.service").splitlines()
    assert kept.parent == Path("/var/lib")


def test_one_process_behind_tls_is_set_so() -> None:
    unit, front = text("systemd/facilitation.service"), text("nginx/un-processus.conf")
    values = {name.removeprefix(PREFIX).lower(): value for name, value in re.findall(r"^Environment=(\w+?)=(.+)$", unit, re.MULTILINE)}
    settings = Settings.model_validate(values)
    assert settings.proxy
    assert settings.host == "127.0.0.1"
    kept = Path("/var/lib/facilitation")
    assert f"StateDirectory={kept.name}" in unit.splitlines()
    assert Path(settings.database.removeprefix("sqlite:///")).parent == settings.exports.parent == kept
    found = re.search(r"--port (\d+)", unit)
    assert found is not None
    assert set(re.findall(r"proxy_pass http://127\.0\.0\.1:(\d+);", front)) == {found[1]}


def port_of(service: dict[str, Any]) -> int:
    words = " ".join(service["command"])
    found = re.search(r"(?:--port |port=)(\d+)", words)
    assert found is not None
    return int(found[1])


def test_nginx_knows_every_process_and_nothing_else(services: dict[str, Any]) -> None:
    serving = {name: one["environment"]["FACILITATION_PORT"] for name, one in ours(services).items() if one["command"] == ["serve"]}
    assert sorted(serving.values()) == nginx_ports()
    enabled = re.findall(r"facilitation@(\d+)", text("systemd/facilitation@.service"))
    assert set(nginx_ports()) <= {int(port) for port in enabled}


def test_each_service_says_whether_it_is_well_and_comes_back(services: dict[str, Any]) -> None:
    for name, one in services.items():
        assert one["restart"] == "always"
        # A worker has no door to knock on; it is replaced when it ends, and its jobs are taken again.
        assert ("healthcheck" in one) == (name != "worker"), name
        for needed, how in one.get("depends_on", {}).items():
            assert how["condition"] == "service_healthy", (name, needed)
            assert "healthcheck" in services[needed]


def test_only_nginx_can_be_reached_from_outside(services: dict[str, Any]) -> None:
    assert not any("ports" in one for one in services.values())
    assert all(one["environment"]["FACILITATION_HOST"] == "127.0.0.1" for one in ours(services).values())
    assert "listen_addresses=127.0.0.1" in services["postgres"]["command"]
    assert services["redis"]["command"][1:3] == ["--bind", "127.0.0.1"]


def test_no_secret_lies_in_deploy() -> None:
    found = environment("facilitation.env")
    assert {name: value for name, value in found.items() if "SECRET" in name or "PASSWORD" in name or name.endswith("_KEY")} == {
        "FACILITATION_SECRET": "", "FACILITATION_CREATE_KEY": "", "POSTGRES_PASSWORD": "",
    }  # fmt: skip
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            assert re.findall(r"://\w+:(?!\$)[^@\s]+@", path.read_text(encoding="utf-8")) == [], path


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_start_commands_that_exist(unit: Path) -> None:
    found = re.search(r"^ExecStart=\S+/facilitation (.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert parser().parse_args(found[1].replace("%i", "5001").split()).run


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_are_read_by_systemd(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        # Not everywhere; what they name is tested above wherever we are.
        return
    copy = tmp_path / unit.name.replace("@.", "@5001.")
    written = re.sub(r"^(ExecStart=)\S+", rf"\1{shutil.which('true')}", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)
    copy.write_text(re.sub(r"^User=.*\n", "", written, flags=re.MULTILINE), encoding="utf-8")
    ended = subprocess.run([program, "verify", copy], capture_output=True, text=True, check=False)
    assert "Unknown" not in ended.stderr, ended.stderr
