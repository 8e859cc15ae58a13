"""Sealed packages: whole ones are taken, whatever was done to one is found, openssl agrees."""

import importlib.util
import random
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.errors import UsageError
from secaudit.handover.certificate import read_certificate
from secaudit.handover.envelope import encrypted
from secaudit.handover.manifest import decode
from secaudit.handover.signer import Signer, read_signer
from secaudit.handover.verification import Verified, verify
from tests.unit.handover.sealing import KEYS, manifest_of, openssl, package, pair, signer

NOW = datetime.now(UTC) + timedelta(hours=1)  # the certificates are made after this line
KINDS = [kind for kind in KEYS if kind != "sm2" or importlib.util.find_spec("tongsuopy")]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return signer(tmp_path_factory.mktemp("office"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_is_verified_by_us_and_by_openssl(tmp_path: Path, kind: str) -> None:
    made_by = signer(tmp_path, kind)
    sealed = package(tmp_path, made_by)
    verified = verify(sealed, made_by.certificate, NOW)
    assert (verified.faults, verified.warnings) == ((), ())
    assert verified.manifest is not None
    assert verified.manifest.number == "网安〔2026〕7号"
    with zipfile.ZipFile(sealed) as opened:
        opened.extractall(tmp_path / "out")
    manifest, signature, public = (
        str(tmp_path / "out" / name) for name in ("manifest.json", "manifest.sig", "pub")
    )
    openssl("x509", "-in", str(tmp_path / f"office-{kind}.crt"), "-pubkey", "-noout", "-out", public)
    match kind:
        case "ed25519":
            told = openssl(
                "pkeyutl",
                "-verify",
                "-pubin",
                "-inkey",
                public,
                "-rawin",
                "-in",
                manifest,
                "-sigfile",
                signature,
            )
        case "rsa":
            pss = ("-sigopt", "rsa_padding_mode:pss")
            told = openssl("dgst", "-sha256", *pss, "-verify", public, "-signature", signature, manifest)
        case _:
            distid = ("-sigopt", "distid:1234567812345678")
            told = openssl("dgst", "-sm3", *distid, "-verify", public, "-signature", signature, manifest)
    assert "Verified" in told
    part = verified.manifest.files[0]
    assert part.sm3 in openssl("dgst", "-sm3", str(tmp_path / "out" / part.name))


def test_every_byte_changed_is_found(tmp_path: Path, office: Signer) -> None:
    sealed = package(tmp_path, office)
    content = sealed.read_bytes()
    choose, changed = random.Random(39786), tmp_path / "changed.zip"
    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << choose.randrange(8)
        changed.write_bytes(flipped)
        assert verify(changed, office.certificate, NOW).faults, place
    for cut in range(0, len(content), 97):
        changed.write_bytes(content[:cut])
        assert verify(changed, office.certificate, NOW).faults, cut
    changed.write_bytes(content + b"\0")
    assert verify(changed, office.certificate, NOW).faults


def told(verified: Verified) -> str:
    return "; ".join(verified.faults)


def test_an_old_package_again_is_told(tmp_path: Path, office: Signer) -> None:
    sealed = package(tmp_path, office)
    assert not verify(sealed, office.certificate, NOW, after=6).faults
    assert "an old one again" in told(verify(sealed, office.certificate, NOW, after=7))


def test_another_office_or_an_expired_certificate_is_told(tmp_path: Path, office: Signer) -> None:
    sealed = package(tmp_path, office)
    other = signer(tmp_path, "rsa", name="other").certificate
    assert "CN=other,O=市 did not sign" in told(verify(sealed, other, NOW))
    later = NOW + timedelta(days=500)
    assert verify(sealed, office.certificate, later).warnings
    files = {"a": tmp_path / "package.zip"}
    manifest = manifest_of(office.certificate, files)
    old = replace(manifest, built_at="2020-01-01T00:00:00+00:00").encode()
    written(
        tmp_path / "old.zip",
        {"manifest.json": old, "manifest.sig": office.sign(old), "a": sealed.read_bytes()},
    )
    assert "the certificate is valid from" in told(verify(tmp_path / "old.zip", office.certificate, NOW))


def written(target: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(target, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return target


def test_a_file_that_stands_there_twice_is_told(tmp_path: Path, office: Signer) -> None:
    sealed = package(tmp_path, office)
    with zipfile.ZipFile(sealed) as opened:
        files = [(entry, opened.read(entry)) for entry in opened.infolist()]
    with zipfile.ZipFile(sealed, "w") as made:
        for entry, content in files:
            made.writestr(entry, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr(*files[-1])
    assert "twice" in told(verify(sealed, office.certificate, NOW))


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a\\b", "a/../../b", "..", "a//b", "x" * 500])
def test_names_that_lead_out_are_refused(tmp_path: Path, office: Signer, name: str) -> None:
    made = written(tmp_path / "p.zip", {"manifest.json": b"{}", "manifest.sig": b"", name: b"x"})
    assert "none of a package" in told(verify(made, office.certificate, NOW))


def test_what_is_no_package_is_told(tmp_path: Path, office: Signer) -> None:
    for number, content in enumerate((b"", b"PK\x03\x04", b"nothing" * 1000)):
        (tmp_path / str(number)).write_bytes(content)
        assert "no whole zip" in told(verify(tmp_path / str(number), office.certificate, NOW))
    made = written(tmp_path / "p.zip", {"a": b""})
    assert "not its first files" in told(verify(made, office.certificate, NOW))
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("manifest.json", b"0" * 50_000_000)
        opened.writestr("manifest.sig", b"")
    assert "none of a package" in told(verify(bomb, office.certificate, NOW))
    large = written(tmp_path / "l.zip", {"manifest.json": b" " * (17 << 20), "manifest.sig": b""})
    assert "manifest.json is too large" in told(verify(large, office.certificate, NOW))
    with pytest.raises(UsageError, match="cannot be read"):
        verify(tmp_path / "none.zip", office.certificate, NOW)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"format": "secaudit-package/1"}', b"\xff", b"[" * 100_000]
)
def test_other_texts_are_no_manifest(content: bytes) -> None:
    assert decode(content) is None


def test_a_package_is_opened_by_its_recipient_alone(tmp_path: Path, office: Signer) -> None:
    sealed = package(tmp_path, office)
    key, certificate = pair(tmp_path, "rsa", name="recipient")
    closed = tmp_path / "package.zip.p7m"
    closed.write_bytes(encrypted(sealed, read_certificate(certificate)))
    assert "网安" not in closed.read_bytes().decode("utf-8", "ignore")
    opened = tmp_path / "opened.zip"
    openssl("cms", "-decrypt", "-inform", "DER", "-in", str(closed), "-inkey", str(key), "-out", str(opened))
    assert opened.read_bytes() == sealed.read_bytes()
    with pytest.raises(UsageError, match="nothing can be encrypted"):
        encrypted(sealed, office.certificate)


def test_keys_and_certificates_that_cannot_seal_are_refused(tmp_path: Path) -> None:
    key, certificate = pair(tmp_path, "ed25519")
    other = pair(tmp_path, "ed25519", name="other")[0]
    with pytest.raises(UsageError, match="does not belong"):
        read_signer(other, read_certificate(certificate)).sign(b"x")
    with pytest.raises(UsageError, match="no certificate that can seal"):
        read_certificate(key)
    with pytest.raises(UsageError, match="cannot be read"):
        read_certificate(tmp_path / "none")
    key.chmod(0o644)
    with pytest.raises(UsageError, match="others may read"):
        read_signer(key, read_certificate(certificate))
    certificate.chmod(0o600)
    with pytest.raises(UsageError, match="no private key"):
        read_signer(certificate, read_certificate(certificate))
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(tmp_path / "ec.key"))
    (tmp_path / "ec.key").chmod(0o600)
    with pytest.raises(UsageError, match="no private key that can be used"):
        read_signer(tmp_path / "ec.key", read_certificate(certificate))
