"""Forums invented from a seed: topics, workshops, sheets of the lengths and nesting people really write, engagements."""

from random import Random
from typing import Any

from facilitation.rehearsal import vocabulary as words

# Signs of markdown in the sections of the forum of January 2016, and how often a section is of each kind.
LENGTHS = (110, 130, 160, 175, 210, 325, 345, 360, 380, 400, 480, 580, 620, 950, 1100, 1420, 2900)
DEEP = 0.35
MOST_REPEATED = 200
KINDS = ("stakes", "proofs", "needs", "acts")


class TooFewWords(ValueError):
    """So many different titles or names cannot be made; the message is a sentence."""


def invent(people: int, topics: int, workshops: int, engagements: int, seed: int) -> dict[str, Any]:
    """A case of these sizes, the same for the same seed. Raises TooFewWords."""
    draw = Random(seed)  # noqa: S311  a case must come out the same again; nothing secret is drawn
    names = _names(draw, people)
    titles = _different(draw, topics, _topic)
    return {
        "about": f"Forum inventé par « facilitation generate », graine {seed}. Aucune personne, aucun lieu n’est réel.",
        "language": "fr",
        "title": f"Forum ouvert inventé n° {seed}",
        "meeting": f"Une rencontre imaginée pour {people} personnes",
        "date": f"2026-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
        "host": "Maison commune de Valombreuse",
        "organisers": ["Les Amis de Valombreuse"],
        "opening_by": names[0],
        "facilitators": names[:2],
        "objectives_markdown": "- Dire ce qui nous tient à cœur\n- Trouver avec qui le faire",
        "theme_markdown": f"Et si nous apprenions à {draw.choice(words.DOING)} {draw.choice(words.THINGS)} ?",
        "topics": [
            {"number": number, "title": title, "details": _details(draw)} for number, title in enumerate(titles, 1)
        ],
        "workshops": _workshops(draw, workshops, titles, names),
        "conclusion": {"by": draw.choice(names), "markdown": _sentence(draw)},
        "closing_words": [
            {"by": name, "markdown": word} for name, word in zip(names[-3:], draw.sample(words.WORDS, 3), strict=False)
        ],
        "engagements": _engagements(draw, engagements, names),
    }  # fmt: skip


def titles(known: list[str], count: int, seed: int) -> list[str]:
    """So many titles, no two alike: the known ones, then invented ones. Raises TooFewWords."""
    draw = Random(seed)  # noqa: S311  as above
    others = (title for title in _different(draw, max(0, count - len(known)) + len(known), _topic) if title not in known)
    return [*known, *others][:count]


def _names(draw: Random, people: int) -> list[str]:
    return _different(draw, people, lambda drawn: f"{drawn.choice(words.FIRST_NAMES)} {_last_name(drawn)}")


def _last_name(draw: Random) -> str:
    one, other = draw.sample(words.LAST_NAMES, 2)
    return f"{one}-{other}" if draw.random() < 0.3 else one


def _different(draw: Random, count: int, make: Any) -> list[str]:
    """So many texts, no two alike."""
    found: dict[str, None] = {}
    repeated = 0
    while len(found) < count:
        before = len(found)
        found[make(draw)] = None
        repeated = 0 if len(found) > before else repeated + 1
        if repeated > MOST_REPEATED:
            raise TooFewWords(f"Le vocabulaire ne suffit pas pour {count} textes différents : demandez-en moins.")
    return list(found)


def _topic(draw: Random) -> str:
    """A question as people ask them, 20 to 160 characters."""
    thing, who, place = draw.choice(words.THINGS), draw.choice(words.WHO), draw.choice(words.PLACES)
    doing, meeting, end = draw.choice(words.DOING), draw.choice(words.MEETING), draw.choice(words.ENDS)
    shapes = (
        f"Comment {doing} {thing} {place} ?",
        f"Comment {meeting} {who} {place}, {end} ?",
        f"{_capital(doing)} {thing} {place}.",
        f"{_capital(thing)} : qui s’en occupe {place} ?",
        f"{_asking(draw, who)} {place} ?",
        f"{_capital(doing)} {thing} avec {who}, {end}.",
        f"Et si nous osions {doing} {thing} {place}, {end} ? (Avec {who}, ou sans ?)",
        f"{_capital(who)} et {thing} : comment {meeting} sans promettre trop, et {doing} {end} ?",
    )
    return draw.choice(shapes)


