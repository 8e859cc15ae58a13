"""Which important files a tool compares."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.aide_rules import _required, matches, selections, watched
from secaudit.facts.config_files import ConfigFile
from secaudit.facts.fact import GapFound
from secaudit.facts.integrity_monitor import IntegrityMonitor
from secaudit.facts.watched_files import PATHS, RULES, watched_files
from tests.unit.facts.answers import in_root

AIDE = IntegrityMonitor(("aide",), False, True, "2026-11-01", False, 0)
WAZUH = IntegrityMonitor(("wazuh-syscheckd",), True, False, "none", False, 0)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/etc", "/etc/passwd", "yes"),
        ("/etc", "/etcetera", "yes"),  # as AIDE has it: from the left
        ("/etc$", "/etc/passwd", "no"),
        ("/etc/passwd$", "/etc/passwd", "yes"),
        ("/etc/passwd-", "/etc/passwd", "no"),
        (r"/etc/ssh\.d", "/etc/ssh.d/x", "yes"),
        (r"/etc/ssh\.d", "/etc/sshad/x", "no"),
        ("/etc/.asswd", "/etc/passwd", "yes"),
        ("/etc/(group|passwd)", "/etc/passwd", "maybe"),
        ("/usr/(group|passwd)", "/etc/passwd", "no"),
        ("/etc/[a-z]+$", "/etc/passwd", "maybe"),
        ("/(var/)?tmp/x-[[:xdigit:]]{32}$", "/etc/passwd", "no"),
        ("/(etc/)?passwd", "/etc/passwd", "maybe"),
        ("/(x)*passwdy?", "/etc/passwd", "maybe"),
        (r"/(x)*\.passwd\+", "/etc/passwd", "maybe"),
        ("/usrx?/bin", "/usr/bin", "maybe"),
        (r"/etc/\w+", "/etc/passwd", "maybe"),
        ("/", "/etc/passwd", "yes"),
        ("/(((((((((((a+)+)+)+)+)+)+)+)+)+)+)+$", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "maybe"),
    ],
)
def test_patterns_are_read_not_run(pattern: str, path: str, expected: str) -> None:
    assert matches(pattern, path) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("/etc R",), "yes"),
        (("/etc p+u+g",), "no"),  # the mode is compared, the content is not
        (("/etc p+sha256-sha256",), "no"),
        (("NORMAL = p+u+sha512", "/etc NORMAL"), "yes"),
        (("NORMAL = p+sha512", "LOOSE = NORMAL-sha512", "/etc LOOSE"), "no"),
        (("/etc d R",), "no"),
        (("/etc f,d R",), "yes"),
        (("/ 0 R",), "yes"),
        (("=/etc R",), "no"),
        (("=/etc/passwd R",), "yes"),
        (("/etc R", "!/etc/passwd"), "no"),
        (("/etc R", "!/etc$"), "no"),
        (("/etc R", "!/etc/pass[a-z]+"), "maybe"),
        (("/etc R", "!/usr"), "yes"),
        (("/etc R", "/etc/passwd p"), "maybe"),
        (("@@define ROOT /etc", "@@{ROOT}/passwd R"), "yes"),
        (("@@define ROOT /usr", "@@{ROOT}/passwd R"), "no"),
        (("@@if not defined ROOT", "@@define ROOT /etc", "@@{ROOT}/passwd R"), "yes"),
        (("@@define ROOT /usr", "@@ifndef ROOT", "@@define ROOT /etc", "@@{ROOT}/passwd R"), "no"),
        (("@@{ROOT}/passwd R",), "maybe"),
        (("/etc R", "!@@{ANY}/passwd"), "maybe"),
        (("/usr/x|/etc R",), "maybe"),
        (("/usr/(x|y)|/etc R",), "maybe"),
        (("/usr/(x|y) R",), "no"),
        (("@@if defined X", "/etc R", "@@endif"), "maybe"),
        (("@@define X 1", "@@if defined X", "/etc R", "@@else", "!/etc", "@@endif"), "maybe"),
        (("@@define X 1", "@@ifdef X", "/etc R", "@@endif"), "yes"),
        (("/etc R", "@@if defined X", "!/etc", "@@endif"), "maybe"),
        (("@@if defined X", "@@define ROOT /usr", "@@endif", "/etc R", "!@@{ROOT}/x"), "yes"),
        ((), "no"),
    ],
)
def test_selection_lines(lines: tuple[str, ...], expected: str) -> None:
    assert watched("/etc/passwd", selections([ConfigFile("/etc/aide.conf", lines)])) == expected


def file(path: str, *lines: str) -> str:
    return f"#+ {path}\n#= {path}\n" + "".join(f" {line}\n" for line in lines)


def ways(monitor: IntegrityMonitor, *files: str, run: str = "", agent: str = "") -> set[str]:
    text = f"@@ run\n{run}\n@@ aide\n{''.join(files)}@@ agent\n{agent}\n@@ end\n"
    return {row.watched for row in watched_files(text, monitor)}


FOLDER = "/etc/aide/aide.conf.d"
MAIN = file("/etc/aide/aide.conf", f"@@x_include {FOLDER} ^[a-zA-Z0-9_-]+$")


@pytest.mark.parametrize(
    ("files", "run", "expected"),
    [
        ((file("/etc/aide.conf", "/ R"),), "", {"yes"}),
        ((MAIN, file(f"{FOLDER}/99_root", "/ 0 R")), "", {"yes"}),
        ((file("/etc/aide/aide.conf"), file(f"{FOLDER}/99_root", "/ 0 R")), "", {"no"}),  # taken in by nobody
        ((MAIN, file(f"{FOLDER}/99_root", "/ 0 R")), f"{FOLDER}/10_aide_year", {"yes"}),
        ((MAIN, file(f"{FOLDER}/99_root", "/ 0 R")), f"{FOLDER}/50_own", {"maybe"}),
        ((MAIN, file(f"{FOLDER}/99_root", "/ 0 R")), f"{FOLDER}/31_aide_a\n{FOLDER}/99_root", {"maybe"}),
        ((file("/etc/aide.conf", "@@include /srv/aide.conf", "/ R"),), "", {"maybe"}),
        ((file("/etc/aide.conf", "@@ifhost other", "/ R"),), "", {"maybe"}),
        ((file("/etc/aide.conf"),), "", {"no"}),
    ],
)
def test_files_of_aide(files: tuple[str, ...], run: str, expected: set[str]) -> None:
    assert ways(AIDE, *files, run=run) == expected


def test_what_does_not_compare_watches_nothing() -> None:
    idle = IntegrityMonitor(("aide",), False, False, "2026-11-01", False, 0)
    assert ways(idle, file("/etc/aide.conf", "/ R")) == set()
    assert ways(IntegrityMonitor(("tripwire",), False, True, "2026-11-01", False, 0)) == {"maybe"}


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("directories : /etc,/usr/bin,/usr/sbin", {"yes"}),
        ('directories check_all="yes" : /etc, /usr/sbin', {"yes"}),
        ("directories : /etc", {"yes", "no"}),
        ("directories : /etcetera", {"no"}),
        ("directories : /etc,/usr/sbin\nignore : /etc/shadow", {"yes", "no"}),
        ('directories : /etc,/usr/sbin\nignore type="sregex" : .log$|.swp$', {"yes"}),
        ('directories : /etc,/usr/sbin\nignore type="sregex" : pass', {"maybe"}),
        ("disabled : yes\ndirectories : /etc,/usr/sbin", {"no"}),
        ("", {"no"}),
    ],
)
def test_directories_of_an_agent(agent: str, expected: set[str]) -> None:
    assert ways(WAZUH, agent=agent) == expected


def test_one_tool_makes_up_for_another() -> None:
    both = IntegrityMonitor(("aide", "wazuh-syscheckd"), True, True, "2026-11-01", False, 0)
    assert ways(both, file("/etc/aide.conf", "/usr R"), agent="directories : /etc") == {"yes"}


@pytest.mark.parametrize(
    "text", ["", "@@ run\n@@ aide\n", f"@@ aide\n{file('/etc/aide.conf', '/' + 'x' * 2000)}@@ end\n"]
)
def test_what_is_cut_off_or_too_long_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        watched_files(text, AIDE)


@pytest.mark.parametrize("line", ["!/" + "(a)" * 600 + "$", "!/etc/passw" + "." * 100 + "$", "@@{" * 400])
def test_a_stranger_s_patterns_end(line: str) -> None:
    lines = tuple(f"{line}{n}" for n in range(60))
    assert watched("/etc/passwd", selections([ConfigFile("/etc/aide.conf", ("/ R", *lines))])) == "yes"


def test_little_is_kept_of_a_stranger_s_patterns() -> None:
    patterns = [f"/e[x]{'ab.' * 600}{n}" for n in range(1900)]
    assert {matches(pattern, "/etc/passwd") for pattern in patterns} == {"no"}
    assert _required.cache_info().currsize * len(patterns[0]) < 1_000_000


@given(st.text(max_size=80))
def test_any_text_is_a_value_or_a_gap(text: str) -> None:
    for answer in (text, f"@@ aide\n{file('/etc/aide.conf', text)}@@ agent\n{text}\n@@ end\n"):
        try:
            rows = watched_files(
                answer, IntegrityMonitor(("aide", "ossec-syscheckd"), True, True, "x", False, 0)
            )
        except GapFound:
            continue
        assert [row.path for row in rows] == list(PATHS)


def test_the_probe(tmp_path: Path) -> None:
    folder = tmp_path / "etc/aide/aide.conf.d"
    folder.mkdir(parents=True)
    (tmp_path / "etc/aide/aide.conf").write_text(
        f"# /srv R\ndatabase_in=file:/var/lib/CANARY\n@@x_include {FOLDER} ^[a-z0-9_-]+$\n\tFull = p+sha512\r\n"
    )
    (folder / "99_root").write_text("/ 0 Full\n!/etc/shadow$\n")
    (folder / "old").mkdir()
    script = folder / "10_aide_year"
    script.write_text("#!/bin/sh\n/bin/echo hello\n")
    script.chmod(0o755)
    text = in_root(tmp_path, RULES).replace(str(tmp_path), "")
    assert "CANARY" not in text
    no = [row.path for row in watched_files(text, AIDE) if row.watched == "no"]
    assert no == ["/etc/shadow"]


def test_the_probe_reads_no_comment_of_an_agent(tmp_path: Path) -> None:
    folder = tmp_path / "var/ossec/etc"
    folder.mkdir(parents=True)
    (folder / "ossec.conf").write_text(
        "<ossec_config><client><server><address>10.0.0.9</address></server></client>\n<syscheck>\n"
        "<!-- <directories>/etc</directories> -->\n<directories check_all='yes'>/usr/bin,\n/usr/sbin</directories>\n"
        "</syscheck>\n<rootcheck><disabled>yes</disabled></rootcheck></ossec_config>\n"
    )
    text = in_root(tmp_path, RULES)
    assert "10.0.0.9" not in text
    assert [row.path for row in watched_files(text, WAZUH) if row.watched == "yes"] == ["/usr/sbin/sshd"]
