"""Data stores that others reach, and whether they ask who comes."""

from pathlib import Path

import pytest

from secaudit.facts.data_stores import SETTINGS, DataStore, data_stores
from secaudit.facts.fact import GapFound
from secaudit.facts.ports import Port
from tests.unit.facts.answers import in_root


def port(number: int, process: str = "", exposed: bool = True) -> Port:
    return Port(
        "tcp", number, False, "", True, exposed, False, ("0.0.0.0",), process, "not_scanned", False, ""
    )


def found(files: str = "", argued: str = "", names: str = "", *ports: Port) -> list[tuple[str, bool]]:
    text = f"@@ files\n{files}\n@@ argued\n{argued}\n@@ names\n{names}\n@@ end\n"
    return [(s.name, s.authenticated) for s in data_stores(text, ports)]


def file(path: str, *lines: str) -> str:
    return f"#+ {path}\n#= {path}\n" + "".join(f" {line}\n" for line in lines)


REDIS = port(6379, "redis-server")


@pytest.mark.parametrize(
    ("lines", "asks"),
    [
        ((), False),
        (("requirepass some",), True),
        (("requirepass none",), False),
        (("requirepass some", "requirepass none"), False),
        (("aclfile some",), True),
        (("default user some",), True),
        (("default user none",), False),
    ],
)
def test_redis(lines: tuple[str, ...], asks: bool) -> None:
    assert found(file("/etc/redis/redis.conf", *lines), "", "", REDIS) == [("redis", asks)]


def test_a_password_on_the_command_line() -> None:
    names = "/proc/7/comm:redis-server\n/proc/8/comm:mongod"
    assert found("", "/proc/7/comm", names, REDIS, port(27017, "mongod")) == [
        ("mongodb", False),
        ("redis", True),
    ]


def test_settings_of_another_store_do_not_count() -> None:
    assert found(file("/etc/mongod.conf", "authorization some"), "", "", REDIS, port(27017)) == [
        ("mongodb", True),
        ("redis", False),
    ]


def test_loopback_and_another_program_on_the_port_do_not_count() -> None:
    assert found("", "", "", port(6379, "redis-server", exposed=False), port(6379, "java")) == []


def test_a_store_on_another_port() -> None:
    text = "@@ files\n@@ argued\n@@ names\n@@ end\n"
    assert data_stores(text, (port(7000, "redis-server"),)) == (DataStore("redis", 7000, False),)


def test_what_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        data_stores("@@ files\n", ())


def test_the_probe_shows_no_password(tmp_path: Path) -> None:
    folder = tmp_path / "etc/redis"
    folder.mkdir(parents=True)
    (folder / "redis.conf").write_text(
        "# requirepass CANARY\nrequirepass CANARY\nuser default on >CANARY ~* +@all\n"
    )
    (tmp_path / "etc/mongod.conf").write_text("security:\n  authorization: enabled\n  keyFile: CANARY\n")
    (tmp_path / "etc/memcached.conf").write_text("-l 0.0.0.0\n# -S\n")
    text = in_root(tmp_path, SETTINGS, steady=False)
    assert "CANARY" not in text
    assert " requirepass some" in text
    assert " default user some" in text
    assert " authorization some" in text
    assert " sasl" not in text
