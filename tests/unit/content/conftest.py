"""A content folder for each test."""

from pathlib import Path

import pytest

from tests.unit.content.samples import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty content folder."""
    return Folder(tmp_path)
