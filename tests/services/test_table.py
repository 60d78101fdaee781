"""Every command of the table, walked: every role, another forum's ids, a closed forum, the same operation twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from secrets import token_hex
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from annotated_types import Ge
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from sqlalchemy import Connection

import facilitation
from facilitation.app import Application
from facilitation.domain.editions import EditionState
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.services.dispatch import Outcome
from facilitation.services.payloads import read
from facilitation.services.photos import offer_photo
from facilitation.services.pictures import Drawn, add_logo
from facilitation.services.screens import SCREENS, build_screen
from facilitation.services.seats import code_of
from facilitation.services.table import COMMANDS, Command
from facilitation.services.writing import write_update
from facilitation.store import tables
from facilitation.store.changes import Ledger
from facilitation.store.documents import new_document
from facilitation.store.engine import writing
from facilitation.store.identity import VISITOR
from facilitation.store.secrets import codes_of
from facilitation.web.words import sentence, speaking
from tests.playing import Day
from tests.watching import archive, last_change, nothing_changes, refused, rows

Payload = dict[str, Any]
IDS = {
    "topic", "topics", "workshop", "room", "slot", "moment", "to", "leaving", "group", "author", "participant", "sheet",
    "engagement", "link", "picture", "remark", "template", "into", "candidacy",
}  # fmt: skip
NAMES = sorted(COMMANDS)


@dataclass
class Played:
    """A forum in the middle of its vote, in which every command has something to act on."""

    day: Day
    ids: dict[str, str]
    others: dict[str, dict[str, Any]]
    kept: bytes
    laptop: Actor

    def is_untouched(self) -> bool:
        """Whether every row is as it was when it had been played."""
        return archive(self.day) == self.kept


def play(application: Application) -> Played:
    day = Day(application)
    do, bob, chloe, fatou = day.do, day.bob, day.chloe, day.fatou
    do(fatou, "set_rules", dots=5, cap=2)
    free, kept, first, second = (day.propose(bob, f"Sujet {index}") for index in range(1, 5))
    spoken = day.propose(fatou, "Dit tout haut", on_behalf="Mme Roux")
    day.to("vote")
    late = day.propose(bob, "Arrivé tard")
    do(bob, "place_dot", topic=free)
    paper = do(fatou, "enter_paper_ballot", numbers=[1])["id"]
    code = codes_of(do(fatou, "make_voting_codes", count=1)["batch"], 1)[0]
    group = do(fatou, "propose_group", topics=[first, spoken])["id"]
    do(fatou, "keep_topics", topics=[kept])
    room = do(fatou, "add_room", name="Préau")["id"]
    workshop = day.forum.workshops[0]["id"]
    notes = do(bob, "take_notes", workshop=workshop)
    do(fatou, "give_room_codes")
    of_room = next(row for row in day.forum.links if row["room_id"] == room)
    laptop = day.with_token(do(VISITOR, "use_code", code=code_of(day.house.key, of_room))["token"])
    template = do(day.alice, "save_template", name="Le nôtre", sections=[{"title": "Pistes"}])["id"]
    said, at = new_document({"preamble": [], "sections": []}), day.house.clock()
    day.house.writer.submit(lambda connection: write_update(connection, day.event_id, notes["sheet"], "0" * 32, said, day.bob, at))
    remark = do(bob, "write_remark", sheet=notes["sheet"], text="Le car passe à 8 h")["id"]
    mine, theirs = (do(who, "engage", text="Relancer la mairie")["id"] for who in (bob, chloe))
    link = do(day.alice, "invite", role="facilitator", label="Gaston")
    drawn = Drawn(b"image", 1, 1)
    day.house.writer.submit(lambda connection: add_logo(connection, day.event_id, day.alice, "Mairie", drawn, day.house.clock(), op=token_hex(16)))
    day.house.writer.submit(lambda connection: offer_photo(connection, day.event_id, day.bob, notes["sheet"], "", drawn, day.house.clock(), op=token_hex(16)))
    photo = next(row["id"] for row in rows(day, "picture") if row["purpose"] == "photo")
    for topic in (second, free):
        do(bob, "line_up", topic=topic)
        do(chloe, "ask_authorship", topic=topic)
    of_second, of_free = (next(row["id"] for row in rows(day, "candidacy") if row["topic_id"] == topic) for topic in (second, free))
    do(bob, "answer_authorship", candidacy=of_second, accept=True)
    let_in = next(row["id"] for row in rows(day, "author") if row["added_by"])
    author_code, device_code = do(bob, "invite_author", topic=free)["code"], do(bob, "pair_device")["code"]
    card = codes_of(do(fatou, "make_cards", count=1)["batch"], 1)[0]
    day.house.writer.submit(lambda connection: connection.execute(tables.device.update().values(kind="kiosk")))
    do(fatou, "announce", text="Bonjour")
    day.house.writer.submit(lambda connection: publish_one(connection, day.event_id, day.house.clock()))
    second_workshop = do(fatou, "open_workshop", title="Second atelier")["id"]
    moments = {row["kind"]: row["id"] for row in day.forum.moments}
    author = next(row["id"] for row in rows(day, "author") if row["topic_id"] == spoken)
    ids = {
        "topic": free, "workshop": workshop, "room": room, "slot": moments["workshops"], "moment": moments["meal"],
        "to": moments["market"], "leaving": moments["vote"], "group": group, "author": author,
        "participant": str(bob.participant_id), "sheet": notes["sheet"], "engagement": mine, "link": link["id"],
        "picture": next(row["id"] for row in rows(day, "picture") if row["purpose"] == "logo"), "remark": remark,
        "template": template, "into": second_workshop, "candidacy": of_free,
    }  # fmt: skip
    others = {
        "join_engagement": {"engagement": theirs}, "propose_group": {"topics": [free, second]},
        "add_to_ballot": {"topic": late}, "use_link": {"token": link["link"]}, "use_code": {"code": notes["code"]},
        "undo": {"change": last_change(day)}, "restore_version": {"version": 2}, "save_moment": {"id": None},
        "arrange_moments": {"moments": [{"id": moments["vote"], "kind": "vote", "start": 600, "minutes": 20}]},
        "mark_ballot": {"digest": "0" * 64},
        "arrange_grid": {"placed": [{"workshop": workshop, "slot": moments["workshops"], "room": room}]}, "use_voting_code": {"code": code}, "remove_paper_ballot": {"paper": paper},
        "take_notes": {"moment": None}, "hand_pen": {"moment": None}, "open_workshop": {"title": "Carte"},
        "present_workshop": {"leaving": None, "to": workshop}, "set_talk": {"minutes": 5}, "move_talk": {"way": "down"},
        "choose_template": {"name": "restitution"}, "hand_over": {"name": "Chloé"},
        "use_author_code": {"code": author_code}, "use_device_code": {"code": device_code}, "put_card": {"code": card},
        "let_author_go": {"author": let_in}, "drop_author": {"author": let_in},
        "add_author": {"participant": None, "name": "Mme Roux"}, "give_microphone": {"leaving": None, "to": free},
        "accept_photo": {"picture": photo}, "remove_photo": {"picture": photo},
        "ask_for_book": {"email": "odile@vallee.test"}, "hand_workshop": {"name": "Chloé"},
    }  # fmt: skip
    return Played(day, ids, others, archive(day), laptop)


def publish_one(connection: Connection, event_id: str, at: datetime) -> None:
    """An edition as the newsroom leaves it, without the minute it takes to make one."""
    Ledger(connection, event_id).add(
        tables.edition, number=1, state=EditionState.PUBLISHED.value, change=1, path="", error="", files=[], parts={},
        changes=[], people=[], asked_at=at, made_at=at,
    )  # fmt: skip


@pytest.fixture(scope="module")
def here(application: Application) -> Played:
    return play(application)


@pytest.fixture(scope="module")
def elsewhere(application: Application) -> Iterator[Played]:
    played = play(application)
    yield played
    assert played.is_untouched()


# --- A valid payload, made from the model


def plain(kind: Any) -> Any:  # noqa: PLR0911  a line a kind of type
    """A value that this type takes."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        floor = [one.ge for one in _flat(inside[1:]) if isinstance(one, Ge)]
        return floor[0] if floor and inside[0] is int else plain(inside[0])
    if origin in {Union, UnionType}:
        return plain(next(one for one in inside if one is not type(None)))
    if origin is Literal:
        return inside[0]
    if origin is list:
        return [plain(inside[0])]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: plain(field.annotation) for name, field in kind.model_fields.items() if field.is_required()}
    return {str: "Texte", int: 1, bool: True}[kind]


