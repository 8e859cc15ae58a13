"""Which module of mandatory access control decides, and what is exempt from it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.mandatory_access import MODULES, MandatoryAccess, parse_confinement, parse_modules
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
