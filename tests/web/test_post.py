"""After the door: an address left on a phone receives the book once, then is forgotten; a dead mail server is said, and waited for."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import gevent
import pytest

from facilitation.domain.refusals import Code
from facilitation.publishing import freezing
from facilitation.publishing.kinds import KINDS, SITE
from facilitation.services.screens import build_screen
from facilitation.settings import BadSettings, read_settings
from facilitation.web.post import Post
from tests.mailbox import Mailbox
from tests.playing import Clock, Day, open_application
from tests.watching import archive, refused
from tests.web.test_editions import browser, published
from tests.web.test_office_organisation import operation

ODILE = "odile.q@exemple.org"


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Mailbox:
    return Mailbox(tmp_path_factory.mktemp("letters"))


@pytest.fixture(scope="module")
def served(mailbox: Mailbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": mailbox.port, "smtp_security": "none", "smtp_from": "forum@exemple.org"}
    made = open_application(tmp_path_factory.mktemp("house"), **smtp)
    post_of(made).delays = (0.2,)
    yield made
    made.house.close()


@pytest.fixture
def day(served: Any, mailbox: Mailbox) -> Day:
    for path in mailbox.folder.glob("*"):
        path.unlink()
    return Day(served, title="Mobilités en vallée", organisers=["La Mairie"])


@pytest.fixture(autouse=True)
def formats(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter takes the PDF; the other formats of an edition are tried elsewhere."""
    monkeypatch.setattr(freezing, "KINDS", {kind: KINDS[kind] for kind in ("pdf", "html", "json", SITE)})


def post_of(application: Any) -> Post:
    found = application.flask.extensions["post"]
    assert isinstance(found, Post)
    return found


def until(is_so: Callable[[], bool]) -> None:
    with gevent.Timeout(60):
        while not is_so():
            gevent.sleep(0.02)


def states(day: Day) -> list[str]:
    return sorted(row["state"] for row in day.forum.wishes)


def kept_anywhere(day: Day, address: str) -> bool:
    """Whether any table of the database still holds the address."""
    path = str(day.house.engine.url.database)
    with sqlite3.connect(path) as base:
        names = [row[0] for row in base.execute("select name from sqlite_master where type = 'table'")]
        return any(address in json.dumps(base.execute(f"select * from [{name}]").fetchall(), default=str) for name in names)


def test_it_is_sent_once_published_and_the_address_forgotten(day: Day, mailbox: Mailbox) -> None:
    day.do(day.bob, "ask_for_book", email=ODILE)
    with mailbox:
        assert (states(day), mailbox.letters) == (["waiting"], [])
        one = published(day)
        until(lambda: states(day) == ["sent"])
    (letter,) = mailbox.letters
    assert (letter["To"], letter["X-To"], letter["From"]) == (ODILE, ODILE, "facilitation <forum@exemple.org>")
    assert " ".join(letter["Subject"].split()) == "Le compte-rendu de « Mobilités en vallée »"
    text = letter.get_body().get_content()  # type: ignore[union-attr]
    assert "effacée" in text
    assert "La Mairie" in text
    (attached,) = letter.iter_attachments()
    pdf = next(row for row in one["files"] if row["kind"] == "pdf")
    assert attached.get_content() == (post_of(day.application).folder / day.event_id / one["path"] / pdf["name"]).read_bytes()
    assert not kept_anywhere(day, ODILE)
    assert all(row["actor"] == "" for row in json.loads(archive(day))["tables"]["change"] if row["command"] == "ask_for_book")
    assert json.loads(archive(day))["tables"]["wish"] == []


def test_english_phones_get_an_english_letter(day: Day, mailbox: Mailbox) -> None:
    with mailbox:
        published(day)
        day.do(day.bob, "ask_for_book", email=ODILE, language="en")
        until(lambda: states(day) == ["sent"])
    assert "The proceedings of" in mailbox.letters[0]["Subject"]
    assert mailbox.letters[0]["Content-Language"] == "en"


def test_a_dead_server_is_said_and_waited_for(day: Day, mailbox: Mailbox) -> None:
    published(day)
    day.do(day.bob, "ask_for_book", email=ODILE)
    day.do(day.chloe, "ask_for_book", email="chloe@exemple.org")
    until(lambda: all(row["tries"] > 1 for row in day.forum.wishes))
    waits = [item.data for item in build_screen(day.forum, "cockpit") if item.kind == "cockpit_wait"]
    assert [one["count"] for one in waits if one["about"] == "post"] == [2]
    office = browser(day, day.alice).get(f"/f/{day.slug}/organisation/compte-rendu").text
    assert "Le serveur de courrier ne répond pas" in " ".join(office.split())
    with mailbox:
        until(lambda: states(day) == ["sent", "sent"])
    assert len(mailbox.letters) == 2
    assert not [item for item in build_screen(day.forum, "cockpit") if item.data.get("about") == "post"]


def test_one_address_refused_for_good_or_for_now_holds_up_nobody(day: Day, mailbox: Mailbox) -> None:
    with mailbox:
        for who in ("nobody", "later", "odile"):
            day.do(day.bob, "ask_for_book", email=f"{who}@exemple.org")
        published(day)
        until(lambda: states(day) == ["refused", "sent", "waiting"])
        assert not kept_anywhere(day, "nobody@exemple.org")
        (mailbox.folder / "now").touch()
        until(lambda: states(day) == ["refused", "sent", "sent"])
    assert [letter["To"] for letter in mailbox.letters] == ["odile@exemple.org", "later@exemple.org"]


