"""Settings are documented, frozen, and loud when wrong."""

from pathlib import Path

import pytest

from facilitation.settings import PREFIX, BadSettings, Settings, read_settings, secret_key

ROOT = Path(__file__).parents[1]


def test_every_setting_is_documented_and_nothing_else() -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    documented = {row.split("`")[1] for row in text.splitlines() if row.startswith(f"| `{PREFIX}")}
    assert documented == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def test_a_wrong_setting_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACILITATION_PORT", "douze")
    with pytest.raises(BadSettings, match="FACILITATION_PORT"):
        read_settings()


def test_a_key_is_needed_where_creating_needs_one() -> None:
    with pytest.raises(BadSettings, match="FACILITATION_CREATE_KEY"):
        read_settings({"create": "key"})


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = read_settings({"database": f"sqlite:///{tmp_path / 'forum.db'}"})
    first = secret_key(settings)
    assert secret_key(settings) == first
    assert (tmp_path / "forum.db.secret").stat().st_mode & 0o777 == 0o600


def test_several_servers_must_be_given_their_secret() -> None:
    with pytest.raises(BadSettings, match="FACILITATION_SECRET"):
        secret_key(read_settings({"database": "postgresql://forum"}))
