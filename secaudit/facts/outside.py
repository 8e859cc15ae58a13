"""Which TCP ports answer from the controller's side: nmap's XML."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

OUTSIDE = Probe(
    "outside.ports",
    # Asked by the controller, never on the target: `collect` fills in ports and address.
    "nmap -Pn -n -sT -oX - -p PORTS ADDRESS",
    timeout_s=120,
    limit_bytes=1_048_576,
)

_PORTS = re.compile(r"\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*", re.ASCII)
_STATES = {"open": "open", "closed": "closed", "unfiltered": "closed"}


@dataclass(frozen=True, slots=True)
class OutsidePort:
    """A port as seen from outside; ``state`` is ``open``, ``closed`` or ``filtered`` (nmap(1))."""

    protocol: str
    port: int
    state: str


@dataclass(frozen=True, slots=True)
class OutsideLook:
    """Whether somebody was to look from outside, and how many ports were looked at.

    Not ``asked``: the machine that scans is the asset, or the authorisation allows no port scan.
    """

    asked: bool
    ports: int


def parse_nmap(xml: str) -> tuple[OutsidePort, ...]:
    """``<port protocol="tcp" portid="22"><state state="open"/>…`` → a row for every port asked; raises GapFound."""
    root = _document(xml)
    asked = {
        (info.get("protocol", ""), port)
        for info in root.iter("scaninfo")
        for port in _ports(info.get("services", ""))
    }
    host = root.find("host")
    if host is None or not asked:
        raise GapFound(GapReason.NOT_COLLECTED, "nmap reports no host")
    seen = _listed(host)
    rest = asked - seen.keys()
    if rest:
        seen |= _grouped(host, rest)
    return tuple(OutsidePort(protocol, port, seen[protocol, port]) for protocol, port in sorted(seen))


def _document(xml: str) -> ElementTree.Element:
    """nmap writes ``<!DOCTYPE nmaprun>`` and no more: any other document type or entity is refused."""
    if "<!ENTITY" in xml or xml.replace("<!DOCTYPE nmaprun>", "", 1).count("<!DOCTYPE"):
        raise GapFound(GapReason.UNPARSABLE, "nmap's XML declares entities")
    try:
        # S314: the document type was refused above, so nothing can be expanded.
        root = ElementTree.fromstring(xml)  # noqa: S314
    except (ElementTree.ParseError, ValueError) as error:
        raise GapFound(GapReason.UNPARSABLE, f"nmap's XML: {error}") from error
    if root.tag != "nmaprun":
        raise GapFound(GapReason.UNPARSABLE, f"not nmap's XML: {root.tag[:40]}")
    return root


def _ports(text: str) -> set[int]:
    if not _PORTS.fullmatch(text):
        return set()
    ranges = [part.partition("-") for part in text.split(",")]
    found: set[int] = set()
    reached = -1
    for low, high in sorted({(int(low), int(high or low)) for low, _, high in ranges}):
        if reached < high <= 65_535:
            found.update(range(max(low, reached + 1), high + 1))
            reached = high
    return found


def _state(element: ElementTree.Element) -> str:
    return _STATES.get(element.get("state", ""), "filtered")


def _listed(host: ElementTree.Element) -> dict[tuple[str, int], str]:
    seen = {}
    for port in host.iter("port"):
        number, state = port.get("portid", ""), port.find("state")
        if state is None or len(_ports(number)) != 1:
            raise GapFound(GapReason.UNPARSABLE, "nmap's XML: a port without number or state")
        seen[port.get("protocol", ""), int(number)] = _state(state)
    return seen


def _grouped(host: ElementTree.Element, rest: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Ports that nmap does not list one by one: it groups many of one state as ``extraports``."""
    groups = list(host.iter("extraports"))
    if len(groups) == 1:
        return dict.fromkeys(rest, _state(groups[0]))
    states = {
        (reason.get("proto", ""), port): _state(group)
        for group in groups
        for reason in group.iter("extrareasons")
        for port in _ports(reason.get("ports", ""))
    }
    if rest - states.keys():
        raise GapFound(GapReason.UNPARSABLE, "nmap does not say the state of every port")
    return {key: states[key] for key in rest}


def build_outside(evidence: Evidence) -> tuple[OutsidePort, ...]:
    """The ports seen from the controller, a gap where nobody looked."""
    return parse_nmap(evidence.text(OUTSIDE.id))


def build_look(evidence: Evidence) -> OutsideLook:
    """Explicit where nobody was asked; a gap where a look was asked for and failed (no nmap, too slow)."""
    seen = evidence.observations.get(OUTSIDE.id)
    local = evidence.asset.reach.transport != "ssh"
    if local or (seen is not None and seen.gap is not None and seen.gap.reason is GapReason.NOT_COLLECTED):
        return OutsideLook(False, 0)
    return OutsideLook(True, len(evidence.fact("outside")))


OUTSIDE_LOOK = Fact(
    "outside_look",
    Text("外部端口查看", "The look at ports from outside"),
    OutsideLook,
    build_look,
    uses=("outside",),
)
OUTSIDE_FACT = Fact(
    "outside",
    Text("外部端口视图", "Ports seen from outside"),
    tuple[OutsidePort, ...],
    build_outside,
    (OUTSIDE,),
)
