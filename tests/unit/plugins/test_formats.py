"""Formats of plug-ins: a view of their own, and a file that is ours."""

from pathlib import Path
from typing import Any

import pytest

from secaudit.errors import UsageError
from secaudit.plugin import API, FormatPlugin
from secaudit.plugins.formats import load_format, writer
from secaudit.plugins.guard import PluginBroken
from tests.unit.plugins.samples import entry


def test_the_file_is_private_and_the_view_untouched(tmp_path: Path) -> None:
    def write(view: dict[str, Any], language: str) -> bytes:
        view["items"].clear()
        return language.encode()

    view, path = {"items": [1]}, tmp_path / "a.txt"
    writer(entry("txt", group="formats"), FormatPlugin(API, write))(view, path, "zh")
    assert view == {"items": [1]}
    assert path.read_bytes() == b"zh"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["../up", "a b", "", "UPPER", "much-too-long-for-an-ending"])
def test_a_name_that_is_no_ending_is_refused(name: str) -> None:
    with pytest.raises(PluginBroken, match="1 to 16 of a-z"):
        load_format(entry(name, FormatPlugin(API, lambda _view, _language: b""), group="formats"))


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (PluginBroken(entry("txt", group="formats"), "no module"), "no module"),
        (FormatPlugin(API, lambda _view, _language: "text"), "bytes expected, this is str"),  # type: ignore[arg-type,return-value]
        (FormatPlugin(API, lambda _view, _language: 1 / 0), "ZeroDivisionError"),  # type: ignore[arg-type,return-value]
    ],
)
def test_what_cannot_be_written_leaves_no_file(tmp_path: Path, found: Any, why: str) -> None:
    with pytest.raises(PluginBroken, match=why):
        writer(entry("txt", group="formats"), found)({}, tmp_path / "a.txt", "en")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_not_the_plugins_fault() -> None:
    write = writer(entry("txt", group="formats"), FormatPlugin(API, lambda _view, _language: b"x"))
    with pytest.raises(UsageError) as told:
        write({}, Path("/dev/null/a.txt"), "en")
    assert not isinstance(told.value, PluginBroken)
