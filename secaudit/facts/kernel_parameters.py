"""Parameters of the running kernel as they take effect, and whether they last: sysctl(8), read from /proc/sys."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sysctl_files import FILES, AtBoot, parse_sysctl_files
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# The kernel's own value where no file says another; None: it depends on how the kernel was built.
_PLAIN: dict[str, int | None] = {
    "net/ipv4/ip_forward": 0,
    "net/ipv4/tcp_syncookies": 1,
    "net/ipv4/icmp_echo_ignore_broadcasts": 1,
    "net/ipv4/icmp_ignore_bogus_error_responses": 1,
    "net/ipv6/conf/all/forwarding": 0,
    "kernel/randomize_va_space": 2,
    "kernel/kptr_restrict": 0,
    "kernel/dmesg_restrict": None,
    "kernel/yama/ptrace_scope": None,
    "kernel/sysrq": None,
    "kernel/kexec_load_disabled": 0,
    "kernel/unprivileged_bpf_disabled": None,
    "kernel/perf_event_paranoid": None,
    "fs/suid_dumpable": 0,
    "fs/protected_hardlinks": None,
    "fs/protected_symlinks": None,
    "fs/protected_fifos": None,
    "fs/protected_regular": None,
}
# How `all` and the interface's own value act together (inetdevice.h, ip-sysctl; for IPv6 the interface alone counts),
# and what the kernel gives `all` and the others.
_BY_INTERFACE: dict[str, tuple[str, int, int]] = {
    "net/ipv4/conf/accept_redirects": ("redirects", 1, 1),
    "net/ipv4/conf/send_redirects": ("or", 1, 1),
    "net/ipv4/conf/accept_source_route": ("and", 0, 1),
    "net/ipv4/conf/rp_filter": ("max", 0, 0),
    "net/ipv4/conf/log_martians": ("or", 0, 0),
    "net/ipv6/conf/accept_redirects": ("own", 1, 1),
    "net/ipv6/conf/accept_source_route": ("own", 0, 0),
    "net/ipv6/conf/accept_ra": ("own", 1, 1),
}
_NAMES = (*_PLAIN, *(f"{n.rpartition('/')[0]}/*/{n.rpartition('/')[2]}" for n in _BY_INTERFACE))

PARAMETERS = Probe(
    "kernel_parameters.values",
    f"""cd /proc/sys || exit 1
