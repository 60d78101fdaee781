"""One rehearsal from the first scan to the compte-rendu in the folder, and what is to be said of it."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import gevent

from facilitation.domain.typography import french, plain
from facilitation.rehearsal import verify
from facilitation.rehearsal.cases import Case
from facilitation.rehearsal.day import Day
from facilitation.rehearsal.facilitator import Facilitator, create_by_web, open_link
from facilitation.rehearsal.measure import Lag, spread
from facilitation.rehearsal.private import PrivateServer
from facilitation.rehearsal.progress import Progress
from facilitation.rehearsal.report import Report
from facilitation.rehearsal.screen import words_of
from facilitation.rehearsal.seats import Pace, Plan, plan_day
from facilitation.rehearsal.sights import count_in, fresh
from facilitation.rehearsal.verify import Archive, Findings

PDF_WITHIN = 300.0
SETTLE_WITHIN = 10.0


@dataclass(frozen=True)
class Rehearsed:
    """What the organiser and programs are told."""

    report: Report
    losses: list[str]


@dataclass(frozen=True)
class Where:
    """A server elsewhere, and the organiser's link on it; both empty means a private server."""

    url: str = ""
    link: str = ""


def rehearse(case: Case, phones: int, seed: int, out: Path, where: Where, pace: Pace | None = None) -> Rehearsed:
    """Play the case and check every word. Raises NoServer, Refused, Unreachable, NotAnswered where it cannot begin."""
    plan = plan_day(case, phones, seed, pace or Pace())
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        server, team = enter(case.title, where, out, stack)
        started = perf_counter()
        day, found = Day(plan, team), Findings()
        stack.callback(day.switch_off)
        lag = Lag()
        _play(day, found, Progress(sum(seconds for _, seconds, _ in _stages(day, found))))
        late = lag.stop()
        pdf_s = _fetch(day, out, found)
        usage = server.usage() if server else (None, None)
        report = _report(day, found, late, pdf_s, usage, perf_counter() - started)
    return Rehearsed(report, day.losses + found.losses)


def enter(title: str, where: Where, out: Path, stack: ExitStack) -> tuple[PrivateServer | None, Facilitator]:
    """The organiser of an empty forum: of a private server, or of one elsewhere. Raises NoServer, Refused, Unreachable."""
    server = None
    if where.link:
        team = open_link(where.url, where.link)
    elif where.url:
        team = create_by_web(where.url, title)
    else:
        server = PrivateServer(title, out / "serveur.log")
        stack.callback(server.stop)
        team = open_link("", server.link)
    team.connect()
    return server, team


def _stages(day: Day, found: Findings) -> list[tuple[str, float, Callable[[], None]]]:
    plan = day.plan
    keys = max((desk.script.characters() for _, desk in plan.desks), default=0)
    pace = plan.pace

    def spoken(characters: int) -> float:
        return 1 + characters / pace.keys_a_second

    return [
        ("Préparation", 1, lambda: day.team.prepare(plan.case, plan.dots)),
        ("Entrées", pace.joining + 1, day.join),
        ("Plénière", spoken(plan.opening.script.characters()), day.open),
        ("Propositions", len(plan.proposers) * pace.topic_every + 1, day.propose),
        ("Murs relus", 1, lambda: _check_walls(day, found)),
        ("Vote", pace.voting + 1, day.vote),
        ("Gommettes relues", 1, lambda: _check_ballots(day, found)),
        ("Place du marché", 2, day.market),
        ("Agendas relus", 1, lambda: _check_agendas(day, found)),
        ("Ateliers", spoken(keys), day.work),
        ("Cercle des engagements", len(plan.promises) * pace.engagement_every + 1, day.engage),
        ("Engagements relus", 2, lambda: _check_promises(day, found)),
        ("Clôture", spoken(plan.closing.script.characters()), day.close),
    ]


def _play(day: Day, found: Findings, progress: Progress) -> None:
    for label, seconds, act in _stages(day, found):
        with progress.stage(label, seconds):
            act()
    progress.end()


def _settled(is_so: Callable[[], bool]) -> None:
    until = perf_counter() + SETTLE_WITHIN
    while not is_so() and perf_counter() < until:
        gevent.sleep(0.1)


def _shows(phone: Any, item_id: str, words: str) -> bool:
    item = phone.screen.items.get(item_id)
    return item is not None and plain(french(words)) in words_of(item.get("html", ""))


def _check_items(day: Day, found: Findings, what: str, wanted: dict[str, str]) -> None:
    """Each phone shows each of these items, with its words."""
    _settled(lambda: all(_shows(phone, item_id, words) for phone in day.present for item_id, words in wanted.items()))
    for phone in day.present:
        for item_id, words in wanted.items():
            if not _shows(phone, item_id, words):
                found.losses.append(f"le téléphone {phone.number + 1} ne montre pas {what} « {words} »")


def _check_walls(day: Day, found: Findings) -> None:
    wanted = {f"topic-{sent.result['id']}": topic.title for topic, _, sent in day.topics.values()}
    _check_items(day, found, "le sujet", wanted)


