"""Limits of time in sudoers: what binds a user, and when a shell of his ends."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.command_timeout import COMMAND_TIMEOUT, seconds_of, timeout_of
from tests.unit.facts.answers import in_root


@pytest.mark.parametrize(
    ("sudoers", "later", "limit_s"),
    [
        ("Defaults env_reset, command_timeout = 60", "", 60),
        ("Defaults env_reset, \\\n  command_timeout=1m30s", "", 90),
        ("Defaults command_timeout=60", "Defaults:audit !requiretty, !command_timeout", None),
        ("Defaults:audit,ann command_timeout=5", "", 5),
        ("Defaults:ann command_timeout=5", "", None),
        ("Defaults:%admins command_timeout=5", "", 5),
        ("Defaults@web command_timeout=5", "", None),
        ("Defaults!/bin/ls command_timeout=5", "", None),
        ("# Defaults command_timeout=5", "", None),
        ("audit ALL=(root) TIMEOUT=7 NOPASSWD: /bin/sh", "", 7),
        ("  %wheel ALL=(ALL) TIMEOUT=2h ALL", "", 7200),
        ("audit ALL=(root) TIMEOUT=7 /bin/sh", "audit ALL=(root) NOPASSWD: /bin/sh", None),
        ("audit ALL=(root) NOPASSWD: /bin/sh", "audit ALL=(root) TIMEOUT=7 /usr/bin/id", None),
        ("ann ALL=(ALL) TIMEOUT=7 ALL", "audit ALL=(ALL) ALL", None),
        ("User_Alias WHO = ALL", "Defaults command_timeout=0", None),
    ],
)
def test_what_ends_a_shell(sudoers: str, later: str, limit_s: int | None, tmp_path: Path) -> None:
    (tmp_path / "etc/sudoers.d").mkdir(parents=True)
    (tmp_path / "etc/sudoers").write_text(f"{sudoers}\n")
    (tmp_path / "etc/sudoers.d/secaudit").write_text(f"{later}\n")
    assert timeout_of(in_root(tmp_path, COMMAND_TIMEOUT), "audit") == limit_s


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("1D2h3m4s", 93_784), ("", 0), ("soon", 0), ("5x", 0), ("²", 0)]
)
def test_a_time_as_sudo_writes_it(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@given(st.text())
def test_any_text_is_a_limit_or_none(text: str) -> None:
    limit_s = timeout_of(text, "audit")
    assert limit_s is None or limit_s > 0
