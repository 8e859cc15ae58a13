"""Signatures of a bundle's seal: made by ssh-keygen and openssl, checked by us, strict about every byte."""

import base64
import subprocess
from pathlib import Path

import pytest

from secaudit.collect.bundle_signature import signer_of
from secaudit.errors import UsageError
from tests.unit.collect.collecting import PROBES, WHO, read, run, write
from tests.unit.collect.test_script import stub

SEALED = b"secaudit-bundle 1 0 4 abc\n"


def ssh_key(folder: Path, *kind: str) -> Path:
    """A new private key; its public one lies beside it."""
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", *kind, "-f", key], check=True)
    return key


def signed(key: Path, sealed: bytes = SEALED, namespace: str = "secaudit-bundle") -> bytes:
    """ssh-keygen's signature."""
    command = ["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", namespace]
    return subprocess.run(command, input=sealed, capture_output=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    "kind", [("ed25519",), ("rsa", "-b", "2048"), ("ecdsa", "-b", "256"), ("ecdsa", "-b", "521")]
)
def test_ssh_signatures_of_every_kind(kind: tuple[str, ...], tmp_path: Path) -> None:
    key = ssh_key(tmp_path, *kind)
    signer = signer_of(key.with_suffix(".pub"))
    listed = subprocess.run(["ssh-keygen", "-l", "-f", key], capture_output=True, check=True).stdout.decode()
    assert signer.fingerprint == listed.split()[1]
    assert signer.signed(SEALED, signed(key))
    assert not signer.signed(SEALED + b"x", signed(key))
    assert not signer.signed(SEALED, signed(key, namespace="file"))


def test_another_key_is_not_this_one(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    mine, other = ssh_key(tmp_path, "ed25519"), ssh_key(tmp_path / "other", "ed25519")
    assert not signer_of(mine.with_suffix(".pub")).signed(SEALED, signed(other))


def test_no_changed_signature_holds(tmp_path: Path) -> None:
    key = ssh_key(tmp_path, "ed25519")
    signer = signer_of(key.with_suffix(".pub"))
    first, *lines, last = signed(key).split(b"\n")
    blob = base64.b64decode(b"".join(lines))

    def armoured(changed: bytes) -> bytes:
        return b"\n".join([first, base64.b64encode(changed), last])

    assert signer.signed(SEALED, armoured(blob))
    for place in range(len(blob)):
        assert not signer.signed(
            SEALED, armoured(blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :])
        )
        assert not signer.signed(SEALED, armoured(blob[:place]))
    for odd in (armoured(blob + b"\0"), b"", b"openssl sha256\n", b"openssl sha256\nAAAA", first, b"x" * 99):
        assert not signer.signed(SEALED, odd)


@pytest.mark.parametrize(
    "kind", [["rsa", "-pkeyopt", "rsa_keygen_bits:2048"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]]
)
def test_openssl_signs_where_ssh_keygen_cannot(kind: list[str], tmp_path: Path) -> None:
    key, public = tmp_path / "key.pem", tmp_path / "public.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", *kind, "-out", key], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True)
    stub(tmp_path, "ssh-keygen", "exit 1")
    file = write(
        tmp_path, edit=lambda text: text.replace("PATH=/usr/local/sbin", f"PATH={tmp_path}:/usr/local/sbin")
    )
    ran = run(file, *WHO, "-k", str(key))
    assert ran.code == 0, ran
    collected = read(tmp_path, ran.out).collected
    assert collected.signature.startswith(b"openssl sha256\n")
    assert signer_of(public).signed(collected.sealed, collected.signature)
    assert not signer_of(public).signed(collected.sealed + b"x", collected.signature)


def test_a_collector_signs_its_seal(tmp_path: Path) -> None:
    key = ssh_key(tmp_path, "ed25519")
    ran = run(write(tmp_path), *WHO, "-k", str(key))
    collected = read(tmp_path, ran.out).collected
    assert signer_of(key.with_suffix(".pub")).signed(collected.sealed, collected.signature)
    assert len(collected.observations) == len(PROBES)


@pytest.mark.parametrize(
    "content", ["", "hello", "ssh-ed25519 AAAA", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]
)
def test_what_is_no_public_key_is_told(content: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(content)
    with pytest.raises(UsageError, match="no public key"):
        signer_of(tmp_path / "key")


def test_a_short_or_strange_key_is_refused(tmp_path: Path) -> None:
    short = ssh_key(tmp_path, "rsa", "-b", "1024").with_suffix(".pub")
    public = tmp_path / "dh.pem"
    key = tmp_path / "x25519.pem"
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "x25519", "-out", key], check=True, capture_output=True
    )
    subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True)
    for file in (short, public):
        with pytest.raises(UsageError, match="no public key"):
            signer_of(file)
    with pytest.raises(UsageError, match="cannot be read"):
        signer_of(tmp_path / "missing")