BAD = (
    "a@b", "", "@exemple.org", "a b@exemple.org", "a@exemple.org,b@exemple.org", "a@exemple.org\nBcc: b@exemple.org",
    "a@exemple.org\r\nSubject: x", "a\u2028b@exemple.org", "<a@exemple.org>", '"a"@exemple.org', "a@exemple..org", "é@exemple.org",
    "a@-exemple.org", "a" * 65 + "@exemple.org", "a@" + "e" * 260 + ".org", "a@exemple.org;b", "a@[127.0.0.1]",
)  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_single_address_is_refused(day: Day, text: str) -> None:
    with refused(Code.BAD_ADDRESS):
        day.do(day.bob, "ask_for_book", email=text)
    assert day.forum.wishes == []


def test_nothing_typed_becomes_a_header(day: Day, mailbox: Mailbox) -> None:
    day.do(day.alice, "edit_event", title="Ici\r\nBcc: x@exemple.org", organisers=["Moi\nX-Ruse: oui"])
    with mailbox:
        published(day)
        day.do(day.bob, "ask_for_book", email=ODILE)
        until(lambda: states(day) == ["sent"])
    (letter,) = mailbox.letters
    assert (letter["Bcc"], letter["X-Ruse"], letter["X-To"]) == (None, None, ODILE)
    assert "Ici Bcc" in letter["Subject"]


def test_the_same_address_twice_is_one_letter(day: Day, mailbox: Mailbox) -> None:
    day.do(day.bob, "ask_for_book", email=ODILE)
    day.do(day.chloe, "ask_for_book", email=ODILE)
    assert states(day) == ["waiting"]
    with mailbox:
        published(day)
        until(lambda: states(day) == ["sent"])
    assert len(mailbox.letters) == 1


# --- Without a mail server


@pytest.fixture
def plain(application: Any) -> Day:
    return Day(application)


def test_a_phone_leaves_an_address_and_the_organisers_get_the_list(plain: Day) -> None:
    bob, here = browser(plain, plain.bob), f"/f/{plain.slug}/compte-rendu"
    page = bob.get(f"{here}/formats").text
    wrong = bob.post(f"{here}/courriel", data={"op": operation(page), "email": "odile chez elle"})
    assert wrong.status_code == 422
    assert 'value="odile chez elle"' in wrong.text
    sent = bob.post(f"{here}/courriel", data={"op": operation(page), "email": ODILE})
    assert sent.status_code == 303
    told = " ".join(bob.get(sent.headers["Location"]).text.split())
    assert "C’est noté. Les organisateurs vous l’enverront." in told
    office = f"/f/{plain.slug}/organisation/compte-rendu"
    page = browser(plain, plain.alice).get(office).text
    assert ODILE in page
    assert browser(plain, plain.fatou).get(office).status_code == 403
    assert ODILE not in str(build_screen(plain.forum, "cockpit"))
    assert ODILE not in archive(plain).decode()
    browser(plain, plain.alice).post(f"/f/{plain.slug}/c/forget_wishes", data={"op": operation(page), "next": office})
    assert not kept_anywhere(plain, ODILE)
    assert ODILE not in browser(plain, plain.alice).get(office).text


def test_strangers_leave_none(plain: Day) -> None:
    stranger = plain.application.flask.test_client()
    assert stranger.post(f"/f/{plain.slug}/compte-rendu/courriel", data={"email": ODILE}).status_code == 303
    assert plain.forum.wishes == []


def test_nobody_writes_to_half_the_town(plain: Day) -> None:
    bob, here = browser(plain, plain.bob), f"/f/{plain.slug}/compte-rendu"
    page = bob.get(f"{here}/formats").text
    for number in range(6):
        assert bob.post(f"{here}/courriel", data={"op": operation(page), "email": f"a{number}@exemple.org"}).status_code == 303
    assert bob.post(f"{here}/courriel", data={"op": operation(page), "email": "a7@exemple.org"}).status_code == 422


def test_an_address_nobody_used_is_forgotten_after_a_month(tmp_path: Path) -> None:
    clock = Clock()
    application = open_application(tmp_path)
    application.house.clock = application.house.dispatch.clock = clock
    day = Day(application)
    day.do(day.bob, "ask_for_book", email=ODILE)
    clock.at += timedelta(days=29)
    post_of(application).expire()
    assert kept_anywhere(day, ODILE)
    clock.at += timedelta(days=1)
    post_of(application).expire()
    assert not kept_anywhere(day, ODILE)
    assert states(day) == ["refused"]
    application.house.close()


def test_settings_that_cannot_send_are_said(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="FACILITATION_SMTP_FROM"):
        read_settings({"smtp_host": "mail.exemple.org"})
    with pytest.raises(BadSettings, match="FACILITATION_SMTP_PASSWORD_FILE"):
        read_settings({"smtp_password_file": tmp_path / "absent"})
    assert "s3cret" not in repr(read_settings({"smtp_password": "s3cret"}))
