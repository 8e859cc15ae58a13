"""From ``collector build`` by way of a shell to ``import``, results and reports; bad bundles; exit codes."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from secaudit.cli.exit_codes import ExitCode
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import Printed, secaudit

pytestmark = pytest.mark.end_to_end

JUDGED = (ExitCode.CLEAN, ExitCode.FINDINGS, ExitCode.NOT_JUDGED)
WHO = ("-o", "张三", "-p", "机房", "-q")


@dataclass(frozen=True, slots=True)
class Carried:
    """A workspace whose asset comes by bundle, a collector of its profile, a bundle of this machine."""

    folder: Path
    collector: Path
    bundle: Path


def make(folder: Path) -> Path:
    """A workspace with one asset that is not visited."""
    workspaces.make(folder, {"island": 0})
    file = folder / "systems" / "oa.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("transport: local", "transport: bundle"), encoding="utf-8"
    )
    return folder


def collect(collector: Path, bundle: Path, *options: str) -> Path:
    """Run the collector on this machine."""
    done = subprocess.run(["sh", collector, *WHO, *options], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    bundle.write_bytes(done.stdout)
    return bundle


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Carried:
    folder = tmp_path_factory.mktemp("carried")
    workspace = make(folder / "w")
    built = secaudit(workspace, "collector", "build", "--profile", "quick", "--out", str(folder / "c.sh"))
    assert built.code == 0, built
    assert re.search(r"\d+ questions, \d+ of them as root; SHA-256 [0-9a-f]{64}", built.err)
    return Carried(workspace, folder / "c.sh", collect(folder / "c.sh", folder / "b", "-a", "island"))


def rows(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """Results as data."""
    printed = secaudit(folder, "results", "--format", "json", *arguments)
    assert printed.code == 0, printed
    listed: list[dict[str, Any]] = json.loads(printed.out)
    return listed


def imported(carried: Carried, *arguments: str) -> tuple[Path, Printed]:
    """A fresh workspace into which the bundle was imported."""
    folder = make(Path(str(carried.folder) + f"-{len(list(carried.folder.parent.iterdir()))}"))
    return folder, secaudit(folder, "import", *arguments, str(carried.bundle))


def test_a_bundle_gives_the_verdicts_of_a_scan_of_the_same_machine(carried: Carried, tmp_path: Path) -> None:
    folder, printed = imported(carried)
    assert printed.code in JUDGED
    assert "island, collected" in printed.err
    assert "by 张三 at 机房; signature: none" in printed.err
    assert "bundle, 0 days old" in printed.out
    live = workspaces.make(tmp_path / "live", {"island": 0})
    assert secaudit(live, "scan").code in JUDGED
    of_scan = {row["check"]: row["verdict"] for row in rows(live)}
    of_bundle = {row["check"]: row["verdict"] for row in rows(folder)}
    moving = {check for check in of_scan if of_scan[check] != of_bundle[check]}
    assert of_scan.keys() == of_bundle.keys()
    assert len(moving) <= 1, moving  # this machine goes on while it is looked at


def test_a_scan_keeps_the_asset_with_its_newest_bundle(carried: Carried) -> None:
    folder = make(carried.folder.parent / "kept")
    before = secaudit(folder, "scan")
    assert before.code == ExitCode.NOTHING_REACHED
    assert "no bundle of it was imported yet" in before.out
    assert {row["verdict"] for row in rows(folder)} <= {"UNKNOWN", "MANUAL"}
    assert secaudit(folder, "import", str(carried.bundle)).code in JUDGED
    of_bundle = rows(folder)
    assert "by 张三 at 机房; signature: none" in secaudit(folder, "results").err
    assert "all these assets come by bundle" in secaudit(folder, "preflight").err
    after = secaudit(folder, "scan")
    assert after.code in JUDGED
    assert "island, from the bundle of" in after.err
    assert rows(folder) == of_bundle
    assert "not visited: its newest imported bundle" in secaudit(folder, "plan").out


def test_the_report_shows_who_collected(carried: Carried, tmp_path: Path) -> None:
    folder, _printed = imported(carried)
    written = secaudit(folder, "report", "oa", "--lang", "en", "--out", str(tmp_path))
    assert written.code == 0, written
    page, data = (Path(line) for line in written.out.splitlines())
    for text in ("collected by 张三", "collected at 机房", "age of the bundle, days 0", "signature none"):
        assert text in page.read_text(encoding="utf-8")
    (asset,) = json.loads(data.read_text(encoding="utf-8"))["assets"]
    assert (asset["channel"]["transport"], asset["bundle_age_days"]) == ("bundle", 0)


def test_the_same_bundle_again_is_refused(carried: Carried) -> None:
    folder, _printed = imported(carried)
    again = secaudit(folder, "import", str(carried.bundle))
    assert again.code == ExitCode.USAGE
    assert "imported already" in again.err
    assert f"secaudit --workspace {folder} results" in again.err


def test_one_bad_bundle_does_not_stop_the_others(carried: Carried, tmp_path: Path) -> None:
    folder = make(tmp_path / "w")
    bad = tmp_path / "bad"
    bad.write_bytes(carried.bundle.read_bytes()[:-200])
    printed = secaudit(
        folder, "import", str(bad), str(carried.bundle), str(carried.bundle), str(tmp_path / "x")
    )
    assert printed.code == ExitCode.USAGE
    assert f"{bad} was not imported: it ends before its last line" in printed.err
    assert "another bundle of asset island" in printed.err
    assert "x was not imported: it cannot be read: No such file" in printed.err
    assert len(rows(folder)) > 10


def test_a_changed_answer_is_told_and_unknown(carried: Carried, tmp_path: Path) -> None:
    folder = make(tmp_path / "w")
    changed = tmp_path / "changed"
    content = carried.bundle.read_bytes()
    assert b"\nPRETTY_NAME=" in content or b"\nNAME=" in content or b"\nID=" in content
    changed.write_bytes(re.sub(rb"\nID=", b"\nId=", content, count=1))
    printed = secaudit(folder, "import", str(changed))
    assert printed.code == ExitCode.NOT_JUDGED
    assert "1 answers were changed after they were collected" in printed.err
    assert "changed after it was collected" in printed.out


def test_a_signature_is_checked_with_the_key_that_is_named(carried: Carried, tmp_path: Path) -> None:
    for name in ("key", "other"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    signed = collect(carried.collector, tmp_path / "signed", "-a", "island", "-k", str(tmp_path / "key"))
    folder = make(tmp_path / "w")
    other = secaudit(folder, "import", str(signed), "--signer", str(tmp_path / "other.pub"))
    assert other.code == ExitCode.USAGE
    assert "its signature was not made by SHA256:" in other.err
    required = ("--signer", str(tmp_path / "key.pub"))
    unsigned = secaudit(folder, "import", str(carried.bundle), *required)
    assert (unsigned.code, "it is not signed" in unsigned.err) == (ExitCode.USAGE, True)
    good = secaudit(folder, "import", str(signed), *required)
    assert good.code in JUDGED
    assert "signature: valid SHA256:" in good.err


def test_it_must_have_been_allowed_when_it_was_collected(carried: Carried, tmp_path: Path) -> None:
    folder = make(tmp_path / "w")
    (folder / "authorisations" / "test.yaml").unlink()
    printed = secaudit(folder, "import", str(carried.bundle))
    assert printed.code == ExitCode.USAGE
    assert "system oa was not authorised when it was collected" in printed.err
    assert f"secaudit --workspace {folder} authorise add --system oa --from 20" in printed.err
    workspaces.authorise(folder, "oa")
    early = secaudit(folder, "import", str(carried.bundle), "--collected-at", "2020-01-01")
    assert "(2020-01-01" in early.err
    assert early.code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import",), "Missing argument"),
        (("import", "a", "b", "--asset", "x"), "about one bundle"),
        (("import", "a", "--collected-at", "soon"), "--collected-at: a date like"),
        (("import", "a", "--signer", "/nonexistent"), "cannot be read"),
        (("collector", "build", "oa"), "belong together"),
        (("collector", "build", "--asset", "island"), "belong together"),
        (("collector", "build", "--profile", "level-9"), "no profile level-9"),
        (("collector", "build", "oa", "--asset", "nobody"), "nobody is not registered"),
        (("collector", "build", "--out", "/nonexistent/x"), "cannot be written"),
    ],
)
def test_wrong_use_is_told(arguments: tuple[str, ...], said: str, carried: Carried) -> None:
    printed = secaudit(carried.folder, *arguments)
    assert printed.code == ExitCode.USAGE
    assert said in printed.err


def test_a_collector_is_never_written_over_another_file(carried: Carried) -> None:
    again = secaudit(carried.folder, "collector", "build", "--out", str(carried.collector))
    assert again.code == ExitCode.USAGE
    assert "exists" in again.err


def test_the_collector_of_an_asset_asks_about_its_backups(carried: Carried, tmp_path: Path) -> None:
    folder = make(tmp_path / "w")
    file = folder / "systems" / "oa.yaml"
    declared = (
        "data_sets:\n  - {id: db, name: 库, kind: business, asset: island, artefacts: [/nowhere/db-*.gz],"
        " method: dump, job: '', rpo_h: 24, rto_h: 4}\n"
    )
    file.write_text(file.read_text(encoding="utf-8") + declared, encoding="utf-8")
    out = tmp_path / "c.sh"
    assert secaudit(folder, "collector", "build", "oa", "--asset", "island", "--out", str(out)).code == 0
    assert "/nowhere/db-" in out.read_text(encoding="utf-8")
    assert secaudit(folder, "import", str(collect(out, tmp_path / "own"))).code in JUDGED
    of_own = {row["check"]: row["verdict"] for row in rows(folder) if row["object"] == "db"}
    generic = secaudit(folder, "import", str(carried.bundle))
    assert re.search(r"\d+ of \d+ questions were not asked as today", generic.err)
    of_generic = {row["check"]: row["verdict"] for row in rows(folder) if row["object"] == "db"}
    assert "FAIL" in of_own.values()
    assert set(of_generic.values()) <= {"UNKNOWN", "MANUAL"}