def _asking(draw: Random, who: str) -> str:
    asking = draw.choice(words.ASKING)
    if asking.endswith(" de"):
        return f"{asking[:-3]} d{who[1:]}" if who.startswith("les ") else f"{asking} {who}"
    if asking.endswith(" à"):
        return f"{asking[:-2]} aux{who[3:]}"
    return f"{asking} {who}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _details(draw: Random) -> list[str]:
    """Most topics have none; in 2016 one of 37 had four."""
    if draw.random() > 0.06:
        return []
    return [f"{one} ?" for one in draw.sample(words.SMALL, draw.randint(1, 4))]


def _workshops(draw: Random, count: int, titles: list[str], names: list[str]) -> list[dict[str, Any]]:
    free = list(range(1, len(titles) + 1))
    draw.shuffle(free)
    made = []
    for number in range(1, count + 1):
        # One in six is the facilitator's own, one in ten brings two topics together.
        wanted = draw.choices((0, 1, 2), weights=(16, 74, 10))[0]
        own, free = sorted(free[:wanted]), free[wanted:]
        title = titles[own[0] - 1] if own else _topic(draw)
        made.append({
            "number": number,
            "title": title if draw.random() < 0.7 else title.rstrip(".?\u202f ") + ", et après ?",
            "from_topics": own,
            "rapporteurs": draw.sample(names, min(len(names), draw.choices((1, 2, 3), weights=(65, 20, 15))[0])),
            "preamble": _sentence(draw) if draw.random() < 0.5 else "",
            "sections": _sections(draw),
        })  # fmt: skip
    return made


def _sections(draw: Random) -> list[dict[str, str]]:
    """Three to five of them: some missing, some renamed, now and then one of their own, not always in order."""
    kinds = list(KINDS)
    if draw.random() < 0.6:
        kinds.remove(draw.choice(kinds))
    if draw.random() < 0.15:
        kinds.append("wild")
    if draw.random() < 0.25:
        draw.shuffle(kinds)
    return [{"heading": draw.choice(words.HEADINGS[kind]), "markdown": _markdown(draw, kind)} for kind in kinds]


def _markdown(draw: Random, kind: str) -> str:
    """Bullets up to three levels, sub-headings, a paragraph between two lists; about as long as one of 2016's."""
    wished, is_deep = draw.choice(LENGTHS), draw.random() < DEEP
    lines: list[str] = []
    level = 0
    while len("\n".join(lines)) < wished:
        if lines and wished > 800 and draw.random() < 0.12:
            heading = draw.random() < 0.6
            lines += ["", f"### {_capital(draw.choice(words.THINGS))}" if heading else _sentence(draw), ""]
            level = 0
        level = min(draw.choice((0, 1, 1, 2, 2)), level + 1) if is_deep and lines and lines[-1] else 0
        lines.append(f"{'  ' * level}- {_line(draw, kind, level)}")
    return "\n".join(lines)


def _line(draw: Random, kind: str, level: int) -> str:
    if level == 2:
        return f"{draw.choice(words.SMALL)} ?"
    if level == 1:
        return f"{_capital(draw.choice(words.DOING))} {draw.choice(words.THINGS)} {draw.choice(words.PLACES)}"
    lead = {
        "stakes": words.STAKES, "proofs": words.PROOFS, "acts": words.ACTS, "wild": words.WILD, "needs": words.ACTS,
    }[kind]  # fmt: skip
    if kind == "needs":
        return f"De quoi {draw.choice(words.DOING)} {draw.choice(words.THINGS)} {draw.choice(words.PLACES)}"
    return f"{draw.choice(lead)}, {draw.choice(words.WHY)}" if draw.random() < 0.4 else draw.choice(lead)


def _sentence(draw: Random) -> str:
    return (
        f"Nous avons parlé {_of(draw.choice(words.THINGS))} et {_of(draw.choice(words.WHO))}, "
        f"{draw.choice(words.WHY)} : {draw.choice(words.ACTS).lower()}, {draw.choice(words.ENDS)}."
    )


def _of(noun: str) -> str:
    """`de` before a plural: « les haies », « des haies »."""
    return f"des{noun.removeprefix('les')}"


def _engagements(draw: Random, count: int, names: list[str]) -> list[dict[str, Any]]:
    """One to three a person, as in 2016; more where there are more engagements than that."""
    left = count
    drawn = draw.sample(names, len(names))
    kept: dict[str, list[str]] = {}
    turn = 0
    while left:
        name = drawn[turn % len(drawn)]
        share = min(left, draw.choices((1, 2, 3), weights=(41, 41, 18))[0])
        own = kept.setdefault(name, [])
        for _ in range(share):
            promise = f"{draw.choice(words.PROMISES)} {draw.choice(words.PLACES)}, {draw.choice(words.WHY)}"
            own.append(_capital(promise) + ".")
        left, turn = left - share, turn + 1
    return [{"person": name, "items": items} for name, items in kept.items()]
