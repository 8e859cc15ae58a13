"""Workspaces whose nights are over at once, on a clock that is set by hand."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.clocks import Clock
from tests.end_to_end import workspaces
from tests.end_to_end.nights.calling import ALLOWED
from tests.ports import unused_port

SETTINGS = """\
nightly:
  window: "23:00-05:00"
  last_start: "04:30"
  formats: [json]
"""
# 23:10 in Shanghai
EVENING = datetime(2026, 11, 27, 15, 10, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(EVENING, monkeypatch)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose one asset refuses: a night there is over at once."""
    folder = workspaces.make(tmp_path_factory.mktemp("nightly") / "w", {"h1": unused_port()})
    (folder / "authorisations" / "test.yaml").write_text(ALLOWED, encoding="utf-8")
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "w"))
