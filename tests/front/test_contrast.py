"""Every pair of colours that carries text or meaning can be read, by day and by night."""

import itertools
import math
import re
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "facilitation" / "static" / "src"
TEXT, LARGE = 4.5, 3.0
GROUNDS = ("ground", "panel")
ON_GROUND = ("text", "text-soft", "quiet", "link", "alarm", "act", "act-deep")
PAIRS = [
    *((name, ground, TEXT) for name in ON_GROUND for ground in GROUNDS),
    *((name, ground, LARGE) for name in ("edge", "ring", "done") for ground in GROUNDS),
    ("on-act", "act", TEXT),
    ("on-act", "act-deep", TEXT),
    ("on-act", "alarm", TEXT),
    ("on-banner", "banner", TEXT),
    ("on-wash", "wash", TEXT),
    ("link", "wash", TEXT),
    ("act-deep", "wash", TEXT),
    ("text", "alarm-wash", TEXT),
    ("link", "alarm-wash", TEXT),
    *((f"g{n}-deep", f"g{n}-tint", TEXT) for n in range(6)),
    *((f"g{n}-on", f"g{n}", LARGE) for n in range(6)),
]


def rules(name: str, selector: str) -> dict[str, str]:
    css = re.sub(r"/\*.*?\*/", "", (SRC / name).read_text(), flags=re.DOTALL)
    blocks = re.findall(rf"(?:^|\}})\s*{re.escape(selector)} \{{(.*?)\}}", css, flags=re.DOTALL)
    return dict(re.findall(r"--([\w-]+): ([^;]+);", "".join(blocks)))


def theme(*selectors: str) -> dict[str, str]:
    values = rules("tokens.css", ":root")
    for selector in selectors:
        values |= rules("theme.css", selector)
    return values


THEMES = {"day": theme(":root"), "projected": theme(":root", ".projector"), "night": theme(":root", ".night")}


def colour(values: dict[str, str], name: str) -> str:
    value = values[name]
    linked = re.fullmatch(r"var\(--([\w-]+)\)", value)
    return colour(values, linked[1]) if linked else value


def luminance(value: str) -> float:
    channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("front", "back", "least"), PAIRS, ids=[f"{front} on {back}" for front, back, _ in PAIRS])
@pytest.mark.parametrize("name", THEMES)
def test_a_pair_can_be_read(name: str, front: str, back: str, least: float) -> None:
    values = THEMES[name]
    assert contrast(colour(values, front), colour(values, back)) >= least


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("name", THEMES)
def test_a_dot_without_a_number_is_seen_on_its_ground(name: str, number: int) -> None:
    # Safran reaches 2.1 on paper: it never stands alone, its number or its figure is beside it.
    least = 2.0 if number == 1 else LARGE
    values = THEMES[name]
    assert contrast(colour(values, f"g{number}"), colour(values, "ground")) >= least


# --- Writers


def perceived(value: str) -> tuple[float, float, float]:
    """A colour where distances are those one sees (CIE L*a*b*)."""
    channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    weights = ((0.4124, 0.3576, 0.1805, 0.9505), (0.2126, 0.7152, 0.0722, 1.0), (0.0193, 0.1192, 0.9505, 1.0888))
    sums = [(red * r + green * g + blue * b) / white for r, g, b, white in weights]
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in sums)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_eight_writers_can_be_told_apart() -> None:
    values = THEMES["day"] | {"g6": rules("sheet.css", ".c6")["c"], "g7": rules("sheet.css", ".c7")["c"]}
    colours = [colour(values, f"g{number}") for number in range(8)]
    assert min(math.dist(perceived(one), perceived(other)) for one, other in itertools.combinations(colours, 2)) > 30
    for selector in (".c6", ".c7"):
        own = rules("sheet.css", selector)
        assert contrast(own["c-deep"], own["c-tint"]) >= TEXT
        assert contrast(own["c"], values["surface"]) >= LARGE
