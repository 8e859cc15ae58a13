"""Whether the sources of time are the office's own or somebody else's on the internet."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.time_sync import TIME_SYNC, TimeSync
from secaudit.model.text import Text

# Public services of time that anybody may ask.
PUBLIC = (
    *(
        "ntp.org",
        "aliyun.com",
        "tencent.com",
        "ntsc.ac.cn",
        "edu.cn",
        "windows.com",
        "google.com",
        "cloudflare.com",
    ),
    *(
        "apple.com",
        "nist.gov",
        "debian.org",
        "ubuntu.com",
        "centos.org",
        "facebook.com",
        "nim.ac.cn",
        "aliyuncs.com",
    ),
)
# Names that only an inner network or a cloud's own network resolves.
INNER = (
    *("local", "lan", "internal", "intra", "intranet", "corp", "home.arpa", "localdomain"),
    *("cloud.aliyuncs.com", "tencentyun.com", "myhuaweicloud.com"),
)
_SHARED = ip_network("100.64.0.0/10")


@dataclass(frozen=True, slots=True)
class TimeSource:
    """A source that the running daemon has; ``place`` is ``inside``, ``outside`` or ``?`` (its name tells nothing)."""

    name: str
    place: str


def place_of(name: str) -> str:
    """``10.0.0.1``, ``ntp.cloud.aliyuncs.com``, ``PPS`` → inside; ``pool.ntp.org``, ``built-in`` → outside."""
    host = name.lower().rstrip(".")
    try:
        address = ip_address(host)
    except ValueError:
        return _place_of_name(host)
    shared = address.version == 4 and address in _SHARED
    return (
        "inside"
        if address.is_private or address.is_loopback or address.is_link_local or shared
        else "outside"
    )


def _place_of_name(host: str) -> str:
    if host == "built-in":
        return "outside"
    if "." not in host or _ends(host, INNER):
        return "inside"
    return "outside" if _ends(host, PUBLIC) else "?"


def _ends(host: str, endings: tuple[str, ...]) -> bool:
    return any(host == ending or host.endswith("." + ending) for ending in endings)


def build_time_sources(evidence: Evidence) -> tuple[TimeSource, ...]:
    """The sources of the daemon that runs; empty without one."""
    sync: TimeSync = evidence.fact(TIME_SYNC.name)
    return tuple(TimeSource(name, place_of(name)) for name in sync.sources) if sync.running else ()


TIME_SOURCES = Fact(
    "time_sources",
    Text("时钟源的位置", "Where the sources of time are"),
    tuple[TimeSource, ...],
    build_time_sources,
    uses=(TIME_SYNC.name,),
)
