"""The workbook of an organisation from the command line: exported, edited, previewed, brought back."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.end_to_end.test_register import Cli

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(tmp_path / "w", capsys)
    made("init", str(made.folder), "--office", "市局", "--lang", "zh")
    host = ("--host", "web1=192.0.2.1", "--user", "audit")
    made("system", "add", "oa", "--name", "办公", "--grade", "S3A3G3", *host)
    return made


def test_a_workbook_goes_out_and_comes_back(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert "1 systems, 1 assets" in cli("system", "export", "office", "--out", str(path))
    cli("system", "import", str(path))
    assert "0 records added, 0 values changed in 0 files" in cli.error
    book = load_workbook(path)
    book["定级对象"]["B2"] = "协同办公"
    book["资产"]["A3"], book["资产"]["B3"] = "oa", "db1"
    book["资产"]["C3"], book["资产"]["D3"] = "库", "数据库"
    book["资产"].delete_rows(2)
    book.save(path)
    file = cli.folder / "systems" / "oa.yaml"
    before = file.read_bytes()
    shown = json.loads(cli("system", "import", str(path), "--dry-run", "--format", "json"))
    assert [(row["change"], row["id"], row["column"], row["after"]) for row in shown] == [
        ("changed", "oa", "name", "协同办公"),
        ("added", "db1", "", "库"),
    ]
    assert "Not in the workbook, left as they are: web1" in cli.error
    assert "Nothing written: 1 records to add, 1 values to change in 1 files" in cli.error
    assert file.read_bytes() == before
    table = cli("system", "import", str(path))
    assert "Systems" in table
    assert "协同办公" in table
    found = json.loads(cli("system", "show", "oa", "--format", "json"))
    assert (found["name"], [asset["id"] for asset in found["assets"]]) == ("协同办公", ["web1", "db1"])


def test_a_bad_cell_is_named_and_nothing_is_written(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    cli("system", "export", "office", "--out", str(path), "--lang", "en")
    book = load_workbook(path)
    book["Systems"]["D2"], book["Systems"]["B2"] = "S3A9G3", "x"
    book["Assets"]["E2"] = "=1+1"
    book.save(path)
    before = (cli.folder / "systems" / "oa.yaml").read_bytes()
    cli("system", "import", "--from", "workbook", str(path), code=2)
    assert "Assets!E2" in cli.error
    assert "Nothing was imported" in cli.error
    book["Assets"]["E2"] = "192.0.2.1"
    book.save(path)
    cli("system", "import", str(path), code=2)
    assert "Systems!D2" in cli.error
    assert (cli.folder / "systems" / "oa.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["system", "export", "no"], "known: office"),
        (["system", "import", "hosts.ini", "--system", "oa"], "--from is missing"),
        (["system", "import", "a.csv"], "--system is missing"),
        (["system", "import", "no.xlsx"], "cannot be read"),
    ],
)
def test_wrong_usage_is_named(cli: Cli, arguments: list[str], said: str) -> None:
    cli(*arguments, code=2)
    assert said in cli.error


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_libreoffice_saved_is_read(cli: Cli, tmp_path: Path) -> None:
    path, saved = tmp_path / "out.xlsx", tmp_path / "saved"
    with (cli.folder / "systems" / "oa.yaml").open("a", encoding="utf-8") as file:
        file.write('evaluated_on: 2026-01-02\nevaluation_score: 92.5%\ndescription: "=1+1"\n')
        file.write("contacts: [{role: leader, name: 甲, phone: '0101'}]\n")
    cli("system", "export", "office", "--out", str(path))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(saved), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    cli("system", "import", str(saved / "out.xlsx"), "--dry-run")
    assert "0 records to add, 0 values to change in 0 files" in cli.error
    book = load_workbook(saved / "out.xlsx")
    book["备案与测评"]["E2"] = "市公安局"
    book.save(path)
    cli("system", "import", str(path))
    assert json.loads(cli("system", "show", "oa", "--format", "json"))["filing_organ"] == "市公安局"
