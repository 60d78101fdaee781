"""What the rehearsal found: figures for programs, words for the organiser."""

from dataclasses import asdict, dataclass
from typing import Any

from facilitation.rehearsal.measure import VOID_ABOVE_MS

Spread = dict[str, float]


@dataclass(frozen=True)
class Report:
    """report.json: exactly these keys. What cannot be known of a server elsewhere is None."""

    phones: int
    joined: int
    topics_sent: int
    topics_kept: int
    votes_sent: int
    votes_acked: int
    votes_counted: int
    votes_lost: int
    votes_doubled: int
    chars_typed: int
    chars_lost: int
    engagements_sent: int
    engagements_kept: int
    join_ms: Spread
    vote_ack_ms: Spread
    board_fresh_ms: Spread
    typing_ms: Spread
    generator_lag_ms: float
    pdf_s: float | None
    server_rss_mb: float | None
    server_cpu_s: float | None
    wall_s: float

    def data(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        return asdict(self)

    @property
    def is_void(self) -> bool:
        """This machine was too busy to measure anything."""
        return self.generator_lag_ms > VOID_ABOVE_MS


def in_words(report: Report, losses: list[str]) -> str:
    """What the figures mean for the organiser."""
    lines = [(
        f"{report.joined} téléphones sur {report.phones} sont entrés. {report.topics_kept} sujets sur {report.topics_sent}, "
        f"{report.votes_counted} gommettes sur {report.votes_sent}, {report.chars_typed - report.chars_lost} caractères sur "
        f"{report.chars_typed} et {report.engagements_kept} engagements sur {report.engagements_sent} se retrouvent à leur place."
    )]
    if losses:
        lines.append("Quelque chose s’est perdu : n’ouvrez pas votre forum sur cette machine avant d’avoir compris pourquoi.")
        lines += [f"  - {loss}" for loss in losses[:12]]
        if len(losses) > 12:
            lines.append(f"  - et {len(losses) - 12} autres")
    else:
        lines.append("Rien ne s’est perdu, rien n’a été compté deux fois.")
    lines.append(_speed(report))
    return "\n".join(lines)


def _speed(report: Report) -> str:
    if report.is_void:
        return (
            f"Mesures nulles : l’ordinateur qui joue les téléphones prenait du retard ({report.generator_lag_ms} ms). "
            "Fermez ce qui tourne à côté, ou lancez la répétition depuis une autre machine."
        )
    return (
        f"Une gommette est reçue en {report.vote_ack_ms['p95']:.0f} ms et se voit sur les autres téléphones en "
        f"{report.board_fresh_ms['p95']:.0f} ms (19 fois sur 20). "
        + (f"Le compte-rendu est prêt en {report.pdf_s:.1f} s." if report.pdf_s is not None else "")
    ).rstrip()
