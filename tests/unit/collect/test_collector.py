"""The collector, run by real shells: what it prints, what it refuses, what it leaves behind."""

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

from secaudit.collect.bundle import open_bundle
from secaudit.collect.bundle_script import collector_text
from secaudit.model.evidence import GapReason, Probe
from tests.unit.collect.collecting import MADE, PROBES, WHO, collect, nonce_of, read, run, write
from tests.unit.collect.test_script import stub

SHELLS = [
    words
    for words in (["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"], ["mksh"])
    if shutil.which(words[0])
]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_every_shell_collects_what_a_visit_does(shell: list[str], tmp_path: Path) -> None:
    ran = run(write(tmp_path), *WHO, shell=shell)
    assert ran.code == 0
    seen = read(tmp_path, ran.out)
    plain = seen["a.plain"]
    assert (plain.output, plain.errors, plain.exit_status) == (b"it's\n$HOME two\nlines\n", b"oops", 3)
    assert (seen["a.bytes"].output, seen["a.bytes"].exit_status) == (b"x\0y\xff\n\n", 0)
    assert (seen["b.empty"].output, seen["b.empty"].exit_status) == (b"", 0)
    assert [o.command for o in seen.collected.observations] == [probe.command for probe in PROBES]


def test_it_says_who_collected_what_where(tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_bytes(run(write(tmp_path), *WHO, "-n", "no\nnewline").out)
    with open_bundle(file) as bundle:
        header = bundle.header
    assert (header.operator, header.place, header.asset, header.note) == (
        "张三",
        "机房 1",
        "h1",
        "no newline",
    )
    assert (header.tool, header.content_hash, header.kind) == ("9.9", "ab" * 32, "linux")
    assert header.probes == {probe.id: probe.definition_hash for probe in PROBES}
    digest = subprocess.run(["sha256sum", tmp_path / "collector.sh"], capture_output=True, check=True).stdout
    assert header.collector_sha256 == digest.split()[0].decode()


def test_it_tells_what_it_does_unless_told_not_to(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert "5 questions: it only reads" in run(file, *WHO).err
    assert run(file, *WHO, "-q").err == ""


def test_commands_stand_plain_in_the_file_and_in_the_list(tmp_path: Path) -> None:
    ran = run(write(tmp_path), "-l")
    assert ran.code == 0
    listed = ran.out.decode()
    for probe in PROBES[:2]:
        assert "".join(f"| {line}\n" for line in probe.command.split("\n")) in collector_text(MADE, PROBES)
        assert "".join(f"    {line}\n" for line in probe.command.split("\n")) in listed
    assert "b.root  (10 s, 262145 B, root)" in listed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "-o OPERATOR, -p PLACE and -a ASSET are required"),
        (("-o", "x", "-a", "h1"), "are required"),
        (("-z",), "usage"),
        ((*WHO, "more"), "not an option: more"),
        ((*WHO, "-k", "/nonexistent"), "cannot be read: /nonexistent"),
        ((*WHO, "-k", "/etc/passwd"), "nothing can be signed with /etc/passwd"),
    ],
)
def test_wrong_use_is_refused_politely(options: tuple[str, ...], said: str, tmp_path: Path) -> None:
    ran = run(write(tmp_path), *options)
    assert (ran.code, ran.out) == (2, b"")
    assert said in ran.err


def test_help_is_no_mistake(tmp_path: Path) -> None:
    ran = run(write(tmp_path), "-h")
    assert (ran.code, ran.out) == (0, b"")
    assert "sh FILE -o OPERATOR" in ran.err


def test_it_prints_no_bundle_on_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        ["/bin/sh", write(tmp_path), *WHO], stdout=theirs, stderr=subprocess.PIPE, check=False, timeout=20
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert b"redirect it" in done.stderr


def test_without_proc_it_says_so_and_prints_no_bundle(tmp_path: Path) -> None:
    """A bundle without times would be told changed after it was collected."""
    file = write(tmp_path)
    file.write_text(file.read_text("utf-8").replace("-r /proc/uptime", "-r /nowhere/uptime"), "utf-8")
    ran = run(file, *WHO)
    assert (ran.code, ran.out) == (2, b"")
    assert "secaudit: /proc is not mounted: mount -t proc proc /proc" in ran.err


def test_it_may_come_on_standard_input(tmp_path: Path) -> None:
    with write(tmp_path).open("rb") as file:
        done = subprocess.run(
            ["/bin/sh", "-s", "--", *WHO], stdin=file, capture_output=True, check=False, timeout=20
        )
    assert done.returncode == 0
    assert read(tmp_path, done.stdout)["a.plain"].exit_status == 3


