"""What a host shares: NFS exports, modules of rsync, communities of SNMP: exports(5), rsyncd.conf(5), snmpd.conf(5)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import whole_sections
from secaudit.facts.services import ENABLED, Service
from secaudit.facts.source_addresses import cover_everybody
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

SHARES = Probe(
    "shares.settings",
    "echo '@@ nfs'\n"
    + print_files("/etc/exports /etc/exports.d/*.exports")
    + "\necho '@@ rsync'\n"
    + print_files(
        "/etc/rsyncd.conf /etc/rsyncd.d/*.conf /etc/rsyncd.d/*.inc",
        r"""/^[ \t]*\[/ { sub(/^[ \t]*/, ""); sub(/\].*/, "]"); print " " $0; next }
{ key = tolower($0); sub(/[ \t]*=.*/, "", key); gsub(/[ \t]/, "", key); value = $0; sub(/^[^=]*=[ \t]*/, "", value) }
key ~ /^(authusers|hostsallow|hostsdeny|readonly)$/ { print " " key "=" (key == "authusers" ? "some" : value) }
key ~ /^&(include|merge)/ { print " include" }""",
    )
    + "\necho '@@ snmp'\n"
    + print_files(
        "/etc/snmp/snmpd.conf /etc/snmp/snmpd.conf.d/*.conf /etc/snmp/snmpd.local.conf",
        r"""function known(word) { return (word ~ /^"?(public|private)"?$/) ? "default" : "other" }
