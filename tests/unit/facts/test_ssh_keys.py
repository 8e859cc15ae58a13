"""Host keys by the length of their public half, and the system-wide policy."""

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.ssh_keys import HOST_KEYS, parse_crypto_policy, parse_host_keys
from secaudit.model.evidence import GapReason

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA root@h\n"


@pytest.mark.parametrize("bits", [1024, 2048, 3072])
def test_the_strength_of_real_keys(tmp_path: Path, bits: int) -> None:
    public = generate_private_key(65537, bits).public_key()
    line = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    (tmp_path / "ssh_host_rsa_key.pub").write_text(f"{line} root@h\n")
    (tmp_path / "ssh_host_rsa_key").write_text("")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/old.pub").write_text(f"{line} root@h\n")
    (tmp_path / "ssh_host_ed25519_key.pub").write_text(ED25519)
    command = HOST_KEYS.command.replace("/etc/ssh/", f"{tmp_path}/")
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=20, check=True)
    assert "AAAA" not in done.stdout
    used = tuple(f"{tmp_path}/{name}" for name in ("ssh_host_rsa_key", "ssh_host_ed25519_key", "keys/old"))
    rows = parse_host_keys(done.stdout, used)
    assert [(row.kind, row.bits) for row in rows] == [
        ("ssh-rsa", bits),
        ("ssh-ed25519", 0),
        ("ssh-rsa", bits),
    ]


def test_a_key_that_is_used_and_not_described_is_a_gap() -> None:
    for path, listed in (
        ("/etc/ssh/ssh_host_rsa_key", "key /etc/ssh/ssh_host_rsa_key\n"),
        ("/opt/ssh/key", ""),
        ("/etc/ssh/keys/old", ""),
    ):
        with pytest.raises(GapFound) as found:
            parse_host_keys(f"{listed}end", (path,))
        assert found.value.gap.reason is GapReason.NOT_COLLECTED


def test_a_key_that_sshd_names_and_nobody_made_is_none() -> None:
    assert parse_host_keys("end", ("/etc/ssh/ssh_host_dsa_key",)) == ()
    with pytest.raises(GapFound):
        parse_host_keys("key /etc/ssh/a\n", ())


@pytest.mark.parametrize(
    ("text", "base", "modules"),
    [
        ("end", "NONE", ()),
        (
            "/etc/crypto-policies/state/current DEFAULT\n/etc/crypto-policies/config LEGACY\nend",
            "DEFAULT",
            (),
        ),
        ("/etc/crypto-policies/config legacy\nend", "LEGACY", ()),
        (
            "/etc/crypto-policies/state/current DEFAULT:SHA1:AD-SUPPORT\nend",
            "DEFAULT",
            ("SHA1", "AD-SUPPORT"),
        ),
    ],
)
def test_the_policy(text: str, base: str, modules: tuple[str, ...]) -> None:
    found = parse_crypto_policy(text)
    assert (found.base.upper(), found.modules) == (base, modules)


@given(
    st.lists(
        st.sampled_from(["end", "pub /etc/ssh/a.pub ssh-rsa 372 0", "pub x", "/etc/x"]) | st.text(max_size=20)
    )
)
def test_any_text_gives_a_value_or_a_gap(lines: list[str]) -> None:
    text = "\n".join(lines)
    with suppress(GapFound):
        parse_host_keys(text, ("/etc/ssh/a",))
    with suppress(GapFound):
        parse_crypto_policy(text)
