"""The SSH daemon's effective configuration and its Match branches."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.groups import Group
from secaudit.facts.sshd import SshdBranch, branches, build_sshd_branches
from secaudit.facts.sshd_answers import parse_sshd
from secaudit.facts.sshd_probe import ARGUMENTS, KEYWORDS, MASKED, MATCHES, SSHD
from secaudit.model.evidence import GapReason, Observation
from tests.unit.facts.answers import evidence

SETTINGS = {
    "port": "22",
    "permitrootlogin": "without-password",
    "passwordauthentication": "yes",
    "kbdinteractiveauthentication": "no",
    "permitemptypasswords": "no",
    "hostbasedauthentication": "no",
    "ignorerhosts": "yes",
    "usepam": "yes",
    "pubkeyauthentication": "yes",
    "authenticationmethods": "any",
    "maxauthtries": "6",
    "logingracetime": "120",
    "clientaliveinterval": "0",
    "ciphers": "aes256-gcm@openssh.com,aes256-ctr",
    "macs": "hmac-sha2-256",
    "kexalgorithms": "curve25519-sha256",
    "hostkeyalgorithms": "ssh-ed25519",
    "loglevel": "INFO",
    "permituserenvironment": "no",
}
ROOT_GROUP = (Group("root", 0, ("root",)), Group("wheel", 10, ("ann",)))


def answer(**changes: str) -> str:
    return "\n".join(f"{key} {value}" for key, value in {**SETTINGS, **changes}.items())


def root_branch(**changes: str) -> SshdBranch:
    text = f"#branch default stranger\n{answer()}\n#branch default root\n{answer(**changes)}"
    return branches(parse_sshd(text), ROOT_GROUP)[1]


@pytest.mark.parametrize(
    ("changes", "login"),
    [
        ({"permitrootlogin": "no"}, "no"),
        ({"permitrootlogin": "without-password"}, "key"),
        ({"permitrootlogin": "forced-commands-only"}, "key"),
        ({"permitrootlogin": "yes"}, "password"),
        ({"permitrootlogin": "yes", "passwordauthentication": "no"}, "key"),
        (
            {"permitrootlogin": "yes", "passwordauthentication": "no", "kbdinteractiveauthentication": "yes"},
            "password",
        ),
        # Tried on Debian 12: behind keyboard-interactive is PAM only, and a password does not suffice beside a key.
        (
            {
                "permitrootlogin": "yes",
                "passwordauthentication": "no",
                "kbdinteractiveauthentication": "yes",
                "usepam": "no",
            },
            "key",
        ),
        ({"permitrootlogin": "yes", "authenticationmethods": "publickey"}, "key"),
        ({"permitrootlogin": "yes", "authenticationmethods": "publickey,password"}, "key"),
        ({"permitrootlogin": "yes", "authenticationmethods": "publickey,password password"}, "password"),
        ({"permitrootlogin": "yes", "allowusers": "ann"}, "no"),
        ({"permitrootlogin": "yes", "denyusers": "root"}, "no"),
        ({"permitrootlogin": "yes", "allowgroups": "wheel"}, "no"),
        ({"permitrootlogin": "yes", "allowgroups": "ro*"}, "password"),
    ],
)
def test_how_root_logs_in(changes: dict[str, str], login: str) -> None:
    assert root_branch(**changes).root_login == login


def test_root_from_named_addresses_only() -> None:
    assert root_branch(permitrootlogin="yes", allowusers="root@10.0.0.5").root_from_some_addresses_only
    assert not root_branch(permitrootlogin="yes", allowusers="root@*").root_from_some_addresses_only
    assert not root_branch(permitrootlogin="yes", allowusers="root").root_from_some_addresses_only


def test_match_branches_carry_their_line() -> None:
    text = f"""#branch default stranger
{answer()}
#branch default root
{answer(permitrootlogin="no")}
#match 1 1 1 user=secaudit-nobody,host=x,addr=10.0.0.0 -,permitrootlogin Match Address 10.0.0.0/8
#branch 1 named
{answer(permitrootlogin="yes")}
#branch 1 root
{answer(permitrootlogin="yes")}
#match 2 1 0 user=root,host=x,addr=y - Match User root"""
    rows = branches(parse_sshd(text), ROOT_GROUP)
    assert [(row.branch, row.user, row.root_login) for row in rows] == [
        ("default", "any", "key"),
        ("default", "root", "no"),
        ("Match Address 10.0.0.0/8", "any", "password"),
        ("Match Address 10.0.0.0/8", "root", "password"),
    ]
    assert rows[3].root_from_some_addresses_only


