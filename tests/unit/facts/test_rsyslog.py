"""What rsyslog is told to send, and what it is told by files that it takes in."""

from itertools import pairwise
from pathlib import Path

import pytest

from secaudit.facts.config_files import ConfigFile, config_files
from secaudit.facts.fact import GapFound
from secaudit.facts.log_targets import LogTarget, seen_from
from secaudit.facts.logging import targets_of
from secaudit.facts.logging_probe import LOGGING, OWN_NAMES
from secaudit.facts.rsyslog_rules import rsyslog_lines
from tests.unit.facts.answers import in_root

HEARS = 'module(load="imuxsock")\n'


def targets(root: Path, path: str, text: str) -> list[LogTarget]:
    file = root / "etc" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEARS + text if path.startswith("rsyslog") else text)
    return list(targets_of(config_files(in_root(root, LOGGING))))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*.* @@10.0.0.9:6514", ("10.0.0.9", 6514, "tcp", "*.*", True)),
        ("auth,authpriv.*  @log.example", ("log.example", 514, "udp", "auth,authpriv.*", True)),
        ("*.* @(z9)10.0.0.9:514", ("10.0.0.9", 514, "udp", "*.*", True)),
        ("*.* @@[2001:db8::1]:514", ("2001:db8::1", 514, "tcp", "*.*", True)),
        ("*.* @127.0.0.1", ("127.0.0.1", 514, "udp", "*.*", False)),
        (
            '*.* action(type="omfwd" target="10.0.0.9" port="601" protocol="tcp")',
            ("10.0.0.9", 601, "tcp", "*.*", True),
        ),
        ('action(\n  type="omfwd"\n  Target="10.0.0.9"\n)', ("10.0.0.9", 514, "udp", "all", True)),
        ('action(type="omrelp" target="10.0.0.9" port="2514")', ("10.0.0.9", 2514, "tcp", "all", True)),
    ],
)
def test_rsyslog_in_every_syntax(
    tmp_path: Path, line: str, expected: tuple[str, int, str, str, bool]
) -> None:
    (found,) = targets(tmp_path, "rsyslog.d/a.conf", line + "\n")
    assert (found.target, found.port, found.protocol, found.selector, found.outside) == expected


@pytest.mark.parametrize(
    ("selector", "logins"),
    [
        ("*.*", True),
        ("*.info;mail.none", True),
        ("auth,authpriv.*", True),
        ("authpriv.info", True),
        ("*.emerg", False),
        ("*.err;authpriv.*", True),
        ("*.*;auth,authpriv.none", False),
        ("mail.*", False),
        ("*.*;authpriv.!debug", False),
        ("*.*;authpriv.!=info", False),
        ("*.*;authpriv.!err", True),
        ("*.*;authpriv.!err;authpriv.!info", False),
        ("*.!info", False),
        ("auth.*", False),
    ],
)
def test_whether_logins_are_sent(tmp_path: Path, selector: str, logins: bool) -> None:
    (found,) = targets(tmp_path, "rsyslog.conf", f"{selector} @@10.0.0.9\n")
    assert found.logins is logins


@pytest.mark.parametrize(
    "line",
    [
        "# *.* @@10.0.0.9",
        "auth.* /var/log/auth.log",
        'action(type="omfile" file="/var/log/x")',
        "mail.* -/var/log/mail",
    ],
)
def test_what_sends_nothing(tmp_path: Path, line: str) -> None:
    assert targets(tmp_path, "rsyslog.conf", line + "\n") == []


