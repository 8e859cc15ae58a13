"""Odd lines of passwd, group and gshadow."""

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.groups import parse_groups
from secaudit.facts.local_groups import (
    GROUP_PASSWORDS_PROBE,
    account_faults,
    duplicate_groups,
    parse_group_passwords,
)
from secaudit.facts.passwd_file import parse_passwd

PASSWD = """p:root:shadow:0:0:/root:/bin/bash
p:ann:shadow:1000:1000:/home/ann:/bin/bash
p:ben:hash:md5:1001:4999:/home/ann/:/bin/bash
p:daemon:shadow:1:1:/home/ann:/usr/sbin/nologin
p:toor:shadow:0:0:/root:/bin/bash
p:+@ops:empty::::
"""
GROUP = "root:0:\ndaemon:1:\nann:1000:\nstaff:50:\nstaff2:50:ann\nann:1003:\n"


def test_faults_of_accounts() -> None:
    identities = parse_passwd(PASSWD).identities
    found = account_faults(PASSWD, identities, parse_groups(GROUP, identities))
    assert {(fault.kind, fault.account, fault.seen) for fault in found} == {
        ("taken_in", "+@ops", "+@ops"),
        ("hash_in_passwd", "ben", "md5"),
        ("no_group", "ben", "4999"),
    }


def test_groups_that_are_there_twice() -> None:
    found = duplicate_groups(parse_groups(GROUP, ()))
    assert {(row.kind, row.value, row.groups) for row in found} == {
        ("gid", "50", ("staff", "staff2")),
        ("name", "ann", ("ann", "ann")),
    }


def run(tmp_path: Path, gshadow: str | None, group: str) -> str:
    """What the probe prints on a root with these files."""
    (tmp_path / "group").write_text(group)
    if gshadow is not None:
        (tmp_path / "gshadow").write_text(gshadow)
    command = GROUP_PASSWORDS_PROBE.command.replace("/etc/", f"{tmp_path}/")
    done = subprocess.run(
        ["/bin/sh", "-c", 'root() { "$@"; }\n' + command],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert "CANARY" not in done.stdout
    return done.stdout.replace(f"{tmp_path}/", "/etc/")


@pytest.mark.parametrize(
    ("gshadow", "group", "found"),
    [
        ("sudo:!::ann\nstaff:*::\nempty:::\n", "sudo:x:27:ann\n", []),
        ("ops:$6$CANARY$CANARY:ann:ben\n", "ops:x:900:\n", [("ops", "/etc/gshadow")]),
        ("ops:!$6$CANARY$CANARY::\n", "ops:x:900:\n", []),
        (None, "ops:$1$CANARY$CANARY:900:\n", [("ops", "/etc/group")]),
        (None, "ops::900:\n+:::\n", []),
    ],
)
def test_passwords_of_groups(
    tmp_path: Path, gshadow: str | None, group: str, found: list[tuple[str, str]]
) -> None:
    rows = parse_group_passwords(run(tmp_path, gshadow, group))
    assert [(row.group, row.path) for row in rows] == found


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["p:+", "p:a:hash", "p:a:hash:x:1:1:/:/x", "p:"])).map("\n".join)
)
def test_any_text_gives_a_value_or_a_gap(text: str) -> None:
    with suppress(GapFound):
        parse_group_passwords(text)
    account_faults(text, (), ())
