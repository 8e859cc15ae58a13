"""Checks of plug-ins: a mistake breaks one check, which stays owed; a taken id breaks its plug-in."""

from pathlib import Path

import pytest

from secaudit.content import Content, PluginChecks, content_folders, load_content
from secaudit.content.load import load_checks, load_world
from secaudit.facts.catalogue import BUILT_IN
from secaudit.judge import Judge
from secaudit.model.schema import Schema

SCHEMAS: dict[str, Schema] = {name: fact.schema for name, fact in BUILT_IN.items()}
CHECK = """\
title: {zh: 检查, en: A check}
proves: [PROVES]
severity: low
applies_to: linux
needs: [kernel]
parameters: {least: {default: 1, tighten: higher, source: test}}
pass_when: kernel.size() >= params.least
remedy: {zh: 无, en: None}
examples: []
"""


def folder(place: Path, *names: str, text: str = "advisory: true") -> Path:
    """A folder of checks whose files all say this."""
    for name in names:
        path = place / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return place


def load(*plugins: PluginChecks, unknown: dict[str, str] | None = None) -> Content:
    return load_content(content_folders(plugins=plugins), SCHEMAS, unknown)


def test_what_cannot_be_read_is_owed_on_the_kind_that_its_path_names(tmp_path: Path) -> None:
    content = load(PluginChecks("theirs", folder(tmp_path, "network-device/a/b", text="{")))
    check = content.checks["network-device.a.b"]
    assert check.applies_to == "network-device"
    assert check.advisory
    assert check.levels == (1, 2, 3, 4)
    assert check.broken.startswith("plug-in theirs: checks/network-device/a/b.yaml:")
    assert content.faults == {"theirs": check.broken.removeprefix("plug-in theirs: ")}
    Judge(content.checks)


def test_a_check_that_breaks_a_rule_still_proves_the_steps_that_exist(tmp_path: Path) -> None:
    text = CHECK.replace("PROVES", "ces.authentication.a#4, ces.nothing.a#1").replace(">=", "is")
    content = load(PluginChecks("theirs", folder(tmp_path, "linux/a/b", text=text)))
    check = content.checks["linux.a.b"]
    assert check.proves == ("ces.authentication.a#4",)
    assert not check.advisory
    assert (check.needs, check.parameters, check.pass_when) == ((), {}, "")
    assert "no level has this step" in check.broken
    Judge(content.checks)


def test_a_taken_id_breaks_the_plugin_and_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    ours = "linux.access.umask"
    plain = load()
    content = load(PluginChecks("theirs", folder(tmp_path, "linux/access/umask", "linux/a/b")))
    assert content.checks[ours] == plain.checks[ours]
    assert content.faults == {"theirs": f"check {ours} is there already"}
    assert content.checks["linux.a.b"].broken == f"plug-in theirs: check {ours} is there already"


def test_an_id_of_two_plugins_is_nobodys(tmp_path: Path) -> None:
    one = PluginChecks("one", folder(tmp_path / "1", "linux/a/b"))
    two = PluginChecks("two", folder(tmp_path / "2", "linux/a/b"))
    content = load(one, two)
    assert set(content.faults) == {"one", "two"}
    assert "another plug-in" in content.checks["linux.a.b"].broken


def test_the_ending_that_is_not_read_is_owed_too(tmp_path: Path) -> None:
    (tmp_path / "linux/a").mkdir(parents=True)
    (tmp_path / "linux/a/b.yml").write_text(CHECK.replace("proves: [PROVES]", "advisory: true"), "utf-8")
    assert "ending .yaml expected" in load(PluginChecks("theirs", tmp_path)).checks["linux.a.b"].broken


def test_a_check_whose_fact_is_broken_is_not_held_against_it(tmp_path: Path) -> None:
    text = CHECK.replace("proves: [PROVES]", "advisory: true").replace("kernel", "theirs")
    for example in ("PASS", "FAIL", "UNKNOWN"):
        given = "{gap: failed}" if example == "UNKNOWN" else "[]"
        text += f"  - {{name: {example}, given: {{theirs: {given}}}, expect: {example}}}\n"
    text = text.replace("examples: []\n", "examples:\n")
    plugin = PluginChecks("p", folder(tmp_path, "linux/a/b", text=text))
    content = load(plugin, unknown={"theirs": "plug-in q: why"})
    assert content.faults == {}
    assert content.checks["linux.a.b"].broken == "plug-in q: why"
    assert load(plugin).faults["p"].endswith("no such fact (read: 'theirs')")


def test_a_whole_plugin_that_cannot_be_used_owes_its_checks(tmp_path: Path) -> None:
    content = load(PluginChecks("theirs", folder(tmp_path, "linux/a/b", "linux/a/c"), "another API"))
    broken = {id_: check.broken for id_, check in content.checks.items() if check.broken}
    assert broken == dict.fromkeys(("linux.a.b", "linux.a.c"), "plug-in theirs: another API")


def test_the_hash_covers_them(tmp_path: Path) -> None:
    plugin = PluginChecks("theirs", folder(tmp_path, "linux/a/b"))
    first = load(plugin).content_hash
    assert first != load().content_hash
    folder(tmp_path, "linux/a/b", text="advisory: false")
    assert load(plugin).content_hash != first


@pytest.mark.parametrize(("prefix", "found"), [("linux.a.", 1), ("linux.b.", 0)])
def test_a_part_of_the_checks_has_them_too(tmp_path: Path, prefix: str, found: int) -> None:
    folders = content_folders(plugins=[PluginChecks("theirs", folder(tmp_path, "linux/a/b"))])
    checks = load_checks(folders, load_world(folders, SCHEMAS), lambda id_: id_.startswith(prefix))
    assert len(checks) == found


def test_a_profile_may_name_the_parameter_of_a_broken_check(tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "checks").mkdir(parents=True)
    (own / "profiles").mkdir()
    profile = "level: 3\ntitle: {zh: 三级, en: Three}\nparameters: {linux.a.b: {least: 2}}\n"
    (own / "profiles/strict.yaml").write_text(profile, "utf-8")
    plugin = PluginChecks("theirs", folder(tmp_path / "checks", "linux/a/b"))
    content = load_content(content_folders([own], [plugin]), SCHEMAS)
    assert "strict" in content.profiles
