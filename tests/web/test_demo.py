"""A visitor tries the demonstration: one forum for all, played once while it is fresh."""

from datetime import UTC, datetime, timedelta

from facilitation.app import Application


def test_all_visitors_meet_in_one_demonstration(application: Application) -> None:
    first = application.flask.test_client().post("/demo")
    second = application.flask.test_client().post("/demo")
    assert (first.status_code, first.location) == (303, "/f/vallee")
    assert second.location == first.location
    page = application.flask.test_client().get(first.location)
    assert page.status_code == 200


def test_a_stale_one_is_played_afresh(application: Application) -> None:
    first = application.flask.test_client().post("/demo")
    application.house.clock = lambda: datetime.now(UTC) + timedelta(days=1)
    assert application.flask.test_client().post("/demo").location != first.location


def test_another_site_cannot_start_it(application: Application) -> None:
    refused = application.flask.test_client().post("/demo", headers={"Origin": "http://elsewhere.test"})
    assert refused.status_code == 403
