"""QR codes: as SVG for screens and paper, as half blocks for a terminal."""

import re

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
_SPECIAL = re.compile(r'([\\;,:"])')
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_BLACK_ON_WHITE, _RESET = "\x1b[30;107m", "\x1b[0m"


def svg(payload: str, alternative: str) -> Markup:
    """One drawing unit per module, quiet zone of four included, so that any whole number of pixels per unit stays sharp."""
    modules = _modules(payload)
    side = len(modules)
    bars = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(modules) for x, length in _runs(row))
    return Markup(
        '<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" shape-rendering="crispEdges" role="img">'
        '<title>{1}</title><path fill="#FFFFFF" d="M0 0h{0}v{0}h-{0}z"/><path fill="#000000" d="{2}"/></svg>'
    ).format(side, alternative, bars)


def modules_across(payload: str) -> int:
    """How many modules wide the code is, quiet zone included: what a whole number of pixels must be a multiple of."""
    return len(_modules(payload))


def terminal(payload: str, *, colours: bool = True) -> str:
    """Two modules per character; black on white whatever the terminal's own colours, unless `colours` is off."""
    modules = _modules(payload)
    if len(modules) % 2:
        modules.append([False] * len(modules))
    pairs = (zip(*modules[index : index + 2], strict=True) for index in range(0, len(modules), 2))
    lines = ["".join(_BLOCKS[pair] for pair in row) for row in pairs]
    return "\n".join(f"{_BLACK_ON_WHITE}{line}{_RESET}" if colours else line for line in lines)


def wifi(name: str, password: str = "", *, hidden: bool = False) -> str:
    """What a phone's camera reads as "join this network"; no password means an open one."""
    kind = "WPA" if password else "nopass"
    key = f"P:{_escaped(password)};" if password else ""
    return f"WIFI:T:{kind};S:{_escaped(name)};{key}{'H:true;' if hidden else ''};"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _modules(payload: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(payload)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where each run of black modules starts, and how long it is."""
    runs: list[tuple[int, int]] = []
    for x, module in enumerate(row):
        if not module:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