def _flat(found: tuple[Any, ...]) -> Iterator[Any]:
    for one in found:
        yield from one.metadata if isinstance(one, FieldInfo) else (one,)


def value_of(name: str, field: FieldInfo, played: Played) -> Any:
    if name == "topics":
        return [played.ids["topic"]]
    if name in IDS:
        return played.ids[name]
    floor = [one.ge for one in _flat(tuple(field.metadata)) if isinstance(one, Ge)]
    return floor[0] if floor and field.annotation is int else plain(field.annotation)


def payload_for(spec: Command, played: Played) -> Payload:
    """Every required field and every id, as this forum has them."""
    fields = spec.payload.model_fields
    made = {
        name: value_of(name, field, played) for name, field in fields.items() if field.is_required() or name in IDS
    }  # fmt: skip
    return {**made, **played.others.get(spec.name, {})}


def cast(played: Played) -> dict[Role, Actor]:
    """One actor for each role, with no other role beside it but what the role implies."""
    day = played.day
    scribe = Actor("laptop", day.bob.participant_id, "Bob", frozenset({Role.RAPPORTEUR}), frozenset({played.ids["sheet"]}))
    screen = Actor("screen", None, "", frozenset({Role.PROJECTOR}))
    kiosk = Actor("kiosk", None, "", frozenset({Role.KIOSK}))
    return {
        Role.KIOSK: kiosk, Role.SEAT: played.laptop, Role.VISITOR: VISITOR, Role.PARTICIPANT: day.bob, Role.RAPPORTEUR: scribe, Role.PROJECTOR: screen,
        Role.FACILITATOR: day.fatou, Role.ORGANISER: day.alice,
    }  # fmt: skip


