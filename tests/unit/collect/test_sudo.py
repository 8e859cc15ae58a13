"""The part for root: through sudo as declared, a gap with its reason where sudo does not let it run."""

from pathlib import Path

import pytest

from secaudit.collect.sudo import sudo_gap
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.register import Sudo
from tests.unit.collect.running import Ran, run
from tests.unit.collect.test_script import stub, with_path

PLAIN, ROOT = Probe("plain", "echo plain"), Probe("root", "id -u", root=True)


def ask(folder: Path, sudo: str, declared: Sudo = Sudo.ALL) -> Ran:
    """A visit by an ordinary user (a stub of id says so) to a machine with that sudo."""
    stub(folder, "id", 'case $1 in -u) echo "${STUB_UID:-1000}";; *) echo audit;; esac')
    stub(folder, "sudo", sudo)
    return run(PLAIN, ROOT, sudo=declared, edit=lambda script: with_path(script, folder))


LETS = 'shift 2; STUB_UID=0; export STUB_UID; exec "$@"'


@pytest.mark.parametrize("noise", ["", "echo lecture >&2", "echo lecture", "yes noise | head -n 5000 >&2"])
def test_root_probes_run_once_sudo_lets_them(noise: str, tmp_path: Path) -> None:
    ran = ask(tmp_path, f"{noise}\n{LETS}")
    assert (ran["plain"].output, ran["plain"].root) == (b"plain\n", False)
    assert (ran["root"].output, ran["root"].root) == (b"0\n", True)


@pytest.mark.parametrize(
    ("sudo", "reason", "detail"),
    [
        ("echo 'sudo: a password is required' >&2; exit 1", GapReason.SUDO_REFUSED, "a password is required"),
        ("echo 'audit is not in the sudoers file.' >&2; exit 1", GapReason.SUDO_REFUSED, "sudoers file"),
        (
            "echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1",
            GapReason.SUDO_REQUIRES_TTY,
            "Defaults:audit !requiretty",
        ),
        ("exit 127", GapReason.NO_TOOL, "sudo"),
        ("exit 1", GapReason.SUDO_REFUSED, "no reason"),
        # it runs the part, but not as root
        ('shift 2; exec "$@"', GapReason.SUDO_REFUSED, "root"),
        (f"{LETS.replace('exec', 'head -c 700 |')}; exit 1", GapReason.SUDO_REFUSED, ""),
    ],
)
def test_without_sudo_only_root_probes_are_gaps(
    sudo: str, reason: GapReason, detail: str, tmp_path: Path
) -> None:
    ran = ask(tmp_path, sudo)
    assert ran["plain"].output == b"plain\n"
    assert ran.gap("root").reason is reason
    assert detail in ran.gap("root").detail


def test_sudo_that_is_not_declared_is_not_tried(tmp_path: Path) -> None:
    trace = tmp_path / "tried"
    ran = ask(tmp_path, f"echo tried > {trace}", declared=Sudo.NONE)
    assert ran.gap("root").reason is GapReason.NEEDS_ROOT
    assert not trace.exists()


def test_a_part_for_root_that_breaks_off_is_told(tmp_path: Path) -> None:
    ran = ask(tmp_path, 'shift 2; STUB_UID=0; export STUB_UID; timeout -s KILL 0.5 "$@"')
    assert ran["root"].output == b"0\n"
    broken = Probe("root", "sleep 1.5", root=True)
    ended = run(PLAIN, broken, sudo=Sudo.ALL, edit=lambda script: with_path(script, tmp_path))
    assert ended.gap("root").reason in (GapReason.FAILED, GapReason.LINK_LOST)


def test_a_part_for_root_that_is_ended_in_silence_names_the_setting() -> None:
    """As ``Defaults command_timeout`` ends it."""
    assert "command_timeout" in sudo_gap(b"s124", "audit", began=True).detail
    assert "command_timeout" not in sudo_gap(b"esegmentation fault\ns139", "audit", began=True).detail


def test_root_needs_no_sudo(tmp_path: Path) -> None:
    stub(tmp_path, "id", "case $1 in -u) echo 0;; *) echo root;; esac")
    ran = run(PLAIN, ROOT, sudo=Sudo.NONE, edit=lambda script: with_path(script, tmp_path))
    assert (ran["root"].output, ran["root"].root, ran["plain"].root) == (b"0\n", True, True)
