"""Agents that watch this host for a central monitoring, and where they report to."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.processes import PROCESSES_FACT, Processes
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Name of the process (15 characters at most) → agent. A cloud's own agent reports to the cloud.
CLOUD = "cloud"
AGENTS = {
    "zabbix_agentd": "zabbix",
    "zabbix_agent2": "zabbix",
    "telegraf": "telegraf",
    "collectd": "collectd",
    "nrpe": "nrpe",
    "snmpd": "snmpd",
    "node_exporter": "node_exporter",
    "prometheus-node": "node_exporter",
    "categraf": "categraf",
    "icinga2": "icinga2",
    "CmsGoAgent.linu": CLOUD,
    "cloudmonitor": CLOUD,
    "argusagent": CLOUD,
    "barad_agent": CLOUD,
    "telescope": CLOUD,
    "uniagentd": CLOUD,
}
_FILES = {
    "/etc/zabbix": "zabbix",
    "/etc/zabbix_agentd": "zabbix",
    "/etc/telegraf": "telegraf",
    "/etc/collectd": "collectd",
    "/etc/nagios": "nrpe",
    "/etc/nrpe": "nrpe",
    "/etc/snmp": "snmpd",
    "/etc/categraf": "categraf",
    "/opt/categraf": "categraf",
}

# Of each setting only hosts: communities, tokens and what precedes an @ stay there.
_SERVERS = r"""
function hosts(s,  n, i, w) {
  n = split(s, w, /[][ \t,;"]+/)
  for (i = 1; i <= n; i++) {
    sub(/^[a-z+]+:\/\//, "", w[i]); sub(/^[^@]*@/, "", w[i]); sub(/\/.*/, "", w[i]); sub(/:[0-9]+$/, "", w[i])
    if (w[i] ~ /^[A-Za-z0-9][A-Za-z0-9.:_-]*$/) print " " w[i]
  }
}
{ sub(/^[ \t]*#.*/, ""); s = $0; sub(/^[^=]*=[ \t]*/, "", s) }
FILENAME ~ /zabbix/ && /^[ \t]*(Server|ServerActive)[ \t]*=/ { hosts(s) }
FILENAME ~ /telegraf|categraf/ && /^[ \t]*(urls|url)[ \t]*=/ { hosts(s) }
FILENAME ~ /collectd/ && /^[ \t]*<?Server[ \t]+"/ { s = $0; sub(/^[^"]*"/, "", s); sub(/".*/, "", s); hosts(s) }
FILENAME ~ /nrpe/ && /^[ \t]*allowed_hosts[ \t]*=/ { hosts(s) }
FILENAME ~ /snmp/ && /^[ \t]*(trapsink|trap2sink|informsink)[ \t]/ { hosts($2) }"""

MONITORING = Probe(
    "monitoring.config",
    print_files(
        "/etc/zabbix/zabbix_agentd.conf /etc/zabbix/zabbix_agent2.conf /etc/zabbix_agentd.conf"
        " /etc/zabbix/zabbix_agentd.d/*.conf /etc/zabbix/zabbix_agent2.d/*.conf"
        " /etc/telegraf/telegraf.conf /etc/telegraf/telegraf.d/*.conf /etc/collectd/collectd.conf /etc/collectd.conf"
        " /etc/nagios/nrpe.cfg /etc/nrpe.cfg /etc/snmp/snmpd.conf /etc/categraf/conf/config.toml"
        " /opt/categraf/conf/config.toml",
        _SERVERS,
    ),
    root=True,
    reduces=Text(
        "只输出主机名与地址；舍去团体字、令牌、密钥与路径",
        "host names and addresses only; communities, tokens, keys and paths are dropped",
    ),
)


@dataclass(frozen=True, slots=True)
class MonitoringAgent:
    """An agent that runs. ``servers`` are the hosts its configuration names; ``reports``: one of them is another host.

    An agent that is asked from elsewhere (node_exporter) names nobody.
    """

    agent: str
    servers: tuple[str, ...]
    reports: bool


def agents_of(files: Sequence[ConfigFile], processes: Processes) -> tuple[MonitoringAgent, ...]:
    """The known agents that root or a system account runs here."""
    running = dict.fromkeys(AGENTS[name] for name in processes.names if name in AGENTS)
    return tuple(_agent(agent, files) for agent in running)


def _agent(agent: str, files: Sequence[ConfigFile]) -> MonitoringAgent:
    mine = [line for file in files if _owner(file.path) == agent for line in file.lines]
    servers = tuple(dict.fromkeys(line.strip() for line in mine if line.strip()))
    return MonitoringAgent(agent, servers, agent == CLOUD or any(is_elsewhere(host) for host in servers))


def _owner(path: str) -> str:
    return next((agent for start, agent in _FILES.items() if path.startswith(start)), "")


def is_elsewhere(host: str) -> bool:
    """Whether a name or an address is not the loopback of this host."""
    if host.lower() in ("localhost", "localhost.localdomain", "ip6-localhost"):
        return False
    try:
        address = ip_address(host)
    except ValueError:
        return True
    return not (address.is_loopback or address.is_unspecified)


def build_monitoring_agents(evidence: Evidence) -> tuple[MonitoringAgent, ...]:
    """The agents; empty where none that is known runs."""
    return agents_of(config_files(evidence.text(MONITORING.id)), evidence.fact(PROCESSES_FACT.name))


MONITORING_AGENTS = Fact(
    "monitoring_agents",
    Text("监控代理", "Monitoring agents"),
    tuple[MonitoringAgent, ...],
    build_monitoring_agents,
    (MONITORING,),
    (PROCESSES_FACT.name,),
)
