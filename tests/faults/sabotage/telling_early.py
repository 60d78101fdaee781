"""News leaves before the commit."""

from typing import Any

import gevent

from facilitation.services.dispatch import Dispatch, Outcome

_carry_out = Dispatch._carry_out
_perform = Dispatch.perform


def _tell_and_carry_out(self: Dispatch, *asked: Any) -> Outcome:
    outcome = _carry_out(self, *asked)
    if outcome.news is not None:
        self.main.loop.run_callback_threadsafe(gevent.spawn, self.told, outcome.news)  # type: ignore[attr-defined]
    return outcome


def _perform_untold(self: Dispatch, *asked: Any) -> Outcome:
    if not hasattr(self, "main"):
        self.main, self.told, self.tell = gevent.get_hub(), self.tell, lambda _: None  # type: ignore[attr-defined]
    return _perform(self, *asked)


Dispatch._carry_out = _tell_and_carry_out  # type: ignore[assignment,method-assign]
Dispatch.perform = _perform_untold  # type: ignore[assignment,method-assign]
