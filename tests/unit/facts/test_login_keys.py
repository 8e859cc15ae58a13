"""Keys that open accounts: how strong they are and what ties them."""

import subprocess
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.login_bypass import TRUST, LoginKey, parse_trust

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
