"""sudo rules: aliases, groups, tags that stick, includes; and what stays on the target."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.collect.sudoers import sudoers_text
from secaudit.facts.administrators import administrators, roles
from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import GapFound
from secaudit.facts.groups import Group
from secaudit.facts.passwd_file import Identity
from secaudit.facts.sudo_probe import SUDOERS
from secaudit.facts.sudo_rules import SudoRule, parse_sudoers
from secaudit.model.register import Sudo
from tests.unit.facts.answers import in_root

PEOPLE = [
    Identity(name, uid, uid, f"/home/{name}", "/bin/bash", True, uid == 0)
    for name, uid in (("root", 0), ("ann", 1000), ("ben", 1001))
]
SHIPPED = tuple(probe for fact in BUILT_IN.values() for probe in fact.probes)
GROUPS = [Group("wheel", 10, ("ann",)), Group("empty", 11, ())]


@pytest.fixture
def host(tmp_path: Path) -> Path:
    (tmp_path / "etc/sudoers.d").mkdir(parents=True)
    (tmp_path / "etc/sudoers").write_text(f"root ALL=(ALL:ALL) ALL\n@includedir {tmp_path}/etc/sudoers.d\n")
    return tmp_path


def rules(host: Path, text: str = "", name: str = "local") -> list[SudoRule]:
    (host / "etc/sudoers.d" / name).write_text(text)
    return list(parse_sudoers(in_root(host, SUDOERS), GROUPS, PEOPLE))[1:]


def test_a_group_without_password(host: Path) -> None:
    (rule,) = rules(host, "%wheel ALL=(ALL) NOPASSWD: ALL\n")
    assert (rule.who, rule.kind, rule.people, rule.all, rule.nopasswd, rule.as_root) == (
        *("%wheel", "group", ("ann",)),
        *(True, True, True),
    )
    assert rule.file == "/etc/sudoers.d/local"


def test_names_with_a_dot_or_a_tilde_are_not_read(host: Path) -> None:
    assert rules(host, "ben ALL=(ALL) ALL\n", "local.bak") == []
    assert rules(host, "ben ALL=(ALL) ALL\n", "local~") == []


def test_an_included_file_may_have_a_dot(host: Path) -> None:
    (host / "etc/more.conf").write_text("ben ALL=(ALL) ALL\n")
    assert [rule.file for rule in rules(host, f"#include {host}/etc/more.conf\n")] == ["/etc/more.conf"]


def test_aliases_and_continued_lines(host: Path) -> None:
    text = (
        "User_Alias OPS = ann, \\\n  ben : OTHER = root\n"
        "Cmnd_Alias WEB = /usr/bin/systemctl restart nginx, /bin/cat\nOPS ALL=(root) WEB\n"
    )
    found = rules(host, text)
    assert [(rule.who, rule.commands) for rule in found] == [
        ("ann", ("/usr/bin/systemctl ...", "/bin/cat")),
        ("ben", ("/usr/bin/systemctl ...", "/bin/cat")),
    ]


def test_tags_and_identities_hold_for_what_follows(host: Path) -> None:
    first, second = rules(host, "ann ALL = (www-data) NOPASSWD: /bin/a, /bin/b, (root) PASSWD: /bin/c\n")
    assert (first.runas, first.nopasswd, first.as_root) == (("www-data",), True, False)
    assert (first.commands, second.commands) == (("/bin/a", "/bin/b"), ("/bin/c",))
    assert (second.runas, second.nopasswd, second.as_root) == (("root",), False, True)
    (rule,) = rules(host, "ann ALL = (www-data, backup) /bin/a\n")
    assert (rule.runas, rule.nopasswd, rule.as_root) == (("www-data", "backup"), False, False)


def test_all_but_something_is_all_and_a_shell_is_nearly_so(host: Path) -> None:
    found = rules(host, "ann ALL=(ALL) ALL, !/bin/su\nben ALL=(root) /bin/bash\n")
    assert [(rule.all, rule.shell) for rule in found] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("command", "shell"),
    [
        ("/usr/bin/", True),
        ("/usr/bin/*", True),
        ("/opt/app/bin/app-?", True),
        ("^/usr/bin/.*$", True),
        ("/usr/bin/python3", True),
        ("/usr/bin/python3.11", True),
        ("/usr/bin/nano /etc/hosts", True),
        ("/usr/bin/less /var/log/syslog", True),
        ("/usr/bin/find", True),
        ("/usr/bin/awk", True),
        ("/usr/bin/tar", True),
        ("/usr/bin/tar czf /b/*", True),
        ("/usr/bin/tar czf /b/x.tgz /srv", False),
        ("/usr/bin/systemctl", True),
        ("/usr/bin/systemctl restart *", True),
        ("/usr/bin/systemctl restart app.service", False),
        ("/usr/bin/docker", True),
        ("/usr/bin/tee", True),
        ("/usr/bin/cp", True),
        ("/usr/bin/gcc-12", True),
        ("/usr/sbin/app-7", False),
        ("/usr/bin/id", False),
        ("sudoedit /etc/app.conf", False),
        ("sudoedit", True),
    ],
)
def test_what_gives_a_shell(host: Path, command: str, shell: bool) -> None:
    (rule,) = rules(host, f"ann ALL=(root) NOPASSWD: {command}\n")
    assert rule.shell is shell


@pytest.mark.parametrize(
    ("command", "files", "unclear"),
    [
        ("/usr/bin/cat", True, False),
        ("/usr/bin/cat /var/log/*", True, False),
        ("/usr/bin/tail -f /var/log/[a-z]*", True, False),
        ("/usr/bin/grep ^.*$", True, False),
        ("/usr/bin/head", True, False),
        ("/usr/bin/rm", True, False),
        ("/usr/bin/cat /etc/app.conf", False, False),
        ('/usr/bin/cat ""', False, False),
        ("/usr/bin/grep -aRHs -D skip ^ /etc/audit", False, False),
        ("/usr/bin/env /bin/sh", False, True),
        ("/usr/bin/tee /etc/passwd", False, True),
        ("/usr/bin/systemctl restart app", False, False),
        ("/usr/sbin/app", False, False),
    ],
)
def test_what_gives_any_file(host: Path, command: str, files: bool, unclear: bool) -> None:
    (rule,) = rules(host, f"ann ALL=(root) NOPASSWD: {command}\n")
    assert (rule.files, rule.unclear, rule.shell) == (files, unclear, False)


def test_a_negated_program_gives_nothing(host: Path) -> None:
    (rule,) = rules(host, "ann ALL=(root) NOPASSWD: /usr/bin/id, !/usr/bin/cat, !/usr/bin/env x\n")
    assert (rule.files, rule.unclear, rule.shell) == (False, False, False)


def test_what_the_list_of_secaudit_grants_is_narrow(host: Path) -> None:
    (rule,) = rules(host, sudoers_text("ann", SHIPPED, Sudo.LISTED))
    assert "/usr/bin/grep ..." in rule.commands
    assert (rule.all, rule.shell, rule.files, rule.unclear) == (False, False, False, False)


@pytest.mark.parametrize(
    ("granted", "left"),
    [
        ("NOPASSWD: ALL, !ALL", []),
        ("NOPASSWD: ALL, PASSWD: !ALL, /bin/a", [("!ALL", "/bin/a")]),
        ("(root) ALL, (www-data) !ALL", [("ALL",)]),
        ("!ALL, ALL", [("!ALL", "ALL")]),
    ],
)
def test_all_taken_away_again(host: Path, granted: str, left: list[tuple[str, ...]]) -> None:
    assert [rule.commands for rule in rules(host, f"ann ALL={granted}\n")] == left


@pytest.mark.parametrize(
    ("defaults", "free"),
    [("Defaults !authenticate", True), ("Defaults:ann !authenticate", True), ("Defaults:ben !authenticate", False),
     ("Defaults !authenticate\nDefaults authenticate", False)],
)  # fmt: skip
def test_defaults_may_ask_for_no_password(host: Path, defaults: str, free: bool) -> None:
    (rule,) = rules(host, f"{defaults}\nann ALL=(ALL) ALL\n")
    assert rule.nopasswd is free


def test_root_s_own_password_makes_nobody_an_administrator(host: Path) -> None:
    found = rules(host, "Defaults targetpw\nALL ALL=(ALL) ALL\n")
    assert [(rule.kind, rule.root_password) for rule in found] == [("everyone", True)]
    assert [a.name for a in administrators(PEOPLE, found)] == ["root"]
    assert not rules(host, "Defaults targetpw\nDefaults !targetpw\nALL ALL=(ALL) ALL\n")[0].root_password


def test_secrets_stay_on_the_target(host: Path) -> None:
    text = (
        "# CANARY\nDefaults passprompt=CANARY, use_pty\n"
        "ann ALL=(root) /usr/bin/mysql -pCANARY, /bin/x --key CANARY\\,CANARY\n"
        "#1000 ALL=(ALL) /bin/ls # CANARY\n"
    )
    (host / "etc/sudoers.d/local").write_text(text)
    printed = in_root(host, SUDOERS)
    assert "CANARY" not in printed
    assert [(rule.who, rule.people) for rule in rules(host, text)] == [("ann", ("ann",)), ("#1000", ("ann",))]


HOSTS = "Host_Alias WEB = one, 10.0.0.0/8\nann one = /bin/a : two, WEB = (root) NOPASSWD: /bin/b : ALL, !three = ALL\n"


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("one", ["/bin/a", "/bin/b", "ALL"]),
        ("One.example.org", ["/bin/a", "/bin/b", "ALL"]),
        ("two", ["/bin/b", "ALL"]),
        ("three", ["/bin/b"]),  # an address may be its own
        ("", ["/bin/a", "/bin/b", "ALL"]),
    ],
)
def test_one_rule_for_several_hosts(host: Path, name: str, commands: list[str]) -> None:
    (host / "etc/sudoers.d/local").write_text(HOSTS)
    found = parse_sudoers(in_root(host, SUDOERS), GROUPS, PEOPLE, name)
    assert [command for rule in found if rule.who == "ann" for command in rule.commands] == commands
    assert {rule.who for rule in found} == {"root", "ann"}


@pytest.mark.parametrize(
    ("pattern", "here"),
    [
        ("web*", True),
        ("web1.example", False),
        ("web1.example.org", True),
        ("mail", False),
        ("+servers", True),
    ],
)
def test_whose_rule_it_is(host: Path, pattern: str, here: bool) -> None:
    (host / "etc/sudoers.d/local").write_text(f"ann {pattern} = ALL\n")
    found = parse_sudoers(in_root(host, SUDOERS), GROUPS, PEOPLE, "web1.example.org")
    assert ("ann" in [rule.who for rule in found]) is here


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # as sudo 1.9 answered
        ("ann ALL=(root) NOTAFTER=20200101000000Z NOPASSWD: ALL\n", False),
        ("ann ALL=(root) NOTBEFORE=2099010100Z NOPASSWD: ALL\n", False),
        ("ann ALL=(root) NOTAFTER=20990101000000Z NOPASSWD: ALL\n", True),
        ("ann ALL=(root) NOTAFTER=20200101000000 NOPASSWD: ALL\n", True),
        ("ann ALL=(root) NOTAFTER=20209901000000Z NOPASSWD: ALL\n", True),
        ("ann ALL=(root) ALL\nann ALL=(root) !ALL\n", False),
        ("ann ALL=(root) ALL\nann ALL=(ALL) !ALL\n", False),
        ("ann ALL=(root) ALL\nann ALL=(www) !ALL\n", True),
        ("ann ALL=(root) !ALL\nann ALL=(root) ALL\n", True),
        ("ann ALL=(root) ALL\nnobody ALL=(root) !ALL\n", True),
    ],
)
def test_what_no_longer_holds(host: Path, text: str, left: bool) -> None:
    (host / "etc/sudoers.d").mkdir(exist_ok=True)
    (host / "etc/sudoers.d/local").write_text(text)
    now = datetime(2026, 11, 29, tzinfo=UTC)
    found = parse_sudoers(in_root(host, SUDOERS), GROUPS, PEOPLE, now=now)
    assert ("ann" in [rule.who for rule in found]) is left


def test_who_runs_as_the_people_of_a_group_or_in_it(host: Path) -> None:
    groups = [*GROUPS, Group("root", 0, ("root",)), Group("shadow", 42, ())]
    (host / "etc/sudoers.d").mkdir(exist_ok=True)
    (host / "etc/sudoers.d/local").write_text(
        "ann ALL=(%root) ALL\nann ALL=(%#0) ALL\nann ALL=(:shadow) ALL\nann ALL=(:games) ALL\nann ALL=(www:root) ALL\n"
    )
    found = [rule for rule in parse_sudoers(in_root(host, SUDOERS), groups, PEOPLE) if rule.who == "ann"]
    assert [(rule.as_root, rule.all, rule.unclear) for rule in found] == [
        (True, True, False),
        (True, True, False),
        (True, False, True),
        (False, True, False),
        (False, True, False),
    ]


def test_a_part_that_is_not_understood_is_a_gap(host: Path) -> None:
    with pytest.raises(GapFound):
        rules(host, "ann one = /bin/a : 10.0.0.0/8 = ALL\n")


def test_no_sudo_is_no_rule(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    assert parse_sudoers(in_root(tmp_path, SUDOERS), GROUPS, PEOPLE) == ()


def test_who_has_the_power_of_root(host: Path) -> None:
    found = rules(
        host, "%wheel ALL=(ALL) ALL\n%empty ALL=(ALL) ALL\nben ALL=(root) /bin/ls\n%empty ALL=/bin/ls\n"
    )
    powerful = administrators(PEOPLE, found)
    assert [(a.name, a.by, a.is_root) for a in powerful] == [
        ("root", "uid 0", True),
        ("ann", "sudo %wheel", False),
    ]
    shared = roles(powerful, found, PEOPLE)
    assert (shared.unlimited, shared.limited, shared.people) == (("ann",), ("ben",), ("ben",))


def test_two_people_with_the_same_commands_are_one_role(host: Path) -> None:
    found = rules(host, "ann, ben ALL=(root) /bin/ls\nben ALL=(root) /bin/cat\n")
    assert roles((), found, PEOPLE).limited == ("ann", "ben")
    assert roles((), rules(host, "ann, ben ALL=(root) /bin/ls\n"), PEOPLE).limited == ("ann",)


def test_service_accounts_and_second_rules_are_no_further_people(host: Path) -> None:
    service = Identity("svc", 110, 110, "/", "/usr/sbin/nologin", False, True)
    text = "svc ALL=(root) /bin/a\nroot ALL=(root) /bin/b\nben ALL=(root) /bin/c\nben ALL=(root) /bin/d\n"
    (host / "etc/sudoers.d/local").write_text(text)
    people = [*PEOPLE, service]
    shared = roles((), parse_sudoers(in_root(host, SUDOERS), GROUPS, people), people)
    assert (shared.limited, shared.people) == (("ben", "ben"), ("ben",))


def test_a_second_uid_0_is_root() -> None:
    toor = Identity("toor", 0, 0, "/root", "/bin/sh", True, True)
    assert roles(administrators([*PEOPLE, toor], ()), (), PEOPLE).unlimited == ()


PIECES = st.sampled_from(
    [
        "ann",
        "ALL",
        "=",
        "(ALL)",
        "(",
        ")",
        ",",
        "NOPASSWD:",
        "/bin/sh",
        "User_Alias",
        "A",
        ":",
        "!",
        "Defaults",
        "%",
        '"',
    ]
)
LINES = st.lists(st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=8).map(" ".join)), max_size=6)


@given(LINES)
def test_any_text_is_a_value_or_a_gap(lines: list[str]) -> None:
    text = "#= /etc/sudoers\n" + "\n".join(f" {line}" for line in lines)
    for given_text in (text, "\n".join(lines)):
        try:
            parse_sudoers(given_text, GROUPS, PEOPLE)
        except GapFound:
            continue
