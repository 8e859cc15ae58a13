"""The small rules that live with the types."""

from dataclasses import replace

import pytest

from secaudit.model.evidence import Probe
from secaudit.model.register import Asset, DataSet, Grade, Reach, System
from secaudit.model.run import PluginVersion, Versions
from secaudit.model.text import Text


def test_a_text_has_two_languages() -> None:
    text = Text("口令", "password")
    assert (text.of("zh"), text.of("en")) == ("口令", "password")


@pytest.mark.parametrize(("s", "a", "level", "text"), [(3, 2, 3, "S3A2G3"), (1, 4, 4, "S1A4G4")])
def test_the_level_is_the_higher_of_both(s: int, a: int, level: int, text: str) -> None:
    grade = Grade(s, a)
    assert (grade.level, str(grade)) == (level, text)
    assert System("x", "X", "o", grade).level == level


def test_a_system_knows_the_data_sets_of_an_asset() -> None:
    sets = tuple(DataSet(n, n, "business", on, (), "", "", 1, 1) for n, on in (("a", "h1"), ("b", "h2")))
    system = System("x", "X", "o", Grade(1, 1), assets=(Asset("h1", "linux", "h1"),), data_sets=sets)
    assert [data_set.id for data_set in system.data_sets_of("h1")] == ["a"]
    assert system.data_sets_of("h9") == ()


def test_the_hash_of_a_probe_tells_every_change_of_the_question() -> None:
    probe = Probe("a", "cat /etc/os-release")
    changed = [
        replace(probe, id="b"),
        replace(probe, command="cat /etc/issue"),
        replace(probe, root=True),
        replace(probe, timeout_s=11),
        replace(probe, limit_bytes=1),
    ]
    assert len({probe.definition_hash, *(one.definition_hash for one in changed)}) == len(changed) + 1
    assert replace(probe, reduces=Text("有文字说明", "in words")).definition_hash == probe.definition_hash


PLUGIN = PluginVersion("facts", "disk", "theirs", "1.0")


def test_a_plugin_is_named_with_its_package() -> None:
    assert str(PLUGIN) == "theirs 1.0, secaudit.facts: disk"


def test_verdicts_count_for_the_same_content_and_plugins() -> None:
    versions = Versions("1.0", "3.11", "ab", (PLUGIN,))
    reached = PluginVersion("transports", "winrm", "theirs", "1.0")
    broken = replace(PLUGIN, reason="no module")
    assert versions.judge_like(replace(versions, tool="2.0", python="3.12", plugins=(reached, PLUGIN)))
    assert not versions.judge_like(replace(versions, content_hash="cd"))
    assert not versions.judge_like(replace(versions, plugins=()))
    assert not versions.judge_like(replace(versions, plugins=(replace(PLUGIN, version="1.1"),)))
    assert not versions.judge_like(replace(versions, plugins=(broken,)))
    told_anew = replace(versions, plugins=(replace(broken, reason="a module is missing"),))
    assert replace(versions, plugins=(broken,)).judge_like(told_anew)


def test_sudo_is_answered_with_a_password_of_its_own_or_that_of_the_login() -> None:
    assert Reach(password="env:A").password_of_sudo == ("password", "env:A")
    assert Reach(password="env:A", sudo_password="env:B").password_of_sudo == ("sudo password", "env:B")
