"""A critical file that ``open_files`` leaves out is one that no check finds fault with, whatever its parameters are."""

from itertools import product
from typing import Any

import pytest

from secaudit.facts.file_modes import CRITICAL, FileMode, is_open, parse_modes
from secaudit.model.content import Profile
from secaudit.model.result import Verdict
from tests.content import inventory
from tests.unit.judge.samples import judged

AROUND = {
    "audit_daemon": {"running": True, "full_action": "keep_logs"},
    "log_targets": (),
    "log_seals": {"kept": False},
}
CHECKS = (
    "linux.access.critical_file_modes",
    "linux.access.cron_files_writable",
    "linux.audit.audit_protected",
)
# what group and others may read and write
MODES = tuple(0o600 + 0o10 * group + other for group, other in product((0, 2, 4, 6), repeat=2))
TIGHTEST: dict[str, dict[str, Any]] = {CHECKS[0]: {"secret_groups": []}, CHECKS[2]: {"log_groups": []}}


def every_file() -> tuple[FileMode, ...]:
    owners = (("root", 0), ("ann", 1000))
    return tuple(
        file
        for role, mode, (owner, uid), (group, gid) in product(CRITICAL, MODES, owners, owners)
        for file in parse_modes(f"{role}|regular file|{mode:o}|{owner}|{group}|{uid}|{gid}|/x")
    )


@pytest.mark.parametrize("check_id", CHECKS)
def test_no_check_finds_fault_with_a_closed_file(check_id: str) -> None:
    check = inventory.shipped().checks[check_id]
    files = every_file()
    profile = Profile("tightest", 3, check.title, TIGHTEST)
    closed = tuple(file for file in files if not is_open(file))
    assert judged(check, {**AROUND, "open_files": closed}, profile=profile).verdict is Verdict.PASS
    assert judged(check, {**AROUND, "open_files": files}, profile=profile).verdict is Verdict.FAIL
