"""Going back to an earlier state of a sheet: written as a change like any other, for the log is never rewritten."""



from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM, Role
from facilitation.services.payloads import Id, Number, Payload
from facilitation.services.table import Answer, after_undo, command
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.history import document_at, may_go_back
from facilitation.store.secrets import new_id
from facilitation.store.sheets import RESTORED, append


class Restore(Payload):
    """A sheet, and the number of one of its versions."""

    sheet: Id
    version: Number


@command(*TEAM, Role.RAPPORTEUR, undoable=True, when_late=True)
def restore_version(turn: Turn, ask: Restore) -> Answer:
    """Put a sheet back to one of its versions, as a new change; what was written since stays in its history."""
    row = turn.find(tables.sheet, ask.sheet)
    if not turn.actor.is_team() and ask.sheet not in turn.actor.sheets:
        raise Refusal(Code.NOT_YOUR_SHEET)
    if not may_go_back(turn.connection, ask.sheet, ask.version):
        raise Refusal(Code.NOT_FOUND)
    number = _go_back(turn, ask.sheet, ask.version)
    turn.ledger.add(tables.restoration, sheet_id=ask.sheet, before=row["number"], number=number)
    return {"sheet": ask.sheet, "number": number}


@after_undo
def put_back(turn: Turn) -> None:
    """Undoing a restoration writes again what it replaced. Raises CHANGED_SINCE where somebody has written since."""
    for change in turn.ledger.rows[:]:
        if change["t"] != tables.restoration.name:
            continue
        if change["a"] is not None:
            _go_back(turn, change["a"]["sheet_id"], change["a"]["number"])
            continue
        undone = change["b"]
        if turn.find(tables.sheet, undone["sheet_id"])["number"] != undone["number"]:
            raise Refusal(Code.CHANGED_SINCE)
        _go_back(turn, undone["sheet_id"], undone["before"])


def _go_back(turn: Turn, sheet_id: str, number: int) -> int:
    latest = int(turn.find(tables.sheet, sheet_id)["number"])
    wanted = document_at(turn.connection, sheet_id, number)
    update = document_at(turn.connection, sheet_id, latest).rewrite(wanted.read(), wanted.notes())
    op = RESTORED + new_id()
    added = append(turn.connection, turn.event_id, sheet_id, op, update, turn.actor.participant_id, turn.now).number
    turn.ledger.rewrote(tables.sheet, tables.sheet_update)
    turn.written.append((sheet_id, added, update))
    return added
