"""Accounts, their ageing and groups, from what the probes print."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.account_ageing import build_account_ageing, parse_login_defs, parse_useradd
from secaudit.facts.account_sources import build_account_sources
from secaudit.facts.accounts import build_accounts
from secaudit.facts.accounts_probe import PASSWD, SHADOW
from secaudit.facts.busybox_accounts import LOGIN_DEFS
from secaudit.facts.directories import DIRECTORIES_PROBE
from secaudit.facts.fact import GapFound
from secaudit.facts.groups import parse_groups
from secaudit.facts.passwd_file import Duplicate, duplicates, parse_passwd
from secaudit.facts.shadow_file import parse_shadow
from tests.unit.facts.answers import evidence, in_root

NOW = datetime(2026, 11, 23, tzinfo=UTC)  # day 20780

PASSWD_FILE = """root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
ann:x:1000:1000:Ann, room 12, 555-0101:/home/ann:/bin/bash
ben:x:1001:1001::/home/ben:
open::1002:1002::/home/open:/bin/sh
inside:$1$abcdefgh$SECRETSECRETSECRETSECR:1003:1003::/home/inside:/bin/sh
"""
SHADOW_FILE = """root:*:19700:0:99999:7:::
daemon:*:19700:0:99999:7:::
sync:*:19700:0:99999:7:::
ann:$y$j9T$saltsaltsalt$SECRETHASHSECRETHASH:20700:1:90:7:::
ben:!$6$salt$SECRETHASHSECRETHASH:20000::::1:20100:
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text(PASSWD_FILE)
    (tmp_path / "etc/shadow").write_text(SHADOW_FILE)
    (tmp_path / "etc/login.defs").write_text("# comment\nUID_MIN\t\t  500\nPASS_MAX_DAYS\t90\nUMASK 027\n")
    (tmp_path / "etc/nsswitch.conf").write_text(
        "passwd: files sss # central\ngroup: files [NOTFOUND=return] ldap\n"
    )
    return tmp_path


def test_no_hash_and_no_comment_leaves_the_target(files: Path) -> None:
    printed = in_root(files, PASSWD) + in_root(files, SHADOW)
    assert "SECRET" not in printed
    assert "555-0101" not in printed


def test_accounts_as_they_are(files: Path) -> None:
    facts = evidence({PASSWD: in_root(files, PASSWD), SHADOW: in_root(files, SHADOW)}, now=NOW)
    accounts = {account.name: account for account in build_accounts(facts)}
    ann, ben = accounts["ann"], accounts["ben"]
    assert (ann.has_password, ann.password_algorithm, ann.can_log_in) == (True, "yescrypt", True)
    assert (ben.has_password, ben.locked, ben.expired, ben.can_log_in) == (False, True, True, False)
    assert ben.shell == "/bin/sh"
    assert accounts["root"].password_algorithm == "none"
    assert not accounts["root"].empty_password
    assert accounts["open"].empty_password
    assert accounts["inside"].password_algorithm == "md5"
    assert not accounts["sync"].can_log_in
    assert accounts["daemon"].is_system
    assert not accounts["ann"].is_system


@pytest.mark.parametrize(
    ("sources", "path", "gap"),
    [
        ("files systemd", "etc/userdb/ann.user", True),
        ("files systemd", "var/lib/systemd/home/ann.identity", True),
        ("files systemd", "etc/userdb/README", False),
        ("files", "etc/userdb/ann.user", False),
        ("files extrausers", "var/lib/extrausers/passwd", True),
        ("files altfiles", "usr/lib/passwd", True),
        ("usrfiles files", "usr/etc/passwd", True),
        ("db files", "var/lib/misc/passwd.db", True),
        ("files extrausers", "usr/lib/passwd", False),
    ],
)
def test_accounts_of_this_host_in_other_files_are_a_gap(
    files: Path, sources: str, path: str, gap: bool
) -> None:
    (files / "etc/nsswitch.conf").write_text(f"passwd: {sources}\n")
    (files / path).parent.mkdir(parents=True, exist_ok=True)
    (files / path).write_text("ann::1000:1000::/:/bin/sh\n")
    moved = PASSWD.command
    for folder in ("/var/lib/extrausers", "/var/lib/systemd", "/var/lib/misc", "/var/db", "/usr/lib/"):
        moved = moved.replace(folder, f"{files}{folder}")
    printed = in_root(files, replace(PASSWD, command=moved))
    if gap:
        with pytest.raises(GapFound):
            parse_passwd(printed)
    else:
        assert parse_passwd(printed).identities


def test_sources_outside_this_host_are_named(files: Path) -> None:
    sources = build_account_sources(evidence({PASSWD: in_root(files, PASSWD)}))
    assert sources.passwd == ("files", "sss")
    assert sources.central == ("sss", "ldap")
    assert sources.sudoers == ("files",)


@pytest.mark.parametrize(
    ("printed", "central"),
    [
        ("", ()),
        ("#+ /etc/sssd/sssd.conf\n#= /etc/sssd/sssd.conf\n [sssd]\n domains=\n", ()),
        ("#= /etc/sssd/conf.d/a.conf\n [domain/files]\n id_provider=files\n", ()),
        ("#= /etc/sssd/sssd.conf\n [domain/corp]\n id_provider=ad\n", ("sss",)),
        (
            "#= /etc/sssd/sssd.conf\n [domain/a]\n id_provider=files\n [domain/b]\n id_provider=ldap\n",
            ("sss",),
        ),
        ("#= /etc/sssd/sssd.conf\n [domain/corp]\n", ("sss",)),
        ("#= /etc/sssd/sssd.conf\n [domain/corp]\n id_provider=proxy\n", ("sss",)),
        ("#! /etc/sssd/sssd.conf\n", ("sss",)),
        (None, ("sss",)),
    ],
)
def test_sss_is_a_directory_where_sssd_has_one_to_ask(printed: str | None, central: tuple[str, ...]) -> None:
    answers = {PASSWD: "p:root:shadow:0:0:/root:/bin/sh\nn:passwd: sss files systemd\nn:sudoers: files sss\n"}
    if printed is not None:
        answers[DIRECTORIES_PROBE] = printed
    assert build_account_sources(evidence(answers)).central == central


