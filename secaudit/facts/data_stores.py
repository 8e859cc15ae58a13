"""Data stores that answer whoever asks: Redis, MongoDB, Elasticsearch, Memcached, by their settings and their ports."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.packages import Package
from secaudit.facts.ports import Port
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

SETTINGS = Probe(
    "data_stores.settings",
    "echo '@@ files'\n"
    + print_files(
        "/etc/redis/*.conf /etc/redis.conf /etc/valkey/*.conf /etc/mongod.conf /etc/mongodb.conf"
        " /etc/elasticsearch/elasticsearch.yml /etc/opensearch/opensearch.yml"
        " /etc/memcached.conf /etc/sysconfig/memcached",
        r"""/^[ \t]*#/ { next }
{ key = tolower($1); sub(/[:=].*/, "", key) }
key ~ /^(requirepass|aclfile|masterauth)$/ { print " " key " " ($2 == "" || $2 == "\"\"" ? "none" : "some") }
key == "protected-mode" { print " protected " (tolower($2) ~ /^"?no"?\r?$/ ? "none" : "some") }
key == "include" { print " include some" }
key == "user" && $2 == "default" {
  print " default user " (/(^|[ \t])(off|resetpass|>|#)/ && !/nopass/ ? "some" : "none")
}
key == "authorization" && /enabled/ { print " authorization some" }
key == "auth" && tolower($0) ~ /(true|1)[ \t\r]*$/ { print " authorization some" }
key == "xpack.security.enabled" { print " security " (tolower($0) ~ /true/ ? "some" : "none") }
key == "plugins.security.disabled" { print " security " (tolower($0) ~ /true/ ? "none" : "some"); next }
key ~ /^(plugins\.security|searchguard|readonlyrest)(\.|$)/ { print " guard some" }
/(^|[ \t"=])(-S|--enable-sasl|-Y)([ \t"]|$)/ { print " sasl some" }""",
    )
    + r"""
echo '@@ argued'
grep -lsE -e '--(requirepass|aclfile|auth|enable-sasl)' /proc/[0-9]*/cmdline | sed 's|/cmdline$|/comm|'
echo '@@ names'
grep -sE '^(redis-server|valkey-server|mongod|memcached)$' /proc/[0-9]*/comm /dev/null
echo '@@ end'""",
    root=True,
    reduces=Text(
        "只取是否设有口令、用户或授权，不含其值",
        "only whether a password, users or authorization are set, none of their values",
    ),
)

_STORES = {
    "redis": (6379, ("redis-server", "valkey-server"), ("redis", "valkey")),
    "mongodb": (27017, ("mongod",), ("mongod",)),
    "elasticsearch": (9200, (), ("elasticsearch", "opensearch")),
    "memcached": (11211, ("memcached",), ("memcached",)),
}
_ASKS_SINCE = 8  # Elasticsearch's own default: xpack.security.enabled is true from 8.0 on


@dataclass(frozen=True, slots=True)
class DataStore:
    """A store that listens beyond loopback; ``asks`` who comes: ``yes``, ``no``, or ``unsure``.

    Unsure: its settings are not where its package puts them, or something beside them may decide.
    """

    name: str
    port: int
    asks: str


def data_stores(text: str, ports: Iterable[Port], elasticsearch: str) -> tuple[DataStore, ...]:
    """The stores among the reachable ``ports``, by name; ``elasticsearch``: its package's version, "" for none.

    Raises GapFound.
    """
    parts = whole_sections(text, "the settings of data stores are cut off", GapReason.UNPARSABLE)
    files = config_files("\n".join(parts.get("files", [])))
    names = dict(line.rsplit(":", 1) for line in parts.get("names", []) if ":" in line)
    argued = {names[path.strip()] for path in parts.get("argued", []) if path.strip() in names}
    found = {
        DataStore(
            store, port.port, "yes" if argued & set(_STORES[store][1]) else _asks(store, files, elasticsearch)
        )
        for port in ports
        if (store := _store_of(port))
    }
    return tuple(sorted(found, key=lambda s: (s.name, s.port)))


def _store_of(port: Port) -> str:
    """The store behind a reachable port, by its program where that is told, else by the usual number; "" for none."""
    if not port.reachable or port.protocol != "tcp":
        return ""
    for store, (usual, programs, _words) in _STORES.items():
        if port.process in programs if port.process and programs else port.port == usual:
            return store if programs or port.process in ("", "java") else ""
    return ""


def _asks(store: str, files: Iterable[ConfigFile], elasticsearch: str) -> str:
    """By the last word on it in the files of the store."""
    own = [file for file in files if any(word in file.path for word in _STORES[store][2])]
    said = {line.rpartition(" ")[0]: line.rpartition(" ")[2] for file in own for line in file.lines}
    if not own:
        return "unsure"
    if store == "redis":
        return _redis(said)
    if store == "elasticsearch":
        return _elasticsearch(said, elasticsearch)
    return "yes" if "some" in (said.get("authorization"), said.get("sasl")) else "no"


def _redis(said: Mapping[str, str]) -> str:
    """Without a password its protected mode refuses others; that they are heard means another file or an argument."""
    if said.get("requirepass") == "some" or "aclfile" in said or said.get("default user") == "some":
        return "yes"
    return "no" if said.get("protected") == "none" and "include" not in said else "unsure"


def _elasticsearch(said: Mapping[str, str], version: str) -> str:
    if "security" in said:
        return "yes" if said["security"] == "some" else "no"
    first = version.partition(".")[0].rpartition(":")[2]
    if "guard" in said or not (first.isascii() and first.isdigit() and len(first) < 4):
        return "unsure"
    return "yes" if int(first) >= _ASKS_SINCE else "no"


def build_stores(evidence: Evidence) -> tuple[DataStore, ...]:
    """The data stores of the asset that others reach."""
    ports: tuple[Port, ...] = evidence.fact("ports")
    if not any(_store_of(port) for port in ports):
        return ()
    return data_stores(evidence.text(SETTINGS.id), ports, _version_of("elasticsearch", evidence))


def _version_of(package: str, evidence: Evidence) -> str:
    """The version, "" where it is not installed, or no package manager tells."""
    try:
        packages: tuple[Package, ...] = evidence.fact("packages")
    except GapFound:
        return ""
    return next((found.version for found in packages if found.name == package), "")


DATA_STORES = Fact(
    "data_stores",
    Text("对外的数据存储服务", "Data stores that others reach"),
    tuple[DataStore, ...],
    build_stores,
    (SETTINGS,),
    ("ports", "packages"),
)
