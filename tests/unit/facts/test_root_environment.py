"""What root's programs search and load, local rules of polkit, capabilities, lists of cron."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.capabilities import parse_capabilities
from secaudit.facts.cron_users import build_cron_users
from secaudit.facts.fact import GapFound
from secaudit.facts.file_modes import FILE_MODES
from secaudit.facts.polkit import POLKIT, parse_polkit
from secaudit.facts.root_environment import ENVIRONMENT, parse_environment
from tests.unit.facts.answers import evidence, in_root


def loaded(root: Path, path: str, text: str) -> list[tuple[str, str]]:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text + "\n")
    return [(row.kind, row.value) for row in parse_environment(in_root(root, ENVIRONMENT))]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("etc/profile", "export PATH=/usr/bin:/bin", []),
        ("etc/profile", "PATH=$PATH:/opt/x/bin", []),
        ("etc/profile", 'PATH="${PATH:+${PATH}:}/opt/bin"', []),
        ("etc/profile", "PATH=`dirs`:$(x):/bin", []),
        ("root/.bashrc", "export PATH=$HOME/bin:~/x:/bin", []),
        ("root/.bashrc", "# PATH=.", []),
        ("root/.bashrc", "MYPATH=.", []),
        ("root/.bashrc", "PATH=$PATH:", [("path", "")]),
        ("root/.bashrc", "export LANG=C PATH='.:/bin'", [("path", ".")]),
        ("root/.profile", "if true; then PATH=/bin::/sbin; fi", [("path", "")]),
        ("etc/profile.d/z.sh", 'PATH="/tmp/:bin:/bin"', [("path", "/tmp/"), ("path", "bin")]),
        ("etc/login.defs", "ENV_SUPATH\tPATH=/sbin:.\nENV_PATH PATH=.", [("path", ".")]),
        ("etc/environment", "LD_PRELOAD=/opt/x.so", [("library", "/opt/x.so")]),
        ("etc/profile", "export LD_LIBRARY_PATH=/a:$LD_LIBRARY_PATH", [("library", "/a:$LD_LIBRARY_PATH")]),
        ("etc/profile", "LD_LIBRARY_PATH=", []),
        ("etc/ld.so.preload", "# /opt/y.so", []),
        (
            "etc/ld.so.preload",
            "/opt/x.so /opt/y.so # why",
            [("library", "/opt/x.so"), ("library", "/opt/y.so")],
        ),
    ],
)
def test_what_is_searched_and_loaded(
    tmp_path: Path, path: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert loaded(tmp_path, path, text) == expected


@pytest.mark.parametrize(
    ("path", "text", "permissive"),
    [
        ("rules.d/1.rules", "polkit.addRule(function(a, s) { return polkit.Result.YES; });", True),
        ("rules.d/1.rules", 'polkit.addRule(function(a, s) { return "yes"; });', True),
        ("rules.d/1.rules", "var r = polkit.Result; return r.YES;", True),
        ("rules.d/1.rules", "// return polkit.Result.YES;", False),
        ("rules.d/1.rules", "/* return\n polkit.Result.YES; */ return polkit.Result.NO;", False),
        ("rules.d/1.rules", "/* why */ return polkit.Result.YES;", True),
        ("rules.d/1.rules.bak", "return polkit.Result.YES;", False),
        ("localauthority/50-local.d/a.pkla", "[x]\nResultActive = yes\n", True),
        ("localauthority/50-local.d/a.pkla", "[x]\nResultActive=auth_admin\n#ResultAny=yes\n", False),
    ],
)
def test_rules_that_say_yes(tmp_path: Path, path: str, text: str, permissive: bool) -> None:
    file = tmp_path / "etc/polkit-1" / path
    file.parent.mkdir(parents=True)
    file.write_text(text + "\n")
    # which of both this machine's polkit reads is left out
    told = in_root(tmp_path, POLKIT).replace(" rules\n", "").replace(" pkla\n", "")
    assert parse_polkit(told).permissive == ((f"/etc/polkit-1/{path}",) if permissive else ())


@pytest.mark.parametrize(
    ("told", "permissive"),
    [
        ("", ("/etc/polkit-1/a.pkla", "/etc/polkit-1/rules.d/a.rules")),
        (" rules\n", ("/etc/polkit-1/rules.d/a.rules",)),
        (" pkla\n", ("/etc/polkit-1/a.pkla",)),
        (" rules\n pkla\n", ("/etc/polkit-1/a.pkla", "/etc/polkit-1/rules.d/a.rules")),
    ],
)
def test_rules_that_this_polkit_does_not_read(told: str, permissive: tuple[str, ...]) -> None:
    files = "#= /etc/polkit-1/rules.d/a.rules\n yes\n#= /etc/polkit-1/a.pkla\n yes\n"
    assert parse_polkit(f"#= polkit\n{told}{files}").permissive == permissive


@pytest.mark.parametrize(
    ("line", "like_root"),
    [
        ("/usr/bin/ping cap_net_raw=ep", ()),
        ("/usr/bin/ping = cap_net_raw+ep", ()),
        ("/opt/a b cap_setuid,cap_net_raw=eip", ("cap_setuid",)),
        ("/opt/x = cap_dac_override,cap_sys_admin+ep", ("cap_dac_override", "cap_sys_admin")),
    ],
)
def test_capabilities(line: str, like_root: tuple[str, ...]) -> None:
    (program,) = parse_capabilities(f"{line}\nend\n")
    assert program.like_root == like_root
    assert line.startswith(program.path)


@pytest.mark.parametrize("line", ["/opt/x =ep", "/opt/x = =ep"])
def test_every_capability(line: str) -> None:
    (program,) = parse_capabilities(f"{line}\nend\n")
    assert (program.path, "cap_setuid" in program.like_root) == ("/opt/x", True)


@pytest.mark.parametrize("text", ["", "/usr/bin/ping cap_net_raw=ep\n", "odd\nend\n"])
def test_what_is_cut_off_or_strange_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_capabilities(text)


def test_a_list_that_is_full_may_have_been_cut() -> None:
    programs = "".join(f"/opt/p{number} cap_net_raw=ep\n" for number in range(300))
    with pytest.raises(GapFound, match="more than 299"):
        parse_capabilities(f"{programs}end\n")
    assert len(parse_capabilities(f"{programs.partition('/opt/p299')[0]}end\n")) == 299


@pytest.mark.parametrize(("allow", "listed"), [("regular file", True), ("absent", False)])
def test_who_may_have_a_crontab(allow: str, listed: bool) -> None:
    text = (
        f"cron|{allow}|640|root|root|0|0|/etc/cron.allow\ncron|directory|755|root|root|0|0|/var/spool/cron\n"
    )
    found = build_cron_users(evidence({FILE_MODES: text}))
    assert (found.used, found.listed) == (True, listed)


@given(
    st.text(max_size=60), st.sampled_from(["", "#= /etc/profile\n PATH=", "#= /x\n LD_PRELOAD=", "/x cap_"])
)
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    for parse in (parse_environment, parse_polkit, parse_capabilities):
        try:
            parse(f"{prefix}{text}\nend\n")
        except GapFound:
            continue
