"""A whole forum through real doors on a private server: nothing is lost, and a loss would be seen."""

import copy
import json
from collections import Counter
from random import Random
from typing import Any

import pytest

from facilitation.rehearsal import verify
from facilitation.rehearsal.cases import check_case
from facilitation.rehearsal.scripts import places, workshop_script
from facilitation.rehearsal.seats import Pace, plan_day
from facilitation.rehearsal.verify import Archive, Findings
from tests.rehearsal.conftest import Played
from tests.rehearsal.small import SMALL

KEYS = {
    "phones", "joined", "topics_sent", "topics_kept", "votes_sent", "votes_acked", "votes_counted", "votes_lost",
    "votes_doubled", "chars_typed", "chars_lost", "engagements_sent", "engagements_kept", "join_ms", "vote_ack_ms",
    "board_fresh_ms", "typing_ms", "generator_lag_ms", "pdf_s", "server_rss_mb", "server_cpu_s", "wall_s",
}  # fmt: skip


@pytest.mark.slow
def test_nothing_is_lost(played: Played) -> None:
    report = played.printed
    assert played.status == 0, played.words
    assert (report["joined"], report["topics_kept"], report["engagements_kept"]) == (8, 4, 4)
    assert report["votes_sent"] == report["votes_acked"] == report["votes_counted"] == 24
    assert (report["votes_lost"], report["votes_doubled"], report["chars_lost"]) == (0, 0, 0)
    assert "Rien ne s’est perdu" in played.words
    # The server met nothing it did not expect: where it has complained of nothing, no log is left.
    assert not (played.folder / "serveur.log").exists()


def test_the_report_has_its_keys_and_its_figures(played: Played) -> None:
    report = played.printed
    assert set(report) == KEYS
    assert report == json.loads((played.folder / "report.json").read_text("utf-8"))
    for name in ("join_ms", "vote_ack_ms", "board_fresh_ms", "typing_ms"):
        assert set(report[name]) == {"p50", "p95", "p99", "max"}
        assert 0 < report[name]["p50"] <= report[name]["max"]
    assert report["server_rss_mb"] > 20
    assert report["server_cpu_s"] > 0


def test_the_documents_are_in_the_folder(played: Played) -> None:
    assert (played.folder / "compte-rendu.pdf").read_bytes().startswith(b"%PDF")
    book = json.loads((played.folder / "book.json").read_text("utf-8"))
    assert [one["title"] for one in book["workshops"]] == [one["title"] for one in SMALL["workshops"]]
    assert [one["rapporteurs"] for one in book["workshops"]] == [["Ali", "Bo"], [], ["Cléo"]]
    assert {one["person"]: len(one["items"]) for one in book["engagements"]} == {"Ali": 1, "Eve": 2, None: 1}
    sections = [section["title"] for section in book["workshops"][0]["sheet"]["sections"] if section["blocks"]]
    assert sections == ["Besoins", "Enjeux et désirs", "Idées folles"]


# --- A loss would be seen


def archive_of(played: Played) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((played.folder / "archive.json").read_text("utf-8"))
    return content


def topics_of(content: dict[str, Any]) -> list[tuple[str, str, str, list[str]]]:
    authors = {row["topic_id"]: row["participant_id"] for row in content["tables"]["author"]}
    return [(row["id"], authors[row["id"]], row["title"], row["details"]) for row in content["tables"]["topic"]]


def test_a_topic_that_lost_a_detail_is_found(played: Played) -> None:
    content = archive_of(played)
    sent, found = topics_of(content), Findings()
    next(row for row in content["tables"]["topic"] if row["details"])["details"] = []
    verify.check_topics(Archive(content), sent, found)
    assert found.topics_kept == len(sent) - 1
    assert len(found.losses) == 1


def test_votes_that_changed_hands_are_lost_and_doubled(played: Played) -> None:
    content, found = archive_of(played), Findings()
    sent = list(Archive(copy.deepcopy(content)).votes().elements())
    votes = content["tables"]["vote"]
    giver, taker = sorted(Counter(row["ballot_id"] for row in votes))[:2]
    next(row for row in votes if row["ballot_id"] == giver)["ballot_id"] = taker
    verify.check_votes(Archive(content), sent, found)
    assert (found.votes_counted, found.votes_lost, found.votes_doubled) == (len(sent) - 1, 1, 1)


def test_an_engagement_under_another_name_is_lost(played: Played) -> None:
    content, found = archive_of(played), Findings()
    rows = content["tables"]["engagement"]
    sent = [(row["id"], row["text"], row["participant_id"], row["person"]) for row in rows]
    rows[0]["text"] += "."
    verify.check_engagements(Archive(content), sent, found)
    assert found.engagements_kept == len(sent) - 1


def test_words_under_another_heading_are_lost(played: Played) -> None:
    content, found = archive_of(played), Findings()
    plan = plan_day(check_case(SMALL, "cas"), 8, 2016, Pace())
    script = plan.desks[0][1].script
    workshop = next(row["id"] for row in content["tables"]["workshop"] if row["number"] == 1)
    sheet = Archive(content).sheet(next(row["id"] for row in content["tables"]["sheet"] if row["workshop_id"] == workshop))
    verify.check_sheet("fiche 1", sheet, script, found)
    assert not found.losses
    written = [section for section in sheet["sections"] if section["blocks"]]
    written[0]["blocks"], written[1]["blocks"] = written[1]["blocks"], written[0]["blocks"]
    verify.check_sheet("fiche 1", sheet, script, found)
    assert found.chars_lost > 0
    assert len(found.losses) == 1


def test_a_sheet_with_its_update_missing_is_found(played: Played) -> None:
    content, found = archive_of(played), Findings()
    script = plan_day(check_case(SMALL, "cas"), 8, 2016, Pace()).desks[0][1].script
    workshop = next(row["id"] for row in content["tables"]["workshop"] if row["number"] == 1)
    sheet = next(row["id"] for row in content["tables"]["sheet"] if row["workshop_id"] == workshop)
    updates = [row for row in content["tables"]["sheet_update"] if row["sheet_id"] == sheet]
    last = max(updates, key=lambda row: int(row["number"]))
    content["tables"]["sheet_update"].remove(last)
    verify.check_sheet("fiche 1", Archive(content).sheet(sheet), script, found)
    assert found.chars_lost == 1


def test_a_screen_with_a_wrong_count_or_a_dot_too_many_is_found() -> None:
    found = Findings()
    verify.check_counts("téléphone 1", {"a": 2, "b": 1}, {"a": 2, "b": 2}, found)
    verify.check_ballot("téléphone 1", ["a", "a"], ["a", "b"], found)
    assert (len(found.losses), found.votes_lost, found.votes_doubled) == (3, 1, 1)


def test_places_name_every_line_of_a_sheet_once() -> None:
    case = check_case(SMALL, "cas")
    plan = plan_day(case, 8, 1, Pace())
    found = places(plan.desks[0][1].script.expected())
    assert "trois" in found.values()
    assert len(found) == 16
    assert workshop_script(case.workshops[2], "fr", Random(1)).characters() == 0
