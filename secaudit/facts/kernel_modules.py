"""Drivers that the kernel may load on its own account, and which are kept from it: modprobe.d(5), modules.dep(5)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Groups of drivers as the kernel names them; `-` and `_` are the same.
MODULES: dict[str, tuple[str, ...]] = {
    "file systems": ("cramfs", "freevxfs", "hfs", "hfsplus", "jffs2", "udf"),
    "protocols": ("dccp", "sctp", "rds", "tipc"),
    "usb storage": ("usb_storage", "uas"),
    "memory access": ("firewire_core", "firewire_ohci", "firewire_sbp2"),
    "radio": ("bluetooth", "btusb", "cfg80211", "mac80211"),
    "usb network": ("cdc_ether", "cdc_ncm", "cdc_mbim", "qmi_wwan", "rndis_host", "option"),
}
_ALL = "|".join(name.replace("_", "[-_]") for names in MODULES.values() for name in names)
FOLDERS = ("/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib")

MODULES_PROBE = Probe(
    "kernel_modules.state",
    rf"""r=$(cat /proc/sys/kernel/osrelease) || exit 1
echo '@@ available'
[ ! -f /lib/modules/$r/modules.dep ] || grep -oE '/({_ALL})\.ko[.a-z0-9]*:' /lib/modules/$r/modules.dep
echo '@@ builtin'
[ ! -f /lib/modules/$r/modules.builtin ] || grep -oE '/({_ALL})\.ko$' /lib/modules/$r/modules.builtin
echo '@@ loaded'
grep -oE '^({_ALL}) ' /proc/modules
case $(readlink -f "$(command -v modprobe)") in *busybox*) echo '@@ busybox'; echo yes;; esac
echo '@@ disabled'; cat /proc/sys/kernel/modules_disabled 2>/dev/null || echo 0
echo '@@ files'
"""
    + print_files(
        " ".join(f"{folder}/modprobe.d/*.conf" for folder in FOLDERS),
        r"""{ if (sub(/\\$/, "")) { held = held $0; next } $0 = held $0; held = "" }
$1 == "blacklist" { print " blacklist " $2 }
$1 == "install" {
  nothing = $3 ~ /^((\/usr)?\/s?bin\/)?(true|false|nologin|:)$/
  print " install " $2 " " (nothing ? "nothing" : "command")
}""",
    )
    + "\necho '@@ end'",
    reduces=Text(
        "只输出模块名称与是否以命令代替加载，不含命令",
        "names of modules and whether anything is run for them, never the commands",
    ),
)


@dataclass(frozen=True, slots=True)
class KernelModule:
    """A driver that this kernel has. ``group`` is a key of MODULES.

    ``state``: ``built in``, ``loaded``, ``blocked`` (nothing loads it), ``blacklisted`` (not by itself, though a person
    or another module may), ``loadable``.
    """

    name: str
    group: str
    state: str


def parse_modules(text: str) -> tuple[KernelModule, ...]:
    """The drivers of MODULES that this kernel has; none where no modules are installed for it (a container).

    Raises GapFound.
    """
    parts = whole_sections(text, "the list of modules is cut off", GapReason.UNPARSABLE)
    rules = _rules(config_files("\n".join(parts.get("files", []))))
    if "busybox" in parts:  # its modprobe knows no install lines
        rules = {(verb, name) for verb, name in rules if verb != "install"}
    if parts.get("disabled") == ["1"]:
        rules |= {("install", name) for names in MODULES.values() for name in names}
    built_in = _names(parts.get("builtin", []))
    loaded = _names(parts.get("loaded", []))
    known = built_in | loaded | _names(parts.get("available", []))
    return tuple(
        KernelModule(name, group, _state(name, built_in, loaded, rules))
        for group, names in MODULES.items()
        for name in names
        if name in known
    )


def _names(lines: Iterable[str]) -> set[str]:
    return {re.sub(r"\.ko.*", "", line.strip().lstrip("/")).replace("-", "_") for line in lines}


def _rules(files: Iterable[ConfigFile]) -> set[tuple[str, str]]:
    """``install usb-storage nothing`` of every file that no namesake in an earlier folder hides."""
    named: dict[str, ConfigFile] = {}
    for file in files:
        named.setdefault(file.path.rpartition("/")[2], file)
    found: dict[tuple[str, str], str] = {}
    for name in sorted(named):
        for line in named[name].lines:
            verb, module, *rest = (*line.split(), "", "")[:3]
            # The first install line of a module is run: kmod keeps the list in reading order.
            found.setdefault((verb, module.replace("-", "_")), rest[0])
    return {key for key, what in found.items() if key[0] == "blacklist" or what == "nothing"}


def _state(name: str, built_in: set[str], loaded: set[str], rules: set[tuple[str, str]]) -> str:
    if name in built_in or name in loaded:
        return "built in" if name in built_in else "loaded"
    if ("install", name) in rules:
        return "blocked"
    return "blacklisted" if ("blacklist", name) in rules else "loadable"


def build_modules(evidence: Evidence) -> tuple[KernelModule, ...]:
    """The drivers of the asset that are looked at."""
    return parse_modules(evidence.text(MODULES_PROBE.id))


KERNEL_MODULES = Fact(
    "kernel_modules",
    Text("内核模块", "Kernel modules"),
    tuple[KernelModule, ...],
    build_modules,
    (MODULES_PROBE,),
)
