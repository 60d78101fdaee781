"""Reading a sheet back: the room says that it is what was said, or leaves a remark for whoever takes the notes."""

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM
from facilitation.domain.topics import Visibility, first_state
from facilitation.services.payloads import Id, Payload, Words
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.columns import Row
from facilitation.store.secrets import seal


class OneSheet(Payload):
    """A sheet."""

    sheet: Id


class Remark(Payload):
    """What should be said otherwise, with or without one's name."""

    sheet: Id
    text: Words
    named: bool = True


class EditRemark(Payload):
    """The remark's words, whole."""

    remark: Id
    text: Words


class OneRemark(Payload):
    """A remark."""

    remark: Id


def unnamed(turn: Turn) -> str:
    """Operation ids of confirmations belong to a sealed scope, so that the log pairs nobody and a sheet."""
    return seal(turn.key, f"readback:{turn.event_id}:{turn.person}")


@command(*ROOM, secret=unnamed)
def confirm_sheet(turn: Turn, ask: OneSheet) -> None:
    """Say « c’est bien ce que nous avons dit »; the team reads how many did, never who."""
    turn.find(tables.sheet, ask.sheet)
    known = turn.ledger.rows_where(tables.readback, sheet_id=ask.sheet, participant_id=turn.person)
    if known:
        turn.ledger.set(tables.readback, known[0]["id"], at=turn.now)
    else:
        turn.ledger.add(tables.readback, sheet_id=ask.sheet, participant_id=turn.person, at=turn.now)
    turn.touched.add(turn.person)


@command(*ROOM, secret=unnamed)
def unconfirm_sheet(turn: Turn, ask: OneSheet) -> None:
    """Say it no longer."""
    turn.find(tables.sheet, ask.sheet)
    for row in turn.ledger.rows_where(tables.readback, sheet_id=ask.sheet, participant_id=turn.person):
        turn.ledger.remove(tables.readback, row["id"])
    turn.touched.add(turn.person)


@command(*ROOM)
def write_remark(turn: Turn, ask: Remark) -> Answer:
    """Leave a remark for whoever takes the notes."""
    turn.find(tables.sheet, ask.sheet)
    state = first_state(review=turn.event["review"], by_team=turn.actor.is_team())
    row = turn.ledger.add(
        tables.remark, number=turn.next_number(tables.remark), sheet_id=ask.sheet, text=ask.text, participant_id=turn.person,
        named=ask.named, state=state.value, original=None, created_at=turn.now,
    )  # fmt: skip
    turn.touched.add(turn.person)
    return {"id": row["id"], "number": row["number"], "held": state is Visibility.HELD}


@command(*ROOM)
def edit_remark(turn: Turn, ask: EditRemark) -> None:
    """Change a remark's words: its author may, and the team, who leaves the original to be seen by the author."""
    row = turn.find(tables.remark, ask.remark)
    mine = _is_mine(turn, row)
    if not mine and not turn.actor.is_team():
        raise Refusal(Code.REMARK_NOT_YOURS)
    if row["state"] == Visibility.WITHDRAWN.value:
        raise Refusal(Code.NOT_FOUND)
    original = row["original"] if mine else row["original"] or {"text": row["text"]}
    turn.ledger.set(tables.remark, ask.remark, text=ask.text, original=original)
    turn.touched.add(str(row["participant_id"]))


@command(*ROOM)
def withdraw_remark(turn: Turn, ask: OneRemark) -> None:
    """Take one's own remark back."""
    row = turn.find(tables.remark, ask.remark)
    if not _is_mine(turn, row):
        raise Refusal(Code.REMARK_NOT_YOURS)
    _set_state(turn, row, Visibility.WITHDRAWN)


@command(*TEAM, undoable=True)
def hide_remark(turn: Turn, ask: OneRemark) -> None:
    """Take a remark off every screen; its author sees that it is."""
    _set_state(turn, turn.find(tables.remark, ask.remark), Visibility.HIDDEN)


@command(*TEAM, undoable=True)
def restore_remark(turn: Turn, ask: OneRemark) -> None:
    """Show a hidden remark again, or one that was held for reading."""
    _set_state(turn, turn.find(tables.remark, ask.remark), Visibility.SHOWN)


def _is_mine(turn: Turn, row: Row) -> bool:
    return row["participant_id"] is not None and row["participant_id"] == turn.actor.participant_id


def _set_state(turn: Turn, row: Row, state: Visibility) -> None:
    if row["state"] == Visibility.WITHDRAWN.value:
        raise Refusal(Code.NOT_FOUND)
    turn.ledger.set(tables.remark, row["id"], state=state.value)
    turn.touched.add(str(row["participant_id"]))