@pytest.mark.parametrize(
    ("line", "limited"),
    [
        ("Match User root Address 10.0.0.5", True),
        ("Match Host bastion.example", True),
        ("Match Address *", False),
        ("Match Address 0.0.0.0/0,::/0", False),
        ("Match Address *,!10.0.0.5", False),
        ("Match User address", False),
        ("Match all", False),
    ],
)
def test_which_match_lines_name_addresses(line: str, limited: bool) -> None:
    text = f"#match 1 1 1 user=root,host=x -,permitrootlogin {line}\n#branch 1 root\n{answer(permitrootlogin='yes')}"
    (row,) = branches(parse_sshd(text), ROOT_GROUP)
    assert row.root_from_some_addresses_only is limited


@pytest.mark.parametrize(
    ("methods", "both", "password"),
    [
        ("publickey,password publickey,keyboard-interactive:pam", True, True),
        ("publickey,password publickey", False, False),
        ("publickey,publickey", False, False),
        ("password,keyboard-interactive", False, True),
        ("hostbased,publickey", False, False),
        ("keyboard-interactive", False, True),
        ("any", False, False),
    ],
)
def test_two_kinds_of_methods_in_every_choice(methods: str, both: bool, password: bool) -> None:
    row = root_branch(authenticationmethods=methods)
    assert (row.second_method_required, row.always_password) == (both, password)


def test_without_keys_a_password_is_always_asked() -> None:
    assert root_branch(pubkeyauthentication="no").always_password
    assert not root_branch(pubkeyauthentication="no", gssapiauthentication="yes").always_password
    assert not root_branch(authenticationmethods="publickey").passwords


def test_a_match_that_cannot_be_resolved_is_a_gap_only_when_it_sets_something() -> None:
    harmless = f"#branch default root\n{answer()}\n#match 1 0 0 user=,host=x - Match exec /bin/true"
    assert len(branches(parse_sshd(harmless), ROOT_GROUP)) == 1
    with pytest.raises(GapFound) as found:
        branches(parse_sshd(harmless.replace(" - Match", " -,permitrootlogin Match")), ROOT_GROUP)
    assert found.value.gap.reason is GapReason.NOT_SUPPORTED


def test_not_installed_and_refused() -> None:
    assert not parse_sshd("#absent\n").installed
    assert parse_sshd("#branch default stranger\n#failed\n").refused


def test_a_daemon_that_never_ran_says_so() -> None:
    seen = Observation(
        SSHD.id,
        SSHD.definition_hash,
        SSHD.command,
        output=b"#branch default stranger\n#failed\n",
        errors=b"Missing privilege separation directory: /run/sshd\r\n",
        exit_status=0,
    )
    told = replace(evidence({SSHD: ""}), observations={SSHD.id: seen})
    with pytest.raises(GapFound, match="has not run since the system started; Missing"):
        build_sshd_branches(told)


def test_a_keyword_that_is_missing_is_a_gap() -> None:
    with pytest.raises(GapFound, match="maxauthtries"):
        branches(parse_sshd("#branch default root\n" + answer().replace("maxauthtries 6\n", "")), ROOT_GROUP)


def test_an_sshd_without_pam_does_not_name_it() -> None:
    (row,) = branches(parse_sshd("#branch default root\n" + answer().replace("usepam yes\n", "")), ROOT_GROUP)
    assert not row.use_pam