@pytest.mark.parametrize(
    ("text", "logins", "undecided"),
    [
        ('mail.* action(type="omfwd" target="10.0.0.9")', False, False),
        ('auth,authpriv.* action(type="omfwd"\n target="10.0.0.9")', True, False),
        ('if $programname == "nginx" then {\n action(type="omfwd" target="10.0.0.9")\n}', False, True),
        ('if $programname == "nginx" then\n action(type="omfwd" target="10.0.0.9")', False, True),
        ('ruleset(name="r") { action(type="omfwd" target="10.0.0.9") }', False, True),
        ('if ($a == "{") then { stop }\n*.* @@10.0.0.9', False, True),
        ('if $a == "{" then {\n /x\n}\n*.* @@10.0.0.9', True, False),
        (':programname, isequal, "nginx" @@10.0.0.9', False, True),
        ("& @@10.0.0.9", False, True),
        ("$RuleSet remote\n*.* @@10.0.0.9", False, True),
        ("*.* \\\n  @@10.0.0.9", True, False),
        ("auth.* ~\n*.* @@10.0.0.9", False, True),
        ("mail.* stop\n*.* @@10.0.0.9", True, False),
        (':syslogtag, isequal, "[CLOUDINIT]" /var/log/c.log\n& stop\n*.* @@10.0.0.9', True, False),
        (':programname, isequal, "sshd" stop\n*.* @@10.0.0.9', False, True),
        ("/* *.* @@10.0.0.8\n *.* @@10.0.0.8 */\nmail.* @@10.0.0.9", False, False),
        ("*.* @@10.0.0.9\n*.* stop", True, False),
        ("auth,authpriv.* stop\n*.* @@10.0.0.9", False, False),
        ('*.* stop\nif $msg == "x" then @@10.0.0.9', False, False),
        ("auth.* @@10.0.0.9", False, True),
        ('if $programname == "nginx" then stop\n*.* @@10.0.0.9', True, False),
        ('if $programname == "nginx" then {\n stop\n}\n*.* @@10.0.0.9', True, False),
        ('if $programname == "nginx" or $msg == "x" then stop\n*.* @@10.0.0.9', False, True),
        (
            'if $msg == "x" then {\n if $programname == "nginx" then { stop }\n stop\n}\n*.* @@10.0.0.9',
            False,
            True,
        ),
        ('Action(Type="OMFWD" Target="10.0.0.9" Protocol="tcp")', True, False),
        ('action(type="omfwd" target="10.0.0.9" action.execOnlyWhenPreviousIsSuspended="on")', False, True),
        ('action(type="omfwd" target="10.0.0.9" action.execOnlyEveryNthTime="9")', False, True),
        ("$ActionExecOnlyWhenPreviousIsSuspended on\n*.* @@10.0.0.9", False, True),
        ("*.* @@10.0.0.9;NoSuchForm", False, True),
        ('$template Mine,"%msg%"\n*.* @@10.0.0.9;Mine', True, False),
        ("*.* @@10.0.0.9:514;RSYSLOG_ForwardFormat", True, False),
        ("$DefaultRuleset own\n*.* @@10.0.0.9", False, True),
    ],
)
def test_an_action_sends_what_its_selector_says(
    tmp_path: Path, text: str, logins: bool, undecided: bool
) -> None:
    (found,) = targets(tmp_path, "rsyslog.d/a.conf", text + "\n")
    assert (found.logins, found.undecided) == (logins, undecided)


def test_a_file_that_rsyslog_does_not_take_in_sends_nothing(tmp_path: Path) -> None:
    main = tmp_path / "etc/rsyslog.conf"
    main.parent.mkdir(parents=True)
    main.write_text("auth.* /var/log/auth.log\n")
    assert targets(tmp_path, "rsyslog.d/a.conf", "*.* @@10.0.0.9\n") == []
    for line in ("$IncludeConfig /etc/rsyslog.d/", 'include(file="/etc/rsyslog.d/*.conf" mode="optional")'):
        main.write_text(line + "\n")
        (found,) = targets(tmp_path, "rsyslog.d/a.conf", "*.* @@10.0.0.9\n")
        assert found.logins


def test_what_rsyslog_takes_in_from_elsewhere_counts(tmp_path: Path) -> None:
    more = tmp_path / "etc/more"
    more.mkdir(parents=True)
    (more / "a.conf").write_text("*.* @@10.0.0.9\n")
    (more / "folder.conf").mkdir()
    for line in (f"$includeconfig {more}/*.conf", f'include(\n  file="{more}/a.conf"\n  mode="optional")'):
        (found,) = targets(tmp_path, "rsyslog.conf", line + "\n")
        assert found.logins
    assert targets(tmp_path, "rsyslog.conf", f"$IncludeConfig {more}/b.conf\n") == []


@pytest.mark.parametrize("line", ['include(text="*.* @@10.0.0.9")', "$IncludeConfig more/*.conf"])
def test_what_cannot_be_followed_is_a_gap(tmp_path: Path, line: str) -> None:
    with pytest.raises(GapFound, match="takes in"):
        targets(tmp_path, "rsyslog.conf", line + "\n")


