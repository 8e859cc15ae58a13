"""Which TCP ports of an asset answer the controller: nmap(1), called by python-nmap."""

import ipaddress
import re
import shutil
from collections.abc import Sequence

import nmap

from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason

# -Pn: it was reached already; -n: no names; -sT: full connections, no root needed.
ARGUMENTS = "-Pn -n -sT"
SCAN_S = 120

# When nmap ran and for how long: the visit knows, and evidence that differs every night fills the database.
_TIMES = re.compile(
    rb'<!-- Nmap [^>]*-->| (start|startstr|starttime|endtime|time|timestr|elapsed|summary|srtt|rttvar|to)="[^"]*"'
)
# The last label holds a letter: nmap would take 10.0.0.1-9 for nine addresses.
_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_.-]{0,200}?[A-Za-z][A-Za-z0-9_-]{0,62}\.?", re.ASCII)


def is_available() -> bool:
    """Whether nmap is installed here."""
    return shutil.which("nmap") is not None


def scan_ports(address: str, ports: Sequence[int], timeout_s: int = SCAN_S, grace_s: int = 10) -> bytes | Gap:
    """nmap's XML (without its times) about these ports of one address, or the gap: no nmap, too slow, failed."""
    target = _target(address)
    if target is None:
        return Gap(GapReason.NOT_SUPPORTED, _("neither an IP address nor a host name"))
    if not all(0 < port < 65536 for port in ports):
        return Gap(GapReason.NOT_SUPPORTED, _("a port is a number from 1 to 65535"))
    arguments = f"{ARGUMENTS}{target} --host-timeout {timeout_s}s"
    try:
        scanner = nmap.PortScanner()
    except nmap.PortScannerError:
        return Gap(GapReason.NO_TOOL, _("nmap is missing here; install it: apt-get install nmap"))
    try:
        scanner.scan(address, ",".join(map(str, ports)), arguments, timeout=timeout_s + grace_s)
    except nmap.PortScannerTimeout:
        return Gap(GapReason.PROBE_TIMEOUT, _("nmap took longer than {seconds} s").format(seconds=timeout_s))
    except nmap.PortScannerError as error:
        return Gap(GapReason.FAILED, str(error.value)[:200])
    except OSError as error:
        return Gap(GapReason.FAILED, (error.strerror or type(error).__name__)[:200])
    raw: bytes = scanner.get_nmap_last_output()
    if b'timedout="true"' in raw:
        return Gap(GapReason.PROBE_TIMEOUT, _("nmap took longer than {seconds} s").format(seconds=timeout_s))
    return _TIMES.sub(b"", raw)


def _target(address: str) -> str | None:
    """The option that the address needs (-6), None for what is no address: nmap takes options anywhere."""
    try:
        return " -6" if ipaddress.ip_address(address).version == 6 else ""
    except ValueError:
        return "" if _HOST_NAME.fullmatch(address) else None
