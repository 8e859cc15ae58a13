"""What every layer of tests shares."""

from collections.abc import Iterator

import pytest

from secaudit import language


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The lab is brought up once: all its tests stay in one worker."""
    for item in items:
        if item.get_closest_marker("lab"):
            item.add_marker(pytest.mark.xdist_group("lab"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are English in every test, whatever the machine's locale or the test before."""
    language.use("en")
    yield
    language.use("en")