def test_a_file_that_takes_itself_in_is_a_gap(tmp_path: Path) -> None:
    targets(tmp_path, "rsyslog.conf", "*.* @@10.0.0.9\n")
    (tmp_path / "etc/rsyslog.conf").write_text("$IncludeConfig /etc/rsyslog.d/*.conf\n")
    with pytest.raises(GapFound, match="itself"):
        targets(tmp_path, "rsyslog.d/a.conf", "$IncludeConfig /etc/rsyslog.d/*.conf\n")


@pytest.mark.parametrize("name", ["10-audit.conf", "journal.conf", "syslog-ng.conf", "auditd.conf"])
def test_the_name_of_a_file_of_rules_is_nothing_to_go_by(tmp_path: Path, name: str) -> None:
    (found,) = targets(tmp_path, f"rsyslog.d/{name}", "*.* @@10.0.0.9\n")
    assert found.logins


@pytest.mark.parametrize(
    ("inputs", "journald", "sent", "undecided"),
    [
        ("$ModLoad imuxsock", "", True, False),
        ('module(load="imtcp")', "", False, False),
        ('module(load="imuxsock" SysSock.Use="off")', "", False, False),
        ('module(load="imuxsock" SysSock.Use="off")\nmodule(load="imjournal")', "", True, False),
        (
            'module(load="imuxsock" SysSock.Use="off")\ninput(type="imuxsock" Socket="/dev/log")',
            "",
            True,
            False,
        ),
        ("$ModLoad imuxsock\n$OmitLocalLogging on", "", False, False),
        ("$ModLoad imuxsock.so\n$ModLoad imjournal\n$OmitLocalLogging on", "", True, False),
        ('module(load="imuxsock")', "ForwardToSyslog=no", False, False),
        ('module(load="imuxsock")', "MaxLevelSyslog=warning", False, False),
        ('module(load="imjournal")', "ForwardToSyslog=no", True, False),
        ('input(type="imjournal" ruleset="own")', "", False, True),
    ],
)
def test_rules_are_met_by_what_comes_to_them(
    tmp_path: Path, inputs: str, journald: str, sent: bool, undecided: bool
) -> None:
    (tmp_path / "etc/systemd").mkdir(parents=True)
    (tmp_path / "etc/rsyslog.conf").write_text(f"{inputs}\n*.* @@10.0.0.9\n")
    (tmp_path / "etc/systemd/journald.conf").write_text(f"[Journal]\n{journald}\n")
    text = in_root(tmp_path, LOGGING).replace("#= running\n", "#= running\n systemd-journal\n rsyslogd\n", 1)
    (found,) = targets_of(config_files(text))
    assert (found.logins, found.undecided) == (sent, undecided)


@pytest.mark.parametrize("target", ["web-1", "10.9.0.3", "loghost", "fe80::3"])
def test_a_host_that_sends_to_itself_sends_nothing_outside(tmp_path: Path, target: str) -> None:
    found = targets(tmp_path, "rsyslog.conf", f"*.* @@[{target}]\n*.* @@10.0.0.9\n")
    seen = seen_from(found, "Web-1\n10.9.0.3\nfe80:0000:0000:0000:0000:0000:0000:0003\nloghost\n@end\n")
    assert [target.outside for target in seen] == [False, True]
    with pytest.raises(GapFound):
        seen_from(found, "web-1\n")


def test_names_of_the_loopback_are_own_names(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hosts").write_text("127.0.1.1 loghost here # 127.0.0.1 not\n10.0.0.9 away\n")
    words = in_root(tmp_path, OWN_NAMES, steady=False).split()
    assert {"loghost", "here", "@end"} <= set(words)
    assert not {"away", "not"} & set(words)


def test_files_that_take_in_more_and_more_are_a_gap() -> None:
    names = ["/etc/rsyslog.conf", *(f"/etc/rsyslog.d/{n}.conf" for n in range(10))]
    doubled = [ConfigFile(a, (f"includes {b}", f"includes {b}")) for a, b in pairwise(names)]
    last = ConfigFile(names[-1], ("keeps *.* /var/log/all",) * 1000)
    with pytest.raises(GapFound, match="more than a person writes"):
        rsyslog_lines((*doubled, last))
