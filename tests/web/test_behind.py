"""One process behind a proxy of the same machine: everybody would have this machine's address, were nobody told better."""

from pathlib import Path

import pytest

from facilitation import PROTOCOL
from facilitation.domain.refusals import Code
from facilitation.web import limits
from tests.playing import Day, open_application

FROM = {"REMOTE_ADDR": "127.0.0.1"}


def test_figures_are_for_this_machine_and_not_for_whoever_a_proxy_speaks_for(day: Day) -> None:
    client = day.application.flask.test_client()
    assert client.get("/metrics", environ_base=FROM).status_code == 200
    for said in ({"X-Forwarded-For": "192.0.2.7"}, {"Forwarded": "for=192.0.2.7"}, {"X-Real-IP": "192.0.2.7"}, {"Via": "1.1 front"}):
        assert client.get("/metrics", environ_base=FROM, headers=said).status_code == 404


def test_who_asks_and_over_what_is_what_the_proxy_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    application = open_application(tmp_path, proxy=True)
    day = Day(application)
    seen: list[str] = []
    check = limits.LIMITER.check

    def note(key: str, most: int, window: float, code: Code) -> None:
        seen.append(key)
        check(key, most, window, code)

    monkeypatch.setattr(limits.LIMITER, "check", note)
    client = application.flask.test_client()
    # The first address is what the asker says of themselves; the proxy adds the last.
    said = {"X-Forwarded-For": "10.9.9.9, 192.0.2.7", "X-Forwarded-Proto": "https", "X-Facilitation": "1"}
    asked = {"op": "0123456789abcdef", "payload": {"name": ""}, "protocol": PROTOCOL}
    answer = client.post(f"/f/{day.slug}/c/join", json=asked, headers=said, environ_base=FROM)
    assert answer.status_code == 200, answer.text
    assert "address:192.0.2.7" in seen
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert client.get("/metrics", headers=said, environ_base=FROM).status_code == 404
    application.house.close()


def test_without_that_setting_nobody_is_believed(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(limits.LIMITER, "check", lambda key, *_: seen.append(key))
    said = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Facilitation": "1"}
    asked = {"op": "0123456789abcdef", "payload": {"name": ""}, "protocol": PROTOCOL}
    client = day.application.flask.test_client()
    answer = client.post(f"/f/{day.slug}/c/join", json=asked, headers=said, environ_base={"REMOTE_ADDR": "192.0.2.66"})
    assert "address:192.0.2.66" in seen
    assert "; Secure" not in answer.headers["Set-Cookie"]
