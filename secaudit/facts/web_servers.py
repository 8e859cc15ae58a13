"""Which TLS the sites of nginx and Apache are told to offer, and whether the host's library agrees on it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from secaudit.facts.apache_sites import FOLDERS, apache_sites
from secaudit.facts.config_files import ConfigFile, config_files
from secaudit.facts.crypto_policy import openssl_version
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.nginx_sites import MAIN, nginx_sites
from secaudit.facts.packages import Package
from secaudit.facts.sections import whole_sections
from secaudit.facts.tls_probe import TLS
from secaudit.facts.tls_site import Site
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

_OLD = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")
APACHE = ("apache2", "httpd", "httpd-event", "httpd-prefork", "httpd-worker")
# From 1.23.4 on nginx offers TLS 1.2 and 1.3 where nothing is said (its CHANGES).
_NEWER = (1, 23, 4)
_STRICT = 3  # from OpenSSL 3.0 on TLS before 1.2 takes security level 0


@dataclass(frozen=True, slots=True)
class TlsSite:
    """A site that speaks TLS, by the file it stands in; ``protocols`` as told, ``default`` where nothing is.

    ``old``: among them is one before TLS 1.2. ``refused``: the host's library does not agree on it all the same.
    ``told``: what it offers is known; not where the distribution, or a release that nobody knows, decides.
    """

    server: str
    file: str
    protocols: str
    old: bool
    refused: bool
    told: bool


def tls_settings(text: str) -> tuple[ConfigFile, ...]:
    """The files of the probe; raises GapFound."""
    parts = whole_sections(text, "the settings of TLS are cut off")
    return config_files("\n".join(parts.get("settings", [])))


def sites_of(files: tuple[ConfigFile, ...], running: Collection[str]) -> list[Site]:
    """The sites of the web servers that run; raises GapFound where their settings lie elsewhere."""
    found: list[Site] = []
    paths = {file.path for file in files}
    if "nginx" in running:
        if MAIN not in paths:
            raise GapFound(GapReason.NOT_SUPPORTED, f"nginx runs without {MAIN}")
        found += nginx_sites(files)
    if set(APACHE) & set(running):
        if not any(path.startswith(FOLDERS) for path in paths):
            raise GapFound(
                GapReason.NOT_SUPPORTED, "Apache runs, and its settings are not where packages put them"
            )
        found += apache_sites(files)
    return found


def judged(site: Site, newer: bool | None, refuses: bool) -> TlsSite:
    """``newer``: nginx offers TLS 1.2 at least by itself, None: not known. ``refuses``: so does the library."""
    refused = refuses and not site.lowered
    if site.protocols is None:
        told = site.server == "nginx" and newer is not None
        return TlsSite(site.server, site.file, "default", told and not newer, refused, told)
    old = any(protocol in _OLD for protocol in site.protocols)
    return TlsSite(site.server, site.file, " ".join(site.protocols), old, refused, True)


def newer_nginx(packages: Iterable[Package]) -> bool | None:
    """None where no package of nginx tells its release."""
    for package in packages:
        if package.name in ("nginx", "nginx-common", "nginx-core", "nginx-full", "nginx-light"):
            numbers = package.version.rpartition(":")[2].partition("-")[0].partition("+")[0].split(".")[:3]
            if len(numbers) == 3 and all(n.isascii() and n.isdigit() and len(n) < 6 for n in numbers):
                return tuple(map(int, numbers)) >= _NEWER
    return None


def build_web_servers(evidence: Evidence) -> tuple[TlsSite, ...]:
    """The sites of the asset that speak TLS; none is a value."""
    sites = sites_of(evidence.parsed(TLS.id, tls_settings), evidence.fact("processes").names)
    if not sites:
        return ()
    packages = evidence.fact("packages")
    strict = openssl_version(packages) >= _STRICT
    refuses = strict and not evidence.fact("system_crypto_policy").name.startswith("LEGACY")
    found = {judged(site, newer_nginx(packages), refuses) for site in sites}
    return tuple(sorted(found, key=lambda s: (s.server, s.file, s.protocols, s.refused)))


WEB_SERVERS = Fact(
    "web_servers",
    Text("网站服务器的 TLS", "TLS of web servers"),
    tuple[TlsSite, ...],
    build_web_servers,
    (TLS,),
    ("processes", "packages", "system_crypto_policy"),
)