def _check_ballots(day: Day, found: Findings) -> None:
    wanted = Counter(sent.payload["topic"] for _, sent in day.votes)
    counts = {sent.result["id"]: wanted[sent.result["id"]] for _, _, sent in day.topics.values()}

    def shown(phone: Any) -> dict[str, int]:
        items = phone.screen.items
        return {topic: count_in(items[f"ballot-{topic}"]["html"]) or 0 for topic in counts if f"ballot-{topic}" in items}

    def own(phone: Any) -> list[str]:
        return [sent.payload["topic"] for voter, sent in day.votes if voter is phone]

    _settled(lambda: all(shown(one) == counts and Counter(one.screen.me["votes"]) == Counter(own(one)) for one in day.present))
    for phone in day.present:
        name = f"le téléphone {phone.number + 1}"
        verify.check_counts(name, shown(phone), counts, found)
        verify.check_ballot(name, phone.screen.me["votes"], own(phone), found)


def _check_agendas(day: Day, found: Findings) -> None:
    titles = {workshop.number: workshop.title for workshop in day.plan.case.workshops}
    wanted = {f"workshop-{made}": titles[number] for number, made in day.workshops.items()}
    _check_items(day, found, "l’atelier", wanted)


def _check_promises(day: Day, found: Findings) -> None:
    for phone in day.present:
        phone.turn_to("engagements")
    wanted = {f"engagement-{sent.result['id']}": promise.text for promise, _, sent in day.promises}
    _check_items(day, found, "l’engagement", wanted)


def _fetch(day: Day, out: Path, found: Findings) -> float | None:
    """The compte-rendu, the archive and the book into the folder; the archive is checked on the way."""
    team, base = day.team, f"/f/{day.team.slug}"
    pdf_s = day.try_to("le compte-rendu n’est pas venu", lambda: _fetch_pdf(day, out))
    archive = day.try_to("l’archive n’est pas venue", lambda: team.browser.get(f"{base}/archive.json"))
    book = day.try_to("le livre n’est pas venu", lambda: team.browser.get(f"{base}/book.json"))
    for name, response in (("archive.json", archive), ("book.json", book)):
        if response is not None and response.status == 200:
            (out / name).write_bytes(response.body)
        elif response is not None:
            found.losses.append(f"{name} : le serveur a répondu {response.status}")
    if archive is not None and archive.status == 200:
        check_archive(day, Archive(archive.json()), found)
    return pdf_s if isinstance(pdf_s, float) else None


def _fetch_pdf(day: Day, out: Path) -> float | None:
    asked = perf_counter()
    while perf_counter() < asked + PDF_WITHIN:
        response = day.team.browser.get(f"/f/{day.team.slug}/compte-rendu.pdf?frais=1")
        if response.status == 200 and response.body.startswith(b"%PDF"):
            (out / "compte-rendu.pdf").write_bytes(response.body)
            return round(perf_counter() - asked, 2)
        if response.status != 202:
            break
        gevent.sleep(0.1)
    day.losses.append("le compte-rendu n’a pas pu être fabriqué")
    return None


def check_archive(day: Day, archive: Archive, found: Findings) -> None:
    """Everything that was sent, against everything that was kept."""
    topics = [(sent.result["id"], phone.participant, topic.title, topic.details) for topic, phone, sent in day.topics.values()]
    verify.check_topics(archive, topics, found)
    verify.check_votes(archive, [(phone.participant, sent.payload["topic"]) for phone, sent in day.votes], found)
    promises = []
    for promise, phone, sent in day.promises:
        scribed = "on_behalf" in sent.payload
        owner = phone.participant if phone and not scribed else None
        promises.append((sent.result["id"], promise.text, owner, promise.person if scribed else ""))
    verify.check_engagements(archive, promises, found)
    for written in day.written:
        if written.sheet:
            verify.check_sheet(written.where, archive.sheet(written.sheet), written.desk.script, found)
        if written.read is not None:
            seen = Findings()
            verify.check_sheet(f"{written.where}, sur un autre écran", written.read, written.desk.script, seen)
            found.losses += seen.losses


def _report(
    day: Day, found: Findings, late: float, pdf_s: float | None, usage: tuple[Any, Any], wall: float
) -> Report:
    plan: Plan = day.plan
    dots = [dot for dot in plan.ballots if dot.topic in day.topics]
    unacked = len(dots) - len(day.votes)
    characters = sum(desk.script.characters() for _, desk in plan.desks)
    characters += plan.opening.script.characters() + plan.closing.script.characters()
    return Report(
        phones=plan.phones, joined=len(day.present), topics_sent=len(plan.proposers), topics_kept=found.topics_kept,
        votes_sent=len(dots), votes_acked=len(day.votes), votes_counted=found.votes_counted,
        votes_lost=found.votes_lost + unacked, votes_doubled=found.votes_doubled, chars_typed=characters,
        chars_lost=found.chars_lost, engagements_sent=len(plan.promises), engagements_kept=found.engagements_kept,
        join_ms=spread(day.joins), vote_ack_ms=spread([sent.took for _, sent in day.votes]),
        board_fresh_ms=spread(fresh(day)), typing_ms=spread([sight for one in day.written for sight in one.sights]),
        generator_lag_ms=late, pdf_s=pdf_s, server_rss_mb=usage[0], server_cpu_s=usage[1], wall_s=round(wall, 1),
    )  # fmt: skip