def test_every_daemon_has_its_branches() -> None:
    text = f"""#branch default root
{answer()}
#match 1 1 0 user=root,host=x -,permitrootlogin Match User root
#branch 1 root
{answer(permitrootlogin="no")}
#daemon /opt/ssh/sbin/sshd -o PermitRootLogin=yes
#branch default root
{answer(permitrootlogin="yes")}
#match 1 1 0 user=ann,host=x -,permitrootlogin Match User ann
#branch 1 named
{answer()}"""
    rows = branches(parse_sshd(text), ROOT_GROUP)
    own = " (/opt/ssh/sbin/sshd -o PermitRootLogin=yes)"
    assert [(row.branch, row.user, row.root_login) for row in rows] == [
        ("default", "root", "key"),
        ("Match User root", "root", "no"),
        (f"default{own}", "root", "password"),
        (f"Match User ann{own}", "any", "key"),
    ]
    with pytest.raises(GapFound, match="cannot be asked"):
        parse_sshd("#daemon /usr/sbin/sshd?\n#unclear")


@pytest.mark.parametrize(
    ("daemon", "branch"),
    [
        ("/usr/sbin/sshd -o Ciphers=aes256-ctr -o MACs=hmac-sha2-256 -o GSSAPIKeyExchange=***", "default"),
        ("/usr/sbin/sshd -o ciphers=aes256-ctr -p 2222", "default (/usr/sbin/sshd -p 2222)"),
        ("/usr/sbin/sshd -o PermitRootLogin=yes", "default (/usr/sbin/sshd -o PermitRootLogin=yes)"),
        ("/usr/sbin/sshd", "default (/usr/sbin/sshd)"),
        ("/opt/ssh/sbin/sshd -o Ciphers=aes256-ctr", "default (/opt/ssh/sbin/sshd)"),
    ],
)
def test_the_policy_of_the_system_names_no_other_daemon(daemon: str, branch: str) -> None:
    rows = branches(parse_sshd(f"#daemon {daemon}\n#branch default root\n{answer()}"), ROOT_GROUP)
    assert [row.branch for row in rows] == [branch]


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        ("/usr/sbin/sshd\n-D\n", "="),
        ("/usr/sbin/sshd\n-D\n-oPermitRootLogin=yes\n-p\n2222\n", "= -o PermitRootLogin=yes -p 2222"),
        ("/usr/sbin/sshd\n-Df\n/etc/ssh/other\n-E\n/var/log/x\n", "= -f /etc/ssh/other"),
        ("sshd: /usr/sbin/sshd -D -o Port=23 [listener] 0 of 10-100 startups\n\n\n", "= -o Port=23"),
        ("/usr/sbin/sshd\n-o\nPermitRootLogin yes\n", "?"),
        ("/usr/sbin/sshd\n-o\nBanner=$(reboot)\n", "?"),
        ("sshd: /usr/sbin/sshd -D -o PermitRoo", "?"),
        ("/usr/sbin/sshd\n-i\n", ""),
        ("/usr/sbin/sshd\n-D\n-R\n", ""),
    ],
)
def test_what_is_kept_of_a_daemons_arguments(arguments: str, kept: str) -> None:
    assert awk(ARGUMENTS, text=arguments).strip() == kept


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ("", ""),
        (" -o PermitRootLogin=yes -p 2222", " -o PermitRootLogin=yes -p 2222"),
        (" -f /etc/ssh/other -o port=23", " -f /etc/ssh/other -o port=23"),
        (" -o VersionAddendum=/CANARY -o UsePAM=no", " -o VersionAddendum=*** -o UsePAM=no"),
        (" -p 23 -o SetEnv=TOKEN=CANARY", " -p 23 -o SetEnv=***"),
        (" -o CANARY", " -o ***"),
        (" -o Port,x=CANARY", " -o Port,x=***"),
        ("?", " ?"),
    ],
)
def test_no_value_of_an_option_that_is_not_judged_leaves_the_target(options: str, shown: str) -> None:
    wanted = f"wanted= {' '.join(KEYWORDS)} "
    told = awk(MASKED, "-v", wanted, text=f"{options}\n").removesuffix("\n")
    assert told == shown
    assert MASKED in SSHD.command


