"""The market rehearsed: phones propose, vote and take cells through real sockets; and a double booking would be seen."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from facilitation.rehearsal.crowd import News, read_news
from facilitation.rehearsal.market import double_booked, shape
from facilitation.rehearsal.market_run import MarketReport, in_words
from facilitation.rehearsal.measure import spread
from facilitation.rehearsal.report import Report

ADDED = {
    "cells", "cells_taken", "double_booked", "claims_sent", "claims_refused", "claims_lost", "topics_lost", "topic_ack_ms",
    "claim_ack_ms", "reveal_ms", "reveal_unseen",
}  # fmt: skip
PHONES = 30


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any], str, Path]:
    out = tmp_path_factory.mktemp("market")
    command = [sys.executable, "-m", "facilitation.cli", "rehearse", "--market", "--phones", str(PHONES), "--seconds", "1", "--json"]
    run = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True, timeout=200, check=False)
    return run.returncode, json.loads(run.stdout or "{}"), run.stderr, out


@pytest.mark.slow
def test_all_propose_vote_and_claim_and_nothing_is_lost(played: tuple[int, dict[str, Any], str, Path]) -> None:
    status, report, words, out = played
    assert status == 0, words
    assert (report["joined"], report["topics_kept"], report["votes_counted"]) == (PHONES, PHONES, 3 * PHONES)
    assert report["cells"] == report["cells_taken"] == 6
    assert (report["double_booked"], report["claims_lost"], report["votes_lost"], report["votes_doubled"]) == (0, 0, 0, 0)
    assert report["claims_sent"] == 6 + report["claims_refused"]
    assert report["reveal_unseen"] == 0
    assert "Rien ne s’est perdu" in words
    archive = json.loads((out / "archive.json").read_text("utf-8"))
    assert len({(row["moment_id"], row["room_id"]) for row in archive["tables"]["workshop"]}) == 6


@pytest.mark.slow
def test_the_report_is_the_rehearsals_with_what_the_market_adds(played: tuple[int, dict[str, Any], str, Path]) -> None:
    _, report, _, out = played
    assert set(report) == set(Report.__annotations__) | ADDED
    assert report == json.loads((out / "report.json").read_text("utf-8"))
    assert set(report["reveal_ms"]) == {"p50", "p95", "p99", "max"}


def row(slot: str | None, room: str | None, state: str = "planned") -> dict[str, Any]:
    return {"moment_id": slot, "room_id": room, "state": state}


def test_a_cell_taken_twice_is_counted() -> None:
    assert double_booked([row("a", "1"), row("a", "2"), row("b", "1"), row(None, None), row(None, None)]) == 0
    assert double_booked([row("a", "1"), row("a", "1"), row("a", "1"), row("a", "1", "cancelled")]) == 2


@pytest.mark.parametrize(("cells", "grid"), [(6, (3, 2)), (12, (4, 3)), (300, (50, 6))])
def test_the_grid_has_at_least_the_cells_asked_for(cells: int, grid: tuple[int, int]) -> None:
    assert shape(cells) == grid
    assert grid[0] * grid[1] >= cells


def test_news_is_read_into_what_a_phone_needs() -> None:
    now = {"id": "now", "html": '<div id="now" data-at="0" data-stage="agenda" data-scene="revealed" data-title="L’agenda">'}
    body = {"screen": "phone", "from": 3, "to": 4, "put": [now, {"id": "workshop-a", "html": ""}], "drop": ["claim-b-c"], "set": {}}
    packet = b"42" + json.dumps(["news", body]).encode()
    ids = frozenset({"now", "workshop-a"})
    assert read_news(packet) == News("phone", 3, 4, ("agenda", "revealed"), ids, frozenset({"claim-b-c"}))
    assert read_news(b'42["me",{}]') is None


def test_a_generator_that_lags_measures_nothing_and_says_so() -> None:
    none = spread([])
    figures: dict[str, Any] = {
        name: none if name.endswith("_ms") and name != "generator_lag_ms" else 0
        for name in (*Report.__annotations__, *MarketReport.__annotations__)
    }
    quick = MarketReport(**{**figures, "generator_lag_ms": 1.2})
    late = MarketReport(**{**figures, "generator_lag_ms": 5.1})
    assert quick.holds
    assert not late.holds
    assert "1.2 ms" in in_words(quick, [])
    assert "Mesures nulles" in in_words(late, [])
    assert not MarketReport(**{**figures, "claim_ack_ms": {**none, "p95": 251.0}}).holds
    assert not MarketReport(**{**figures, "reveal_ms": {**none, "max": 2001.0}}).holds
