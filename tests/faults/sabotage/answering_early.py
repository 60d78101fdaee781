"""Commands are answered before the commit."""

from sqlalchemy.exc import SQLAlchemyError

from facilitation.services.dispatch import Outcome
from facilitation.store import writer
from facilitation.store.engine import writing
from facilitation.store.writer import Writer, _Pending, _run


def _commit(self: Writer, batch: list[_Pending]) -> None:
    early: list[_Pending] = []
    try:
        with writing(self._engine) as connection, connection.begin():
            for pending in batch:
                _run(connection, pending)
            early = [pending for pending in batch if isinstance(pending.result, Outcome)]
            for pending in early:
                pending.settle()
    except SQLAlchemyError as error:
        for pending in batch:
            pending.error = pending.error or error
    for pending in batch:
        if pending.error is None:
            self._committed(pending.result)
        if pending not in early:
            pending.settle()


writer.Writer._commit = _commit  # type: ignore[method-assign]
