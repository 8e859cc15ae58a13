"""The fact ``host_name``: what the host calls itself."""

from dataclasses import dataclass

from secaudit.plugin import API, Evidence, Fact, FactPlugin, GapFound, GapReason, Probe, Text


@dataclass(frozen=True, slots=True)
class HostName:
    """``name`` as uname(1) gives it."""

    name: str


UNAME = Probe("host_name.uname", "uname -n", timeout_s=5, limit_bytes=1_024)


def build(evidence: Evidence) -> HostName:
    """``web-1`` → HostName("web-1"); a gap where nothing was said."""
    name = evidence.text(UNAME.id).strip()
    if not name:
        raise GapFound(GapReason.UNPARSABLE, "uname -n says nothing")
    return HostName(name)


HOST_NAME = Fact(
    "host_name", Text("主机名", "Host name"), HostName, build, (UNAME,), kinds=("linux", "network-device")
)
PLUGIN = FactPlugin(API, HOST_NAME)
