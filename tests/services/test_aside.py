"""Work in a thread: its result comes back, its error too, and nothing is printed of it."""

import pytest

from facilitation.domain.refusals import Code, Refusal
from facilitation.services.aside import aside
from tests.watching import refused


def refuse(_: str) -> None:
    raise Refusal(Code.EMPTY)


def test_results_and_errors_come_back_and_no_trace_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert aside(sorted, "bca") == ["a", "b", "c"]
    with refused(Code.EMPTY):
        aside(refuse, "Odile Quenneville")
    assert capfd.readouterr() == ("", "")
