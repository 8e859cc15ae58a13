"""Entry points are read off metadata: nothing of a package runs, and a register may name what is declared."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from secaudit.entries import entries_of
from secaudit.register import load_register, load_settings
from tests.unit.register.workspaces import SYSTEM, WORKSPACE, make, problems_in

METADATA = "Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n"
DECLARED = """\
[secaudit.transports]
telex = theirs:TELEX

[secaudit.checks]
whole = theirs.content
none = theirs.nothing
gone = no_such_package_of_theirs.content
module = json.tool
"""


@pytest.fixture(autouse=True)
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package that must not be imported, with its metadata."""
    place = tmp_path / "packages"
    (place / "theirs-1.0.dist-info").mkdir(parents=True)
    (place / "theirs-1.0.dist-info/METADATA").write_text(METADATA, "utf-8")
    (place / "theirs-1.0.dist-info/entry_points.txt").write_text(DECLARED, "utf-8")
    (place / "theirs/content").mkdir(parents=True)
    (place / "theirs/__init__.py").write_text("raise RuntimeError('it runs')\n", "utf-8")
    monkeypatch.syspath_prepend(str(place))
    yield place
    importlib.invalidate_caches()
    assert "theirs" not in sys.modules


def test_what_is_declared_is_found_with_its_package(theirs: Path) -> None:
    (found,) = entries_of("transports")
    assert str(found) == "theirs 1.0, secaudit.transports: telex"
    assert found.value == "theirs:TELEX"
    assert entries_of("facts") == ()


def test_folders_are_found_without_an_import(theirs: Path) -> None:
    folders = {entry.name: entry.folder() for entry in entries_of("checks")}
    assert folders == {"whole": theirs / "theirs/content", "none": None, "gone": None, "module": None}


def test_loading_runs_it(theirs: Path) -> None:
    with pytest.raises(RuntimeError, match="it runs"):
        entries_of("transports")[0].load()


REACH = "{transport: ssh, user: audit, key: agent}"


def test_a_register_may_name_its_transport_for_an_asset_of_any_kind(tmp_path: Path) -> None:
    text = SYSTEM.replace(REACH, "{transport: telex}").replace("kind: linux", "kind: network-device")
    (asset,) = load_register(make(tmp_path / "w", text)).systems[0].assets
    assert (asset.kind, asset.reach.transport) == ("network-device", "telex")


def test_a_mistyped_one_is_told_what_is_near(tmp_path: Path) -> None:
    (problem,) = problems_in(make(tmp_path / "w", SYSTEM.replace(REACH, "{transport: Telx}")))
    assert problem.expected == "one of none, local, ssh, bundle, telex expected; did you mean: telex"


def test_packages_that_a_workspace_requires_are_read(tmp_path: Path) -> None:
    folder = make(tmp_path / "w", settings=WORKSPACE + "plugins: {require: [theirs, ours]}\n")
    assert load_settings(folder).required_plugins == ("theirs", "ours")
