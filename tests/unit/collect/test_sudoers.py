"""The sudoers file of a set of probes: exactly their commands, and visudo reads it."""

import shutil
import subprocess

import pytest

from secaudit.collect.sudoers import sudoers_text
from secaudit.facts.catalogue import BUILT_IN
from secaudit.model.evidence import Probe
from secaudit.model.register import Sudo

PROBES = (
    Probe("a.shadow", "root cat /etc/shadow", root=True, as_root=("/usr/bin/cat /etc/shadow",)),
    Probe("a.odd", "…", root=True, as_root=("/usr/sbin/sshd -T -C user=x,host=y:1", "/usr/sbin/nft")),
    Probe("a.user", "id", as_root=()),
    Probe("a.whole", "id", root=True),
)
SHIPPED = tuple(probe for fact in BUILT_IN.values() for probe in fact.probes)


def test_listed_allows_exactly_the_commands_of_the_probes() -> None:
    text = sudoers_text("audit", PROBES, Sudo.LISTED)
    assert text.split("!requiretty\n")[1] == (
        "Cmnd_Alias SECAUDIT_A_ODD = \\\n"
        '    /sbin/nft "", \\\n'
        "    /sbin/sshd -T -C user\\=x\\,host\\=y\\:1, \\\n"
        '    /usr/sbin/nft "", \\\n'
        "    /usr/sbin/sshd -T -C user\\=x\\,host\\=y\\:1\n"
        "Cmnd_Alias SECAUDIT_A_SHADOW = \\\n"
        "    /bin/cat /etc/shadow, \\\n"
        "    /usr/bin/cat /etc/shadow\n"
        "audit ALL=(root) NOPASSWD: SECAUDIT_A_ODD, \\\n"
        "    SECAUDIT_A_SHADOW\n"
    )


@pytest.mark.parametrize(
    ("sudo", "rules"),
    [
        (Sudo.NONE, []),
        (Sudo.ALL, ["Defaults:audit !requiretty", "audit ALL=(root) NOPASSWD: /bin/sh"]),
        (Sudo.PASSWORD, ["Defaults:audit !requiretty, !lecture", "audit ALL=(root) PASSWD: /bin/sh"]),
    ],
)
def test_the_other_ways_have_one_rule(sudo: Sudo, rules: list[str]) -> None:
    lines = sudoers_text("audit", PROBES, sudo).splitlines()
    assert [line for line in lines if not line.startswith("#")] == rules


@pytest.mark.parametrize(
    "command", ["cat /etc/shadow", "/usr/bin/cat *", "/usr/bin/cat /a; rm", '/usr/bin/x ""']
)
def test_a_command_that_is_not_fixed_is_refused(command: str) -> None:
    with pytest.raises(ValueError, match="is not fixed"):
        sudoers_text("audit", [Probe("a", "x", root=True, as_root=(command,))], Sudo.LISTED)


@pytest.mark.skipif(shutil.which("visudo") is None, reason="visudo (sudo) is not installed")
@pytest.mark.parametrize("user", ["audit", "DOM\\ann", "ann@example.org", "a-b.c"])
@pytest.mark.parametrize("sudo", Sudo)
@pytest.mark.parametrize("probes", [PROBES, SHIPPED, ()])
def test_visudo_reads_it(probes: tuple[Probe, ...], sudo: Sudo, user: str) -> None:
    text = sudoers_text(user, probes, sudo)
    done = subprocess.run(
        ["visudo", "-cf", "-"], input=text.encode(), capture_output=True, check=False
    )  # visudo(8): ``-`` is standard input
    assert (done.returncode, done.stdout + done.stderr) == (0, b"stdin: parsed OK\n"), text
