"""After the storm: everything accepted exactly once, nothing refused, every screen as its reload, every sheet with every key;
and the server met nothing it did not expect."""

import json
from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING, Any

import gevent

from facilitation.rehearsal import verify
from facilitation.rehearsal.browser import Browser, Unreachable
from facilitation.rehearsal.faults.people import StormPhone
from facilitation.rehearsal.phone import NotAnswered
from facilitation.rehearsal.scripts import places
from facilitation.rehearsal.verify import Archive, Findings

if TYPE_CHECKING:
    from facilitation.rehearsal.faults.play import Storm

# Seconds in which the last news must have come.
LAST_NEWS = 8.0
REFUSED = "À REFUSER"


def settled(storm: "Storm") -> None:
    """Wait for the last answers and news, then look at everything; losses go to the storm's."""
    losses = storm.deeds.losses
    for number, laptop in enumerate(storm.laptops, 1):
        try:
            laptop.received()
        except NotAnswered as error:
            losses.append(f"ordinateur {number} : {error}")
    losses += [f"l’appareil {one.called()} : {odd}" for one in storm.shown for odd in one.odd]
    _screens(storm)
    if "power" in storm.kinds:
        # Once more, and this time nobody is there to send anything again.
        storm.host.cut_power(storm.dice)
        storm.host.start()
    browser = Browser(storm.host.url)
    browser.cookies = storm.team.browser.cookies
    content = browser.get(f"/f/{storm.slug}/archive.json").json()
    if "tables" not in content:
        losses.append("l’archive n’est pas venue")
        return
    losses += _kept(storm, Archive(content))
    losses += [f"le journal du serveur porte une trace : {line[:300]}" for line in storm.host.complaints()]
    if REFUSED in json.dumps(content, ensure_ascii=False):
        losses.append("ce qui a été refusé se retrouve dans l’archive")


def _screens(storm: "Storm") -> None:
    waiting, until = storm.shown, perf_counter() + LAST_NEWS
    while waiting and perf_counter() < until:
        waiting = [one for one in waiting if _difference(one)]
        gevent.sleep(0.1 if waiting else 0)
    for one in waiting:
        found = _difference(one)
        if found:
            storm.deeds.losses.append(f"l’écran {one.called()} n’est pas celui qu’on recharge : {found}")


def _difference(phone: StormPhone) -> list[str]:
    try:
        return phone.differs()
    except Unreachable as error:
        return [str(error)]


def _kept(storm: "Storm", archive: Archive) -> list[str]:
    deeds, found = storm.deeds, Findings()
    topics = [(sent.result["id"], one.participant, sent.payload["title"], list[str]()) for one, sent in deeds.topics]
    verify.check_topics(archive, topics, found)
    verify.check_votes(archive, [(one.participant, sent.payload["topic"]) for one, sent in deeds.dots], found)
    promises = [(sent.result["id"], sent.payload["text"], one.participant, "") for one, sent in deeds.promises]
    verify.check_engagements(archive, promises, found)
    people = Counter(row["id"] for row in archive.rows("participant") if row["joined_at"])
    seats = Counter((row["participant_id"], row["workshop_id"]) for row in archive.rows("attendance"))
    kinds: tuple[tuple[str, Counter[Any], Counter[Any]], ...] = (
        ("entrées", Counter({phone.participant for phone in storm.phones if phone.participant}), people),
        ("inscriptions", Counter({(phone.participant, workshop) for phone, workshop in deeds.seats}), seats),
        ("salles", Counter(deeds.rooms), Counter(row["name"] for row in archive.rows("room") if not row["removed"])),
    )
    for what, wanted, there in kinds:
        if wanted != there:
            found.losses.append(f"{what} : {sum((wanted - there).values())} perdues, {sum((there - wanted).values())} en trop")
    return found.losses + _sheets(storm, archive)


def _sheets(storm: "Storm", archive: Archive) -> list[str]:
    """Every character typed, in its section, in the archive and on every laptop that has the sheet open."""
    losses = []
    for number, laptop in enumerate(storm.laptops, 1):
        kept = archive.sheet(laptop.sheet)
        until = perf_counter() + LAST_NEWS
        while laptop.read() != kept and perf_counter() < until:
            gevent.sleep(0.05)
        for where, sheet in (("l’archive", kept), (f"l’ordinateur {number}", laptop.read())):
            words = places(sheet)
            losses += [
                f"une fiche : {len(typed)} caractères frappés, {len(there)} dans {where}"
                for key, typed in storm.typed if (there := words.get(f"{key}/1:paragraph", "")) != typed
            ]  # fmt: skip
        if laptop.read() != kept:
            losses.append(f"l’ordinateur {number} ne montre pas la fiche de l’archive")
    return losses
