"""``system grade`` from the command line: from options, from what is on record, kept, contradicted, refused."""

import json
from pathlib import Path

import pytest

from tests.end_to_end.test_register import Cli

pytestmark = pytest.mark.end_to_end

SERIOUS = ("-S", "society=serious", "-A", "citizens=general")


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(tmp_path / "w", capsys)
    made("init", str(made.folder), "--office", "市局")
    made("system", "add", "oa", "--name", "办公", "--grade", "S3A1G3")
    return made


def test_a_grade_from_options_needs_no_system(cli: Cli) -> None:
    out = cli("system", "grade", *SERIOUS, "-S", "state=general", "--lang", "en")
    assert out.startswith("S3A1G3\n\n2 The level\n")
    found = json.loads(
        cli("system", "grade", "-S", "state=serious", "-A", "citizens=serious", "--format", "json")
    )
    assert (found["graded"], found["level"], found["system"]) == ("S4A2G4", 4, "")
    assert found["information"]["degrees"] == {"state": "serious"}
    assert "S4A2G4" in found["reasoning"]


def test_what_is_kept_is_read_again_and_an_option_changes_one_side(cli: Cli) -> None:
    cli("system", "grade", "oa", *SERIOUS, "--information-what", "公文", "--keep")
    assert "Kept in" in cli.error
    assert "公文" in cli("system", "grade", "oa", "--lang", "zh")
    shown = json.loads(cli("system", "show", "oa", "--format", "json"))
    assert shown["grading"]["information"]["what"] == "公文"
    assert "Grading by its harm: S3A1G3" in cli("system", "show", "oa")
    before = (cli.folder / "systems" / "oa.yaml").read_bytes()
    assert "S3A2G3" in cli("system", "grade", "oa", "-A", "society=general", code=1)
    assert "registered as S3A1G3, its grading gives S3A2G3" in cli.error
    assert (cli.folder / "systems" / "oa.yaml").read_bytes() == before
    cli("system", "grade", "oa", "-A", "society=general", "--keep", code=1)
    assert "its grading gives S3A2G3" in cli("system", "validate")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-S", "society=serious"], "--service is missing"),
        (["oa"], "--information is missing"),
        (["-S", "society", "-A", "society=general"], "OBJECT=DEGREE expected"),
        (["-S", "society=bad", "-A", "society=general"], "especially-serious"),
        (["-S", "society=general", "-S", "society=serious", "-A", "state=general"], "each object once"),
        (["no", *SERIOUS], "not registered"),
        ([*SERIOUS, "--keep"], "needs a SYSTEM"),
        ([*SERIOUS, "--information-what", "国家秘密"], "BMB17"),
        (["oa", "-S", "state=especially-serious", "-A", "state=general", "--keep"], "level 5"),
    ],
)
def test_wrong_usage_is_named_and_writes_nothing(cli: Cli, arguments: list[str], said: str) -> None:
    before = (cli.folder / "systems" / "oa.yaml").read_bytes()
    cli("system", "grade", *arguments, code=2)
    assert said in cli.error
    assert (cli.folder / "systems" / "oa.yaml").read_bytes() == before


def test_level_5_is_told_and_registered_nowhere(cli: Cli) -> None:
    assert "S5A3G5" in cli("system", "grade", "-S", "state=especially-serious", "-A", "state=general")
    assert "level 5" in cli.error
