"""The demonstration: at each stage the day is under way now, and the pages answer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

import pytest

from facilitation.app import Application, create_app
from facilitation.demonstration.content import read_content
from facilitation.demonstration.hours import lay
from facilitation.demonstration.play import STAGES, Played, Stage, play
from facilitation.domain.sheets import is_blank
from facilitation.services.forum import Forum
from facilitation.settings import read_settings
from facilitation.store.identity import VISITOR
from facilitation.web.words import moment_titles

NOW = datetime(2026, 3, 12, 15, 20, tzinfo=UTC)
HERE = dict(zip(get_args(Stage), ("topics", "vote", "workshops", "circle", "closing"), strict=True))


@pytest.fixture(scope="module", params=get_args(Stage))
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Application, Played, Stage]]:
    folder = tmp_path_factory.mktemp("demo")
    application = create_app(read_settings({"database": f"sqlite:///{folder}/demo.db", "exports": folder}))
    with application.flask.test_request_context():
        titles = moment_titles()
    yield application, play(application.house, titles, request.param, NOW), request.param
    application.house.close()


def test_the_day_is_under_way(demo: tuple[Application, Played, Stage]) -> None:
    application, played, stage = demo
    forum = application.house.forum(played.created.event_id)
    moment = forum.moment
    assert moment is not None
    assert moment["kind"] == HERE[stage]
    assert forum.instant(moment["start"]) == moment["started_at"].isoformat()
    assert (NOW - moment["started_at"]).total_seconds() == STAGES[stage][1] * 60
    assert all(row["created_at"] <= NOW for row in (*forum.topics, *forum.engagements, *forum.workshops))
    assert all(row["ended_at"] for row in forum.moments if row["position"] < moment["position"])
    assert forum.event["is_demo"]
    assert application.house.clock() > NOW


def test_there_is_something_to_see(demo: tuple[Application, Played, Stage]) -> None:
    application, played, stage = demo
    forum = application.house.forum(played.created.event_id)
    assert forum.joined == 61
    order = list(HERE)
    if stage == "propositions":
        assert len(forum.topics) == 17
        return
    assert len(forum.topics) == 25
    if stage == "vote":
        assert forum.voters == 44
        return
    assert forum.voters == 61
    ranked = sorted(forum.counts.values(), reverse=True)
    assert min(forum.counts[topic["id"]] for one in forum.workshops for topic in one["topics"]) == ranked[6] > ranked[7]
    assert [len(one["topics"]) for one in forum.workshops] == [1, 1, 1, 1, 2, 1]
    assert all(one["hosts"] and one["room"] and one["slot"] for one in forum.workshops)
    written = written_sections(forum)
    assert (sum(written.values()) < 9) == (stage == "ateliers")
    assert bool(forum.engagements) == (order.index(stage) >= 3)


def written_sections(forum: Forum) -> dict[int, int]:
    sheets = {one["number"]: forum.contents[one["sheet"]["id"]] for one in forum.workshops if one["sheet"]}
    return {
        number: sum(not is_blank(section) for section in sheet["sections"]) for number, sheet in sheets.items()
    }  # fmt: skip


def test_the_pages_answer(demo: tuple[Application, Played, Stage]) -> None:
    application, played, _ = demo
    client = application.flask.test_client()
    slug, house = played.created.slug, application.house
    assert client.get(f"/f/{slug}").status_code == 200
    for token in (played.created.token, played.projector):
        used = house.dispatch.perform(played.created.event_id, VISITOR, "use_link", "0" * 30 + token[:2], {"token": token})
        client.set_cookie(f"forum_{slug}", used.answer["token"])
        page = "projecteur" if used.answer["role"] == "projector" else "compte-rendu"
        assert client.get(f"/f/{slug}/{page}").status_code == 200


def test_the_content_is_a_case_of_the_promised_size() -> None:
    content = read_content()
    assert (len(content.case.topics), len(content.case.workshops), len(content.case.engagements)) == (24, 6, 12)
    assert sum(len(said.items) for said in content.case.engagements) in range(18, 23)
    assert all(workshop["room"] and workshop["slot"] in {1, 2} for workshop in content.raw["workshops"])


def test_at_night_the_day_does_not_run_into_the_day_before() -> None:
    moments = [{"minutes": 30}, {"minutes": 45}, {"minutes": 75}]
    hours = lay(moments, 2, 35, datetime(2026, 3, 12, 23, 40, tzinfo=UTC))
    assert hours.starts == [0, 0, 5]
    assert hours.begins[2] == datetime(2026, 3, 12, 23, 5, tzinfo=UTC)
