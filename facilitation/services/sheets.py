"""Who writes a sheet: a phone asks for the pen, a laptop enters the code and joins the same person."""

from facilitation.domain.grid import covered
from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM, Role
from facilitation.domain.sheets import SCHEMA, Plenary, Sheet, plenary
from facilitation.domain.templates import DEFAULT, READY, Heading, ready, started
from facilitation.services import codes, seats
from facilitation.services.payloads import Chosen, Id, Key, Name, Payload
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.services.workshops import slots_of
from facilitation.store import documents, reading, tables
from facilitation.store.columns import Row
from facilitation.store.secrets import fingerprint
from facilitation.store.sheets import begin


class TakeNotes(Payload):
    """The workshop, or the plenary moment, whose notes one takes."""

    workshop: Chosen = None
    moment: Chosen = None
    name: Name = ""


class UseCode(Payload):
    """The short code a phone showed, with the writer's name."""

    code: Name
    name: Name = ""


class WriteHere(Payload):
    """The workshop held in a seat's room now, and who writes; a name is not asked for."""

    workshop: Id
    name: Name = ""


class HandPen(Payload):
    """A person who takes the notes of a workshop or of a moment, or no longer does."""

    workshop: Chosen = None
    moment: Chosen = None
    participant: Chosen = None
    name: Name = ""


class OneSheet(Payload):
    """A sheet."""

    sheet: Id


class HandOver(Payload):
    """A sheet one writes, and the name of whoever goes on."""

    sheet: Id
    name: Name = ""


class Extract(Payload):
    """A sheet, and the key of one of its sections; empty: the last one written."""

    sheet: Id
    section: Key = ""


SPOKEN = {
    MomentKind.PLENARY: (Plenary.WELCOME, Plenary.ROUND_TABLE),
    MomentKind.CLOSING: (Plenary.CONCLUSION, Plenary.CLOSING_WORDS),
}


def _spoken(kind: MomentKind, language: str) -> Sheet:
    parts = [plenary(part, language) for part in SPOKEN[kind]]
    return {"preamble": [], "sections": [section for part in parts for section in part["sections"]]}


def template_of(turn: Turn) -> tuple[str, list[Heading]]:
    """The name and the sections of the template that sheets start from now."""
    name = turn.event["template"]
    own = turn.ledger.row(tables.template, name) if name and name not in READY else None
    if own is not None:
        return str(name), own["sections"]
    found = name if name in READY else DEFAULT
    return found, ready(found, turn.event["language"])


def sheet_of(turn: Turn, workshop_id: str | None, moment_id: str | None) -> Row:
    """The sheet of a workshop or of a plenary moment, made on first asking; that of a workshop which was joined to another
    before it had one is the other's. Raises NOT_FOUND."""
    if workshop_id:
        workshop = turn.find(tables.workshop, workshop_id)
        known = turn.ledger.rows_where(tables.sheet, workshop_id=workshop_id)
        if not known and workshop["merged_into"]:
            return sheet_of(turn, workshop["merged_into"], None)
        template, headings = template_of(turn)
        blank = started(headings)
    else:
        moment = turn.find(tables.moment, moment_id)
        kind = MomentKind(moment["kind"])
        if not kind.has_notes():
            raise Refusal(Code.NOT_FOUND)
        known, template = turn.ledger.rows_where(tables.sheet, moment_id=moment_id), kind.value
        blank = _spoken(kind, turn.event["language"])
    if known:
        return known[0]
    first = documents.new_document(blank)
    return begin(
        turn.ledger, first, turn.now, workshop_id=workshop_id, moment_id=None if workshop_id else moment_id,
        template=template, extract="", nudged_at=None, schema=SCHEMA,
    )  # fmt: skip


