"""Data stores that answer whoever asks: Redis, MongoDB, Elasticsearch, Memcached, by their settings and their ports."""

from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.ports import Port
from secaudit.facts.sections import sections
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
key == "user" && $2 == "default" {
  print " default user " (/(^|[ \t])(off|resetpass|>|#)/ && !/nopass/ ? "some" : "none")
}
key == "authorization" && /enabled/ { print " authorization some" }
key == "auth" && tolower($0) ~ /(true|1)[ \t\r]*$/ { print " authorization some" }
key == "xpack.security.enabled" { print " security " (tolower($0) ~ /true/ ? "some" : "none") }
/(^|[ \t"=])(-S|--enable-sasl|-Y)([ \t"]|$)/ { print " sasl some" }""",
    )
    + r"""
echo '@@ argued'
grep -lsE -e '--(requirepass|aclfile|auth|enable-sasl)' /proc/[0-9]*/cmdline | sed 's|/cmdline$|/comm|'
echo '@@ names'
grep -sE '^(redis-server|valkey-server|mongod|memcached)$' /proc/[0-9]*/comm /dev/null
echo '@@ end'""",
    root=True,
    reduces="only whether a password, users or authorization are set, none of their values",
)

_STORES = {
    "redis": (6379, ("redis-server", "valkey-server"), ("redis", "valkey")),
    "mongodb": (27017, ("mongod",), ("mongod",)),
    "elasticsearch": (9200, (), ("elasticsearch", "opensearch")),
    "memcached": (11211, ("memcached",), ("memcached",)),
}


@dataclass(frozen=True, slots=True)
class DataStore:
    """A store that listens beyond loopback; ``authenticated``: its settings or arguments make it ask who comes."""

    name: str
    port: int
    authenticated: bool


def data_stores(text: str, ports: Iterable[Port]) -> tuple[DataStore, ...]:
    """The stores among the exposed ``ports``, by name; raises GapFound."""
    parts = sections(text)
    if "end" not in parts:
        raise GapFound(GapReason.UNPARSABLE, "the settings of data stores are cut off")
    files = config_files("\n".join(parts.get("files", [])))
    names = dict(line.rsplit(":", 1) for line in parts.get("names", []) if ":" in line)
    argued = {names[path.strip()] for path in parts.get("argued", []) if path.strip() in names}
    found = {
        DataStore(store, port.port, bool(argued & set(_STORES[store][1])) or _asks(store, files))
        for port in ports
        if (store := _store_of(port))
    }
    return tuple(sorted(found, key=lambda s: (s.name, s.port)))


def _store_of(port: Port) -> str:
    """The store behind an exposed port, by its program where that is told, else by the usual number; "" for none."""
    if not port.exposed or port.protocol != "tcp":
        return ""
    for store, (usual, programs, _words) in _STORES.items():
        if port.process in programs if port.process and programs else port.port == usual:
            return store
    return ""


def _asks(store: str, files: Iterable[ConfigFile]) -> bool:
    """Whether the last word on it says so; that Elasticsearch asks by itself from 8.0 on is left to what is written."""
    words = _STORES[store][2]
    lines = [line for file in files if any(word in file.path for word in words) for line in file.lines]
    said = {line.rpartition(" ")[0]: line.rpartition(" ")[2] for line in lines}
    if store == "redis":
        return said.get("requirepass") == "some" or "aclfile" in said or said.get("default user") == "some"
    return any(said.get(key) == "some" for key in ("authorization", "security", "sasl"))


def build_stores(evidence: Evidence) -> tuple[DataStore, ...]:
    """The data stores of the asset that others reach."""
    ports: tuple[Port, ...] = evidence.fact("ports")
    if not any(_store_of(port) for port in ports):
        return ()
    return data_stores(evidence.text(SETTINGS.id), ports)


DATA_STORES = Fact(
    "data_stores",
    Text("对外的数据存储服务", "Data stores that others reach"),
    tuple[DataStore, ...],
    build_stores,
    (SETTINGS,),
    ("ports",),
)
