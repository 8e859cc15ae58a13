"""Which run is meant."""

from collections.abc import Iterator, Set
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from secaudit.audit import Asked, make_plan, run_audit
from secaudit.audit.owner import this_process
from secaudit.audit.planning import retest_plan
from secaudit.cli.wiring import command, find_run, newest_run_of, open_workspace, state_now, tell_newer
from secaudit.errors import ContentError, UsageError
from secaudit.model.run import RunState
from secaudit.register.times import in_zone
from secaudit.store import Store, StoredRun, open_store
from tests.end_to_end import workspaces
from tests.unit.audit import samples


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/secaudit.db") as opened:
        yield opened


def scan(
    store: Store, day: int, *assets: str, stop_after: int | None = None, checks: Set[str] = frozenset()
) -> str:
    """Audit the system, or these assets of it, or test these checks again; returns the run."""
    rules, at = samples.rules(), samples.NOW + timedelta(days=day)
    asked = Asked(assets=assets)
    plan = make_plan(samples.register(), rules.content, rules.facts, asked, samples.allowed())
    if checks:
        plan = retest_plan(plan, dict.fromkeys(("oa-1", "oa-2"), checks), rules.content, rules.facts)
    steps = replace(samples.Hosts(stop_after=stop_after).steps(), clock=lambda: at)
    return run_audit(store, plan, rules, steps)


def test_the_newest_whole_run_is_meant(store: Store) -> None:
    part = scan(store, 0, "oa-1")
    assert newest_run_of(store, "oa").id == part
    whole = scan(store, 1)
    assert newest_run_of(store, "oa").id == whole
    again = scan(store, 2, "oa-2")
    with pytest.raises(KeyboardInterrupt):
        scan(store, 3, stop_after=1)
    assert newest_run_of(store, "oa").id == whole
    assert find_run(store, again).id == again
    assert find_run(store, "latest").id == find_run(store, None).id == again


def test_a_retest_is_meant_only_where_nothing_else_is_there(store: Store) -> None:
    retest = scan(store, 3, checks={"linux.young"})
    assert newest_run_of(store, "oa").id == retest
    part = scan(store, 0, "oa-1")
    assert newest_run_of(store, "oa").id == part
    whole = scan(store, 1)
    assert newest_run_of(store, "oa").id == whole


def test_a_newer_run_of_a_part_is_told(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    scan(store, 0)
    whole = newest_run_of(store, "oa")
    tell_newer(store, whole, "oa")
    assert capsys.readouterr().err == ""
    part = scan(store, 1, "oa-2")
    tell_newer(store, newest_run_of(store, "oa"), "oa")
    said = capsys.readouterr().err
    assert f"run {part} of oa is newer and covers only a part; shown is {whole.id}" in said
    assert f"secaudit report {part}" in said


def test_only_an_unfinished_run_is_still_shown(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt):
        scan(store, 0, stop_after=1)
    assert find_run(store, None) == store.runs()[0]


def test_a_run_whose_process_is_gone_is_interrupted(store: Store) -> None:
    run = replace(store_run(store), state=RunState.RUNNING, owner=this_process())
    assert state_now(run) is RunState.RUNNING
    gone = replace(run, owner=this_process().rpartition("/")[0] + "/1")
    assert state_now(gone) is RunState.INTERRUPTED


def store_run(store: Store) -> StoredRun:
    """Some run."""
    scan(store, 0)
    return store.runs()[0]


def test_what_was_never_scanned(store: Store) -> None:
    with pytest.raises(UsageError, match="Nothing was scanned"):
        find_run(store, None)
    scan(store, 0)
    with pytest.raises(UsageError, match="no run nope"):
        find_run(store, "nope")
    with pytest.raises(UsageError, match="System hr"):
        newest_run_of(store, "hr")


def test_a_day_asks_for_the_run_of_that_day_or_before(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    scan(store, 0)
    day = in_zone(store.runs()[0].started_at).date()
    run = newest_run_of(store, "oa", day)
    later = scan(store, 1)
    assert newest_run_of(store, "oa", day).id == run.id
    assert newest_run_of(store, "oa", day + timedelta(days=1)).id == later
    with pytest.raises(UsageError, match="or before"):
        newest_run_of(store, "oa", day - timedelta(days=1))
    tell_newer(store, run, "oa", day)
    assert capsys.readouterr().err == ""
    tell_newer(store, run, "oa")
    assert "is newer" in capsys.readouterr().err


def test_a_command_names_its_workspace() -> None:
    assert command(Path(), "assess") == "secaudit assess"
    assert command(Path("my demo"), "assess") == "secaudit --workspace 'my demo' assess"


def test_a_revocation_counts_at_once(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    opened = open_workspace(folder)
    assert opened.authorise("oa", opened.register.systems[0].assets[0]).id == "test"
    file = folder / "authorisations" / "test.yaml"
    file.write_text(file.read_text() + "revoked_at: 2020-01-01\nreason: over\n")
    with pytest.raises(UsageError, match="test was revoked"):
        opened.authorise("oa", opened.register.systems[0].assets[0])


def test_a_blackout_counts_at_once(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    opened = open_workspace(folder)
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as file:
        file.write("\nblackouts: [{start: 2020-01-01, end: 2999-01-01, reason: 重保}]\n")
    with pytest.raises(UsageError, match="重保"):
        opened.authorise("oa", opened.register.systems[0].assets[0])


def test_permissions_that_cannot_be_read_allow_nothing(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    opened = open_workspace(folder)
    (folder / "authorisations" / "test.yaml").write_text("id: [\n")
    with pytest.raises(ContentError):
        opened.authorise("oa", opened.register.systems[0].assets[0])