@pytest.mark.parametrize(("line", "central"), [("", ()), ("p:+::::::\n", ("compat",))])
def test_compat_alone_reads_the_files(line: str, central: tuple[str, ...]) -> None:
    text = f"p:root:shadow:0:0:/root:/bin/sh\n{line}n:passwd: compat\nn:group: {'compat' if not line else 'files'}\n"
    assert build_account_sources(evidence({PASSWD: text})).central == central


def test_ageing_counts_accounts_with_a_password_only(files: Path) -> None:
    answers = {PASSWD: in_root(files, PASSWD), SHADOW: in_root(files, SHADOW)}
    known = evidence(answers, now=NOW)
    ages = {
        a.name: a for a in build_account_ageing(evidence(answers, {"accounts": build_accounts(known)}, NOW))
    }
    assert set(ages) == {"ann", "inside"}
    assert (ages["ann"].max_days, ages["ann"].overdue) == (90, False)
    assert ages["inside"].max_days == 99999


@pytest.mark.parametrize(
    ("line", "max_days", "overdue"),
    [
        ("ann:hash:sha512:20000:0:90:7::", 90, True),
        ("ann:hash:sha512:20000:0::7::", 99999, False),
        ("ann:hash:sha512:20000:0:-1:7::", 99999, False),
        ("ann:hash:sha512::0:90:7::", 99999, False),
        ("ann:hash:sha512:0:0:90:7::", 90, True),
    ],
)
def test_what_never_expires_says_so(line: str, max_days: int, overdue: bool) -> None:
    answers = {PASSWD: "p:ann:shadow:1000:1000:/home/ann:/bin/sh", SHADOW: line}
    accounts = build_accounts(evidence(answers, now=NOW))
    (age,) = build_account_ageing(evidence(answers, {"accounts": accounts}, NOW))
    assert (age.max_days, age.overdue) == (max_days, overdue)


@pytest.mark.parametrize(("day", "future"), [(20780, False), (20781, False), (20782, True), (30000, True)])
def test_a_change_that_is_yet_to_come(day: int, future: bool) -> None:
    answers = {PASSWD: "p:ann:shadow:1000:1000:/home/ann:/bin/sh", SHADOW: f"ann:hash:sha512:{day}:0:90:7::"}
    accounts = build_accounts(evidence(answers, now=NOW))
    (age,) = build_account_ageing(evidence(answers, {"accounts": accounts}, NOW))
    assert (age.changed_in_future, age.overdue) == (future, False)


def test_login_defs(files: Path) -> None:
    rules = parse_login_defs(in_root(files, LOGIN_DEFS))
    assert (rules.max_days, rules.umask, rules.hash_algorithm) == (90, "027", "des")


def test_duplicates() -> None:
    identities = parse_passwd(
        "p:root:x:0:0:/:/bin/sh\np:toor:x:0:0:/:/bin/sh\np:ann:x:5:5:/:/bin/sh"
    ).identities
    assert duplicates(identities) == (Duplicate("uid", "0", ("root", "toor")),)


def test_compat_lines_are_a_source_and_no_account() -> None:
    found = parse_passwd("p:root:shadow:0:0:/root:/bin/sh\np:+:empty::::\n")
    assert [who.name for who in found.identities] == ["root"]
    assert "compat" in found.sources["passwd"]


def test_members_are_listed_ones_and_primary_ones() -> None:
    identities = parse_passwd("p:ann:shadow:1000:27:/home/ann:/bin/sh").identities
    (group,) = parse_groups("sudo:27:ben, ann", identities)
    assert group.members == ("ben", "ann")


@pytest.mark.parametrize(
    "text", ["", "p:root:shadow:zero:0:/root:/bin/sh", "p:root", "m:many\np:a:x:1:1:/:/bin/sh"]
)
def test_bad_passwd_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_passwd(text)


LINES = st.lists(
    st.one_of(st.text(max_size=40), st.from_regex(r"[pmnu]:[a-z]{0,3}(:[0-9a-z]{0,3}){0,8}", fullmatch=True)),
    max_size=6,
)


@given(LINES)
def test_any_text_is_a_value_or_a_gap(lines: list[str]) -> None:
    text = "\n".join(lines)
    for parse in (parse_passwd, parse_shadow, parse_login_defs, parse_useradd, lambda t: parse_groups(t, ())):
        try:
            parse(text)
        except GapFound:
            continue


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (" INACTIVE=30", 30),
        (' INACTIVE="30"', 30),
        (" INACTIVE=-1", -1),
        (" INACTIVE=", -1),
        (" INACTIVE=30\n INACTIVE=0", 0),
        (" inactive=30", -1),
        ("", -1),
    ],
)
def test_when_a_new_account_closes(lines: str, days: int) -> None:
    text = "#+ /etc/default/useradd\n#= /etc/default/useradd\n" + lines
    assert parse_useradd(text).inactive_days == days
