"""`checks new`: what it writes passes its own examples, whatever the shape of the fact."""

from pathlib import Path

import pytest

from secaudit.content import ContentFolders, load_content
from secaudit.content.new_check import new_check
from secaudit.errors import UsageError
from secaudit.facts.catalogue import BUILT_IN
from secaudit.judge import run_examples
from secaudit.model.schema import ListOf, MapOf, Scalar, Schema, Struct
from tests.unit.content.samples import tables

INT, TEXT = Scalar("int"), Scalar("string")
SHAPES: dict[str, Schema] = {
    **{name: fact.schema for name, fact in BUILT_IN.items()},
    "one_yes": Struct("S", {"text": TEXT, "on": Scalar("bool")}),
    "one_number": Struct("S", {"inner": ListOf(INT), "count": INT}),
    "one_share": Struct("S", {"share": Scalar("double")}),
    "one_text": Struct("S", {"name": TEXT}),
    "rows_without_text": ListOf(Struct("R", {"count": INT, "map": MapOf(INT)})),
    "rows_of_lists": ListOf(Struct("R", {"names": ListOf(TEXT)})),
    "only_lists": Struct("S", {"names": ListOf(TEXT), "inner": Struct("T", {"on": Scalar("bool")})}),
    "words": ListOf(TEXT),
    "table": MapOf(TEXT),
    "word": TEXT,
}


@pytest.mark.parametrize("fact", SHAPES)
def test_a_new_check_passes_its_examples(tmp_path: Path, fact: str) -> None:
    new_check(tmp_path, "linux.theirs.first", fact, SHAPES[fact])
    folders = ContentFolders(tmp_path / "checks", tables(tmp_path))
    (check,) = load_content(folders, SHAPES, type_all=True).checks.values()
    outcomes = run_examples(check)
    assert [outcome.fault for outcome in outcomes] == ["", "", ""]
    assert outcomes[1].result.offenders


@pytest.mark.parametrize(
    "check_id", ["first", "linux.first", "linux.a.B", "../a.b.c", "linux..a", "linux.a.b\n", "linux.a./etc"]
)
def test_bad_ids_are_refused(tmp_path: Path, check_id: str) -> None:
    with pytest.raises(UsageError, match="is no id"):
        new_check(tmp_path, check_id, "word", TEXT)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = new_check(tmp_path, "linux.theirs.first", "word", TEXT)
    path.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        new_check(tmp_path, "linux.theirs.first", "word", TEXT)
    assert path.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "checks").write_text("a file")
    with pytest.raises(UsageError, match="cannot be written"):
        new_check(tmp_path, "linux.theirs.first", "word", TEXT)
