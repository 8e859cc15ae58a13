"""Data stores that others reach, and whether they ask who comes."""

from dataclasses import replace
from pathlib import Path

import pytest

from secaudit.facts.data_stores import SETTINGS, DataStore, data_stores
from secaudit.facts.fact import GapFound
from secaudit.facts.ports import Port
from tests.unit.facts.answers import in_root
from tests.unit.facts.joined_ports import port


def found(
    files: str = "", argued: str = "", names: str = "", *ports: Port, version: str = ""
) -> list[tuple[str, str]]:
    text = f"@@ files\n{files}\n@@ argued\n{argued}\n@@ names\n{names}\n@@ end\n"
    return [(s.name, s.asks) for s in data_stores(text, ports, version)]


def file(path: str, *lines: str) -> str:
    return f"#+ {path}\n#= {path}\n" + "".join(f" {line}\n" for line in lines)


REDIS = port(6379, "redis-server")


@pytest.mark.parametrize(
    ("lines", "asks"),
    [
        ((), "unsure"),  # protected mode is on by itself and refuses others: this is not how it was started
        (("protected some",), "unsure"),
        (("protected none",), "no"),
        (("protected none", "include some"), "unsure"),
        (("protected none", "requirepass some"), "yes"),
        (("requirepass some",), "yes"),
        (("protected none", "requirepass none"), "no"),
        (("protected none", "requirepass some", "requirepass none"), "no"),
        (("aclfile some",), "yes"),
        (("default user some",), "yes"),
        (("protected none", "default user none"), "no"),
    ],
)
def test_redis(lines: tuple[str, ...], asks: str) -> None:
    assert found(file("/etc/redis/redis.conf", *lines), "", "", REDIS) == [("redis", asks)]


ELASTICSEARCH = "/etc/elasticsearch/elasticsearch.yml"


@pytest.mark.parametrize(
    ("lines", "version", "asks"),
    [
        ((), "8.0.0", "yes"),
        ((), "8.15.1-1", "yes"),
        ((), "7.17.24", "no"),
        ((), "1:7.17.24", "no"),
        ((), "", "unsure"),  # unpacked by hand: which release it is, nobody says
        ((), "x", "unsure"),
        (("security none",), "8.15.1", "no"),
        (("security some",), "7.17.24", "yes"),
        (("guard some",), "7.17.24", "unsure"),
    ],
)
def test_elasticsearch_asks_by_itself_from_8_on(lines: tuple[str, ...], version: str, asks: str) -> None:
    seen = found(file(ELASTICSEARCH, *lines), "", "", port(9200, "java"), version=version)
    assert seen == [("elasticsearch", asks)]


def test_elasticsearch_whose_settings_lie_elsewhere() -> None:
    assert found("", "", "", port(9200, "java"), version="8.15.1") == [("elasticsearch", "unsure")]


def test_another_program_on_the_port_of_elasticsearch() -> None:
    assert found(file(ELASTICSEARCH), "", "", port(9200, "nginx"), version="7.17.24") == []


def test_a_password_on_the_command_line() -> None:
    names = "/proc/7/comm:redis-server\n/proc/8/comm:mongod"
    assert found(file("/etc/mongod.conf"), "/proc/7/comm", names, REDIS, port(27017, "mongod")) == [
        ("mongodb", "no"),
        ("redis", "yes"),
    ]


def test_settings_of_another_store_do_not_count() -> None:
    assert found(file("/etc/mongod.conf", "authorization some"), "", "", REDIS, port(27017)) == [
        ("mongodb", "yes"),
        ("redis", "unsure"),
    ]


def test_loopback_and_another_program_on_the_port_do_not_count() -> None:
    assert found("", "", "", port(6379, "redis-server", exposed=False), port(6379, "java")) == []


def test_a_store_on_another_port() -> None:
    text = f"@@ files\n{file('/etc/redis/redis.conf', 'protected none')}@@ argued\n@@ names\n@@ end\n"
    assert data_stores(text, (port(7000, "redis-server"),), "") == (DataStore("redis", 7000, "no"),)


def test_what_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        data_stores("@@ files\n", (), "")


def test_the_probe_shows_no_password(tmp_path: Path) -> None:
    folder = tmp_path / "etc/redis"
    folder.mkdir(parents=True)
    (folder / "redis.conf").write_text(
        "# requirepass CANARY\nrequirepass CANARY\nuser default on >CANARY ~* +@all\n"
    )
    (tmp_path / "etc/mongod.conf").write_text("security:\n  authorization: enabled\n  keyFile: CANARY\n")
    (tmp_path / "etc/elasticsearch").mkdir()
    (tmp_path / "etc/elasticsearch/elasticsearch.yml").write_text(
        "#xpack.security.enabled: false\nreadonlyrest.key: CANARY\nxpack.security.enabled: true\n"
    )
    (tmp_path / "etc/redis/more.conf").write_text("protected-mode\tno\ninclude /etc/redis/CANARY\n")
    (tmp_path / "etc/memcached.conf").write_text("-l 0.0.0.0\n# -S\n")
    text = in_root(tmp_path, SETTINGS, steady=False)
    assert "CANARY" not in text
    assert " requirepass some" in text
    assert " default user some" in text
    assert " authorization some" in text
    assert " sasl" not in text
    assert " security some" in text
    assert " security none" not in text
    assert " guard some" in text
    assert " protected none" in text


def test_a_store_that_is_seen_open_from_outside_counts_though_the_host_says_loopback() -> None:
    inside = replace(port(6379, "redis-server", exposed=False), outside="open")
    assert found("", "", "", inside) == []
    assert len(found("", "", "", replace(inside, reachable=True))) == 1
