"""Whether packages come from the office's own hosts or from mirrors that anybody may ask."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.package_sources import PACKAGE_SOURCES
from secaudit.facts.time_places import place_of
from secaudit.model.text import Text

_PUBLIC = re.compile(
    r"(?:.+\.)?(?:debian\.org|ubuntu\.com|centos\.org|redhat\.com|rockylinux\.org|almalinux\.org|openeuler\.org"
    r"|openatom\.cn|openanolis\.cn|kylinos\.cn|uniontech\.com|chinauos\.com|suse\.com|opensuse\.org|alpinelinux\.org"
    r"|fedoraproject\.org|docker\.com|mirrors\.aliyun\.com|tencent\.com|huaweicloud\.com|163\.com|edu\.cn|sohu\.com"
    r"|github\.com|microsoft\.com|mysql\.com|postgresql\.org|nginx\.org)"
)


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A host that packages come from; ``place`` is ``inside``, ``outside``, ``local`` or ``?`` (not told by its name).

    Local are discs and folders of the host itself.
    """

    host: str
    place: str


def places(hosts: Iterable[str]) -> tuple[SourcePlace, ...]:
    """``10.0.0.5:8080``, ``deb.debian.org``, ``-`` → SourcePlace, each host once."""
    return tuple(SourcePlace(host, _place(host.lower())) for host in dict.fromkeys(hosts))


def _place(host: str) -> str:
    if host == "-":
        return "local"
    bare = re.sub(r":\d+$", "", host) if host.count(":") == 1 else host
    return "outside" if _PUBLIC.fullmatch(bare) else place_of(bare)


def build_source_places(evidence: Evidence) -> tuple[SourcePlace, ...]:
    """The hosts; empty where no source is set."""
    return places(source.host for source in evidence.fact(PACKAGE_SOURCES.name))


SOURCE_PLACES = Fact(
    "source_places",
    Text("软件源的位置", "Where package sources are"),
    tuple[SourcePlace, ...],
    build_source_places,
    uses=(PACKAGE_SOURCES.name,),
)
