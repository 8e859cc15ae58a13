"""Keys that open accounts: how strong they are and what ties them."""

import subprocess
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.login_bypass import TRUST, USUAL, KeyHolders, LoginKey, parse_trust
from secaudit.facts.login_keys import heeded
from secaudit.facts.passwd_file import Identity
from tests.unit.facts.answers import in_root

FILE = "/home/ann/.ssh/authorized_keys"


@pytest.mark.parametrize(
    ("line", "kind", "bits", "limited"),
    [
        (f"key|ann|ssh-rsa|372|free|{FILE}", "ssh-rsa", 2048, False),
        (f"key|ann|ssh-rsa|202|limited|{FILE}", "ssh-rsa", 1024, True),
        (f"key|ann|ssh-dss|580|free|{FILE}", "ssh-dss", 1024, False),
        (f"key|ann|ssh-ed25519|68|free|{FILE}", "ssh-ed25519", 0, False),
    ],
)
def test_strength_and_limits(line: str, kind: str, bits: int, limited: bool) -> None:
    assert parse_trust(f"{line}\nend\n").each == (LoginKey("ann", FILE, kind, bits, limited),)


@pytest.mark.parametrize("line", ["key|ann|ssh-rsa|x|free|/a", "key|ann|ssh-rsa|9|?|/a", "key|ann"])
def test_what_is_no_key_is_a_gap(line: str) -> None:
    with pytest.raises(GapFound):
        parse_trust(f"{line}\nend\n")


def test_the_probe_tells_kinds_and_no_keys(tmp_path: Path) -> None:
    rsa = "AAAA" + "B" * 366 + "=="
    lines = [
        "# ssh-rsa AAAAcomment",
        f"ssh-rsa {rsa} CANARY@host",
        f'from="10.0.0.1,CANARY",no-pty ssh-rsa {rsa} x',
        'command="echo from=CANARY \\"ssh-rsa\\" more",restrict\tssh-ed25519 AAAAC3 x',
        'environment="X=from=CANARY" ecdsa-sha2-nistp256 AAAAE2',
        "CANARY",
    ]
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh/authorized_keys").write_text("\n".join(lines) + "\n")
    (tmp_path / "passwd").write_text(f"ann:x:1000:1000::{tmp_path}:/bin/sh\n")
    command = TRUST.command.replace("/etc/passwd", str(tmp_path / "passwd"))
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert "CANARY" not in done.stdout
    found = parse_trust(done.stdout)
    assert [(key.kind, key.bits, key.limited) for key in found.each] == [
        ("ssh-rsa", 2032, False),
        ("ssh-rsa", 2032, True),
        ("ssh-ed25519", 0, True),
        ("ecdsa-sha2-nistp256", 0, False),
    ]
    assert [holder.keys for holder in found.keys] == [5]


@pytest.mark.parametrize(
    ("options", "limited"),
    [
        ('from="10.0.0.1"', True),
        ('FROM="10.0.0.1"', True),
        ('from="*"', False),
        ('from="*.*.*.*"', False),
        ('from="10.0.0.1,0.0.0.0/0"', False),
        ('from="::/0"', False),
        ('from="10.0.0.0/8,!10.0.0.9"', True),
        ('from="*",command="/bin/true"', True),
        ('restrict,from="*.example.org"', True),
    ],
)
def test_from_anywhere_is_no_limit(tmp_path: Path, options: str, limited: bool) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "keys").write_text(f"{options} ssh-ed25519 AAAAC3 x\n")
    (key,) = asked(tmp_path, f"AuthorizedKeysFile {tmp_path}/keys")
    assert key.limited is limited


def asked(root: Path, *settings: str) -> tuple[LoginKey, ...]:
    (root / "etc/ssh").mkdir(parents=True, exist_ok=True)
    (root / "etc/ssh/sshd_config").write_text("\n".join(settings) + "\n")
    (root / "etc/passwd").write_text("ann:x:1000:1000::/home/ann:/bin/sh\n")
    return parse_trust(in_root(root, TRUST)).each


def test_the_probe_looks_where_sshd_does(tmp_path: Path) -> None:
    """Debian 12: root came in by a key in /etc/ssh/keys/%u, of which nothing was said."""
    (tmp_path / "etc/ssh/keys").mkdir(parents=True)
    (tmp_path / "etc/ssh/keys/ann").write_text("ssh-ed25519 AAAAC3 x\n")
    for setting in (
        f"AuthorizedKeysFile {tmp_path}/etc/ssh/keys/%u .ssh/authorized_keys",
        f'authorizedkeysfile="{tmp_path}/etc/ssh/keys/%u"',
        f"Match User ann\n  AuthorizedKeysFile\t{tmp_path}/etc/%%/../ssh/keys/%u {tmp_path}/etc/ssh/keys/%u",
    ):
        (key,) = asked(tmp_path, setting)
        assert (key.account, key.path.endswith("/etc/ssh/keys/ann")) == ("ann", True)
    assert asked(tmp_path, "AuthorizedKeysFile none") == ()


ANN = Identity("ann", 1000, 1000, "/home/ann", "/bin/sh", True, False)
ROWS = (KeyHolders("ann", 1, FILE), KeyHolders("ann", 2, "/etc/ssh/keys/ann"))


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (USUAL, [1]),
        (("/etc/ssh/keys/%u",), [2]),
        (("%h/.ssh/authorized_keys", "/etc/ssh/keys/%u"), [1, 2]),
        (("/etc/ssh/keys/%U",), []),
        ((), []),
    ],
)
def test_keys_in_files_that_sshd_does_not_look_at_open_nothing(
    wanted: tuple[str, ...], keys: list[int]
) -> None:
    looked_in = (*USUAL, "/etc/ssh/keys/%u", "/etc/ssh/keys/%U", "%h/.ssh/authorized_keys")
    assert [row.keys for row in heeded(ROWS, looked_in, wanted, [ANN])] == keys


def test_a_place_that_was_not_looked_in_is_a_gap() -> None:
    with pytest.raises(GapFound, match="/srv/keys"):
        heeded(ROWS, USUAL, ["/srv/keys/%u"], [ANN])
