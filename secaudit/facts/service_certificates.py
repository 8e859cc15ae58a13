"""Certificates that running services are told to show: until when they are valid, and how strong they are: RFC 5280."""

from collections.abc import Iterator
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.processes import Processes
from secaudit.facts.sections import sections
from secaudit.facts.tls_probe import TLS
from secaudit.facts.web_servers import APACHE, tls_settings
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

# What stands in the path of a configuration → the names of the service's processes.
_SERVICES = {
    "/nginx/": ("nginx",),
    "/apache2/": APACHE,
    "/httpd/": APACHE,
    "/postfix/": ("master",),
    "/dovecot/": ("dovecot",),
    "vsftpd": ("vsftpd",),
    "/mysql/": ("mysqld", "mariadbd"),
    "my.cnf": ("mysqld", "mariadbd"),
    "postgresql.conf": ("postgres", "postmaster"),
    "redis": ("redis-server",),
    "/haproxy/": ("haproxy",),
    "/stunnel/": ("stunnel", "stunnel4"),
    "rsyslog": ("rsyslogd",),
}


@dataclass(frozen=True, slots=True)
class ServiceCertificate:
    """The certificate that a file begins with, and a service that shows it; ``until`` as ISO and in seconds since 1970.

    ``weak``: what is too weak about it (``SHA-1``, ``RSA 1024``), "" for nothing.
    """

    path: str
    service: str
    until: str
    until_epoch_s: int
    weak: str


def service_certificates(text: str, processes: Processes) -> tuple[ServiceCertificate, ...]:
    """The certificates of services that run, by path; raises GapFound for one that cannot be read."""
    shown = {file.path: "\n".join(file.lines) for file in _certificates(text)}
    running = set(processes.names)
    found: dict[str, ServiceCertificate] = {}
    for path, service in _named(tls_settings(text)):
        if shown.get(path) and running & set(_SERVICES[service]):
            name = sorted(running & set(_SERVICES[service]))[0]
            found.setdefault(path, _read(path, name, shown[path]))
    return tuple(found[path] for path in sorted(found))


def _certificates(text: str) -> tuple[ConfigFile, ...]:
    return config_files("\n".join(sections(text).get("certificates", [])))


def _named(files: tuple[ConfigFile, ...]) -> Iterator[tuple[str, str]]:
    """Path of a certificate and key of the service whose configuration names it."""
    for file in files:
        service = next((word for word in _SERVICES if word in file.path), "")
        for line in file.lines if service else ():
            if line.startswith("certificate "):
                yield line.removeprefix("certificate "), service


def _read(path: str, service: str, pem: str) -> ServiceCertificate:
    from secaudit.facts.certificate import read_certificate  # 0.1 s to load: only where there is one

    try:
        until, weak = read_certificate(pem)
    except ValueError as error:
        raise GapFound(GapReason.UNPARSABLE, f"{path}: {error}"[:120]) from error
    return ServiceCertificate(path, service, until.date().isoformat(), int(until.timestamp()), weak)


def build_certificates(evidence: Evidence) -> tuple[ServiceCertificate, ...]:
    """The certificates of the asset's services; none is a value."""
    return service_certificates(evidence.text(TLS.id), evidence.fact("processes"))


SERVICE_CERTIFICATES = Fact(
    "service_certificates",
    Text("服务证书", "Certificates of services"),
    tuple[ServiceCertificate, ...],
    build_certificates,
    (TLS,),
    ("processes",),
)
