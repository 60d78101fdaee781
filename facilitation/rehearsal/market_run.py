"""One rehearsal of the market, checked row by row against the forum's archive, and what is to be said of it."""

import json
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from facilitation.rehearsal import verify
from facilitation.rehearsal.facilitator import Facilitator
from facilitation.rehearsal.market import Market, Plan, double_booked, shape
from facilitation.rehearsal.measure import Lag, spread
from facilitation.rehearsal.private import PrivateServer
from facilitation.rehearsal.report import Report, Spread
from facilitation.rehearsal.verify import Archive, Findings

ACK_WITHIN_MS, REVEAL_WITHIN_MS = 250.0, 2000.0


@dataclass(frozen=True)
class MarketReport(Report):
    """The rehearsal's report and what the market adds. A claim is a try; `claims_lost` were accepted and are not there."""

    cells: int
    cells_taken: int
    double_booked: int
    claims_sent: int
    claims_refused: int
    claims_lost: int
    topics_lost: int
    topic_ack_ms: Spread
    claim_ack_ms: Spread
    reveal_ms: Spread
    reveal_unseen: int

    @property
    def holds(self) -> bool:
        """Nothing lost, doubled or unseen, answers and agenda in time, on a machine that could tell."""
        acks = (self.topic_ack_ms, self.vote_ack_ms, self.claim_ack_ms)
        return not self.is_void and all(one["p95"] < ACK_WITHIN_MS for one in acks) and self.reveal_ms["max"] < REVEAL_WITHIN_MS


def rehearse_market(plan: Plan, team: Facilitator, server: PrivateServer | None, out: Path) -> tuple[MarketReport, list[str]]:
    """Play it; the report, and what was lost in sentences. Raises NotAnswered, Unreachable."""
    began = perf_counter()
    if server is not None:
        _apart(server)
    market, found = Market(plan, team), Findings()
    with ExitStack() as stack:
        stack.callback(market.close)
        market.prepare()
        market.enter()
        lag = Lag()
        for act in (market.propose, market.vote, market.claim, market.reveal):
            act()
        late = lag.stop()
        usage = server.usage() if server else (None, None)
        archive = team.browser.get(f"/f/{team.slug}/archive.json").body
    (out / "archive.json").write_bytes(archive)
    report = _report(market, Archive(json.loads(archive)), found, late, usage, perf_counter() - began)
    return report, market.losses + found.losses


