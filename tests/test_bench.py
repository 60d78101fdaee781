"""What `make bench` says of its figures: bounds that were not kept, void runs, and how the ratios grow with the room."""

from typing import Any

import pytest

from tools.bench import held
from tools.bench.measures import COLUMNS, growth, row, summary

KEPT: dict[str, Any] = {
    "server": "facilitation", "phones": 1000, "deflate_offered": False, "void": False, "lag_p95_ms": 1.0,
    "lost": 0, "doubled": 0, "dropped": 0, "keys_lost": 0, "join_ms": {"p95": 300.0}, "ack_ms": {"p95": 50.0},
    "fresh_ms": {"p95": 500.0}, "key_ms": {"p95": 20.0}, "cpu_s_per_1000": 2.0, "rss_mb": 250.0, "rss_mb_per_1000": 90.0,
    "kb_per_phone": 60.0,
}  # fmt: skip


def run(**other: Any) -> dict[str, Any]:
    return {**KEPT, **{name: {"p95": value} if name.endswith("_ms") and name != "lag_p95_ms" else value for name, value in other.items()}}


def test_a_room_that_keeps_its_bounds_is_not_complained_of() -> None:
    assert held.rooms([run(), run(), run()]) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"ack_ms": 50.1}, "reçu p95 50.1 ms, au plus 50"),
        ({"fresh_ms": 501.0}, "vu p95 501 ms, au plus 500"),
        ({"rss_mb": 250.5}, "mémoire 250.5 Mo, au plus 250"),
        ({"lost": 1}, "1 perdus"),
        ({"doubled": 2}, "2 doublés"),
        ({"dropped": 3}, "3 coupés"),
        ({"keys_lost": 4}, "4 frappes perdues"),
        ({"void": True}, "aucune mesure valable"),
    ],
)
def test_each_bound_that_is_not_kept_is_said(other: dict[str, Any], said: str) -> None:
    assert held.rooms([run(**other)]) == [f"facilitation 1000 : {said}"]


def test_the_middle_of_the_valid_runs_is_judged_but_nothing_may_be_lost_in_any() -> None:
    assert held.rooms([run(ack_ms=20.0), run(ack_ms=400.0), run(ack_ms=30.0)]) == []
    assert held.rooms([run(ack_ms=20.0), run(ack_ms=400.0), run(ack_ms=30.0, void=True), run(ack_ms=90.0)]) != []
    assert held.rooms([run(), run(), run(lost=1, void=True)]) == ["facilitation 1000 : 1 perdus"]


def test_the_same_figures_may_do_for_a_larger_room_and_the_reference_is_not_judged() -> None:
    large = {"ack_ms": 450.0, "fresh_ms": 1400.0, "rss_mb": 1050.0}
    assert held.rooms([run(phones=10_000, **large)]) == []
    assert len(held.rooms([run(phones=5000, **large)])) == 3
    assert held.rooms([run(server="node", ack_ms=900.0, lost=5)]) == []
    # Compression is a room of its own: a good one does not hide a bad one.
    assert held.rooms([run(), run(), run(deflate_offered=True, ack_ms=60.0)]) == [
        "facilitation 1000 avec compression offerte : reçu p95 60 ms, au plus 50"
    ]


def test_the_herd_and_the_churn_are_judged() -> None:
    herd: dict[str, Any] = {"phones": 1000, "within_s": 30.0, "void": False, "lost": 0, "join_ms": {"p95": 1500.0}}
    chromium = {"door_ms": {"p95": 3000.0}, "inside_ms": {"p95": 3000.0}}
    assert held.scans([herd, {**herd, **chromium}]) == []
    wrong: list[dict[str, Any]] = [{"void": True}, {"lost": 1}, {"join_ms": {"p95": 1501.0}}, {"door_ms": {"p95": 3001.0}}, {"inside_ms": {"p95": 3001.0}}]
    assert [len(held.scans([{**herd, **chromium, **other}])) for other in wrong] == [1] * len(wrong)
    assert held.churns([{"phones": 1000, "growth": 0.10}]) == []
    assert held.churns([{"phones": 1000, "growth": 0.104}]) == ["1000 téléphones qui vont et viennent : mémoire +10.4%, au plus +10%"]


def test_ratios_are_told_by_size_and_by_what_ten_times_as_many_make_of_them() -> None:
    runs = [run(phones=phones, ack_ms=ours, server="facilitation") for phones, ours in ((100, 10.0), (1000, 40.0), (10_000, 160.0))]
    runs += [run(phones=phones, ack_ms=theirs, server="node") for phones, theirs in ((100, 10.0), (1000, 20.0), (10_000, 40.0))]
    assert growth(runs)[0] == (
        "reçu p95, en fois la référence : 1.00 à 100, 2.00 à 1000, 4.00 à 10000 ; "
        "fois 2.00 quand les téléphones sont dix fois plus"
    )  # fmt: skip
    assert growth([one for one in runs if one["server"] == "node"]) == []
    assert "dix fois" not in growth([one for one in runs if one["phones"] == 100])[0]


def test_a_void_run_is_no_figure_of_the_summary() -> None:
    lines = summary([run(ack_ms=10.0), run(ack_ms=999.0, void=True), run(phones=5000, void=True)])
    assert "reçu p95 10.0 / 10.0 / 10.0" in lines[0]
    assert lines[1] == "facilitation 5000 : aucune mesure valable"
    assert row(run()).count(" | ") == len(COLUMNS) - 1
    assert row(run(void=True)).endswith("| NUL")
