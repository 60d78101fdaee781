"""Operation ids are forgotten."""

from facilitation.store import changes

changes.keep_answer = lambda *_: None
