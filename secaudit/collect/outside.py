"""The view from outside: which ports answer the controller, as the observation ``outside.ports``."""

from collections.abc import Callable, Iterable, Sequence

from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason, Observation, Probe
from secaudit.model.register import Asset

OUTSIDE_ID = "outside.ports"

# (address, ports) → nmap's XML, or why there is none
PortScan = Callable[[str, Sequence[int]], bytes | Gap]
# which more ports the answers of the visit name: what listens there
PortsSeen = Callable[[Sequence[Observation]], Iterable[int]]


def outside_view(probe: Probe, asset: Asset, ports: Sequence[int], scan: PortScan | None) -> Observation:
    """Look at the ports of an asset; whatever hinders it is the observation's gap."""
    command = probe.command.replace("PORTS", ",".join(map(str, ports))).replace("ADDRESS", asset.address)
    gap = _why_not(asset, ports, scan)
    if gap is None and scan is not None:
        seen = scan(asset.address, ports)
        if isinstance(seen, Gap):
            gap = seen
        elif len(seen) > probe.limit_bytes:
            gap = Gap(GapReason.TRUNCATED, _("more than {limit} bytes").format(limit=probe.limit_bytes))
        else:
            return Observation(probe.id, probe.definition_hash, command, output=seen, exit_status=0)
    return Observation(probe.id, probe.definition_hash, command, gap)


def _why_not(asset: Asset, ports: Sequence[int], scan: PortScan | None) -> Gap | None:
    if asset.reach.transport != "ssh":
        return Gap(GapReason.NOT_SUPPORTED, _("this machine cannot look at itself from outside"))
    if scan is None or not ports:
        return Gap(GapReason.NOT_COLLECTED, _("the authorisation does not allow a port scan"))
    return None
