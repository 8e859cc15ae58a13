"""What root runs and others can change: units, jobs, sudo rules, and the folders above."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.root_programs import ROOT_PROGRAMS, RootProgram, parse_root_programs
from tests.unit.facts.answers import in_root


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """/opt/app/run is closed; /opt/open is a script that everybody can write."""
    for folder in ("etc/systemd/system", "etc/sudoers.d", "etc/cron.d", "var/spool/cron/crontabs", "opt/app"):
        (tmp_path / folder).mkdir(parents=True)
    for name, mode in (("opt/app/run", 0o755), ("opt/open", 0o777)):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(mode)
    return tmp_path


def found(host: Path) -> dict[str, RootProgram]:
    """Below the folder of the test only."""
    return {
        row.path: row
        for row in parse_root_programs(in_root(host, ROOT_PROGRAMS))
        if row.path.startswith("/opt")
    }


def unit(host: Path, text: str, name: str = "app.service") -> None:
    path = host / "etc/systemd/system" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace("/opt", f"{host}/opt"))


@pytest.mark.parametrize(
    "line",
    [
        "ExecStart=/opt/open",
        "ExecStart=-@/opt/open other -x",
        "ExecStart=/bin/sh -c '/opt/open --x'",
        'ExecStart=-/bin/bash -lc "exec /opt/open --all"',
        "ExecStart=/usr/bin/python3 -u /opt/open",
        "ExecStartPre = /usr/bin/env A=1 /opt/open",
        "User=web\nExecStartPre=+/opt/open",
        "User=root\nExecStart=/opt/app/run\nExecStopPost=/opt/open",
    ],
)
def test_units_of_root(host: Path, line: str) -> None:
    unit(host, f"[Service]\n{line}\n")
    (row,) = found(host).values()
    assert (row.path, row.run_by, row.mode, row.other_writable) == ("/opt/open", "app.service", "0777", True)


@pytest.mark.parametrize(
    "line",
    [
        "ExecStart=/opt/app/run /opt/open",
        "User=web\nExecStart=/opt/open",
        "DynamicUser=yes\nExecStart=/opt/open",
        "ExecStart=/opt/open\nExecStart=\nExecStart=/opt/app/run",
        "# ExecStart=/opt/open",
    ],
)
def test_what_root_does_not_run(host: Path, line: str) -> None:
    unit(host, f"[Service]\n{line}\n")
    assert "/opt/open" not in found(host)


def test_a_drop_in_changes_the_unit(host: Path) -> None:
    unit(host, "[Service]\nExecStart=/opt/app/run\n")
    unit(host, "[Service]\nExecStartPost=/opt/open\n", "app.service.d/10.conf")
    assert "/opt/open" in found(host)
    unit(host, "[Service]\nUser=web\n", "app.service.d/20.conf")
    assert "/opt/open" not in found(host)


def test_a_masked_unit_runs_nothing(host: Path) -> None:
    (host / "usr/lib/systemd/system").mkdir(parents=True)
    (host / "usr/lib/systemd/system/app.service").write_text(f"[Service]\nExecStart={host}/opt/open\n")
    assert "/opt/open" in found(host)
    (host / "etc/systemd/system/app.service").symlink_to("/dev/null")
    assert "/opt/open" not in found(host)


@pytest.mark.parametrize(
    ("path", "line", "runs"),
    [
        ("etc/crontab", "* * * * * root /opt/open", True),
        ("etc/crontab", "*/5 * * * *\troot\tcd /x && /opt/open >/dev/null 2>&1", True),
        ("etc/crontab", "@daily root nice -n 10 /opt/open", True),
        ("etc/crontab", "17 * * * * web /opt/open", False),
        ("etc/crontab", "#* * * * * root /opt/open", False),
        ("etc/crontab", "X=/opt/open", False),
        ("etc/crontab", "0 1 * * * root /opt/app/run > /opt/open", False),
        ("var/spool/cron/crontabs/root", "* * * * * /opt/open", True),
        ("var/spool/cron/crontabs/web", "* * * * * /opt/open", False),
        ("etc/sudoers", "ann ALL=(root) NOPASSWD: /opt/open, /bin/ls", True),
        ("etc/sudoers.d/x", "Cmnd_Alias A = /bin/ls,/opt/open", True),
        ("etc/sudoers", "Defaults logfile=/opt/open", False),
    ],
)
def test_jobs_and_sudo_rules(host: Path, path: str, line: str, runs: bool) -> None:
    (host / path).write_text(line.replace("/opt", f"{host}/opt") + "\n")
    assert ("/opt/open" in found(host)) == runs


def test_a_folder_above_counts_and_a_sticky_one_does_not(host: Path) -> None:
    unit(host, "[Service]\nExecStart=/opt/app/run\n")
    assert found(host) == {}
    (host / "opt/app").chmod(0o777)
    assert found(host)["/opt/app"].kind == "directory"
    (host / "opt/app").chmod(0o1777)
    assert found(host) == {}


def test_rows() -> None:
    text = "open|-|regular file|6755|1|1|daemon|daemon|/usr/bin/at\n"
    text += "open|a.service|directory|775|0|50|root|staff|/o|p\nseen|3\nend\n"
    folder, at = parse_root_programs(text)
    assert (at.owned_by_root, at.group_writable, at.other_writable, at.mode) == (False, False, False, "6755")
    assert (folder.path, folder.owned_by_root, folder.group_writable) == ("/o|p", True, True)


@pytest.mark.parametrize(
    "text", ["", "seen|3\n", "end\n", "open|x\nseen|1\nend\n", "open|a|f|8|0|0|r|r|/x\nseen|1\nend\n"]
)
def test_what_is_cut_off_or_strange_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_root_programs(text)


@given(
    st.text(max_size=60), st.sampled_from(["", "open|", "open|a|directory|755|0|0|root|root|/x\n", "seen|"])
)
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    try:
        parse_root_programs(f"{prefix}{text}\nseen|1\nend\n")
    except GapFound:
        return
