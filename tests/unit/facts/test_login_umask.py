"""The umask that a login session ends up with."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.busybox_accounts import LOGIN_DEFS
from secaudit.facts.config_files import config_files
from secaudit.facts.fact import GapFound
from secaudit.facts.login_umask import (
    UMASKS,
    LoginUmask,
    build_login_umasks,
    login_umasks,
    octal,
    pam_umasks,
    shares_groups,
)
from secaudit.facts.pam import PAM_FILES, parse_pam
from secaudit.facts.passwd_file import Identity
from tests.unit.facts.answers import evidence, in_root

ANN = Identity("ann", 1000, 1000, "/home/ann", "/bin/bash", True, False)
SOURCED = 'for i in /etc/profile.d/*.sh; do\n  . "$i"\ndone\n'


def umask(root: Path, files: dict[str, str], shell: str = "/bin/bash", start: str = "022") -> LoginUmask:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.replace("@", str(root)))
    who = Identity("ann", 1000, 1000, "/home/ann", shell, True, False)
    (found,) = login_umasks(config_files(in_root(root, UMASKS)), [(start, "pam_umask")], [who])
    return found


@pytest.mark.parametrize(
    ("files", "values", "set_in"),
    [
        ({}, ("022",), "pam_umask"),
        ({"etc/profile": "umask 027\n"}, ("027",), "/etc/profile"),
        ({"etc/profile": "# umask 027\n"}, ("022",), "pam_umask"),
        ({"etc/profile": "umask\numask -S\n"}, ("022",), "pam_umask"),
        ({"etc/profile": "cat <<EOF\numask 027\nEOF\n"}, ("022",), "pam_umask"),
        ({"etc/profile": "umask 027; umask 022\n"}, ("022",), "/etc/profile"),
        ({"etc/profile": "umask 027\n. @/etc/own\n", "etc/own": "umask 022\n"}, ("022",), "/etc/own"),
        ({"etc/profile": "[ -f /etc/own ] && . @/etc/own\n", "etc/own": "umask 027\n"}, ("027",), "/etc/own"),
        ({"etc/profile": "umask 027\n# . @/etc/own\n", "etc/own": "umask 022\n"}, ("027",), "/etc/profile"),
        ({"etc/profile": "umask 027\n. @/etc/none\n"}, ("027",), "/etc/profile"),
        ({"etc/profile": "umask -S 027 >/dev/null\n"}, ("027",), "/etc/profile"),
        ({"etc/profile": "X=1 umask 027\n"}, ("027",), "/etc/profile"),
        ({"etc/profile": "f() { cd /; umask 027; }\n"}, ("022", "027"), "/etc/profile"),
        ({"etc/profile": "f() { umask 027; }\numask 077\n"}, ("077",), "/etc/profile"),
        ({"etc/profile": "function f { umask 027\n}\n"}, ("022", "027"), "/etc/profile"),
        ({"etc/profile": "f() {\n  umask 027\n}\numask 077\n"}, ("077",), "/etc/profile"),
        (
            {"etc/profile": f"umask 027\n{SOURCED}", "etc/profile.d/z.sh": "umask 0002\n"},
            ("002",),
            "/etc/profile.d/z.sh",
        ),
        (
            {"etc/profile": f"{SOURCED}umask 027\n", "etc/profile.d/z.sh": "umask 0002\n"},
            ("027",),
            "/etc/profile",
        ),
        (
            {
                "etc/profile": "for i in $(run-parts --list /etc/profile.d); do\n",
                "etc/profile.d/z.sh": "umask 077\n",
            },
            *(("077",), "/etc/profile.d/z.sh"),
        ),
        ({"etc/profile": SOURCED, "etc/profile.d/z.sh.bak": "umask 0002\n"}, ("022",), "pam_umask"),
        ({"etc/profile": "umask 077\n", "etc/profile.d/z.sh": "umask 0002\n"}, ("077",), "/etc/profile"),
        (
            {"etc/bashrc": "if [ $UID -gt 199 ]; then\n    umask 002\nelse\n    umask 022\nfi\n"},
            *(("002", "022"), "/etc/bashrc"),
        ),
        ({"etc/bashrc": "[ `umask` -eq 0 ] && umask 022\n"}, ("022",), "pam_umask"),
        ({"etc/profile": "[ -n x ] && umask 077\n"}, ("022", "077"), "/etc/profile"),
        ({"etc/profile": "umask u=rwx,g=rx,o=\n"}, ("027",), "/etc/profile"),
    ],
)
def test_files_in_the_order_they_are_read(
    tmp_path: Path, files: dict[str, str], values: tuple[str, ...], set_in: str
) -> None:
    mapped = {
        path: text.replace("/etc/profile.d", f"{tmp_path}/etc/profile.d") for path, text in files.items()
    }
    found = umask(tmp_path, mapped)
    assert (found.values, found.set_in) == (values, set_in)


# Either branch runs: where each sets the umask, what was before is over.
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("if a; then\n umask 027\nelse\n umask 027\nfi", ("027",)),
        ("if a; then umask 027; else umask 077; fi", ("027", "077")),
        ("if a; then umask 027; fi", ("022", "027")),
        ("if a; then umask 027; else :; fi", ("022", "027")),
        ("if a; then :; else umask 027; fi", ("022", "027")),
        ("if a; then umask 027; elif b; then :; else umask 027; fi", ("022", "027")),
        ("if a; then umask 027; elif b; then umask 077; else umask 027; fi", ("027", "077")),
        ("if a; then umask 027; else [ b ] && umask 027; fi", ("022", "027")),
        ("if a; then umask 027; else [ b ] && umask 002; umask 027; fi", ("002", "027")),
        ("if a; then\n if b; then umask 027; else umask 077; fi\nelse\n umask 027\nfi", ("027", "077")),
        ("if a; then\n if b; then umask 027; fi\nelse\n umask 027\nfi", ("022", "027")),
        ("case $- in\n*i*) umask 027 ;;\nesac", ("022", "027")),
        ("f() {\n if a; then umask 027; else umask 027; fi\n}", ("022", "027")),
        ("if a; then umask 027; else umask 027; fi; umask 002", ("002",)),
        ("if a; then\n umask 027\nelse\n umask 027", ("022", "027")),
        ("return\numask 027", ("022",)),
        ("[ -z x ] && return\numask 027", ("022", "027")),
        ('[ -z "$PS1" ] && return\numask 027', ("027",)),
        ("f() {\n return\n}\numask 027", ("027",)),
        ("(cd /; umask 027; make)", ("022", "027")),
        ("x=$(cd /; umask 027; make)\numask 077", ("077",)),
        ('if [ "$PS1" ]; then umask 027; fi', ("027",)),
        ("if [[ $- == *i* ]]; then\n umask 027\nfi", ("027",)),
        ('if [ ! "$PS1" ]; then umask 027; fi', ("022", "027")),
        ('if [ "$PS1" ]; then :; else umask 027; fi', ("022", "027")),
        ("else\nfi\nfi\nif a; then umask 027; else umask 027; fi", ("027",)),
    ],
)
def test_an_if_with_an_else(tmp_path: Path, text: str, values: tuple[str, ...]) -> None:
    assert umask(tmp_path, {"etc/profile": text + "\n"}).values == values


def test_another_shell_reads_other_files(tmp_path: Path) -> None:
    files = {"etc/profile": "umask 027\n", "etc/zsh/zprofile": "umask 002\n"}
    assert umask(tmp_path, files, "/usr/bin/zsh").values == ("002",)
    assert umask(tmp_path, files, "/bin/dash").values == ("027",)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("27", "027"),
        ("0077", "077"),
        ('"022"', "022"),
        ("u=rwx,g=rx,o=", "027"),
        ("a=rx", "222"),
        ("0", "000"),
    ],
)
def test_ways_to_write_it(text: str, value: str) -> None:
    assert octal(text) == value


@pytest.mark.parametrize("text", ["$U", "999", "u+w", "", "\u0663"])
def test_what_is_no_umask_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        octal(text)


@pytest.mark.parametrize(
    ("session", "defs", "expected"),
    [
        ("session optional pam_umask.so", " UMASK 027", [("027", "pam_umask")]),
        ("session optional pam_umask.so umask=0077", " UMASK 027", [("077", "pam_umask")]),
        ("session optional pam_umask.so", "", [("022", "nothing")]),
        ("session required pam_unix.so", " UMASK 027", [("022", "nothing")]),
    ],
)
def test_what_pam_hands_on(session: str, defs: str, expected: list[tuple[str, str]]) -> None:
    configuration = parse_pam(f"#= /etc/pam.d/sshd\n {session}\n")
    assert list(pam_umasks(configuration, config_files(f"#= /etc/login.defs\n{defs}\n"))) == expected


@given(st.text(max_size=60))
def test_any_text_is_a_value_or_a_gap(text: str) -> None:
    for given_text in (f"#= /etc/profile\n {text}", text):
        try:
            login_umasks(config_files(given_text), [("022", "nothing")], [ANN])
        except GapFound:
            continue


@pytest.mark.parametrize(
    ("version", "line", "enabled", "shared"),
    [
        # Debian 13: UMASK 027 left ann with 007; Debian 11 and 12 with 027.
        ("libpam-modules 1.7.0-5", "pam_umask.so", "yes", True),
        ("libpam-modules 1.7.0-5", "pam_umask.so umask=027", "no", True),
        ("libpam-modules 1.7.0-5", "pam_umask.so nousergroups", "yes", False),
        ("libpam-modules 1.5.2-6+deb12u2", "pam_umask.so", "yes", False),
        ("libpam-modules 1.5.2-6+deb12u2", "pam_umask.so usergroups", "no", True),
        ("libpam-modules 1.4.0-11ubuntu2\n login.defs", "pam_umask.so", "yes", True),
        ("libpam-modules 1.4.0-11ubuntu2\n login.defs", "pam_umask.so", "no", False),
        ("libpam-modules 1.4.0-11ubuntu2\n login.defs", "pam_umask.so umask=027", "yes", False),
        ("libpam-modules 1.7.0-5", "pam_unix.so", "yes", False),
    ],
)
def test_whether_the_group_gets_what_the_owner_has(
    version: str, line: str, enabled: str, shared: bool
) -> None:
    configuration = parse_pam(f"#= /etc/pam.d/sshd\n session optional {line}\n")
    built = config_files(f"#= pam_umask\n {version}\n")
    defs = config_files(f"#= /etc/login.defs\n USERGROUPS_ENAB {enabled}\n")
    assert shares_groups(configuration, built, defs) is shared


def test_who_has_a_group_of_the_own_name_ends_up_with_another_umask() -> None:
    ben = Identity("ben", 1001, 100, "/home/ben", "/bin/bash", True, False)
    (row,) = login_umasks((), [("027", "pam_umask")], [ANN, ben], ["ann"])
    assert row.values == ("007", "027")
    (row,) = login_umasks((), [("077", "pam_umask")], [ANN], ["ann"])
    assert row.values == ("007",)


@pytest.mark.parametrize(
    ("gecos", "pam", "values"),
    [
        ("Ann,,,umask=077", "session optional pam_umask.so", ("077",)),
        ("Ann,UMASK=27", "session optional pam_umask.so umask=002", ("027",)),
        ("umask=077,umask=022", "session optional pam_umask.so usergroups", ("022",)),
        ("Ann,umask=x", "session optional pam_umask.so", ("000",)),
        ("Anns umask=077", "session optional pam_umask.so umask=027", ("027",)),
        ("Ann,,,umask=077", "session optional pam_limits.so", ("022",)),
    ],
)
def test_an_account_may_have_its_own(tmp_path: Path, gecos: str, pam: str, values: tuple[str, ...]) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text(f"ann:x:1000:1000:{gecos}:/home/ann:/bin/bash\n")
    answers = {
        UMASKS: in_root(tmp_path, UMASKS, steady=False),
        PAM_FILES: f"#= /etc/pam.d/sshd\n {pam}\n",
        LOGIN_DEFS: "",
    }
    facts = {"identities": (ANN,), "groups": ()}
    assert build_login_umasks(evidence(answers, facts))[0].values == values