@command(*ROOM, gives="code", when_late=True)
def take_notes(turn: Turn, ask: TakeNotes) -> Answer:
    """Take the pen of a sheet; the answer's code lets one laptop, within two hours, write as the same person."""
    row = sheet_of(turn, ask.workshop, ask.moment)
    if ask.name:
        turn.ledger.set(tables.participant, turn.person, name=ask.name)
    _grant(turn, turn.person, row["id"])
    codes.show(turn, codes.Kind.PEN, sheet_id=row["id"])
    return {"sheet": row["id"]}


@command(Role.VISITOR, Role.PARTICIPANT, Role.RAPPORTEUR, Role.SEAT, *TEAM, gives="token", when_late=True)
def use_code(turn: Turn, ask: UseCode) -> Answer:
    """Let this laptop write in the name of the phone that showed the code, or sit in a room for the day; the token is its key."""
    if seats.take(turn, ask.code):
        return {}
    code = codes.typed(turn, codes.Kind.PEN, ask.code)
    if code["used_at"] is not None and turn.actor.participant_id != code["participant_id"]:
        raise Refusal(Code.CODE_USED)
    person = turn.find(tables.participant, code["participant_id"])
    if ask.name and not person["name"]:
        turn.ledger.set(tables.participant, person["id"], name=ask.name)
    turn.ledger.set(tables.code, code["id"], used_at=turn.now)
    turn.ledger.add(
        tables.device, participant_id=person["id"], token_hash=fingerprint(turn.secret("token")), kind="laptop",
        created_at=turn.now, revoked_at=None,
    )  # fmt: skip
    turn.touched.add(str(person["id"]))
    return {"sheet": code["sheet_id"]}


@command(Role.SEAT, when_late=True)
def write_here(turn: Turn, ask: WriteHere) -> Answer:
    """Say who writes on a room's laptop, and open the sheet of the workshop held there now. Raises ROOM_MOVED_ON."""
    workshop = turn.find(tables.workshop, ask.workshop)
    here = covered(slots_of(turn), workshop["moment_id"], workshop["span"])
    if workshop["state"] != "planned" or workshop["room_id"] != seats.room_of(turn) or turn.event["moment_id"] not in here:
        raise Refusal(Code.ROOM_MOVED_ON)
    row = sheet_of(turn, ask.workshop, None)
    _sit(turn, _same(turn, ask.name) or _only_a_name(turn, ask.name), row["id"])
    return {"sheet": row["id"]}


def _same(turn: Turn, name: str) -> str | None:
    """Whoever wrote here last, if they say so by their name again: their sheets stay together."""
    last = turn.ledger.row(tables.participant, turn.actor.participant_id) if turn.actor.participant_id else None
    return str(last["id"]) if last is not None and name and last["name"] == name else None


def _sit(turn: Turn, person: str, sheet_id: str) -> None:
    """This laptop writes for `person` now; what it wrote before stays open to it, so that late letters arrive."""
    _grant(turn, person, sheet_id, device=turn.actor.device_id)
    turn.ledger.set(tables.device, turn.actor.device_id, participant_id=person)


@command(*TEAM, undoable=True, when_late=True)
def hand_pen(turn: Turn, ask: HandPen) -> Answer:
    """Name who takes the notes: somebody who joined, or somebody known only by name."""
    row = sheet_of(turn, ask.workshop, ask.moment)
    person = ask.participant
    if person is not None:
        turn.find(tables.participant, person)
    else:
        if not ask.name:
            raise Refusal(Code.EMPTY, fields={"name": Code.EMPTY})
        person = _only_a_name(turn, ask.name)
    _grant(turn, person, row["id"])
    return {"sheet": row["id"]}


@command(*TEAM, Role.RAPPORTEUR, when_late=True)
def choose_extract(turn: Turn, ask: Extract) -> None:
    """Choose the section that stands for a sheet while its synthesis is empty."""
    turn.find(tables.sheet, ask.sheet)
    if not turn.actor.is_team() and ask.sheet not in turn.actor.sheets:
        raise Refusal(Code.NOT_YOUR_SHEET)
    turn.ledger.set(tables.sheet, ask.sheet, extract=ask.section)


