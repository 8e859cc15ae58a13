"""An empty list says that it is empty, and what comes next; programs get an empty list."""

from pathlib import Path

import pytest

from secaudit.cli.main import run
from tests.end_to_end import workspaces

STEPS = {
    "authorise list": "authorise add --help",
    "hostkeys list": "hostkeys scan",
    "attest list": "attest export --help",
    "accept list": "accept add --help",
    "handover list": "handover build --help",
    "notices list": "notices list --sent",
    "ledger show": "ledger verify",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = workspaces.make(tmp_path / "w", {"h1": 22})
    for file in (made / "authorisations").iterdir():
        file.unlink()
    return made


@pytest.mark.parametrize(("command", "step"), STEPS.items())
def test_an_empty_list_names_the_next_step(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, step: str
) -> None:
    assert run(["--workspace", str(folder), *command.split()]) == 0
    told, following = capsys.readouterr().out.splitlines()
    assert told.endswith((".", "。"))
    assert following == f"  → secaudit --workspace {folder} {step}"
    run(["--workspace", str(folder), *command.split(), "--format", "json"])
    assert capsys.readouterr().out == "[]\n"


def test_what_ends_with_its_own_sentence_says_no_other(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["--workspace", str(folder), "nightly", "--status"])
    assert len(capsys.readouterr().out.splitlines()) == 1
