"""Idle sessions: the order in which shells read their files, what is read-only, what users override."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.config_files import config_files
from secaudit.facts.fact import GapFound
from secaudit.facts.pam import parse_pam
from secaudit.facts.passwd_file import Identity
from secaudit.facts.session_idle import IdleRule, idle_rules, parse_overrides, parse_setting
from secaudit.facts.session_idle_probe import IDLE
from tests.unit.facts.answers import in_root


def person(name: str, shell: str) -> Identity:
    return Identity(name, 1000, 1000, f"/home/{name}", shell, True, False)


# As on Debian: the second line reads the settings again, and they overrule /etc/environment.
ENTRANCES = """#= /etc/pam.d/sshd
 session required pam_env.so
 session required pam_env.so envfile=/etc/default/locale
#= /etc/pam.d/login
 session required pam_env.so readenv=1
 session required pam_env.so readenv=1 envfile=/etc/default/locale
"""


def rule(root: Path, shell: str = "/bin/bash", pam: str = ENTRANCES) -> IdleRule:
    (row,) = idle_rules(config_files(in_root(root, IDLE)), [person("ann", shell)], parse_pam(pam))
    return row


@pytest.fixture
def host(tmp_path: Path) -> Path:
    (tmp_path / "etc/profile.d").mkdir(parents=True)
    (tmp_path / "etc/profile").write_text(
        "for i in /etc/profile.d/*.sh; do . $i; done\nif [ -f /etc/bash.bashrc ]; then . /etc/bash.bashrc; fi\n"
    )
    return tmp_path


def test_nothing_set(host: Path) -> None:
    assert (rule(host).timeout_s, rule(host).set_in) == (0, "nothing")


@pytest.mark.parametrize(
    ("text", "seconds", "read_only"),
    [
        ("TMOUT=600\nexport TMOUT\n", 600, False),
        ("readonly TMOUT=600; export TMOUT\n", 600, True),
        ("TMOUT=900\nreadonly TMOUT\nTMOUT=0\n", 900, True),
        ("declare -xr TMOUT=300\n", 300, True),
        ('export TMOUT="600" # ten minutes\n', 600, False),
        (": ${TMOUT:=450}\n", 450, False),
        ("TMOUT=600\nunset TMOUT\n", 0, False),
        ("# TMOUT=600\n", 0, False),
        ('[ -n "$X" ] && echo; TMOUT=60\n', 60, False),
        ('if [ "$X" ]; then\n  umask 027\nfi\nTMOUT=60\n', 60, False),
        ("cat <<EOF\nTMOUT=60\nEOF\n", 0, False),
        ("cat <<-'END' # text\n\tTMOUT=60\n\tEND\nTMOUT=90\n", 90, False),
        ("cat <<EOF >/dev/null; TMOUT=60\nunset TMOUT\nEOF\n", 60, False),
        ("# <<EOF\nX=$((1<<Y))\ncat <<<EOF\nTMOUT=60\n", 60, False),
        ("(cd /; make)\nTMOUT=60\n", 60, False),
        ("TMOUT=60\necho 'a <<EOF' \"b <<EOF\"\nTMOUT=0\n", 0, False),
        ('cat <<"EOF" >"$X"\nTMOUT=60\nEOF\nTMOUT=90\n', 90, False),
        ("cat <<'EOF' >'x'\nTMOUT=60\nEOF\nTMOUT=90\n", 90, False),
        ("TMOUT=60 ssh host\n", 0, False),
        ("X=1 TMOUT=60 Y=2 ssh -v host\n", 0, False),
        ("X=1 TMOUT=60 Y=2\n", 60, False),
        ("TMOUT=600\nTMOUT=0 read x\n", 600, False),
        ("readonly TMOUT=60\nif true; then TMOUT=0; fi\n", 60, True),
    ],
)
def test_ways_of_writing_it(host: Path, text: str, seconds: int, read_only: bool) -> None:
    (host / "etc/profile.d/tmout.sh").write_text(text)
    assert (rule(host).timeout_s, rule(host).read_only) == (seconds, read_only)


@pytest.mark.parametrize(
    ("text", "seconds", "read_only"),
    [
        ("declare -x -r TMOUT=300\n", 300, True),
        ('if [ -n "$PS1" ]; then\n  readonly TMOUT=600\nfi\n', 600, True),
        ('if [ "${PS1-}" ]; then\n  TMOUT=600\nfi\n', 600, False),
        ("if [[ $- == *i* ]]; then TMOUT=600; fi\n", 600, False),
        ('[ -n "$PS1" ] || return 0\nTMOUT=600\n', 600, False),
        ("f() {\n  return 1\n}\nTMOUT=600\n", 600, False),
        ("return 0\nTMOUT=600\n", 0, False),
    ],
)
def test_what_an_idle_shell_has_run(host: Path, text: str, seconds: int, read_only: bool) -> None:
    """Each was tried in a login shell of Debian 12."""
    (host / "etc/profile.d/tmout.sh").write_text(text)
    assert (rule(host).timeout_s, rule(host).read_only) == (seconds, read_only)


@pytest.mark.parametrize(
    "text",
    [
        "(TMOUT=600; readonly TMOUT)\n",
        "(\nreadonly TMOUT=600\n)\n",
        "echo TMOUT=600\n",
        '[ "$USER" = root ] || return 0\nreadonly TMOUT=600\n',
        'if [ -z "$PS1" ]; then TMOUT=600; fi\n',
        'if [ "$PS1" ]; then\n  :\nelse\n  TMOUT=600\nfi\n',
        'if [ "$PS1" ] && [ "$USER" = root ]; then TMOUT=600; fi\n',
    ],
)
def test_what_only_looks_like_a_setting_is_a_gap(host: Path, text: str) -> None:
    (host / "etc/profile.d/tmout.sh").write_text(text)
    with pytest.raises(GapFound, match="under a condition"):
        rule(host)


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_a_file_that_only_root_may_read_binds_nobody_else(host: Path, mode: int) -> None:
    file = host / "etc/profile.d/tmout.sh"
    file.write_text("readonly TMOUT=600\n")
    file.chmod(mode)
    assert (rule(host).timeout_s, rule(host).set_in) == (0, "nothing")
    root = Identity("root", 0, 0, "/root", "/bin/bash", True, True)
    (row,) = idle_rules(config_files(in_root(host, IDLE)), [root], parse_pam(ENTRANCES))
    assert row.timeout_s == 600


def test_the_later_file_wins_unless_it_is_read_only(host: Path) -> None:
    (host / "etc/profile.d/a.sh").write_text("TMOUT=600\n")
    (host / "etc/bash.bashrc").write_text("TMOUT=0\n")
    assert rule(host).set_in == "/etc/bash.bashrc"
    (host / "etc/profile.d/a.sh").write_text("readonly TMOUT=600\n")
    assert rule(host).timeout_s == 600


def test_debian_13_lists_the_folder_by_run_parts(host: Path) -> None:
    (host / "etc/profile").write_text(
        "for i in $(run-parts --list --regex '^[a-zA-Z0-9_][a-zA-Z0-9._-]*\\.sh$' /etc/profile.d); do\n. $i\ndone\n"
    )
    (host / "etc/profile.d/a.sh").write_text("TMOUT=600\n")
    assert (rule(host).timeout_s, rule(host).set_in) == (600, "/etc/profile.d/a.sh")


def test_a_folder_that_the_profile_does_not_read_does_not_count(host: Path) -> None:
    (host / "etc/profile").write_text("PATH=/bin\n")
    (host / "etc/profile.d/a.sh").write_text("TMOUT=600\n")
    assert rule(host).timeout_s == 0


def test_shells_that_know_no_tmout(host: Path) -> None:
    (host / "etc/profile.d/a.sh").write_text("readonly TMOUT=600\n")
    assert rule(host, "/usr/bin/fish").timeout_s == 0
    assert rule(host, "/bin/dash").timeout_s == 0
    assert rule(host, "/usr/bin/rbash").timeout_s == 600


def test_csh_counts_minutes(host: Path) -> None:
    (host / "etc/csh.cshrc").write_text("set -r autologout=10\n")
    assert rule(host, "/bin/tcsh").timeout_s == 600


@pytest.mark.parametrize(
    "text",
    [
        'if [ "$(id -u)" -ne 0 ]; then\n readonly TMOUT=600; export TMOUT\nfi\n',
        '[ -n "$X" ] && TMOUT=60\n',
        "[ -z x ] || readonly TMOUT=60\n",
        'case "$-" in\n  *i*) TMOUT=60 ;;\nesac\n',
        "for i in 1; do TMOUT=60; done\n",
        "f() {\n  TMOUT=60\n}\n",
        "if a; then if b; then c; fi; TMOUT=60; fi\n",
        "(cd /; TMOUT=60; make)\n",
        "TMOUT=60\necho readonly TMOUT\n",
        "TMOUT=600\nif a; then unset TMOUT; fi\n",
    ],
)
def test_what_runs_under_a_condition_is_a_gap(host: Path, text: str) -> None:
    (host / "etc/profile.d/tmout.sh").write_text(text)
    with pytest.raises(GapFound, match="condition"):
        rule(host)


@pytest.mark.parametrize("line", [". @/etc/own", 'if [ -r /x ]; then source "@/etc/own"; fi'])
def test_a_file_that_is_taken_in_by_its_path(host: Path, line: str) -> None:
    (host / "etc/profile.d/tmout.sh").write_text(f"TMOUT=600\n{line.replace('@', str(host))}\n")
    assert rule(host).timeout_s == 600
    (host / "etc/own").write_text("TMOUT=0\n")
    assert (rule(host).timeout_s, rule(host).set_in) == (0, "/etc/own")


@pytest.mark.parametrize(
    ("settings", "environment", "pam", "seconds"),
    [
        ("", "TMOUT=600\n", "", 600),
        ("", "export TMOUT=600 # ten minutes\n", "", 600),
        ("", 'TMOUT="600"\n', "", 600),
        ("", "TMOUT=600\nTMOUT=0\n", "", 0),
        ("", "readonly TMOUT=600\n", "", 0),
        ("", "TMOUT = 600\n", "", 0),
        ("", "TMOUT=600\n", "session required pam_env.so readenv=0", 0),
        ("", "TMOUT=600\n", "session required pam_limits.so", 0),
        ("", "TMOUT=600\n", "auth required pam_env.so", 600),
        ("TMOUT DEFAULT=600\n", "", "", 600),
        ('TMOUT DEFAULT="600"\n', "", "", 600),
        ("TMOUT DEFAULT=0 OVERRIDE=600\n", "", "", 600),
        ("TMOUT \\\n DEFAULT=600\n", "", "", 600),
        ("tmout DEFAULT=600\n", "", "", 0),
        ("TMOUT DEFAULT=600\n", "TMOUT=300\n", "", 600),
        ("TMOUT DEFAULT=600\n", "TMOUT=300\n", "session required pam_env.so", 300),
        ("TMOUT\n", "TMOUT=300\n", "", 0),
        ("TMOUT DEFAULT=600\n", "", "session required pam_limits.so", 0),
    ],
)
def test_what_pam_env_sets(host: Path, settings: str, environment: str, pam: str, seconds: int) -> None:
    (host / "etc/security").mkdir()
    (host / "etc/security/pam_env.conf").write_text(settings)
    (host / "etc/environment").write_text(environment)
    both = "".join(f"#= /etc/pam.d/{name}\n {pam}\n" for name in ("sshd", "login")) if pam else ENTRANCES
    assert rule(host, pam=both).timeout_s == seconds


@pytest.mark.parametrize(
    ("settings", "pam"),
    [
        ("TMOUT DEFAULT=${REMOTEHOST}\n", ENTRANCES),
        ("TMOUT DEFAULT=600\n", ENTRANCES.replace("login", "other")),
        ("", ENTRANCES.replace("envfile=/etc/default/locale", "conffile=/etc/x.conf")),
    ],
)
def test_what_of_pam_env_is_not_told_is_a_gap(host: Path, settings: str, pam: str) -> None:
    (host / "etc/security").mkdir()
    (host / "etc/security/pam_env.conf").write_text(settings)
    told = pam + ("#= /etc/pam.d/login\n session required pam_limits.so\n" if "other" in pam else "")
    with pytest.raises(GapFound, match="condition"):
        rule(host, pam=told)
    (host / "etc/profile.d/tmout.sh").write_text("TMOUT=300\n")
    assert rule(host, pam=told).timeout_s == 300


@pytest.mark.parametrize(("text", "told"), [("TMOUT=0", True), ("readonly TMOUT=0", False)])
def test_what_a_later_command_overrules(host: Path, text: str, told: bool) -> None:
    (host / "etc/profile.d/tmout.sh").write_text(f"if a; then {text}; fi\nTMOUT=600\n")
    if told:
        assert rule(host).timeout_s == 600
    else:
        with pytest.raises(GapFound, match="condition"):
            rule(host)


def logind(host: Path, text: str, *state: str) -> IdleRule:
    (host / "etc/systemd").mkdir(exist_ok=True)
    (host / "etc/systemd/logind.conf").write_text(text)
    head, mark, tail = in_root(host, IDLE).partition("#= systemd-logind\n")
    lines = "".join(f" {word}\n" for word in state)
    told = head + mark + lines + tail[tail.index("#") :]
    (row,) = idle_rules(config_files(told), [person("ann", "/usr/bin/fish")], parse_pam(ENTRANCES))
    return row


def test_logind_ends_idle_sessions_of_every_shell(host: Path) -> None:
    found = logind(
        host, "[Login]\n#StopIdleSessionSec=infinity\nStopIdleSessionSec=15min\n", "knows", "active"
    )
    assert (found.timeout_s, found.set_in) == (900, "systemd-logind")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("[Login]\n;StopIdleSessionSec=600\n", ("knows", "active")),
        ("[Login]\nStopIdleSessionSec=600\n", ("active",)),
        ("[Login]\nStopIdleSessionSec=600\n", ("knows", "inactive")),
        ("[Login]\nStopIdleSessionSec=600\n", ()),
    ],
)
def test_logind_that_does_not_heed_it(host: Path, text: str, state: tuple[str, ...]) -> None:
    assert logind(host, text, *state).timeout_s == 0


def test_a_variable_as_value_is_a_gap(host: Path) -> None:
    (host / "etc/profile.d/a.sh").write_text("TMOUT=$IDLE\n")
    with pytest.raises(GapFound):
        rule(host)


def test_secrets_beside_the_setting_stay_on_the_target(host: Path) -> None:
    lines = (
        "export TOKEN=CANARY; TMOUT=600",
        "export PASSWORD=CANARY",
        "export TMOUT=600 TOKEN=CANARY",
        "TMOUT=600 mysql -pCANARY -p CANARY",
        "PASS=CANARY/TMOUT readonly TMOUT",
    )
    (host / "etc/profile.d/a.sh").write_text("\n".join(lines) + "\n")
    told = in_root(host, IDLE)
    assert "CANARY" not in told
    assert " export TMOUT=600 *=\n" in told
    assert " *= readonly TMOUT\n" in told


def test_what_users_override() -> None:
    (override,) = parse_overrides("/root/.bashrc:export TMOUT=0\n/root/.bashrc:echo $TMOUT\n")
    assert (override.path, override.timeout_s) == ("/root/.bashrc", 0)


def test_what_nobody_writes_on_one_line_is_a_gap() -> None:
    with pytest.raises(GapFound, match="36000 characters"):
        parse_setting("readonly " * 4000, "/etc/x")


@given(st.text(max_size=60), st.sampled_from(["TMOUT=", "autologout=", "readonly TMOUT", ""]))
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    for parse in (lambda t: parse_setting(t, "/etc/x"), parse_overrides):
        try:
            parse(prefix + text)
        except GapFound:
            continue
    with suppress(GapFound):
        idle_rules(config_files(text), [person("ann", "/bin/bash")], parse_pam(ENTRANCES))
