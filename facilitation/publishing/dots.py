"""Dots drawn as SVG: the votes of a topic, the circle of the cover."""

from math import cos, pi, sin, sqrt

from markupsafe import Markup

from facilitation.publishing.book import Book

COLOURS = ("corail", "safran", "sapin", "outremer", "prune", "lagon")
FILLS = ("#E4572E", "#E8A317", "#2E7D5B", "#2F4BB5", "#8A3A7A", "#1E8CA8")
ON_FILLS = ("#14171F", "#14171F", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#14171F")
INK, SOFT = "#1E2330", "#565D6E"
# Above this, one dot stands for ten, and the figure beside says how many.
PLAIN_MOST = 200


def row(votes: int, fill: str, alternative: str, *, radius: float, pitch: float, per_row: int) -> Markup:
    """`votes` as rows of dots; lengths in millimetres. One dashed stroke a row, whatever the number of dots."""
    drawn = votes if votes <= PLAIN_MOST else round(votes / 10)
    if drawn <= 0:
        return Markup()
    rows = -(-drawn // per_row)
    lines = Markup().join(
        Markup('<path d="M{0} {1}h{2}"/>').format(
            radius, round(radius + index * pitch, 3), round((min(per_row, drawn - index * per_row) - 1) * pitch + 0.001, 3)
        )
        for index in range(rows)
    )
    width, height = (min(per_row, drawn) - 1) * pitch + 2 * radius, (rows - 1) * pitch + 2 * radius
    return Markup(
        '<svg class="votes" width="{0}mm" height="{1}mm" viewBox="0 0 {0} {1}" role="img"><title>{2}</title>'
        '<g fill="none" stroke="{3}" stroke-width="{4}" stroke-linecap="round" stroke-dasharray="0.001 {5}">{6}</g></svg>'
    ).format(round(width, 3), round(height, 3), alternative, fill, 2 * radius, round(pitch - 0.001, 3), lines)


def circle(book: Book, alternative: str) -> Markup:
    """One ring per topic in the order proposed, its area as its votes; filled and numbered where it became a workshop."""
    topics = book.topics
    rows = 1 if len(topics) <= 72 else 2 if len(topics) <= 160 else 3
    most = max([topic.votes or 0 for topic in topics] or [0])
    room = 2 * pi * 52 / max(len(topics) / rows, 24)
    shapes: list[Markup] = []
    for index, topic in enumerate(topics):
        angle = -pi / 2 + 2 * pi * (index + 0.5) / len(topics)
        away = 52 - (index % rows) * room * 1.05
        x, y = round(57 + away * cos(angle), 2), round(57 + away * sin(angle), 2)
        weight = sqrt((topic.votes or 0) / most) if most else 0.45
        radius = round(max(0.08, 0.48 * weight) * room, 2)
        workshop = book.workshop(topic.outcome.workshop) if topic.outcome.workshop is not None else None
        if workshop is None:
            shapes.append(_open(x, y, radius))
        else:
            shapes.append(_full(x, y, max(radius, 0.34 * room), workshop.number, workshop.colour))
    return Markup(
        '<svg class="circle" viewBox="0 0 114 114" role="img"><title>{}</title>{}</svg>'
    ).format(alternative, Markup().join(shapes))


def _open(x: float, y: float, radius: float) -> Markup:
    return Markup('<circle cx="{}" cy="{}" r="{}" fill="none" stroke="{}" stroke-width="0.45"/>').format(x, y, radius, INK)


def _full(x: float, y: float, radius: float, number: int, colour: int) -> Markup:
    size = round(min(radius * 0.95, 5) * (1 if number < 10 else 0.85), 2)
    return Markup(
        '<circle cx="{0}" cy="{1}" r="{2}" fill="{3}"/><text x="{0}" y="{4}" text-anchor="middle" fill="{5}" '
        'font-family="Facilitation Heading" font-size="{6}">{7}</text>'
    ).format(x, y, radius, FILLS[colour], round(y + size * 0.35, 2), ON_FILLS[colour], size, number)
