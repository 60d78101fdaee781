"""What tests of pages may ask for."""

from collections.abc import Iterator

import pytest

from facilitation.app import Application
from tests.playing import open_application


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """One application for the whole file; each test has a forum of its own in it."""
    made = open_application(tmp_path_factory.mktemp("house"))
    yield made
    made.house.close()
