"""Keys, certificates and a sealed package, made by openssl as an office would."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

from secaudit.handover.certificate import Certificate, read_certificate
from secaudit.handover.manifest import Manifest
from secaudit.handover.package import part_of, write_package
from secaudit.handover.signer import Signer, read_signer

KEYS = {
    "ed25519": ("-algorithm", "ed25519"),
    "rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "sm2": ("-algorithm", "SM2"),
}


def openssl(*arguments: str, code: int = 0) -> str:
    """Run openssl; what it printed."""
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def pair(folder: Path, kind: str, days: int = 365, name: str = "office") -> tuple[Path, Path]:
    """A private key and its certificate."""
    key, certificate = folder / f"{name}-{kind}.key", folder / f"{name}-{kind}.crt"
    openssl("genpkey", *KEYS[kind], "-out", str(key))
    key.chmod(0o600)
    special = ("-sm3", "-sigopt", "distid:1234567812345678") if kind == "sm2" else ()
    subject = ("-subj", f"/O=市/CN={name}", "-utf8", "-days", str(days))
    openssl("req", "-new", "-x509", "-key", str(key), *special, *subject, "-out", str(certificate))
    return key, certificate


def signer(folder: Path, kind: str = "ed25519", name: str = "office") -> Signer:
    key, certificate = pair(folder, kind, name=name)
    return read_signer(key, read_certificate(certificate))


def manifest_of(certificate: Certificate, files: dict[str, Path], sequence: int = 7) -> Manifest:
    """A manifest of these files, built now."""
    return Manifest(
        number="网安〔2026〕7号",
        agency="public-security",
        office="市网络安全办公室",
        sequence=sequence,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        marking="内部",
        systems=("oa",),
        ledger="3:" + "a" * 64 + ":" + "b" * 64,
        signature=certificate.algorithm,
        certificate_serial=certificate.serial,
        facts={"open": 12},
        files=tuple(part_of(name, file) for name, file in files.items()),
    )


def package(folder: Path, made_by: Signer, sequence: int = 7) -> Path:
    """A package of two small files."""
    files = {}
    for name, content in (("报告.json", b'{"a": 1}'), ("附件/清单.csv", "资产,结论\r\n".encode())):
        files[name] = folder / name.replace("/", "-")
        files[name].write_bytes(content)
    manifest = manifest_of(made_by.certificate, files, sequence).encode()
    target = folder / "package.zip"
    with target.open("wb") as stream:
        write_package(stream, manifest, made_by.sign(manifest), files)
    return target
