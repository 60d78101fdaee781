"""Losses and doubles, each matched by what it is: phone, operation, topic, person, place in the text; never by counting alone."""

import base64
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from facilitation.domain import text
from facilitation.domain.sheets import Sheet, is_blank
from facilitation.rehearsal.scripts import Script, places
from facilitation.store.documents import Document

Vote = tuple[str, str]


@dataclass
class Findings:
    """What was sent and what is there; `losses` are sentences."""

    topics_kept: int = 0
    votes_counted: int = 0
    votes_lost: int = 0
    votes_doubled: int = 0
    chars_lost: int = 0
    engagements_kept: int = 0
    losses: list[str] = field(default_factory=list)


class Archive:
    """The forum's archive, read for checking."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._tables: dict[str, list[dict[str, Any]]] = content["tables"]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        return self._tables[table]

    def votes(self) -> Counter[Vote]:
        """Dots by (participant, topic id)."""
        holder = {row["ballot_id"]: row["participant_id"] for row in self.rows("ballot_holder")}
        return Counter((holder.get(row["ballot_id"], ""), row["topic_id"]) for row in self.rows("vote"))

    def sheet(self, sheet_id: str) -> Sheet:
        """A sheet as its snapshots and updates make it."""
        kept = [row for table in ("snapshot", "sheet_update") for row in self.rows(table) if row["sheet_id"] == sheet_id]
        ordered = sorted(kept, key=lambda row: int(row["number"]))
        return Document(*(base64.b64decode(row["data"]) for row in ordered)).read()


def check_topics(archive: Archive, sent: Iterable[tuple[str, str, str, list[str]]], found: Findings) -> None:
    """`sent` holds (topic id, participant, title, details); a topic is kept when all of it is, once, under its author."""
    rows = {row["id"]: row for row in archive.rows("topic")}
    authors = {(row["topic_id"], row["participant_id"]) for row in archive.rows("author")}
    for topic_id, participant, title, details in sent:
        row = rows.pop(topic_id, None)
        whole = row is not None and row["title"] == text.line(title) and row["details"] == [text.line(one) for one in details]
        if whole and (topic_id, participant) in authors:
            found.topics_kept += 1
        else:
            found.losses.append(f"le sujet « {title} » manque ou n’est pas entier dans l’archive")
    found.losses += [f"le sujet « {row['title']} » est en trop dans l’archive" for row in rows.values()]


def check_votes(archive: Archive, sent: Iterable[Vote], found: Findings) -> None:
    """`sent` holds each accepted dot as (participant, topic id)."""
    wanted, kept = Counter(sent), archive.votes()
    found.votes_counted = sum((wanted & kept).values())
    for vote, count in (wanted - kept).items():
        found.votes_lost += count
        found.losses.append(f"une gommette du téléphone {vote[0][:8]} sur le sujet {vote[1][:8]} n’est pas dans l’archive")
    for vote, count in (kept - wanted).items():
        found.votes_doubled += count
        found.losses.append(f"une gommette de trop du téléphone {vote[0][:8]} sur le sujet {vote[1][:8]} dans l’archive")


def check_engagements(archive: Archive, sent: Iterable[tuple[str, str, str | None, str]], found: Findings) -> None:
    """`sent` holds (engagement id, words, participant or None, name written by a scribe)."""
    rows = {row["id"]: row for row in archive.rows("engagement")}
    for engagement_id, words, participant, person in sent:
        row = rows.pop(engagement_id, None)
        said = (row["text"], row["participant_id"], row["person"]) if row else None
        if said == (text.paragraphs(words), participant, text.line(person)):
            found.engagements_kept += 1
        else:
            found.losses.append(f"l’engagement « {words} » manque ou n’est pas entier dans l’archive")
    found.losses += [f"l’engagement « {row['text']} » est en trop dans l’archive" for row in rows.values()]


def check_sheet(where: str, sheet: Sheet, script: Script, found: Findings) -> None:
    """Every character under its own heading, in its own line, in order; sections nobody used left aside."""
    used = {chapter.key for chapter in script.chapters}
    sections = [one for one in sheet["sections"] if one["key"] in used or not is_blank(one)]
    wanted, read = script.expected(), Sheet(preamble=sheet["preamble"], sections=sections)
    if read == wanted:
        return
    before = found.chars_lost
    there = places(read)
    for place, words in places(wanted).items():
        found.chars_lost += len(words) - _common(words, there.get(place, ""))
    lost = found.chars_lost - before
    reason = f"{lost} caractères manquent à leur place" if lost else "l’ordre, les marques ou des mots en trop diffèrent"
    found.losses.append(f"{where} : {reason}")


def check_ballot(phone: str, shown: Iterable[str], sent: Iterable[str], found: Findings) -> None:
    """A phone shows its own dots, each on its topic, once."""
    wanted, there = Counter(sent), Counter(shown)
    if wanted - there:
        found.votes_lost += sum((wanted - there).values())
        found.losses.append(f"{phone} ne montre pas toutes ses gommettes")
    if there - wanted:
        found.votes_doubled += sum((there - wanted).values())
        found.losses.append(f"{phone} montre une gommette de trop")


def check_counts(phone: str, shown: dict[str, int], wanted: dict[str, int], found: Findings) -> None:
    """The counts on a phone's screen are everybody's dots, topic by topic."""
    wrong = [topic for topic, count in wanted.items() if shown.get(topic) != count]
    if wrong:
        found.losses.append(f"{phone} montre un compte faux sur {len(wrong)} sujets")


def _common(words: str, there: str) -> int:
    if words == there:
        return len(words)
    return sum(block.size for block in SequenceMatcher(None, words, there, autojunk=False).get_matching_blocks())
