"""The virtual hosts of Apache that speak TLS: mod_ssl."""

from collections.abc import Iterable
from typing import Final

from secaudit.facts.config_files import ConfigFile
from secaudit.facts.tls_site import Site

FOLDERS: Final = ("/etc/apache2/", "/etc/httpd/")
_ALL = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_NAMES = {name.lower(): name for name in ("SSLv2", *_ALL)}


def apache_sites(files: Iterable[ConfigFile]) -> list[Site]:
    """Those with the engine on; one without SSLProtocol has that of the main server, where it says so."""
    main: tuple[str, ...] | None = None
    sites: list[Site] = []
    for file in files:
        inside = False
        for line in file.lines if file.path.startswith(FOLDERS) else ():
            head, _, rest = line.partition(" ")
            if head in ("<virtualhost", "</virtualhost"):
                inside = head == "<virtualhost"
                sites += [Site("Apache", file.path)] if inside else []
            elif inside:
                _take(sites[-1], head, rest)
            elif head == "sslprotocol":
                main = protocols_of(rest)
    for site in sites:
        site.protocols = site.protocols or main
    return [site for site in sites if site.speaks]


def _take(site: Site, head: str, rest: str) -> None:
    if head == "sslprotocol":
        site.protocols = protocols_of(rest)
    elif head == "sslengine":
        site.speaks = rest == "on"
    elif head == "seclevel":
        site.lowered = True


def protocols_of(said: str) -> tuple[str, ...]:
    """``all -SSLv3`` → TLSv1 to TLSv1.3; a word without a sign replaces what stands before it."""
    chosen: set[str] = set()
    for word in said.split():
        sign, name = (word[0], word[1:].lower()) if word[0] in "+-" else ("", word.lower())
        named = set(_ALL) if name == "all" else {_NAMES.get(name, name)}
        chosen = chosen - named if sign == "-" else chosen | named if sign else named
    return tuple(sorted(chosen)) or ("none",)