GROUPS = "root:x:0:\nadm:x:4:ann,root\nstaff:x:5:ann\n"
PASSWD = "root:x:0:0::/root:/bin/sh\nann:x:1000:5::/home/ann:/bin/sh\n"


@pytest.mark.parametrize(
    ("line", "user", "root"),
    [
        ("User ann,root LocalPort 2222", "ann", "1"),
        ("User r*", "rx", "1"),
        ("User *,!root", "secaudit-nobody", "0"),
        ("User=root", "root", "0"),
        ("User root", "root", "0"),
        ("Group adm", "ann", "1"),
        ("Group root", "root", "0"),
        ("Group staff", "ann", "0"),
        ("Address 10.0.0.0/8", "secaudit-nobody", "1"),
        ("all", "secaudit-nobody", "1"),
    ],
)
def test_a_block_is_asked_for_root_where_root_can_be_meant(line: str, user: str, root: str) -> None:
    words = matches(f"Match {line}\n  PermitRootLogin yes\n")[0].split()
    assert (words[2], words[3], words[4].partition(",")[0]) == ("1", root, f"user={user}")


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("User ann,ben", ["user=ann", "user=ben"]),
        ("User !ann,ben", ["user=ben"]),
        ("Group adm", ["user=ann", "user=root"]),
        ("Group adm,staff", ["user=ann", "user=root"]),
        ("Address 10.0.0.1,10.0.0.2", ["user=secaudit-nobody"] * 2),
    ],
)
def test_each_whom_a_block_means_is_asked_for(line: str, asked: list[str]) -> None:
    """An earlier block may say something else of the first of them."""
    rows = [row.split() for row in matches(f"Match {line}\n  PermitRootLogin yes\n")]
    assert [row[4].partition(",")[0] for row in rows] == asked
    assert {row[1] for row in rows} == {"1"}


def test_a_block_that_sets_nothing_is_told_once() -> None:
    assert len(matches("Match User ann,ben\n  X11UseLocalhost no\n")) == 1


def test_a_block_that_takes_a_file_in_sets_something() -> None:
    (line,) = matches("Match Address 10.0.0.0/8\n  Include /etc/ssh/in.conf\n")
    assert line.split()[5] == "-,include"
    (_, inner) = matches(
        "Match Address 10.0.0.0/8\nInclude in.conf\n", "Match User ann\nPermitRootLogin yes\n"
    )
    assert inner.split()[2] == "0"


def matches(*files: str) -> list[str]:
    """What the probe prints of Match blocks in these files."""
    program = MATCHES.replace('FILENAME == "/etc/', 'FILENAME ~ "/etc/')
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "etc").mkdir()
        texts = {"etc/group": GROUPS, "etc/passwd": PASSWD}
        texts |= {f"file{place}": text for place, text in enumerate(files)}
        for name, text in texts.items():
            (root / name).write_text(text)
        return awk(
            program, "-v", "wanted= permitrootlogin ", files=[str(root / n) for n in texts]
        ).splitlines()


def awk(program: str, *options: str, text: str = "", files: Sequence[str] = ()) -> str:
    done = subprocess.run(
        ["awk", *options, program, *files],
        input=text,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    return done.stdout


def test_the_probe_prints_no_comment_and_no_other_keyword() -> None:
    assert "versionaddendum" not in SSHD.command
    assert SSHD.root


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                "#branch default root",
                "#branch 1 named",
                "#daemon /opt/sshd -p 23",
                "#match 1 1 0 user=a,b -,port Match User a",
                *answer().split("\n"),
            ]
        ),
    ),
    max_size=30,
)


@given(LINES)
def test_any_text_is_a_value_or_a_gap(lines: list[str]) -> None:
    with suppress(GapFound):
        branches(parse_sshd("\n".join(lines)), ROOT_GROUP)
