"""Certificates that services show."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from secaudit.facts.certificate import read_certificate
from secaudit.facts.fact import GapFound
from secaudit.facts.processes import Processes
from secaudit.facts.service_certificates import ServiceCertificate, service_certificates

UNTIL = datetime(2027, 1, 31, 12, tzinfo=UTC)
RUNNING = Processes("systemd", (), ("master", "nginx"))
# Signed with SHA-1 by a key of 1024 bits, made once: nothing here signs like that any more.
OLD = """-----BEGIN CERTIFICATE-----
MIICCDCCAXGgAwIBAgIUNlJRUWvms3Q8k+ErhrAXM8ImwFQwDQYJKoZIhvcNAQEF
BQAwFjEUMBIGA1UEAwwLb2xkLmV4YW1wbGUwHhcNMjYxMTI4MTA1ODA5WhcNMzYx
MTI1MTA1ODA5WjAWMRQwEgYDVQQDDAtvbGQuZXhhbXBsZTCBnzANBgkqhkiG9w0B
AQEFAAOBjQAwgYkCgYEAxN/8jK5V57dMBJ/qv//4rrdRxQgvSzDmwy9pUzbYxp6l
ugvKuZIn+n4oUalfblijhWa0eaOkz4P+AaMo1NWsyzIJHsYNU8M5sXoWaV4kDPG5
2RqVRWvtolA3+3nWSTJZrhIH5EhCu8TVD9VlFTbETiV//JPO8lRhUptrRrypHgUC
AwEAAaNTMFEwHQYDVR0OBBYEFAlqZJwc9/yP+sGcRtokCaEtCpQVMB8GA1UdIwQY
MBaAFAlqZJwc9/yP+sGcRtokCaEtCpQVMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZI
hvcNAQEFBQADgYEAgnZLnlMCXn70VDjX1flr8bpZ35YEE0gr2m4fWTjvrI49xT3L
Ndmasnc/o5+d6VE8pobjndbpFiaykramqPqESor2mbS3DeEM96Bh5VV0E7+CZLRf
KHk4fohgE26ajm4m/8e9gOpNn46YrBlAcaU/xSu0iJQ/LQ5qsfl7vxrrGLM=
-----END CERTIFICATE-----
"""


def made(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, UNTIL - timedelta(days=90), UNTIL)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


STRONG = made(ec.generate_private_key(ec.SECP256R1()))


def answer(pem: str, settings: str = "/etc/nginx/nginx.conf", path: str = "/etc/tls/site.pem") -> str:
    lines = "".join(f" {line}\n" for line in pem.splitlines())
    return (
        f"@@ settings\n#+ {settings}\n#= {settings}\n certificate {path}\n"
        f"@@ certificates\n#= /etc/tls/site.pem\n{lines}@@ end\n"
    )


def test_a_certificate_of_a_service_that_runs() -> None:
    assert service_certificates(answer(STRONG), RUNNING) == (
        ServiceCertificate("/etc/tls/site.pem", "nginx", "2027-01-31", int(UNTIL.timestamp()), ""),
    )


@pytest.mark.parametrize("settings", ["/etc/apache2/sites-enabled/a.conf", "/etc/dovecot/dovecot.conf"])
def test_a_service_that_does_not_run_shows_none(settings: str) -> None:
    assert service_certificates(answer(STRONG, settings), RUNNING) == ()


def test_a_file_that_is_absent_or_holds_none_is_shown_by_nobody() -> None:
    assert service_certificates(answer("", "/etc/postfix/main.cf"), RUNNING) == ()
    assert service_certificates(answer(STRONG, path="/etc/tls/other.pem"), RUNNING) == ()


def test_what_is_no_certificate_is_a_gap() -> None:
    with pytest.raises(GapFound):
        service_certificates(answer("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"), RUNNING)


def test_what_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        service_certificates(answer(STRONG).removesuffix("@@ end\n"), RUNNING)


def test_strong_and_weak() -> None:
    assert read_certificate(STRONG) == (UNTIL, "")
    assert read_certificate(made(rsa.generate_private_key(65537, 2048)))[1] == ""
    assert read_certificate(OLD)[1] == "SHA-1, RSA 1024"