# --- Trying without keeping


Try = Callable[..., Outcome]


@contextmanager
def trial(played: Played) -> Iterator[Try]:
    """Carry out commands in one transaction that is thrown away."""
    dispatch, day = played.day.house.dispatch, played.day

    def carry_out(connection: Connection, actor: Actor, name: str, payload: Payload, op: str = "a" * 32, stamp: str = "s") -> Any:
        spec = COMMANDS[name]
        savepoint = connection.begin_nested()
        try:
            done = dispatch._carry_out(connection, day.event_id, actor, spec, op, read(spec.payload, payload), stamp)
        except Refusal:
            savepoint.rollback()
            raise
        savepoint.commit()
        return done

    with writing(day.house.engine) as connection:
        transaction = connection.begin()
        yield lambda *asked, **more: carry_out(connection, *asked, **more)
        transaction.rollback()


def ready(attempt: Try, name: str, played: Played) -> None:
    """What has to come before some commands, and can come before none of the others."""
    if name in {"open_vote", "new_round", "seal_vote"}:
        attempt(played.day.fatou, "close_vote", {}, op="c" * 32)
    if name == "part_workshops":
        merged = {"workshop": played.ids["workshop"], "into": played.ids["into"]}
        attempt(played.day.fatou, "merge_workshops", merged, op="m" * 32)
    if name == "present_workshop":
        restitution = next(row["id"] for row in played.day.forum.moments if row["kind"] == "restitution")
        attempt(played.day.fatou, "go_to_moment", {"leaving": played.ids["leaving"], "to": restitution}, op="g" * 32)
    if name == "write_here":
        attempt(played.day.fatou, "place_workshop", {one: played.ids[one] for one in ("workshop", "slot", "room")}, op="p" * 32)
        attempt(played.day.fatou, "go_to_moment", {"leaving": played.ids["leaving"], "to": played.ids["slot"]}, op="g" * 32)


def accepted_by(name: str, played: Played) -> Actor:
    """The first actor of the cast whose command is accepted."""
    payload, why = payload_for(COMMANDS[name], played), []
    for role, actor in cast(played).items():
        if not COMMANDS[name].who & actor.roles:
            continue
        with trial(played) as attempt:
            ready(attempt, name, played)
            try:
                attempt(actor, name, payload)
            except Refusal as refusal:
                why.append((role.value, refusal.code.value))
            else:
                return actor
    pytest.fail(f"{name} {payload} is accepted from nobody: {why}")


