"""What breaks in a storm, when its time has come, and how it is mended."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import gevent

from facilitation.rehearsal.faults.cable import Upgrades
from facilitation.rehearsal.faults.people import Steady
from facilitation.rehearsal.faults.storm import WINDOW, Fault
from facilitation.rehearsal.faults.witness import Disk

if TYPE_CHECKING:
    from facilitation.rehearsal.faults.play import Storm


def through(storm: "Storm", start: float) -> None:
    """Every fault of a storm; when it returns all is mended, and everybody has looked again."""
    ending = []
    for fault in storm.faults:
        storm.due(start, fault.at)
        if fault.kind in {"kill", "power"}:
            _restart(storm, fault)
        else:
            ending.append(gevent.spawn_later(fault.lasts * storm.scale, _end, storm, fault, _begin(storm, fault)))
    storm.due(start, WINDOW)
    gevent.joinall(ending, raise_error=True)
    storm.host.mend()
    for one in storm.everybody:
        one.cable.mend()
        one.awake.set()
    gevent.joinall([gevent.spawn(one.resync) for one in storm.everybody], raise_error=True)


def _restart(storm: "Storm", fault: Fault) -> None:
    """A server dies and comes back; what screens showed must be in its files."""
    if fault.kind == "power":
        storm.host.cut_power(storm.dice)
    else:
        storm.host.kill()
    told = max(one.screen.version for one in storm.shown)
    for phone in storm.dice.sample(storm.phones, len(storm.phones) // 4):
        phone.grow_old()
    gevent.sleep(fault.lasts * storm.scale)
    found = storm.host.start()
    if found < told:
        storm.deeds.losses.append(f"des écrans montraient la version {told} ; les fichiers n’ont que la {found}")


def _begin(storm: "Storm", fault: Fault) -> list[Steady]:
    """Let it happen; returns whom it hits."""
    hit: list[Steady] = [storm.phones[number] for number in fault.whom if number < len(storm.phones)] or storm.everybody
    if fault.kind == "disk":
        disk = Disk.WELL if fault.how == "slow" else Disk[fault.how.upper()]
        storm.host.controls.set(disk=disk, flush=fault.amount * storm.scale)
    elif fault.kind == "clock":
        storm.host.controls.set(offset=storm.host.controls.read()[2] + fault.amount)
    else:
        for one in hit:
            _BEGIN[fault.kind, fault.how](one)
    return hit


def _end(storm: "Storm", fault: Fault, hit: list[Steady]) -> None:
    if fault.kind == "disk":
        storm.host.mend()
    elif fault.kind in {"cut", "sleep", "slow"}:
        for one in hit:
            one.cable.mend()
            one.awake.set()
        gevent.joinall([gevent.spawn(one.resync) for one in hit if fault.kind == "sleep"], raise_error=True)


def _doze(one: Steady) -> None:
    one.awake.clear()
    one.cable.mute()


_BEGIN: dict[tuple[str, str], Callable[[Steady], None]] = {
    ("cut", "closed"): lambda one: one.cable.cut(),
    ("cut", "dropped"): lambda one: one.cable.mute(),
    ("sleep", ""): _doze,
    ("slow", ""): lambda one: one.cable.stall(),
    ("nows", "refused"): lambda one: one.cable.forbid(Upgrades.REFUSE),
    ("nows", "swallowed"): lambda one: one.cable.forbid(Upgrades.SWALLOW),
}
