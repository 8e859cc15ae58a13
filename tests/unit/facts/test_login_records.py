"""Files of logins and commands, and what bash keeps of its history."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.config_files import config_files
from secaudit.facts.fact import GapFound
from secaudit.facts.login_records import LOGIN_RECORDS, parse_login_records
from secaudit.facts.shell_history import HISTORY, ShellHistory, history_of
from tests.unit.facts.answers import in_root


def test_a_file_a_link_to_nowhere_and_nothing(tmp_path: Path) -> None:
    log = tmp_path / "var/log"
    log.mkdir(parents=True)
    assert parse_login_records(in_root(tmp_path, LOGIN_RECORDS)) == ()
    (log / "wtmp").write_bytes(b"x")
    (log / "btmp").symlink_to("/dev/null")
    wtmp, btmp = parse_login_records(in_root(tmp_path, LOGIN_RECORDS))
    assert (wtmp.record, wtmp.kept, wtmp.used) == ("sessions", True, True)
    assert (btmp.record, btmp.kept) == ("failures", False)


@pytest.mark.parametrize(
    "text", ["", "regular file|1|/var/log/wtmp\n", "regular file|x|/var/log/wtmp\nend\n", "x\nend\n"]
)
def test_a_list_that_is_not_whole_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_login_records(text)


def history(folder: Path, **files: str) -> ShellHistory:
    names = {
        "profile": "etc/profile",
        "drop": "etc/profile.d/zz.sh",
        "bash": "etc/bash.bashrc",
        "root": "root/.bashrc",
    }
    for name, text in files.items():
        file = folder / names[name]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")
    return history_of(config_files(in_root(folder, HISTORY)))


@pytest.mark.parametrize(
    ("profile", "drop", "off"),
    [
        ("HISTSIZE=1000", "", False),
        ("HISTSIZE=1000", "HISTSIZE=0", True),
        ("HISTSIZE=0", "export HISTSIZE=5000", False),
        ("", "export HISTFILE=/dev/null", True),
        ("", "HISTFILE=", True),
        ("", "unset HISTFILE", True),
        ("", "set +o history", True),
        ("", "# HISTFILE=/dev/null", False),
        ("", "\tHISTFILESIZE=0", True),
        ("", "HISTFILE=~/.history", False),
        ("", "HISTSIZE=-1", False),
    ],
)
def test_what_switches_the_history_off(tmp_path: Path, profile: str, drop: str, off: bool) -> None:
    assert history(tmp_path, profile=profile, drop=drop).off_by == (("/etc/profile.d/zz.sh",) if off else ())


def test_root_may_switch_its_own_off(tmp_path: Path) -> None:
    assert history(tmp_path, profile="HISTSIZE=100", root="HISTSIZE=0").off_by == ("/root/.bashrc",)
    assert history(tmp_path, root="HISTSIZE=50").off_by == ()


@pytest.mark.parametrize(
    ("drop", "timed"),
    [
        ("export HISTTIMEFORMAT='%F %T '", True),
        ("HISTTIMEFORMAT=", False),
        ("#HISTTIMEFORMAT=x", False),
        ("HISTTIMEFORMAT=x; HISTTIMEFORMAT=", False),
    ],
)
def test_whether_the_history_tells_the_time(tmp_path: Path, drop: str, timed: bool) -> None:
    assert history(tmp_path, drop=drop).timed is timed


def test_no_other_word_leaves_the_target(tmp_path: Path) -> None:
    history(tmp_path, profile="PASSWORD=CANARY HISTFILE=/CANARY HISTTIMEFORMAT=CANARY")
    assert "CANARY" not in in_root(tmp_path, HISTORY)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["end", "regular file|1|/var/log/wtmp", "#= x", " HISTSIZE=0"]),
            st.text(max_size=20),
        )
    )
)
def test_any_text_is_a_value_or_a_gap(lines: list[str]) -> None:
    text = "\n".join(lines)
    with suppress(GapFound):
        parse_login_records(text)
    with suppress(GapFound):
        history_of(config_files(text))
