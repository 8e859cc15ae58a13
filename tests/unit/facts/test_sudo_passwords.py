"""Whom sudo asks for no password: each rule was tried with ``sudo -n`` on Debian 12 before it was written down."""

from pathlib import Path

import pytest

from secaudit.facts.groups import Group
from secaudit.facts.passwd_file import Identity
from secaudit.facts.sudo_probe import SUDOERS
from secaudit.facts.sudo_rules import SudoRule, parse_sudoers
from tests.unit.facts.answers import in_root

PEOPLE = [
    Identity(name, uid, uid, f"/home/{name}", "/bin/bash", True, uid == 0)
    for name, uid in (("root", 0), ("ann", 1000), ("ben", 1001))
]
GROUPS = [Group("ops", 10, ("ann",)), Group("staff", 11, ())]


def rules(root: Path, text: str) -> list[SudoRule]:
    (root / "etc").mkdir()
    (root / "etc/sudoers").write_text(text)
    return list(parse_sudoers(in_root(root, SUDOERS), GROUPS, PEOPLE, "web"))


@pytest.mark.parametrize(
    ("defaults", "rule", "free"),
    [
        ("Defaults:%ops !authenticate", "ann ALL=(ALL) ALL", True),
        ("Defaults:ann !authenticate", "%ops ALL=(ALL) ALL", True),
        ("Defaults:ben !authenticate", "%ops ALL=(ALL) ALL", False),
        ("Defaults:ALL,!ann !authenticate", "ann ALL=(ALL) ALL", False),
        ("Defaults exempt_group=ops", "ann ALL=(ALL) ALL", True),
        ("Defaults exempt_group = staff", "ann ALL=(ALL) ALL", False),
        ("Defaults@web !authenticate", "ann ALL=(ALL) ALL", True),
        ("Defaults@mail !authenticate", "ann ALL=(ALL) ALL", False),
        ("Defaults>root !authenticate", "ann ALL=(ALL) ALL", True),
        ("Defaults>ben !authenticate", "ann ALL=(ALL) ALL", False),
        ("Defaults!/usr/bin/bash !authenticate", "ann ALL=(root) /usr/bin/bash", True),
        ("Defaults!/usr/bin/bash !authenticate", "ann ALL=(root) ALL", True),
        ("Defaults!/usr/bin/true !authenticate", "ann ALL=(root) ALL", False),
        ("Defaults !authenticate, authenticate", "ann ALL=(root) ALL", False),
    ],
)
def test_defaults_that_spare_somebody(tmp_path: Path, defaults: str, rule: str, free: bool) -> None:
    (row,) = rules(tmp_path, f"{defaults}\n{rule}\n")
    assert row.nopasswd is free


@pytest.mark.parametrize(
    ("text", "first_is_free"),
    [
        ("ann ALL=(ALL) NOPASSWD: ALL\nann ALL=(ALL) ALL", False),
        ("ann ALL=(ALL) NOPASSWD: ALL\n%ops ALL=(ALL:ALL) ALL", False),
        ("ann ALL=(ALL) NOPASSWD: ALL\nben ALL=(ALL:ALL) ALL", True),
        ("ann ALL=(ALL) NOPASSWD: ALL\nann ALL=(ben) ALL", True),
        ("ann ALL=(ALL) NOPASSWD: ALL\nann ALL=(ALL) /bin/ls", True),
        ("ALL ALL=(ALL) NOPASSWD: ALL\nann ALL=(ALL) ALL", True),
        ("ann ALL=(ALL) PASSWD: ALL\nann ALL=(ALL) NOPASSWD: ALL", False),
    ],
)
def test_the_last_rule_counts(tmp_path: Path, text: str, first_is_free: bool) -> None:
    assert rules(tmp_path, f"{text}\n")[0].nopasswd is first_is_free


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("ann ALL=(ALL) ALL, NOPASSWD: /bin/ls", [(True, True, False), (True, False, True)]),
        (
            "ann ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx, (ben) ALL",
            [(True, False, True), (False, True, True)],
        ),
        ("ann ALL=(:ops) NOPASSWD: ALL", [(False, True, True)]),
        ("ann ALL=(ALL, !root) ALL", [(False, True, False)]),
    ],
)
def test_commands_that_run_as_another_or_ask_otherwise_stand_apart(
    tmp_path: Path, rule: str, rows: list[tuple[bool, bool, bool]]
) -> None:
    assert [(row.as_root, row.all, row.nopasswd) for row in rules(tmp_path, f"{rule}\n")] == rows


def test_a_digest_before_a_command_hides_no_shell(tmp_path: Path) -> None:
    (row,) = rules(tmp_path, f"ann ALL=(root) NOPASSWD: sha256:{'0' * 64} /bin/bash\n")
    assert (row.commands, row.shell) == (("/bin/bash",), True)