# Not `read`: dash reads byte by byte, and these files answer the first read only.
grep -s '^[-0-9]' {" ".join(_NAMES)} net/ipv6/conf/*/disable_ipv6 /dev/null
echo end""",
    limit_bytes=1_048_576,
)

_LINE = re.compile(r"([A-Za-z0-9_/.@:-]{3,120}):(-?\d{1,10})", re.ASCII)
# Interfaces of containers and virtual machines come and go, and tunnels that nobody made are down.
_FLEETING = re.compile(r"(veth|cali|lxc|vnet|tap|lo$|(ip6?_?)?(tnl|tunl|sit|gre|gretap|erspan|vti)0$|ifb\d)")
# Some 450 interfaces: with more the table is not worked through.
_MOST_ROWS = 5_000
Values = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class KernelParameter:
    """A parameter as it takes effect: ``net.ipv4.ip_forward`` and its number.

    Of an interface ``name`` leaves the interface out (``net.ipv4.conf.rp_filter``), ``key`` names it; the value is what
    it and ``all`` come to together. ``at_boot`` is the value after the next boot, the present one where it is not
    known, the laxer one where it depends on what comes first; ``lasting``: they are the same.
    """

    name: str
    key: str
    value: int
    at_boot: int
    lasting: bool


def parse_values(text: str) -> dict[str, int]:
    """``net/ipv4/ip_forward:0`` → {"net/ipv4/ip_forward": 0}; raises GapFound."""
    lines = text.splitlines()
    rows = [_LINE.fullmatch(line) for line in lines[:-1]]
    found = {row[1]: int(row[2]) for row in rows if row}
    if not found or lines[-1] != "end" or len(found) != len(rows) or len(found) > _MOST_ROWS:
        raise GapFound(GapReason.UNPARSABLE, "no parameters of the kernel")
    return found


def kernel_parameters(now: Values, at_boot: AtBoot) -> tuple[KernelParameter, ...]:
    """The parameters that this kernel has, those of interfaces once for each."""
    rows = [*_plain(now, at_boot), *_of_interfaces(now, at_boot)]
    return tuple(sorted(rows, key=lambda p: p.key))


def _plain(now: Values, at_boot: AtBoot) -> Iterable[KernelParameter]:
    for path, kernels_own in _PLAIN.items():
        if path in now:
            later = _first(at_boot.value(path), kernels_own, now[path])
            yield _parameter(path, path, now[path], later)


def _of_interfaces(now: Values, at_boot: AtBoot) -> Iterable[KernelParameter]:
    places = _by_setting(now)
    later = _boot_values(now, at_boot, places)
    for name, (rule, *_own) in _BY_INTERFACE.items():
        folder, _, setting = name.rpartition("/")
        for path, place in places.get(setting, ()):
            interface = place.removeprefix(f"{folder}/")
            if place == interface or _skipped(interface, folder, now):
                continue
            yield _parameter(
                name,
                path,
                _together(rule, now, f"{folder}/all/{setting}", path),
                _together(rule, later, f"{folder}/all/{setting}", path),
            )


def _by_setting(values: Values) -> dict[str, list[tuple[str, str]]]:
    """``rp_filter`` → path and folder of each parameter of that name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in values:
        place, _, last = path.rpartition("/")
        found.setdefault(last, []).append((path, place))
    return found


def _skipped(interface: str, folder: str, now: Values) -> bool:
    if interface in ("all", "default") or _FLEETING.match(interface):
        return True
    return folder == "net/ipv6/conf" and now.get(f"{folder}/{interface}/disable_ipv6", 0) != 0


def _boot_values(
    now: Values, at_boot: AtBoot, places: Mapping[str, Sequence[tuple[str, str]]]
) -> dict[str, int]:
    """The values of all interfaces after a boot: an interface starts with what is set for ``default``.

    Those that are there already take it too for IPv4 (devinet_copy_dflt_conf), not for IPv6: there the laxer of
    ``default`` and the kernel's own is taken, since a driver may come before or after the settings.
    """
    later = dict(now)
    later["net/ipv4/ip_forward"] = _first(at_boot.value("net/ipv4/ip_forward"), 0, 0)
    for name, (rule, of_all, of_others) in _BY_INTERFACE.items():
        folder, _, setting = name.rpartition("/")
        for path, place in places.get(setting, ()):
            if place.startswith(f"{folder}/"):
                whole = place == f"{folder}/all"
                default = None if whole else at_boot.value(f"{folder}/default/{setting}")
                if rule == "own" and default is not None:
                    default = max(default, of_others)
                later[path] = _first(at_boot.value(path), default, of_all if whole else of_others)
    return later


def _together(rule: str, values: Values, everywhere: str, here: str) -> int:
    both = (values.get(everywhere, values[here]), values[here])
    if rule == "own":
        return both[1]
    if rule == "max":
        return max(both)
    if rule == "redirects":
        rule = "and" if values.get("net/ipv4/ip_forward") else "or"
    return int(all(both) if rule == "and" else any(both))


def _parameter(name: str, path: str, value: int, later: int) -> KernelParameter:
    return KernelParameter(name.replace("/", "."), path.replace("/", "."), value, later, later == value)


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)


def build_parameters(evidence: Evidence) -> tuple[KernelParameter, ...]:
    """The parameters that are looked at, as far as this kernel has them."""
    return kernel_parameters(
        parse_values(evidence.text(PARAMETERS.id)), parse_sysctl_files(evidence.text(FILES.id))
    )


KERNEL_PARAMETERS = Fact(
    "kernel_parameters",
    Text("内核参数", "Kernel parameters"),
    tuple[KernelParameter, ...],
    build_parameters,
    (PARAMETERS, FILES),
)
