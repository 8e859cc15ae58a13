"""``sudo: listed``: single commands by sudo, the rest of a probe without; a stub stands in for sudo(8)."""

from pathlib import Path

import pytest

from secaudit.model.evidence import GapReason, Probe
from secaudit.model.register import Sudo
from tests.unit.collect.running import Ran, run
from tests.unit.collect.test_script import stub, with_path

PLAIN = Probe("plain", "echo plain")
LISTED = Probe(
    "listed",
    "id -u; root cat /etc/hostname - 'a b' | tr a-z A-Z; echo end",
    root=True,
    as_root=("/usr/bin/cat /etc/hostname",),
)
WHOLE = Probe("whole", "id -u", root=True)
ALLOWS = '[ "$1 $2 $3" = "-n -k --" ] || exit 9; shift 3; echo "root runs $*"'


def ask(folder: Path, sudo: str, *probes: Probe, uid: int = 1000) -> Ran:
    """A visit by an ordinary user (a stub of id says so) to a machine with that sudo."""
    stub(folder, "id", f"case $1 in -u) echo {uid};; *) echo audit;; esac")
    stub(folder, "sudo", sudo)
    asked = probes or (PLAIN, LISTED, WHOLE)
    return run(*asked, sudo=Sudo.LISTED, edit=lambda script: with_path(script, folder))


def test_only_the_listed_command_goes_through_sudo(tmp_path: Path) -> None:
    ran = ask(tmp_path, ALLOWS)
    assert ran["listed"].output == b"1000\nROOT RUNS /USR/BIN/CAT /ETC/HOSTNAME - A B\nend\n"
    assert (ran["listed"].gap, ran["listed"].root) == (None, False)
    assert ran["plain"].output == b"plain\n"


def test_what_is_not_convertible_says_so(tmp_path: Path) -> None:
    ran = ask(tmp_path, ALLOWS)
    assert ran.gap("whole").reason is GapReason.NEEDS_ROOT
    assert "cannot be asked with listed commands" in ran.gap("whole").detail


def test_root_itself_asks_everything_without_sudo(tmp_path: Path) -> None:
    probe = Probe("listed", "root echo as root", root=True, as_root=("/usr/bin/echo as root",))
    ran = ask(tmp_path, "exit 1", PLAIN, probe, WHOLE, uid=0)
    assert (ran["listed"].output, ran["whole"].output) == (b"as root\n", b"0\n")
    assert ran["listed"].root


@pytest.mark.parametrize(
    ("said", "reason", "detail"),
    [
        ("sudo: a password is required", GapReason.SUDO_REFUSED, "a password is required"),
        ("Sorry, user audit is not allowed to execute '/bin/cat'", GapReason.SUDO_REFUSED, "not allowed"),
        ("audit is not in the sudoers file.", GapReason.SUDO_REFUSED, "sudoers"),
        ("sudo: interactive authentication is required", GapReason.SUDO_REFUSED, "interactive"),
        (
            "sudo: unable to resolve host x: Name\nsudo: a password is required",
            GapReason.SUDO_REFUSED,
            "password",
        ),
        (
            "sudo: sorry, you must have a tty to run sudo",
            GapReason.SUDO_REQUIRES_TTY,
            "Defaults:audit !requiretty",
        ),
    ],
)
def test_one_refused_command_is_the_gap_of_its_probe(
    said: str, reason: GapReason, detail: str, tmp_path: Path
) -> None:
    ran = ask(tmp_path, f"echo '{said}' >&2; exit 1")
    assert ran.gap("listed").reason is reason
    assert detail in ran.gap("listed").detail
    assert ran["plain"].output == b"plain\n"


def test_a_probe_cannot_hide_that_it_was_refused(tmp_path: Path) -> None:
    command = "{ root cat /x || true; } 2>/dev/null | cat; seq 1 50 >&2; echo end"
    probe = Probe("listed", command, root=True, as_root=("/usr/bin/cat /x",))
    ran = ask(tmp_path, "echo 'sudo: a password is required' >&2; exit 1", probe)
    assert ran.gap("listed").reason is GapReason.SUDO_REFUSED


@pytest.mark.parametrize(
    ("sudo", "status"),
    [("echo out; exit 1", 1), ("echo 'cat: /x: No such file' >&2; exit 1", 1), ("exit 3", 3)],
)
def test_a_command_that_fails_by_itself_is_not_refused(sudo: str, status: int, tmp_path: Path) -> None:
    probe = Probe("listed", "root cat /x", root=True, as_root=("/usr/bin/cat /x",))
    ran = ask(tmp_path, sudo, probe)
    assert (ran["listed"].gap, ran["listed"].exit_status) == (None, status)


def test_a_host_name_that_does_not_resolve_is_no_refusal(tmp_path: Path) -> None:
    noise = "echo 'sudo: unable to resolve host x: Name or service not known' >&2"
    probe = Probe("listed", "root cat /x", root=True, as_root=("/usr/bin/cat /x",))
    assert ask(tmp_path, f"{noise}; echo out", probe)["listed"].output == b"out\n"
    assert ask(tmp_path, f"{noise}; echo no >&2; exit 1", probe)["listed"].gap is None


def test_without_sudo_the_tool_is_missing(tmp_path: Path) -> None:
    stub(tmp_path, "id", "case $1 in -u) echo 1000;; *) echo audit;; esac")
    hidden = run(
        LISTED,
        sudo=Sudo.LISTED,
        edit=lambda script: with_path(script, tmp_path).replace(
            b"command -v sudo", b"command -v no-such-sudo"
        ),
    )
    assert hidden.gap("listed").reason is GapReason.NO_TOOL
