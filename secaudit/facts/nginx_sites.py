"""The sites of nginx, from its files with what they include: ngx_http_ssl_module, ngx_stream_ssl_module."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from secaudit.facts.config_files import ConfigFile
from secaudit.facts.fact import GapFound
from secaudit.facts.tls_site import Site
from secaudit.model.evidence import GapReason

FOLDER: Final = "/etc/nginx/"
MAIN: Final = FOLDER + "nginx.conf"
_MOST_WORDS, _DEEPEST = 200_000, 10


@dataclass(slots=True)
class _Reading:
    """What was read so far: the blocks that are open, the protocols of outer ones, the sites."""

    blocks: list[str] = field(default_factory=list)
    next_block: str = ""
    outer: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)

    def take(self, path: str, word: str) -> None:
        """``server``, ``{``, ``listen 443 ssl``, ``}`` in the order of the file."""
        head, _, rest = word.partition(" ")
        if word == "{":
            self.blocks.append(self.next_block)
            if self.next_block == "server":
                self.sites.append(Site("nginx", path, self.blocks[0]))
            self.next_block = ""
        elif word == "}":
            self.blocks = self.blocks[:-1]
        elif head in ("server", "http") and not rest:
            self.next_block = head
        elif "server" in self.blocks:
            self.take_of_site(self.sites[-1], head, rest)
        elif head == "ssl_protocols":
            self.outer[self.blocks[0] if self.blocks else ""] = tuple(rest.split())

    def take_of_site(self, site: Site, head: str, rest: str) -> None:
        """A word inside a server's block."""
        if head == "ssl_protocols":
            site.protocols = tuple(rest.split())
        elif (head == "listen" and "ssl" in rest.split()) or (head == "ssl" and rest == "on"):
            site.speaks = True
        elif head == "seclevel":
            site.lowered = True


def nginx_sites(files: Iterable[ConfigFile]) -> list[Site]:
    """The sites that speak TLS; one without ssl_protocols has those of the block around it. Raises GapFound."""
    own = {file.path: file for file in files if file.path.startswith(FOLDER)}
    reading = _Reading()
    for path, word in _words(MAIN, own, 0, [_MOST_WORDS]):
        reading.take(path, word)
    for site in reading.sites:
        site.protocols = site.protocols or reading.outer.get(site.within)
    return [site for site in reading.sites if site.speaks]


def _words(
    path: str, files: Mapping[str, ConfigFile], depth: int, left: list[int]
) -> Iterator[tuple[str, str]]:
    """The file it stands in and each word, those of included files in their place; raises GapFound for too many."""
    if path not in files or depth > _DEEPEST:
        return
    for word in files[path].lines:
        left[0] -= 1
        if left[0] < 0:
            raise GapFound(GapReason.UNPARSABLE, "the files of nginx include each other")
        if not word.startswith("include "):
            yield path, word
            continue
        pattern = word.removeprefix("include ")
        pattern = pattern if pattern.startswith("/") else FOLDER + pattern
        for included in sorted(files):
            if included == pattern or fnmatchcase(included, pattern):
                yield from _words(included, files, depth + 1, left)