def _apart(server: PrivateServer) -> None:
    """The server has a core, and the phones have another: what is measured is the one, by the other."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if len(cores) > 1:
        os.sched_setaffinity(0, cores[-1:])
        server.keep_to(cores[:-1])


def _report(market: Market, archive: Archive, found: Findings, late: float, usage: tuple[Any, Any], wall: float) -> MarketReport:
    plan = market.plan
    kept = [(phone, sent) for phone, sent in market.topics if sent.ok]
    nothing: list[str] = []
    proposed = [(sent.answer["answer"]["id"], phone.participant, sent.payload["title"], nothing) for phone, sent in kept]
    verify.check_topics(archive, proposed, found)
    votes = [(phone.participant, sent.payload["topic"]) for phone, sent in market.votes if sent.ok]
    verify.check_votes(archive, votes, found)
    rows = {row["id"]: row for row in archive.rows("workshop")}
    won = [sent for _, sent in market.claims if sent.ok]
    lost = [sent for sent in won if not _stands(rows.get(sent.answer["answer"]["id"]), sent)]
    double = double_booked(list(rows.values()))
    unanswered = [sent for kind in (market.topics, market.votes, market.claims) for _, sent in kind if not sent.answer]
    _tell(found, lost=len(lost), double=double, unanswered=len(unanswered), unseen=market.unseen)
    found.losses += [f"un téléphone a perdu sa ligne ({phone.participant[:8]})" for phone in market.phones if phone.broke]
    rooms, slots = shape(plan.cells)
    return MarketReport(
        phones=plan.phones, joined=len(market.phones), topics_sent=len(market.topics), topics_kept=found.topics_kept,
        votes_sent=len(market.votes), votes_acked=len(votes), votes_counted=found.votes_counted,
        votes_lost=found.votes_lost + len(market.votes) - len(votes), votes_doubled=found.votes_doubled,
        chars_typed=0, chars_lost=0, engagements_sent=0, engagements_kept=0, join_ms=spread(market.joins),
        vote_ack_ms=_acks(market.votes), board_fresh_ms=spread(_sights(market)), typing_ms=spread([]), generator_lag_ms=late,
        pdf_s=None, server_rss_mb=usage[0], server_cpu_s=usage[1], wall_s=round(wall, 1), cells=rooms * slots,
        cells_taken=len({(row["moment_id"], row["room_id"]) for row in rows.values() if row["moment_id"] and row["room_id"]}),
        double_booked=double, claims_sent=len(market.claims), claims_refused=len(market.claims) - len(won),
        claims_lost=len(lost), topics_lost=len(market.topics) - found.topics_kept, topic_ack_ms=_acks(market.topics),
        claim_ack_ms=_acks(market.claims), reveal_ms=spread(market.reveals), reveal_unseen=market.unseen,
    )  # fmt: skip


def _stands(row: dict[str, Any] | None, sent: Any) -> bool:
    """Whether the workshop is where its author was told it is."""
    return row is not None and (row["moment_id"], row["room_id"]) == (sent.payload["slot"], sent.payload["room"])


def _tell(found: Findings, *, lost: int, double: int, unanswered: int, unseen: int) -> None:
    for count, words in (
        (lost, "cases accordées ne sont pas dans l’archive"), (double, "ateliers sont dans une case déjà prise"),
        (unanswered, "envois sont restés sans réponse"), (unseen, "téléphones n’ont pas vu l’agenda"),
    ):  # fmt: skip
        if count:
            found.losses.append(f"{count} {words}")


def _acks(sent: list[Any]) -> Spread:
    """From when each was due to its answer, a refusal being one."""
    return spread([one.answered - one.due for _, one in sent if one.answer])


def _sights(market: Market) -> list[float]:
    """From when each topic was due to its sight on the phones that are watched."""
    probes = [phone for phone in market.phones if phone.is_probe]
    due = {f"topic-{sent.answer['answer']['id']}": sent.due for _, sent in market.topics if sent.ok}
    return [at - due[item] for phone in probes for item, at in phone.sights.items() if item in due and at > due[item]]


def in_words(report: MarketReport, losses: list[str]) -> str:
    """What the figures mean for the organiser."""
    lines = [(
        f"{report.joined} téléphones derrière une même adresse : {report.topics_kept} sujets sur {report.topics_sent}, "
        f"{report.votes_counted} gommettes sur {report.votes_sent}, {report.cells_taken} cases prises sur {report.cells} "
        f"({report.claims_refused} fois un autre fut plus rapide), {report.double_booked} case prise deux fois."
    )]
    if losses:
        lines.append("Quelque chose s’est perdu : n’ouvrez pas votre forum sur cette machine avant d’avoir compris pourquoi.")
        lines += [f"  - {loss}" for loss in losses[:12]]
    else:
        lines.append("Rien ne s’est perdu, rien n’a été compté deux fois.")
    lines.append(f"Retard du générateur : {report.generator_lag_ms} ms (19 fois sur 20).")
    if report.is_void:
        lines.append("Mesures nulles : l’ordinateur qui joue les téléphones prenait du retard. Fermez ce qui tourne à côté.")
        return "\n".join(lines)
    lines.append(
        f"Reçu en {report.topic_ack_ms['p95']:.0f} ms pour un sujet, {report.vote_ack_ms['p95']:.0f} ms pour une gommette, "
        f"{report.claim_ack_ms['p95']:.0f} ms pour une case (19 fois sur 20). L’agenda est sur tous les téléphones "
        f"{report.reveal_ms['max'] / 1000:.1f} s après qu’on l’a demandé."
    )
    lines.append("La salle tient." if report.holds else "C’est plus lent que ce qu’une salle attend (250 ms, 2 s).")
    return "\n".join(lines)
