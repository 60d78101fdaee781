"""The same case, phones and seed give the same day; ballots put the workshops' topics on top, however few vote."""

from collections import Counter
from random import Random

import pytest

from facilitation.domain.votes import retained
from facilitation.rehearsal.cases import check_case
from facilitation.rehearsal.seats import DOTS, Pace, draw_ballots, plan_day
from tests.rehearsal.small import SMALL

CASE = check_case(SMALL, "cas")


def test_the_same_seed_gives_the_same_day() -> None:
    assert plan_day(CASE, 12, 7, Pace()) == plan_day(CASE, 12, 7, Pace())
    assert plan_day(CASE, 12, 7, Pace()) != plan_day(CASE, 12, 8, Pace())


@pytest.mark.parametrize("phones", [1, 3, 8, 125])
def test_topics_of_workshops_come_out_on_top(phones: int) -> None:
    topics = [{"title": f"Sujet {number}"} for number in range(1, 38)]
    workshops = [{"title": "w", "from_topics": [number]} for number in (37, 5, 12, 20, 33, 1, 2)]
    case = check_case({"title": "t", "topics": topics, "workshops": workshops}, "cas")
    plan = plan_day(case, phones, 2016, Pace())
    ballots = draw_ballots(case, phones, plan.dots, Random(phones))
    counts = Counter(number for ballot in ballots for number in ballot)
    kept = retained({str(number): count for number, count in counts.items()}, {str(n): n for n in range(1, 38)}, 7)
    assert set(kept) == {str(number) for number in case.chosen()}
    assert all(len(set(ballot)) == len(ballot) == plan.dots for ballot in ballots)


def test_every_phone_places_every_dot_within_the_time() -> None:
    plan = plan_day(CASE, 8, 2016, Pace(voting=60))
    assert Counter(dot.phone for dot in plan.ballots) == dict.fromkeys(range(8), DOTS)
    assert all(0 <= dot.after <= 60 for dot in plan.ballots)


def test_rapporteurs_sit_at_phones_of_their_own_name() -> None:
    plan = plan_day(CASE, 8, 2016, Pace())
    desk = plan.desks[0][1]
    assert [plan.names[phone] for phone in desk.phones] == ["Ali", "Bo"]


def test_with_too_few_phones_some_rapporteurs_have_none() -> None:
    plan = plan_day(CASE, 1, 2016, Pace())
    sitting = sum(len(desk.phones) for _, desk in plan.desks)
    standing = sum(len(desk.without_phone) for _, desk in plan.desks)
    assert (sitting, standing) == (1, 2)
