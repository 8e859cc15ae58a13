"""What preflight asks a host: which programs are there, whether long answers arrive, whether root is had."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from secaudit.facts.accounts_probe import SHADOW
from secaudit.facts.fact import GapFound
from secaudit.facts.programs import LOOKED_FOR
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Folders whose files the probes of a scan read whole.
READ_WHOLE: Final = (
    "/etc/cron.d",
    "/etc/logrotate.d",
    "/etc/pam.d",
    "/etc/profile.d",
    "/etc/rsyslog.d",
    "/etc/ssh/sshd_config.d",
    "/etc/sudoers.d",
    "/etc/audit/rules.d",
    "/etc/sysctl.d",
)

# Whoever reads a pipe waits, and a device never ends.
HOST: Final = Probe(
    "readiness.host",
    f"""for p in {" ".join(LOOKED_FOR)}; do
  command -v $p >/dev/null 2>&1 && echo "program $p"
done
[ -r /proc/uptime ] && echo 'proc here'
[ -e /proc/1/stat ] && echo 'proc all'
for d in {" ".join(READ_WHOLE)}; do
  find -L $d -maxdepth 1 \\( ! -type f ! -type d -o -size +1024k \\) 2>/dev/null
done | head -n 20 | sed 's/^/odd /'
echo end""",
    limit_bytes=16_384,
    reduces=Text("只取程序名与文件路径，不含内容", "names of programs and paths of files, no content"),
)

# As much as the answers of a small host: a path that loses large packets, or a session that is ended early, shows here.
LINK_LINES: Final = 512
LINK_LINE: Final = "0123456789abcdef" * 4
LINK: Final = Probe(
    "readiness.link",
    f"""awk 'BEGIN {{ for (i = 0; i < {LINK_LINES}; i++) print "{LINK_LINE}" }}'""",
    limit_bytes=LINK_LINES * (len(LINK_LINE) + 1),
)

# The command that every list of commands holds too.
ROOT: Final = Probe(
    "readiness.root",
    "root cat /etc/shadow >/dev/null && echo root",
    root=True,
    limit_bytes=1_024,
    reduces=Text("所读内容一概不输出", "nothing is printed of what is read"),
    as_root=SHADOW.as_root,
)


def as_long_as(probes: Iterable[Probe]) -> Probe:
    """The question for root, as long as the longest that a scan asks: sudo may end what it cannot trace."""
    longest = max((len(probe.command) for probe in probes if probe.root), default=0)
    return replace(ROOT, command=f"{ROOT.command}\n#".ljust(longest, "."))


# What a probe of a scan asks with listed commands is tried under this name before its own.
LISTED: Final = "readiness.listed."


def listed_question(probe: Probe) -> Probe:
    """Whether sudo lets each command run that the probe lists; what they print is dropped on the target."""
    tries = []
    for command in probe.as_root:
        program, _space, arguments = command.partition(" ")
        name = program.rpartition("/")[2]
        tries.append(f"if command -v {name} >/dev/null 2>&1; then root {name} {arguments} >/dev/null; fi")
    return Probe(
        LISTED + probe.id,
        "\n".join((*tries, "exit 0")),
        root=True,
        timeout_s=probe.timeout_s,
        limit_bytes=1_024,
        reduces=Text("舍去命令的全部输出", "all that the commands print is dropped"),
        as_root=probe.as_root,
    )


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a host has: of the programs looked for those that are there, whether ``/proc`` is.

    ``all_processes``: those of other users are seen too (no hidepid, proc(5)). ``odd_files`` are pipes, devices
    and files above 1 MiB where configuration is read.
    """

    programs: frozenset[str]
    proc: bool
    all_processes: bool
    odd_files: tuple[str, ...]


def parse_readiness(text: str) -> Readiness:
    """``program awk``, ``proc here``, ``odd /etc/cron.d/hang`` → Readiness; raises GapFound when it is cut off."""
    lines = text.split("\n")
    if "end" not in lines:
        raise GapFound(GapReason.UNPARSABLE, "the look at the host is cut off")
    pairs = [line.split(" ", 1) for line in lines if " " in line]
    return Readiness(
        programs=frozenset(value for word, value in pairs if word == "program" and value in LOOKED_FOR),
        proc=["proc", "here"] in pairs,
        all_processes=["proc", "all"] in pairs,
        odd_files=tuple(value for word, value in pairs if word == "odd"),
    )


def is_whole(text: str) -> bool:
    """Whether the long answer came as it was sent."""
    return text == f"{LINK_LINE}\n" * LINK_LINES