@command(*TEAM, undoable=True, when_late=True)
def nudge(turn: Turn, ask: OneSheet) -> None:
    """Remind those who write a sheet, on their laptop and phone, until something is written in it."""
    turn.find(tables.sheet, ask.sheet)
    turn.ledger.set(tables.sheet, ask.sheet, nudged_at=turn.now)
    turn.touched.update(str(row["participant_id"]) for row in _pens(turn, ask.sheet))


@command(Role.RAPPORTEUR, when_late=True)
def hand_over(turn: Turn, ask: HandOver) -> Answer:
    """Give one's pen to somebody of the circle, who goes on on their own device; at a room's laptop, to whoever sits there next.

    Raises HEIR_UNKNOWN, HEIR_TWICE: a name that is nobody's, or two people's, would leave the sheet to nobody.
    """
    mine = next((row for row in _pens(turn, ask.sheet) if row["participant_id"] == turn.person), None)
    if mine is None:
        turn.find(tables.sheet, ask.sheet)
        raise Refusal(Code.NOT_YOUR_SHEET)
    if not ask.name:
        raise Refusal(Code.EMPTY, fields={"name": Code.EMPTY})
    if Role.SEAT in turn.actor.roles:
        # A name typed on the room's laptop makes nobody of the circle out of it.
        _sit(turn, _only_a_name(turn, ask.name), ask.sheet)
    else:
        _grant(turn, _heir(turn, ask.name), ask.sheet)
    turn.ledger.set(tables.grant, mine["id"], revoked_at=turn.now)
    turn.touched.add(turn.person)
    return {"sheet": ask.sheet}


def _heir(turn: Turn, name: str) -> str:
    """The one other person of this name who is here with a device of their own, however they write it."""
    alike = [one for one, known in reading.all_names(turn.connection, turn.event_id).items() if _plain(known) == _plain(name)]
    here = [one for one in alike if one != turn.person and _is_here(turn, one)]
    if len(here) != 1:
        code = Code.HEIR_TWICE if here else Code.HEIR_UNKNOWN
        raise Refusal(code, fields={"name": code})
    return here[0]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _is_here(turn: Turn, person: str) -> bool:
    joined = turn.find(tables.participant, person)["joined_at"] is not None
    return joined and bool(turn.ledger.rows_where(tables.device, participant_id=person, revoked_at=None))


@command(*ROOM, Role.RAPPORTEUR, when_late=True)
def put_pen_down(turn: Turn, ask: OneSheet) -> None:
    """Stop taking the notes of a sheet; what was written stays."""
    turn.find(tables.sheet, ask.sheet)
    for grant in _pens(turn, ask.sheet):
        if grant["participant_id"] == turn.person:
            turn.ledger.set(tables.grant, grant["id"], revoked_at=turn.now)
    turn.touched.add(turn.person)


def _pens(turn: Turn, sheet_id: str) -> list[Row]:
    return turn.ledger.rows_where(tables.grant, sheet_id=sheet_id, revoked_at=None)


def _only_a_name(turn: Turn, name: str) -> str:
    made = turn.ledger.add(
        tables.participant, name=name, organisation="", listed=False, name_hidden=False, created_at=turn.now, joined_at=None
    )
    return str(made["id"])


def _grant(turn: Turn, person: str, sheet_id: str, device: str | None = None) -> None:
    turn.touched.add(person)
    known = turn.ledger.rows_where(tables.grant, sheet_id=sheet_id, participant_id=person)
    if any(grant["revoked_at"] is None for grant in known):
        return
    turn.ledger.add(
        tables.grant, participant_id=person, device_id=device, role=Role.RAPPORTEUR.value, sheet_id=sheet_id, link_id=None,
        created_at=turn.now, revoked_at=None,
    )  # fmt: skip
