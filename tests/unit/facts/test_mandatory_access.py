"""Which module of mandatory access control decides, and what is exempt from it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.mandatory_access import (
    CONFINEMENT,
    MODULES,
    MandatoryAccess,
    parse_confinement,
    parse_modules,
)
from tests.unit.facts.answers import in_root


def told(**parts: str) -> MandatoryAccess:
    return parse_modules("".join(f"@@ {name}\n{text}\n" for name, text in parts.items()) + "@@ end\n")


TARGETED = "SELINUX=enforcing\nSELINUXTYPE=targeted"


@pytest.mark.parametrize(
    ("parts", "module", "mode", "labels", "next_mode"),
    [
        ({}, "none", "disabled", False, ""),
        ({"selinux": "1", "mls": "1", "configured": TARGETED}, "selinux", "enforcing", False, "enforcing"),
        ({"selinux": "0", "mls": "1", "configured": TARGETED}, "selinux", "permissive", False, "enforcing"),
        (
            {"selinux": "1", "mls": "1", "configured": "SELINUX=permissive\nSELINUXTYPE=mls"},
            *("selinux", "enforcing", True, "permissive"),
        ),
        (
            {"selinux": "1", "mls": "0", "configured": "SELINUX=enforcing\nSELINUXTYPE=mls"},
            *("selinux", "enforcing", False, "enforcing"),
        ),
        (
            {"selinux": "1", "mls": "1", "configured": TARGETED, "start": "enforcing=0"},
            *("selinux", "enforcing", False, "permissive"),
        ),
        (
            {"selinux": "1", "mls": "1", "configured": TARGETED, "start": "selinux=0"},
            *("selinux", "enforcing", False, "disabled"),
        ),
        ({"configured": "SELINUX=disabled\nSELINUXTYPE=targeted"}, "none", "disabled", False, "disabled"),
        ({"apparmor": "Y", "lsm": "lockdown,capability,yama,apparmor"}, "apparmor", "enforcing", False, ""),
        ({"apparmor": "N", "lsm": "capability"}, "none", "disabled", False, ""),
        ({"other": "/etc/kysec", "lsm": "capability,selinux"}, "kysec", "untold", False, ""),
        ({"other": "/etc/kysec", "start": "kysec=0"}, "none", "disabled", False, ""),
        ({"other": "/sys/fs/smackfs/load2"}, "smack", "enforcing", False, ""),
    ],
)
def test_what_decides(parts: dict[str, str], module: str, mode: str, labels: bool, next_mode: str) -> None:
    found = told(**parts)
    assert (found.module, found.mode, found.labels, found.next_mode) == (module, mode, labels, next_mode)
    assert found.other_labels == (module in ("kysec", "smack"))


@pytest.mark.parametrize(
    ("text", "next_mode"),
    [
        # what selinux_getenforcemode of libselinux 3 answered
        ("SELINUX=enforcing\n", "enforcing"),
        ("SELINUX=disabled\nSELINUX=enforcing\n", "disabled"),
        ("SELINUX=enforcing\nSELINUX=disabled\n", "enforcing"),
        ("SELINUX = enforcing\n", ""),
        (" SELINUX=enforcing\n", ""),
        ("SELINUX=\tEnforcing # x\n", "enforcing"),
        ("SELINUX=enforcing-not\n", "enforcing"),
        ('SELINUX="enforcing"\n', ""),
        ("selinux=enforcing\n", ""),
        ("SELINUX=0\nSELINUX=permissive\r\n", "permissive"),
    ],
)
def test_what_the_next_start_brings(tmp_path: Path, text: str, next_mode: str) -> None:
    (tmp_path / "etc/selinux").mkdir(parents=True)
    (tmp_path / "etc/selinux/config").write_text(text)
    configured = in_root(tmp_path, MODULES).partition("@@ configured\n")[2].partition("@@ start")[0]
    assert told(selinux="1", configured=configured).next_mode == next_mode


def test_a_profile_that_only_gives_a_name_exempts_nothing(tmp_path: Path) -> None:
    profiles = tmp_path / "etc/apparmor.d"
    profiles.mkdir(parents=True)
    (profiles / "browser").write_text('profile "a browser" /opt/b flags=(unconfined) {\n  userns,\n}\n')
    (profiles / "db").write_text("profile db /usr/sbin/db flags=(unconfined) {\n  /** r,\n}\n")
    (profiles / "web").write_text("profile web /usr/sbin/web {\n  userns,\n}\n")
    named = in_root(tmp_path, CONFINEMENT, steady=False).partition("@@ named\n")[2]
    kernel = "a browser (unconfined)\ndb (unconfined)\nweb (enforce)\nold (complain)\n"
    found = parse_confinement(f"@@ profiles\n{kernel}@@ named\n{named}")
    assert (found.complaining, found.enforced) == (("db", "old"), 1)


@pytest.mark.parametrize(
    ("parts", "module", "mode"),
    [
        ({"lsm": "lockdown,capability,yama,usec"}, "usec", "untold"),
        ({"lsm": "capability,yama,apparmor,usec", "apparmor": "Y"}, "apparmor", "enforcing"),
        (
            {"lsm": "capability,selinux", "selinux": "1", "configured": TARGETED, "other": "/etc/kysec"},
            "selinux",
            "enforcing",
        ),
        ({"lsm": "capability,tomoyo"}, "tomoyo", "untold"),
    ],
)
def test_a_module_of_a_vendor_is_looked_at_by_a_person(parts: dict[str, str], module: str, mode: str) -> None:
    found = told(**parts)
    assert (found.module, found.mode, found.labels, found.other_labels) == (module, mode, False, True)


@pytest.mark.parametrize("text", ["", "@@ selinux\n1\n", "@@ selinux\nmaybe\n@@ end\n"])
def test_what_is_cut_off_or_strange_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_modules(text)


def test_comments_and_blanks_in_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "etc/selinux").mkdir(parents=True)
    (tmp_path / "etc/selinux/config").write_text(
        "# SELINUX=enforcing\nSELINUX=permissive # for now\n\tSELINUXTYPE = mls\r\nSELINUXNEW=x\n"
    )
    found = parse_modules(in_root(tmp_path, MODULES))
    assert (found.policy, found.next_mode) == ("mls", "permissive")


def test_exemptions() -> None:
    found = parse_confinement(
        "@@ permissive\n/var/lib/selinux/targeted/active/modules/400/permissive_httpd_t\n"
        "@@ profiles\n/usr/sbin/ntpd (enforce)\n/usr/bin/x y (complain)\nfirefox (unconfined)\n@@ end\n"
    )
    assert (found.permissive, found.complaining, found.enforced) == (
        ("httpd_t",),
        ("/usr/bin/x y", "firefox"),
        1,
    )
    with pytest.raises(GapFound):
        parse_confinement("@@ permissive\n")


@given(
    st.text(max_size=80),
    st.sampled_from(["", "@@ selinux\n", "@@ configured\nSELINUX=", "@@ profiles\n", "@@ lsm\n"]),
)
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    for parse in (parse_modules, parse_confinement):
        try:
            parse(f"{prefix}{text}\n@@ end\n")
        except GapFound:
            continue
