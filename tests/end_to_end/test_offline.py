"""The offline bundle, built and installed where there is no network: from the archive to an audit."""

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from scripts.offline import bundle
from secaudit.cli.exit_codes import ExitCode
from tests.end_to_end.workspaces import Printed

pytestmark = pytest.mark.end_to_end

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
ALONE = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-r", "-n"]
CLEAN = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=", "LANG=C.UTF-8"]


def alone(*command: str) -> Printed:
    """Run a command with an empty environment in a network namespace that has not even a loopback."""
    done = subprocess.run([*ALONE, *CLEAN, *command], capture_output=True, text=True, check=False)
    return Printed(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module", autouse=True)
def can_be_alone() -> None:
    told = alone("true")
    if told.code and os.environ.get("CI") != "true":
        pytest.skip(f"no network namespace can be had: {told.err.strip()}")
    assert told.code == 0, told.err


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the Python of the tests and both architectures."""
    out = tmp_path_factory.mktemp("bundle")
    bundle.main(["--python", PYTHON, "--out", str(out)])
    (found,) = out.glob("*.tar.gz")
    return found


@pytest.fixture(scope="module")
def unpacked(archive: Path) -> Path:
    with tarfile.open(archive) as tar:
        tar.extractall(archive.parent, filter="data")
    return archive.parent / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def prefix(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it was installed, in a folder whose name has a space."""
    folder = tmp_path_factory.mktemp("installed") / "of the office"
    told = install(unpacked, folder)
    assert told.code == 0, told
    assert f"rm -rf '{folder}/bin/secaudit' '{folder}/current' '{folder}/releases'" in told.out
    return folder


def install(unpacked: Path, prefix: Path, *more: str) -> Printed:
    return alone(
        "sh", str(unpacked / "install.sh"), "--prefix", str(prefix), "--python", sys.executable, *more
    )


def changed(unpacked: Path, place: Path) -> Path:
    """A copy of the bundle that may be spoilt."""
    return Path(shutil.copytree(unpacked, place / "bundle"))


def summed(folder: Path) -> Path:
    """The bundle with the checksums of what it holds now."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    done = subprocess.run(
        ["sha256sum", *(path.relative_to(folder).as_posix() for path in files)],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    (folder / "SHA256SUMS").write_bytes(done.stdout)
    return folder


def releases(prefix: Path) -> set[str]:
    return {path.name for path in (prefix / "releases").iterdir()}


def test_the_checksum_beside_the_archive_is_its_own(archive: Path) -> None:
    subprocess.run(
        ["sha256sum", "-c", f"{archive.name}.sha256"], cwd=archive.parent, check=True, capture_output=True
    )


def test_wheels_for_both_architectures_are_there(unpacked: Path) -> None:
    names = {
        architecture: {path.name.split("-")[0] for path in (unpacked / "wheels" / architecture).iterdir()}
        for architecture in ("x86_64", "aarch64")
    }
    assert names["x86_64"] == names["aarch64"]
    assert {"cryptography", "pydantic_core", "common_expression_language"} <= names["x86_64"]
    assert "secaudit" in {path.name.split("-")[0] for path in (unpacked / "wheels/any").iterdir()}
    assert "python-nmap" in (unpacked / "LICENSES.txt").read_text("utf-8")
    assert "unknown" not in (unpacked / "LICENSES.txt").read_text("utf-8").lower()


def test_what_is_installed_audits_this_machine(prefix: Path, tmp_path: Path) -> None:
    secaudit = str(prefix / "bin/secaudit")
    assert alone(secaudit, "--version").out.startswith("secaudit ")
    tested = alone(secaudit, "checks", "test")
    assert tested.code == 0, tested
    assert ", 0 failed" in tested.out
    workspace = str(tmp_path / "demo")
    assert alone(secaudit, "init", workspace, "--demo").code == 0
    scanned = alone(secaudit, "--workspace", workspace, "scan")
    assert scanned.code in (ExitCode.FINDINGS, ExitCode.NOT_JUDGED), scanned
    assert "verdicts planned =" in scanned.out
    reported = alone(secaudit, "--workspace", workspace, "report", "--format", "html,json")
    assert reported.code == 0, reported


def test_again_changes_nothing(unpacked: Path, prefix: Path) -> None:
    before = (prefix / "current").readlink(), releases(prefix)
    told = install(unpacked, prefix)
    assert told.code == 0, told
    assert "installed already" in told.out
    assert ((prefix / "current").readlink(), releases(prefix)) == before


def test_an_upgrade_that_fails_leaves_what_was_there(unpacked: Path, prefix: Path, tmp_path: Path) -> None:
    before = (prefix / "current").readlink(), releases(prefix)
    spoilt = changed(unpacked, tmp_path)
    listed = spoilt / "requirements.txt"
    listed.write_text(
        listed.read_text("utf-8") + "no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n", "utf-8"
    )
    told = install(summed(spoilt), prefix)
    assert told.code == 1, told
    assert "no-such-package" in told.err
    assert "what was there before still works" in told.err
    assert ((prefix / "current").readlink(), releases(prefix)) == before
    assert alone(str(prefix / "bin/secaudit"), "--version").code == 0


def test_an_upgrade_keeps_the_former_version_and_no_older_one(
    unpacked: Path, prefix: Path, tmp_path: Path
) -> None:
    former = (prefix / "current").readlink().name
    (prefix / "releases/0.0.1-older").mkdir()
    newer = changed(unpacked, tmp_path)
    (newer / "LICENSES.txt").write_text("newer\n", "utf-8")
    told = install(summed(newer), prefix)
    assert told.code == 0, told
    current = (prefix / "current").readlink().name
    assert current != former
    assert releases(prefix) == {current, former, ".secaudit"}
    again = install(newer, prefix)
    assert again.code == 0, again
    assert releases(prefix) == {current, former, ".secaudit"}
    assert alone(str(prefix / "bin/secaudit"), "--version").code == 0


def test_a_damaged_wheel_is_refused_before_anything_changes(unpacked: Path, tmp_path: Path) -> None:
    spoilt = changed(unpacked, tmp_path)
    wheel = next((spoilt / "wheels/aarch64").glob("cryptography-*"))
    content = bytearray(wheel.read_bytes())
    content[len(content) // 2] ^= 1
    wheel.write_bytes(content)
    told = install(spoilt, tmp_path / "nowhere")
    assert told.code == 2
    assert f"install.sh: wheels/aarch64/{wheel.name} is damaged or missing" in told.err
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--python", "/bin/false"), f"No suitable Python: one of {PYTHON} is needed (found: none)"),
        (("--python",), "--python needs a value"),
        (("--colour",), "Unknown option --colour"),
        (("--bin", "here"), "here: an absolute path is needed"),
        (("--bin", "/it's"), "No path may hold quotes"),
        (("--bin", "/two\nlines"), "No path may hold quotes"),
        (("--prefix", "/proc/nowhere"), "MiB are needed"),
    ],
)
def test_what_cannot_be_done_is_said(
    unpacked: Path, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    told = install(unpacked, tmp_path / "nowhere", *options)
    assert told.code == 2, told
    assert said in told.err
    assert not (tmp_path / "nowhere").exists()


def test_a_python_of_which_a_part_is_missing_is_not_suitable(unpacked: Path, tmp_path: Path) -> None:
    """As python3-minimal of Debian."""
    minimal = tmp_path / "python3"
    without = "import sys; sys.modules['json'] = None; exec(sys.argv[1])"
    minimal.write_text(f'#!/bin/sh\nexec {sys.executable} -I -c "{without}" "$3"\n', "utf-8")
    minimal.chmod(0o755)
    told = alone(
        "sh", str(unpacked / "install.sh"), "--python", str(minimal), "--prefix", str(tmp_path / "p")
    )
    assert told.code == 2, told
    assert f"{minimal}=without-json-{PYTHON}" in told.err
    assert not (tmp_path / "p").exists()


def test_two_do_not_install_at_once(unpacked: Path, prefix: Path) -> None:
    with (prefix / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = install(unpacked, prefix)
    assert told.code == 2
    assert "Another installation is under way" in told.err


def test_the_releases_of_something_else_stay(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "app/releases/20260101").mkdir(parents=True)
    told = install(unpacked, tmp_path / "app")
    assert told.code == 2
    assert "belongs to something else" in told.err
    assert releases(tmp_path / "app") == {"20260101"}


def test_a_command_of_somebody_else_is_not_replaced(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "secaudit").write_text("theirs", "utf-8")
    told = install(unpacked, tmp_path / "nowhere", "--bin", str(tmp_path))
    assert told.code == 2
    assert "belongs to something else" in told.err
    assert (tmp_path / "secaudit").read_text("utf-8") == "theirs"


def test_help_is_the_head_of_the_file(unpacked: Path) -> None:
    told = alone("sh", str(unpacked / "install.sh"), "--help")
    assert told.code == 0
    assert "--prefix" in told.out
    assert "exit" not in told.out
