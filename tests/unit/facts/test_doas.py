"""doas: what it permits, to whom, and what stays on the target."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.doas import DOAS, DoasRule, parse_doas
from secaudit.facts.fact import GapFound
from secaudit.facts.groups import Group
from secaudit.facts.passwd_file import Identity
from secaudit.model.evidence import Probe
from tests.unit.facts.answers import in_root

PEOPLE = [Identity("ann", 1000, 1000, "/home/ann", "/bin/ash", True, False)]
GROUPS = [Group("wheel", 10, ("ann",)), Group("empty", 11, ())]


def rules(root: Path, text: str) -> list[DoasRule]:
    (root / "etc/doas.d").mkdir(parents=True)
    (root / "doas").write_text("")
    (root / "doas").chmod(0o755)
    (root / "etc/doas.d/local.conf").write_text(text)
    command = DOAS.command.replace("/usr/bin/doas", str(root / "doas"))
    return list(parse_doas(in_root(root, Probe("doas", command)), GROUPS, PEOPLE))


@pytest.mark.parametrize(
    ("text", "who", "everything", "shell", "nopass", "people"),
    [
        ("permit nopass :wheel", ":wheel", True, False, True, ("ann",)),
        ("permit persist ann as root", "ann", True, False, False, ("ann",)),
        ("permit nopass setenv { A=secret } 1000 cmd vi", "1000", False, True, True, ("ann",)),
        ("permit nopass ann cmd systemctl args restart secret", "ann", False, False, True, ("ann",)),
        ("permit nopass ann cmd systemctl", "ann", False, True, True, ("ann",)),
        ('permit nopass \\\n  "ann" as root # all', "ann", True, False, True, ("ann",)),
        ("permit :empty", ":empty", True, False, False, ()),
    ],
)
def test_what_is_permitted(
    tmp_path: Path, text: str, who: str, everything: bool, shell: bool, nopass: bool, people: tuple[str, ...]
) -> None:
    (rule,) = rules(tmp_path, text + "\n")
    assert (rule.who, rule.all, rule.shell, rule.nopass, rule.people) == (
        who,
        everything,
        shell,
        nopass,
        people,
    )
    assert (rule.as_root, rule.file) == (True, "/etc/doas.d/local.conf")


@pytest.mark.parametrize(
    "text",
    [
        "# permit nopass :wheel\n",
        "permit nopass ann\ndeny ann\n",
        "permit nopass ann\ndeny 1000\n",
        "permit nopass ann cmd vi\ndeny :wheel\n",
        "permit nopass :wheel\ndeny ann\n",
        "permit nopass ann as root\ndeny ann as root\n",
        "",
    ],
)
def test_what_is_not(tmp_path: Path, text: str) -> None:
    assert rules(tmp_path, text) == []


def test_the_last_rule_for_the_same_counts(tmp_path: Path) -> None:
    (rule,) = rules(tmp_path, "permit nopass ann\npermit persist ann\n")
    assert rule.nopass is False


@pytest.mark.parametrize(
    ("text", "people", "as_root"),
    [
        ("permit ann\ndeny :empty\n", ("ann",), True),
        ("deny ann\npermit :wheel\n", ("ann",), True),
        ("permit ann\ndeny ann as root\n", ("ann",), False),
        ("permit ann\ndeny ann as www\n", ("ann",), True),
        ("permit ann\ndeny ann cmd sh\n", ("ann",), True),
        ("permit :10\n", ("ann",), True),
    ],
)
def test_what_a_denial_leaves(tmp_path: Path, text: str, people: tuple[str, ...], as_root: bool) -> None:
    (rule,) = rules(tmp_path, text)
    assert (rule.people, rule.as_root) == (people, as_root)


def test_a_denial_of_some_leaves_the_others() -> None:
    groups = [Group("wheel", 10, ("ann", "ben"))]
    text = "#= /etc/doas.conf\n permit :wheel\n deny ann\n"
    assert [rule.people for rule in parse_doas(text, groups, PEOPLE)] == [("ben",)]


def test_another_identity_is_not_root(tmp_path: Path) -> None:
    (rule,) = rules(tmp_path, "permit nopass ann as www\n")
    assert rule.as_root is False


def test_without_the_program_there_are_no_rules() -> None:
    assert parse_doas("#absent\n", GROUPS, PEOPLE) == ()


@given(st.text(max_size=60), st.sampled_from(["", "#= /etc/doas.conf\n permit ", "#= /x\n deny nopass "]))
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    try:
        parse_doas(prefix + text, GROUPS, PEOPLE)
    except GapFound:
        return