@pytest.mark.parametrize("cut", [100, 3000, 9000, -5, -100])
def test_a_part_of_it_asks_nothing(cut: int, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    ran = run(write(tmp_path, [Probe("a", f"echo ran >{trace}")], lambda text: text[:cut]), *WHO)
    assert not trace.exists()
    assert ran.out == b""


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            ["/bin/sh", write(tmp_path), *WHO], stdout=full, stderr=subprocess.PIPE, check=False, timeout=20
        )
    assert done.returncode == 2
    assert b"could not be written to its end" in done.stderr


def test_the_nonce_is_in_no_argument_and_no_environment(tmp_path: Path) -> None:
    command = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'"
    bundle = collect(tmp_path, [Probe("look", command, limit_bytes=50_000_000)])
    seen = read(tmp_path, bundle, [Probe("look", command, limit_bytes=50_000_000)])["look"].output
    assert b"/bin/sh" in seen
    assert nonce_of(bundle) not in seen


def test_each_run_has_a_nonce_of_its_own(tmp_path: Path) -> None:
    assert nonce_of(collect(tmp_path)) != nonce_of(collect(tmp_path))


def test_what_the_login_exports_changes_nothing(tmp_path: Path) -> None:
    hostile = dict.fromkeys(("stage", "root_shell", "s", "d", "text", "hash", "nonce", "IFS", "list"), "root")
    done = subprocess.run(
        ["/bin/sh", write(tmp_path), *WHO],
        capture_output=True,
        check=False,
        timeout=20,
        env={**hostile, "PATH": "/nonexistent", "LC_ALL": "zh_CN.GB18030"},
    )
    assert done.returncode == 0
    assert read(tmp_path, done.stdout)["a.plain"].exit_status == 3


def with_path(folder: Path) -> str:
    """What puts a folder first in the collector's PATH and in that of its questions."""
    return f"PATH={folder}:/usr/local/sbin"


def collect_with(folder: Path, *options: str, **stubs: str) -> bytes:
    """A bundle from a machine with these programs first."""
    for name, text in stubs.items():
        stub(folder, name, text)
    file = write(folder, edit=lambda text: text.replace("PATH=/usr/local/sbin", with_path(folder)))
    ran = run(file, *WHO, *options)
    assert ran.code == 0, ran
    return ran.out


USER = 'case $1 in -u) echo "${STUB_UID:-1000}";; *) echo audit;; esac'
LETS = 'shift 2; STUB_UID=0; export STUB_UID; exec "$@"'


def test_an_ordinary_user_asks_as_root_by_sudo(tmp_path: Path) -> None:
    seen = read(tmp_path, collect_with(tmp_path, "-s", id=USER, sudo=LETS))
    assert (seen["b.root"].output, seen["b.root"].root) == (b"0\n", True)
    assert (seen["c.listed"].output, seen["c.listed"].root) == (b"0\n", True)
    assert seen["a.plain"].root is False


def test_without_sudo_what_needs_root_is_a_gap(tmp_path: Path) -> None:
    gap = read(tmp_path, collect_with(tmp_path, id=USER, sudo="exit 9")).gap("b.root")
    assert gap.reason is GapReason.NEEDS_ROOT
    assert "neither by root nor with -s" in gap.detail


def test_a_sudo_that_refuses_is_a_gap(tmp_path: Path) -> None:
    seen = read(
        tmp_path, collect_with(tmp_path, "-s", id=USER, sudo="echo 'a password is required' >&2; exit 1")
    )
    assert seen.gap("b.root").reason is GapReason.SUDO_REFUSED
    assert seen["a.plain"].gap is None


def test_another_program_may_give_the_digests(tmp_path: Path) -> None:
    absent = dict.fromkeys(("sha256sum", "busybox"), "exit 127")
    assert b"\ndigest sha256\n" in collect_with(tmp_path, **absent)


def test_without_any_the_bundle_is_unverified_and_says_so(tmp_path: Path) -> None:
    absent = dict.fromkeys(("sha256sum", "busybox", "openssl", "shasum"), "exit 127")
    bundle = collect_with(tmp_path, **absent)
    assert b"\ndigest none\n" in bundle
    assert read(tmp_path, bundle).known == {probe.id for probe in PROBES}


def test_what_cannot_be_asked_by_hand_is_refused() -> None:
    with pytest.raises(ValueError, match="no NUL"):
        collector_text(MADE, [Probe("a", "echo \0")])
    with pytest.raises(ValueError, match="not empty"):
        collector_text(MADE, [Probe("a", "")])
