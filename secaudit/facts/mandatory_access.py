"""Mandatory access control: which module of the kernel decides, whether it denies, and whether it knows labels."""

from dataclasses import dataclass, replace

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# The kernel says what is, /etc/selinux/config what the next start brings: of SELINUX= the first line whose value begins
# with a mode, and no blank before or behind the name (libselinux). kysec is Kylin's own module.
MODULES = Probe(
    "access.modules",
    r"""echo '@@ lsm'
cat /sys/kernel/security/lsm 2>/dev/null
echo
echo '@@ selinux'
cat /sys/fs/selinux/enforce 2>/dev/null
echo
echo '@@ mls'
cat /sys/fs/selinux/mls 2>/dev/null
echo
echo '@@ configured'
if [ -f /etc/selinux/config ]; then
  awk '/^SELINUX=/ && !told {
    value = tolower(substr($0, 9)); sub(/^[ \t]+/, "", value)
    if (match(value, /^(enforcing|permissive|disabled)/)) { told = 1; print "SELINUX=" substr(value, 1, RLENGTH) }
    next
  }
  { sub(/#.*/, ""); gsub(/[ \t\r]/, "") } /^SELINUXTYPE=/' /etc/selinux/config
fi
echo '@@ start'
tr ' ' '\n' </proc/cmdline | grep -E '^(selinux|enforcing|apparmor|security|lsm|kysec)='
echo '@@ apparmor'
cat /sys/module/apparmor/parameters/enabled 2>/dev/null
echo '@@ other'
for d in /sys/fs/smackfs/load2 /sys/kernel/security/kysec /etc/kysec; do [ ! -e "$d" ] || echo "$d"; done
echo '@@ end'""",
    reduces=Text(
        "内核命令行只取选择安全模块的参数", "of the kernel's command line only the words that choose a module"
    ),
)

# Domains that SELinux lets do everything are modules of the policy (semanage permissive -a).
# AppArmor lists its profiles.
CONFINEMENT = Probe(
    "access.confinement",
    r"""echo '@@ permissive'
ls -d /var/lib/selinux/*/active/modules/*/permissive_* /etc/selinux/*/active/modules/*/permissive_* 2>/dev/null
echo '@@ profiles'
if [ -e /sys/kernel/security/apparmor/profiles ]; then cat /sys/kernel/security/apparmor/profiles || exit 1; fi
echo '@@ named'
for f in /etc/apparmor.d/*; do
  [ ! -f "$f" ] || [ ! -r "$f" ] || awk '
    /^[ \t]*profile[ \t]/ && /flags[ \t]*=[ \t]*[(][^)]*unconfined/ {
      name = $2; if (match($0, /"[^"]+"/)) name = substr($0, RSTART + 1, RLENGTH - 2)
    }
    /^[ \t]*profile[ \t]/ && !/unconfined/ { name = ""; exit }
    /^[ \t]*userns[ \t]*,/ && name != "" { print name; exit }' "$f"
done
echo '@@ end'""",
    root=True,
)


# The modules of Linux itself; whatever else stands in the list is a vendor's (UOS, secured systems).
_KERNELS_OWN = frozenset(
    ["", "apparmor", "bpf", "capability", "evm", "ima", "integrity", "ipe", "landlock", "loadpin", "lockdown"]
    + ["safesetid", "selinux", "smack", "yama"]
)


@dataclass(frozen=True, slots=True)
class MandatoryAccess:
    """The module that decides now: ``selinux``, ``apparmor``, ``smack``, ``kysec``, one the kernel names, or ``none``.

    ``mode`` is ``enforcing``, ``permissive``, ``disabled`` or ``untold`` (the module is there, how it is set is not
    read here). ``policy`` is SELINUXTYPE, "" for others. ``labels``: subjects and objects carry security levels
    (SELinux with the policy mls); ``other_labels``: a module that may have labels of its own is there, perhaps beside
    the one that decides: a person has to look at it.
    ``next_mode`` is what SELinux will be after the next start ("" where it is not configured).
    """

    module: str
    mode: str
    policy: str
    labels: bool
    other_labels: bool
    next_mode: str


@dataclass(frozen=True, slots=True)
class Confinement:
    """What is exempt from the module: permissive domains of SELinux, profiles of AppArmor that only complain.

    ``enforced`` is the number of AppArmor's profiles that deny. Those that only give a program a name, so that it may
    have user namespaces (AppArmor 4 brings dozens), exempt nothing.
    """

    permissive: tuple[str, ...]
    complaining: tuple[str, ...]
    enforced: int