tolower($1) ~ /^(ro|rw)community6?$/ { print " " tolower($1) " " known($2) " " ($3 == "" ? "default" : $3) }
tolower($1) ~ /^com2sec6?$/ { i = ($2 == "-Cn") ? 4 : 2; print " com2sec " known($(i + 2)) " " $(i + 1) }""",
    )
    + "\necho '@@ end'",
    root=True,
    reduces=Text(
        "不含 rsync 用户；SNMP 团体名只取是否为众所周知的 public 或 private",
        "no users of rsync; of a community of SNMP only whether it is public or private, which everybody knows",
    ),
)


@dataclass(frozen=True, slots=True)
class Share:
    """Something that a service which starts by itself offers to others.

    ``service`` is ``nfs``, ``rsync`` or ``snmp``; ``name`` a path, a module, a directive. ``everybody``: no source is
    named. ``authenticated``: users are asked who they are (for SNMP: the community is not one that everybody knows).
    ``root_kept``: NFS leaves root of a client root (no_root_squash).
    """

    service: str
    name: str
    clients: str
    everybody: bool
    authenticated: bool
    writable: bool
    root_kept: bool


_SERVERS = {
    "nfs": {"nfs-server", "nfs-kernel-server", "nfsserver", "nfs"},
    "rsync": {"rsync", "rsyncd"},
    "snmp": {"snmpd"},
}
_MOST_SHARES = 2_000
_EVERYBODY = frozenset({"*", "0.0.0.0/0", "::/0", "0.0.0.0/0.0.0.0", "default", "world", "<world>"})
_EXPORT = re.compile(r'("[^"]*"|\S+)')
_CLIENT = re.compile(r"([^()\s]*)(?:\(([^()]*)\))?")
_YES = ("yes", "true", "1")


def parse_shares(text: str, services: frozenset[str]) -> tuple[Share, ...]:
    """What the enabled ``services`` share, sorted; raises GapFound."""
    parts = whole_sections(text, "the shares are cut off", GapReason.UNPARSABLE)
    readers = {"nfs": _nfs, "rsync": _rsync, "snmp": _snmp}
    found = [
        share
        for name, read in readers.items()
        if services & _SERVERS[name]
        for share in islice(read(config_files("\n".join(parts.get(name, [])))), _MOST_SHARES + 1)
    ]
    if len(found) > _MOST_SHARES:
        raise GapFound(GapReason.UNPARSABLE, "too many shares")
    return tuple(sorted(set(found), key=lambda s: (s.service, s.name, s.clients)))


def _joined(lines: Iterable[str]) -> Iterable[str]:
    held = ""
    for line in lines:
        held += line.removesuffix("\\")
        if not line.endswith("\\"):
            yield held
            held = ""
    if held:
        yield held


def _nfs(files: tuple[ConfigFile, ...]) -> Iterable[Share]:
    """``/srv 10.0.0.0/8(rw) -ro host``: a blank before the bracket gives its options to everybody."""
    for line in (line for file in files for line in _joined(file.lines)):
        path, *rest = _EXPORT.findall(line)
        common: list[str] = []
        clients = []
        for word in rest:
            if word.startswith("-"):
                common = word[1:].split(",")
            else:
                clients.append(word)
        for client in clients or [""]:
            yield _export(path.strip('"'), client, common)


def _export(path: str, client: str, common: list[str]) -> Share:
    found = _CLIENT.fullmatch(client)
    if found is None:
        raise GapFound(GapReason.UNPARSABLE, f"exports: {client[:60]!r}")
    options = [*common, *(found[2] or "").split(",")]
    host = found[1]
    return Share(
        service="nfs",
        name=path,
        clients=host or "*",
        everybody=host == "" or _are_everybody(host),
        authenticated=any(o.startswith("sec=krb5") for o in options),
        writable=_last(options, "rw", "ro") == "rw",
        root_kept=_last(options, "no_root_squash", "root_squash") == "no_root_squash",
    )


def _last(options: list[str], *words: str) -> str:
    return next((o for o in reversed(options) if o in words), "")


@lru_cache(maxsize=16)
def _are_everybody(clients: str) -> bool:
    named = re.split(r"[\s,]+", clients)
    return any(client in _EVERYBODY for client in named) or cover_everybody(named)


def _rsync(files: tuple[ConfigFile, ...]) -> Iterable[Share]:
    """Modules of rsyncd.conf(5): what stands before the first of them holds for all."""
    if any("include" in file.lines for file in files[:1]) and len(files) < 2:
        raise GapFound(GapReason.NOT_SUPPORTED, "rsyncd.conf takes in files that are not read")
    whole: dict[str, str] = {}
    modules: dict[str, dict[str, str]] = {}
    for file in files:
        current = whole
        for line in file.lines:
            if line.startswith("["):
                current = modules.setdefault(line.strip("[]").strip(), {})
            elif line != "include":
                key, _, value = line.partition("=")
                current[key] = value.strip()
    for name, own in modules.items():
        settings = {**whole, **own}
        allowed = settings.get("hostsallow", "")
        refused = _are_everybody(settings.get("hostsdeny", ""))
        named = allowed != "" and not _are_everybody(allowed)
        yield Share(
            service="rsync",
            name=name,
            clients=allowed or "*",
            everybody=not (named or (refused and allowed == "")),
            authenticated="authusers" in settings,
            writable=settings.get("readonly", "yes").lower() not in _YES,
            root_kept=False,
        )


def _snmp(files: tuple[ConfigFile, ...]) -> Iterable[Share]:
    """``rocommunity default 10.0.0.0/8``: the community itself never leaves the target; ``none`` where none is set."""
    if not any(file.lines for file in files):
        yield Share("snmp", "none", "-", False, True, False, False)
    for line in (line for file in files for line in file.lines):
        words = line.split()
        if len(words) != 3:
            raise GapFound(GapReason.UNPARSABLE, f"snmpd.conf: {line[:60]!r}")
        directive, known, source = words
        yield Share(
            service="snmp",
            name=directive,
            clients=source,
            everybody=_are_everybody(source),
            authenticated=known == "other",
            writable=directive.startswith("rw"),
            root_kept=False,
        )


def build_shares(evidence: Evidence) -> tuple[Share, ...]:
    """What the services that start by themselves share."""
    enabled: tuple[Service, ...] = evidence.fact("services_enabled")
    return parse_shares(evidence.text(SHARES.id), frozenset(service.name for service in enabled))


SHARES_FACT = Fact(
    "shares",
    Text("网络共享", "Shares"),
    tuple[Share, ...],
    build_shares,
    (SHARES, ENABLED),
    ("services_enabled",),
)
