"""Interfaces of Docker, kubelet and etcd that others reach, and whether they ask who comes: dockerd(8)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from secaudit.facts.config_files import config_files, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.ports import Port
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Of the arguments of these three programs only the ones about interfaces: others may hold secrets.
INTERFACES = Probe(
    "containers.interfaces",
    "echo '@@ files'\n"
    + print_files(
        "/etc/docker/daemon.json /var/lib/kubelet/config.yaml /etc/kubernetes/kubelet.yaml"
        " /etc/kubernetes/kubelet-config.yaml",
        r"""/^[ \t]*#/ { next }
{ gsub(/[",]/, " "); key = $1; sub(/:.*/, "", key) }
key == "tlsverify" || key == "mode" { print " " key " " tolower($NF) }
{ for (i = 1; i <= NF; i++) if ($i ~ /^tcp:\/\/[][0-9A-Za-z.:]*:[0-9]+$/) { sub(/.*:/, "", $i); print " port " $i } }
key == "anonymous" || key == "webhook" || key == "x509" { within = key }
key == "enabled" && within == "anonymous" { print " anonymous " tolower($NF) }""",
    )
    + r"""
echo '@@ names'
grep -sxE 'dockerd|kubelet|etcd' /proc/[0-9]*/comm /dev/null
echo '@@ arguments'
set --
for f in $(grep -lsxE 'dockerd|kubelet|etcd' /proc/[0-9]*/comm); do set -- "$@" "${f%comm}cmdline"; done
[ $# -eq 0 ] || grep -HaosE -e 'tcp://[][0-9A-Za-z.:]*:[0-9]+' -e '--tlsverify(=[a-z]+)?' \
  -e '--config(=[^[:cntrl:]]*)?' -e '--(anonymous-auth|client-cert-auth)(=[a-z]+)?' \
  -e '--authorization-mode=[A-Za-z,]+' "$@"
echo '@@ end'""",
    root=True,
    reduces=Text(
        "只取端口、开关与配置文件路径，不含其他参数",
        "ports, switches and the path of a configuration; no other arguments",
    ),
)
_NAMED = re.compile(r"/proc/(\d{1,10})/comm:(dockerd|kubelet|etcd)")
_ARGUMENT = re.compile(r"/proc/(\d{1,10})/cmdline:(\S.*)")
_DOCKER_PORT, _KUBELET_PORT, _READ_ONLY_PORT, _ETCD_PORT = 2375, 10250, 10255, 2379


@dataclass(frozen=True, slots=True)
class ContainerInterface:
    """An interface beyond loopback that gives control over containers; ``asks``: ``yes``, ``no``, or ``unsure``."""

    name: str
    port: int
    asks: str


@dataclass(slots=True)
class _Said:
    """What is set: in files, a line ``key value`` each, by program; as arguments, by program; ``paths`` were read."""

    paths: set[str] = field(default_factory=set)
    files: dict[str, list[str]] = field(default_factory=dict)
    arguments: dict[str, list[str]] = field(default_factory=dict)

    def argument(self, program: str, name: str) -> str:
        """The value of the last such argument, ``true`` for a bare one, "" for none."""
        given = [word for word in self.arguments.get(program, ()) if word.partition("=")[0] == name]
        return (given[-1].partition("=")[2] or "true") if given else ""

    def setting(self, program: str, key: str) -> str:
        """The last value in its files, "" for none."""
        given = [
            line.partition(" ")[2] for line in self.files.get(program, ()) if line.partition(" ")[0] == key
        ]
        return given[-1] if given else ""


def container_interfaces(text: str, ports: Iterable[Port]) -> tuple[ContainerInterface, ...]:
    """The interfaces among the ``ports`` that can be reached, by name; raises GapFound."""
    said = _said(sections(text))
    docker = _docker_ports(said)
    found = set()
    for port in ports:
        if port.protocol != "tcp" or not port.reachable:
            continue
        if port.port in docker and port.process in ("dockerd", "systemd", ""):
            found.add(ContainerInterface("Docker", port.port, _docker(said)))
        elif port.process == "kubelet" and port.port in (_KUBELET_PORT, _READ_ONLY_PORT):
            found.add(ContainerInterface("kubelet", port.port, _kubelet(said, port.port)))
        elif port.process == "etcd" and port.port == _ETCD_PORT:
            asks = "yes" if said.argument("etcd", "--client-cert-auth") == "true" else "unsure"
            found.add(ContainerInterface("etcd", port.port, asks))
    return tuple(sorted(found, key=lambda i: (i.name, i.port)))


def _said(parts: Mapping[str, list[str]]) -> _Said:
    if "end" not in parts:
        raise GapFound(GapReason.UNPARSABLE, "the settings of container engines are cut off")
    names = {m[1]: m[2] for line in parts.get("names", []) if (m := _NAMED.fullmatch(line.strip()))}
    said = _Said()
    for file in config_files("\n".join(parts.get("files", []))):
        said.paths.add(file.path)
        said.files.setdefault("dockerd" if "docker" in file.path else "kubelet", []).extend(file.lines)
    for line in parts.get("arguments", []):
        if (argument := _ARGUMENT.fullmatch(line)) and argument[1] in names:
            said.arguments.setdefault(names[argument[1]], []).append(argument[2])
    return said


def _docker_ports(said: _Said) -> set[int]:
    """Those of its settings and arguments; swarm and published ports of services are dockerd's too, and no API."""
    given = [line.rpartition(" ")[2] for line in said.files.get("dockerd", ()) if line.startswith("port ")]
    given += [
        word.rpartition(":")[2] for word in said.arguments.get("dockerd", ()) if word.startswith("tcp://")
    ]
    return {_DOCKER_PORT} | {
        int(port) for port in given if port.isascii() and port.isdigit() and len(port) < 6
    }


def _docker(said: _Said) -> str:
    """Without --tlsverify it takes commands from everybody; TLS alone encrypts only."""
    verified = said.argument("dockerd", "--tlsverify") or said.setting("dockerd", "tlsverify")
    return "yes" if verified == "true" else "no"


def _kubelet(said: _Said, port: int) -> str:
    """An argument is stronger than the file; without a file anonymous access is on, with one it is off by default."""
    if port == _READ_ONLY_PORT:
        return "no"
    anonymous = said.argument("kubelet", "--anonymous-auth") or said.setting("kubelet", "anonymous")
    if anonymous:
        return "no" if anonymous == "true" else "yes"
    configuration = said.argument("kubelet", "--config")
    if not configuration:
        return "no" if said.arguments.get("kubelet") else "unsure"
    return "yes" if configuration in said.paths else "unsure"


def build_interfaces(evidence: Evidence) -> tuple[ContainerInterface, ...]:
    """The interfaces of the asset's container engines that others reach."""
    return container_interfaces(evidence.text(INTERFACES.id), evidence.fact("ports"))


CONTAINER_INTERFACES = Fact(
    "container_interfaces",
    Text("容器管理接口", "Interfaces of container engines"),
    tuple[ContainerInterface, ...],
    build_interfaces,
    (INTERFACES,),
    ("ports",),
)
