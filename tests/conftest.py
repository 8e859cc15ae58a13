"""What every layer of tests shares."""

from collections.abc import Iterator

import pytest

from secaudit import language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are English in every test, whatever the machine's locale or the test before."""
    language.use("en")
    yield
    language.use("en")