def parse_modules(text: str) -> MandatoryAccess:
    """Sections of the probe → MandatoryAccess; raises GapFound."""
    found = whole_sections(text, "the look at security modules is cut off")
    configured = dict(line.split("=", 1) for line in found.get("configured", []) if "=" in line)
    start = dict(line.split("=", 1) for line in found.get("start", []) if "=" in line)
    lsm = {name.strip() for line in found.get("lsm", []) for name in line.split(",")}
    policy = configured.get("SELINUXTYPE", "")
    next_mode = _next_mode(configured.get("SELINUX", "").lower(), start)
    kysec = _kysec(found.get("other", []), lsm, start)
    vendors = sorted(lsm - _KERNELS_OWN - {"kysec"})
    if found.get("selinux"):
        decides = _selinux(found["selinux"][0].strip(), policy, _flag(found, "mls"), next_mode)
        return replace(decides, other_labels=kysec or bool(vendors))
    if kysec:
        return MandatoryAccess("kysec", "untold", "", False, True, "")
    if "/sys/fs/smackfs/load2" in found.get("other", []) or "smack" in lsm:
        return MandatoryAccess("smack", "enforcing", "", False, True, "")
    if _flag(found, "apparmor") and start.get("apparmor") != "0":
        return MandatoryAccess("apparmor", "enforcing", "", False, bool(vendors), "")
    if vendors:
        return MandatoryAccess(vendors[0], "untold", "", False, True, "")
    return MandatoryAccess("none", "disabled", policy, False, False, next_mode)


def _kysec(paths: list[str], lsm: set[str], start: dict[str, str]) -> bool:
    if start.get("kysec") == "0":
        return False
    return "kysec" in lsm or start.get("security") == "kysec" or any("kysec" in path for path in paths)


def _flag(found: dict[str, list[str]], name: str) -> bool:
    return bool(found.get(name)) and found[name][0].strip() in ("1", "Y")


def _selinux(enforce: str, policy: str, mls: bool, next_mode: str) -> MandatoryAccess:
    """/sys/fs/selinux/mls is 1 for the policies targeted and minimum too: mls is told by its name."""
    if enforce not in ("0", "1"):
        raise GapFound(GapReason.UNPARSABLE, f"/sys/fs/selinux/enforce: {enforce[:20]!r}")
    mode = "enforcing" if enforce == "1" else "permissive"
    return MandatoryAccess("selinux", mode, policy, mls and policy == "mls", False, next_mode)


def _next_mode(configured: str, start: dict[str, str]) -> str:
    """selinux(8): selinux=0 and enforcing=0|1 of the kernel's command line outrank the file."""
    if start.get("selinux") == "0":
        return "disabled"
    if start.get("enforcing") in ("0", "1") and configured in ("enforcing", "permissive"):
        return "enforcing" if start["enforcing"] == "1" else "permissive"
    return configured if configured in ("enforcing", "permissive", "disabled") else ""


def parse_confinement(text: str) -> Confinement:
    """``/usr/sbin/ntpd (complain)``, ``…/permissive_httpd_t`` → Confinement; raises GapFound."""
    found = whole_sections(text, "the list of profiles is cut off")
    domains = {line.rsplit("/permissive_", 1)[-1] for line in found.get("permissive", [])}
    profiles = [line.rpartition(" (") for line in found.get("profiles", [])]
    modes = [(name, mode.rstrip(")")) for name, _, mode in profiles]
    named = frozenset(found.get("named", []))
    return Confinement(
        tuple(sorted(domains)),
        tuple(
            sorted(
                {
                    name
                    for name, mode in modes
                    if mode == "complain" or (mode == "unconfined" and name not in named)
                }
            )
        ),
        sum(mode in ("enforce", "kill") for _, mode in modes),
    )


def build_mandatory_access(evidence: Evidence) -> MandatoryAccess:
    """The module that decides."""
    return parse_modules(evidence.text(MODULES.id))


def build_confinement(evidence: Evidence) -> Confinement:
    """What is exempt from it."""
    return parse_confinement(evidence.text(CONFINEMENT.id))


MANDATORY_ACCESS = Fact(
    "mandatory_access",
    Text("强制访问控制", "Mandatory access control"),
    MandatoryAccess,
    build_mandatory_access,
    (MODULES,),
)
CONFINEMENT_FACT = Fact(
    "confinement",
    Text("强制访问控制的豁免", "What is exempt from mandatory access control"),
    Confinement,
    build_confinement,
    (CONFINEMENT,),
)
