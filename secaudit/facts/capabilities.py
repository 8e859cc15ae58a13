"""Rights of root that files bear without a set-user-id bit: getcap(8), capabilities(7)."""

import re
from dataclasses import dataclass
from typing import Final

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

LIMIT: Final = 300
CAPABILITIES = Probe(
    "files.capabilities",
    r"""command -v getcap >/dev/null 2>&1 || exit 127
remote=$(awk '$3 ~ /^(nfs|cifs|smb|fuse|9p|ceph|gluster|lustre|autofs)/ { printf " %s ", $2 }' /proc/mounts)
set --
for d in /usr/local /opt /root /home /srv /var/lib; do
  case "$remote" in *" $d "*) ;; *) [ ! -d "$d" ] || set -- "$@" "$d" ;; esac
done
{ getcap -r /usr/bin /usr/sbin /usr/libexec 2>/dev/null
[ $# -eq 0 ] || find "$@" -xdev -maxdepth 4 -type f -perm -0100 -exec getcap {} + 2>/dev/null
} | head -n 300
echo end""",
    root=True,
    timeout_s=20,
    reduces=Text("只取程序路径和能力位名称", "paths of programs and names of capabilities only"),
)
# Each of them is as good as root (capabilities(7)).
LIKE_ROOT: Final = frozenset(
    "cap_" + name
    for name in (
        "setuid setgid setpcap setfcap dac_override dac_read_search chown fowner sys_admin sys_module sys_rawio"
        " sys_ptrace mac_admin mac_override mknod bpf"
    ).split()
)


@dataclass(frozen=True, slots=True)
class CapableProgram:
    """A program with capabilities. ``like_root`` are those of them that are as good as root."""

    path: str
    capabilities: str
    like_root: tuple[str, ...]


def parse_capabilities(text: str) -> tuple[CapableProgram, ...]:
    """``/usr/bin/ping cap_net_raw=ep`` (old libcap: ``… = cap_net_raw+ep``) → CapableProgram; raises GapFound."""
    lines = [line for line in text.split("\n") if line]
    if lines[-1:] != ["end"]:
        raise GapFound(GapReason.TRUNCATED, "the search for capabilities did not come to its end")
    if len(lines) > LIMIT:
        raise GapFound(GapReason.TRUNCATED, f"more than {LIMIT - 1} programs")
    return tuple(_program(line) for line in lines[:-1])


def _program(line: str) -> CapableProgram:
    path, space, words = line.partition(" = ") if " = " in line else line.rpartition(" ")
    if not path.startswith("/") or not space or not re.search(r"[=+]", words):
        raise GapFound(GapReason.UNPARSABLE, f"getcap: {line[:80]}")
    names = set(re.findall(r"cap_[a-z_]+", words))
    # "=ep" alone, and cap_..., stands for every capability
    if re.match(r"(all|=)", words):
        names = set(LIKE_ROOT)
    return CapableProgram(path, words, tuple(sorted(names & LIKE_ROOT)))


def build_capabilities(evidence: Evidence) -> tuple[CapableProgram, ...]:
    """The programs with capabilities, few on most hosts."""
    return parse_capabilities(evidence.text(CAPABILITIES.id))


CAPABLE_PROGRAMS = Fact(
    "capable_programs",
    Text("带有能力位的程序", "Programs with capabilities"),
    tuple[CapableProgram, ...],
    build_capabilities,
    (CAPABILITIES,),
)
