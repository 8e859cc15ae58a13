"""Where time and packages come from, what the zone is, and who watches the host."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.config_files import config_files
from secaudit.facts.fact import GapFound
from secaudit.facts.monitoring import MONITORING, MonitoringAgent, agents_of
from secaudit.facts.processes import Processes
from secaudit.facts.source_places import places
from secaudit.facts.time_places import place_of
from secaudit.facts.time_zone import ZONE, parse_zone
from tests.unit.facts.answers import in_root


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("10.0.0.1", "inside"),
        ("fd00::1", "inside"),
        ("100.64.3.1", "inside"),
        ("8.8.8.8", "outside"),
        ("2.debian.pool.ntp.org", "outside"),
        ("ntp.aliyun.com", "outside"),
        ("ntp.cloud.aliyuncs.com", "inside"),
        ("time.corp", "inside"),
        ("PPS", "inside"),
        ("built-in", "outside"),
        ("ntp.city.gov.cn", "?"),
        ("fakentp.org", "?"),
    ],
)
def test_where_a_time_source_is(name: str, place: str) -> None:
    assert place_of(name) == place


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("deb.debian.org", "outside"),
        ("10.0.0.5:8080", "inside"),
        ("-", "local"),
        ("mirror.city.gov.cn", "?"),
        ("mirrors.tuna.tsinghua.edu.cn", "outside"),
        ("notdebian.org", "?"),
    ],
)
def test_where_packages_come_from(host: str, place: str) -> None:
    (found,) = places([host, host])
    assert found.place == place


def test_the_zone_is_what_the_file_says_not_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/timezone").write_text("Asia/Shanghai\n")
    assert parse_zone(in_root(tmp_path, ZONE)).rule == "UTC0"
    (tmp_path / "etc/localtime").write_bytes(b"TZif2\0\0\nLMT\0CST\n\0x\nCST-8\n")
    zone = parse_zone(in_root(tmp_path, ZONE))
    assert (zone.rule, zone.name) == ("CST-8", "none")


@pytest.mark.parametrize("text", ["", "@@ rule\nTZif\n@@ name\n@@ end\n", "@@ rule\nCST-8\n"])
def test_a_zone_that_is_not_told_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_zone(text)


def test_the_name_of_a_linked_zone() -> None:
    found = parse_zone("@@ rule\n<+06>-6\n@@ name\n/usr/share/zoneinfo/Asia/Urumqi\n@@ end\n")
    assert (found.rule, found.name) == ("<+06>-6", "Asia/Urumqi")


def agents(root: Path, path: str, text: str, *names: str) -> tuple[MonitoringAgent, ...]:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n")
    return agents_of(config_files(in_root(root, MONITORING)), Processes("systemd", (), names))


@pytest.mark.parametrize(
    ("path", "text", "process", "reports"),
    [
        ("etc/zabbix/zabbix_agentd.conf", "Server=127.0.0.1,10.0.0.7", "zabbix_agentd", True),
        ("etc/zabbix/zabbix_agentd.conf", "# Server=10.0.0.7\nServer=127.0.0.1", "zabbix_agentd", False),
        ("etc/telegraf/telegraf.conf", 'urls = ["http://u:CANARY@tsdb.corp:1"]\ntoken = "CANARY"', "telegraf", True),
        ("etc/collectd/collectd.conf", 'Server "10.0.0.7" "25826"', "collectd", True),
        ("etc/nagios/nrpe.cfg", "allowed_hosts=127.0.0.1,::1", "nrpe", False),
        ("etc/snmp/snmpd.conf", "rocommunity CANARY\ntrap2sink 10.0.0.7 CANARY", "snmpd", True),
        ("etc/snmp/snmpd.conf", "rocommunity CANARY", "snmpd", False),
        ("etc/zabbix/zabbix_agentd.conf", "Server=10.0.0.7", "node_exporter", False),
        ("etc/zabbix/zabbix_agentd.conf", "", "barad_agent", True),
    ],
)  # fmt: skip
def test_whom_an_agent_reports_to(tmp_path: Path, path: str, text: str, process: str, reports: bool) -> None:
    (found,) = agents(tmp_path, path, text, process)
    assert found.reports is reports
    assert "CANARY" not in in_root(tmp_path, MONITORING)


def test_an_agent_that_does_not_run_is_none(tmp_path: Path) -> None:
    assert agents(tmp_path, "etc/zabbix/zabbix_agentd.conf", "Server=10.0.0.7", "sshd") == ()


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["@@ rule", "@@ name", "@@ end", "CST-8", "#= /etc/zabbix/x"]),
            st.text(max_size=20),
        )
    )
)
def test_any_text_is_a_value_or_a_gap(lines: list[str]) -> None:
    text = "\n".join(lines)
    with suppress(GapFound):
        parse_zone(text)
    with suppress(GapFound):
        agents_of(config_files(text), Processes("systemd", (), ("zabbix_agentd",)))
    assert len(places(lines)) == len(set(lines))
