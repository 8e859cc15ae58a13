"""Secrets lie about on a host: none of them is in any byte that secaudit keeps, logs or reports."""

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lab.audits import SCANNED, scan, secaudit
from tests.lab.canary import found_in, plant
from tests.lab.hosts import PASSWORD, Lab
from tests.lab.workspace import DATABASE, write


@dataclass(frozen=True, slots=True)
class Traces:
    """What was planted, and every file and every output that there is afterwards."""

    planted: dict[str, bytes]
    found: dict[str, bytes]
    kept: dict[str, bytes]


@pytest.fixture(scope="module")
def traces(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Traces:
    """Everything that a scan with logging, another judgement and every report leave."""
    host = lab.having("secrets")
    planted = plant(lab, host.name)
    workspace = write(tmp_path_factory.mktemp("secrets") / "workspace", lab, [host.name])
    printed = {"scan": scan(workspace, "--verbose").printed}
    for line in COMMANDS:
        printed[line] = secaudit(workspace, *line.format(workspace=workspace).split(), codes=SCANNED)
    found = {f"the output of {name}": p.out + p.err for name, p in printed.items()}
    found |= {str(f.relative_to(workspace)): f.read_bytes() for f in workspace.rglob("*") if f.is_file()}
    secret = found.pop("password")  # the file in which the office keeps it
    assert secret.decode() == PASSWORD
    return Traces(planted, found, dict(_kept(workspace / DATABASE)))


COMMANDS = (
    "plan",
    "judge latest",
    "results --format json",
    "results --format csv",
    "report --format html,json --out {workspace}/reports/zh",
    "report --format html,json --lang en --out {workspace}/reports/en",
)


def _kept(database: Path) -> Iterator[tuple[str, bytes]]:
    """Every value of every table, unpacked where it is packed."""
    with sqlite3.connect(database) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for number, row in enumerate(connection.execute(f'SELECT * FROM "{table}"')):
                for column, value in enumerate(row):
                    yield f"{table}, row {number}, column {column}", _unpacked(value)


def _unpacked(value: object) -> bytes:
    if not isinstance(value, bytes):
        return str(value).encode()
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def test_evidence_was_kept(traces: Traces) -> None:
    assert any(b"canary0" in content for content in traces.kept.values())
    assert any(name.endswith(".html") for name in traces.found)


def test_no_planted_secret_is_in_the_database(traces: Traces) -> None:
    assert [x for name, content in traces.kept.items() for x in found_in(traces.planted, name, content)] == []


def test_no_planted_secret_is_in_a_file_or_an_output(traces: Traces) -> None:
    assert [
        x for name, content in traces.found.items() for x in found_in(traces.planted, name, content)
    ] == []


def test_the_password_of_the_audit_account_is_nowhere(traces: Traces) -> None:
    ours = {"the credential": PASSWORD.encode()}
    everything = {**traces.kept, **traces.found}
    assert [x for name, content in everything.items() for x in found_in(ours, name, content)] == []
