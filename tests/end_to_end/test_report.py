"""From a scan to the files of a report; verdicts count only for the checks that judged them."""

import json
import re
import zipfile
from pathlib import Path
from typing import Final

import pytest
from jsonschema import Draft202012Validator

from secaudit.cli.exit_codes import ExitCode
from secaudit.content.folder import content_dir
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import secaudit
from tests.ports import unused_port

pytestmark = pytest.mark.end_to_end
CHINESE: Final = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+[^<\n]{0,40}")
OF_USERS: Final = ("办公系统", "本单位", "本机", "远端", "张三", "看过")
MARKUP: Final = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)
COMMANDS: Final = (
    "risk list",
    "risk list --undecided",
    "plan oa",
    "assess oa",
    "requirements list --level 3",
)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "w"
    workspaces.make(folder, {"here": 0, "gone": unused_port()})
    assert secaudit(folder, "scan").code == ExitCode.NOT_JUDGED
    return folder


def test_every_format_is_written_for_its_owner_alone(scanned: Path, tmp_path: Path) -> None:
    told = secaudit(scanned, "report", "--format", "html,json", "--out", str(tmp_path / "out"))
    assert told.code == 0, told
    files = [Path(line) for line in told.out.splitlines()]
    assert sorted(file.suffix for file in files) == [".html", ".json"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)


def test_a_real_view_follows_the_schema_and_keeps_the_host_that_is_down(
    scanned: Path, tmp_path: Path
) -> None:
    told = secaudit(scanned, "report", "oa", "--format", "json", "--out", str(tmp_path))
    view = json.loads(Path(told.out.strip()).read_text("utf-8"))
    schema = json.loads((content_dir("reports") / "self-assessment" / "view.schema.json").read_text("utf-8"))
    errors = [
        f"{list(e.absolute_path)}: {e.message[:200]}" for e in Draft202012Validator(schema).iter_errors(view)
    ]
    assert errors == []
    assert view["summary"]["unreachable"] == ["gone"]
    assert view["summary"]["planned"] == sum(view["summary"]["verdicts"].values())
    assert len(view["items"]) == 211


def test_both_languages(scanned: Path, tmp_path: Path) -> None:
    pages = {}
    for language in ("zh", "en"):
        told = secaudit(scanned, "report", "--format", "html", "--lang", language, "--out", str(tmp_path))
        pages[language] = Path(told.out.strip()).read_text("utf-8")
    assert "等级保护自查报告" in pages["zh"]
    assert "MLPS self-assessment report" in pages["en"]


def test_an_english_page_of_every_format_holds_chinese_of_users_alone(scanned: Path, tmp_path: Path) -> None:
    answered(scanned, "pes.physical-access.a#1")
    told = secaudit(
        scanned, "report", "oa", "--lang", "en", "--format", "html,csv,xlsx,docx", "--out", str(tmp_path)
    )
    assert told.code == 0, told
    pages = {path.suffix: text_of(path) for path in map(Path, told.out.split())}
    assert pages.keys() == {".html", ".csv", ".xlsx", ".docx"}
    pages |= {command: secaudit(scanned, *command.split()).out for command in COMMANDS}
    assert "Nothing controls the entrances" in pages[".html"]
    for name, page in pages.items():
        own = re.compile("|".join(sorted(OF_USERS, key=len, reverse=True)))
        assert CHINESE.findall(own.sub("", page)) == [], name


def answered(folder: Path, step: str) -> None:
    """A person says that it is not met."""
    said = ("--answer", "不符合", "--person", "张三", "--record", "看过")
    assert secaudit(folder, "attest", "set", "oa", step, *said).code == 0


def text_of(path: Path) -> str:
    """What a reader sees of a file."""
    if path.suffix not in (".xlsx", ".docx"):
        return re.sub(MARKUP, " ", path.read_text("utf-8"))
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if "styles" not in name and "fontTable" not in name]
        return re.sub(
            MARKUP, " ", "".join(archive.read(name).decode() for name in names if name.endswith(".xml"))
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "odt"), "odt"),
        (("nosuch",), "nosuch"),
        (("--out", "/dev/null/x"), "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_named(scanned: Path, arguments: tuple[str, ...], said: str) -> None:
    told = secaudit(scanned, "report", *arguments)
    assert told.code == ExitCode.USAGE
    assert said in told.err
    assert "Traceback" not in told.err


def test_verdicts_of_other_checks_are_judged_again_first(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"gone": unused_port()})
    assert secaudit(folder, "scan").code == ExitCode.NOTHING_REACHED
    made = secaudit(folder, "checks", "new", "linux.own.sample", "--fact", "kernel")
    assert made.code == 0, made
    for command in ("report", "assess"):
        told = secaudit(folder, command)
        assert told.code == ExitCode.USAGE, told
        assert f"secaudit --workspace {folder} judge" in told.err
    assert secaudit(folder, "judge", "latest").code == ExitCode.NOTHING_REACHED
    assert secaudit(folder, "report").code == 0
    assert secaudit(folder, "assess", "--provisional").code == 0