# --- The walk


@pytest.mark.parametrize("name", NAMES)
def test_it_is_accepted_and_the_same_operation_has_one_effect(here: Played, name: str) -> None:
    actor, payload = accepted_by(name, here), payload_for(COMMANDS[name], here)
    with trial(here) as attempt:
        ready(attempt, name, here)
        first, second = (attempt(actor, name, payload) for _ in range(2))
        assert (first.number, first.answer) == (second.number, second.answer)
        assert (first.news is None, second.news is None) == (False, True)
        with refused(Code.OTHER_PAYLOAD):
            attempt(actor, name, payload, stamp="other")
        with pytest.raises(Refusal) as caught:
            attempt(actor, name, {**payload, "surplus": "x"})
        assert caught.value.fields == {"surplus": Code.BAD_PAYLOAD}


@pytest.mark.parametrize("name", NAMES)
def test_roles_that_may_not_are_refused(here: Played, name: str) -> None:
    payload = payload_for(COMMANDS[name], here)
    for role, actor in cast(here).items():
        if not COMMANDS[name].who & actor.roles:
            with refused(Code.NOT_JOINED if role is Role.VISITOR else Code.NOT_ALLOWED):
                here.day.do(actor, name, **payload)
    assert here.is_untouched()


WRONG = {"use_voting_code": Code.BALLOT_CODE_USED}


@pytest.mark.parametrize("name", NAMES)
def test_ids_of_another_forum_are_nobodys(here: Played, elsewhere: Played, name: str) -> None:
    spec, ours, theirs = COMMANDS[name], payload_for(COMMANDS[name], here), payload_for(COMMANDS[name], elsewhere)
    secrets = {"token", "code"} & set(ours)
    for field in [key for key in (*IDS, *secrets, "moments") if ours.get(key) is not None]:
        for actor in cast(here).values():
            if spec.who & actor.roles:
                with pytest.raises(Refusal) as caught:
                    here.day.do(actor, name, **{**ours, field: theirs[field]})
                known = {"token": Code.LINK_REVOKED, "code": WRONG.get(name, Code.WRONG_CODE), "leaving": Code.MOMENT_LEFT}
                codes = {known.get(field, Code.NOT_FOUND), Code.NOT_ALLOWED, Code.NOT_JOINED}
                assert caught.value.code in codes, (field, actor.roles, caught.value.code)
    assert here.is_untouched()


# Keys, leaving, the book and who asks for it outlive the day.
STILL_OPEN = {
    "get_up", "erase_me", "set_lifetime", "reopen_event", "invite", "revoke_link", "use_link", "accept_late_sheets",
    "save_layout", "remove_cover", "show_notes", "publish", "withdraw_edition", "ask_for_book", "forget_wishes",
}  # fmt: skip


# All that a sheet not begun before the close needs, from the pen to the photo.
LATE = [
    "take_notes", "use_code", "write_here", "hand_pen", "hand_over", "put_pen_down", "choose_extract", "nudge", "accept_photo",
    "remove_photo", "restore_version",
]  # fmt: skip


@pytest.mark.parametrize("name", LATE)
def test_what_late_sheets_need_works_only_while_they_are_taken(here: Played, name: str) -> None:
    actor, payload = accepted_by(name, here), payload_for(COMMANDS[name], here)
    with trial(here) as attempt:
        ready(attempt, name, here)
        attempt(here.day.alice, "close_event", {}, op="c" * 32)
        with refused(Code.FORUM_CLOSED):
            attempt(actor, name, payload)
        attempt(here.day.alice, "accept_late_sheets", {"until": "2027-12-31"}, op="l" * 32)
        attempt(actor, name, payload)


@pytest.mark.parametrize("name", NAMES)
def test_a_closed_forum_refuses_all_but_what_opens_it_again(here: Played, name: str) -> None:
    assert COMMANDS[name].when_late == (name in LATE)
    if COMMANDS[name].when_closed:
        assert name in STILL_OPEN
        return
    actor, payload = accepted_by(name, here), payload_for(COMMANDS[name], here)
    with trial(here) as attempt:
        attempt(here.day.alice, "close_event", {}, op="c" * 32)
        with refused(Code.FORUM_CLOSED):
            attempt(actor, name, payload)


