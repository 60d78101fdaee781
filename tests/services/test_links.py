"""Links that grant a role, and that can be taken back."""

import pytest

from facilitation.domain.refusals import Code
from facilitation.domain.roles import Role
from facilitation.store.identity import VISITOR
from tests.playing import Day
from tests.watching import nothing_changes, refused, rows


def link_of(day: Day, label: str) -> str:
    return str(next(row["id"] for row in day.forum.links if row["label"] == label))


def test_a_link_grants_its_role(day: Day) -> None:
    link = day.do(day.alice, "invite", role="projector")["link"]
    screen = day.through(link)
    assert (screen.roles, screen.participant_id) == (frozenset({Role.PROJECTOR}), None)
    assert day.fatou.roles == frozenset({Role.FACILITATOR})
    assert day.alice.roles == frozenset({Role.ORGANISER, Role.FACILITATOR})


def test_grants_add_up_on_one_device(day: Day) -> None:
    link = day.do(day.alice, "invite", role="facilitator", label="Bob")["link"]
    day.do(day.bob, "use_link", token=link)
    assert day.again(day.bob).roles == frozenset({Role.PARTICIPANT, Role.FACILITATOR})


def test_a_facilitator_makes_no_organiser(day: Day) -> None:
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.fatou, "invite", role="organiser")
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "invite", role="facilitator")


def test_a_revoked_link_opens_nothing_and_takes_back_what_it_gave(day: Day) -> None:
    link = day.do(day.alice, "invite", role="facilitator", label="Gaston")["link"]
    gaston = day.through(link)
    day.do(day.alice, "revoke_link", link=link_of(day, "Gaston"))
    assert day.again(gaston).roles == frozenset({Role.VISITOR})
    with refused(Code.LINK_REVOKED), nothing_changes(day):
        day.through(link)


def test_the_last_organiser_link_stays(day: Day) -> None:
    with refused(Code.LAST_LINK), nothing_changes(day):
        day.do(day.alice, "revoke_link", link=link_of(day, ""))
    day.do(day.alice, "invite", role="organiser", label="Nora")
    day.do(day.alice, "revoke_link", link=link_of(day, ""))
    assert day.again(day.alice).roles == frozenset({Role.VISITOR})


@pytest.mark.parametrize("token", ["", "faux", "é" * 40, "\x00"])
def test_an_unknown_link_opens_nothing(day: Day, token: str) -> None:
    with refused(Code.LINK_REVOKED), nothing_changes(day):
        day.do(VISITOR, "use_link", token=token)


def test_secrets_are_kept_as_hashes(day: Day) -> None:
    token = day.do(day.alice, "invite", op="0123456789abcdef", role="facilitator")["link"]
    assert day.do(day.alice, "invite", op="0123456789abcdef", role="facilitator")["link"] == token
    assert len(token) * 4 >= 128
    assert token not in str([rows(day, table) for table in ("link", "change", "operation")])