def test_a_command_that_is_not_in_the_table_is_refused(here: Played) -> None:
    with refused(Code.UNKNOWN_COMMAND), nothing_changes(here.day):
        here.day.do(here.day.alice, "drop_everything")


@pytest.mark.parametrize("op", ["", "court", "x" * 129, "é" * 32, "\ud800" * 32])
def test_an_operation_id_is_asked_for(here: Played, op: str) -> None:
    with refused(Code.BAD_PAYLOAD), nothing_changes(here.day):
        here.day.house.dispatch.perform(here.day.event_id, here.day.bob, "propose_topic", op, {"title": "Sans numéro"})


def test_operation_ids_belong_to_their_actor(day: Day) -> None:
    for actor in (day.bob, day.chloe):
        day.do(actor, "propose_topic", op="a" * 32, title="Le même numéro d’envoi")
        day.do(actor, "propose_topic", op="a" * 32, title="Le même numéro d’envoi")
    assert [row["authors"] for row in day.forum.topics] == [["Bob"], ["Chloé"]]


def test_refusals_are_not_stored(day: Day) -> None:
    topic = day.propose(day.bob, "Le car")
    with refused(Code.VOTE_NOT_OPEN), nothing_changes(day):
        day.do(day.bob, "place_dot", op="a" * 32, topic=topic)
    day.to("vote")
    assert day.do(day.bob, "place_dot", op="a" * 32, topic=topic) == {"placed": 1, "left": 2}


def test_the_log_has_no_gap_and_names_who_acted_but_for_votes(here: Played) -> None:
    log = sorted(rows(here.day, "change"), key=lambda row: row["number"])
    assert [row["number"] for row in log] == list(range(1, here.day.forum.event["number"] + 1))
    unnamed = {row["command"] for row in log if not row["participant_id"]}
    # Who joins or opens a link is nobody yet, and the first line is the forum's own.
    assert unnamed == {"create_event", "join", "use_link", "use_code", "place_dot"}
    assert {row["actor"] for row in log if row["participant_id"]} == {"Alice", "Bob", "Chloé", "Fatou"}


def test_screens_show_nothing_of_another_forum(here: Played, elsewhere: Played) -> None:
    assert here.day.house.actor(here.day.event_id, elsewhere.day.tokens[elsewhere.day.bob.device_id]) == VISITOR
    with refused(Code.NOT_FOUND):
        here.day.house.sheet_id(here.day.forum.event, elsewhere.ids["sheet"])
    with refused(Code.NO_SCREEN):
        build_screen(here.day.forum, f"sheet:{elsewhere.ids['sheet']}")
    with refused(Code.NO_SCREEN):
        build_screen(here.day.forum, f"door:{elsewhere.ids['room']}")
    theirs = [*elsewhere.ids.values(), elsewhere.day.event_id]
    for name in SCREENS:
        argument = {"sheet": f":{here.ids['sheet']}", "remarks": f":{here.ids['sheet']}", "topic": ":1", "workshop": ":1", "door": f":{here.ids['room']}", "seat": f":{here.ids['room']}"}.get(name, "")
        text = str(build_screen(here.day.forum, name + argument))
        assert [one for one in theirs if one in text] == []


def test_every_refusal_can_happen() -> None:
    told = {"refusals.py", "wording.py", "errors.py"}
    code = "\n".join(path.read_text() for path in Path(facilitation.__file__).parent.rglob("*.py") if path.name not in told)
    assert [one.name for one in Code if f"Code.{one.name}" not in code] == []


@pytest.mark.parametrize("code", list(Code))
def test_every_refusal_is_a_sentence_in_both_languages(application: Application, code: Code) -> None:
    with application.flask.test_request_context():
        said = []
        for language in ("fr", "en"):
            with speaking(language):
                said.append(sentence(Refusal(code, who="Fatou", dots=3, cap=1, most=12, number=4)))
    assert [one[0].isupper() for one in said] == [True, True]
    assert [one[-1] for one in said] == [".", "."]
    assert "%(" not in "".join(said)
